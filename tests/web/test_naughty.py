"""Does a strange request ever break a page, leave the site, set a cookie or come back unescaped?"""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.naughty import COUNTED, NUMBERS, PATHS, addresses, faults


def test_strange_requests_are_answered(app: Any) -> None:
    client = FlaskClient(app, app.response_class)
    wrong = []
    for address in addresses(250, seed=7):
        response = client.get(address)
        wrong += [f"{fault}: {address[:200]}" for fault in faults(response, 0)]
        response.close()
    assert wrong == []


@pytest.mark.parametrize("path", [*PATHS, "/no-such-page"])
@pytest.mark.parametrize("query", ["=5", "=&=", "hal=2&=7", "sebelum=5&=5"])
def test_an_argument_without_a_name_is_nothing(app: Any, path: str, query: str) -> None:
    response = FlaskClient(app, app.response_class).get(f"{path}?{query}", follow_redirects=True)
    assert faults(response, 0) == []
    response.close()


@pytest.mark.parametrize("number", NUMBERS, ids=lambda number: repr(number[:12]))
def test_whatever_stands_for_a_number_is_answered(app: Any, number: str) -> None:
    client = FlaskClient(app, app.response_class)
    wrong = []
    for path, name in COUNTED:
        answer = client.get(path, query_string={name: number}, follow_redirects=True)
        wrong += [f"{fault}: {path}?{name}" for fault in faults(answer, 0)]
        answer.close()
    assert wrong == []
