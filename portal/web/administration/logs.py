"""Who signed in, and what did staff do? Two logs to read, and one to take away; nothing in them can be changed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import Response, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import digits
from portal.accounts import directory
from portal.exports.csv_table import safe
from portal.extensions import WIB, db
from portal.models import Account, Act, Agency, SignIn
from portal.web import paging
from portal.web.access import needs
from portal.web.administration import words
from portal.web.administration.board import page, pages

SIGN_INS = "administration.sign_ins"
ACTS = "administration.acts"


@pages.page("/pengelola/masuk", endpoint="sign_ins")
@needs("see_audit")
def sign_ins() -> ResponseReturnValue:
    """The sign-ins, newest first; of everybody or of one person, all or those that last."""
    who = words.number("orang")
    live = request.args.get("masih") == "1"
    account = db.session.get(Account, who) if who else None
    wanted = directory.Wanted(account=who, state="live" if live else "")
    found = directory.sign_ins(db.session(), wanted, paging.asked())
    if moved := paging.elsewhere(found.page):
        return moved
    kept: dict[str, Any] = {"orang": who} if who else {}
    kept |= {"masih": "1"} if live else {}
    return page(
        "sign_ins.html",
        SIGN_INS,
        rows=[_sign_in(sitting, one) for sitting, one in found.rows],
        total=found.total,
        account=account,
        live=live,
        all_url=url_for(SIGN_INS, **{key: value for key, value in kept.items() if key != "masih"}),
        live_url=url_for(SIGN_INS, **{**kept, "masih": "1"}),
        steps=words.steps(found, lambda n: url_for(SIGN_INS, hal=n if n > 1 else None, **kept)),
    )


def _sign_in(sitting: SignIn, account: Account) -> dict[str, Any]:
    person = {"text": account.name, "url": url_for("administration.person", account_id=account.id)}
    ended = words.moment(sitting.ended) if sitting.ended else {"nil": _("not ended")}
    return {
        "cells": [
            words.moment(sitting.begun), {**person, "note": account.agency.name}, {"text": sitting.agent or "–"},
            {"text": sitting.address or "–"}, words.moment(sitting.seen), ended,
        ]
    }  # fmt: skip


@pages.page("/pengelola/catatan", endpoint="acts")
@needs("see_audit")
def acts() -> ResponseReturnValue:
    """What staff and the command line did, newest first; to be narrowed by act, words and days."""
    session = db.session()
    asked = {name: words.asked(name) for name in ("apa", "q", "dari", "sampai")}
    kept: dict[str, Any] = {name: value for name, value in asked.items() if value}
    found = directory.acts(session, _wanted(), paging.asked())
    if moved := paging.elsewhere(found.page):
        return moved
    names = _names([text for act, _who in found.rows for text in (act.about, act.detail)])
    fields = {
        "what": words.field("apa", _("Act"), asked["apa"]),
        "words": words.field("q", _("Words in the entry"), asked["q"]),
        "first": words.field("dari", _("From day"), asked["dari"]),
        "last": words.field("sampai", _("To day"), asked["sampai"]),
    }
    return page(
        "acts.html",
        ACTS,
        rows=[_act(act, who, names) for act, who in found.rows],
        total=found.total,
        narrowed=bool(kept),
        fields=fields,
        kinds=[(code, words.act(code)) for code in directory.kinds_of_acts(session)],
        csv_url=url_for("administration.acts_file", **kept),
        steps=words.steps(found, lambda n: url_for(ACTS, hal=n if n > 1 else None, **kept)),
    )


def _act(act: Act, who: Account | None, names: dict[str, dict[str, str]]) -> dict[str, Any]:
    done_by = {"text": who.name, "note": who.agency.name} if who else {"nil": _("command line, or nobody signed in")}
    about = names.get(act.about) or {"text": words.about(act.about) or "–"}
    detail = names.get(act.detail) or {"text": words.detail(act.what, act.detail) or "–"}
    return {
        "cells": [
            words.moment(act.at), {"text": words.act(act.what)}, done_by, about, detail, {"text": act.address or "–"},
        ]
    }  # fmt: skip


def _names(abouts: list[str]) -> dict[str, dict[str, str]]:
    """Accounts and offices that entries name by number, as links with their names."""
    tables: dict[str, tuple[Any, str]] = {"account": (Account, "person"), "agency": (Agency, "agency")}
    found = {}
    for about in set(abouts):
        kind, _blank, written = about.partition(" ")
        number = digits.whole(written)
        if kind in tables and number is not None:
            table, endpoint = tables[kind]
            thing = db.session.get(table, number)
            if thing is not None:
                url = url_for(f"administration.{endpoint}", **{f"{kind}_id": thing.id})
                found[about] = {"text": thing.name, "url": url}
    return found


@pages.page("/pengelola/catatan.csv", endpoint="acts_file")
@needs("see_audit")
def acts_file() -> ResponseReturnValue:
    """The same as a table to take away, oldest first, with the codes as they are kept."""
    lines = _lines(directory.all_acts(_wanted()))
    response = Response(stream_with_context(lines), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="catatan.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _lines(rows: Iterator[tuple[Act, Account | None]]) -> Iterator[bytes]:
    yield _line(["id", "at", "account", "role", "what", "about", "detail", "address"])
    for act, _who in rows:
        by = "" if act.by is None else str(act.by)
        yield _line([str(act.id), act.at, by, act.role, act.what, act.about, act.detail, act.address])


def _line(cells: list[str]) -> bytes:
    piece = io.StringIO()
    csv.writer(piece, lineterminator="\r\n").writerow([safe(cell) for cell in cells])
    return piece.getvalue().encode()


def _wanted() -> directory.Wanted:
    first, last = _day(words.asked("dari")), _day(words.asked("sampai"))
    return directory.Wanted(
        words=words.asked("q").strip(),
        what=words.asked("apa"),
        first=_utc(first) if first else "",
        last=_utc(last + timedelta(days=1)) if last else "",
    )


def _day(text: str) -> date | None:
    """A day of the query (``2026-11-22``); None for anything else and for the ends of the calendar."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2999 else None


def _utc(day: date) -> str:
    """The moment at which a day begins in western Indonesia, as tables hold it."""
    return datetime.combine(day, time(), WIB).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
