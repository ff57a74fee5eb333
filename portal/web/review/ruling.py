"""What did the moderator say on the screen? The posted form as a ruling, with what is wrong with it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from portal import amending
from portal.editorial import Choice, Ruling, Standing, deciding
from portal.models import Proposal
from portal.record import DOCUMENTS
from portal.validation import Problem
from portal.web.proposing.fields import cleaned
from portal.web.review.editing import Editor
from portal.web.review.noted import Noted

LONGEST = 2000
OF_A_SOURCE = ("kind", "grade", "title", "disclosure")  # what a moderator may set of an added source
_OWN = frozenset({"note", "change_note", "reason"})


@dataclass
class Typed:
    """The form as it was filled in. ``verdicts`` and ``comments`` go by the key of the edit.

    ``sources`` goes by the key of an added source; ``left`` holds the edits of those that are left out.
    """

    verdicts: dict[str, str] = field(default_factory=dict)
    comments: dict[str, str] = field(default_factory=dict)
    editors: dict[str, Editor] = field(default_factory=dict)
    sources: dict[str, dict[str, str]] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)
    note: str = ""
    change_note: str = ""
    reason: str = ""
    verified: bool = False
    canned: str = ""
    form: MultiDict[str, str] | None = None

    def forget_choices(self, keys: Iterable[str] | None = None) -> None:
        """Drop what was chosen: of some edits, or of all."""
        for key in list(self.verdicts) if keys is None else keys:
            self.verdicts.pop(key, None)

    @property
    def published(self) -> int:
        """How many fields are to be published as it stands."""
        return sum(verdict in {"accept", "amend"} for verdict in self.verdicts.values())


def mark_of(proposal: Proposal) -> str:
    """What tells one set of edits from another: verdicts are kept only for the same."""
    return hashlib.sha256(proposal.edits.encode()).hexdigest()[:16]


def read(form: MultiDict[str, str], proposal: Proposal, stands: Standing) -> Typed:
    """What was typed, cleaned; edits that are not asked about are left out."""
    asked = deciding.decidable(stands)
    same = form.get("mark") == mark_of(proposal)
    typed = Typed(
        note=cleaned(form.get("note", ""), LONGEST),
        change_note=cleaned(form.get("change_note", ""), LONGEST),
        reason=cleaned(form.get("reason", ""), LONGEST),
        verified=form.get("verified") == "1",
        canned=form.get("canned", ""),
        form=form if same else None,
    )
    for edit in asked:
        typed.editors[edit.key] = Editor(edit, proposal.document_kind, form if same else None)
        if not same:
            continue
        typed.comments[edit.key] = cleaned(form.get(f"comment-{edit.key}", ""), LONGEST)
        if form.get(f"verdict-{edit.key}"):
            typed.verdicts[edit.key] = form.get(f"verdict-{edit.key}", "")
    for key, edit in amending.added_sources(stands.edits).items():
        said = {name: cleaned(form.get(f"source-{key}-{name}", ""), LONGEST) for name in OF_A_SOURCE}
        typed.sources[key] = {name: value for name, value in said.items() if value}
        if form.get(f"source-{key}-left") == "1":
            typed.left.add(edit.key)
    return typed


def ruling(typed: Typed, version: int, base: int, whole: str = "") -> tuple[Ruling, list[Noted]]:
    """The ruling, and what is wrong with amended values; a value that is not amended counts as accepted."""
    choices, problems = {}, []
    for key, verdict in typed.verdicts.items():
        comment, editor = typed.comments.get(key, ""), typed.editors.get(key)
        if verdict == "amend" and not whole and editor is not None:
            problems += editor.problems()
            value = editor.value()
            same = value == editor.edit.new
            choices[key] = Choice("accept", comment) if same else Choice("amend", comment, value)
        else:
            choices[key] = Choice(verdict, comment)
    if whole == "return":
        told = {key: comment for key, comment in typed.comments.items() if comment}
        choices = {key: Choice("return", comment) for key, comment in told.items()}
    elif whole:
        choices = {}
    else:
        choices |= {key: Choice("reject") for key in typed.left}
    made = Ruling(
        version=version, base=base, choices=choices, whole=whole, note=typed.note, change_note=typed.change_note,
        reason=typed.reason, sources=typed.sources, verified=typed.verified,
    )  # fmt: skip
    return made, problems


def noted(problems: Iterable[Problem], typed: Typed, kind: str) -> list[Noted]:
    """Problems of a decision or of the document it comes to, each with the box it is about."""
    return [_noted(problem, typed, kind) for problem in problems]


def _noted(problem: Problem, typed: Typed, kind: str) -> Noted:
    text = _(problem.message) % dict(problem.values)
    if problem.path in _OWN or not problem.path:
        return Noted(problem.path, text)
    name, _dash, key = problem.path.partition("-")
    if name in {"verdict", "comment"} and key in typed.editors:
        return Noted(f"b-{key}", f"{_top(typed.editors[key].edit.top, kind)}: {text}")
    if name in {"disclosure", "left"}:
        return Noted(f"source-{key}-{name}", text)
    return _of_document(problem.path, text, typed, kind)


def _of_document(path: str, text: str, typed: Typed, kind: str) -> Noted:
    """A problem of the document: the field in words, and the row that touches it."""
    top = re.split(r"[.\[]", path)[0]
    label = _top(top, kind) or path
    touched: Mapping[str, Any] = {key: editor for key, editor in typed.editors.items() if editor.edit.top == top}
    key = next(iter(touched), "")
    return Noted(f"b-{key}" if key else "", f"{label}: {text}")


def _top(name: str, kind: str) -> str:
    """A field of the document in words; empty where the document has no such field."""
    return next((_(one.label) for one in DOCUMENTS[kind] if one.name == name), "")
