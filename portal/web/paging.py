"""Which page of a list is asked for, and where does an address lead that names none? To the page that is shown."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Response, redirect, request

from portal import digits
from portal.web.language import current_language, in_language

PAGE = "hal"
BEFORE = "sebelum"
LAST = 9_999_999  # no list has more pages
# The lists that come in pages, beside the listing itself: what of their query says which one.
PAGED = {
    "countries.all_partners": PAGE,
    "countries.partner": PAGE,
    "changes.index": BEFORE,
    "cooperation.history": BEFORE,
}


def asked() -> int:
    """The page that ``hal`` names; what is no page is the first."""
    return max(digits.whole(request.args.get(PAGE, ""), LAST) or 1, 1)


def before() -> int | None:
    """The number that ``sebelum`` names: only what is older is asked for. None where nothing is asked for; what is no
    number is 0, which nothing is older than."""
    text = request.args.get(BEFORE)
    return None if text is None else digits.whole(text) or 0


def last(total: int, size: int) -> int:
    """How many pages a list has; an empty one has one."""
    return max(-(-total // size), 1)


def elsewhere(number: int) -> Response | None:
    """The way to the address of the page that is shown, where another was typed; None for the right one."""
    wanted = [str(number)] if number > 1 else []
    if request.method not in {"GET", "HEAD"} or request.args.getlist(PAGE) == wanted:
        return None
    query = [(name, value) for name, value in request.args.items(multi=True) if name != PAGE]
    query += [(PAGE, value) for value in wanted]
    path = in_language(current_language(), query=False)
    return redirect(f"{path}?{urlencode(query)}" if query else path, 303)  # type: ignore[return-value]


def told(path: str) -> str:
    """The address of this very page of a list: a path, and of the query only what says which page it is."""
    name = PAGED.get(request.endpoint or "")
    if name is None:
        return path
    number = digits.whole(request.args.get(name, ""))
    return f"{path}?{urlencode({name: number})}" if number is not None else path
