"""Which settings are there, what do they default to, and how are they read from the environment?"""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

LOCALES: Mapping[str, str] = {"id": "Bahasa Indonesia", "en": "English"}
FIRST_LOCALE = "id"
ENVIRONMENT_PREFIX = "PORTAL_"
_LIMIT = re.compile(r"[1-9][0-9]{0,6} (per|/) (second|minute|hour|day)")


class BadSetting(ValueError):
    """A setting holds a value that cannot be read."""


def _text(value: str) -> str:
    return value.strip()


def _between(least: int, most: int) -> Callable[[str], int]:
    def read(value: str) -> int:
        number = int(value)
        if not least <= number <= most:
            raise ValueError(f"between {least} and {most}")
        return number

    return read


def _address(value: str) -> str:
    """The public address of the site: scheme and host, no path."""
    text = value.strip().rstrip("/")
    parts = urlsplit(text)
    if text and (parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query):
        raise ValueError("https:// and a host")
    return text


def _secret(value: str) -> str:
    if value and (len(value) < 50 or len(set(value)) < 5):
        raise ValueError("at least 50 characters, 5 of them different")
    return value


def _limit(value: str) -> str:
    """A limit as the limiter reads it: ``600 per minute``; empty for none."""
    text = value.strip()
    if text and not _LIMIT.fullmatch(text):
        raise ValueError("a number, per, and second, minute, hour or day")
    return text


def _yes(value: str) -> bool:
    words = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}
    return words[value.strip().lower()]


def _tls(value: str) -> str:
    word = value.strip().lower()
    if word not in {"starttls", "ssl", "none"}:
        raise ValueError("starttls, ssl or none")
    return word


def _sender(value: str) -> str:
    """A mail address, with or without a name before it; empty for none."""
    text = value.strip()
    if text and (not re.fullmatch(r"[^\s@]+@[^\s@]+\.[^\s@.]+", parseaddr(text)[1]) or not text.isprintable()):
        raise ValueError("an address, or a name and an address in angle brackets")
    return text


def _names(value: str) -> list[str]:
    return [name.strip() for name in value.split(",") if name.strip()]


def _domains(value: str) -> list[str]:
    """Ends of host names with blanks between, or ``*``."""
    names = [name.strip(".") for name in value.lower().split()]
    if not all(re.fullmatch(r"\*|([a-z0-9-]+\.)*[a-z0-9-]+", name) for name in names):
        raise ValueError("host names with blanks between, or *")
    return names


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
    Setting(
        "PUBLIC_URL", "", _address, "Address of the site, such as https://example.org; feeds and citations use it."
    ),
    Setting("INSTANCE_PATH", "", _text, "Folder for database and secrets; default: instance/ beside the project."),
    Setting("DATABASE_URL", "", _text, "SQLAlchemy address; default: portal.sqlite in the instance folder."),
    Setting("SECRET_KEY", "", _secret, "At least 50 characters; default: made once, kept in the instance folder."),
    Setting("TRUSTED_HOSTS", [], _names, "Host names answered, with commas between; empty answers any host."),
    Setting("PROXY_HOPS", 0, _between(0, 10), "Reverse proxies in front whose X-Forwarded headers are believed."),
    Setting("WORKERS", 0, _between(0, 256), "Worker processes under gunicorn; 0: one for each core."),
    Setting("PAGE_SIZE", 25, _between(1, 200), "Rows on a page of the listing."),
    Setting("EXPORT_BATCH", 500, _between(1, 5000), "Rows read at a time while an export streams."),
    Setting("ANSWERS_MB", 16, _between(0, 4096), "Memory of each process for answers to give again, in MB; 0: none."),
    Setting("RATE_LIMIT", "600 per minute", _limit, "Requests of one address to searches, exports; empty: none."),
    Setting("RATE_STORAGE", "memory://", _text, "Where limits are counted; several processes need redis://."),
    Setting("STATEMENT_SECONDS", 3, _between(0, 600), "Longest time one database statement may take in a request."),
    Setting("MAIL_SERVER", "", _text, "Mail server (SMTP) that letters go out by; without one they wait."),
    Setting("MAIL_PORT", 587, _between(1, 65535), "Port of the mail server."),
    Setting("MAIL_TLS", "starttls", _tls, "How the mail server is spoken to: starttls, ssl, or none (unencrypted)."),
    Setting("MAIL_USERNAME", "", _text, "Name the mail server knows the portal by; empty: it asks for none."),
    Setting("MAIL_PASSWORD", "", str, "Password for the mail server."),
    Setting("MAIL_FROM", "", _sender, "Sender of the letters: an address, or a name and an address in brackets."),
    Setting("LINK_HOSTS", [], _domains, "Sites that `portal links` may ask beside its own list, with blanks; *: all."),
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
            name = ENVIRONMENT_PREFIX + setting.name
            shown = "" if setting.read is _secret else f": {text!r}"
            raise BadSetting(f"{name} cannot be read ({error}){shown}") from error
    return values


def installing(requirement: str) -> str:
    """The command that installs a package for the Python that runs this."""
    python = shlex.quote(sys.executable)
    pip = f"{python} -m pip install" if find_spec("pip") else f"uv pip install --python {python}"
    return f"{pip} '{requirement}'"


def instance_path(values: Mapping[str, Any]) -> Path:
    """The instance folder: the one asked for, else ``instance/`` beside a checkout, else in the working folder."""
    if values.get("INSTANCE_PATH"):
        return Path(values["INSTANCE_PATH"]).resolve()
    project = Path(__file__).resolve().parent.parent
    home = project if (project / "pyproject.toml").exists() else Path.cwd()
    return home / "instance"
