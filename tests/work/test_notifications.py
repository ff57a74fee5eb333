"""Is everybody told what concerns them, in their language – and nobody else, and nothing twice?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, select, update

from portal import config, desk, editorial, notifications
from portal.extensions import db, moment, stamp
from portal.models import Account, Decision, Letter, Proposal, Tip
from portal.notices import NOTICES
from portal.translating import catalogue
from tests import moves
from tests.people import SRAGEN, People, Person, agency, person

SECRET = "Hibah yang belum boleh dibaca siapa pun"


@pytest.fixture
def at_desk(fresh_app: Any, fresh_people: People) -> Iterator[Any]:
    """An application context in which letters lead to a public address."""
    fresh_app.config["PUBLIC_URL"] = "https://tautan.example"
    with fresh_app.app_context() as pushed:
        yield pushed


@pytest.fixture
def section(at_desk: Any, fresh_app: Any) -> Person:
    return moves.section(fresh_app)


def letters() -> list[Letter]:
    """What was written since the last call."""
    found = list(db.session.execute(select(Letter).order_by(Letter.id)).scalars())
    copies = [Letter(**{c.name: getattr(one, c.name) for c in Letter.__table__.columns}) for one in found]
    db.session.execute(delete(Letter))
    db.session.commit()
    return copies


def told() -> dict[str, str]:
    """Address and subject of what was written since the last call; each person gets one letter."""
    found = letters()
    assert len({one.recipient for one in found}) == len(found)
    return {one.recipient: one.subject for one in found}


def say(proposal: Proposal, message: str) -> str:
    return catalogue("id").gettext(message) % {"receipt": proposal.receipt}


# -- who hears ------------------------------------------------------------------------------------------------


def test_a_sent_proposal_is_told_to_the_region_and_to_the_moderators_in_reach(
    at_desk: Any, fresh_people: People, section: Person
) -> None:
    proposal = moves.sent(fresh_people.stranger, SECRET)
    assert told() == {
        section.email: say(proposal, NOTICES["support_wanted"].subject),
        fresh_people.moderator.email: say(proposal, NOTICES["to_decide"].subject),
        fresh_people.second.email: say(proposal, NOTICES["to_decide"].subject),
    }


def test_support_is_told_to_the_author_and_the_moderators(at_desk: Any, fresh_people: People, section: Person) -> None:
    proposal = moves.sent(fresh_people.stranger, SECRET)
    told()
    editorial.endorse(moves.account(section), proposal.id, proposal.version)
    assert set(told()) == {fresh_people.stranger.email, fresh_people.moderator.email, fresh_people.second.email}


@pytest.mark.parametrize(
    ("verdict", "whole", "author", "supporter"),
    [
        ("accept", "", "published", "supported_published"),
        ("", "return", "returned", "supported_returned"),
        ("", "reject", "rejected", "supported_rejected"),
    ],
)
def test_a_decision_is_told_to_author_and_supporter_and_its_comments_to_the_author_alone(
    at_desk: Any, fresh_people: People, section: Person, verdict: str, whole: str, author: str, supporter: str
) -> None:
    proposal = moves.sent(fresh_people.stranger, SECRET)
    editorial.endorse(moves.account(section), proposal.id, proposal.version)
    letters()
    moves.decided(fresh_people.moderator, proposal, verdict, whole, note="Mohon lampirkan\nsuratnya.")
    found = {one.recipient: one for one in letters()}
    assert {address: one.subject for address, one in found.items()} == {
        fresh_people.stranger.email: say(proposal, NOTICES[author].subject),
        section.email: say(proposal, NOTICES[supporter].subject),
    }
    assert "  Mohon lampirkan\n  suratnya." in found[fresh_people.stranger.email].body
    assert "lampirkan" not in found[section.email].body


def test_a_publication_that_is_undone_is_told(at_desk: Any, fresh_people: People) -> None:
    proposal = moves.sent(fresh_people.stranger, SECRET)
    moves.decided(fresh_people.moderator, proposal)
    letters()
    editorial.undo(moves.account(fresh_people.moderator), proposal.id)
    assert told() == {fresh_people.stranger.email: say(proposal, NOTICES["undone"].subject)}


def test_the_authors_of_open_proposals_hear_once_that_their_record_is_gone(
    at_desk: Any, fresh_people: People, section: Person
) -> None:
    open_one, draft = moves.sent(fresh_people.stranger, SECRET), moves.drafted(section, SECRET)
    editorial.submit(moves.account(fresh_people.moderator), _withdrawal(fresh_people.moderator))
    proposal = db.session.execute(select(Proposal).where(Proposal.kind == "withdraw")).scalar_one()
    letters()
    moves.decided(fresh_people.second, proposal)
    found = {one.recipient: one for one in letters()}
    message = NOTICES["record_gone"].subject
    assert found[fresh_people.stranger.email].subject == say(open_one, message)
    assert found[section.email].subject == say(draft, message)
    assert moves.PUBLIC in found[section.email].body
    assert found[fresh_people.moderator.email].subject != say(proposal, message), "whose own proposal it was"
    assert all(SECRET not in one.body for one in found.values())
    assert set(found) == {fresh_people.stranger.email, section.email, fresh_people.moderator.email}


def _withdrawal(by: Person) -> int:
    begun = editorial.start(moves.account(by), "withdraw", SRAGEN, moves.SUBJECT)
    return editorial.save(moves.account(by), begun.id, [], [], "Keliru.").id


def test_a_first_of_two_moderators_is_told_to_the_others(at_desk: Any, fresh_people: People, section: Person) -> None:
    by = moves.account(fresh_people.stranger)
    proposal = editorial.start(by, "withdraw", SRAGEN, moves.SUBJECT)
    editorial.save(by, proposal.id, [], [], note="Dicatat dua kali.")
    editorial.submit(by, proposal.id)
    letters()
    moves.decided(fresh_people.moderator, proposal)
    assert told() == {
        fresh_people.stranger.email: say(proposal, NOTICES["agreed_once"].subject),
        fresh_people.second.email: say(proposal, NOTICES["second_wanted"].subject),
    }


def test_taking_back_is_told_to_those_at_work_on_it_and_a_draft_to_nobody(
    at_desk: Any, fresh_people: People, section: Person
) -> None:
    proposal = moves.sent(fresh_people.stranger, SECRET)
    editorial.endorse(moves.account(section), proposal.id, proposal.version)
    opened = update(Proposal).where(Proposal.id == proposal.id).values(opened_by=fresh_people.second.id)
    db.session.execute(opened)
    db.session.commit()
    letters()
    editorial.take_back(moves.account(fresh_people.stranger), proposal.id)
    assert set(told()) == {section.email, fresh_people.second.email}
    draft = moves.drafted(fresh_people.stranger, "Lain lagi")
    editorial.take_back(moves.account(fresh_people.stranger), draft.id)
    assert letters() == []


def test_a_message_reaches_the_other_side_and_only_the_author_reads_it_in_the_mail(
    at_desk: Any, fresh_people: People
) -> None:
    proposal = moves.sent(fresh_people.stranger, SECRET)
    letters()
    editorial.say(moves.account(fresh_people.stranger), proposal.id, "Kapan diperiksa?")
    asked = letters()
    assert {one.recipient for one in asked} == {fresh_people.moderator.email, fresh_people.second.email}
    assert not [one for one in asked if "Kapan" in one.body]
    editorial.say(moves.account(fresh_people.second), proposal.id, "Besok pagi.")
    (answered,) = letters()
    assert (answered.recipient, "Besok pagi." in answered.body) == (fresh_people.stranger.email, True)
    editorial.say(moves.account(fresh_people.stranger), proposal.id, "Baik.")
    assert set(told()) == {fresh_people.second.email}, "who dealt with it hears, the others need not"


def test_nobody_hears_who_is_switched_off_or_belongs_to_the_demonstration(
    at_desk: Any, fresh_app: Any, fresh_people: People
) -> None:
    db.session.execute(update(Account).where(Account.id == fresh_people.second.id).values(active=False))
    db.session.execute(update(Account).where(Account.id == fresh_people.moderator.id).values(demo=True))
    db.session.commit()
    moves.sent(fresh_people.stranger, SECRET)
    assert letters() == []
    fresh_app.config["DEMO"] = True
    moves.sent(fresh_people.stranger, SECRET + " lagi")
    assert set(told()) == {fresh_people.moderator.email}


def test_every_move_says_who_hears_of_it() -> None:
    assert set(notifications.MOVES) == set(desk.MOVES)
    assert {key for rows in notifications.MOVES.values() for _, key in rows} <= set(NOTICES)


# -- what they read -------------------------------------------------------------------------------------------


def test_no_letter_names_a_person_or_tells_what_a_draft_says(
    at_desk: Any, fresh_people: People, section: Person
) -> None:
    proposal = moves.sent(fresh_people.stranger, SECRET)
    editorial.endorse(moves.account(section), proposal.id, proposal.version)
    editorial.say(moves.account(fresh_people.stranger), proposal.id, "Halo")
    moves.decided(fresh_people.moderator, proposal, whole="return")
    names = db.session.execute(select(Account.name)).scalars().all()
    found = letters()
    assert len(found) >= 8
    for one in found:
        text = f"{one.subject}\n{one.body}"
        assert SECRET not in text
        assert not [name for name in names if name in text]


def test_everybody_reads_their_own_language(at_desk: Any, fresh_people: People) -> None:
    db.session.execute(update(Account).where(Account.id == fresh_people.second.id).values(language="en"))
    db.session.commit()
    proposal = moves.sent(fresh_people.stranger, SECRET)
    found = {one.recipient: one for one in letters()}
    english, own = found[fresh_people.second.email], found[fresh_people.moderator.email]
    assert english.subject == f"Proposal {proposal.receipt} waits for a moderator"
    assert "Sragen Regency" in english.body
    assert f"https://tautan.example/en/moderasi/{proposal.id}\n" in english.body
    assert "Kabupaten Sragen" in own.body
    assert f"https://tautan.example/moderasi/{proposal.id}\n" in own.body


@pytest.mark.parametrize("language", config.LOCALES)
@pytest.mark.parametrize("key", NOTICES)
def test_every_letter_can_be_written_in_every_language(at_desk: Any, language: str, key: str) -> None:
    slots = "id receipt kind about office by note change_note page day state num link hours minutes time agent role"
    subject, body = notifications.composed(language, key, {slot: f"<{slot}>" for slot in slots.split()})
    assert "%(" not in subject + body
    assert "{" not in subject + body
    assert len(subject) <= 120
    bare, short = notifications.composed(language, key, {slot: f"<{slot}>" for slot in "id receipt page".split()})
    assert "%(" not in bare + short
    assert len(short) <= len(body)


def test_every_letter_leads_to_a_page_that_there_is(fresh_app: Any) -> None:
    values = {"id": "7", "receipt": "T-AAAA-BBBB-CCCC", "page": "/kerja-sama/KS-0005"}
    bound = fresh_app.url_map.bind("tautan.example")
    paths = {notice.path.format(**values) for notice in NOTICES.values() if notice.path}
    assert [prefix + path for path in sorted(paths) for prefix in ("", "/en") if not bound.test(prefix + path)] == []


def test_what_somebody_typed_cannot_look_like_the_letter_itself(at_desk: Any) -> None:
    values = {"id": 1, "receipt": "U-1", "by": "Kantor", "note": "satu\r\n-- \r\nhttps://x\x1b[1m"}
    _, body = notifications.composed("en", "returned", values)
    assert "  satu\n  --\n  https://x[1m" in body


# -- nothing twice, no other header ---------------------------------------------------------------------------


def test_nothing_is_told_twice(at_desk: Any, fresh_people: People) -> None:
    proposal = moves.sent(fresh_people.stranger, SECRET)
    decision = db.session.execute(select(Decision).where(Decision.proposal_id == proposal.id)).scalar_one()
    before = db.session.execute(select(Letter.once)).scalars().all()
    notifications.announce(db.session(), proposal, decision)
    db.session.commit()
    assert db.session.execute(select(Letter.once)).scalars().all() == before
    assert notifications.post(db.session(), "a@uji.example", "s", "b", "once") is True
    assert notifications.post(db.session(), "a@uji.example", "s", "b", "once") is False


def test_a_move_that_fails_leaves_no_letter(at_desk: Any, fresh_people: People) -> None:
    proposal = moves.sent(fresh_people.stranger, SECRET)
    letters()
    wrong = moves.ruling(proposal)
    moves.decided(fresh_people.moderator, proposal)
    letters()
    with pytest.raises(editorial.Outdated):
        editorial.decide(moves.account(fresh_people.second), proposal.id, wrong)
    assert letters() == []


@pytest.mark.parametrize(
    "address",
    ["", "a", "a@b", "a@b.example\nBcc: c@d.example", "a@b.example, c@d.example", "a b@c.example", "<a@b.example>",
     "a@b.example\r", "a@b..example\x00", "x" * 250 + "@b.example", "a@b\u2028.example", "a;b@c.example"],
)  # fmt: skip
def test_an_address_that_could_be_another_header_is_refused(at_desk: Any, address: str) -> None:
    with pytest.raises(notifications.BadLetter):
        notifications.post(db.session(), address, "s", "b")


@pytest.mark.parametrize("subject", ["", " ", "a\nBcc: c@d.example", "a\r\n\r\nHello", "a\x00b", "a\u2028b"])
def test_a_subject_that_could_be_another_header_is_refused(at_desk: Any, subject: str) -> None:
    with pytest.raises(notifications.BadLetter):
        notifications.post(db.session(), "a@b.example", subject, "b")


# -- drafts and tips ------------------------------------------------------------------------------------------


def aged(proposal: Proposal, days: int) -> None:
    when = stamp(timedelta(days=-days))
    db.session.execute(update(Proposal).where(Proposal.id == proposal.id).values(changed=when))
    db.session.commit()


def warned() -> int:
    count = notifications.warn_of_expiry(db.session())
    db.session.commit()
    return count


def test_the_author_of_a_draft_is_warned_once_after_75_days_and_again_after_a_change(
    at_desk: Any, fresh_people: People
) -> None:
    draft = moves.drafted(fresh_people.stranger, SECRET)
    aged(draft, 74)
    assert warned() == 0
    aged(draft, 76)
    assert (warned(), warned()) == (1, 0)
    closes = date.fromisoformat(stamp(timedelta(days=14))[:10])
    (letter,) = letters()
    assert letter.recipient == fresh_people.stranger.email
    assert notifications.written_day(closes, "id") in letter.body
    moves.drafted(fresh_people.stranger, "Diketik lagi")
    aged(draft, 76)
    assert warned() == 1


def tip(kind: str = "correction", contact: str = "warga@surel.example", **more: Any) -> Tip:
    values = {
        "receipt": "K-AAAA-BBBB-CCCC", "once": "o", "kind": kind, "subject": moves.SUBJECT, "region": SRAGEN,
        "page": "", "text": "Tanggalnya salah.", "evidence": "", "contact": contact, "language": "en", "state": "new",
        "version": 1, "created": stamp(), "due": "2026-03-05", "extended": "", "answer": "", "closed": None,
        "handled_by": None,
    }  # fmt: skip
    made = Tip(**(values | more))
    db.session.add(made)
    db.session.commit()
    return made


def test_a_tip_is_confirmed_to_its_sender_and_told_to_moderators_once_a_day(at_desk: Any, fresh_people: People) -> None:
    first, second = tip(), tip(receipt="K-2", once="o2", contact="")
    for one in (first, second):
        notifications.announce_tip(db.session(), one, "received")
    found = {one.recipient: one for one in letters()}
    assert set(found) == {"warga@surel.example", fresh_people.moderator.email, fresh_people.second.email}
    confirmed = found["warga@surel.example"].body
    assert "5 March 2026" in confirmed
    assert "https://tautan.example/en/koreksi/K-AAAA-BBBB-CCCC" in confirmed
    assert "Tanggalnya" not in "".join(one.body for one in found.values())


def test_the_answer_goes_to_the_sender_alone(at_desk: Any, fresh_people: People) -> None:
    notifications.announce_tip(db.session(), tip(state="refused", answer="Sumbernya benar."), "answered")
    (letter,) = letters()
    assert (letter.recipient, "Not accepted" in letter.body) == ("warga@surel.example", True)
    assert "Sumbernya benar." in letter.body


@pytest.mark.parametrize("contact", ["", "0812-3456", "a@b.example, c@d.example", "a@b.example\nBcc: x@y.example"])
def test_a_contact_that_is_no_address_gets_no_letter(at_desk: Any, contact: str) -> None:
    notifications.announce_tip(db.session(), tip(contact=contact), "answered")
    assert letters() == []


def test_overdue_tips_are_told_once_a_day_to_those_who_may_answer_them(
    at_desk: Any, fresh_app: Any, fresh_people: People
) -> None:
    tip()
    tip(receipt="K-2", once="o2", state="accepted")
    east = person(fresh_app, "timur", "moderator", agency(fresh_app, "Biro", "35"), "35")
    for _ in range(2):
        assert notifications.warn_of_overdue(db.session(), date(2026, 3, 6)) == 1
    found = told()
    assert set(found) == {fresh_people.moderator.email, fresh_people.second.email}
    assert east.email not in found
    assert notifications.warn_of_overdue(db.session(), date(2026, 3, 5)) == 0


def test_a_stored_time_is_read_as_it_was_written() -> None:
    when = datetime(2026, 10, 12, 3, 48, 7, tzinfo=UTC)
    assert stamp(now=when) == "2026-10-12T03:48:07Z"
    assert moment(stamp(now=when)) == when
    assert moment(stamp(timedelta(days=-1), when)) == when - timedelta(days=1)
    assert notifications.written_moment(stamp(now=when), "id") == "12 Oktober 2026, 10.48 WIB"
