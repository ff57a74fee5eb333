"""Tautan Daerah: the public register of Indonesia's regional foreign cooperation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

__version__ = "0.2.0"


def create_app(settings: Mapping[str, Any] | None = None) -> Flask:
    """The WSGI application; ``settings`` go before the environment (`config.SETTINGS`)."""
    from portal.assembly import assemble

    return assemble(settings or {})
