"""What does the page of a record show? Everything its templates need, put together from the parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from flask import current_app, url_for

from portal import accountability, publications, sentences
from portal.publications import Published
from portal.translating import gettext as _
from portal.translating import ngettext
from portal.web import (
    formatting,
    offers,
    record_answers,
    record_changes,
    record_course,
    record_evidence,
    record_facts,
    record_head,
    replies,
)
from portal.web.language import path_of
from portal.web.record_reading import SHOWN_REVISIONS, Reading, address
from portal.web.site import public_url


def page(reading: Reading, found: Sequence[Published]) -> dict[str, Any]:
    """All parts of the page; ``found`` are the newest revisions, newest first, one more than are shown."""
    related = publications.newest_of(one["id"] for one in reading.document.get("related", []))
    summary = record_head.summary(reading)
    head = record_head.heading(reading)
    return {
        "id": reading.published.subject,
        "reading": reading,
        "head": head,
        "title": _("%(names)s: %(status)s", names=head["names"], status=_lowered(head["label"])),
        "summary": summary,
        "text": sentences.plain(summary),
        "told": reading.voice.words(reading.document.get("summary")),
        "cells": record_head.cells(reading),
        "trail": record_head.trail(reading),
        "marks": record_head.overlays(reading),
        "replies": replies.told(reading.parts("replies", "date"), reading.voice),
        "pending": pending(reading.published.subject) if reading.plain else "",
        "holder": record_answers.holder(reading),
        "answers": record_answers.four(reading),
        **_course(reading),
        **_content(reading),
        "merged": [
            {"id": subject, "url": url_for("cooperation.history", subject=subject)}
            for subject in publications.merged_here(reading.published.subject)
        ],
        "related": record_facts.related(reading, related),
        "revisions": record_changes.revisions(
            found[: SHOWN_REVISIONS + 1], reading.voice, whole=len(found) <= SHOWN_REVISIONS
        ),
        "more_revisions": len(found) > SHOWN_REVISIONS,
        **links(reading, head, sentences.plain(summary)),
    }


def pending(subject: str) -> str:
    """That proposals about a record or region are being reviewed, and how many; nothing of what they say."""
    waiting = accountability.waiting_for(subject)
    return (
        ngettext("%(num)s proposal is being reviewed.", "%(num)s proposals are being reviewed.", waiting)
        if waiting
        else ""
    )


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:] if text.split(" ")[0][1:].islower() else text


def _course(reading: Reading) -> dict[str, Any]:
    evaluated = record_course.evaluated(reading)
    return {
        "evaluated": evaluated,
        "steps": record_course.steps(reading) if evaluated else record_course.taken(reading),
        "highest": record_course.highest(reading),
        "rules": record_course.rules(reading),
        "timeline": record_course.timeline(reading),
    }


def _content(reading: Reading) -> dict[str, Any]:
    return {
        "parties": record_facts.parties(reading),
        "content": record_facts.content(reading),
        "texts": record_facts.texts(reading),
        "missing": record_facts.missing(reading),
        "obstacles": record_facts.obstacles(reading),
        "sources": record_evidence.sources(reading),
        "weak": record_evidence.only_weak(reading),
        "disputed": record_evidence.disputed(reading),
        "claims": record_evidence.claims(reading),
        "region": reading.voice.region(reading.document["region"]),
    }


def links(reading: Reading, head: dict[str, Any], text: str) -> dict[str, Any]:
    """Everything that leads away: share, follow, cite, files, corrections."""
    published = reading.published
    subject = published.subject
    here = address(published)
    permalink = public_url(address(published, rev=published.number))
    files = {form: f"{path_of('catalogue.index')}/{subject}.{form}" for form in ("json", "csv", "atom", "bib")}
    shared = f"{text} {public_url(here)}"
    correction = url_for("prose.correction", hal=here)
    return {
        "permalink": permalink,
        "citation": citation(reading),
        "stamp": stamp(reading),
        "files": files,
        "history_url": url_for("cooperation.history", subject=subject),
        "compare_url": url_for("cooperation.compare", subject=subject, dari=published.number - 1, ke=published.number)
        if published.number > 1
        else "",
        "correction": correction,
        "strip": [
            {"text": _("Share"), "url": "#bagikan", "icon": "share"},
            {"text": _("Follow"), "url": files["atom"], "icon": "bell"},
            {"text": _("Cite"), "url": "#kutip", "icon": "quote"},
            {"text": "CSV", "url": files["csv"], "icon": "download"},
            {"text": "JSON", "url": files["json"], "icon": "download"},
            *offers.of_record(subject, reading.document["region"], here),
        ],
        "share": [
            {"text": "WhatsApp", "url": f"https://wa.me/?text={quote(shared, safe='')}", "icon": "share"},
            {"text": _("E-mail"), "url": _mail(head["names"], shared), "icon": "share"},
            {
                "text": _("Permanent link to revision %(number)s", number=published.number),
                "url": permalink,
                "icon": "doc",
            },
            {"text": _("Atom feed of this record"), "url": files["atom"], "icon": "feed"},
            {"text": _("Correction or right of reply"), "url": correction, "icon": "warn"},
        ],
    }


def _mail(subject: str, text: str) -> str:
    return f"mailto:?subject={quote(subject, safe='')}&body={quote(text, safe='')}"


def stamp(reading: Reading) -> str:
    """``KS-0011, revisi 2, 20 Oktober 2026``."""
    published = reading.published
    return _(
        "%(id)s, revision %(number)s, %(day)s",
        id=published.subject, number=published.number, day=formatting.written(published.day),
    )  # fmt: skip


def citation(reading: Reading) -> str:
    """How this revision is cited: site, year, title, number, revision, day and permanent link."""
    published = reading.published
    return _(
        "%(site)s (%(year)s). “%(title)s”, %(stamp)s. %(link)s",
        site=current_app.config["SITE_NAME"],
        year=published.day.year,
        title=reading.voice.plain(reading.document["title"]),
        stamp=stamp(reading),
        link=public_url(address(published, rev=published.number)),
    )
