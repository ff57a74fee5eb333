"""How does somebody come to work here? By a link that works once, in time, for one person – and in no other way."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select, update

from portal.accounts import invitations, people, sittings
from portal.accounts.invitations import Guest, Sent
from portal.accounts.people import NobodyThere, Post, Refused
from portal.extensions import db, stamp
from portal.models import Account, Act, Invitation, Letter
from portal.permissions import NotAllowed
from tests.people import People, Person

PASSWORD = "kambing naik sepeda ungu"
GUEST = Guest("Baru@Uji.example", "Pegawai Baru", "id")


@pytest.fixture
def staff(fresh_people: People, fresh_app_context: Any) -> People:
    """The people of the tests, with the application at hand."""
    fresh_app_context.app.config["PUBLIC_URL"] = "https://portal.example"
    return fresh_people


def account(person: Person) -> Account:
    found = db.session.get(Account, person.id)
    assert found is not None
    return found


def letters(recipient: str) -> list[Letter]:
    return list(db.session.execute(select(Letter).where(Letter.recipient == recipient).order_by(Letter.id)).scalars())


def acts() -> list[tuple[int | None, str, str]]:
    return [(act.by, act.what, act.about) for act in db.session.execute(select(Act).order_by(Act.id)).scalars()]


def invite(staff: People, **more: Any) -> Sent:
    by = more.pop("by", staff.admin)
    post = more.pop("post", Post("agency_clerk", staff.clerk.agency))
    return invitations.invite(account(by) if by else None, more.pop("guest", GUEST), post)


def test_an_invitation_becomes_an_account(staff: People) -> None:
    sent = invite(staff)
    made = invitations.accept(sent.token, "  Pegawai   Baru ", PASSWORD)
    assert (made.email, made.name, made.role) == ("baru@uji.example", "Pegawai Baru", "agency_clerk")
    assert (made.agency_id, made.regions, made.language) == (staff.clerk.agency, "33.10", "id")
    assert made.active
    assert not made.demo
    assert made.password is not None
    assert made.password.startswith("$argon2id$")
    assert acts()[-1] == (made.id, "accept_invitation", f"invitation {sent.invitation.id}")


def test_the_letter_holds_the_link_and_the_database_only_its_hash(staff: People) -> None:
    sent = invite(staff, guest=Guest("baru@uji.example", "Pegawai Baru", "en"))
    (letter,) = letters("baru@uji.example")
    assert f"https://portal.example/en/undangan/{sent.token}" in letter.body
    assert "Pegawai Baru" not in letter.body + letter.subject
    assert len(sent.token) >= 43
    kept = db.session.get(Invitation, sent.invitation.id)
    assert kept is not None
    assert sent.token not in {str(getattr(kept, column.key)) for column in Invitation.__table__.columns}
    assert re.fullmatch(r"[0-9a-f]{64}", kept.token_hash)


def used(sent: Sent, _staff: People) -> None:
    invitations.accept(sent.token, "Pegawai Baru", PASSWORD)


def revoked(sent: Sent, staff: People) -> None:
    invitations.revoke(account(staff.admin), sent.invitation.id)


def expired(sent: Sent, _staff: People) -> None:
    db.session.execute(update(Invitation).where(Invitation.id == sent.invitation.id).values(expires=stamp()))
    db.session.commit()


def followed(_sent: Sent, staff: People) -> None:
    invite(staff)


def sent_again(sent: Sent, staff: People) -> None:
    invitations.resend(account(staff.admin), sent.invitation.id)


def sender_disabled(_sent: Sent, staff: People) -> None:
    people.change(account(staff.admin), staff.second.id, "Pegawai", "id", Post("administrator", staff.admin.agency))
    people.set_active(account(staff.second), staff.admin.id, active=False)


def office_closed(_sent: Sent, staff: People) -> None:
    people.set_agency_open(account(staff.admin), staff.clerk.agency, is_open=False)


ENDS: list[Callable[[Sent, People], None]] = [
    used, revoked, expired, followed, sent_again, sender_disabled, office_closed,
]  # fmt: skip


@pytest.mark.parametrize("end", ENDS)
def test_a_link_that_ended_makes_no_account(staff: People, end: Callable[[Sent, People], None]) -> None:
    sent = invite(staff)
    end(sent, staff)
    before = db.session.execute(select(func.count()).select_from(Account)).scalar_one()
    with pytest.raises(NobodyThere):
        invitations.pending(db.session(), sent.token)
    with pytest.raises(NobodyThere):
        invitations.accept(sent.token, "Pegawai Baru", PASSWORD)
    assert db.session.execute(select(func.count()).select_from(Account)).scalar_one() == before


def test_an_unknown_link_is_answered_like_one_that_ended(staff: People) -> None:
    with pytest.raises(NobodyThere) as unknown:
        invitations.accept("x" * 43, "Pegawai Baru", PASSWORD)
    sent = invite(staff)
    used(sent, staff)
    with pytest.raises(NobodyThere) as dead:
        invitations.accept(sent.token, "Pegawai Baru", PASSWORD)
    assert str(unknown.value) == str(dead.value) == ""


@pytest.mark.parametrize("wrong", ["pendek", "12345678901234567890", "pegawaibaru", "x" * 129])
def test_a_bad_password_leaves_the_invitation_open(staff: People, wrong: str) -> None:
    sent = invite(staff)
    with pytest.raises(Refused) as refused:
        invitations.accept(sent.token, "Pegawai Baru", wrong)
    assert [problem.path for problem in refused.value.problems] == ["password"]
    assert invitations.accept(sent.token, "Pegawai Baru", PASSWORD).id


def test_the_link_sent_again_works(staff: People) -> None:
    sent = invite(staff)
    again = invitations.resend(account(staff.admin), sent.invitation.id)
    assert again.token != sent.token
    assert invitations.accept(again.token, "Pegawai Baru", PASSWORD).email == "baru@uji.example"


def test_what_was_used_is_not_sent_again(staff: People) -> None:
    sent = invite(staff)
    used(sent, staff)
    with pytest.raises(Refused):
        invitations.resend(account(staff.admin), sent.invitation.id)


@pytest.mark.parametrize("email", ["", "nama", "a@b", "nama@kantor.test", "nama@kantor.local", "a b@kantor.example",
                                   "nama@kantor.example\nBcc: x@y.example", "x" * 250 + "@kantor.example"])  # fmt: skip
def test_what_is_no_mail_address_is_refused(staff: People, email: str) -> None:
    with pytest.raises(Refused) as refused:
        invite(staff, guest=Guest(email, "Pegawai", "id"))
    assert [problem.path for problem in refused.value.problems] == ["email"]
    assert acts() == []


def test_a_post_that_makes_no_sense_is_refused_field_by_field(staff: People) -> None:
    cases = {
        Post("", staff.clerk.agency): "role",
        Post("agency_clerk", 0): "agency",
        Post("agency_clerk", staff.admin.agency): "agency",  # a national office has no region
        Post("moderator", staff.admin.agency, ("99",)): "provinces",
        Post("moderator", staff.admin.agency, ("33.10",)): "provinces",
    }
    for post, field in cases.items():
        with pytest.raises(Refused) as refused:
            invite(staff, post=post)
        assert [problem.path for problem in refused.value.problems] == [field]


def test_reach_follows_from_role_and_office(staff: People) -> None:
    reaches = {
        Post("coordinator", staff.clerk.agency, ("35",)): "33.10",
        Post("moderator", staff.admin.agency, ("35", "33", "35")): "33 35",
        Post("moderator", staff.admin.agency): "",
        Post("administrator", staff.clerk.agency, ("35",)): "",
    }
    for post, regions in reaches.items():
        assert invite(staff, post=post).invitation.regions == regions


def test_a_coordinator_invites_clerks_of_the_own_region_and_nobody_else(staff: People) -> None:
    assert invite(staff, by=staff.coordinator).invitation.invited_by == staff.coordinator.id
    for post in (
        Post("agency_clerk", staff.stranger.agency),
        Post("agency_clerk", staff.admin.agency),
        Post("coordinator", staff.coordinator.agency),
        Post("moderator", staff.coordinator.agency),
        Post("administrator", staff.coordinator.agency),
    ):
        with pytest.raises(NotAllowed):
            invite(staff, by=staff.coordinator, post=post)


@pytest.mark.parametrize("who", ["clerk", "colleague", "stranger", "moderator", "second", "distant"])
def test_others_invite_nobody(staff: People, who: str) -> None:
    with pytest.raises(NotAllowed):
        invite(staff, by=getattr(staff, who))
    assert letters("baru@uji.example") == []


def test_a_coordinator_reaches_no_invitation_of_others(staff: People) -> None:
    foreign = [
        invite(staff, guest=Guest("satu@uji.example", "Satu", "id"), post=Post("agency_clerk", staff.stranger.agency)),
        invite(staff, guest=Guest("dua@uji.example", "Dua", "id"), post=Post("coordinator", staff.clerk.agency)),
    ]
    for sent in foreign:
        for act in (invitations.revoke, invitations.resend):
            with pytest.raises(NobodyThere):
                act(account(staff.coordinator), sent.invitation.id)
        assert invitations.pending(db.session(), sent.token)


def test_who_has_an_account_is_known_to_administrators_and_not_to_coordinators(staff: People) -> None:
    guest = Guest(staff.stranger.email.upper(), "Pegawai", "id")
    with pytest.raises(Refused) as refused:
        invite(staff, guest=guest)
    assert [problem.path for problem in refused.value.problems] == ["email"]
    sent = invite(staff, by=staff.coordinator, guest=guest)
    (letter,) = letters(staff.stranger.email)
    assert sent.token not in letter.body
    with pytest.raises(NobodyThere):
        invitations.accept(sent.token, "Pegawai", PASSWORD)


def test_who_invites_for_a_region_revokes_nothing_of_others_and_learns_nothing(staff: People) -> None:
    high = invite(staff, post=Post("administrator", staff.admin.agency))
    low = invite(staff, by=staff.coordinator)
    again = invite(staff, by=staff.coordinator)
    assert [invitations.is_open(one.invitation) for one in (high, low, again)] == [True, False, True]
    invitations.revoke(account(staff.coordinator), again.invitation.id)
    assert invitations.pending(db.session(), high.token).id == high.invitation.id
    invite(staff)
    db.session.refresh(high.invitation)
    assert not invitations.is_open(high.invitation)


def test_nobody_mails_the_world(staff: People) -> None:
    for number in range(invitations.MOST_A_DAY):
        invite(staff, by=staff.coordinator, guest=Guest(f"n{number}@uji.example", "Pegawai", "id"))
    with pytest.raises(Refused):
        invite(staff, by=staff.coordinator)
    assert invite(staff).invitation.id


def test_an_account_made_in_the_meantime_is_kept(staff: People) -> None:
    """The invitation dies; the password of the account there is stays as it is."""
    sent = invite(staff)
    other = account(staff.stranger)
    other.email = "baru@uji.example"
    db.session.commit()
    before = other.password
    with pytest.raises(NobodyThere):
        invitations.accept(sent.token, "Pegawai Baru", PASSWORD)
    db.session.expire_all()
    assert account(staff.stranger).password == before


def test_nobody_signs_in_with_an_invitation(staff: People) -> None:
    made = invitations.accept(invite(staff).token, "Pegawai Baru", PASSWORD)
    assert sittings.open_sittings(db.session(), made.id) == []


def test_everything_is_written_down_without_names(staff: People) -> None:
    sent = invite(staff)
    invitations.revoke(account(staff.admin), sent.invitation.id)
    about = f"invitation {sent.invitation.id}"
    assert acts() == [(staff.admin.id, "invite", about), (staff.admin.id, "revoke_invitation", about)]
    assert not any("@" in act.about + act.detail for act in db.session.execute(select(Act)).scalars())
