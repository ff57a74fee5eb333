"""What do the browser tests drive? Debian's Chromium, against the real application on a free port."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import waitress
import waitress.wasyncore
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page

from tests.conftest import Databases, application, missing, only_reading

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
ACCESSIBILITY = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def executable() -> str | None:
    """The Chromium of this machine."""
    given = os.environ.get("PORTAL_TEST_CHROMIUM")
    if given:
        return given
    return next((path for name in BROWSERS if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """How the browser is started; asked for before it is, so this is where a missing one is noticed."""
    path = executable()
    if path is None:
        missing("browser", f"none of {', '.join(BROWSERS)} on the path, and PORTAL_TEST_CHROMIUM is not set")
    return {**browser_type_launch_args, "executable_path": path, "args": SWITCHES, "timeout": 60_000}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A visitor in Indonesia on a small laptop; a test of phones sets its own size."""
    view = {"width": 1280, "height": 800}
    return {**browser_context_args, "locale": "id-ID", "timezone_id": "Asia/Jakarta", "viewport": view}


@pytest.fixture
def page(page: Page) -> Iterator[Page]:
    """A page whose console must stay quiet: a blocked script or style, or an error in ours, fails the test."""
    heard: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        expected = message.text.startswith("Failed to load resource: the server responded with a status of 4")
        if message.type == "error" and not expected:
            heard.append(f"{message.text} ({message.location.get('url')})")

    page.on("console", listen)
    page.on("pageerror", lambda error: heard.append(str(error)))
    yield page
    assert heard == []


@contextmanager
def served(app: Any) -> Iterator[str]:
    """An application on a free port of this machine, in a thread of its own; its address."""
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    # In the server's own thread: an idle connection of the browser would otherwise keep its loop alive.
    server.trigger.pull_trigger(lambda: waitress.wasyncore.close_all(server._map, ignore_all=True))
    thread.join(timeout=10)
    server.task_dispatcher.shutdown(timeout=5)


@pytest.fixture(scope="session")
def live_url(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The portal over the real records, for reading."""
    url = databases.on("sqlite").copy()
    with application(url, tmp_path_factory.mktemp("live")) as app:
        only_reading(app)
        with served(app) as address:
            yield address


@pytest.fixture
def fresh_live_app(databases: Databases, tmp_path: Path) -> Iterator[Any]:
    """The application behind `fresh_live_url`, to prepare people and records in."""
    kept = databases.on("sqlite")
    url = kept.copy()
    with application(url, tmp_path / "instance") as app:
        yield app
    kept.drop(url)


@pytest.fixture
def fresh_live_url(fresh_live_app: Any) -> Iterator[str]:
    """The portal over a copy that this test may write to."""
    with served(fresh_live_app) as address:
        yield address


@pytest.fixture(scope="session")
def accessible() -> Callable[[Page], None]:
    """`accessible(page)`: axe finds nothing against WCAG 2.2 AA on the page, once it is whole."""
    axe = Axe()

    def look(page: Page) -> None:
        page.wait_for_load_state()
        results = axe.run(page, options={"runOnly": {"type": "tag", "values": ACCESSIBILITY}})
        assert results.violations_count == 0, results.generate_report()

    return look
