"""Is the address of somebody without account forgotten as promised, in the case and in every letter?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from portal import corrections, mailing, upkeep
from portal.corrections import Report
from portal.extensions import db, stamp, today
from portal.models import Letter, Tip
from tests import moves
from tests.mailbox import Mailbox, opened
from tests.people import People

ADDRESS = "warga@surel.example"


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with opened() as box:
        yield box


@pytest.fixture
def number(fresh_app: Any, fresh_people: People, mailbox: Mailbox) -> Iterator[int]:
    """A report with an address; its confirmation waits in the outbox."""
    fresh_app.config.update(mailbox.settings | {"PUBLIC_URL": "https://tautan.example"})
    with fresh_app.app_context():
        yield corrections.send(Report("satu", "correction", "Tahunnya keliru, seharusnya 2006.", contact=ADDRESS)).id
        db.session.remove()


def answer(people: People, number: int) -> Tip:
    corrections.answer(moves.account(people.moderator), {number: 1}, "accepted", "Sudah diperbaiki.")
    return db.session.get_one(Tip, number)


def traces(number: int) -> list[str]:
    """Where the address or the code of the case still stands in the outbox."""
    code = db.session.get_one(Tip, number).receipt
    found = db.session.execute(select(Letter).where(Letter.once.startswith("tip-"))).scalars().all()
    kept = [(one.once, f"{one.recipient} {one.subject} {one.body} {one.problem}") for one in found]
    db.session.rollback()
    return sorted(once for once, text in kept if ADDRESS in text or code in text)


def test_once_the_answer_is_sent_nothing_tells_who_wrote(fresh_people: People, number: int, mailbox: Mailbox) -> None:
    mailing.deliver()
    assert traces(number) == []
    tip = answer(fresh_people, number)
    assert tip.contact == ""
    assert traces(number) == [f"tip-{number}-answered"]
    mailing.deliver()
    assert traces(number) == []
    assert [one.recipients for one in mailbox.letters if ADDRESS in one.recipients] == [(ADDRESS,)] * 2


@pytest.mark.parametrize("lost", [False, True], ids=["waiting", "given-up"])
def test_an_answer_takes_the_earlier_letters_with_it(
    fresh_people: People, number: int, mailbox: Mailbox, lost: bool
) -> None:
    corrections.extend(moves.account(fresh_people.moderator), number, 1, "Kami menunggu jawaban kedutaan.")
    if lost:
        mailbox.refuses = {ADDRESS: f"550 no mailbox {ADDRESS}"}
        mailing.deliver()
    corrections.answer(moves.account(fresh_people.moderator), {number: 2}, "accepted", "Sudah diperbaiki.")
    assert traces(number) == [f"tip-{number}-answered"]


def test_an_answer_that_is_refused_for_good_is_forgotten_with_the_words_of_the_server(
    fresh_people: People, number: int, mailbox: Mailbox
) -> None:
    answer(fresh_people, number)
    mailbox.refuses = {ADDRESS: f"550 no mailbox {ADDRESS}"}
    assert mailing.deliver().given_up == 1
    assert traces(number) == []
    mailbox.refuses = {}
    assert mailing.again() == 0


def test_an_answer_that_nobody_can_send_is_forgotten_after_thirty_days(fresh_people: People, number: int) -> None:
    answer(fresh_people, number)
    session = db.session()
    session.execute(update(Letter).values(created=stamp(-upkeep.LETTERS_KEPT + timedelta(hours=1))))
    list(upkeep.remind(session, today()))
    session.commit()
    assert traces(number) == [f"tip-{number}-answered"]
    session.execute(update(Letter).values(created=stamp(-upkeep.LETTERS_KEPT - timedelta(hours=1))))
    list(upkeep.remind(session, today()))
    session.commit()
    assert traces(number) == []


def test_the_letter_with_the_answer_promises_only_what_is_true(
    fresh_people: People, number: int, mailbox: Mailbox
) -> None:
    db.session.get_one(Tip, number).language = "en"
    db.session.commit()
    answer(fresh_people, number)
    mailing.deliver()
    (arrived,) = [one for one in mailbox.letters if "Sudah diperbaiki." in one.text]
    assert "This address is deleted at our side once this letter is sent." in arrived.text
