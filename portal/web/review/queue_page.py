"""What waits for a moderator? The queue, oldest first, within the own provinces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy import func, select

from portal import desk, permissions, places
from portal.editorial import queueing, withheld
from portal.editorial.queueing import Wanted
from portal.extensions import db, moment, stamp, today, utc_now
from portal.models import Account, Proposal, Tip
from portal.permissions import Thing
from portal.web import formatting, paging
from portal.web.access import needs, own_account
from portal.web.language import current_language
from portal.web.proposals import telling
from portal.web.review import judging
from portal.web.review.blueprint import pages
from portal.web.review.decisions import decided_before
from portal.web.review.screen import opened, why_not
from portal.web.voice import Voice, voice, word

PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """How the queue was asked for: narrowed, and which page of it."""

    wanted: Wanted
    page: int

    @property
    def narrowed(self) -> bool:
        return self.wanted != Wanted()


@pages.page("/moderasi")
@needs("see_queue")
def index() -> ResponseReturnValue:
    """The queue; ``jenis``, ``prov`` and ``milik`` narrow it, ``hal`` turns its pages."""
    by, session = own_account(), db.session()
    asked = _asked()
    found, total = queueing.waiting(session, by, asked.wanted, PER_PAGE, (asked.page - 1) * PER_PAGE)
    if moved := paging.elsewhere(min(asked.page, paging.last(total, PER_PAGE))):
        return moved
    return render_template(
        "review/index.html",
        rows=_rows(by, found),
        total=total,
        counted=ngettext("%(num)s proposal waits", "%(num)s proposals wait", total),
        asked=asked,
        kinds=[(code, word(desk.KINDS, code)) for code in desk.KINDS],
        provinces=_provinces(by),
        pager=_pager(asked, total),
        flash=decided_before(by),
        tips=_tips(by),
        due=_due(by),
        now=telling.moment(stamp()),
    )


def _asked() -> Asked:
    kind, province = request.args.get("jenis", ""), request.args.get("prov", "")
    return Asked(
        Wanted(
            kind if kind in desk.KINDS else "",
            province if province in {one.code for one in places.provinces()} else "",
            request.args.get("milik") == "1",
        ),
        paging.asked(),
    )


def _rows(by: Account, found: Sequence[Proposal]) -> list[dict[str, Any]]:
    """The proposals as lines; what they need of the database is read for all of them at once."""
    session, said = db.session(), voice()
    documents, stands = telling.documents(found), queueing.standings(session, found)
    beside = judging.besides(session, [(one, stands[one.id]) for one in found])
    free = queueing.free_for(session, by, found)
    rows = []
    for one in found:
        gone = stands[one.id].is_over(one.kind)
        checks = [] if gone else judging.findings(session, one, stands[one.id], beside[one.id])
        rows.append({
            **_row(by, one, documents[one.id], said),
            "checks": _("the record does not stand any more") if gone else judging.counted(checks, stands[one.id]),
            "why_not": "" if one.id in free else why_not(by, one),
        })  # fmt: skip
    return rows


def _row(by: Account, proposal: Proposal, document: Any, said: Voice) -> dict[str, Any]:
    return {
        "url": url_for("review.show", proposal_id=proposal.id),
        "names": telling.names(proposal, document, said),
        "office": proposal.agency.name,
        "receipt": proposal.receipt,
        "kind": telling.kind(proposal),
        "waiting": waited(proposal.submitted or proposal.changed),
        "sent": telling.moment(proposal.submitted or proposal.changed),
        "state": telling.state(proposal),
        "opened": opened(by, proposal),
        "mine": proposal.opened_by == by.id,
    }


def waited(since: str) -> str:
    """How long something waits: in days, on the first day in hours."""
    passed = utc_now() - moment(since)
    if passed.days:
        return ngettext("%(num)s day", "%(num)s days", passed.days)
    hours = int(passed.total_seconds() // 3600)
    return ngettext("%(num)s hour", "%(num)s hours", hours) if hours else _("less than an hour")


def _provinces(by: Account) -> list[tuple[str, str]]:
    """The provinces this moderator reaches."""
    reach = by.actor.regions
    return [(one.code, one.called(current_language())) for one in places.provinces() if not reach or one.code in reach]


def _pager(asked: Asked, total: int) -> dict[str, Any] | None:
    page, last = asked.page, paging.last(total, PER_PAGE)
    if last < 2:
        return None
    return {
        "text": _("Page %(n)s", n=page),
        "previous": _url(asked, page - 1) if page > 1 else "",
        "next": _url(asked, page + 1) if page < last else "",
    }


def _url(asked: Asked, page: int) -> str:
    wanted = asked.wanted
    query: dict[str, Any] = {
        "jenis": wanted.kind,
        "prov": wanted.province,
        "milik": "1" if wanted.mine else "",
        paging.PAGE: page if page > 1 else 0,
    }
    return url_for("review.index", **{name: value for name, value in query.items() if value})


def _due(by: Account) -> list[dict[str, str]]:
    """The records in reach with something withheld that is to be looked at again: names, day and where to act."""
    return [
        {
            "names": f"{one.subject}, {telling.named(one.document, voice())}",
            "day": formatting.written(one.review_on),
            "url": url_for("review_acts.show", subject=one.subject),
        }
        for one in withheld.due(db.session(), today())
        if permissions.can(by.actor, "ask_withholding", Thing(one.region, by.agency_id))
    ]


def _tips(by: Account) -> int | None:
    """How many tips are open in the own provinces; None for who has nothing to do with them."""
    if not permissions.can(by.actor, "handle_tips"):
        return None
    open_states = [code for code in desk.TIP_STATES if desk.TIP_STATES[code].extra["open"] == "1"]
    wanted = select(func.count()).select_from(Tip).where(Tip.state.in_(open_states))
    if by.actor.regions:
        wanted = wanted.where(func.substr(Tip.region, 1, 2).in_(sorted(by.actor.regions)))
    return db.session.execute(wanted).scalar_one()
