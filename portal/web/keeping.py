"""Was this answered before? Then it is answered again before the application begins: with 304, or from memory.

A public answer follows from the edition (`portal.edition`), the address, the encodings and the few headers named in
`Keeping._asked`, and from nothing else. A digest of all these, made with the secret key, is the answer's ETag. Nobody
can make one up, so whoever sends the right one was given just this answer before: 304 needs no route, query or
template. Whole answers are kept under the same digest as they went out, compressed.

An edition is known before the data are read. What is read may be newer than it, never older; then the tag is one that
nobody asks for again once the edition is known. Requests that carry a cookie of ours or a password are passed by.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, request
from werkzeug.wsgi import ClosingIterator

from portal.edition import Edition, Unknown
from portal.web import clock, headers, htmx

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

# The views whose answers follow from what `Keeping._asked` names. A view that is not here is never kept.
KEPT = frozenset({
    "home.index", "catalogue.index", "catalogue.export", "catalogue.search", "catalogue.suggestions",
    "cooperation.bare", "cooperation.show", "cooperation.history", "cooperation.compare", "cooperation.document",
    "cooperation.file", "regions.index", "regions.show", "countries.index", "countries.show", "countries.partner",
    "countries.all_partners",
    "changes.index", "changes.feed", "changes.archive", "changes.sitemap", "changes.sitemap_part", "changes.robots",
    "changes.security",
    "prose.method", "prose.data", "prose.about", "prose.guide", "prose.accessibility", "prose.schema",
    "prose.schema_of", "public_ledger.index", "public_ledger.table", "public_ledger.log",
})  # fmt: skip
# The other addresses of everybody, and why they are answered anew each time.
NEVER: Mapping[str, str] = {
    "static": "files have ETags of their own, and with their hash in the address they are kept for ever",
    "language_home": "a redirect that asks nothing",
    "changes.health": "says whether the database answers now",
    "prose.correction": "every form has a mark of its own",
    "corrections.follow": "leads to what only the sender may read",
    "corrections.show": "only for whoever has the code",
    "files.of_record": "large, and withheld at once; its checksum is its ETag",
    "files.of_region": "large, and withheld at once; its checksum is its ETag",
}

FRESH = "public, max-age=5, stale-while-revalidate=15, stale-if-error=86400"
VARIES = ", ".join((*htmx.VARIES, "Accept-Encoding", "Cookie"))
REDIRECTS = frozenset({301, 302, 303})
LONGEST = 2000  # characters of everything that an answer follows from
MOST_OF_ONE = 256 * 1024  # bytes of an answer in memory
_ROOM = 1500  # bytes that an answer takes in memory beside its body
_ASKED = "portal.asked"
_OPEN = "o"  # ends the tag of what pages of other sites may read


@dataclass(slots=True)
class _Asked:
    """What is asked for, in short; ``public`` and ``streamed`` say afterwards what the answer was."""

    tag: str
    fragment: bool
    public: bool = False
    streamed: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it went out."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


class _Shelf:
    """Answers up to so many bytes; those used longest ago make room for others."""

    def __init__(self, most: int) -> None:
        self._most, self._size = most, 0
        self._held: OrderedDict[str, Kept] = OrderedDict()

    def use(self, tag: str) -> Kept | None:
        if (found := self._held.get(tag)) is not None:
            self._held.move_to_end(tag)
        return found

    def put(self, tag: str, kept: Kept) -> None:
        self.take(tag)
        self._held[tag] = kept
        self._size += len(kept.body) + _ROOM
        while self._size > self._most:
            self.take(next(iter(self._held)))

    def take(self, tag: str) -> Kept | None:
        found = self._held.pop(tag, None)
        self._size -= len(found.body) + _ROOM if found is not None else 0
        return found

    def __len__(self) -> int:
        return self._size


class Answers:
    """Answers that may be given again, within a number of bytes; safe between threads.

    New ones share a quarter of the room until they are asked for again, so that nobody who asks for a thousand
    addresses once drives out what everybody reads.
    """

    def __init__(self, most: int) -> None:
        self._new, self._again = _Shelf(most // 4), _Shelf(most - most // 4)
        self._lock = Lock()

    def get(self, tag: str) -> Kept | None:
        """An answer, if it is here."""
        with self._lock:
            found = self._again.use(tag)
            if found is None and (found := self._new.take(tag)) is not None:
                self._again.put(tag, found)
            return found

    def put(self, tag: str, kept: Kept) -> None:
        """Keep an answer."""
        with self._lock:
            if len(kept.body) <= MOST_OF_ONE and self._again.use(tag) is None:
                self._new.put(tag, kept)

    @property
    def size(self) -> int:
        """The bytes that are taken."""
        return len(self._new) + len(self._again)


class Keeping:
    """What stands before the application and answers in its place where it can."""

    def __init__(self, app: Flask, edition: Edition) -> None:
        self._app, self._inner, self._edition = app, app.wsgi_app, edition
        self.answers = Answers(app.config["ANSWERS_MB"] * 1024 * 1024)
        self._key = hashlib.sha256(b"answers " + str(app.secret_key).encode()).digest()
        self._cookies = (
            app.config["SESSION_COOKIE_NAME"], app.config.get("REMEMBER_COOKIE_NAME", "remember_token"),
            "tf_validity", "fs_refresh",
        )  # fmt: skip
        names = {*app.config["COMPRESS_ALGORITHM"], *app.config["COMPRESS_ALGORITHM_STREAMING"], "identity", "*"}
        self._encodings = _encodings(frozenset(names))

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        asked = self._asked(environ)
        if asked is None:
            return self._inner(environ, start_response)
        held = environ.get("HTTP_IF_NONE_MATCH", "")
        if asked.tag in held:
            return _not_modified(asked, asked.tag + _OPEN in held, environ, start_response)
        kept = self.answers.get(asked.tag)
        if kept is None or held.strip() == "*":
            return self._made(asked, environ, start_response)
        start_response(kept.status, list(kept.headers))
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [kept.body]

    def _asked(self, environ: WSGIEnvironment) -> _Asked | None:
        """What the answer to a request follows from; None for one that is passed by."""
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or "HTTP_AUTHORIZATION" in environ or self._app.debug:
            return None
        cookie = environ.get("HTTP_COOKIE", "")
        if cookie and any(name in cookie for name in self._cookies):
            return None
        get, fragment = environ.get, htmx.is_fragment(environ)
        said = ascii((
            get("wsgi.url_scheme"), get("HTTP_HOST") or (get("SERVER_NAME"), get("SERVER_PORT")), get("SCRIPT_NAME"),
            get("PATH_INFO"), get("QUERY_STRING"), self._encodings(get("HTTP_ACCEPT_ENCODING", "")),
            tuple(get(name) for name in htmx.FRAGMENT_READS) if fragment else None,
        ))  # fmt: skip
        if len(said) > LONGEST:
            return None
        try:
            edition = self._edition.known(clock.day(self._app.config))
        except Unknown:
            return None
        digest = hashlib.blake2b(f"{edition}{said}".encode(), key=self._key, digest_size=12)
        return _Asked(digest.hexdigest(), fragment)

    def _made(self, asked: _Asked, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The application's answer, kept where it may be."""
        environ[_ASKED] = asked
        started: list[Any] = ["", []]

        def start(status: str, pairs: list[tuple[str, str]], *problem: Any) -> Any:
            started[:] = status, pairs
            return start_response(status, pairs, *problem)

        result = self._inner(environ, start)
        status, pairs = started
        is_own = any(name == "Set-Cookie" for name, _ in pairs)
        if not asked.public or is_own or status.startswith("304") or environ["REQUEST_METHOD"] == "HEAD":
            return result
        lasting = [pair for pair in pairs if pair[0].lower() not in {"date", "content-length"}]

        def keep(body: bytes) -> None:
            self.answers.put(asked.tag, Kept(status, (*lasting, ("Content-Length", str(len(body)))), body))

        noted = ClosingIterator(_noted(result, keep), getattr(result, "close", None))
        if asked.streamed:
            return noted
        with closing(noted):
            return list(noted)


def register(app: Flask, edition: Edition) -> None:
    """Stand before the application; below what makes the address right (`ProxyFix`)."""
    app.after_request(_mark)
    app.extensions["portal_edition"] = edition
    app.extensions["portal_keeping"] = keeping = Keeping(app, edition)
    app.wsgi_app = keeping  # type: ignore[method-assign]


def _mark(response: Response) -> Response:
    """Give an answer its tag, and say whether it may be kept."""
    asked: _Asked | None = request.environ.get(_ASKED)
    if asked is None or request.endpoint not in KEPT:
        return response
    if response.status_code == 200 and (asked.fragment or not response.cache_control.no_store):
        is_open = response.headers.get("Access-Control-Allow-Origin") == "*"
        response.set_etag(asked.tag + (_OPEN if is_open else ""), weak=True)
        response.headers["Cache-Control"] = _cache_control(asked)
        if request.if_none_match.star_tag:
            response.status_code = 304
    elif response.status_code not in REDIRECTS:
        return response
    response.headers["Vary"] = VARIES
    asked.public, asked.streamed = True, response.is_streamed
    return response


def _cache_control(asked: _Asked) -> str:
    """A fragment is kept by no cache but ours: one that passes over ``Vary`` would show it as a page."""
    return "no-store" if asked.fragment else FRESH


def _not_modified(
    asked: _Asked, is_open: bool, environ: WSGIEnvironment, start_response: StartResponse
) -> Iterable[bytes]:
    tag = asked.tag + (_OPEN if is_open else "")
    pairs = [("ETag", f'W/"{tag}"'), ("Cache-Control", _cache_control(asked)), ("Vary", VARIES)]
    pairs += headers.lasting(environ["wsgi.url_scheme"])
    if is_open:
        pairs.append(("Access-Control-Allow-Origin", "*"))
    start_response("304 NOT MODIFIED", pairs)
    return []


def _encodings(names: frozenset[str]) -> Callable[[str], str]:
    """How a list of accepted encodings is read: what is not among the names chooses nothing, and order neither."""

    @lru_cache(maxsize=256)
    def read(accepted: str) -> str:
        parts = (part.strip() for part in accepted.lower().split(","))
        return ",".join(sorted(part for part in parts if part.partition(";")[0].strip() in names))

    return read


def _noted(result: Iterable[bytes], keep: Callable[[bytes], None]) -> Iterator[bytes]:
    """An answer on its way out; it is kept once it is through, unless it is large."""
    parts: list[bytes] = []
    size = 0
    for part in result:
        size += len(part)
        if size <= MOST_OF_ONE:
            parts.append(part)
        yield part
    if size <= MOST_OF_ONE:
        keep(b"".join(parts))
