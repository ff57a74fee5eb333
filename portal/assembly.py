"""How is the application put together? The only module besides the package itself that knows all the others."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from limits.errors import ConfigurationError
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import columns, config, edition, extensions, web
from portal.extensions import Migrations, babel, compress, db, limiter

_PACKAGE = Path(__file__).resolve().parent
REDIS = "redis>=7,<8"  # as in pyproject.toml; what counts the limits takes none newer


def assemble(settings: Mapping[str, Any]) -> Flask:
    """Settings, extensions, pages; raises `config.BadSetting` for a setting that cannot be read."""
    values = {**config.from_environment(), **settings}
    instance = config.instance_path(values)
    app = Flask(
        "portal",
        instance_path=str(instance),
        template_folder=str(_beside("templates")),
        static_folder=str(_beside("static")),
        static_url_path="/static",
    )
    instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    app.config.from_mapping(values)
    app.config.update(_derived(values, instance))
    _connect(app)
    web.register(app, _edition(app))
    if values["PROXY_HOPS"]:
        hops = values["PROXY_HOPS"]
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    return app


def _edition(app: Flask) -> edition.Edition:
    """What the public answers of this application follow from: its database, and what it runs."""
    code = edition.code((_PACKAGE, _beside("templates"), _beside("static")), app.config)
    with app.app_context():
        return edition.Edition(db.engine, Path(app.instance_path) / "edition", code)


def _beside(name: str) -> Path:
    """A folder of the project: inside the package when installed, beside it in a checkout."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


def _derived(values: Mapping[str, Any], instance: Path) -> dict[str, Any]:
    address = values["DATABASE_URL"] or f"sqlite:///{instance / 'portal.sqlite'}"
    hosts = values["TRUSTED_HOSTS"]
    return {
        "SQLALCHEMY_DATABASE_URI": address,
        "SQLALCHEMY_ENGINE_OPTIONS": extensions.engine_options(address, values["STATEMENT_SECONDS"]),
        "SECRET_KEY": values["SECRET_KEY"] or _kept_secret(instance),
        "TRUSTED_HOSTS": hosts or None,
        "MAX_CONTENT_LENGTH": 12 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 1024 * 1024,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "BABEL_DEFAULT_LOCALE": config.FIRST_LOCALE,
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_BR_LEVEL": 5,
        "COMPRESS_ALGORITHM_STREAMING": ["gzip"],  # brotli holds back megabytes before its first byte
        "COMPRESS_STREAMS": True,
        "COMPRESS_MIMETYPES": web.COMPRESSED,
        "RATELIMIT_ENABLED": bool(values["RATE_LIMIT"]),
        "RATELIMIT_STORAGE_URI": values["RATE_STORAGE"],
    }


def _kept_secret(instance: Path) -> str:
    """The secret key of this instance, made once and readable by its owner only."""
    place = instance / "secret.key"
    try:
        with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass
    kept = place.read_text()
    if len(kept) < 50:
        raise config.BadSetting(f"{place} holds no usable secret; delete it to have a new one made")
    return kept


def _connect(app: Flask) -> None:
    db.init_app(app)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            extensions.drive_sqlite(db.engine, app.config["STATEMENT_SECONDS"])
        columns.keep_in(db.engine, Path(app.instance_path) / "columns")
    app.extensions["migrate"] = Migrations(str(_PACKAGE / "migrations"))
    babel.init_app(app, locale_selector=web.current_language)
    compress.init_app(app)
    _count_limits(app)


def _count_limits(app: Flask) -> None:
    """Count requests where the setting says; its value may hold a password and is not shown."""
    try:
        limiter.init_app(app)
    except (ConfigurationError, ValueError) as problem:
        storage = str(app.config["RATE_STORAGE"])
        lacking = isinstance(problem, ConfigurationError) and "'redis'" in str(problem)
        reason = f"it needs a package: {config.installing(REDIS)}" if lacking else str(problem).replace(storage, "…")
        raise config.BadSetting(f"PORTAL_RATE_STORAGE cannot be used: {reason}") from None
