"""What does a moderator see of one proposal? The fields with their decisions, the evidence, the words to be written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from portal import amending, desk, differences, indexing, permissions, status
from portal import vocabulary as words
from portal.amending import Edit
from portal.editorial import Standing, acting, deciding, needing, queueing, undoing
from portal.editorial.standing import at, newest
from portal.extensions import db
from portal.models import Account, Proposal
from portal.record import DOCUMENTS, Document
from portal.terms import N_
from portal.web import amendments, rows
from portal.web.clock import today
from portal.web.proposals import reading, telling
from portal.web.proposals.reading import Case
from portal.web.record_changes import shown
from portal.web.review import judging
from portal.web.review.canned import TEXTS
from portal.web.review.editing import Editor
from portal.web.review.noted import Noted
from portal.web.review.ruling import Typed, mark_of
from portal.web.voice import Voice, word

_REASON_IS_PUBLIC = frozenset({"withdraw", "merge", "restore"})  # kinds whose form says so to the one who asks
# What publishing does, where more than fields change; the words of the button beside it.
ACTS: Mapping[str, tuple[str, str]] = {
    "withdraw": (
        N_("The record disappears from lists and search. Its address keeps the reason, the day and the history."),
        N_("Withdraw the record"),
    ),
    "merge": (
        N_("The address of this record leads to the other one from then on. The history of both is kept."),
        N_("Merge the records"),
    ),
    "withhold": (
        N_("The text is shown as withheld, with legal ground and day of review; its file and link are taken off."),
        N_("Withhold the text"),
    ),
    "restore": (N_("The earlier revision becomes the newest one, as a new revision."), N_("Bring the revision back")),
}


_FILE_ACT = (
    N_("The file is not given out any more; its source names the legal ground and the day of review instead."),
    N_("Withhold the file"),
)


def act_words(proposal: Proposal) -> tuple[str, str]:
    """What an act does and the words of its button, as messages."""
    is_file = proposal.kind == "withhold" and proposal.target.startswith(acting.FILE)
    return _FILE_ACT if is_file else ACTS[proposal.kind]


def read(by: Account, proposal_id: int) -> Case:
    """The proposal through the eyes of a moderator."""
    return reading.read(by, proposal_id)


@dataclass(frozen=True, slots=True)
class Screen:
    """One proposal, held against what is published, with what was typed so far."""

    case: Case
    typed: Typed
    free: bool
    errors: tuple[Noted, ...] = ()

    @property
    def proposal(self) -> Proposal:
        return self.case.proposal

    @property
    def stands(self) -> Standing:
        return self.case.stands

    def values(self) -> dict[str, Any]:
        """Everything the page draws."""
        session, proposal, stands = db.session(), self.proposal, self.stands
        gone = telling.gone(proposal, stands, self.case.voice)
        judged = self.free and not gone
        found = judging.findings(session, proposal, stands) if judged else []
        return {
            "proposal": proposal,
            "heading": heading(self.case),
            "kind": telling.kind(proposal),
            "state": telling.state(proposal),
            "sent": telling.moment(proposal.submitted) if proposal.submitted else None,
            "sender_office": telling.role(proposal.author_role, proposal.agency.name),
            "base": stands.number,
            "mark": mark_of(proposal),
            "act": self._act(),
            "rows": self._rows(),
            "whole": proposal.kind in deciding.WHOLE,
            "done": self._done(),
            "same": self._same(),
            "sources": self._sources(),
            "files": [one for one in reading.files(session, proposal) if not one["source"]],
            "checks": judging.told(found, proposal, stands) if judged else [],
            "gone": gone,
            "sender": judging.sender(session, proposal),
            "similar": judging.similar(proposal, stands, self.case.voice) if judged else [],
            "endorsement": judging.endorsement(proposal),
            "needs_reason": deciding.needs_reason(proposal),
            "needs_change_note": deciding.needs_change_note(proposal, stands),
            "second": deciding.needs_another(proposal, self.case.reader),
            "first_label": publish_label(self.case, Typed()),
            "unverified": any(flag["code"] == "unverified" for flag in stands.ground.get("flags", [])),
            "typed": self.typed,
            "canned": [{"value": key, "label": _(label)} for key, (label, _text) in TEXTS.items()],
            "errors": list(self.errors),
            "free": self.free,
            "why_not": "" if self.free else why_not(self.case.reader, proposal),
            "opened": opened(self.case.reader, proposal),
            "story": telling.story(proposal, queueing.moves(session, proposal), {}, self.case.voice),
            "thread": telling.thread(queueing.messages(session, proposal), self.case.reader.id),
            "undo": undo_minutes(self.case.reader, proposal),
            "record_url": telling.subject_url(proposal.subject) if proposal.subject else "",
            "own": proposal.opened_by == self.case.reader.id and not opened(self.case.reader, proposal),
            "may_write": permissions.can(self.case.reader.actor, "decide", proposal.thing),
        }

    def _rows(self) -> list[dict[str, Any]]:
        asked = {} if self.stands.is_over(self.proposal.kind) else {e.key: e for e in deciding.decidable(self.stands)}
        return [{**row, **self._decision(row["key"], asked.get(row["key"]))} for row in self.case.rows]

    def _decision(self, key: str, edit: Edit | None) -> dict[str, Any]:
        """What is asked of one edit; nothing (``asked`` is false) of one that goes along, or that came to nothing."""
        editor = self.typed.editors.get(key)
        editable = editor is not None and editor.is_there
        verdict = self.typed.verdicts.get(key, "")
        return {
            "asked": edit is not None,
            "needed": edit is not None and needing.is_needed(self.stands, edit),
            "options": [
                {"value": code, "label": word(desk.VERDICTS, code), "attrs": self._attributes(key, code)}
                for code in desk.VERDICTS
                if code != "amend" or editable
            ],
            "verdict": verdict,
            "comment": self.typed.comments.get(key, ""),
            "editor": editor if editable else None,
            "open": verdict == "amend",
        }

    def _attributes(self, key: str, code: str) -> dict[str, str]:
        if code != "amend":
            return {}
        url = url_for("review.editor", proposal_id=self.proposal.id, key=key)
        return {
            "hx-post": url, "hx-target": f"#ubah-{key}", "hx-swap": "outerHTML", "hx-trigger": "change",
            "hx-include": "#tinjau", "hx-status:4xx": "swap:none", "hx-status:5xx": "swap:none",
        }  # fmt: skip

    def _done(self) -> list[str]:
        edits = [edit for edit in self.stands.edits if self.stands.state[edit.key] == amending.DONE]
        if not self.free:
            return []
        shown_rows = amendments.rows(
            self.stands.ground, edits, self.case.voice, self.proposal.document_kind, self.stands.edits
        )
        return [row["label"] for row in shown_rows]

    def _same(self) -> list[dict[str, Any]]:
        fields = DOCUMENTS[self.proposal.document_kind]
        after = amending.applied(self.case.before, self.case.edits)
        kept = differences.unchanged(self.case.before, after, fields)
        return [{"label": _(field.label), "value": shown(field, after[field.name], self.case.voice)} for field in kept]

    def _sources(self) -> list[dict[str, Any]]:
        """The sources the proposal brings, each with its files and what the moderator says of it."""
        files = reading.files(db.session(), self.proposal)
        return [
            self._source(edit, [file for file in files if file["source"] == key], self.case.voice)
            for key, edit in amending.added_sources(self.stands.edits).items()
        ]

    def _source(self, edit: Edit, files: list[dict[str, Any]], voice: Voice) -> dict[str, Any]:
        one = edit.new
        name = f"source-{one['key']}"
        said = self.typed.sources.get(one["key"], {})
        fields = [
            ("kind", _("Kind of source"), words.SOURCE_KINDS, said.get("kind") or one["kind"]),
            ("grade", _("Grade"), words.GRADES, said.get("grade") or one["grade"]),
        ]
        if files:
            first = said.get("disclosure") or "metadata_only"
            fields.append(("disclosure", _("Disclosure of the file"), words.DISCLOSURES, first))
        quotes = [
            claim.new["printed"]
            for claim in self.stands.edits
            if claim.top == "claims"
            and claim.new
            and claim.new.get("source") == one["key"]
            and claim.new.get("printed")
        ]
        about = [one.get("publisher", ""), voice.date(one["date"]) if one.get("date") else ""]
        return {
            "key": one["key"],
            "title": one["title"],
            "link": one.get("link", ""),
            "about": [text for text in about if text],
            "quotes": quotes,
            "note": voice.plain(one["note"]) if one.get("note") else "",
            "files": files,
            "fields": [
                {
                    "f": {"name": f"{name}-{part}", "label": label, "value": value},
                    "options": [(code, word(vocabulary, code)) for code in vocabulary],
                }
                for part, label, vocabulary, value in fields
            ],
            "called": {
                "name": f"{name}-title",
                "label": _("Title as published"),
                "value": said.get("title", one["title"]),
            },
            "left": {"name": f"{name}-left", "label": "", "value": "1" if edit.key in self.typed.left else ""},
        }

    def _act(self) -> dict[str, Any] | None:
        """What a kind does that is not decided field by field."""
        kind = self.proposal.kind
        if kind not in ACTS:
            return None
        told, button = act_words(self.proposal)
        return {"text": _(told), "button": _(button), "note": self.proposal.note, "target": self._target()}

    def _target(self) -> dict[str, str] | None:
        if self.proposal.kind != "merge":
            return None
        document = newest(db.session(), self.proposal.target)[1]
        title = self.case.voice.plain(document["title"]) if document else _("This record does not stand any more.")
        url = url_for("cooperation.bare", subject=self.proposal.target)
        return {"subject": self.proposal.target, "title": title, "url": url}


def first_typed(case: Case) -> Typed:
    """The form before anything was typed: all accepted where every check passes, nothing chosen otherwise."""
    proposal, stands = case.proposal, case.stands
    typed = Typed()
    for edit in deciding.decidable(stands):
        typed.editors[edit.key] = Editor(edit, proposal.document_kind)
    if stands.is_over(proposal.kind):
        return typed
    found = judging.findings(db.session(), proposal, stands)
    if judging.all_fine(found, stands):
        typed.verdicts = dict.fromkeys(typed.editors, "accept")
    if proposal.kind in _REASON_IS_PUBLIC:
        typed.change_note = proposal.note
    if deciding.needs_reason(proposal) and judging.was_supported(db.session(), proposal):
        typed.reason = _("Supported by the region before it was mended.")
    return typed


def publish_label(case: Case, typed: Typed) -> str:
    """The words of the button: its effect as it stands."""
    if deciding.needs_another(case.proposal, case.reader):
        return _("Agree; a second moderator decides")
    if case.proposal.kind in ACTS:
        label = act_words(case.proposal)[1]
        return _(label)
    count = typed.published
    return ngettext("Publish %(num)s change", "Publish %(num)s changes", count) if count else _("Publish")


def heading(case: Case) -> dict[str, Any]:
    """The pair of names, or the region; with the look of the state that is published."""
    document = _document(case)
    if case.proposal.document_kind != "cooperation" or not document.get("foreign_parties"):
        return {"pair": False, "names": case.names}
    answers = status.assess(document, today()) if case.stands.document else None
    return {
        "pair": True,
        "names": case.names,
        "region_name": rows.region_name(document["region"]),
        "partners": rows.partners(indexing.card(document)["partners"]),
        "tone": rows.tone(answers.status) if answers else "unk",
        "glyph": rows.glyph(answers.status, answers.stage) if answers else "dotted",
    }


def _document(case: Case) -> Document:
    """What is published, or was last, or is proposed."""
    stands = case.stands
    if stands.document:
        return stands.document
    last = at(db.session(), case.proposal.subject, stands.number - 1) if stands.gone else None
    return last or amending.applied(stands.ground, stands.edits)


def why_not(by: Account, proposal: Proposal) -> str:
    """Why this person cannot decide on a proposal."""
    if proposal.state not in ("submitted", "endorsed", "seconding"):
        return _("This proposal is not waiting for a decision.")
    if proposal.author_id == by.id:
        return _("You sent this proposal yourself; another moderator decides on it.")
    if proposal.agreed_by == by.id:
        return _("You agreed already; a second moderator decides.")
    return _("You took part in this proposal; another moderator decides on it.")


def opened(by: Account, proposal: Proposal) -> str:
    """Who else looks at it just now, by office."""
    other = queueing.opened_by_other(by, proposal)
    if other is None or proposal.opened_at is None:
        return ""
    since = telling.moment(proposal.opened_at)["text"]
    return _("Being looked at by %(office)s since %(since)s.", office=other.agency.name, since=since)


def undo_minutes(by: Account, proposal: Proposal) -> int | None:
    """How many minutes this person may still undo the publication; None where it is over or was somebody else's."""
    decision = undoing.undoable(db.session(), by, proposal)
    return max(1, undoing.minutes_left(decision)) if decision is not None else None


def again(by: Account, proposal_id: int) -> Case:
    """The proposal as it stands now, after a decision that failed."""
    db.session.rollback()
    return read(by, proposal_id)
