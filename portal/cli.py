"""What can be done from the command line? The `portal` command."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import click
from flask import Flask
from flask.cli import FlaskGroup, with_appcontext
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal import (
    auditing,
    carrier,
    columns,
    create_app,
    demonstration,
    desk,
    editorial,
    first_records,
    indexing,
    ledger,
    linking,
    listing,
    mailing,
    notifications,
    readiness,
    upkeep,
)
from portal.accounts import invitations, people
from portal.accounts.invitations import Guest
from portal.accounts.people import Post
from portal.config import FIRST_LOCALE, LOCALES, BadSetting
from portal.criteria import Criteria
from portal.extensions import cause, db, reading, today
from portal.ledger import Author
from portal.models import RegionRow, Revision
from portal.visits import fetching, rounds, summing

Progress = Callable[[str], None]
_MOMENT = 2_000  # revisions
IMPORT_NOTE = "Impor data awal / Initial import"


def _offline_app() -> Flask:
    return create_app({"STATEMENT_SECONDS": 0})


class Commands(FlaskGroup):
    """The commands; what an operator can mend is told in one line instead of a traceback."""

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """A command; `db`, for who writes a migration, is loaded where it is asked for, and Alembic with it."""
        if name == "db":
            from flask_migrate.cli import db as migrations  # type: ignore[import-not-found]

            return migrations
        return self.commands.get(name) or super().get_command(ctx, name)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command."""
        try:
            return super().main(*args, **kwargs)
        except (BadSetting, OSError, SQLAlchemyError, editorial.NotPublishable) as error:
            click.echo(f"portal: {cause(error)}", err=True)
            raise SystemExit(1) from None


@click.group(cls=Commands, create_app=_offline_app, add_default_commands=False, add_version_option=False)
@click.version_option(package_name="tautan-daerah", prog_name="portal")
def main() -> None:
    """Run and look after the register of regional foreign cooperation."""


def prepare(app: Flask, progress: Progress | None = None) -> None:
    """Bring the database up to date and load what the register begins with; what is there stays. Idempotent."""
    tell = progress or (lambda _line: None)
    with app.app_context():
        tell("Database: bringing the tables up to date")
        _upgrade()
        _load_places()
        if ledger.publication_number(db.session()) == 0:
            tell("Register: publishing the first records through the ledger")
            author = Author("initial_import")
            editorial.publish_all("cooperation", first_records.cooperations(), author, IMPORT_NOTE)
            editorial.publish_all("region", first_records.regions(), author, IMPORT_NOTE)
        _renew_index(tell)
        _assess(today())
        count = db.session.execute(select(func.count(func.distinct(Revision.subject)))).scalar_one()
        tell(f"Register: {count} records and region notes on file")
        db.session.remove()


def _upgrade() -> None:
    """Bring the tables up to date."""
    from flask_migrate import upgrade

    upgrade()


def _load_places() -> None:
    """Copy the reference regions and countries into the database when they are not there yet."""
    session = db.session()
    if session.execute(select(func.count()).select_from(RegionRow)).scalar_one() == 0:
        indexing.write_places(session)
    session.commit()


def _renew_index(tell: Progress) -> None:
    """Make the index anew when it was made by another version of the code."""
    session = db.session()
    if indexing.is_outdated(session):
        tell("Index: writing it anew from the ledger")
        _rebuild(session)
    session.commit()


def _rebuild(session: Session) -> int:
    """Write the index anew, show how far it is, commit; returns the number of revisions."""
    with _bar(session, "Rebuilding") as progress:
        count = auditing.rebuild(session, today(), progress)
        columns.prepare(session)
        session.commit()
    _turn_words(session, again=True)
    return count


def _turn_words(session: Session, again: bool = False) -> None:
    """Bring the file of words up to date, which searching is faster with; it works without."""
    if problem := columns.turn(session, again):
        click.echo(f"warning: the file of words could not be written: {problem}", err=True)
    session.rollback()


def _assess(day: date, again: bool = False) -> None:
    """Fill in the answers of a day, show how far it is, commit; without ``again`` only when they are of another."""
    session = db.session()
    if again or indexing.assessed_on(session) != day:
        with _bar(session, "Assessing") as progress:
            indexing.assess_all(session, day, progress)
            columns.prepare(session)
            session.commit()
        _turn_words(session)
    session.commit()


@contextmanager
def _bar(session: Session, label: str) -> Iterator[Callable[[int], None]]:
    """A bar as long as the ledger, drawn where there is a screen; gives what is to be told how far the work is.

    What is done in a moment has none.
    """
    if ledger.publication_number(session) < _MOMENT:
        yield lambda _done: None
        return
    with click.progressbar(length=ledger.publication_number(session), label=label) as bar:
        yield lambda done: bar.update(done - bar.pos)


@main.command()
@with_appcontext
def init() -> None:
    """Make the tables and load the reference data and the first records."""
    from flask import current_app

    prepare(current_app._get_current_object(), click.echo)  # type: ignore[attr-defined]


@main.command(name="upgrade")
@with_appcontext
def upgrade_command() -> None:
    """Bring the tables and the index of a database up to this version; `init` is what makes one."""
    readiness.demand_tables(db.engine)
    _upgrade()
    _renew_index(click.echo)


@main.command()
@click.option("--day", type=click.DateTime(["%Y-%m-%d"]), default=None, help="Day to assess; today when left out.")
@with_appcontext
def assess(day: Any) -> None:
    """Refresh the four answers in the index; to be run each night."""
    started, chosen = time.perf_counter(), day.date() if day else today()
    if chosen > today():
        raise click.BadParameter(f"{chosen.isoformat()} has not come yet", param_hint="--day")
    _assess(chosen, again=True)
    click.echo(f"Answers refreshed in {time.perf_counter() - started:.1f} s")


@main.command()
@with_appcontext
def rebuild() -> None:
    """Write the whole index anew from the ledger."""
    click.echo(f"{_rebuild(db.session())} revisions indexed")


def _head(_context: click.Context, _parameter: click.Parameter, value: str | None) -> linking.Head | None:
    """The head written as ``SEQ:HASH``."""
    if value is None:
        return None
    found = re.fullmatch(r"([0-9]{1,9}):([0-9a-f]{64})", value)
    if found is None:
        raise click.BadParameter("must be a number, a colon and 64 hexadecimal digits")
    return linking.Head(int(found[1]), found[2])


@main.command()
@click.option("--expect", metavar="SEQ:HASH", callback=_head, help="A head noted earlier, still to be in the chain.")
@with_appcontext
def verify(expect: linking.Head | None) -> None:
    """Check the chain of revisions, and that the index equals a rebuild from it; prints the head of the chain."""
    with reading():
        session = db.session()
        if session.get_bind().dialect.name == "postgresql":  # what is compared is all of one moment, as in SQLite
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        with _bar(session, "Verifying") as progress:
            found = list(auditing.problems(session, progress))
            if expect is not None:
                found += linking.missing_head(session, expect)
            found += linking.guarded(0, columns.faults(session))
            head, day = linking.head(session), auditing.assessed_on(session)
        session.rollback()
    for problem in found:
        click.echo(f"revision {problem.seq}: {problem.what}" if problem.seq else problem.what, err=True)
    click.echo(f"head {head.seq}:{head.hash}")
    click.echo(f"answers of {day.isoformat() if day else 'no day'}")
    if day is not None and day < today():
        click.echo("warning: the answers are those of an earlier day; `portal assess` refreshes them", err=True)
    if found:
        raise click.ClickException(f"{len(found)} problems found")
    click.echo(f"{head.seq} revisions verified: the chain holds, the index equals a rebuild")


@main.command()
@click.option("--again", is_flag=True, help="Try letters once more that were given up.")
@with_appcontext
def remind(again: bool) -> None:
    """Remind those who are waited for, close what is over, send the letters that wait; to be run every few minutes."""
    session = db.session()
    for what, count in upkeep.remind(session, today()):
        if count:
            click.echo(f"{what}: {count}")
    session.commit()
    click.echo(f"files deleted that nothing names: {upkeep.sweep_files()}")
    if again:
        click.echo(f"letters to be tried again: {mailing.again()}")
    report = mailing.deliver_all()
    click.echo(f"letters sent: {report.sent}, put off: {report.later}, given up: {report.given_up}")
    left = mailing.waiting()
    if left and (missing := carrier.missing()):
        click.echo(f"{left} letters wait: {', '.join(missing)} not set", err=True)
    if report.problem:
        raise click.ClickException(f"{left} letters wait: {report.problem}")


@main.command()
@click.option("--most", default=200, show_default=True, type=click.IntRange(1, 100_000), help="Addresses to ask.")
@click.option("--minutes", default=10, show_default=True, type=click.IntRange(1, 600), help="Time for all of it.")
@click.option("--dry-run", is_flag=True, help="Tell which addresses would be asked; ask nobody.")
@click.option("--report", is_flag=True, help="Tell what is known, and which records cite what does not open.")
@with_appcontext
def links(most: int, minutes: int, dry_run: bool, report: bool) -> None:
    """Ask web addresses that records cite whether they open; to be run every hour."""
    from flask import current_app

    session, config = db.session(), current_app.config
    if report:
        click.echo("\n".join(summing.report(session)))
        return
    if not dry_run and not config["PUBLIC_URL"]:
        raise click.ClickException("PORTAL_PUBLIC_URL is not set: who is asked could not see who asks")
    ways = fetching.Ways()
    until = ways.clock() + minutes * 60
    try:
        with rounds.alone(session, minutes * 60):
            rounds.gather(session, config["LINK_HOSTS"])
            due = rounds.due(session, most)
            for one in due if dry_run else []:
                click.echo(one.address)
            agent = fetching.agent(config["SITE_NAME"], config["PUBLIC_URL"])
            done = rounds.ask_all(session, [] if dry_run else due, agent, until, ways)
    except rounds.Busy as busy:
        raise click.ClickException(str(busy)) from None
    for line in summing.told(session, None if dry_run else done):
        click.echo(line)


@main.command()
@with_appcontext
def check() -> None:
    """Tell whether this portal is fit for the public: settings, mail, headers, database; fails where it is not."""
    from flask import current_app

    readiness.demand_tables(db.engine)
    failed = 0
    for finding in readiness.findings(current_app._get_current_object()):  # type: ignore[attr-defined]
        click.echo(f"{finding.level:<5}{finding.what}")
        failed += finding.level == readiness.FAILS
    if failed:
        raise click.ClickException(f"{failed} points to be mended before the public is let in")


@main.command()
@click.option("--email", required=True, help="Mail address; the account signs in with it.")
@click.option("--name", required=True, help="Name of the person; never shown to the public.")
@click.option("--role", type=click.Choice(list(desk.ROLES)), default="administrator", show_default=True)
@click.option("--agency", required=True, help="Name of the office; one that is not there yet is added.")
@click.option("--region", default="", help="Kemendagri code of the office's region; empty for a national office.")
@click.option("--province", "provinces", multiple=True, help="Code of a moderator's province; none means all.")
@click.option("--language", type=click.Choice(list(LOCALES)), default=FIRST_LOCALE, show_default=True)
@with_appcontext
def invite(
    email: str, name: str, role: str, agency: str, region: str, provinces: tuple[str, ...], language: str
) -> None:
    """Invite somebody, such as the first administrator; the link is printed as well as mailed."""
    try:
        office = people.agency_named(agency, region) or people.new_agency(None, agency, region)
        sent = invitations.invite(None, Guest(email, name, language), Post(role, office.id, provinces))
    except people.Refused as refused:
        lines = [f"{problem.path}: {problem.message % dict(problem.values)}" for problem in refused.problems]
        raise click.ClickException("\n".join(lines)) from None
    click.echo(f"Works once, and for {invitations.HOURS} hours:")
    click.echo(notifications.address(sent.path, language))
    if not notifications.address(""):
        click.echo("PORTAL_PUBLIC_URL is not set: put the address of the portal before it.", err=True)


def _ask_once(app: Flask) -> None:
    """Ask for the listing: the first reader need not wait for it, and a database without tables stops the start."""
    with app.app_context(), reading():
        try:
            listing.matching(Criteria())
        finally:
            db.session.remove()
            db.engine.dispose()


def _serve(app: Flask, host: str, port: int) -> None:
    from waitress import serve as waitress_serve

    if app.config["MAIL_SERVER"]:
        mailing.keep_delivering(app)

    _ask_once(app)
    click.echo(f"Tautan Daerah: http://{host}:{port}/  (stop with Ctrl+C)")
    waitress_serve(app, host=host, port=port, threads=4, ident=None, channel_timeout=60)


_HOST = click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
_PORT = click.option(
    "--port", default=5000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on."
)


@main.command()
@_HOST
@_PORT
@click.option("--workers", type=click.IntRange(0, 256), help="Processes, under gunicorn; 0: PORTAL_WORKERS.")
def serve(host: str, port: int, workers: int | None) -> None:
    """Serve the portal on the database as it is (`portal init` makes one)."""
    if workers is None:
        _serve(create_app(), host, port)
        return
    from portal.workers import NoGunicorn, look_for_gunicorn, take_over

    try:
        look_for_gunicorn()
    except NoGunicorn as problem:
        raise click.ClickException(str(problem)) from None
    _ask_once(create_app())
    take_over(host, port, workers)


@main.command()
@_HOST
@_PORT
def demo(host: str, port: int) -> None:
    """Load the real data when they are not there yet, then serve the portal."""
    app = create_app({"STATEMENT_SECONDS": 0, "DEMO": True})
    prepare(app, click.echo)
    with app.app_context():
        hindered = demonstration.make_accounts()
        db.session.remove()
    click.echo(hindered or "Accounts to try it with stand on the sign-in page, /masuk")
    _serve(create_app({"DEMO": True}), host, port)
