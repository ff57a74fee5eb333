"""Which day is it for this request? Asked once, so that one page never holds two days."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import current_app, g, has_request_context

from portal import extensions


def today() -> date:
    """The day of this request; ``TODAY`` in the configuration sets it (a date, for tests and demonstrations)."""
    if not has_request_context():
        return _now()
    if "today" not in g:
        g.today = _now()
    day: date = g.today
    return day


def _now() -> date:
    return day(current_app.config)


def day(settings: Mapping[str, Any]) -> date:
    """The day it is for an application with these settings."""
    fixed = settings.get("TODAY")
    return fixed if isinstance(fixed, date) else extensions.today()
