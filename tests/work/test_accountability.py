"""Do the numbers of moderation say what was decided, in the right month, and nothing more?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal import accountability, editorial
from portal.editorial import drafting
from portal.extensions import db
from portal.models import Decision, Proposal, Tip
from tests import moves
from tests.counting import statements
from tests.people import People


class Clock:
    """A clock that tests set: what the desk does happens then."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.now = datetime(2026, 3, 31, 10, 0, tzinfo=UTC)
        patch.setattr(drafting, "stamp", self.stamp)

    def stamp(self, later: timedelta = timedelta()) -> str:
        return (self.now + later).strftime("%Y-%m-%dT%H:%M:%SZ")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.mark.usefixtures("fresh_app_context")
def test_nothing_yet_is_an_empty_month() -> None:
    found = accountability.account(datetime(2026, 4, 2, tzinfo=UTC))
    assert [month.name for month in found.months] == ["2026-04"]
    assert (found.proposals.number, found.proposals.oldest, found.months[0].median_days) == (0, None, None)
    assert found.provinces == {}


@pytest.mark.usefixtures("fresh_app_context")
def test_a_proposal_is_counted_where_it_was_sent_and_where_it_was_decided(clock: Clock, fresh_people: People) -> None:
    first = moves.sent(fresh_people.stranger, "Ringkasan satu.")
    clock.now += timedelta(days=2)
    moves.decided(fresh_people.moderator, first, whole="return")
    clock.now += timedelta(days=4)
    editorial.submit(moves.account(fresh_people.stranger), first.id)
    clock.now += timedelta(days=10)
    found = accountability.account(clock.now + timedelta(hours=30))
    assert [month.name for month in found.months] == ["2026-04", "2026-03"]
    april, march = found.months
    assert march.proposals == {"received": 1}
    assert april.proposals == {"returned": 1}
    assert april.median_days == 2.0
    assert (found.proposals.number, found.proposals.oldest) == (1, 11)
    moves.decided(fresh_people.moderator, first, whole="reject")
    found = accountability.account(clock.now)
    assert found.months[0].proposals == {"returned": 1, "rejected": 1}
    assert found.months[0].median_days == 6.0
    assert found.provinces == {"33": {"received": 1, "returned": 1, "rejected": 1}}
    assert found.proposals == accountability.Waiting(0, None)


@pytest.mark.usefixtures("fresh_app_context")
def test_a_month_begins_at_midnight_in_western_indonesia(clock: Clock, fresh_people: People) -> None:
    clock.now = datetime(2026, 3, 31, 17, 0, tzinfo=UTC)
    moves.sent(fresh_people.stranger, "Ringkasan.")
    assert accountability.account(clock.now).months[0].name == "2026-04"


@pytest.mark.usefixtures("fresh_app_context")
def test_what_was_undone_or_never_sent_is_not_counted(clock: Clock, fresh_people: People) -> None:
    draft = moves.drafted(fresh_people.stranger, "Tidak pernah dikirim.")
    editorial.take_back(moves.account(fresh_people.stranger), draft.id)
    sent = moves.sent(fresh_people.stranger, "Ringkasan.")
    moves.decided(fresh_people.moderator, sent)
    assert accountability.account(clock.now).months[0].proposals == {"received": 1, "published": 1}
    before = db.session.get(Proposal, sent.id)
    assert before is not None
    _write(sent, "undo", "published", "submitted", clock.stamp())
    assert accountability.account(clock.now).months[0].proposals == {"received": 1}


def _write(proposal: Proposal, move: str, before: str, after: str, at: str) -> None:
    """One more decision, as the desk writes it."""
    last = db.session.query(Decision).filter_by(proposal_id=proposal.id).order_by(Decision.id.desc()).first()
    assert last is not None
    values = {"fields": "{}", "note": "", "change_note": "", "reason": "", "revision": None}
    db.session.add(
        Decision(
            proposal_id=proposal.id, move=move, before=before, after=after, by=last.by, role=last.role,
            office=last.office, at=at, **values,
        )
    )  # fmt: skip
    db.session.commit()


@pytest.mark.usefixtures("fresh_app_context")
def test_tips_are_counted_by_what_became_of_them() -> None:
    for number, (state, closed) in enumerate([("new", None), ("accepted", "2026-02-10T00:00:00Z"), ("new", None)]):
        db.session.add(
            Tip(
                receipt=f"K-{number}", once=f"{number}", kind="correction", subject="KS-0005", region="33.14", page="",
                text="Salah", evidence="", contact="", language="id", state=state, version=1,
                created=f"2026-01-{number + 1:02}T00:00:00Z", due="2026-01-20", extended="", answer="", closed=closed,
                handled_by=None,
            )
        )  # fmt: skip
    db.session.commit()
    found = accountability.account(datetime(2026, 2, 11, tzinfo=UTC))
    assert [(month.name, dict(month.tips)) for month in found.months] == [
        ("2026-02", {"accepted": 1}),
        ("2026-01", {"received": 3}),
    ]
    assert (found.tips.number, found.tips.oldest) == (2, 41)


@pytest.mark.usefixtures("fresh_app_context")
def test_only_what_waits_is_said_to_wait(fresh_people: People) -> None:
    assert accountability.waiting_for("KS-0005") == 0
    moves.drafted(fresh_people.stranger, "Masih draf.")
    assert accountability.waiting_for("KS-0005") == 0
    sent = moves.sent(fresh_people.stranger, "Terkirim.")
    assert (accountability.waiting_for("KS-0005"), accountability.waiting_for("KS-0001")) == (1, 0)
    moves.decided(fresh_people.moderator, sent, whole="return")
    assert accountability.waiting_for("KS-0005") == 0


@pytest.mark.usefixtures("fresh_app_context")
def test_the_account_costs_the_same_whatever_there_is(fresh_app: Any, fresh_people: People) -> None:
    with statements(fresh_app) as empty:
        accountability.account()
    moves.decided(fresh_people.moderator, moves.sent(fresh_people.stranger, "Satu."))
    moves.sent(fresh_people.stranger, "Dua.")
    with statements(fresh_app) as full:
        accountability.account()
    assert [sum(one.startswith("SELECT") for one in seen) for seen in (empty, full)] == [4, 4]


@pytest.mark.usefixtures("fresh_app_context")
def test_the_last_months_alone_say_the_same_of_themselves(clock: Clock, fresh_people: People) -> None:
    clock.now = datetime(2025, 12, 20, 10, 0, tzinfo=UTC)
    early = moves.sent(fresh_people.stranger, "Ringkasan satu.")
    clock.now = datetime(2026, 3, 1, 10, 0, tzinfo=UTC)
    moves.decided(fresh_people.moderator, early, whole="reject")
    moves.sent(fresh_people.stranger, "Ringkasan dua.")
    whole, some = accountability.account(clock.now), accountability.account(clock.now, 2)
    assert [month.name for month in whole.months] == ["2026-03", "2026-02", "2026-01", "2025-12"]
    assert list(some.months) == list(whole.months[:1])
    assert some.provinces == {"33": {"received": 1, "rejected": 1}}
    assert (some.older, whole.older, accountability.account(clock.now, 4).older) == (True, False, False)
    assert accountability.account(clock.now, 4).months == whole.months


@pytest.mark.parametrize(
    ("most", "since"), [(1, "2026-02-28T17:00:00Z"), (3, "2025-12-31T17:00:00Z"), (4, "2025-11-30T17:00:00Z")]
)
def test_the_last_months_begin_at_midnight_too(most: int, since: str) -> None:
    assert accountability._beginning(datetime(2026, 3, 31, 12, tzinfo=UTC), most) == since
