"""What does the public see of moderation? Numbers by month and province, and the whole log of publications.

No page here names a person or shows anything of what is not published.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

from flask import Response, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue

from portal import accountability, digits, linking, places, publications
from portal.accountability import Account, Month, Waiting
from portal.extensions import WIB, db
from portal.terms import N_
from portal.translating import gettext as _
from portal.translating import ngettext
from portal.web import formatting
from portal.web.clock import today
from portal.web.language import Pages, current_language
from portal.web.limits import limited

pages = Pages("public_ledger", __name__)

SHOWN = 24
LOG_TYPE = "application/jsonl"
# The columns of the tables: the code in `accountability.Month`, its label.
PROPOSALS = (
    ("received", N_("Received")),
    ("published", N_("Published")),
    ("in_part", N_("Published in part")),
    ("returned", N_("Returned for changes")),
    ("rejected", N_("Rejected")),
    ("taken_back", N_("Taken back")),
)
TIPS = (
    ("received", N_("Received")),
    ("accepted", N_("Accepted")),
    ("partly_accepted", N_("Accepted in part")),
    ("refused", N_("Not accepted")),
    ("unusable", N_("Not usable")),
)


@pages.page("/moderasi-publik")
def index() -> ResponseReturnValue:
    """Per month what was received and decided, how long it took, and what waits now."""
    found = accountability.account(_end_of_day(), SHOWN)
    return render_template(
        "public_ledger/index.html",
        today=today(),
        waiting=[
            _waits(_("proposals waiting for a decision"), found.proposals),
            _waits(_("reports waiting for an answer"), found.tips),
        ],
        months=_months(found),
        month_headers=_headers(_("Month"), PROPOSALS, _("Median days")),
        tips=_tips(found),
        tip_headers=_headers(_("Month"), TIPS),
        provinces=_provinces(found),
        province_headers=_headers(_("Province"), PROPOSALS),
        older=found.older,
        csv=url_for("public_ledger.table"),
        log=url_for("public_ledger.log"),
    )


@pages.page("/moderasi-publik.csv")
@limited
def table() -> ResponseReturnValue:
    """The same as a table: a line for every month there is."""
    made = io.StringIO()
    lines = csv.writer(made, lineterminator="\r\n")
    proposals, tips = [code for code, _label in PROPOSALS], [code for code, _label in TIPS]
    lines.writerow(["month", *proposals, "median_days", *(f"tips_{code}" for code in tips)])
    for month in accountability.account(_end_of_day()).months:
        days = "" if month.median_days is None else f"{month.median_days:.1f}"
        numbers = [month.proposals[code] for code in proposals]
        lines.writerow([month.name, *numbers, days, *(month.tips[code] for code in tips)])
    response = Response(made.getvalue(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = "attachment; filename=moderasi-publik.csv"
    response.headers["Cache-Control"] = "no-cache"
    return response


@limited
def log() -> ResponseReturnValue:
    """The public log (RF-1), one publication a line, oldest first; ``setelah`` goes on after a number."""
    head = linking.head(db.session())
    after = digits.whole(request.args.get("setelah", ""), 10**15 - 1) or 0
    rows = stream_with_context(publications.log(after, head.seq))
    response = Response(rows, content_type=f"{LOG_TYPE}; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["X-Log-Head"] = f"{head.seq} {head.hash}"
    return response


pages.add_url_rule("/log.jsonl", view_func=log)


def _end_of_day() -> datetime:
    """The last second of today: whole days of waiting are counted from midnight to midnight, the same all day long."""
    return datetime.combine(today(), time(23, 59, 59), WIB)


def _waits(label: str, waiting: Waiting) -> dict[str, str]:
    """How many wait and how long the oldest has, as a cell of the scoreboard."""
    cell = {"number": formatting.number(waiting.number), "label": label}
    if waiting.oldest is not None:
        cell["note"] = ngettext("the oldest for %(num)s day", "the oldest for %(num)s days", waiting.oldest)
    return cell


def _headers(first: str, columns: tuple[tuple[str, str], ...], *more: str) -> list[dict[str, Any]]:
    heads: list[dict[str, Any]] = [{"label": first}]
    return heads + [{"label": label, "number": True} for label in (*(_(label) for _code, label in columns), *more)]


def _months(found: Account) -> list[dict[str, Any]]:
    return [{"cells": list(_month_cells(month))} for month in found.months]


def _month_cells(month: Month) -> Iterator[dict[str, Any]]:
    yield {"text": formatting.written(month.name)}
    for code, _label in PROPOSALS:
        yield {"text": formatting.number(month.proposals[code])}
    yield {"text": None if month.median_days is None else _days(month.median_days)}


def _days(days: float) -> str:
    text = f"{days:.1f}"
    return text.replace(".", ",") if current_language() == "id" else text


def _tips(found: Account) -> list[dict[str, Any]]:
    """Only months in which something was sent in or answered."""
    return [
        {
            "cells": [
                {"text": formatting.written(month.name)},
                *({"text": formatting.number(month.tips[code])} for code, _label in TIPS),
            ]
        }
        for month in found.months
        if month.tips
    ]


def _provinces(found: Account) -> list[dict[str, Any]]:
    """Every province that anything was proposed of, by its code."""
    known = places.regions()
    return [
        {
            "cells": [
                {
                    "text": known[code].called(current_language()),
                    "url": url_for("regions.show", slug=known[code].slug),
                },
                *({"text": formatting.number(counts[name])} for name, _label in PROPOSALS),
            ]
        }
        for code, counts in sorted(found.provinces.items())
        if code in known
    ]
