"""How is a proposal told? Its names, its state, what was decided and said – by role and office, never by name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from portal import amending, desk, extensions, moderation, places, publications
from portal import vocabulary as words
from portal.editorial import Standing
from portal.extensions import WIB
from portal.models import Decision, Message, Proposal, Revision
from portal.record import Document
from portal.terms import N_
from portal.web import amendments, formatting
from portal.web.record_reading import fate
from portal.web.voice import Voice, listed, word

# What each state means for those who look at the proposal.
MEANINGS: Mapping[str, str] = {
    "draft": N_("Only you see this draft. It is kept for 90 days after the last change."),
    "submitted": N_("A moderator examines it, usually within 3 working days. You are told by mail."),
    "endorsed": N_("The cooperation section supports it. A moderator examines it, usually within 3 working days."),
    "seconding": N_("One moderator agrees. A second one decides, because this kind of proposal needs two."),
    "returned": N_("A moderator asks for changes. Mend what is named below, then send it again."),
    "published": N_("It is published; the record shows it."),
    "partly_published": N_("Part of it is published; the rest was refused, with the reason below."),
    "rejected": N_("It was refused, with the reason below. You may propose again with other evidence."),
    "withdrawn": N_("It was taken back and is not examined."),
}
# What was said of a field, as something done (`desk.VERDICTS` are what one can press).
_DONE: Mapping[str, str] = {
    "accept": N_("Accepted"),
    "amend": N_("Accepted with a change"),
    "return": N_("Returned"),
    "reject": N_("Refused"),
}
# What was done, as the course of a proposal tells it.
DONE: Mapping[str, str] = {
    "submit": N_("Sent"),
    "endorse": N_("Supported for the region"),
    "publish": N_("Published"),
    "publish_part": N_("Published in part"),
    "publish_return": N_("Published in part, the rest returned"),
    "agree": N_("One moderator agreed"),
    "return": N_("Returned for changes"),
    "reject": N_("Rejected"),
    "withdraw": N_("Taken back"),
    "undo": N_("Publication undone"),
}
# Kinds whose text is made on a page of their own, not on the form.
_REPLY = "reply"
_OF_MODERATORS = frozenset({"withhold", "merge", "restore"})


def moment(stamped: str) -> dict[str, str]:
    """A stored UTC time for a template: the machine's value, and in words of western Indonesia."""
    found = extensions.moment(stamped).astimezone(WIB)
    day = formatting.written_short(found.date())
    return {"value": stamped, "text": _("%(day)s, %(time)s WIB", day=day, time=f"{found:%H.%M}")}


def documents(proposals: Iterable[Proposal]) -> dict[int, Document]:
    """The document each proposal is about, by its id: the newest that is published, else what is proposed."""
    known = publications.newest_of(proposal.subject for proposal in proposals if proposal.subject)
    found: dict[int, Document] = {}
    for proposal in proposals:
        newest = known.get(proposal.subject)
        document = newest.document if newest else None
        found[proposal.id] = document or amending.applied({}, proposal.found)
    return found


def names(proposal: Proposal, document: Document | None, voice: Voice) -> str:
    """What a proposal is about: the region and its partner, or the region alone."""
    known = {"region": proposal.region, **(document or {})}
    if proposal.document_kind == "cooperation" and not known.get("foreign_parties"):
        return _("%(region)s: partner not named yet", region=voice.region(known["region"]))
    return named(known, voice)


def named(document: Document, voice: Voice) -> str:
    """The names of a document: the region and its partners, or the region alone."""
    region = voice.region(str(document["region"]))
    partners = [voice.plain(party["short"]) for party in document.get("foreign_parties", []) if "short" in party]
    return _("%(region)s and %(partner)s", region=region, partner=listed(partners)) if partners else region


def kind(proposal: Proposal) -> str:
    """What is proposed, in words."""
    return word(desk.KINDS, proposal.kind)


def state(proposal: Proposal) -> dict[str, str]:
    """The tag of the state."""
    return {"label": word(desk.STATES, proposal.state), "tone": desk.STATES[proposal.state].extra["tone"]}


def meaning(proposal: Proposal) -> str:
    """What the state means."""
    message = MEANINGS[proposal.state]
    return _(message)


def gone(proposal: Proposal, stands: Standing, voice: Voice) -> dict[str, str] | None:
    """That the record of an open proposal does not stand any more: its last title, and what became of it."""
    if proposal.state in moderation.CLOSED or not stands.is_over(proposal.kind):
        return None
    last = publications.newest(proposal.subject)
    if last is None:
        return None
    return {"title": voice.plain(last.document["title"]), "fate": fate(last), "url": subject_url(proposal.subject)}


def edit_url(proposal: Proposal) -> str:
    """Where the author goes on writing; empty for what is made by a moderator's act."""
    if proposal.kind == _REPLY:
        return url_for("proposals.reply", usulan=proposal.id)
    if proposal.kind in _OF_MODERATORS:
        return ""
    return url_for("proposing.edit", proposal_id=proposal.id)


def subject_url(subject: str) -> str:
    """The public page of a record or region; empty where there is none yet."""
    if subject.startswith("KS-"):
        return url_for("cooperation.bare", subject=subject)
    region = places.regions().get(subject)
    return url_for("regions.show", slug=region.slug) if region else ""


def role(code: str, office: str) -> str:
    """Who, by role and office."""
    known = words.AUTHOR_ROLES.get(code)
    return ", ".join(text for text in (str(_(known.label)) if known else code, office) if text)


def story(
    proposal: Proposal, moves: Sequence[Decision], revisions: Mapping[int, Revision], voice: Voice
) -> list[dict[str, Any]]:
    """Every move as the page tells it, the latest first."""
    return [_move(one, proposal, revisions, voice) for one in reversed(moves)]


def _move(one: Decision, proposal: Proposal, revisions: Mapping[int, Revision], voice: Voice) -> dict[str, Any]:
    made, done = revisions.get(one.revision or 0), DONE[one.move]
    return {
        "when": moment(one.at),
        "what": _(done),
        "by": role(one.role, one.office),
        "note": formatting.lines(one.note),
        "change_note": formatting.lines(one.change_note),
        "reason": formatting.lines(one.reason),
        "fields": comments(one, proposal, voice),
        "revision": _("Revision %(number)s", number=made.number) if made else "",
        "revision_url": _revision_url(made) if made else "",
    }


def _revision_url(made: Revision) -> str:
    if made.kind != "cooperation":
        return ""
    return url_for("cooperation.compare", subject=made.subject, dari=max(made.number - 1, 1), ke=made.number)


def comments(one: Decision, proposal: Proposal, voice: Voice) -> list[dict[str, str]]:
    """What was said of single fields: the field, the verdict and the comment."""
    said = json.loads(one.fields)
    edits = {edit.key: edit for edit in proposal.found}
    told = []
    for key, choice in said.items():
        if not choice.get("verdict"):
            continue
        label = _field(key, choice, edits, proposal, voice)
        done = _DONE[choice["verdict"]]
        told.append({"label": label, "verdict": _(done), "text": choice.get("comment", "")})
    return told


def _field(
    key: str, choice: Mapping[str, Any], edits: Mapping[str, amending.Edit], proposal: Proposal, voice: Voice
) -> str:
    if choice.get("path"):
        return amendments.named(choice["path"], choice.get("item"), voice, proposal.document_kind)
    edit = edits.get(key)
    if edit is None:
        return _("Field %(key)s", key=key)
    item = edit.item if edit.item is not None else edit.new if edit.new is not None else edit.old
    return amendments.named(edit.path, item, voice, proposal.document_kind)


def thread(found: Sequence[Message], reader: int) -> list[dict[str, Any]]:
    """The talk: when, who by role and office, what; the reader's own messages marked."""
    return [
        {"id": one.id, "when": moment(one.at), "by": role(one.role, one.office), "text": formatting.lines(one.text),
         "own": one.by == reader}
        for one in found
    ]  # fmt: skip


def rows(proposal: Proposal, before: Document, edits: Sequence[amending.Edit], voice: Voice) -> list[dict[str, Any]]:
    """What is proposed, as everybody sees it who may."""
    return amendments.rows(before, edits, voice, proposal.document_kind, proposal.found)


def changed_since(old: Document | None, stands: Standing, proposal: Proposal, voice: Voice) -> list[str]:
    """The fields that others changed since the proposal was begun, by name."""
    if old is None or stands.document is None:
        return []
    edits = amending.edits(old, stands.document, proposal.document_kind)
    found = [row["label"] for row in amendments.rows(old, edits, voice, proposal.document_kind)]
    return list(dict.fromkeys(found))


def problem(path: str, message: str, values: Mapping[str, str], proposal: Proposal, voice: Voice) -> dict[str, str]:
    """What is wrong with a field, with the way to it on the form."""
    fields = amendments.trail([step.split("[")[0] for step in path.split(".")], proposal.document_kind)
    label = " › ".join(str(_(field.label)) for field in fields)
    text = _(message) % dict(values)
    url = edit_url(proposal)
    return {"text": f"{label}: {text}" if label else text, "url": f"{url}#{fields[0].name}" if url and fields else url}


def page_url(proposal_id: int) -> str:
    """The page of a proposal."""
    return url_for("proposals.show", proposal_id=proposal_id)
