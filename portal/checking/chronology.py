"""Are the dates of a document in order, and none of them in the future?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from portal import dates
from portal.checking.findings import BLOCK, WARN, Check, Text
from portal.record import Document
from portal.terms import N_

OLD_YEARS = 5


def on_dates(document: Document, _texts: Sequence[Text], day: date) -> Iterator[Check]:
    yield from _on_term(document)
    yield from _on_instruments(document, day)
    begun = _begun(document)
    for event in document.get("events", []):
        if event.get("date") and event["class"] != "planned":
            yield from _on_act("events", event["date"], day)
            if begun and event["class"] == "follow_up" and dates.latest(event["date"]) < dates.earliest(begun):
                values = {"date": event["date"], "start": begun}
                yield Check(WARN, N_("A follow-up of %(date)s lies before the start (%(start)s)."), values, "events")
    for step in document.get("milestones", []):
        if step.get("date") and step["state"] in {"done", "refused", "lapsed"}:
            yield from _on_act("milestones", step["date"], day)
    for name, item in (("declarations", "as_of"), ("statements", "as_of"), ("replies", "date"), ("sources", "date")):
        for said in document.get(name, []):
            if said.get(item):
                yield from _in_future(name, said[item], day)


def _on_term(document: Document) -> Iterator[Check]:
    term = document.get("term", {})
    start, end = term.get("start", {}).get("date"), term.get("end", {}).get("date")
    if start and end and dates.latest(end) < dates.earliest(start):
        yield _before_start("term", end, start)


def _on_instruments(document: Document, day: date) -> Iterator[Check]:
    for text in document.get("instruments", []):
        signed, end = text.get("signed_on"), text.get("ends_on", {}).get("date")
        begins = text.get("effective_from") or signed
        if signed:
            yield from _on_act("instruments", signed, day)
        if begins and end and dates.latest(end) < dates.earliest(begins):
            yield _before_start("instruments", end, begins)


def _before_start(subject: str, end: str, start: str) -> Check:
    return Check(
        BLOCK, N_("The end (%(end)s) lies before the start (%(start)s)."), {"end": end, "start": start}, subject
    )


def _begun(document: Document) -> str:
    """The earliest day the cooperation is known to have begun: its term or its first signed text; empty if unknown."""
    known = [document.get("term", {}).get("start", {}).get("date")]
    known += [text.get("signed_on") for text in document.get("instruments", [])]
    return min((day for day in known if day), key=dates.earliest, default="")


def _in_future(subject: str, written: str, day: date) -> Iterator[Check]:
    if dates.earliest(written) > day:
        yield Check(BLOCK, N_("The date %(date)s lies in the future."), {"date": written}, subject)


def _on_act(subject: str, written: str, day: date) -> Iterator[Check]:
    """An act that happened: not in the future, and not so long ago that one wonders why it is told now."""
    yield from _in_future(subject, written, day)
    years = dates.age(written, day).years if dates.earliest(written) <= day else 0
    if years >= OLD_YEARS:
        values = {"date": written, "years": str(years)}
        yield Check(WARN, N_("%(date)s lies %(years)s years back. Does the evidence bear the date?"), values, subject)
