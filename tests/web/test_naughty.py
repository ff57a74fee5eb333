"""Does a strange request ever break a page, leave the site, set a cookie or come back unescaped?"""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient

from tests.naughty import addresses, faults


def test_strange_requests_are_answered(app: Any) -> None:
    client = FlaskClient(app, app.response_class)
    wrong = []
    for address in addresses(250, seed=7):
        response = client.get(address)
        wrong += [f"{fault}: {address[:200]}" for fault in faults(response, 0)]
        response.close()
    assert wrong == []
