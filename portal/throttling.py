"""How often may something be tried? Counted in the database: shared by all workers, kept over a restart.

What fails is answered with a growing wait from the fifth time and with a quarter of an hour from the tenth; nothing is
ever locked for good. What merely costs may be done so many times in a span (`LIMITS`, trust S27).
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete, select, text, update

from portal.extensions import db, moment, own_transaction, reading, stamp, utc_now
from portal.models import Attempt

QUARTER = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """``free`` times cost no wait; from ``most`` times within ``span`` the wait is the rest of the span.

    Between the two the wait grows: 2, 4, 8 … seconds. Where both are the same there is nothing between.
    """

    free: int
    most: int
    span: timedelta


LIMITS: Mapping[str, Limit] = {
    "sign_in": Limit(5, 10, QUARTER),  # of one account from one address: a stranger's guesses hold nobody else up
    "sign_in_account": Limit(100, 100, timedelta(hours=1)),  # of one account from everywhere
    "sign_in_address": Limit(20, 40, QUARTER),
    "second_factor": Limit(5, 10, QUARTER),
    "password_again": Limit(5, 10, QUARTER),
    "reset": Limit(3, 3, QUARTER),
    "reset_address": Limit(10, 10, QUARTER),
    "tip": Limit(5, 5, timedelta(hours=1)),
    "upload": Limit(30, 30, timedelta(hours=1)),
    "proposal": Limit(60, 60, timedelta(hours=1)),
    "message": Limit(30, 30, timedelta(hours=1)),
}


def network(address: str) -> str:
    """Under what an address is counted: IPv6 by the network of one customer (/64), which holds addresses without end.

    >>> network("2001:db8::1:2"), network("::ffff:192.0.2.7"), network("192.0.2.7")
    ('2001:db8::/64', '192.0.2.7', '192.0.2.7')
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found, 64), strict=False))


def wait(bucket: str, key: str, now: datetime | None = None) -> int:
    """Seconds to wait before the next try; 0: go. ``key`` is who tries: an account, an address."""
    with reading(), db.engine.connect() as connection:
        until = connection.execute(
            select(Attempt.until).where(Attempt.bucket == bucket, Attempt.key_hash == _hash(bucket, key))
        ).scalar()
    if until is None:
        return 0
    left = (moment(until) - (now or utc_now())).total_seconds()
    return max(0, int(left))


def count(bucket: str, key: str, now: datetime | None = None) -> int:
    """Count one try, in a short transaction of its own; returns the seconds to wait from now on.

    To be called before the work begins, or after it was given up: the transaction of the session ends here, because
    it would hold the lock that this one needs. Raises `RuntimeError` where it holds something unsaved.
    """
    limit, present, hashed = LIMITS[bucket], now or utc_now(), _hash(bucket, key)
    _let_go()
    with own_transaction(db.engine) as connection:
        connection.execute(
            text(
                "INSERT INTO attempt (bucket, key_hash, count, since, until) VALUES (:bucket, :key, 0, :now, :now) "
                "ON CONFLICT (bucket, key_hash) DO NOTHING"
            ),
            {"bucket": bucket, "key": hashed, "now": stamp(now=present)},
        )
        this = (Attempt.bucket == bucket, Attempt.key_hash == hashed)
        tried, since = connection.execute(select(Attempt.count, Attempt.since).where(*this).with_for_update()).one()
        if present - moment(since) >= limit.span:
            tried, since = 0, stamp(now=present)
            connection.execute(delete(Attempt).where(Attempt.until < stamp(-FORGOTTEN_AFTER, present), ~(this[1])))
        seconds = _delay(limit, tried + 1, moment(since), present)
        connection.execute(
            update(Attempt)
            .where(*this)
            .values(count=tried + 1, since=since, until=stamp(timedelta(seconds=seconds), present))
        )
    return seconds


def clear(bucket: str, key: str) -> None:
    """Forget the tries of somebody who succeeded, in the transaction of the caller."""
    this = (Attempt.bucket == bucket, Attempt.key_hash == _hash(bucket, key))
    db.session().execute(delete(Attempt).where(*this), execution_options={"synchronize_session": False})


def _delay(limit: Limit, tried: int, since: datetime, now: datetime) -> int:
    """Seconds to wait after so many tries."""
    if tried >= limit.most:
        return max(1, int((since + limit.span - now).total_seconds()))
    return 0 if tried < limit.free else int(2 ** (tried - limit.free + 1))


def _let_go() -> None:
    session = db.session()
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("what is counted must be counted before the work begins")
    session.rollback()


def _hash(bucket: str, key: str) -> str:
    """Who tried, in a form that tells nobody who it was."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(secret, f"{bucket}:{key.strip().casefold()}".encode(), hashlib.sha256).hexdigest()
