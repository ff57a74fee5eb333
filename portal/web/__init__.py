"""Which parts make the web? Registers the pages, their language, headers, errors and formatting."""

from __future__ import annotations

from flask import Flask

from portal.web import assets, errors, formatting, headers, language, site
from portal.web.language import current_language

COMPRESSED = [
    "text/html", "text/css", "text/plain", "text/csv", "text/javascript", "application/json", "application/atom+xml",
    "application/xml", "image/svg+xml", "application/manifest+json",
]  # fmt: skip

__all__ = ["COMPRESSED", "current_language", "register"]


def register(app: Flask) -> None:
    """Give the application its pages and what surrounds them."""
    from portal.web import catalogue, changes, cooperation, countries, home, prose, regions

    language.register(app)
    headers.register(app)
    formatting.register(app)
    assets.register(app)
    site.register(app)
    for module in (home, catalogue, cooperation, regions, countries, changes, prose):
        app.register_blueprint(module.pages)
    errors.register(app)
