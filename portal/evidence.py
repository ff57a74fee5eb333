"""Which files stand behind a proposal? Checked, cleaned, kept outside of the web folders – and given out again.

A file is written under a random name before its row is committed, so a row always has its file; a file without a row
(the process died in between) is swept. Inspection runs in a child process while no transaction is open: a slow file
keeps no other writer waiting.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import subprocess
import sys
import threading
import time
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO

from flask import current_app
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal import inspecting, moderation, publications, safety, throttling
from portal.editorial import NotThere, Outdated, open_for
from portal.extensions import db, stamp
from portal.models import Account, Evidence, Proposal
from portal.terms import N_

LARGEST = 10 * 1024 * 1024  # bytes of one file
MOST = 5  # files of one proposal
MOST_A_DAY = 200 * 1024 * 1024  # bytes of one account within 24 hours
LONGEST_NAME = 120
ENDINGS: Mapping[str, str] = {inspecting.PDF: ".pdf", inspecting.JPEG: ".jpg", inspecting.PNG: ".png"}
ORPHAN_HOURS = 24
AT_ONCE, PATIENCE = 2, 5  # inspections at the same time in one server process; seconds a file waits for its turn

# What is said of a file that is not taken; the keys are the reasons of `inspecting`.
REASONS: Mapping[str, str] = {
    "empty": N_("The file is empty. Choose another one."),
    "large": N_("The file is larger than 10 MB. Make it smaller, or attach only the pages that matter."),
    "type": N_("The file must be PDF, JPG or PNG, 10 MB at most."),
    "encrypted": N_("This PDF is locked with a password. Save a copy without a password and attach that."),
    "broken": N_("This file is damaged and cannot be read. Open it, save or print it as a new PDF and attach that."),
    "pages": N_("This PDF has too many pages. Attach only the pages that matter."),
    "pixels": N_("This picture is too large. Take it with fewer pixels, or save it smaller."),
    "heavy": N_("This file takes too long to check. Print it as a new, simpler PDF and attach that."),
}
_TOO_MANY = N_("At most %(most)s files can be attached. Remove one first.")
_TOO_MUCH = N_("You have attached very much today. Go on tomorrow, or write where the evidence can be seen.")
_TOO_FAST = N_("Many files came in a short time. Attach the next one in %(minutes)s minutes.")
_BUSY = N_("Other files are being checked just now. Please attach yours again in a moment.")
_PUBLISHED = N_("This file stands behind something that is published already and cannot be removed.")


_turn = threading.BoundedSemaphore(AT_ONCE)


class Refused(ValueError):
    """A file that is not taken: an English message of the catalogues and its values."""

    def __init__(self, message: str, values: Mapping[str, str] | None = None) -> None:
        self.message, self.values = message, dict(values or {})
        super().__init__(message % self.values)


def keep(by: Account, proposal_id: int, name: str, stream: BinaryIO, source: str = "") -> Evidence:
    """Check, clean and keep a file with an own draft; it stands behind the source of that key.

    Raises `Refused` (nothing is left behind), `editorial.NotThere` and `editorial.Outdated`. Ends the caller's
    transaction. Takes less than `PATIENCE`, `inspecting.SECONDS` and a moment.
    """
    session = db.session()
    _demand_room(session, by, _own(session, by, proposal_id))
    key = str(by.id)
    session.commit()  # nobody waits for a slow file
    seconds = throttling.wait("upload", key)
    if seconds:
        raise Refused(_TOO_FAST, {"minutes": str(-(-seconds // 60))})
    throttling.count("upload", key)
    with _incoming(stream) as (given, cleaned):
        found = _inspected(given, cleaned)
        stored = _put_away(cleaned)
    try:
        evidence = _written_down(session, by, proposal_id, name, source, stored, found)
        session.commit()
    except BaseException:
        session.rollback()
        _file(stored).unlink(missing_ok=True)
        raise
    return evidence


def of(session: Session, proposal_id: int) -> list[Evidence]:
    """The files of a proposal in the order they came."""
    wanted = select(Evidence).where(Evidence.proposal_id == proposal_id, Evidence.removed.is_(None))
    return list(session.execute(wanted.order_by(Evidence.id)).scalars())


def one(session: Session, by: Account, proposal_id: int, evidence_id: int) -> Evidence:
    """One file of a proposal that this person may read; raises `editorial.NotThere`."""
    open_for(session, by, proposal_id)
    found = session.get(Evidence, evidence_id)
    if found is None or found.proposal_id != proposal_id or found.removed is not None:
        raise NotThere(evidence_id)
    return found


def tie(by: Account, proposal_id: int, sources: Mapping[int, str]) -> None:
    """Say which source of the document each file of an own draft stands behind (the key of the source by file)."""
    session = db.session()
    _own(session, by, proposal_id)
    for evidence in of(session, proposal_id):
        if evidence.id in sources and not evidence.subject:
            evidence.source = sources[evidence.id]
    session.commit()


def remove(by: Account, proposal_id: int, evidence_id: int) -> None:
    """Take a file out of an own draft; one that is removed already stays so. Raises `Refused` for a published one."""
    session = db.session()
    _own(session, by, proposal_id)
    found = session.get(Evidence, evidence_id)
    if found is None or found.proposal_id != proposal_id:
        raise NotThere(evidence_id)
    if found.subject:
        raise Refused(_PUBLISHED)
    stored = found.stored
    found.removed = found.removed or stamp()
    session.commit()
    _file(stored).unlink(missing_ok=True)


def path(evidence: Evidence) -> Path:
    """Where the file lies."""
    return _file(evidence.stored)


def public(session: Session, subject: str, sha256: str) -> Evidence | None:
    """The file with this checksum that everybody may have: the newest document names it, a moderator disclosed it."""
    newest = publications.newest(subject)
    if newest is None or newest.gone or not _names(newest.document, sha256) or sha256 in withheld(newest.document):
        return None
    wanted = select(Evidence).where(
        Evidence.subject == subject, Evidence.sha256 == sha256, Evidence.disclosure == "public",
        Evidence.removed.is_(None),
    )  # fmt: skip
    return session.execute(wanted.order_by(Evidence.id).limit(1)).scalar_one_or_none()


def disclosed(session: Session, subject: str) -> Mapping[str, Evidence]:
    """The files of a subject that may be public, by checksum; whether its newest document names them is not asked."""
    wanted = select(Evidence).where(
        Evidence.subject == subject, Evidence.disclosure == "public", Evidence.removed.is_(None)
    )
    return {evidence.sha256: evidence for evidence in session.execute(wanted.order_by(Evidence.id.desc())).scalars()}


def withheld(document: Mapping[str, Any]) -> set[str]:
    """The checksums of files behind sources that are withheld themselves, or that a withheld text names."""
    texts = [text for text in document.get("instruments", []) if text["disclosure"] == "withheld"]
    keys = {key for text in texts for key in text.get("sources", [])}
    found = (
        source.get("archive", {}).get("sha256", "")
        for source in document.get("sources", [])
        if source["key"] in keys or "withheld" in source
    )
    return {sha256 for sha256 in found if sha256}


def sweep(hours: int = ORPHAN_HOURS) -> int:
    """Delete files that no row names and that are older than so many hours; returns how many."""
    root = _root()
    if not root.is_dir():
        return 0
    session = db.session()
    known = set(session.execute(select(Evidence.stored).where(Evidence.removed.is_(None))).scalars())
    session.rollback()
    oldest = time.time() - hours * 3600
    gone = 0
    for file in root.glob("*/*"):
        if f"{file.parent.name}/{file.name}" not in known and file.is_file() and file.stat().st_mtime < oldest:
            file.unlink(missing_ok=True)
            gone += 1
    return gone


def clean_name(name: str, mimetype: str) -> str:
    """A file's name as it is shown and given out: its last part, visible characters only, the ending of its type."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(letter for letter in last if not safety.hides(letter, 1) and letter not in '<>:"|?*')
    stem = re.sub(r"\.(pdf|jpe?g|png)$", "", " ".join(seen.split()), flags=re.IGNORECASE).strip(". ")
    ending = ENDINGS[mimetype]
    return (stem[: LONGEST_NAME - len(ending)].strip() or "bukti") + ending


# -- the steps ------------------------------------------------------------------------------------------------


def _own(session: Session, by: Account, proposal_id: int) -> Proposal:
    """A proposal whose files this person may still change: their own, not sent."""
    proposal = open_for(session, by, proposal_id)
    if proposal.author_id != by.id:
        raise NotThere(proposal_id)
    if proposal.state not in moderation.WITH_AUTHOR:
        raise Outdated("the proposal was sent already")
    return proposal


def _demand_room(session: Session, by: Account, proposal: Proposal, more: int = 0) -> None:
    if len(of(session, proposal.id)) >= MOST:
        raise Refused(_TOO_MANY, {"most": str(MOST)})
    since = stamp(timedelta(hours=-24))
    sent = session.execute(
        select(func.coalesce(func.sum(Evidence.size), 0)).where(
            Evidence.uploaded_by == by.id, Evidence.uploaded > since
        )
    ).scalar_one()
    if int(sent) + more > MOST_A_DAY:
        raise Refused(_TOO_MUCH)


def _written_down(
    session: Session, by: Account, proposal_id: int, name: str, source: str, stored: str, found: Mapping[str, Any]
) -> Evidence:
    """Add the row of a file; whoever writes to the same proposal at this moment waits."""
    session.execute(select(Proposal.id).where(Proposal.id == proposal_id).with_for_update())
    proposal = _own(session, by, proposal_id)
    _demand_room(session, by, proposal, found["size"])
    evidence = Evidence(
        proposal_id=proposal_id, uploaded_by=by.id, uploaded=stamp(), name=clean_name(name, found["type"]),
        stored=stored, mimetype=found["type"], sha256=found["sha256"], size=found["size"], pages=found["pages"],
        source=source, disclosure="metadata_only", subject="", removed=None,
    )  # fmt: skip
    session.add(evidence)
    session.flush()
    return evidence


@contextmanager
def _incoming(stream: BinaryIO) -> Iterator[tuple[Path, Path]]:
    """The file as it came and a place for the cleaned one, both gone afterwards."""
    folder = _folder("incoming")
    given = folder / secrets.token_hex(16)
    cleaned = given.with_suffix(".clean")
    try:
        size = 0
        with os.fdopen(os.open(given, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            while part := stream.read(64 * 1024):
                size += len(part)
                if size > LARGEST:
                    raise Refused(REASONS["large"])
                file.write(part)
        if not size:
            raise Refused(REASONS["empty"])
        yield given, cleaned
    finally:
        given.unlink(missing_ok=True)
        cleaned.unlink(missing_ok=True)


def _inspected(given: Path, cleaned: Path) -> Mapping[str, Any]:
    """What the child process says of a file, with checksum and size of the cleaned one; raises `Refused`."""
    if not _turn.acquire(timeout=PATIENCE):
        raise Refused(_BUSY)
    try:
        found = _answer(given, cleaned)
    finally:
        _turn.release()
    if "type" not in found:
        raise Refused(REASONS.get(found.get("refused", ""), REASONS["heavy"]))
    content = cleaned.read_bytes()
    return {**found, "sha256": hashlib.sha256(content).hexdigest(), "size": len(content)}


def _answer(given: Path, cleaned: Path) -> Mapping[str, Any]:
    """What the child process prints; raises `Refused` where it takes too long."""
    search = os.pathsep.join(str(Path(entry).resolve()) for entry in sys.path)
    try:
        done = subprocess.run(  # noqa: S603 - our own module, paths we made
            [sys.executable, "-m", "portal.inspecting", str(given), str(cleaned)],
            env={"PYTHONPATH": search, "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.DEVNULL, capture_output=True, timeout=inspecting.SECONDS, check=False,
        )  # fmt: skip
        found: Mapping[str, Any] = json.loads(done.stdout or b"{}")
    except (subprocess.TimeoutExpired, ValueError):
        raise Refused(REASONS["heavy"]) from None
    return found


def _put_away(cleaned: Path) -> str:
    """Move a cleaned file to its place for good; returns that place below the folder of all."""
    name = secrets.token_hex(16)
    folder = _folder(name[:2])
    with cleaned.open("rb+") as file:
        os.fchmod(file.fileno(), 0o600)
        os.fsync(file.fileno())
    cleaned.rename(folder / name)
    _sync(folder)
    return f"{name[:2]}/{name}"


def _sync(folder: Path) -> None:
    """Make a new name in a folder outlive a power cut; systems that cannot open folders do so by themselves."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _root() -> Path:
    return Path(current_app.instance_path) / "uploads"


def _folder(name: str) -> Path:
    folder = _root() / name
    _root().mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _file(stored: str) -> Path:
    return _root() / stored


def _names(document: Mapping[str, Any], sha256: str) -> bool:
    return any(source.get("archive", {}).get("sha256") == sha256 for source in document.get("sources", []))
