"""What is asked of a field, and what is not? One table over the fields of a document, each with its words.

`FORM` holds every field that the form asks, under its path; `NOT_ASKED` every other one with the reason. A test
compares both with `record.FIELDS`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask_babel import lazy_gettext as _l

from portal import vocabulary as words
from portal.record import DOCUMENTS, Field

LISTS = ("foreign_parties", "local_parties", "instruments", "events")  # rows that are added and removed


@dataclass(frozen=True, slots=True)
class Ask:
    """How one field is asked: the section of the page, words of its own, and options of its kind."""

    section: str
    label: Any = ""
    hint: Any = ""
    options: Mapping[str, Any] = field(default_factory=dict)


_NEEDED: Mapping[str, Any] = {"needed": True}
_OPEN: Mapping[str, Any] = {"optional": True}
_ACTS = ("visit", "meeting", "training", "activity", "disbursement", "renewal", "other")
_DATE = _l("For example 30 10 2017. If only the year is known, fill in the year alone.")

FORM: Mapping[str, Ask] = {
    "term.start.date": Ask("term", _l("Start of the cooperation"), _DATE),
    "term.end.date": Ask("term", _l("End of the cooperation"), _l("As the text says."), {"future": True}),
    "term.end.basis": Ask("term", _l("The text states no end")),
    "term.months": Ask("term", _l("Length in months"), _l("Only if the text says so.")),
    "term.automatic_renewal": Ask("term", _l("Does it renew itself?")),
    "term.notice_months": Ask("term", _l("Notice in months")),
    "title": Ask("content", _l("Title"), _l("May stay empty: it is then made of the two names."), _OPEN),
    "type": Ask("content", _l("Type of cooperation"), options={**_NEEDED, "empty": _l("Choose")}),
    "legal_form": Ask(
        "content", _l("Legal form"), _l("If you do not know, leave it as it is."), {"default": "unclassified"}
    ),
    "sectors": Ask("content", _l("Fields of the cooperation")),
    "summary": Ask("content", _l("Summary"), _l("In your own words, at most 1,500 characters."), {"rows": 5, **_OPEN}),
    "foreign_parties.name": Ask("foreign_parties", _l("Name of the partner"), options=_NEEDED),
    "foreign_parties.country": Ask("foreign_parties", _l("Country of the partner"), options=_NEEDED),
    "foreign_parties.kind": Ask("foreign_parties", _l("Kind of partner"), options={"default": "unknown"}),
    "foreign_parties.short": Ask(
        "foreign_parties", _l("Short name"), _l("As it stands in lists, for example: Nanjing."), _OPEN
    ),
    "foreign_parties.place": Ask(
        "foreign_parties",
        _l("Place, from the largest unit down"),
        _l("One a line: province, city, district."),
        {"rows": 3, **_OPEN},
    ),
    "foreign_parties.link": Ask("foreign_parties", _l("Page of the partner"), options=_OPEN),
    "local_parties.name": Ask("local_parties", _l("Name of the local party"), options=_NEEDED),
    "local_parties.kind": Ask("local_parties", _l("Kind of local party"), options={"default": "unknown"}),
    "instruments.kind": Ask("instruments", _l("Kind of text"), options={**_NEEDED, "empty": _l("Choose")}),
    "instruments.number": Ask("instruments", _l("Number of the text"), options=_OPEN),
    "instruments.title": Ask("instruments", _l("Title of the text"), options=_OPEN),
    "instruments.signed_on": Ask("instruments", _l("Signed on"), _DATE),
    "instruments.place": Ask("instruments", _l("Place of signing"), options=_OPEN),
    "instruments.effective_from": Ask("instruments", _l("Effective from"), options={"future": True}),
    "instruments.ends_on.date": Ask("instruments", _l("Ends on"), options={"future": True}),
    "instruments.link": Ask("instruments", _l("Link to the text"), options=_OPEN),
    "milestones.state": Ask("milestones", _l("State")),
    "milestones.date": Ask("milestones", _l("Date")),
    "events.class": Ask(
        "events", _l("Has it happened?"), options={"default": "follow_up", "codes": ("follow_up", "planned")}
    ),
    "events.kind": Ask(
        "events", _l("What kind of follow-up?"), options={**_NEEDED, "codes": _ACTS, "empty": _l("Choose")}
    ),
    "events.date": Ask("events", _l("When?"), _DATE, {"future": True}),
    "events.text": Ask("events", _l("What happened?"), _l("At most 500 characters."), {"longest": 500, "rows": 4}),
    "events.title": Ask("events", _l("In one line"), _l("May stay empty: the kind then stands there."), _OPEN),
    "declarations.value": Ask("status"),
    "declarations.reason": Ask("status", _l("Why did it end?"), options={"empty": _l("Choose")}),
    "declarations.since": Ask("status", _l("Since when?"), _DATE),
}

_BY_SOURCE = "what a source says word for word; moderators read it there"
_BY_MODERATOR = "moderators judge it when they publish"
_COMPUTED = "the form makes it itself"

NOT_ASKED: Mapping[str, str] = {
    "id": _COMPUTED,
    "region": "chosen before the form is opened; a record never moves to another region",
    "other_regions": "regions that share a record are added by moderators, who see both",
    "local_parties.printed": _BY_SOURCE,
    "local_parties.role": "a party's role is read from the text by moderators",
    "local_parties.region": _COMPUTED,
    "local_parties.link": "the public finds the office of a region on the region's page",
    "local_parties.note": _BY_MODERATOR,
    "foreign_parties.printed": _BY_SOURCE,
    "foreign_parties.role": "a party's role is read from the text by moderators",
    "foreign_parties.assumed": _BY_MODERATOR,
    "foreign_parties.aliases": "other names serve the search; moderators keep them alike in all records",
    "foreign_parties.wikidata": "an identifier that agencies do not use",
    "foreign_parties.note": _BY_MODERATOR,
    "term.start.basis": _COMPUTED,
    "term.start.uncertain": _BY_MODERATOR,
    "term.start.sources": _COMPUTED,
    "term.start.note": _BY_MODERATOR,
    "term.end.uncertain": _BY_MODERATOR,
    "term.end.sources": _COMPUTED,
    "term.end.note": _BY_MODERATOR,
    "instruments.key": _COMPUTED,
    "instruments.signing": _BY_MODERATOR,
    "instruments.signatories": "offices that signed are read from the text by moderators",
    "instruments.ends_on.basis": _COMPUTED,
    "instruments.ends_on.uncertain": _BY_MODERATOR,
    "instruments.ends_on.sources": _COMPUTED,
    "instruments.ends_on.note": _BY_MODERATOR,
    "instruments.renews": "moderators join a renewal to its text",
    "instruments.disclosure": _BY_MODERATOR,
    "instruments.withheld": "asked for by a form of its own",
    "instruments.file": _COMPUTED,
    "instruments.sources": _COMPUTED,
    "instruments.note": _BY_MODERATOR,
    "milestones.code": _COMPUTED,
    "milestones.evidence": _BY_MODERATOR,
    "milestones.uncertain": _BY_MODERATOR,
    "milestones.as_of": _COMPUTED,
    "milestones.document": "moderators join a step to its text",
    "milestones.sources": _COMPUTED,
    "milestones.note": _BY_MODERATOR,
    "events.quote": _BY_SOURCE,
    "events.sources": _COMPUTED,
    "events.note": _BY_MODERATOR,
    "declarations.axis": _COMPUTED,
    "declarations.as_of": _COMPUTED,
    "declarations.by": _COMPUTED,
    "declarations.quote": _BY_SOURCE,
    "declarations.sources": _COMPUTED,
    "declarations.note": _BY_MODERATOR,
    "obstacles": "obstacles are what studies name, not what agencies report",
    "sources": _COMPUTED,
    "claims": _COMPUTED,
    "flags": _BY_MODERATOR,
    "missing": _COMPUTED,
    "related": _BY_MODERATOR,
    "replies": "the reply of the region has a form of its own",
}

# What an agency may say of the state, by question.
DECLARED = {axis: words.DECLARABLE[axis] for axis in words.AXES}


def leaves(fields: tuple[Field, ...] = DOCUMENTS["cooperation"], above: str = "") -> Iterator[tuple[str, Field]]:
    """Every field of a document that holds a value itself, with its path."""
    for one in fields:
        path = f"{above}{one.name}"
        if one.kind == "part":
            yield from leaves(one.fields, f"{path}.")
        else:
            yield path, one


def asked(section: str) -> list[str]:
    """The paths that a section asks, in the order of the table."""
    return [path for path, ask in FORM.items() if ask.section == section]
