"""What does the form look like for each kind of proposal? Classes built from the table of what is asked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FieldList, Form, FormField
from wtforms.fields.core import UnboundField

from portal import answers, dates, digits
from portal import vocabulary as words
from portal.extensions import today
from portal.record import REGION_FIELDS, Field
from portal.safety import is_safe_url
from portal.web.proposing import fields as kinds
from portal.web.proposing.asking import DECLARED, FORM, LISTS, asked, leaves

MOST_ROWS = 40
MOST_PROOFS = 5
LAST_ROW = 999  # the largest number that the boxes of a row may carry
_LEAVES = dict(leaves())
_MARK = "asal"  # the place of a row's item in the document it started from

# The sections that each kind of proposal asks; evidence comes last everywhere.
SECTIONS: Mapping[str, tuple[str, ...]] = {
    "change": ("status", "term", "content", "foreign_parties", "local_parties", "instruments", "milestones", "events"),
    "new": (
        "foreign_parties", "local_parties", "content", "status", "term", "instruments", "milestones", "events",
    ),
    "follow_up": ("events",),
    "still_running": (),
    "none": ("none",),
    "withdraw": ("withdraw",),
}  # fmt: skip


class Row(Form):
    """One item of a list; a row in which nothing was filled in is as good as not there."""

    def is_blank(self) -> bool:
        """True where nothing was filled in and no item of the document stands behind it."""
        return self[_MARK].data is None and all(
            field.data in (None, [], field.default) for field in self if field.short_name != _MARK
        )

    def validate(self, extra_validators: Any = None) -> bool:
        return self.is_blank() or super().validate(extra_validators)


def row_numbers(section: str, names: Iterable[str]) -> Iterator[int]:
    """The numbers of the rows of a list that names of boxes carry, as often as they do; absurd ones are left alone."""
    heads = (name.removeprefix(f"{section}-").split("-", 1)[0] for name in names if name.startswith(f"{section}-"))
    return (number for head in heads if (number := digits.whole(head, LAST_ROW)) is not None)


class Rows(FieldList):
    """The rows of a list; boxes that carry no number of a row are nobody's, where the library would break on some."""

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        return row_numbers(prefix, formdata)


class EventRow(Row):
    """An event: only what is planned may lie ahead."""

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        kept = self["date"].data == self["date"].object_data
        planned = self.data.get("class") == "planned"
        if self["date"].data and not planned and not kept and dates.earliest(self["date"].data) > today():
            self["date"].wrong = list(kinds.PARTS)
            self["date"].errors = [*self["date"].errors, _("The date cannot be in the future.")]
            return False
        return sound


class Proof(Row):
    """A place where evidence can be seen."""

    asal = kinds.Hidden()
    place = kinds.Plain(
        _l("Place where the evidence can be seen"), longest=400,
        description=_l("Address of an official page, number of a letter, or name of an archive."),
    )  # fmt: skip
    title = kinds.Plain(_l("What is it?"), longest=300, optional=True)

    def is_blank(self) -> bool:
        return self["place"].data is None and self["title"].data is None

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if self["title"].data and not self["place"].data:
            self["place"].errors = [*self["place"].errors, _("Say where the evidence can be seen.")]
            return False
        if (self["place"].data or "").lower().startswith(("http:", "https:", "www.")):
            return self._is_link() and sound
        return sound

    def _is_link(self) -> bool:
        if is_safe_url(self["place"].data):
            return True
        message = _("A link must begin with https:// or http:// and name a public host.")
        self["place"].errors = [*self["place"].errors, message]
        return False


class Common(Form):
    """What every kind asks: evidence, and a word to the moderator."""

    berkas = kinds.Upload(
        _l("Upload a text, record, letter or photo of a document"),
        description=_l("PDF, JPG or PNG, 10 MB at most. First cover personal data such as NIK and telephone numbers."),
    )
    judul = kinds.FileTitles(
        _l("What does this file contain?"), longest=200,
        description=_l("The public reads it as the title of the source, such as “Minutes of the visit, 12 May 2025”."),
    )  # fmt: skip
    bukti = Rows(FormField(Proof), min_entries=1, max_entries=MOST_PROOFS)
    catatan = kinds.Plain(
        _l("Note for the moderator"), longest=2000, rows=3, optional=True, description=_l("It is not published.")
    )

    def rows(self, name: str) -> list[Row]:
        """The rows of a list that say something."""
        return [entry.form for entry in self[name].entries if not entry.form.is_blank()]

    def wrong(self) -> Iterator[Any]:
        """Every field with an error, in the order of the form; of rows each field by itself."""
        for field in self:
            yield from _wrong(field)

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if "said_validity" in self:
            sound = self._state_fits() and sound
        return sound

    def _state_fits(self) -> bool:
        if self["said_reason"].data and self["said_validity"].data != "ended":
            self["said_reason"].errors = [_("A reason of the end needs the status “no longer in force”.")]
            return False
        if self["term_end_basis"].data and self["term_end_date"].data:
            self["term_end_basis"].errors = [_("Either an end or no end stated, not both.")]
            return False
        return True


def _wrong(field: Any) -> Iterator[Any]:
    if isinstance(field, FieldList):
        for entry in field.entries:
            yield from _wrong(entry)
    elif isinstance(field, FormField):
        for inner in field.form:
            yield from _wrong(inner)
    elif field.errors:
        yield field


@cache
def form_class(kind: str) -> type[Common]:
    """The form of a kind of proposal."""
    members: dict[str, Any] = {}
    for section in SECTIONS[kind]:
        members.update(_section(section, kind))
    members.update({name: getattr(Common, name) for name in ("berkas", "judul", "bukti", "catatan")})
    members = {name: _again(field) for name, field in members.items()}
    return type(f"{kind.title()}Form", (Common,), members)


def _again(field: Any) -> Any:
    """The same field made anew: fields stand in a form in the order they were made in."""
    return UnboundField(field.field_class, *field.args, **field.kwargs)


def name_of(path: str, above: str = "") -> str:
    """The form's name of a path, below the path of its list."""
    return path.removeprefix(f"{above}.").replace(".", "_")


def _section(section: str, kind: str) -> dict[str, Any]:
    if section == "status":
        return _status()
    if section == "milestones":
        return {"milestones": FormField(_steps())}
    if section == "none":
        return _none()
    if section == "withdraw":
        return {"reason": kinds.Plain(_l("Why should the record be withdrawn?"), longest=1500, rows=5, needed=True)}
    if section in LISTS:
        least = 1 if (kind == "new" and section == "foreign_parties") or kind == "follow_up" else 0
        return {section: Rows(FormField(_row(section, kind)), min_entries=least, max_entries=MOST_ROWS)}
    return {name_of(path): _field(path, kind) for path in asked(section)}


def _row(section: str, kind: str) -> type[Row]:
    members: dict[str, Any] = {_MARK: kinds.Hidden()}
    for path in asked(section):
        if kind != "follow_up" or path != "events.class":
            members[name_of(path, section)] = _field(path, kind)
    return type(f"{section.title()}Row", (EventRow if section == "events" else Row,), members)


def _field(path: str, kind: str) -> Any:
    """The field of the form for a field of the document."""
    ask, field = FORM[path], _LEAVES[path]
    options = {"longest": field.longest, "description": ask.hint, **ask.options}
    if kind != "new" and path == "type":
        options.pop("empty")
    made, more = _kind(path, field)
    return made(ask.label, **{**more, **options})


def _kind(path: str, field: Field) -> tuple[Any, dict[str, Any]]:
    if path == "term.end.basis":
        return kinds.Flag, {}
    if field.kind == "code" and field.many:
        return kinds.Codes, {"vocabulary": field.vocabulary}
    if field.kind == "code":
        more = {} if field.required else {"empty": _l("not stated")}
        return kinds.Code, {"vocabulary": field.vocabulary, **more}
    if field.kind == "text" and field.many:
        return kinds.Lines, {}
    single = {
        "text": kinds.Plain, "words": kinds.Words, "date": kinds.Date, "integer": kinds.Number, "url": kinds.Link,
        "country": kinds.Country,
    }  # fmt: skip
    return single[field.kind], {}


def _status() -> dict[str, Any]:
    """What the agency says of the state; nothing chosen leaves it as it is."""
    empty = _l("No new statement")
    validity = {code: answers.VALIDITY[code] for code in DECLARED["validity"]}
    activity = {code: answers.ACTIVITY[code] for code in DECLARED["activity"]}
    return {
        "said_validity": kinds.Code(_l("Is it running?"), vocabulary=validity, empty=empty),
        "said_reason": kinds.Code(_l("Why did it end?"), vocabulary=words.END_REASONS, empty=_l("Choose")),
        "said_activity": kinds.Code(_l("Is there activity?"), vocabulary=activity, empty=empty),
        "said_since": kinds.Date(FORM["declarations.since"].label, description=FORM["declarations.since"].hint),
    }


@cache
def _steps() -> type[Form]:
    """The nine steps of the procedure: state and date of each."""
    members = {}
    for code in words.MILESTONES:
        inner = {name_of(path, "milestones"): _field(path, "change") for path in asked("milestones")}
        members[code] = FormField(type(f"{code.title()}Step", (Form,), inner))
    return type("StepsForm", (Form,), members)


def _none() -> dict[str, Any]:
    """What a region states that has none."""
    statement = next(field for field in REGION_FIELDS if field.name == "statements")
    longest = {field.name: field.longest for field in statement.fields}
    return {
        "text": kinds.Words(
            _l("Statement of the region"), longest=longest["text"], rows=3, needed=True,
            description=_l("One sentence; it is published as it stands."),
        ),
        "scope_from": kinds.Date(_l("Period from"), description=_l("The period that was looked through.")),
        "scope_to": kinds.Date(_l("Period to")),
    }  # fmt: skip
