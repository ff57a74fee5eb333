"""Does a decision do what the moderator said – all of it, by the right person, and only once?"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from copy import deepcopy
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import select

from portal import amending, auditing, editorial, permissions, publications
from portal.editorial import Choice, Conflicting, Incomplete, NotThere, Outdated, Ruling, deciding, standing
from portal.extensions import db, stamp
from portal.ledger import Author
from portal.models import Account, Agency, Decision, Evidence, Proposal, Revision

SUBJECT, REGION = "KS-0005", "33.14"
NOTE = "Terima kasih, sudah kami periksa."
PUBLIC = "Diperbarui menurut keterangan instansi."


def _account(role: str, agency: Agency, regions: str, name: str) -> Account:
    account = Account(
        email=f"{name}@desk.example", name=name, password=None, active=True, role=role, agency=agency, regions=regions,
        language="id", demo=False, created=stamp(), fs_uniquifier=f"desk-{name}",
    )  # fmt: skip
    db.session.add(account)
    return account


@pytest.fixture
def desk(fresh_app_context: Any) -> SimpleNamespace:
    """The people of one matter: Sragen's clerk and coordinator, moderators near and far."""
    dinas = Agency(name="Dinas Uji Sragen", region=REGION, active=True, created=stamp())
    bagian = Agency(name="Bagian Kerja Sama Sragen", region=REGION, active=True, created=stamp())
    pusat = Agency(name="Kantor Uji Pusat", region="", active=True, created=stamp())
    people = SimpleNamespace(
        clerk=_account("agency_clerk", dinas, REGION, "juru"),
        coordinator=_account("coordinator", bagian, REGION, "koordinator"),
        moderator=_account("moderator", pusat, "", "satu"),
        second=_account("moderator", pusat, "33", "dua"),
        distant=_account("moderator", pusat, "35", "jauh"),
        admin=_account("administrator", pusat, "", "pengelola"),
    )
    db.session.commit()
    return people


def document(subject: str = SUBJECT) -> dict[str, Any]:
    found = publications.newest(subject)
    assert found is not None
    return deepcopy(dict(found.document))


def propose(by: Account, after: Mapping[str, Any] | None, kind: str = "change", **more: Any) -> Proposal:
    """A proposal of what the record should say, already sent."""
    subject, region = more.pop("subject", SUBJECT), more.pop("region", REGION)
    begun = editorial.start(by, kind, region, subject, more.pop("target", ""))
    before = standing(db.session(), begun).ground
    editorial.save(by, begun.id, [], amending.edits(before, after) if after is not None else [], more.pop("note", ""))
    return editorial.submit(by, begun.id)


def changed() -> dict[str, Any]:
    """The record with another summary, another type and one more visit that stands on a new source."""
    after = document()
    after["summary"] = {**after["summary"], "id": "Hibah air minum untuk Kabupaten Sragen."}
    after["type"] = "technical_cooperation"
    after["sources"].append(
        {"key": "u1s1", "title": "Laporan dinas", "kind": "agency_statement", "grade": "D", "publisher": "Dinas Uji"}
    )
    after["events"].append(
        {"class": "follow_up", "kind": "visit", "date": "2026-03", "title": {"id": "Kunjungan"}, "sources": ["u1s1"]}
    )
    return after


def ruled(proposal: Proposal, verdicts: Mapping[str, Choice] | str = "accept", **more: Any) -> Ruling:
    """A ruling on a proposal as it stands now; verdicts by the outermost field, or one for all."""
    stands = standing(db.session(), proposal)
    choices = {}
    for edit in deciding.decidable(stands):
        choices[edit.key] = Choice(verdicts) if isinstance(verdicts, str) else verdicts[edit.top]
    given = {"note": NOTE, "change_note": PUBLIC, "reason": "Bukti sudah cukup.", **more}
    return Ruling(version=proposal.version, base=stands.number, choices=choices, **given)


def numbers() -> int:
    return len(db.session.execute(select(Revision.seq)).all())


def last(subject: str = SUBJECT) -> Revision:
    wanted = select(Revision).where(Revision.subject == subject).order_by(Revision.number.desc()).limit(1)
    return db.session.execute(wanted).scalar_one()


# -- publishing -----------------------------------------------------------------------------------------------


def test_accepting_all_publishes_one_revision_that_says_who_proposed_and_who_published(desk: SimpleNamespace) -> None:
    after, before = changed(), numbers()
    proposal = propose(desk.clerk, after)
    outcome = editorial.decide(desk.moderator, proposal.id, ruled(proposal))
    made = last()
    assert (outcome.state, outcome.subject, outcome.seq) == ("published", SUBJECT, made.seq)
    assert numbers() == before + 1
    assert (made.role, made.office, made.proposed_role, made.proposed_office) == (
        "moderator", "Kantor Uji Pusat", "agency_clerk", "Dinas Uji Sragen",
    )  # fmt: skip
    assert made.note == PUBLIC
    assert document() == after
    assert list(auditing.problems(db.session())) == []


def test_the_sources_of_an_accepted_item_come_with_it_and_are_not_asked_about(desk: SimpleNamespace) -> None:
    proposal = propose(desk.clerk, changed())
    asked = {edit.top for edit in deciding.decidable(standing(db.session(), proposal))}
    assert asked == {"summary", "type", "events"}
    sources = {"u1s1": {"kind": "official_page", "grade": "B"}}
    editorial.decide(desk.moderator, proposal.id, ruled(proposal, sources=sources))
    made = next(source for source in document()["sources"] if source["key"] == "u1s1")
    assert (made["kind"], made["grade"]) == ("official_page", "B")


def test_an_amended_value_is_what_gets_published(desk: SimpleNamespace) -> None:
    proposal = propose(desk.clerk, changed())
    text = {"id": "Hibah air minum, dirapikan moderator."}
    verdicts = {"summary": Choice("amend", value=text), "type": Choice("accept"), "events": Choice("accept")}
    editorial.decide(desk.moderator, proposal.id, ruled(proposal, verdicts))
    assert document()["summary"] == text
    kept = db.session.execute(select(Decision).where(Decision.move == "publish")).scalar_one()
    said = {"verdict": "amend", "comment": "", "value": text, "path": ["summary"]}
    assert any(said.items() <= one.items() for one in json.loads(kept.fields).values())


def test_a_part_is_published_the_rest_returned_fixed_and_published(desk: SimpleNamespace) -> None:
    proposal = propose(desk.clerk, changed())
    verdicts = {"summary": Choice("accept"), "type": Choice("return", "Jenis apa?"), "events": Choice("accept")}
    outcome = editorial.decide(desk.moderator, proposal.id, ruled(proposal, verdicts))
    assert outcome.state == "returned"
    assert (document()["type"], len(document()["events"])) == ("grant", 2)
    assert [edit.top for edit in proposal.found] == ["type"]
    assert proposal.base == last().number
    fixed = document() | {"type": "sister_city"}
    editorial.save(desk.clerk, proposal.id, [], amending.edits(document(), fixed))
    editorial.submit(desk.clerk, proposal.id)
    assert editorial.decide(desk.moderator, proposal.id, ruled(proposal)).state == "published"
    assert document()["type"] == "sister_city"


def test_a_part_is_published_the_rest_refused(desk: SimpleNamespace) -> None:
    proposal = propose(desk.clerk, changed())
    verdicts = {"summary": Choice("accept"), "type": Choice("reject"), "events": Choice("reject")}
    assert editorial.decide(desk.moderator, proposal.id, ruled(proposal, verdicts)).state == "partly_published"
    assert document()["type"] == "grant"
    assert [source["key"] for source in document()["sources"]] == ["s1"], "a source that nothing names stays out"


@pytest.mark.parametrize(("whole", "state"), [("return", "returned"), ("reject", "rejected")])
def test_all_of_it_goes_back_or_is_refused_with_a_reason(desk: SimpleNamespace, whole: str, state: str) -> None:
    proposal, before = propose(desk.clerk, changed()), numbers()
    ruling = Ruling(version=proposal.version, base=1, whole=whole)
    with pytest.raises(Incomplete):
        editorial.decide(desk.moderator, proposal.id, ruling)
    ruling = Ruling(version=proposal.version, base=1, whole=whole, note=NOTE)
    assert editorial.decide(desk.moderator, proposal.id, ruling).state == state
    assert numbers() == before


def test_fields_that_are_all_returned_return_the_whole(desk: SimpleNamespace) -> None:
    proposal, before = propose(desk.clerk, changed()), numbers()
    assert editorial.decide(desk.moderator, proposal.id, ruled(proposal, "return")).state == "returned"
    assert numbers() == before


def test_a_new_record_gets_the_next_number(desk: SimpleNamespace) -> None:
    highest = max(int(one[3:]) for one in db.session.execute(select(Revision.subject)).scalars() if one[:3] == "KS-")
    after = document()
    del after["id"]
    proposal = propose(desk.clerk, after, "new", subject="")
    outcome = editorial.decide(desk.moderator, proposal.id, ruled(proposal, change_note=""))
    assert outcome.subject == f"KS-{highest + 1:04d}"
    assert document(outcome.subject)["id"] == outcome.subject
    assert proposal.subject == outcome.subject


def test_a_new_record_without_what_every_record_needs_is_not_published(desk: SimpleNamespace) -> None:
    after = document()
    del after["id"]
    proposal, before = propose(desk.clerk, after, "new", subject=""), numbers()
    tops = {edit.top for edit in standing(db.session(), proposal).edits}
    verdicts = {top: Choice("reject" if top == "title" else "accept") for top in tops}
    with pytest.raises(Incomplete):
        editorial.decide(desk.moderator, proposal.id, ruled(proposal, verdicts))
    assert numbers() == before


def test_the_mark_unverified_is_taken_off_when_the_moderator_says_so(desk: SimpleNamespace) -> None:
    unverified = "KS-0015"
    after = document(unverified) | {"summary": {"id": "Disebut dalam penelitian."}}
    proposal = propose(desk.moderator, after, subject=unverified, region="33.13")
    editorial.decide(desk.second, proposal.id, ruled(proposal, verified=True))
    assert "flags" not in document(unverified)


def on_file(by: Account, proposal: Proposal) -> Evidence:
    """A file behind the source that `changed` brings."""
    file = Evidence(
        proposal_id=proposal.id, uploaded_by=by.id, uploaded=stamp(), name="laporan.pdf", stored="ab/cd",
        mimetype="application/pdf", sha256="a" * 64, size=100, pages=1, source="u1s1", disclosure="metadata_only",
        subject="",
    )  # fmt: skip
    db.session.add(file)
    db.session.commit()
    return file


def test_files_behind_published_sources_are_named_in_the_ledger(desk: SimpleNamespace) -> None:
    proposal = propose(desk.clerk, changed())
    file = on_file(desk.clerk, proposal)
    sources = {"u1s1": {"disclosure": "public"}}
    editorial.decide(desk.moderator, proposal.id, ruled(proposal, sources=sources))
    assert json.loads(last().evidence) == ["a" * 64]
    assert (file.subject, file.disclosure) == (SUBJECT, "public")


# -- what a decision must say ---------------------------------------------------------------------------------


def _lacking(by: Account, proposal: Proposal, ruling: Ruling) -> list[str]:
    before = numbers()
    with pytest.raises(Incomplete) as refused:
        editorial.decide(by, proposal.id, ruling)
    assert numbers() == before
    assert proposal.state in {"submitted", "endorsed"}
    return [problem.path for problem in refused.value.problems]


def test_every_field_needs_a_verdict_that_is_known(desk: SimpleNamespace) -> None:
    proposal = propose(desk.clerk, changed())
    none = Ruling(version=proposal.version, base=1, note=NOTE, change_note=PUBLIC, reason="x")
    assert len(_lacking(desk.moderator, proposal, none)) == 3
    assert len(_lacking(desk.moderator, proposal, ruled(proposal, "publish"))) == 3


def test_an_agency_without_support_of_its_region_needs_a_reason(desk: SimpleNamespace) -> None:
    proposal = propose(desk.clerk, changed())
    assert _lacking(desk.moderator, proposal, ruled(proposal, reason="")) == ["reason"]
    editorial.endorse(desk.coordinator, proposal.id, proposal.version)
    assert editorial.decide(desk.moderator, proposal.id, ruled(proposal, reason="")).state == "published"


def test_support_counts_for_what_was_supported_not_for_what_was_sent_later(desk: SimpleNamespace) -> None:
    proposal = propose(desk.clerk, changed())
    editorial.endorse(desk.coordinator, proposal.id, proposal.version)
    editorial.decide(desk.moderator, proposal.id, Ruling(proposal.version, 1, whole="return", note=NOTE))
    editorial.save(desk.clerk, proposal.id, [], amending.edits(document(), document() | {"type": "sister_city"}))
    editorial.submit(desk.clerk, proposal.id)
    assert _lacking(desk.moderator, proposal, ruled(proposal, reason="")) == ["reason"]


def test_the_public_is_told_when_parties_dates_or_status_change(desk: SimpleNamespace) -> None:
    proposal = propose(desk.clerk, changed())
    assert _lacking(desk.moderator, proposal, ruled(proposal, change_note=" ")) == ["change_note"]
    verdicts = {"summary": Choice("accept"), "type": Choice("reject"), "events": Choice("accept")}
    outcome = editorial.decide(desk.moderator, proposal.id, ruled(proposal, verdicts, change_note=""))
    assert outcome.state == "partly_published", "only what is published must be explained"


@pytest.mark.parametrize("verdict", ["amend", "return", "reject"])
def test_the_sender_is_told_what_was_changed_returned_or_refused(desk: SimpleNamespace, verdict: str) -> None:
    proposal = propose(desk.clerk, changed())
    verdicts = {top: Choice("accept") for top in ("summary", "events")} | {
        "type": Choice(verdict, "Jenis apa?", "sister_city")
    }
    assert _lacking(desk.moderator, proposal, ruled(proposal, verdicts, note="")) == ["note"]


def test_nothing_but_return_or_refusal_can_be_said_of_the_whole(desk: SimpleNamespace) -> None:
    proposal = propose(desk.clerk, changed())
    ruling = Ruling(version=proposal.version, base=1, whole="publish", note=NOTE)
    assert _lacking(desk.moderator, proposal, ruling) == [""]


def test_a_source_is_disclosed_only_in_known_words(desk: SimpleNamespace) -> None:
    proposal = propose(desk.clerk, changed())
    wrong = ruled(proposal, sources={"u1s1": {"disclosure": "everything"}})
    assert _lacking(desk.moderator, proposal, wrong) == ["disclosure-u1s1"]


def test_an_amendment_that_makes_no_sound_document_is_refused(desk: SimpleNamespace) -> None:
    proposal = propose(desk.clerk, changed())
    verdicts = {"summary": Choice("accept"), "type": Choice("amend", value="nonsense"), "events": Choice("accept")}
    assert _lacking(desk.moderator, proposal, ruled(proposal, verdicts)) == ["type"]


# -- who may decide -------------------------------------------------------------------------------------------


def test_nobody_decides_on_what_they_proposed(desk: SimpleNamespace) -> None:
    proposal = propose(desk.moderator, changed())
    with pytest.raises(permissions.NotAllowed):
        editorial.decide(desk.moderator, proposal.id, ruled(proposal))
    assert editorial.decide(desk.second, proposal.id, ruled(proposal)).state == "published"


def test_nobody_decides_on_what_they_supported_not_even_in_another_role(desk: SimpleNamespace) -> None:
    proposal = propose(desk.clerk, changed())
    editorial.endorse(desk.coordinator, proposal.id, proposal.version)
    editorial.decide(desk.moderator, proposal.id, Ruling(proposal.version, 1, whole="return", note=NOTE))
    editorial.submit(desk.clerk, proposal.id)
    desk.coordinator.role, desk.coordinator.regions = "moderator", ""
    db.session.commit()
    with pytest.raises(permissions.NotAllowed):
        editorial.decide(desk.coordinator, proposal.id, ruled(proposal))


def test_a_moderator_of_other_provinces_does_not_even_find_it(desk: SimpleNamespace) -> None:
    proposal = propose(desk.clerk, changed())
    with pytest.raises(NotThere):
        editorial.decide(desk.distant, proposal.id, ruled(proposal))


@pytest.mark.parametrize("who", ["clerk", "coordinator", "admin"])
def test_only_moderators_decide(desk: SimpleNamespace, who: str) -> None:
    proposal = propose(desk.clerk, changed())
    with pytest.raises((permissions.NotAllowed, NotThere)):
        editorial.decide(getattr(desk, who), proposal.id, ruled(proposal))


def test_two_moderators_must_agree_to_withdraw_what_an_agency_wants_withdrawn(desk: SimpleNamespace) -> None:
    proposal, before = propose(desk.coordinator, None, "withdraw", note="Bukan kerja sama luar negeri."), numbers()
    assert editorial.decide(desk.moderator, proposal.id, ruled(proposal)).state == "seconding"
    assert numbers() == before
    with pytest.raises(permissions.NotAllowed):
        editorial.decide(desk.moderator, proposal.id, ruled(proposal))
    assert editorial.decide(desk.second, proposal.id, ruled(proposal)).state == "published"
    assert (last().act, last().document, last().note) == ("withdraw", "null", PUBLIC)


def test_a_moderator_who_asks_counts_as_one_of_the_two(desk: SimpleNamespace) -> None:
    proposal = propose(desk.moderator, None, "withdraw", note="Bukan kerja sama luar negeri.")
    assert editorial.decide(desk.second, proposal.id, ruled(proposal)).state == "published"


def test_a_record_is_merged_only_into_one_that_stands(desk: SimpleNamespace) -> None:
    proposal = propose(desk.moderator, None, "merge", target="KS-0004", note="Kerja sama yang sama.")
    stood = document("KS-0004")
    gone = propose(desk.moderator, None, "withdraw", subject="KS-0004", note="Keliru.")
    editorial.decide(desk.second, gone.id, ruled(gone))
    assert _lacking(desk.second, proposal, ruled(proposal)) == [""]
    editorial.publish("cooperation", stood, Author("moderator", "Kantor"), note="Ternyata benar.")
    assert editorial.decide(desk.second, proposal.id, ruled(proposal)).state == "published"
    assert (last().act, last().merged_into) == ("merge", "KS-0004")


# -- others at the same time ----------------------------------------------------------------------------------


def test_the_second_of_two_moderators_comes_too_late(desk: SimpleNamespace) -> None:
    proposal = propose(desk.clerk, changed())
    first, late = ruled(proposal), ruled(proposal)
    editorial.decide(desk.moderator, proposal.id, first)
    before = numbers()
    with pytest.raises(Outdated):
        editorial.decide(desk.second, proposal.id, late)
    assert numbers() == before


def test_a_record_that_changed_since_must_be_looked_at_again(desk: SimpleNamespace) -> None:
    proposal = propose(desk.clerk, changed())
    ruling = ruled(proposal)
    editorial.publish("cooperation", document() | {"type": "sister_city"}, Author("moderator", "Kantor"), note="x")
    with pytest.raises(Conflicting):
        editorial.decide(desk.moderator, proposal.id, ruling)
    stands = standing(db.session(), proposal)
    assert [edit.top for edit in stands.conflicts] == ["type"], "only what really conflicts asks for a decision"
    verdicts = {"summary": Choice("accept"), "type": Choice("reject"), "events": Choice("accept")}
    editorial.decide(desk.moderator, proposal.id, ruled(proposal, verdicts))
    assert (document()["type"], document()["summary"]["id"]) == ("sister_city", changed()["summary"]["id"])


def test_every_move_names_the_office_and_the_decision_names_the_revision(desk: SimpleNamespace) -> None:
    proposal = propose(desk.clerk, changed())
    editorial.decide(desk.moderator, proposal.id, ruled(proposal))
    moves = db.session.execute(select(Decision).order_by(Decision.id)).scalars().all()
    assert [(one.move, one.before, one.after, one.office) for one in moves] == [
        ("submit", "draft", "submitted", "Dinas Uji Sragen"),
        ("publish", "submitted", "published", "Kantor Uji Pusat"),
    ]
    assert moves[1].revision == last().seq
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", moves[1].at)
