"""How are boxes with a number drawn? In one go: a page holds hundreds of them, each alike but for a word and a number.

Values are codes of our own vocabularies and numbers are numbers; labels are escaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import escape

from portal import translating
from portal.listing import Facet, Option


@dataclass(frozen=True, slots=True)
class Boxes:
    """The boxes of one filter, as `components/filters.html` draws those with a mark."""

    name: str
    options: Sequence[Option]

    def __len__(self) -> int:
        return len(self.options)

    def __html__(self) -> str:
        drawn = []
        for value, label, total, checked in self.options:
            begin, end = _parts(self.name, value, label)
            drawn.append(f'<label class="opt"{begin}{" checked" if checked else ""}{end}{number(total)}</span></label>')
        return "".join(drawn)


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers beside the boxes of several filters, each for the place it belongs to (``hx-swap-oob``)."""

    facets: Sequence[Facet]

    def __html__(self) -> str:
        return "".join(
            [
                f'<span id="n-{facet.name}-{value}" hx-swap-oob="innerHTML">{number(facet.totals.get(value, 0))}</span>'
                for facet in self.facets
                for value in facet.values
            ]
        )


def number(total: int) -> str:
    """The number beside a box; nothing is marked, so that the style sheet can dim the box, and undim it again."""
    return translating.number(total) if total else "<i>0</i>"


@lru_cache(maxsize=4096)
def _parts(name: str, value: str, label: str) -> tuple[str, str]:
    """What stands before and after the word "checked"."""
    key = f"{name}-{value}"
    words = escape(label[:1].upper() + label[1:])
    return (
        f'><input type="checkbox" id="f-{key}" name="{name}" value="{value}"',
        f'><span>{words}</span><span class="n" id="n-{key}">',
    )
