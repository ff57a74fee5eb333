"""Which pages does one record have? The record itself, its revisions and their comparison, its texts, its files."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import Response, abort, make_response, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from werkzeug.routing import BaseConverter

from portal import digits, publications
from portal.publications import Published
from portal.translating import gettext as _
from portal.web import paging, record_changes, record_facts, record_fate, record_files, record_head, record_view
from portal.web.language import Pages
from portal.web.limits import limited
from portal.web.record_reading import SHOWN_REVISIONS, NoSuchRevision, Reading, address, read, subject_of

FEED_REVISIONS = 50
LISTED_REVISIONS = 50


class RecordNumber(BaseConverter):
    """A record's number as people write it: ``KS-0011``, ``ks-11``; it arrives as ``KS-0011``."""

    regex = r"[Kk][Ss]-?[0-9]{1,7}"

    def to_python(self, value: str) -> str:
        return subject_of(int(value.lower().removeprefix("ks").lstrip("-")))


pages = Pages("cooperation", __name__)


@pages.record
def _know_numbers(state: BlueprintSetupState) -> None:
    state.app.url_map.converters["record"] = RecordNumber


@pages.page("/kerja-sama/<record:subject>")
def bare(subject: str) -> ResponseReturnValue:
    """A number alone leads to the record's one address."""
    return _moved(address(_newest(subject)))


@pages.page("/kerja-sama/<record:subject>-<slug>")
def show(subject: str, slug: str) -> ResponseReturnValue:
    """The record: today, as an old revision (``rev``), or on another day (``pada``)."""
    found = _history(subject, SHOWN_REVISIONS + 1)
    if request.path != address(found[0]):
        return _moved(address(found[0]))
    try:
        reading = read(found[0], request.args)
    except NoSuchRevision as problem:
        return _no_revision(found[0], problem)
    if reading.published.gone:
        return record_fate.answer(found[0], reading, explicit="rev" in request.args or "pada" in request.args)
    response = make_response(render_template("cooperation/show.html", r=record_view.page(reading, found)))
    response.status_code = 400 if reading.problem else 200
    return response


@pages.page("/kerja-sama/<record:subject>/riwayat")
def history(subject: str) -> ResponseReturnValue:
    """Every revision: what changed, when, by which office, with its hashes; ``sebelum`` continues with older ones."""
    newest, found = _part(subject, paging.before())
    moved = _right("cooperation.history", subject)
    if moved:
        return moved
    return _history_page(newest, found) if found else redirect(url_for("cooperation.history", subject=subject), 303)


@pages.page("/kerja-sama/<record:subject>/banding")
def compare(subject: str) -> ResponseReturnValue:
    """Two revisions side by side; without a choice the newest and the one before it."""
    found = _history(subject, LISTED_REVISIONS)
    moved = _right("cooperation.compare", subject)
    if moved:
        return moved
    newest = found[0]
    new = _chosen(found, "ke", newest.number)
    old = _chosen(found, "dari", max(new.number - 1, 1)) if new else None
    if old is None or new is None:
        return _no_revision(newest, NoSuchRevision(newest.number))
    if old.number > new.number:
        old, new = new, old
    reading = _today(newest)
    return render_template(
        "cooperation/compare.html",
        head=record_head.heading(reading),
        id=subject,
        old=old.number,
        new=new.number,
        url=address(newest),
        action=url_for("cooperation.compare", subject=subject),
        history_url=url_for("cooperation.history", subject=subject),
        choices=record_changes.choices(_with(found, old, new)),
        compared=record_changes.compared(old, new, reading.voice),
        fate=record_fate.told(newest),
        by=[record_changes.author(new), record_changes.note_of(new)],
        neighbours=record_changes.neighbours(old.number, new.number, newest.number, subject),
    )


@pages.page("/kerja-sama/<record:subject>/dokumen/<key>")
def document(subject: str, key: str) -> ResponseReturnValue:
    """One text: its particulars, how much may be shown, its archived copy, how to ask for it."""
    newest = _newest(subject)
    if newest.gone:
        return record_fate.moved(newest)
    reading = _today(newest)
    text = next((one for one in reading.document.get("instruments", []) if one["key"] == key), None)
    if text is None:
        abort(404)
    moved = _right("cooperation.document", subject, key=key)
    if moved:
        return moved
    return render_template(
        "cooperation/document.html",
        head=record_head.heading(reading),
        id=subject,
        url=address(newest),
        name=record_facts.name_of_text(text, reading),
        rows=record_facts.text_rows(text, reading),
        link=text.get("link", ""),
        cited=record_facts.cited(text, reading),
        disclosure=text["disclosure"],
        region=reading.voice.region(reading.document["region"]),
        correction=url_for("prose.correction", hal=request.path),
    )


@pages.page("/kerja-sama/<record:subject>.<any(json,csv,atom,bib):form>")
@limited
def file(subject: str, form: str) -> ResponseReturnValue:
    """The record as a file; ``rev`` and ``pada`` as on its page."""
    found = _history(subject, FEED_REVISIONS)
    moved = _right("cooperation.file", subject, form=form)
    if moved:
        return moved
    try:
        reading = read(found[0], request.args)
    except NoSuchRevision as problem:
        return Response(_unknown_revision(problem) + "\n", 404, mimetype="text/plain")
    if reading.problem:
        return Response(reading.problem + "\n", 400, mimetype="text/plain")
    if form == "atom":
        return record_files.as_atom(reading, found)
    return record_fate.plain(found[0], form) if reading.published.gone else record_files.WRITERS[form](reading)


def _newest(subject: str) -> Published:
    return publications.newest(subject) or abort(404)


def _history(subject: str, limit: int | None = None) -> list[Published]:
    return publications.history(subject, limit) or abort(404)


def _today(newest: Published) -> Reading:
    return read(newest, MultiDict())


def _moved(path: str) -> ResponseReturnValue:
    query = urlencode(list(request.args.items(multi=True)))
    return redirect(f"{path}?{query}" if query else path, 301)


def _right(endpoint: str, subject: str, **values: Any) -> ResponseReturnValue | None:
    """A redirect to the one way of writing this address, None when it is written that way."""
    path = url_for(endpoint, subject=subject, **values)
    return None if request.path == path else _moved(path)


def _chosen(found: list[Published], name: str, otherwise: int) -> Published | None:
    """The revision that a select names; a value that is no number names none."""
    number = _number(name, otherwise)
    there = next((one for one in found if one.number == number), None)
    return there or (publications.numbered(found[0].subject, number) if 0 < number < found[-1].number else None)


def _number(name: str, otherwise: int) -> int:
    """A number of the query string, 0 for what is none."""
    return digits.whole(request.args.get(name, str(otherwise))) or 0


def _with(found: list[Published], *others: Published) -> list[Published]:
    """Revisions and some others, newest first, each once."""
    every = {one.number: one for one in (*found, *others)}
    return [every[number] for number in sorted(every, reverse=True)]


def _part(subject: str, before: int | None = None) -> tuple[Published, list[Published]]:
    """The newest revision, and those before a number; none of them where nothing is older, or nothing newer."""
    most = LISTED_REVISIONS + 1  # the last only tells what changed after it
    if before is None:
        found = _history(subject, most)
        return found[0], found
    newest = _newest(subject)
    return newest, publications.history(subject, most, before) if before <= newest.number else []


def _history_page(newest: Published, found: list[Published], problem: str = "") -> str:
    """One part of the revisions of a record, as many as one page holds."""
    shown, more = found[:LISTED_REVISIONS], len(found) > LISTED_REVISIONS
    reading = _today(newest)
    return render_template(
        "cooperation/history.html",
        head=record_head.heading(reading),
        id=newest.subject,
        url=address(newest),
        fate=record_fate.told(newest),
        problem=problem,
        revisions=record_changes.revisions(found, reading.voice, whole=not more)[:LISTED_REVISIONS],
        choices=record_changes.choices(shown),
        older=shown[-1].number if more else None,
        continued=shown[0].number != newest.number,
        action=url_for("cooperation.compare", subject=newest.subject),
        feed=url_for("cooperation.file", subject=newest.subject, form="atom"),
    )


def _no_revision(newest: Published, problem: NoSuchRevision) -> ResponseReturnValue:
    """The list of the revisions there are, with a sentence about the one there is not."""
    return _history_page(*_part(newest.subject), _unknown_revision(problem)), 404


def _unknown_revision(problem: NoSuchRevision) -> str:
    return _("This revision does not exist. The newest is revision %(newest)s.", newest=problem.newest)
