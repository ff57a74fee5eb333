"""What is known of web addresses? What came of asking for them, as checks and pages tell it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Table, bindparam, select
from sqlalchemy.orm import Session

from portal.checking.hyperlinks import NOT_ASKED, Tried
from portal.extensions import WIB, moment, today
from portal.models import Link
from portal.safety import host_of
from portal.visits import hosts
from portal.visits.cited import digest

# What can come of asking, and what it means. A page that refuses a machine may well open for people.
OUTCOMES: Mapping[str, str] = {
    "answers": "opens",
    "moved": "leads on to another address",
    "gone": "not found (404, 410)",
    "refused": "refused to us (401, 403, 429 …)",
    "server_error": "error of the server",
    "no_name": "no such name",
    "no_answer": "no connection, or no answer that can be read",
    "not_secure": "connection not secure",
    NOT_ASKED: "not asked: not on the list, or inside a network",
    "": "not asked yet",
}
FAILED = frozenset({"gone", "server_error", "no_name", "no_answer", "not_secure"})
_FOR_READERS = FAILED - {"not_secure"}  # browsers mend certificates that are not complete
SURE_AFTER = timedelta(days=1)  # between the first failure and the one that is believed
COLUMNS = (
    Link.address, Link.last_asked, Link.outcome, Link.code, Link.target, Link.failing_since, Link.failures,
)  # fmt: skip
# Every page of a record asks it: built once, and read without the machinery for objects.
_TABLE: Table = Link.__table__  # type: ignore[assignment]
_TRIED = select(*(_TABLE.c[column.key] for column in COLUMNS)).where(
    _TABLE.c.digest.in_(bindparam("digests", expanding=True)), _TABLE.c.last_asked.is_not(None)
)


def tried(session: Session, addresses: Iterable[str]) -> dict[str, Tried]:
    """What is known of each of some addresses, in one statement; those that were not asked are left out."""
    digests = sorted({digest(address) for address in addresses})
    if not digests:
        return {}
    rows = session.connection().execute(_TRIED, {"digests": digests})
    return {row.address: _tried(row) for row in rows}


def or_barred(session: Session, addresses: Collection[str], own: Collection[str]) -> dict[str, Tried]:
    """The same, and of those that the portal may not ask that it does not; ``own`` is the setting `LINK_HOSTS`."""
    barred = [address for address in addresses if hosts.why_not(address, own)]
    return {**dict.fromkeys(barred, Tried(NOT_ASKED, today())), **tried(session, addresses)}


def _tried(row: Any) -> Tried:
    on = moment(row.last_asked).astimezone(WIB).date()
    return Tried(row.outcome, on, row.code, host_of(row.target), is_dead(row))


def is_dead(row: Any) -> bool:
    """True for an address that did not open at least twice, a day apart, or whose page was not found."""
    if row.outcome == "gone":
        return True
    if row.outcome not in FAILED or row.failures < 2:
        return False
    return moment(row.last_asked) - moment(row.failing_since) >= SURE_AFTER


def is_told(tried: Tried) -> bool:
    """True where public pages say that an address did not open."""
    return tried.dead and tried.outcome in _FOR_READERS


def shown(row: Any) -> tuple[bool, date] | None:
    """What public pages say of an address: whether it was not found, and the day; None where they say nothing."""
    if row.last_asked is None or not is_told(tried := _tried(row)):
        return None
    return tried.outcome == "gone", tried.on
