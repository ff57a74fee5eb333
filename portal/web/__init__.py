"""Which parts make the web? Registers the pages, their language, headers, errors and formatting."""

from __future__ import annotations

from flask import Flask

from portal.edition import Edition
from portal.web import access, assets, errors, files, formatting, headers, keeping, language, signing, site, wording
from portal.web.language import current_language

COMPRESSED = [
    "text/html", "text/css", "text/plain", "text/csv", "text/javascript", "application/json", "application/atom+xml",
    "application/xml", "image/svg+xml", "application/manifest+json",
]  # fmt: skip

__all__ = ["COMPRESSED", "current_language", "register"]


def register(app: Flask, edition: Edition) -> None:
    """Give the application its pages and what surrounds them."""
    from portal.web import (
        account,
        administration,
        catalogue,
        changes,
        cooperation,
        corrections,
        countries,
        home,
        proposals,
        prose,
        public_ledger,
        regions,
        review,
        tips,
    )  # fmt: skip
    from portal.web.proposing import views as proposing

    language.register(app)
    headers.register(app)
    formatting.register(app)
    wording.register(app)
    assets.register(app)
    site.register(app)
    signing.register(app)
    for module in (home, catalogue, cooperation, regions, countries, changes, prose, public_ledger, corrections):
        app.register_blueprint(module.pages)
    for blueprint in (account.pages, proposals.pages, proposing.pages, review.pages, review.acts, tips.pages):
        app.register_blueprint(blueprint)
    files.register(app)
    administration.register(app)
    errors.register(app)
    access.demand_declared(app)
    keeping.register(app, edition)
