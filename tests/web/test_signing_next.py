"""After signing in, can anybody be sent away from the site? Not by any of the ways that have been found elsewhere."""

from __future__ import annotations

from typing import Any

import pytest

from portal.web.signing.inside import inside

OUTSIDE = [
    "", None, " ", "evil.example", "//evil.example", "///evil.example", "////evil.example", "/\\evil.example",
    "\\/evil.example", "\\\\evil.example", "/\\/evil.example", "/\t/evil.example", "/\n/evil.example",
    "/\r/evil.example", "\t//evil.example", " //evil.example", "/ /evil.example", "\x00//evil.example",
    "http://evil.example", "https://evil.example/", "http:evil.example", "http:/evil.example", "https:///evil.example",
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)", "data:text/html,x",
    "vbscript:x", "mailto:a@evil.example", "ftp://evil.example", "//localhost@evil.example", "http://localhost/",
    "http://localhost@evil.example", "http://localhost:80@evil.example/", "//evil.example%2f..", "/%2f/evil.example",
    "/%2fevil.example", "/%5cevil.example", "/%5c%5cevil.example", "/%09/evil.example", "/%0d%0aLocation:%20x",
    "/%0a/evil.example", "/%00", "/kerjasama%0d%0aSet-Cookie:a=b", "/..//evil.example", "/.//evil.example",
    "/kerja-sama//evil.example", "?next=//evil.example", "#//evil.example", "kerja-sama", "./kerja-sama", "../",
    "/\u2028/evil.example", "/\uff0fevil.example", "\uff0f\uff0fevil.example", "/\u202eevil", "/nirgendwo", "/keluar",
    "/masuk", "/en/masuk", "/masuk?next=/masuk", "/static/css/tokens.css", "/" + "a" * 3000,
]  # fmt: skip


@pytest.mark.parametrize("target", OUTSIDE, ids=repr)
def test_it_leads_nowhere(app: Any, target: str) -> None:
    with app.test_request_context("/masuk"):
        assert inside(target) == ""


@pytest.mark.parametrize("target", ["/", "/en/", "/daerah", "/en/daerah?halaman=2", "/kerja-sama?q=a%20b#hasil"])
def test_a_page_of_ours_is_kept_as_it_is(app: Any, target: str) -> None:
    with app.test_request_context("/masuk"):
        assert inside(target) == target
