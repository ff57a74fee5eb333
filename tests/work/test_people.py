"""Who changes what people may do, and does it hold at once? Roles, offices, and the last one who lets others in."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from portal.accounts import people, sittings
from portal.accounts.people import NobodyThere, Post, Refused
from portal.extensions import db
from portal.models import Account, Act, Agency, Letter
from portal.permissions import NotAllowed
from tests.people import People, Person


@pytest.fixture
def staff(fresh_people: People, fresh_app_context: Any) -> People:
    """The people of the tests, with the application at hand."""
    return fresh_people


def account(person: Person) -> Account:
    found = db.session.get(Account, person.id)
    assert found is not None
    return found


def acts() -> list[tuple[int | None, str, str, str]]:
    found = db.session.execute(select(Act).order_by(Act.id)).scalars()
    return [(act.by, act.what, act.about, act.detail) for act in found]


def begin(person: Person) -> str:
    token = sittings.begin(db.session(), account(person))
    db.session.commit()
    return token


def lives(token: str) -> bool:
    db.session.expire_all()
    return sittings.live(db.session(), token) is not None


def test_another_role_ends_the_sign_ins_at_once_and_is_written_down_and_told(staff: People) -> None:
    token = begin(staff.clerk)
    post = Post("coordinator", staff.coordinator.agency)
    people.change(account(staff.admin), staff.clerk.id, "Pegawai Clerk", "id", post)
    assert not lives(token)
    changed = account(staff.clerk)
    assert (changed.role, changed.agency_id, changed.regions) == ("coordinator", staff.coordinator.agency, "33.10")
    detail = "role: agency_clerk > coordinator; office: Dinas Uji > Bagian Kerja Sama"
    assert acts() == [(staff.admin.id, "change_role", f"account {staff.clerk.id}", detail)]
    assert db.session.execute(select(Letter.recipient)).scalars().all() == [staff.clerk.email]


def test_another_name_ends_nothing(staff: People) -> None:
    token = begin(staff.clerk)
    people.change(account(staff.admin), staff.clerk.id, "Nama Lain", "en", Post("agency_clerk", staff.clerk.agency))
    assert lives(token)
    assert (account(staff.clerk).name, account(staff.clerk).language) == ("Nama Lain", "en")
    assert [what for _by, what, _about, _detail in acts()] == ["change_account"]


def test_nothing_changed_is_nothing_written(staff: People) -> None:
    post = Post("agency_clerk", staff.clerk.agency)
    people.change(account(staff.admin), staff.clerk.id, "Pegawai Clerk", "id", post)
    assert acts() == []


def test_fewer_provinces_are_another_reach(staff: People) -> None:
    token = begin(staff.moderator)
    post = Post("moderator", staff.moderator.agency, ("35",))
    people.change(account(staff.admin), staff.moderator.id, "Pegawai Moderator", "id", post)
    assert not lives(token)
    assert account(staff.moderator).actor.regions == {"35"}


def test_a_disabled_account_is_out_at_once_and_comes_back_only_by_hand(staff: People) -> None:
    token = begin(staff.clerk)
    people.set_active(account(staff.admin), staff.clerk.id, active=False)
    assert not lives(token)
    people.set_active(account(staff.admin), staff.clerk.id, active=True)
    assert not lives(token)
    assert [what for _by, what, _about, _detail in acts()] == ["disable", "enable"]


def test_a_closed_office_lets_nobody_in_and_an_open_one_does(staff: People) -> None:
    token = begin(staff.clerk)
    people.set_agency_open(account(staff.admin), staff.clerk.agency, is_open=False)
    assert not lives(token)
    assert not lives(begin(staff.clerk))
    people.set_agency_open(account(staff.admin), staff.clerk.agency, is_open=True)
    assert lives(begin(staff.clerk))


CHANGES: list[Callable[[Account, Person], object]] = [
    lambda by, whom: people.change(by, whom.id, "Nama", "id", Post("administrator", whom.agency)),
    lambda by, whom: people.set_active(by, whom.id, False),
    lambda by, whom: people.sign_out(by, whom.id),
    lambda by, whom: people.add_agency(by, "Dinas Baru", "33.10"),
    lambda by, whom: people.rename_agency(by, whom.agency, "Dinas Baru"),
    lambda by, whom: people.set_agency_open(by, whom.agency, False),
]


@pytest.mark.parametrize("act", CHANGES)
@pytest.mark.parametrize("who", ["clerk", "colleague", "stranger", "coordinator", "moderator", "second", "distant"])
def test_only_administrators_change_people_and_offices(staff: People, who: str, act: Callable[..., object]) -> None:
    with pytest.raises(NotAllowed):
        act(account(getattr(staff, who)), staff.clerk)
    db.session.rollback()
    assert acts() == []


def test_nobody_changes_or_disables_their_own_account(staff: People) -> None:
    by = account(staff.admin)
    with pytest.raises(NotAllowed):
        people.change(by, staff.admin.id, "Nama", "id", Post("moderator", staff.admin.agency))
    with pytest.raises(NotAllowed):
        people.set_active(by, staff.admin.id, active=False)
    with pytest.raises(Refused):
        people.set_agency_open(by, staff.admin.agency, is_open=False)


def _second_administrator(staff: People) -> Account:
    people.change(account(staff.admin), staff.second.id, "Pegawai", "id", Post("administrator", staff.second.agency))
    return account(staff.second)


def test_one_of_two_administrators_may_go(staff: People) -> None:
    other = _second_administrator(staff)
    people.set_active(other, staff.admin.id, active=False)
    assert not account(staff.admin).active


def test_the_last_administrator_who_can_sign_in_stays(staff: People) -> None:
    """A second one whose office is closed does not count."""
    other = _second_administrator(staff)
    people.set_agency_open(account(staff.admin), staff.second.agency, is_open=False)
    for leave in (
        lambda: people.set_active(other, staff.admin.id, active=False),
        lambda: people.change(other, staff.admin.id, "Nama", "id", Post("moderator", staff.admin.agency)),
        lambda: people.set_agency_open(other, staff.admin.agency, is_open=False),
    ):
        with pytest.raises(Refused):
            leave()
        assert account(staff.admin).is_active


def test_two_administrators_cannot_send_each_other_away_at_once(staff: People, fresh_app: Any) -> None:
    _second_administrator(staff)
    ready = threading.Barrier(2)
    refused: list[Exception] = []

    def disable(by: int, whom: int) -> None:
        with fresh_app.app_context():
            actor = db.session.get(Account, by)
            assert actor is not None
            _ = actor.actor, actor.agency
            db.session.expunge_all()
            db.session.rollback()
            ready.wait(10)
            try:
                people.set_active(actor, whom, active=False)
            except (Refused, NotAllowed) as problem:
                refused.append(problem)

    pairs = [(staff.admin.id, staff.second.id), (staff.second.id, staff.admin.id)]
    threads = [threading.Thread(target=disable, args=pair) for pair in pairs]
    db.session.remove()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    active = [one.id for one in (account(staff.admin), account(staff.second)) if one.active]
    assert len(active) == 1
    assert len(refused) == 1


def test_an_unknown_account_or_office_is_nobody(staff: People) -> None:
    by = account(staff.admin)
    for act in (
        lambda: people.change(by, 99999, "Nama", "id", Post("moderator", staff.admin.agency)),
        lambda: people.set_active(by, 99999, active=False),
        lambda: people.sign_out(by, 99999),
        lambda: people.rename_agency(by, 99999, "Nama"),
        lambda: people.set_agency_open(by, 99999, is_open=False),
    ):
        with pytest.raises(NobodyThere):
            act()


@pytest.mark.parametrize(
    ("name", "region", "field"),
    [("", "33.10", "name"), ("x" * 301, "33.10", "name"), ("Dinas\u200b Baru", "33.10", "name"),
     ("Dinas Baru", "99.99", "region"), (" dinas  UJI ", "33.10", "name")],
)  # fmt: skip
def test_an_office_needs_a_name_of_its_own_and_a_region_that_exists(
    staff: People, name: str, region: str, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        people.add_agency(account(staff.admin), name, region)
    assert [problem.path for problem in refused.value.problems] == [field]


def test_an_office_is_added_and_renamed(staff: People) -> None:
    added = people.add_agency(account(staff.admin), "  Dinas  Baru ", "33.14")
    people.rename_agency(account(staff.admin), added.id, "Dinas Lebih Baru")
    assert db.session.get(Agency, added.id).name == "Dinas Lebih Baru"  # type: ignore[union-attr]
    assert [(what, detail) for _by, what, _about, detail in acts()] == [
        ("add_agency", "Dinas Baru; 33.14"), ("rename_agency", "Dinas Baru > Dinas Lebih Baru"),
    ]  # fmt: skip


def test_the_same_name_is_free_in_another_region(staff: People) -> None:
    assert people.add_agency(account(staff.admin), "Dinas Uji", "33.72").id
