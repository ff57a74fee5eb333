"""Does a link lead where it seems to? Seen from its letters alone: nothing is fetched (trust S06)."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Sequence
from datetime import date
from urllib.parse import urlsplit

from portal.checking.findings import BLOCK, WARN, Check, Text, short
from portal.checking.wording import scripts, spam_in
from portal.record import Document
from portal.terms import N_

_SHORTENERS = frozenset({
    "bit.ly", "tinyurl.com", "goo.gl", "t.co", "s.id", "cutt.ly", "is.gd", "ow.ly", "rb.gy", "rebrand.ly",
    "shorturl.at", "t.ly", "linktr.ee", "lynk.id", "heylink.me", "bitly.com", "tiny.cc", "v.gd",
    "shorte.st", "adf.ly", "wa.me",
})  # fmt: skip
_USUAL_PORTS = {None, 80, 443}


def on_links(_document: Document, found: Sequence[Text], _day: date) -> Iterator[Check]:
    for text in found:
        if text.field.kind == "url":
            yield from _on_link(text.top, text.value)


def _on_link(subject: str, link: str) -> Iterator[Check]:
    try:
        parts = urlsplit(link)
        host, port = (parts.hostname or "").removesuffix("."), parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    values = {"host": short(host or link)}
    if not host or parts.username is not None:
        yield Check(BLOCK, N_("The link %(host)s hides where it leads."), values, subject)
        return
    if _is_number(host):
        yield Check(BLOCK, N_("The link leads to a bare number (%(host)s), not to a named site."), values, subject)
    if scripts(host) - {"LATIN"}:
        yield Check(BLOCK, N_("The name of the site %(host)s holds letters that look like others."), values, subject)
    elif any(label.startswith("xn--") for label in host.split(".")):
        shown = {"host": short(_unpacked(host))}
        yield Check(WARN, N_("The name of the site holds foreign letters: %(host)s."), shown, subject)
    if parts.scheme != "https":
        yield Check(WARN, N_("The link to %(host)s is not protected (http)."), values, subject)
    if host.removeprefix("www.") in _SHORTENERS:
        yield Check(WARN, N_("The link %(host)s is shortened: where it leads cannot be seen."), values, subject)
    if port not in _USUAL_PORTS:
        yield Check(
            WARN, N_("The link to %(host)s uses an unusual port (%(port)s)."), values | {"port": str(port)}, subject
        )
    for level, word in spam_in(link.replace("-", " ").replace("_", " ").replace("/", " ").replace(".", " ")):
        shown = {"word": word, "host": values["host"]}
        yield Check(level, N_("The link to %(host)s holds the words “%(word)s”."), shown, subject)


def _is_number(host: str) -> bool:
    """True for an address in figures, in any way browsers read them (1.2.3.4, 16909060, 0x1020304)."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return bool(re.fullmatch(r"(0x[0-9a-f]+|[0-9]+)(\.(0x[0-9a-f]+|[0-9]+))*", host))
    return True


def _unpacked(host: str) -> str:
    try:
        return host.encode("ascii").decode("idna")
    except UnicodeError:
        return host
