"""Where are accounts, offices, invitations and logs looked after? The administrators' pages, and the way in."""

from __future__ import annotations

from dataclasses import asdict

from flask import Flask

from portal import demonstration
from portal.web.administration import accepting, inviting, logs, offices, users, words
from portal.web.administration.board import pages

BLUEPRINTS = (pages, inviting.pages, accepting.pages)

__all__ = ["BLUEPRINTS", "logs", "offices", "register", "users"]


def register(app: Flask) -> None:
    """Give the application these pages, and the sign-in page of a demonstration its example accounts."""
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    if app.config["DEMO"]:
        app.context_processor(lambda: {"demo_accounts": _examples})


def _examples() -> list[dict[str, str]]:
    return [{**asdict(one), "role": words.role(one.role)} for one in demonstration.shown()]
