"""Are files of evidence kept as promised: cleaned, out of reach, whole or not at all, and given to whom they may?"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Iterator
from contextvars import Context
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from portal import amending, editorial, evidence, inspecting, publications
from portal.editorial import Choice, Incomplete, Ruling, deciding, standing
from portal.extensions import db
from portal.models import Account, Evidence, Proposal
from tests import files
from tests.cooperations import STUDY, record
from tests.people import KLATEN, People, signed_in


@dataclass
class Desk:
    """A clerk with a draft in an application of their own."""

    app: Any
    people: People
    proposal: int

    def account(self, name: str = "clerk") -> Account:
        found = db.session.get(Account, getattr(self.people, name).id)
        assert found is not None
        return found

    def keep(self, content: bytes, name: str = "Nota.pdf", **more: Any) -> Evidence:
        return evidence.keep(self.account(), self.proposal, name, BytesIO(content), **more)

    def get(self, path: str, name: str = "") -> Any:
        """The answer to somebody ("" for a visitor) as their own request, outside of this application context."""
        db.session.commit()

        def ask() -> Any:
            client = signed_in(self.app, getattr(self.people, name)) if name else self.app.test_client()
            answer = client.get(path)
            answer.get_data()
            answer.close()
            return answer

        return Context().run(ask)

    def stored(self) -> list[Path]:
        return sorted(path for path in (Path(self.app.instance_path) / "uploads").rglob("*") if path.is_file())


@pytest.fixture
def desk(fresh_app: Any, fresh_people: People) -> Iterator[Desk]:
    with fresh_app.app_context():
        clerk = db.session.get(Account, fresh_people.clerk.id)
        assert clerk is not None
        proposal = editorial.start(clerk, "new", KLATEN)
        yield Desk(fresh_app, fresh_people, proposal.id)
        db.session.remove()


def test_a_file_is_kept_cleaned_with_size_pages_and_checksum(desk: Desk) -> None:
    content = files.pdf(3, files.HOSTILE["script at opening"][0])
    kept = desk.keep(content, "C:\\dokumen\\Nota kesepahaman.PDF", source="u1s1")
    on_disk = evidence.path(kept).read_bytes()
    assert (kept.name, kept.mimetype, kept.pages) == ("Nota kesepahaman.pdf", "application/pdf", 3)
    assert (kept.size, kept.sha256) == (len(on_disk), hashlib.sha256(on_disk).hexdigest())
    assert (kept.source, kept.disclosure, kept.subject) == ("u1s1", "metadata_only", "")
    assert "JavaScript" not in files.written_out(on_disk)


def test_only_the_owner_of_the_process_may_read_it_and_its_name_says_nothing(desk: Desk) -> None:
    kept = desk.keep(files.picture(), "foto.jpg")
    place = evidence.path(kept)
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in (place.parent, place.parent.parent)} == {0o700}
    assert "foto" not in str(place)
    assert not place.suffix


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (files.HTML, "type"),
        (files.SVG, "type"),
        (files.locked_pdf("rahasia"), "encrypted"),
        (files.pdf()[:300], "broken"),
        (b"%PDF-1.7" + b"\0" * evidence.LARGEST, "large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_refused_leaves_nothing(desk: Desk, content: bytes, reason: str) -> None:
    with pytest.raises(evidence.Refused) as told:
        desk.keep(content)
    assert told.value.message == evidence.REASONS[reason]
    assert desk.stored() == []
    assert evidence.of(db.session(), desk.proposal) == []


def test_every_reason_of_the_inspection_has_a_sentence() -> None:
    source = Path(inspecting.__file__).read_text(encoding="utf-8")
    for reason in ("type", "large", "encrypted", "broken", "pages", "pixels", "heavy"):
        assert f'"{reason}"' in source
        assert reason in evidence.REASONS


def test_a_file_that_takes_too_long_is_refused_in_time(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inspecting, "SECONDS", 0.01)
    started = time.monotonic()
    with pytest.raises(evidence.Refused) as told:
        desk.keep(files.pdf())
    assert time.monotonic() - started < 5
    assert told.value.message == evidence.REASONS["heavy"]
    assert desk.stored() == []


def test_while_a_file_is_inspected_others_may_write(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(given: Path, cleaned: Path) -> Any:
        assert not db.session().in_transaction()
        return real(given, cleaned)

    real = evidence._inspected
    monkeypatch.setattr(evidence, "_inspected", busy)
    assert desk.keep(files.pdf()).pages == 2


def test_only_two_files_are_inspected_at_a_time_and_the_next_is_told_so(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evidence, "PATIENCE", 0.05)
    assert evidence._turn.acquire(timeout=1)
    desk.keep(files.picture())
    assert evidence._turn.acquire(timeout=1)
    try:
        with pytest.raises(evidence.Refused, match="again in a moment"):
            desk.keep(files.picture())
    finally:
        evidence._turn.release()
        evidence._turn.release()
    assert len(desk.stored()) == 1
    with pytest.raises(evidence.Refused):
        desk.keep(files.locked_pdf("rahasia"))
    for _turn in range(3):
        desk.keep(files.picture())


def test_five_files_are_enough(desk: Desk) -> None:
    for place in range(evidence.MOST):
        desk.keep(files.picture(), f"{place}.jpg")
    with pytest.raises(evidence.Refused):
        desk.keep(files.picture())
    assert len(desk.stored()) == evidence.MOST
    evidence.remove(desk.account(), desk.proposal, evidence.of(db.session(), desk.proposal)[0].id)
    desk.keep(files.picture())


def test_an_account_may_send_so_much_a_day(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    first = desk.keep(files.pdf())
    monkeypatch.setattr(evidence, "MOST_A_DAY", first.size + 10)
    with pytest.raises(evidence.Refused, match="very much today"):
        desk.keep(files.pdf(3))
    assert len(desk.stored()) == 1
    first.uploaded = "2026-01-01T00:00:00Z"
    db.session.commit()
    desk.keep(files.pdf())


def test_removed_is_removed_from_the_disk_too(desk: Desk) -> None:
    kept = desk.keep(files.picture())
    evidence.remove(desk.account(), desk.proposal, kept.id)
    evidence.remove(desk.account(), desk.proposal, kept.id)
    assert desk.stored() == []
    assert evidence.of(db.session(), desk.proposal) == []


@pytest.mark.parametrize("name", ["colleague", "stranger", "coordinator", "moderator", "admin"])
def test_nobody_else_attaches_or_removes(desk: Desk, name: str) -> None:
    kept = desk.keep(files.picture())
    with pytest.raises(editorial.NotThere):
        evidence.keep(desk.account(name), desk.proposal, "a.jpg", BytesIO(files.picture()))
    with pytest.raises(editorial.NotThere):
        evidence.remove(desk.account(name), desk.proposal, kept.id)
    with pytest.raises(editorial.NotThere):
        evidence.one(db.session(), desk.account(name), desk.proposal, kept.id)
    assert len(desk.stored()) == 1


def test_what_was_sent_is_not_changed_any_more(desk: Desk) -> None:
    kept = desk.keep(files.picture())
    proposal = db.session.get(Proposal, desk.proposal)
    assert proposal is not None
    proposal.state = "submitted"
    db.session.commit()
    with pytest.raises(editorial.Outdated):
        desk.keep(files.picture())
    with pytest.raises(editorial.Outdated):
        evidence.remove(desk.account(), desk.proposal, kept.id)


def test_files_are_tied_to_their_sources(desk: Desk) -> None:
    first, second = desk.keep(files.picture()), desk.keep(files.pdf())
    evidence.tie(desk.account(), desk.proposal, {second.id: "u1s2", 9999: "u1s3"})
    assert [one.source for one in evidence.of(db.session(), desk.proposal)] == ["", "u1s2"]
    assert first.id < second.id


def test_what_nobody_names_is_swept_after_a_day(desk: Desk) -> None:
    kept = desk.keep(files.picture())
    orphan = evidence.path(kept).parent / ("0" * 32)
    left = Path(desk.app.instance_path) / "uploads" / "incoming" / "abc"
    for place in (orphan, left):
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(b"x")
    assert evidence.sweep() == 0
    for place in (orphan, left, evidence.path(kept)):
        os.utime(place, (0, 0))
    assert evidence.sweep() == 2
    assert desk.stored() == [evidence.path(kept)]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Nota.PDF", "Nota.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\naskah\\mou.pdf", "mou.pdf"),
        ("mou.pdf.exe", "mou.pdf.exe.pdf"),
        ("mou\u202efdp.exe", "moufdp.exe.pdf"),
        ("  Nota   kesepahaman \n2015 .pdf", "Nota kesepahaman 2015.pdf"),
        ("<b>.pdf", "b.pdf"),
        ("", "bukti.pdf"),
        (".pdf", "bukti.pdf"),
        ("...", "bukti.pdf"),
        ("协议.pdf", "协议.pdf"),
        ("a" * 300, "a" * 116 + ".pdf"),
    ],
)
def test_names_are_cleaned(given: str, kept: str) -> None:
    assert evidence.clean_name(given, "application/pdf") == kept


# -- giving out -----------------------------------------------------------------------------------------------


@pytest.fixture
def kept(desk: Desk) -> Evidence:
    return desk.keep(files.pdf(), "Nota kesepahaman – 2026.pdf", source="u1s1")


def test_the_author_gets_the_file_as_an_attachment_that_nothing_runs(desk: Desk, kept: Evidence) -> None:
    answer = desk.get(f"/usulan/{desk.proposal}/bukti/{kept.id}", "clerk")
    assert answer.status_code == 200
    assert hashlib.sha256(answer.data).hexdigest() == kept.sha256
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert "filename*=UTF-8''Nota%20kesepahaman%20%E2%80%93%202026.pdf" in answer.headers["Content-Disposition"]
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_draft_is_nobody_elses(desk: Desk, kept: Evidence) -> None:
    path = f"/usulan/{desk.proposal}/bukti/{kept.id}"
    for name in ("colleague", "stranger", "coordinator", "moderator", "second", "distant", "admin"):
        assert desk.get(path, name).status_code == 404, name
    assert desk.get(path).status_code == 303


def test_who_may_read_what_was_sent_may_read_its_files(desk: Desk, kept: Evidence) -> None:
    proposal = db.session.get(Proposal, desk.proposal)
    assert proposal is not None
    proposal.state = "submitted"
    db.session.commit()
    for name, code in [
        ("coordinator", 200), ("moderator", 200), ("second", 200), ("distant", 404), ("colleague", 404),
        ("stranger", 404), ("admin", 404),
    ]:  # fmt: skip
        assert desk.get(f"/usulan/{desk.proposal}/bukti/{kept.id}", name).status_code == code, name


def test_a_file_of_another_proposal_is_not_there(desk: Desk, kept: Evidence) -> None:
    other = editorial.start(desk.account(), "new", KLATEN)
    for path in (f"/usulan/{other.id}/bukti/{kept.id}", f"/usulan/{desk.proposal}/bukti/99999"):
        assert desk.get(path, "clerk").status_code == 404


# -- what is published ----------------------------------------------------------------------------------------


def submitted(desk: Desk, title: str = "Kabupaten Klaten – Kota Lain") -> Proposal:
    """A new record that stands on an uploaded file, sent to the moderators."""
    key = f"u{desk.proposal}s1"
    source = {**STUDY, "key": key, "title": "Nota kesepahaman"}
    after = {**record(region=KLATEN, title={"id": title}), "sources": [source]}
    del after["id"]
    desk.keep(files.pdf(), "Nota.pdf", source=key)
    editorial.save(desk.account(), desk.proposal, [], amending.edits({}, after))
    return editorial.submit(desk.account(), desk.proposal)


def decided(desk: Desk, proposal: Proposal, disclosure: str, name: str = "moderator") -> editorial.Outcome:
    stands = standing(db.session(), proposal)
    ruling = Ruling(
        version=proposal.version, base=stands.number, note="Sesuai.", change_note="Catatan baru.",
        reason="Bukti cukup.",
        choices={edit.key: Choice("accept") for edit in deciding.decidable(stands)},
        sources={f"u{proposal.id}s1": {"kind": "agreement_text", "grade": "A", "disclosure": disclosure}},
    )  # fmt: skip
    return editorial.decide(desk.account(name), proposal.id, ruling)


def test_a_published_source_carries_the_checksum_of_its_file_and_everybody_may_have_it(desk: Desk) -> None:
    proposal = submitted(desk)
    (file,) = evidence.of(db.session(), proposal.id)
    subject = decided(desk, proposal, "public").subject
    newest = publications.newest(subject)
    assert newest is not None
    assert newest.document["sources"][0]["archive"] == {"sha256": file.sha256}
    assert newest.document["sources"][0]["grade"] == "A"
    assert newest.evidence == (file.sha256,)
    for path in (f"/kerja-sama/{subject}/bukti/{file.sha256}", f"/en/kerja-sama/{subject}/bukti/{file.sha256}"):
        answer = desk.get(path)
        assert answer.status_code == 200
        assert hashlib.sha256(answer.data).hexdigest() == file.sha256
        assert answer.headers["Content-Disposition"].startswith("attachment; filename=Nota.pdf")
        assert answer.headers["Content-Security-Policy"].startswith("sandbox")
        assert "Set-Cookie" not in answer.headers
    for wrong in (f"/kerja-sama/{subject}/bukti/{'0' * 64}", f"/kerja-sama/KS-0011/bukti/{file.sha256}"):
        assert desk.get(wrong).status_code == 404


@pytest.mark.parametrize("disclosure", ["metadata_only", "withheld", "public_redacted"])
def test_only_what_a_moderator_made_public_is_given_out(desk: Desk, disclosure: str) -> None:
    proposal = submitted(desk)
    (file,) = evidence.of(db.session(), proposal.id)
    subject = decided(desk, proposal, disclosure).subject
    assert desk.get(f"/kerja-sama/{subject}/bukti/{file.sha256}").status_code == 404
    assert dict(evidence.disclosed(db.session(), subject)) == {}


def test_a_file_goes_with_the_record_it_stood_behind(desk: Desk) -> None:
    proposal = submitted(desk)
    (file,) = evidence.of(db.session(), proposal.id)
    subject = decided(desk, proposal, "public").subject
    assert list(evidence.disclosed(db.session(), subject)) == [file.sha256]
    editorial.undo(desk.account("moderator"), proposal.id)
    assert desk.get(f"/kerja-sama/{subject}/bukti/{file.sha256}").status_code == 410


def test_what_must_be_mended_is_not_published(desk: Desk) -> None:
    proposal = submitted(desk, "Kabupaten Klaten – situs slot gacor hari ini")
    with pytest.raises(Incomplete) as told:
        decided(desk, proposal, "public")
    assert {problem.path for problem in told.value.problems} == {"title"}
    again = db.session.get(Proposal, desk.proposal)
    assert again is not None
    assert again.state == "submitted"
