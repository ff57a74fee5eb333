"""On what do the load tools work? The first records on an engine of its own, with the people of the tests."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ENGINES = ("sqlite", "postgresql")


def options(text: str | None, what: str, times: int) -> argparse.ArgumentParser:
    """The command line that these tools share; ``what`` is counted."""
    parser = argparse.ArgumentParser(description=text, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(f"--{what}", type=int, default=times)
    parser.add_argument("--engine", choices=ENGINES, default="sqlite")
    return parser


@contextmanager
def staffed(engine: str) -> Iterator[tuple[Any, str, Any]]:
    """An application, the address of its database and its people; all of it is gone afterwards."""
    from tests.conftest import Databases, application
    from tests.people import people

    with tempfile.TemporaryDirectory() as folder:
        databases = Databases(Path(folder))
        try:
            url = databases.on(engine).copy()
            with application(url, Path(folder) / "instance") as app:
                yield app, url, people(app)
        finally:
            databases.close()
