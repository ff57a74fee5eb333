"""Which cooperations do the rules need? Small documents that say one thing, and documents of any kind."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

from hypothesis import strategies as st

from portal import status, validation
from portal import vocabulary as words

Part = dict[str, Any]

AS_OF, TODAY = date(2017, 11, 30), date(2026, 11, 22)
STUDY = {
    "key": "s1",
    "title": "A study",
    "kind": "research",
    "grade": "C",
    "as_of": {"date": "2017-11", "basis": "stated"},
}


def record(**parts: Any) -> Part:
    """A cooperation of which one study of November 2017 tells what is given."""
    whole = {
        "id": "KS-0001",
        "title": {"id": "Kabupaten Contoh – Kota Lain: kota kembar"},
        "region": "33.72",
        "local_parties": [{"name": {"id": "Pemerintah Kota"}, "kind": "regional_government"}],
        "foreign_parties": [
            {"name": {"id": "Kota"}, "short": {"id": "Kota"}, "kind": "foreign_local_government", "country": "CN"}
        ],
        "legal_form": "ksdpl_twin_regency_city",
        "type": "sister_city",
        "sources": [STUDY],
    }
    made = copy.deepcopy(whole | parts)
    assert validation.validate(made) == []
    return made


def text(kind: str = "mou", signing: str = "documented", **parts: Any) -> Part:
    return {"key": parts.pop("key", "i1"), "kind": kind, "signing": signing, "disclosure": "public", **parts}


def step(code: str, state: str = "done", evidence: str = "reported", **parts: Any) -> Part:
    return {"code": code, "state": state, "evidence": evidence, **parts}


def event(group: str, kind: str = "activity", day: str | None = None, **parts: Any) -> Part:
    return {"class": group, "kind": kind, "title": {"id": "Peristiwa"}, **({"date": day} if day else {}), **parts}


def said(value: str, as_of: str = "2017-11", by: str = "source", **parts: Any) -> Part:
    axis = "validity" if value in words.DECLARABLE["validity"] else "activity"
    return {"axis": axis, "value": value, "as_of": as_of, "by": by, **parts}


def source(key: str, day: str) -> Part:
    return {"key": key, "title": "A page", "kind": "press", "grade": "C", "date": day}


def term(start: str | None = None, end: str | None = None, **parts: Any) -> Part:
    made = dict(parts)
    if start:
        made["start"] = {"date": start, "basis": "stated"}
    if end:
        made["end"] = {"date": end, "basis": "stated"}
    return made


def on(day: str, whole: Part) -> status.Answers:
    return status.assess(whole, date.fromisoformat(day))


RUNNING = {"declarations": [said("in_force_claimed")]}
MOU = text(signed_on="2015-06-01", effective_from="2015-07-01", ends_on={"date": "2020-06-30", "basis": "stated"})
LOI = text("loi", "reported", signed_on="2015-09-25")


DAYS = st.dates(date(2008, 1, 1), date(2024, 12, 31))
PARTIAL = st.builds(lambda day, length: day.isoformat()[:length], DAYS, st.sampled_from([4, 7, 10]))
KNOWN_OR_NOT = st.none() | PARTIAL


def without_none(part: Part) -> Part:
    return {name: value for name, value in part.items() if value is not None}


@st.composite
def records(draw: st.DrawFn) -> Part:
    """Records with a few facts of every sort, in any order, contradictions included."""
    made = record(legal_form=draw(st.sampled_from(list(words.LEGAL_FORMS))))
    limits = {
        "months": draw(st.none() | st.integers(0, 60)),
        "automatic_renewal": draw(st.sampled_from([None, None, "yes", "no"])),
        "notice_months": draw(st.none() | st.integers(0, 12)),
    }
    made["term"] = term(draw(KNOWN_OR_NOT), draw(KNOWN_OR_NOT), **without_none(limits))
    made["instruments"] = [
        without_none(
            text(
                draw(st.sampled_from(["loi", "mou", "renewal", "unknown"])),
                draw(st.sampled_from(["documented", "reported", "none"])),
                key=f"i{place}",
                signed_on=draw(KNOWN_OR_NOT),
                effective_from=draw(KNOWN_OR_NOT),
                ends_on=draw(st.none() | st.builds(lambda day: {"date": day, "basis": "stated"}, PARTIAL)),
            )
        )
        for place in range(draw(st.integers(0, 2)))
    ]
    made["milestones"] = [
        without_none(
            step(
                code,
                draw(st.sampled_from(list(words.MILESTONE_STATES))),
                date=draw(KNOWN_OR_NOT),
                as_of=draw(KNOWN_OR_NOT),
            )
        )
        for code in draw(st.lists(st.sampled_from(list(words.MILESTONES)), unique=True, max_size=3))
    ]
    made["events"] = [
        event(
            draw(st.sampled_from(list(words.EVENT_CLASSES))),
            draw(st.sampled_from(list(words.EVENT_KINDS))),
            draw(KNOWN_OR_NOT),
        )
        for _ in range(draw(st.integers(0, 3)))
    ]
    values = [value for axis in words.DECLARABLE.values() for value in axis]
    made["declarations"] = [
        without_none(
            said(
                draw(st.sampled_from(values)),
                draw(PARTIAL),
                draw(st.sampled_from(list(words.SPEAKERS))),
                since=draw(KNOWN_OR_NOT),
                reason=draw(st.none() | st.sampled_from(list(words.END_REASONS))),
            )
        )
        for _ in range(draw(st.integers(0, 3)))
    ]
    made["sources"].append(without_none(source("s2", "") | {"date": draw(KNOWN_OR_NOT)}))
    return made
