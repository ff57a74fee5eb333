"""What is the address of a static file, and how does it leave? With its content's hash, kept for ever, made small once.

A file is read and compressed when it is first asked for, as hard as can be (brotli 11, gzip 9: some hundredths of a
second), and held in memory: there is nothing to build, in a checkout as in an installed package. It is read again when
it changes on the disk. Style sheets leave without their comments.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import brotli
from flask import Flask, Response, abort, current_app, request
from flask.typing import ResponseReturnValue
from werkzeug.security import safe_join

from portal.web.language import path_of

FOR_EVER = "public, max-age=31536000, immutable"
PACKERS = {
    "br": lambda content: brotli.compress(content, quality=11),
    "gzip": lambda content: gzip.compress(content, 9, mtime=0),
}
_TYPES = {".webmanifest": "application/manifest+json", ".js": "text/javascript", ".svg": "image/svg+xml"}
_PACKED = ("text/", "application/manifest+json", "image/svg+xml", "application/json")
_COMMENT = re.compile(rb"/\*.*?\*/\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Asset:
    """A static file as it leaves: the hash of its content, its type, and its bytes by the name of their encoding."""

    stamp: tuple[int, int]
    fingerprint: str
    mimetype: str
    bodies: dict[str, bytes] = field(default_factory=dict)

    def body(self, accepted: Mapping[str, float]) -> tuple[str, bytes]:
        """The encoding that is accepted and smallest, and the bytes in it."""
        plain = self.bodies["identity"]
        for name in PACKERS if self.mimetype.startswith(_PACKED) else ():
            if accepted.get(name, accepted.get("*", 0)) > 0:
                if name not in self.bodies:
                    self.bodies[name] = PACKERS[name](plain)
                if len(self.bodies[name]) < len(plain):
                    return name, self.bodies[name]
        return "identity", plain


_HELD: dict[Path, Asset] = {}


def register(app: Flask) -> None:
    """Give out static files from memory."""
    app.view_functions["static"] = static


def static(filename: str) -> ResponseReturnValue:
    """A file of the static folder; for ever where it is asked for with its hash, else to be asked for again."""
    found = _found(filename)
    if found is None:
        abort(404)
    encoding, body = found.body({name.lower(): quality for name, quality in request.accept_encodings})
    response = Response(body, mimetype=found.mimetype)
    response.set_etag(f"{found.fingerprint}-{encoding}")
    if encoding != "identity":
        response.content_encoding = encoding
    response.vary.add("Accept-Encoding")
    kept = request.args.get("v") == found.fingerprint
    response.headers["Cache-Control"] = FOR_EVER if kept else "no-cache"
    return response.make_conditional(request)


def asset(name: str) -> str:
    """The address of a static file with the hash of its content."""
    return path_of("static", filename=name, v=_fingerprint(name))


@cache
def _fingerprint(name: str) -> str:
    found = _found(name)
    if found is None:
        raise FileNotFoundError(name)
    return found.fingerprint


def _found(name: str) -> Asset | None:
    """The file as it is on the disk now; None where there is none below the static folder."""
    place = safe_join(current_app.static_folder or "", name)
    path = Path(place) if place else None
    try:
        if path is None or not path.is_file():
            return None
        status = path.stat()
        stamp = (status.st_mtime_ns, status.st_size)
        held = _HELD.get(path)
        if held is None or held.stamp != stamp:
            held = _HELD[path] = _read(path, stamp)
    except OSError:  # a name too long for a file, or one that goes while it is read
        return None
    return held


def _read(path: Path, stamp: tuple[int, int]) -> Asset:
    content = path.read_bytes()
    if path.suffix == ".css":
        content = _COMMENT.sub(b"", content)
    mimetype = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return Asset(stamp, hashlib.sha256(content).hexdigest()[:12], mimetype, {"identity": content})
