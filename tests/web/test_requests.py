"""What becomes of a request that no browser would send?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from portal.web.headers import HEADERS
from tests.conftest import application
from tests.counting import statements
from tests.pages import CheckedClient

STRANGE = ["q=\xe9", "q=%E9", "q=%00", "q=%ff%fe", "_scheme=javascript", "_anchor=a&_external=1", "endpoint=x"]


@pytest.mark.parametrize("query", STRANGE)
@pytest.mark.parametrize(
    "path", ["/", "/kerja-sama", "/daerah", "/cari", "/en/perubahan", "/koreksi", "/static/css/tokens.css"]
)
def test_a_strange_query_is_answered(client: CheckedClient, path: str, query: str) -> None:
    response = client.get(path, environ_overrides={"QUERY_STRING": query})
    assert response.status_code < 500
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    response.close()


@pytest.mark.parametrize("host", ["evil.example", "evil:abc", "a" * 400, ""])
def test_a_foreign_host_is_refused_in_plain_words(database_url: str, tmp_path: Path, host: str) -> None:
    with application(database_url, tmp_path, TRUSTED_HOSTS=["good.example"]) as app:
        response = app.test_client().get("/kerja-sama", headers={"Host": host})
        assert response.status_code == 400
        assert all(response.headers[name] == value for name, value in HEADERS.items())
        assert app.test_client().get("/", headers={"Host": "good.example"}).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_an_unknown_address_never_waits_for_a_writer(app: Any, client: CheckedClient, method: str) -> None:
    with statements(app) as seen:
        assert client.open("/x/KS-0001", method=method).status_code == 404
    assert seen == []


def test_english_has_one_first_address(client: CheckedClient) -> None:
    response = client.get("/en/")
    assert (response.status_code, response.headers["Location"]) == (301, "/en")
