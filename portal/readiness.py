"""Is this portal fit to be shown to the world? The list of `portal check`."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import Engine, func, or_, select
from sqlalchemy.orm import Session

from portal import carrier, desk, mailing
from portal.extensions import db, journal_mode, reading, sqlite_driver, stamp
from portal.models import Account, Letter, Revision, guards

FAILS, NOTES, HOLDS = "FAIL", "note", "ok"
NEAR = frozenset({"localhost", "127.0.0.1", "::1"})
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: its level (`FAILS`, `NOTES`, `HOLDS`) and what was found."""

    level: str
    what: str


def demand_tables(engine: Engine) -> None:
    """Fail, as any command does that misses a table, where no register was ever made; nothing stays open."""
    with reading(), engine.connect() as connection:
        connection.execute(select(Revision.seq).limit(1))


def findings(app: Flask) -> Iterator[Finding]:
    """Everything that is looked at, in the order of the list; the application context is the caller's."""
    yield from _settings(app.config)
    yield from _secret(app)
    yield from _answers(app)
    session = db.session()
    yield from _database(session)
    yield from _people(session, bool(app.config["DEMO"]))
    yield from _mail(session, app.config)
    session.rollback()


def _judged(holds: bool, good: str, bad: str, level: str = FAILS) -> Finding:
    return Finding(HOLDS, good) if holds else Finding(level, bad)


def _settings(config: Any) -> Iterator[Finding]:
    parts = urlsplit(config["PUBLIC_URL"])
    hosts = config["TRUSTED_HOSTS"] or []
    yield _judged(parts.scheme == "https", "PORTAL_PUBLIC_URL is https", "PORTAL_PUBLIC_URL is not an https address")
    yield _judged(
        bool(hosts) and parts.hostname in hosts,
        "PORTAL_TRUSTED_HOSTS names the public host",
        "PORTAL_TRUSTED_HOSTS does not name the host of PORTAL_PUBLIC_URL: any Host header is answered",
    )
    yield _judged(
        config["PROXY_HOPS"] > 0,
        "PORTAL_PROXY_HOPS counts the reverse proxy that ends https",
        "PORTAL_PROXY_HOPS is 0: https ends at a proxy that the portal does not know of",
    )
    yield _judged(not config["DEBUG"] and not config["TESTING"], "debugging is off", "debugging or testing is on")
    yield _judged(not config["DEMO"], "no demonstration", "PORTAL_DEMO is on: its accounts are known to everybody")
    secure = config.get("SESSION_COOKIE_SECURE") and config["SESSION_COOKIE_NAME"].startswith("__Host-")
    yield _judged(
        bool(secure and config["SESSION_COOKIE_HTTPONLY"] and config["SESSION_COOKIE_SAMESITE"] == "Lax"),
        "the cookie of sign-ins is Secure, HttpOnly, SameSite and bound to the host",
        "the cookie of sign-ins is not Secure and bound to the host (it is where PORTAL_PUBLIC_URL is https)",
    )
    yield _judged(bool(config["RATE_LIMIT"]), "requests are limited", "PORTAL_RATE_LIMIT is empty: no limit")
    yield _judged(
        not str(config["RATE_STORAGE"]).startswith("memory"),
        "limits are counted for all processes together",
        "PORTAL_RATE_STORAGE is memory://: each process counts for itself",
        NOTES,
    )


def _secret(app: Flask) -> Iterator[Finding]:
    secret = str(app.config["SECRET_KEY"] or "")
    yield _judged(
        len(secret) >= 50 and len(set(secret)) >= 5, "the secret key is long enough", "the secret key is too weak"
    )
    folder = Path(app.instance_path)
    for place in (folder, folder / "secret.key", folder / "portal.sqlite"):
        if place.exists():
            closed = not place.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
            level = NOTES if place.suffix == ".sqlite" else FAILS
            named = place.name if place != folder else "the instance folder"
            yield _judged(closed, f"{named} is closed to others", f"{named} can be read by other accounts", level)


def _answers(app: Flask) -> Iterator[Finding]:
    """What the front page answers over https, and what another host gets."""
    host = urlsplit(app.config["PUBLIC_URL"]).hostname or "localhost"
    ask = app.test_client()
    page = ask.get("/", base_url=f"https://{host}")
    policy = page.headers.get("Content-Security-Policy", "")
    firm = "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    yield _judged(page.status_code == 200, "the front page answers", f"the front page answers {page.status_code}")
    yield _judged(firm, "the content policy is in place", "the content policy is missing or weak")
    missing = [name for name, value in _HEADERS.items() if page.headers.get(name) != value]
    yield _judged(not missing, "the other headers are in place", f"missing or changed headers: {', '.join(missing)}")
    lasting = page.headers.get("Strict-Transport-Security", "")
    yield _judged("max-age=63072000" in lasting, "browsers are told to stay with https", "HSTS is missing")
    yield _judged("Set-Cookie" not in page.headers, "public pages set no cookie", "a public page sets a cookie")
    other = ask.get("/", base_url="https://not-ours.invalid")
    yield _judged(other.status_code == 400, "other host names are refused", "other host names are answered")


def _database(session: Session) -> Iterator[Finding]:
    faults = list(guards.faults(session.connection()))
    yield _judged(not faults, "the guards of ledger and acts are in place", "; ".join(faults))
    if session.get_bind().dialect.name == "sqlite":
        driver = sqlite_driver()
        yield _judged(
            journal_mode(driver) == "WAL",
            f"SQLite {driver.sqlite_version} keeps readers apart from writers",
            f"SQLite {driver.sqlite_version}: readers wait for writers (the wheel pysqlite3 brings a newer one)",
            NOTES,
        )


def _people(session: Session, demo: bool) -> Iterator[Finding]:
    factor = or_(Account.tf_primary_method.is_not(None), Account.webauthn.any()).label("factor")
    rows = session.execute(select(Account.role, factor, Account.demo).where(Account.active)).all()
    with_factor = {row.role for row in rows if row.factor}
    for role in ("administrator", "moderator"):
        yield _judged(
            role in with_factor,
            f"there is an account for: {role}",
            f"nobody who signed in with a second factor is: {role} (`portal invite`)",
            NOTES,
        )
    bare = sum(1 for r in rows if desk.ROLES[r.role].extra["second_factor"] == "1" and not r.factor)
    yield _judged(bare == 0, "no second factor is missing", f"accounts that must still set one up: {bare}", NOTES)
    made_up = sum(1 for row in rows if row.demo)
    yield _judged(
        demo or not made_up, "no accounts of a demonstration", f"accounts of a demonstration: {made_up}", NOTES
    )


def _mail(session: Session, config: Any) -> Iterator[Finding]:
    missing = carrier.missing()
    ready = not missing
    yield _judged(ready, "mail is set up", f"{', '.join(missing)} not set: letters wait")
    if ready:
        yield _judged(
            config["MAIL_TLS"] != "none" or config["MAIL_SERVER"] in NEAR,
            "letters go encrypted, or to this machine",
            "PORTAL_MAIL_TLS is none: letters and password go readable over the network",
        )
        problem = mailing.reach()
        yield _judged(not problem, "the mail server takes us", problem)
    day_ago = stamp(-mailing.OVERDUE)
    unsent = Letter.sent.is_(None) & Letter.given_up.is_(None) & (Letter.created < day_ago)
    old = session.execute(select(func.count()).where(unsent)).scalar_one()
    yield _judged(old == 0, "no letter waits for longer than a day", f"letters that wait for longer than a day: {old}")
    lost = session.execute(select(func.count()).where(Letter.given_up.is_not(None))).scalar_one()
    yield _judged(lost == 0, "no letter was given up", f"letters given up: {lost} (`portal remind --again`)", NOTES)
