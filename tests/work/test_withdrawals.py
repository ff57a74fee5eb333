"""Does a tombstone leave the index and keep the chain whole?"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from portal import auditing, ledger
from portal.editorial.publishing import bury
from portal.extensions import db, today
from portal.ledger import MERGE, WITHDRAW, Author, Entry
from portal.models import Version

AUTHOR, FROM = Author("moderator", "Kantor uji"), Author("coordinator", "Bagian uji")


def _problems() -> list[str]:
    return [problem.what for problem in auditing.problems(db.session())]


@pytest.mark.usefixtures("fresh_app_context")
@pytest.mark.parametrize("into", ["", "KS-0012"])
def test_what_was_withdrawn_or_merged_leaves_the_index_and_verifies(into: str) -> None:
    session = db.session()
    entry = Entry("Keliru dicatat", FROM, act=MERGE if into else WITHDRAW, merged_into=into)
    bury(session, ledger.Chain(session), "KS-0011", AUTHOR, entry, today())
    session.commit()
    kept = session.execute(select(Version.__table__).order_by(Version.revision)).all()
    assert [row.current for row in kept if row.subject == "KS-0011"] == [False]
    assert _problems() == []
    auditing.rebuild(session, today())
    assert session.execute(select(Version.__table__).order_by(Version.revision)).all() == kept
    assert _problems() == []


def test_a_tombstone_of_what_does_not_stand_is_found(fresh_app_context: Any) -> None:
    session = db.session()
    bury(session, ledger.Chain(session), "KS-9000", AUTHOR, Entry("Keliru", act=WITHDRAW), today())
    assert any("never stood there" in problem for problem in _problems())
