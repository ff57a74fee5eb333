"""Is what was withheld looked at again on the day that was promised? Told once by letter, and in the queue."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal import editorial, publications, upkeep
from portal.editorial import Ruling, acting, standing, withheld
from portal.extensions import db
from portal.models import Account, Letter
from tests import moves
from tests.pages import CheckedClient, soup
from tests.people import People, Person, signed_in

TEXTED = "KS-0011"
DAY = date(2099, 1, 31)
WORDS = "Memuat rahasia pribadi seseorang."


def closed(by: Person, decides: Person, day: str = DAY.isoformat(), text: str = "i1") -> None:
    """A text of the record is withheld until a day, as two moderators agreed."""
    asked = acting.ask_withholding(moves.account(by), TEXTED, text, "h", WORDS, day, "")
    number = standing(db.session(), asked).number
    ruling = Ruling(asked.version, number, note="Setuju.", change_note="Ditutup menurut uji konsekuensi.")
    editorial.decide(moves.account(decides), asked.id, ruling)
    db.session.commit()


@pytest.fixture
def hidden(fresh_app: Any, fresh_people: People) -> Any:
    with fresh_app.app_context():
        closed(fresh_people.moderator, fresh_people.second)
        db.session.remove()
    return fresh_app


def reminded(app: Any, day: date) -> list[tuple[str, str]]:
    """The addresses and texts of the letters about reviews, after the reminders of a day."""
    with app.app_context():
        list(upkeep.remind(db.session(), day))
        db.session.commit()
        wanted = select(Letter).where(Letter.once.startswith("review-")).order_by(Letter.id)
        found = [(one.recipient, f"{one.subject}\n{one.body}") for one in db.session.execute(wanted).scalars()]
        db.session.remove()
    return found


def test_the_moderators_in_reach_are_told_once_on_the_day(hidden: Any, fresh_people: People) -> None:
    with hidden.app_context():
        db.session.get_one(Account, fresh_people.second.id).language = "en"
        db.session.commit()
    assert reminded(hidden, DAY - timedelta(days=1)) == []
    told = dict(reminded(hidden, DAY))
    assert set(told) == {fresh_people.moderator.email, fresh_people.second.email}
    assert len(reminded(hidden, DAY)) == len(reminded(hidden, DAY + timedelta(days=1))) == 2
    english, own = told[fresh_people.second.email], told[fresh_people.moderator.email]
    assert "31 January 2099" in english
    assert f"/en/moderasi/tindakan/{TEXTED}\n" in english
    assert "31 Januari 2099" in own
    assert f"/moderasi/tindakan/{TEXTED}\n" in own
    assert WORDS not in english + own


def test_it_is_not_told_again_after_its_letters_are_forgotten(hidden: Any) -> None:
    assert len(reminded(hidden, DAY)) == 2
    with hidden.app_context():
        for one in db.session.execute(select(Letter)).scalars():
            db.session.delete(one)
        db.session.commit()
    assert reminded(hidden, DAY + upkeep.LETTERS_KEPT) == []


def test_a_new_day_is_told_anew(hidden: Any, fresh_people: People) -> None:
    with hidden.app_context():
        closed(fresh_people.moderator, fresh_people.second, "2100-06")
        found = publications.newest(TEXTED)
        assert found is not None
        assert found.document["instruments"][0]["withheld"]["review_on"] == "2100-06"
        assert withheld.due(db.session(), DAY) == []
        assert [one.review_on for one in withheld.due(db.session(), date(2100, 6, 30))] == [date(2100, 6, 30)]
        db.session.remove()
    assert reminded(hidden, DAY) == []
    assert len(reminded(hidden, date(2100, 6, 30))) == 2


def test_a_record_that_is_gone_has_nothing_to_be_looked_at(hidden: Any, fresh_people: People) -> None:
    with hidden.app_context():
        asked = acting.ask_withdrawal(moves.account(fresh_people.moderator), TEXTED, "Tercatat dua kali.")
        moves.decided(fresh_people.second, asked)
        db.session.remove()
    assert reminded(hidden, DAY) == []


def links(client: CheckedClient) -> list[str]:
    return [one["href"] for one in soup(client.get("/moderasi")).select("#tinjau-ulang a")]


def test_the_queue_shows_what_is_due_to_those_in_reach(
    hidden: Any, fresh_people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    moderator = signed_in(hidden, fresh_people.moderator)
    assert links(moderator) == []
    monkeypatch.setattr("portal.web.review.queue_page.today", lambda: DAY)
    assert links(moderator) == [f"/moderasi/tindakan/{TEXTED}"]
    assert moderator.get(links(moderator)[0]).status_code == 200
    assert WORDS not in moderator.get("/moderasi").text
    assert links(signed_in(hidden, fresh_people.distant)) == []


def test_what_is_withheld_can_get_a_new_day_on_the_page_of_acts(hidden: Any, fresh_people: People) -> None:
    client = signed_in(hidden, fresh_people.moderator)
    page = soup(client.get(f"/en/moderasi/tindakan/{TEXTED}"))
    (option,) = page.select("[name=withhold-text] option[value=i1]")
    assert "withheld, to be looked at again on 31 January 2099" in option.get_text()
    same = {
        "act": "withhold", "withhold-text": "i1", "withhold-ground": "h", "withhold-words": WORDS,
        "withhold-review_on-hari": "31", "withhold-review_on-bulan": "1", "withhold-review_on-tahun": "2099",
    }  # fmt: skip
    refused = client.post(f"/en/moderasi/tindakan/{TEXTED}", data=same)
    assert refused.status_code == 422
    assert "The record says the same already." in refused.text
    later = same | {"withhold-review_on-tahun": "2100"}
    assert client.post(f"/en/moderasi/tindakan/{TEXTED}", data=later).status_code == 303
