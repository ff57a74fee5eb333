"""Which settings are there, what do they default to, and how are they read from the environment?"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LOCALES: Mapping[str, str] = {"id": "Bahasa Indonesia", "en": "English"}
FIRST_LOCALE = "id"
ENVIRONMENT_PREFIX = "PORTAL_"


class BadSetting(ValueError):
    """A setting holds a value that cannot be read."""


def _text(value: str) -> str:
    return value.strip()


def _whole(value: str) -> int:
    return int(value)


def _yes(value: str) -> bool:
    words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    return words[value.strip().lower()]


def _names(value: str) -> list[str]:
    return [name.strip() for name in value.split(",") if name.strip()]


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its name (environment: ``PORTAL_`` before it), default, reader and purpose."""

    name: str
    default: Any
    read: Callable[[str], Any]
    purpose: str


SETTINGS: tuple[Setting, ...] = (
    Setting("SITE_NAME", "Tautan Daerah", _text, "Name of the portal, shown in every title."),
    Setting("OPERATOR", "", _text, "Who runs this portal; shown on the about page when set."),
    Setting("CONTACT", "", _text, "Mail address or page for questions and corrections; shown when set."),
    Setting("PUBLIC_URL", "", _text, "Address readers use, such as https://example.org; feeds and citations use it."),
    Setting("INSTANCE_PATH", "", _text, "Folder for database and secrets; default: instance/ beside the project."),
    Setting("DATABASE_URL", "", _text, "SQLAlchemy address; default: portal.sqlite in the instance folder."),
    Setting("SECRET_KEY", "", _text, "At least 50 characters; default: made once, kept in the instance folder."),
    Setting("TRUSTED_HOSTS", [], _names, "Host names answered, with commas between; empty answers any host."),
    Setting("PROXY_HOPS", 0, _whole, "Number of reverse proxies in front whose X-Forwarded headers are believed."),
    Setting("PAGE_SIZE", 25, _whole, "Rows on a page of the listing."),
    Setting("EXPORT_BATCH", 500, _whole, "Rows read at a time while an export streams."),
    Setting("RATE_LIMIT", "600 per minute", _text, "Requests of one address to searches and exports; empty: no limit."),
    Setting("RATE_STORAGE", "memory://", _text, "Where limits are counted; several processes need redis://."),
    Setting("STATEMENT_SECONDS", 3, _whole, "Longest time one database statement may take in a request."),
    Setting("DEMO", False, _yes, "True under `portal demo`: marks the site as a demonstration."),
)


def from_environment(environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """All settings, each from the environment or its default; a value that cannot be read stops the start."""
    given = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        text = given.get(ENVIRONMENT_PREFIX + setting.name)
        if text is None:
            values[setting.name] = setting.default
            continue
        try:
            values[setting.name] = setting.read(text)
        except (ValueError, KeyError) as error:
            raise BadSetting(f"{ENVIRONMENT_PREFIX}{setting.name} cannot be read: {text!r}") from error
    return values


def instance_path(values: Mapping[str, Any]) -> Path:
    """The instance folder: the one asked for, else ``instance/`` beside a checkout, else in the working folder."""
    if values.get("INSTANCE_PATH"):
        return Path(values["INSTANCE_PATH"]).resolve()
    project = Path(__file__).resolve().parent.parent
    home = project if (project / "pyproject.toml").exists() else Path.cwd()
    return home / "instance"
