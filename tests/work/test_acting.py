"""Is what a moderator asks for on their own a proposal like any other, that somebody else decides on?"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from portal import editorial, permissions, publications
from portal.editorial import Incomplete, NotThere, Ruling, acting, queueing, standing
from portal.extensions import db
from portal.ledger import Author
from portal.models import Account, Proposal
from tests.people import People

TEXTED, RECORD = "KS-0011", "KS-0005"  # one with a text (Surakarta), one without (Sragen)


@pytest.fixture
def desk(fresh_people: People, fresh_app_context: Any) -> SimpleNamespace:
    """The accounts of the desk, within the application's context."""
    names = ("clerk", "coordinator", "moderator", "second", "distant", "admin", "stranger")
    return SimpleNamespace(**{name: db.session.get(Account, getattr(fresh_people, name).id) for name in names})


def ruling(proposal: Proposal) -> Ruling:
    return Ruling(proposal.version, standing(db.session(), proposal).number, note="Setuju.", change_note="Alasan umum.")


def document(subject: str) -> dict[str, Any]:
    found = publications.newest(subject)
    assert found is not None
    return dict(found.document)


def fields(refused: pytest.ExceptionInfo[Incomplete]) -> set[str]:
    return {problem.path for problem in refused.value.problems}


def test_a_text_is_withheld_with_ground_and_review_and_loses_file_and_link(desk: SimpleNamespace) -> None:
    asked = acting.ask_withholding(desk.moderator, TEXTED, "i1", "h", "Memuat data pribadi.", "2099-01-31", "")
    assert (asked.kind, asked.state, asked.target) == ("withhold", "submitted", "i1")
    editorial.decide(desk.second, asked.id, ruling(asked))
    text = document(TEXTED)["instruments"][0]
    assert text["disclosure"] == "withheld"
    assert text["withheld"] == {
        "ground": "UU 14/2008 pasal 17 huruf h: Memuat data pribadi.", "review_on": "2099-01-31",
    }  # fmt: skip
    assert not {"file", "link"} & set(text)


def test_the_sources_that_are_the_text_itself_lose_their_links_too(desk: SimpleNamespace) -> None:
    before = document(TEXTED)
    text = {**before["instruments"][0], "sources": ["s8", "s9"]}
    archive = {"link": "https://example.org/arsip.pdf", "sha256": "a" * 64}
    itself = {"key": "s8", "title": "Naskah", "kind": "agreement_text", "grade": "A", "archive": archive}
    press = {"key": "s9", "title": "Berita", "kind": "press", "grade": "C", "link": "https://example.org/berita"}
    changed = {**before, "instruments": [text], "sources": [*before["sources"], itself, press]}
    editorial.publish("cooperation", changed, Author("moderator", "Kantor"), note="Naskah ditambahkan.")
    asked = acting.ask_withholding(desk.moderator, TEXTED, text["key"], "h", "Memuat data pribadi.", "2099-01-31", "")
    editorial.decide(desk.second, asked.id, ruling(asked))
    sources = {one["key"]: one for one in document(TEXTED)["sources"]}
    assert sources["s8"]["archive"] == {"sha256": "a" * 64}
    assert sources["s8"]["withheld"]["review_on"] == "2099-01-31"
    assert sources["s9"] == press


def test_a_moderator_of_a_province_joins_only_records_of_that_province(desk: SimpleNamespace) -> None:
    elsewhere = next(
        subject for number in range(1, 106)
        if not document(subject := f"KS-{number:04d}")["region"].startswith("33")
    )  # fmt: skip
    with pytest.raises(permissions.NotAllowed):
        acting.ask_merge(desk.second, RECORD, elsewhere, "Sama.")


def test_withholding_says_what_is_lacking(desk: SimpleNamespace) -> None:
    with pytest.raises(Incomplete) as refused:
        acting.ask_withholding(desk.moderator, TEXTED, "i9", "z", " ", "2001", "")
    assert fields(refused) == {"ground", "words", "review_on", "text"}


def test_an_earlier_revision_is_brought_back_as_a_new_one(desk: SimpleNamespace) -> None:
    was = document(TEXTED)
    asked = acting.ask_withholding(desk.moderator, TEXTED, "i1", "h", "Memuat data pribadi.", "2099-01-31", "")
    editorial.decide(desk.second, asked.id, ruling(asked))
    back = acting.ask_restoring(desk.moderator, TEXTED, 1, "Masa pengecualian berakhir.")
    editorial.decide(desk.second, back.id, ruling(back))
    assert document(TEXTED) == was
    with pytest.raises(Incomplete) as refused:
        acting.ask_restoring(desk.moderator, TEXTED, 1, "Sekali lagi.")
    assert fields(refused) == {"number"}


def test_a_withdrawn_record_is_brought_back(desk: SimpleNamespace) -> None:
    was = document(RECORD)
    asked = acting.ask_withdrawal(desk.moderator, RECORD, "Keliru.")
    editorial.decide(desk.second, asked.id, ruling(asked))
    with pytest.raises(Incomplete):
        acting.ask_withdrawal(desk.moderator, RECORD, "Sekali lagi.")
    back = acting.ask_restoring(desk.moderator, RECORD, 1, "Ternyata benar.")
    editorial.decide(desk.second, back.id, ruling(back))
    assert document(RECORD) == was


@pytest.mark.parametrize("target", [RECORD, "KS-9999", "33.14", ""])
def test_a_record_is_merged_into_another_that_stands(desk: SimpleNamespace, target: str) -> None:
    with pytest.raises(Incomplete) as refused:
        acting.ask_merge(desk.moderator, RECORD, target, "Kerja sama yang sama.")
    assert fields(refused) == {"target"}


def test_a_reason_is_needed(desk: SimpleNamespace) -> None:
    for ask in (
        lambda: acting.ask_merge(desk.moderator, RECORD, "KS-0004", " "),
        lambda: acting.ask_withdrawal(desk.moderator, RECORD, ""),
        lambda: acting.ask_restoring(desk.moderator, RECORD, 7, ""),
    ):
        with pytest.raises(Incomplete) as refused:
            ask()
        assert "reason" in fields(refused)


def test_what_is_asked_twice_is_one_proposal_while_it_waits(desk: SimpleNamespace) -> None:
    first = acting.ask_withdrawal(desk.moderator, RECORD, "Tercatat dua kali.")
    assert acting.ask_withdrawal(desk.moderator, RECORD, "Tercatat dua kali.").id == first.id
    with pytest.raises(Incomplete) as refused:
        acting.ask_withdrawal(desk.moderator, RECORD, "Salah ketik tadi.")
    assert first.receipt in dict(refused.value.problems[0].values).values(), "other words are not thrown away unsaid"
    assert acting.ask_merge(desk.moderator, RECORD, "KS-0004", "Sama.").id != first.id
    assert acting.ask_withdrawal(desk.second, RECORD, "Tercatat dua kali.").id != first.id
    rejected = Ruling(first.version, standing(db.session(), first).number, whole="reject", note="Tidak tepat.")
    editorial.decide(desk.second, first.id, rejected)
    assert acting.ask_withdrawal(desk.moderator, RECORD, "Sekali lagi.").id != first.id


def test_of_an_act_that_is_pressed_twice_at_once_one_proposal_comes(
    fresh_app: Any, desk: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second press comes between the draft and the sending of the first."""
    number, save, made = desk.moderator.id, acting.save, []

    def pressed_again(*values: Any) -> Proposal:
        monkeypatch.setattr(acting, "save", save)
        db.session.rollback()  # between two transactions of the first
        with fresh_app.app_context():
            again = acting.ask_withdrawal(db.session.get_one(Account, number), RECORD, "Tercatat dua kali.")
            made.append((again.id, again.state))
            db.session.remove()
        return save(*values)

    monkeypatch.setattr(acting, "save", pressed_again)
    first = acting.ask_withdrawal(desk.moderator, RECORD, "Tercatat dua kali.")
    assert made == [(first.id, first.state)] == [(first.id, "submitted")]
    assert db.session.query(Proposal).count() == 1


def test_only_within_reach_and_never_what_is_not_there(desk: SimpleNamespace) -> None:
    for who in (desk.distant, desk.clerk, desk.admin):
        with pytest.raises(permissions.NotAllowed):
            acting.ask_merge(who, RECORD, "KS-0004", "Sama.")
    with pytest.raises(permissions.NotAllowed):
        acting.ask_withholding(desk.coordinator, TEXTED, "i1", "h", "Bukan daerahnya.", "2099", "")
    with pytest.raises(NotThere):
        acting.ask_withdrawal(desk.moderator, "KS-9999", "Tidak dikenal.")


def _waiting(by: Account, **wanted: Any) -> list[int]:
    found, total = queueing.waiting(db.session(), by, queueing.Wanted(**wanted), 20)
    assert total == len(found)
    return [one.id for one in found]


def test_the_queue_is_oldest_first_and_ends_at_the_provinces(desk: SimpleNamespace) -> None:
    first = acting.ask_withdrawal(desk.moderator, RECORD, "Keliru.")
    second = acting.ask_merge(desk.second, "KS-0004", RECORD, "Sama.")
    assert _waiting(desk.moderator) == [first.id, second.id]
    assert _waiting(desk.second, province="33", kind="merge") == [second.id]
    assert _waiting(desk.distant) == []


def test_what_comes_next_is_never_ones_own(desk: SimpleNamespace) -> None:
    first = acting.ask_withdrawal(desk.moderator, RECORD, "Keliru.")
    second = acting.ask_merge(desk.second, "KS-0004", RECORD, "Sama.")
    third = acting.ask_withdrawal(desk.moderator, "KS-0006", "Keliru.")

    def next_for(by: Account, after: Proposal | None = None) -> int | None:
        found = queueing.following(db.session(), by, after)
        return found.id if found else None

    assert next_for(desk.moderator) == second.id
    assert next_for(desk.second) == first.id
    assert next_for(desk.second, first) == third.id
    assert next_for(desk.second, third) == first.id, "from the front again"
    assert next_for(desk.moderator, second) is None
    assert next_for(desk.distant) is None


def test_looking_at_a_proposal_says_so_and_keeps_nobody_out(desk: SimpleNamespace) -> None:
    asked = acting.ask_withdrawal(desk.moderator, RECORD, "Keliru.")
    third = Account(
        email="tiga@uji.example", name="Tiga", password=None, active=True, role="moderator", regions="33",
        agency_id=desk.second.agency_id, language="id", demo=False, created=asked.created, fs_uniquifier="tiga",
    )  # fmt: skip
    db.session.add(third)
    db.session.commit()
    version = asked.version
    queueing.open_softly(desk.second, asked.id)
    assert queueing.opened_by_other(third, asked) == desk.second
    assert queueing.opened_by_other(desk.second, asked) is None
    assert _waiting(desk.second, mine=True) == [asked.id]
    queueing.open_softly(third, asked.id)
    assert asked.opened_by == desk.second.id, "who came first keeps it open"
    assert asked.version == version
    assert editorial.decide(third, asked.id, ruling(asked)).state == "published"
    with pytest.raises(permissions.NotAllowed):
        queueing.open_softly(desk.moderator, asked.id)
