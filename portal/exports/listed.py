"""What does a writer get? The rows of a list with everything that must stand beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from portal.flattening import Say
from portal.selecting import State
from portal.streaming import Taken

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
LICENCE_NAME = "CC BY 4.0"


@dataclass(frozen=True, slots=True)
class Listed:
    """A list on its way out.

    ``rows`` have their documents where the form asks for them; ``total`` is what the page says; ``link`` gives the
    permanent address of a revision from subject, slug and number; ``address`` is that of this export, ``page`` that of
    the same list for readers, ``query`` its canonical query string; ``generated`` is UTC, ISO 8601 to the second;
    ``state`` names the newest revision and its hash; ``reading`` and ``day`` say on which knowledge and for which day
    the answers are.
    """

    rows: Iterable[Taken]
    total: int
    say: Say
    language: str
    link: Callable[[str, str, int], str]
    address: str
    page: str
    query: str
    generated: str
    state: State
    reading: str
    day: date
    site: str
    authority: str
