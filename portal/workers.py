"""How do several processes serve the portal and share their memory? The settings of gunicorn.

    gunicorn -c python:portal.workers        # `portal serve --workers 4` runs this

The first process makes the application, compiles the templates and asks for one page of each kind, so that what every
worker needs is there once, before the workers are forked from it. It answers nobody, holds no connection and runs no
thread of ours. gunicorn reads the names here that are names of its settings.
"""

from __future__ import annotations

import ctypes
import gc
import os
import re
import sys
from collections.abc import Mapping
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from portal import mailing
from portal.config import BadSetting, from_environment, installing
from portal.crew import cores
from portal.criteria import Criteria
from portal.extensions import cause, db, reading
from portal.listing import matching, page

# Pages that together use nearly everything a reader's request does; none of them is counted by a limit.
WARMING = (
    "/", "/en", "/kerja-sama", "/en/kerja-sama", "/kerja-sama?negara=JP&urut=baru", "/daerah", "/negara",
    "/perubahan", "/moderasi-publik", "/metode", "/masuk",
)  # fmt: skip
GUNICORN = "gunicorn>=25,<28"  # as in pyproject.toml
_MEMORY_DISK = Path("/dev/shm")  # noqa: S108 - gunicorn makes a file of its own in it


def number_of_workers(environment: Mapping[str, str]) -> int:
    """As the portal's setting says, else as the machine's owner says to any server, else one for each core."""
    wanted = environment.get("WEB_CONCURRENCY", "").strip()
    if wanted and not re.fullmatch("[0-9]{1,3}", wanted):
        raise BadSetting(f"WEB_CONCURRENCY cannot be read (between 0 and 999): {wanted!r}")
    return from_environment(environment)["WORKERS"] or int(wanted or 0) or cores()


wsgi_app = "portal:create_app()"
workers = number_of_workers(os.environ)
worker_class = "gthread"
threads = 4
preload_app = True

timeout = 60  # seconds without a sign of life from a worker's first thread, which answers no request itself
graceful_timeout = 30
keepalive = 75  # longer than proxies keep a connection, so that they are the ones to close it
worker_tmp_dir = str(_MEMORY_DISK) if os.access(_MEMORY_DISK, os.W_OK) else None

limit_request_line = 8190
limit_request_fields = 100
limit_request_field_size = 8190
# Nobody's word counts here on who asks and by which scheme: the application counts the proxies (PORTAL_PROXY_HOPS).
forwarded_allow_ips = ""
secure_scheme_headers: dict[str, str] = {}
forwarder_headers = ""

accesslog = None  # addresses of readers are nobody's business
control_socket_disable = True


class NoGunicorn(Exception):
    """gunicorn is not there; the message says how it gets there."""


def look_for_gunicorn() -> None:
    """Raise `NoGunicorn` where `take_over` would find none."""
    if os.name == "nt":
        raise NoGunicorn("--workers needs gunicorn, which runs on Linux and macOS only")
    if find_spec("gunicorn") is None:
        raise NoGunicorn(f"--workers needs gunicorn: {installing(GUNICORN)}")


def take_over(host: str, port: int, number: int) -> NoReturn:
    """Become gunicorn with these settings and so many workers (0: as the settings say)."""
    paths = (str(Path(__file__).resolve().parent.parent), os.environ.get("PYTHONPATH"))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))}
    environment["PORTAL_WORKERS"] = str(number or workers)
    environment.pop("WEB_CONCURRENCY", None)  # gunicorn reads it, too, and takes no empty one
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    command = [sys.executable, "-m", "gunicorn", "--config", "python:portal.workers", "--bind", bind]
    os.execve(sys.executable, command, environment)  # noqa: S606 - no shell


def on_starting(server: Any) -> None:
    """Get everything ready in the first process, and leave nothing open that two processes must not both hold."""
    _say_nothing_of_the_server()
    app = server.app.wsgi()
    try:
        warm(app)
    except SQLAlchemyError as problem:  # the workers will ask again
        server.log.warning("The database does not answer yet: %s", cause(problem))
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    gc.collect()
    _give_back()
    gc.freeze()  # what is here now is looked through by no worker, so that its pages stay shared


def post_worker_init(worker: Any) -> None:
    """Send letters as `portal serve` does; each is claimed before it goes out, so any number of workers may."""
    app = worker.app.wsgi()
    if app.config["MAIL_SERVER"]:
        mailing.keep_delivering(app)


def warm(app: Flask) -> None:
    """Compile every template, open the columns, and answer a page of each kind once."""
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)
    with app.app_context(), reading():
        newest = page(matching(Criteria())).rows[:1]
        db.session.remove()
    hosts = app.config["TRUSTED_HOSTS"] or ["localhost"]
    browser = app.test_client()
    for path in (*WARMING, *(f"/kerja-sama/{row.subject}" for row in newest)):
        for more in ({}, {"HX-Request": "true"}):
            headers = {"Accept-Encoding": "br", **more}
            browser.get(path, f"http://{hosts[0].lstrip('.')}", headers=headers, follow_redirects=True).close()


def _give_back() -> None:
    """Give back to the system what all this has left free, where the C library can (glibc)."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)


def _say_nothing_of_the_server() -> None:
    """Leave out the header that names the server's software."""
    from gunicorn.http import wsgi

    whole = wsgi.Response.default_headers

    def default_headers(response: Any) -> list[str]:
        return [line for line in whole(response) if not line.startswith("Server:")]

    wsgi.Response.default_headers = default_headers
