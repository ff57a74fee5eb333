"""Which characters and links are refused, whatever stands around them?"""

from __future__ import annotations

import unicodedata

import pytest

from portal import safety


def test_every_letter_that_nobody_sees_is_refused() -> None:
    wrong = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    unseen = [letter for letter in map(chr, range(0x110000)) if unicodedata.category(letter) in wrong]
    assert [ascii(letter) for letter in unseen if not safety.hides(letter, 601)] == [r"'\t'", r"'\n'"]
    assert all(safety.hides(letter, 600) for letter in unseen)
    assert all(safety.hides(chr(plane << 16 | last), 2000) for plane in range(17) for last in (0xFFFE, 0xFFFF))


def test_a_feed_holds_nothing_that_xml_cannot() -> None:
    assert safety.xml_text("a\x00b\x0b\ud800c\ufffe\uffff\t\n<é😀>") == "abc\t\n<é😀>"


@pytest.mark.parametrize(
    ("link", "safe"),
    [
        ("https://example.org", True),
        ("http://example.org:8080/a?b=c#d", True),
        ("https://xn--n3h.example/", True),
        ("https://[2606:4700::1111]/", True),
        ("https://93.184.215.14/", True),
        ("http://www.example.co.id./berita_1?a=é", True),
        ("HTTPS://EXAMPLE.ORG/", True),
        ("//example.org/", False),
        ("ftp://example.org/", False),
        ("data:text/html,x", False),
        ("https:example.org", False),
        ("https://user:word@example.org/", False),
        ("https://example.org\\@evil.example/", False),
        ("https://exam\nple.org/", False),
        ("https://[::1/", False),
        ("https://[::1]/", False),
        ("https://[::ffff:127.0.0.1]/", False),
        ("https://example.org:99999/", False),
        ("https://example.org:0/", False),
        ("https://example.org:b/", False),
        ("https://127.0.0.1/", False),
        ("https://10.0.0.7/", False),
        ("https://169.254.169.254/", False),
        ("https://127.1/", False),
        ("https://0x7f.1/", False),
        ("https://1/", False),
        ("http://localhost:22/", False),
        ("http://localhost./", False),
        ("https://db.internal/", False),
        ("https://intranet/", False),
        ("https://%00/", False),
        ("https://exam%70le.org/", False),
        ("https://\u0435xample.org/", False),
        ("https://exam\u00adple.org/", False),
        ("https://example.org/\u200b", False),
        ("https://example.org/\ufffe", False),
        ("https://example.org/\ud800", False),
        ('https://example.org/"onclick=x', False),
        ("https://example.org/<script>", False),
        ("https://-.org/", False),
        ("https://./", False),
        ("https://example.org/" + "a" * 2000, False),
    ],
)
def test_a_link_is_safe_or_refused(link: str, safe: bool) -> None:
    assert safety.is_safe_url(link) is safe
