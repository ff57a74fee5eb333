"""Does a link lead where it seems to, and did it open when it was tried? Nothing is fetched here (trust S06).

What was tried is told with its day and no more: a page that did not open for the portal may open for others.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from portal.checking.findings import BLOCK, NOTE, OK, WARN, Check, Text, short
from portal.checking.wording import scripts, spam_in
from portal.record import Document
from portal.safety import host_of
from portal.terms import N_

_SHORTENERS = frozenset({
    "bit.ly", "tinyurl.com", "goo.gl", "t.co", "s.id", "cutt.ly", "is.gd", "ow.ly", "rb.gy", "rebrand.ly",
    "shorturl.at", "t.ly", "linktr.ee", "lynk.id", "heylink.me", "bitly.com", "tiny.cc", "v.gd",
    "shorte.st", "adf.ly", "wa.me",
})  # fmt: skip
_USUAL_PORTS = {None, 80, 443}
NOT_ASKED = "not_asked"  # of a site that the portal may not ask
_OPENED = frozenset({"answers", "moved"})
_PATH_SHOWN = 32
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of asking for an address: outcome (`visits.known.OUTCOMES`), day, HTTP status, the host it leads on to.

    ``dead`` is True where that is believed: not found, or not opened twice a day apart.
    """

    outcome: str
    on: date
    code: int | None = None
    other: str = ""
    dead: bool = False


def on_links(_document: Document, found: Sequence[Text], _day: date) -> Iterator[Check]:
    for text in found:
        if text.field.kind == "url":
            yield from _on_link(text.top, text.value)


def on_opening(found: Sequence[Text], old: Sequence[Text], tried: Mapping[str, Tried]) -> Iterator[Check]:
    """Whether the links that a document adds opened when they were tried; nothing where it adds none."""
    known = {text.value for text in old}
    links = {text.value: text.top for text in found if text.field.kind == "url" and text.value not in known}
    told = [one for link, top in links.items() if link in tried for one in _on_tried(top, link, tried[link])]
    yield from told
    if untried := [link for link in links if link not in tried]:
        yield Check(NOTE, N_("New links not tried yet (%(num)s): %(hosts)s."), _counted(untried), "sources")
    if barred := [link for link in links if link in tried and tried[link].outcome == NOT_ASKED]:
        message = N_("New links that the portal does not check (%(num)s): %(hosts)s. Please open them yourself.")
        yield Check(NOTE, message, _counted(barred), "sources")
    if links and not (told or untried or barred):
        yield Check(OK, N_("The new links opened when they were tried."))


def _counted(links: Sequence[str]) -> dict[str, str]:
    """How many links, and the first of them by name."""
    named = ", ".join(_named(link) for link in links[:_NAMED]) + (", …" if len(links) > _NAMED else "")
    return {"num": str(len(links)), "hosts": named}


def _on_tried(subject: str, link: str, tried: Tried) -> Iterator[Check]:
    """What is to be told of one link that was tried: what is believed as a warning, what is not certain as a note."""
    host = host_of(link)
    values = {"host": _named(link), "day": tried.on.isoformat(), "code": str(tried.code or "")}
    if tried.outcome == "moved" and tried.other.removeprefix("www.") != host.removeprefix("www."):
        message = N_("The link to %(host)s leads on to %(other)s (seen on %(day)s).")
        yield Check(WARN, message, {**values, "other": short(tried.other)}, subject)
    if tried.dead:
        yield Check(WARN, _on_dead(tried), values, subject)
    elif tried.outcome == "refused":
        message = N_("%(host)s refused to answer the portal on %(day)s. It may well open for people.")
        yield Check(NOTE, message, values, subject)
    elif tried.outcome not in {*_OPENED, NOT_ASKED}:
        message = N_("The link to %(host)s did not open on %(day)s; it will be tried again.")
        yield Check(NOTE, message, values, subject)


def _on_dead(tried: Tried) -> str:
    if tried.outcome == "gone":
        return N_("The page at %(host)s was not found on %(day)s (%(code)s).")
    if tried.outcome == "not_secure":
        return N_("The connection to %(host)s was not secure on %(day)s.")
    if tried.code:
        return N_("The link to %(host)s did not open on %(day)s (%(code)s). The page may still be there.")
    return N_("The link to %(host)s did not open on %(day)s. The page may still be there.")


def _named(link: str) -> str:
    """A link as a finding names it: its host and the end of its path, by which two of one host are told apart."""
    path = link.partition("://")[2].partition("/")[2].rstrip("/")
    if len(path) > _PATH_SHOWN:
        path = "…" + path[1 - _PATH_SHOWN :]
    return short(host_of(link) or link) + (f"/{short(path)}" if path else "")


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
