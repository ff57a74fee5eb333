"""What is the address of a static file? Its content's hash is in it, so that a cache may keep it for ever."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from flask import Flask, Response, current_app, request, url_for

FOR_EVER = "public, max-age=31536000, immutable"


def register(app: Flask) -> None:
    """Let caches keep files that are asked for with their hash."""

    @app.after_request
    def _keep(response: Response) -> Response:
        if request.endpoint == "static" and "v" in request.args and response.status_code == 200:
            response.headers["Cache-Control"] = FOR_EVER
        return response


@cache
def _fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def asset(name: str) -> str:
    """The address of a static file with the hash of its content."""
    return url_for("static", filename=name, v=_fingerprint(Path(current_app.static_folder or "") / name))
