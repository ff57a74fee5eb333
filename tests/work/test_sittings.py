"""Does a sign-in last as long as it may for its role, and end at once where it must?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from portal.accounts import sittings
from portal.extensions import db, utc_now
from portal.models import Account, Agency, SignIn
from tests.people import People, Person


@pytest.fixture
def at_work(fresh_app: Any, fresh_people: People) -> Iterator[People]:
    with fresh_app.app_context():
        yield fresh_people


def begin(who: Person) -> str:
    account = db.session.get(Account, who.id)
    assert account is not None
    token = sittings.begin(db.session(), account, "Firefox, Linux", "192.0.2.7")
    db.session.commit()
    return token


def holds(token: str, later: timedelta = timedelta()) -> bool:
    db.session.rollback()
    return sittings.live(db.session(), token, utc_now() + later) is not None


def use_until(token: str, moment: datetime) -> None:
    db.session.execute(update(SignIn).values(seen=moment.strftime("%Y-%m-%dT%H:%M:%SZ")))
    db.session.commit()


def test_every_sign_in_has_an_id_of_256_bits_that_nobody_can_read_in_the_table(at_work: People) -> None:
    tokens = {begin(at_work.clerk) for _ in range(5)}
    assert len(tokens) == 5
    assert all(len(token) >= 43 for token in tokens)
    kept = set(db.session.execute(select(SignIn.token_hash)).scalars())
    assert not kept & tokens


@pytest.mark.parametrize(("name", "idle", "longest"), [("moderator", 0.5, 12), ("admin", 0.5, 12), ("clerk", 8, 168)])
def test_it_idles_and_lasts_as_long_as_the_role_allows(at_work: People, name: str, idle: float, longest: float) -> None:
    token = begin(getattr(at_work, name))
    minute = timedelta(minutes=1)
    assert holds(token, timedelta(hours=idle) - minute)
    assert not holds(token, timedelta(hours=idle) + minute)
    use_until(token, utc_now() + timedelta(hours=longest))
    assert holds(token, timedelta(hours=longest) - minute)
    assert not holds(token, timedelta(hours=longest) + minute)


def test_an_ended_one_holds_no_more(at_work: People) -> None:
    token = begin(at_work.clerk)
    sittings.end_token(db.session(), token)
    db.session.commit()
    assert not holds(token)


def test_all_of_an_account_end_but_the_one_that_is_meant_to_stay(at_work: People) -> None:
    first, second, other = begin(at_work.clerk), begin(at_work.clerk), begin(at_work.colleague)
    assert sittings.end_all(db.session(), at_work.clerk.id, but=second) == 1
    db.session.commit()
    assert [holds(token) for token in (first, second, other)] == [False, True, True]


def test_nobody_ends_the_sign_in_of_somebody_else(at_work: People) -> None:
    token = begin(at_work.colleague)
    number = db.session.execute(select(SignIn.id)).scalar_one()
    assert not sittings.end(db.session(), at_work.clerk.id, number)
    assert holds(token)


def test_a_new_id_makes_the_old_one_worthless(at_work: People) -> None:
    old = begin(at_work.clerk)
    new = sittings.renew(db.session(), old)
    db.session.commit()
    assert (holds(old), holds(new)) == (False, True)


def test_a_disabled_account_and_a_closed_office_hold_no_sign_in(at_work: People) -> None:
    clerk, colleague = begin(at_work.clerk), begin(at_work.colleague)
    db.session.execute(update(Account).where(Account.id == at_work.clerk.id).values(active=False))
    db.session.execute(update(Agency).where(Agency.id == at_work.colleague.agency).values(active=False))
    db.session.commit()
    assert (holds(clerk), holds(colleague)) == (False, False)


def test_its_use_is_written_down_once_a_minute_while_pages_only_read(fresh_app: Any, fresh_people: People) -> None:
    from tests.people import signed_in

    client = signed_in(fresh_app, fresh_people.clerk)
    with fresh_app.app_context():
        use_until("", utc_now() - timedelta(minutes=5))
    client.get("/akun")
    with fresh_app.app_context():
        seen = db.session.execute(select(SignIn.seen)).scalar_one()
        assert seen >= (utc_now() - timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_database_that_cannot_be_written_costs_nobody_their_page(app: Any, people: People) -> None:
    from tests.people import signed_in

    assert signed_in(app, people.clerk).get("/akun").status_code == 200


def test_the_use_of_a_sign_in_waits_for_no_writer(fresh_app: Any, fresh_people: People) -> None:
    """Somebody else is writing: the page comes all the same, and soon."""
    import time

    from tests.people import signed_in

    client = signed_in(fresh_app, fresh_people.clerk)
    with fresh_app.app_context():
        use_until("", utc_now() - timedelta(minutes=5))
        db.session.execute(update(SignIn).values(agent="held"))
        db.session.flush()
        began = time.monotonic()
        status = client.get("/akun").status_code
        took = time.monotonic() - began
        db.session.rollback()
    assert status == 200
    assert took < 3


def test_the_sign_in_before_the_present_one_is_known(at_work: People) -> None:
    begin(at_work.moderator)
    first = sittings.live(db.session(), begin(at_work.clerk))
    assert first is not None
    assert sittings.previous(db.session(), first[0]) is None
    db.session.execute(update(SignIn).where(SignIn.id == first[0].id).values(begun="2026-01-02T03:04:05Z"))
    second = sittings.live(db.session(), begin(at_work.clerk))
    assert second is not None
    assert sittings.previous(db.session(), second[0]) == "2026-01-02T03:04:05Z"
