"""On what is the form opened? A record, a region or a draft – with the document it starts from and what was typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import abort, redirect, request, url_for
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from portal import amending, evidence, moderation, permissions, places, publications, status
from portal.editorial import open_for
from portal.editorial.standing import newest, standing
from portal.extensions import db, today
from portal.models import Account, Proposal
from portal.permissions import Thing
from portal.record import RECORD_ID, Document
from portal.web import resending
from portal.web.proposing import content, forms
from portal.web.proposing.asking import LISTS
from portal.web.proposing.proving import Proof, Said

# How a kind is called in an address and in the form.
WORDS: Mapping[str, str] = {
    "baru": "new", "ubah": "change", "lanjut": "follow_up", "masih": "still_running", "nihil": "none",
    "tarik": "withdraw",
}  # fmt: skip
WORD_OF = {kind: word for word, kind in WORDS.items()}
OF_A_RECORD = ("change", "follow_up", "still_running")
NOT_RUNNING = frozenset({"none", "pending"})  # of answers.VALIDITY
MARK = "formulir"  # tells one opened form from another, so that it becomes one draft however often it is sent
SEEN = "versi"  # the version of the draft that a form knows
# What a form sends besides its fields.
CONTROLS = frozenset(
    {
        "csrf_token",
        "aksi",
        "tambah",
        "hapus",
        "hapus_bukti",
        "usulan",
        "untuk",
        "daerah",
        "jenis",
        MARK,
        SEEN,
        resending.RENEWED,
        resending.LOST_FILE,
    }
)


@dataclass(slots=True)
class Sheet:
    """A form as it lies before somebody. ``number`` is the revision that ``base`` is, 0 where nothing is published."""

    by: Account
    kind: str
    subject: str
    region: str
    number: int
    base: Document
    proposal: Proposal | None = None
    files: list[Any] = field(default_factory=list)
    form: Any = None

    @property
    def document_kind(self) -> str:
        """The kind of document it changes."""
        return "region" if self.kind == "none" else "cooperation"

    @property
    def kinds(self) -> tuple[str, ...]:
        """What may be reported of the record."""
        return tuple(kind for kind in OF_A_RECORD if kind != "still_running" or may_run(self.base))

    def said(self) -> Said:
        """What the proposal says besides its fields; its evidence from the form and from the files."""
        files = [Proof(one.name, self.form["judul"].of(one.source), one.source) for one in self.files]
        named = [row.data for row in self.form.rows("bukti") if row["place"].data]
        places_seen = [Proof(row["place"], row["title"] or "") for row in named]
        number = self.proposal.id if self.proposal else 0
        proofs = tuple([*files, *places_seen][: forms.MOST_PROOFS])
        return Said(number, self.by.agency.name, self.region, today().isoformat(), proofs)

    def document(self) -> dict[str, Any]:
        """The document that the form comes to."""
        return content.made(self.kind, self.base, self.form.data, self.said())

    def bind(self, typed: Any = None, document: Document | None = None) -> Sheet:
        """Fill the form: with what was typed, or with a document made from the base."""
        values = content.filled(self.kind, document if document is not None else self.base, self.base)
        if self.kind == "new":
            known = {name: value for name, value in values.items() if value is not None}  # the others keep defaults
            values = known if document is not None else {**known, **content.first_values(self.region)}
        if typed is not None:
            typed = _new_rows(typed) if self.kind == "follow_up" else typed
            values = _in_order(values, typed)
        self.form = forms.form_class(self.kind)(formdata=typed, data=values)
        return self


def _in_order(values: dict[str, Any], typed: Any) -> dict[str, Any]:
    """The values with each row of a list at the number under which it was typed, nothing where it is new."""
    ordered = dict(values)
    for section, rows in values.items():
        if isinstance(rows, list) and section in LISTS:
            known = {row.get("asal"): row for row in rows if row.get("asal")}
            marks = [typed.get(f"{section}-{place}-asal") for place in range(_length(typed, section))]
            ordered[section] = [known.get(mark, {}) for mark in marks]
    return ordered


def _new_rows(typed: Any) -> MultiDict[str, str]:
    """What was typed without the rows of items on record: a form for another kind had them, this one only adds."""
    known = tuple(name.removesuffix("asal") for name, value in typed.items() if name.endswith("-asal") and value)
    return MultiDict([pair for pair in typed.items(multi=True) if not pair[0].startswith(known or ("\0",))])


def _length(typed: Any, section: str) -> int:
    """One more than the highest number of a row of a list."""
    return max(forms.row_numbers(section, typed), default=-1) + 1


def asked_for(by: Account, values: Mapping[str, str]) -> Sheet | None:
    """The form that an address or a sent form asks for; None where the region has to be chosen first.

    Raises `permissions.NotAllowed`; answers 404 for a record that does not exist. For one that is gone it answers 410,
    or leads to its page where nothing was typed yet.
    """
    kind = WORDS.get(values.get("jenis", ""), "")
    subject = values.get("untuk", "")
    if subject:
        return _of_record(by, subject, kind if kind in {*OF_A_RECORD, "withdraw"} else "change")
    region = values.get("daerah", "")
    offered = offered_regions(by)
    if not region and len(offered) == 1:
        region = offered[0]
    if region not in places.regions():
        return None
    permissions.demand(by.actor, "propose", Thing(region, by.agency_id))
    if kind == "none":
        number, document = newest(db.session(), region)
        return Sheet(by, "none", region, region, number, document or {"region": region})
    return Sheet(by, "new", "", region, 0, {})


def may_run(document: Document) -> bool:
    """True where “still running” can be said: before a signing nothing runs (an LoI is never in force, model §2)."""
    return status.assess(document, today()).validity not in NOT_RUNNING


def _of_record(by: Account, subject: str, kind: str) -> Sheet:
    number, document = newest(db.session(), subject) if re.fullmatch(RECORD_ID, subject) else (0, None)
    if number == 0:
        abort(404)
    if document is None:
        if request.method == "GET":  # the page of the record tells why, and where it went
            abort(redirect(url_for("cooperation.bare", subject=subject), 303))
        abort(410)
    if kind == "still_running" and not may_run(document):
        kind = "change"
    region = document["region"]
    permissions.demand(by.actor, "propose", Thing(region, by.agency_id))
    return Sheet(by, kind, subject, region, number, document)


def offered_regions(by: Account) -> list[str]:
    """The regions for which somebody may propose."""
    reach = by.actor
    return [code for code in places.regions() if permissions.can(reach, "propose", Thing(code, by.agency_id))]


def kept(by: Account, proposal_id: int) -> Sheet:
    """The form of an own draft; raises `editorial.NotThere` for anybody else's."""
    session = db.session()
    proposal = open_for(session, by, proposal_id)
    if proposal.author_id != by.id or proposal.kind not in forms.SECTIONS:
        abort(404)
    made_from = publications.numbered(proposal.subject, proposal.base) if proposal.base else None
    base: Document = {"region": proposal.region} if proposal.kind == "none" else {}
    if made_from is not None:  # of a tombstone what stood last
        base = made_from.document
    files = evidence.of(session, proposal.id)
    return Sheet(by, proposal.kind, proposal.subject, proposal.region, proposal.base, base, proposal, files)


def reopened(sheet: Sheet) -> Sheet:
    """The form of a draft as it was left: as typed, or else from its edits."""
    proposal = sheet.proposal
    if proposal is None:
        return sheet.bind()
    if proposal.fields:
        return sheet.bind(MultiDict(proposal.fields))
    if not proposal.found:
        return sheet.bind()
    return sheet.bind(document=amending.applied(sheet.base, proposal.found))


def is_open(sheet: Sheet) -> bool:
    """True while the author may still write in it."""
    return sheet.proposal is None or sheet.proposal.state in moderation.WITH_AUTHOR


def is_outdated(sheet: Sheet) -> bool:
    """True where the record has a newer revision than the draft was made from."""
    return sheet.proposal is not None and standing(db.session(), sheet.proposal).number != sheet.number


def is_gone(sheet: Sheet) -> bool:
    """True for a draft whose record was withdrawn or merged, so that nothing can be added to it."""
    return sheet.proposal is not None and standing(db.session(), sheet.proposal).gone


def own_draft(by: Account, sheet: Sheet) -> Proposal | None:
    """The draft that somebody has already of this kind for this subject, of several the one begun last."""
    if not sheet.subject:
        return None
    mine = select(Proposal).where(
        Proposal.author_id == by.id, Proposal.subject == sheet.subject, Proposal.kind == sheet.kind,
        Proposal.state == "draft",
    )  # fmt: skip
    return db.session().execute(mine.order_by(Proposal.id.desc()).limit(1)).scalars().first()


def gone_on_with(by: Account, sheet: Sheet, mark: str) -> Sheet:
    """The draft that a form without a number belongs to, or the sheet as it is.

    It is the form's own where the form wrote it last, which did not get the answer with the number, and where nothing
    was written yet.
    """
    draft = own_draft(by, sheet)
    if draft is None or (draft.version > 1 and (MARK, mark) not in draft.fields):
        return sheet
    return kept(by, draft.id)


def typed_pairs(items: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """What was typed, without what only steers the form."""
    return [(name, value) for name, value in items if name not in CONTROLS]


def stored_pairs(items: Iterable[tuple[str, str]], mark: str) -> list[tuple[str, str]]:
    """What was typed as a draft keeps it: with the mark of the form that it was typed in."""
    return [*typed_pairs(items), *([(MARK, mark)] if mark else [])]
