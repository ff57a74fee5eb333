"""Which headers does every answer carry? The policy is constant (trust §3)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from flask import Flask, Request, Response, abort, current_app, g, request

from portal import extensions

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

POLICY = "; ".join(
    (
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "font-src 'self'",
        "connect-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'", "object-src 'none'",
        "manifest-src 'self'",
    )
)  # fmt: skip

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_AS_TYPED = "".join(chr(code) for code in range(33, 127))
TRANSPORT = "max-age=63072000; includeSubDomains"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OURS = frozenset({"same-origin", "none"})  # what browsers say of a page of this origin, and of no page at all


class PlainRequest(Request):
    """A request whose query is ASCII whatever was sent: bytes beyond it are written as ``%E9``, as they should be."""

    def __init__(self, environ: WSGIEnvironment, *args: Any, **kwargs: Any) -> None:
        typed = environ.get("QUERY_STRING", "")
        if not typed.isascii():
            environ["QUERY_STRING"] = quote(typed, safe=_AS_TYPED, encoding="latin-1")
        super().__init__(environ, *args, **kwargs)


def lasting(scheme: str) -> list[tuple[str, str]]:
    """The headers of every answer over ``http`` or ``https``, for those that are given without the application."""
    return [*HEADERS.items(), *([("Strict-Transport-Security", TRANSPORT)] if scheme == "https" else [])]


def register(app: Flask) -> None:
    """Set the headers on every answer, and let safe requests only read."""
    app.request_class = PlainRequest
    app.before_request(_only_read)
    app.teardown_request(_as_before)
    app.before_request(_refuse_elsewhere)
    app.after_request(_set_headers)


def _only_read() -> None:
    g.reading_before = extensions.is_reading()
    extensions.set_reading(request.method in SAFE_METHODS)


def _as_before(_error: BaseException | None) -> None:
    extensions.set_reading(g.pop("reading_before", False))


def _refuse_elsewhere() -> None:
    """What changes something is done for pages of this origin only, whatever token is brought (trust S17).

    A neighbour under the same domain is another site here, and so is a page that hides where it comes from.
    """
    if request.method not in SAFE_METHODS and not _is_ours():
        abort(403)


def _is_ours() -> bool:
    """What the browser says of the page that sends; of one too old to say so, the origin. Programs say neither."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        return site in OURS
    return origin is None or origin.lower() in {f"{request.scheme}://{request.host}".lower(), _public_origin()}


def _public_origin() -> str:
    """Scheme and host of the public address; no origin where none is set."""
    parts = urlsplit(current_app.config["PUBLIC_URL"])
    return f"{parts.scheme}://{parts.netloc}".lower()


def _set_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", TRANSPORT)
    if "Cache-Control" not in response.headers and response.mimetype == "text/html":
        response.headers["Cache-Control"] = "no-cache"
    return response
