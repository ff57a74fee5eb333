"""What is written down when somebody comes, fails to come, goes, or changes how they come? And whom does it concern?

What belongs to an act is written in its transaction: the line in the log, the end of other sign-ins, the letter to the
owner. What says that it commits is called when nothing else is going on.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import notifications
from portal.accounts import acts, sittings
from portal.extensions import stamp
from portal.models import Account, SignIn


def came(session: Session, account: Account, agent: str, address: str) -> str:
    """Somebody signed in: returns the id for the cookie; a browser never seen with this account is told by mail.

    ``agent`` is the family of the browser and its system in words. Does not commit.
    """
    before = set(session.execute(select(SignIn.agent).where(SignIn.account_id == account.id).distinct()).scalars())
    token = sittings.begin(session, account, agent, address)
    account.last_sign_in = stamp()
    acts.record(session, account, "sign_in", f"account {account.id}", agent, address)
    if before and agent not in before:
        _tell(session, account, "new_device", agent=agent)
    return token


def left(session: Session, token: str, account: Account | None, address: str) -> None:
    """Somebody signed out: their sign-in is over on the server too. Commits."""
    sittings.end_token(session, token)
    if account is not None:
        acts.record(session, account, "sign_out", f"account {account.id}", "", address)
    session.commit()


def refused(session: Session, account: Account | None, what: str, address: str) -> None:
    """A wrong password or code; ``account`` None where nobody of that address works here. Commits."""
    acts.record(session, account, what, f"account {account.id}" if account else "", "", address)
    session.commit()


def password_changed(session: Session, account: Account, but: str, address: str, what: str) -> None:
    """Another password: every other sign-in ends, the owner hears of it. Does not commit.

    ``but`` is the id of the sign-in that goes on, ``what`` is ``password_change`` or ``password_reset``.
    """
    sittings.end_all(session, account.id, but)
    acts.record(session, account, what, f"account {account.id}", "", address)
    _tell(session, account, "password_changed")


def second_factor_changed(session: Session, account: Account, but: str, address: str, what: str) -> None:
    """Another second factor, or none any more; as `password_changed`."""
    sittings.end_all(session, account.id, but)
    acts.record(session, account, what, f"account {account.id}", "", address)
    _tell(session, account, "second_factor_changed")


def recovery_code_used(session: Session, account: Account, address: str) -> None:
    """A recovery code was spent instead of the second factor: the owner hears of it. Does not commit."""
    acts.record(session, account, "recovery_code", f"account {account.id}", "", address)
    _tell(session, account, "recovery_code_used")


def reset_wanted(
    session: Session, account: Account | None, recipient: str, link: str, minutes: int, language: str
) -> None:
    """Somebody forgot a password: the link goes to the owner; an address that is nobody's is told so. Commits.

    Both write one letter, so that neither the answer nor its time tells which of the two it was.
    """
    if account is None:
        notifications.write(session, recipient, language, "reset_without_account", {})
    else:
        values = {"link": link, "minutes": minutes}
        notifications.write(session, account.email, account.language, "reset", values)
    session.commit()


def ended_by_owner(session: Session, account: Account, sitting_id: int | None, but: str, address: str) -> int:
    """The owner ends one sign-in (by its number) or all but the present one; returns how many ended. Commits."""
    if sitting_id is None:
        ended = sittings.end_all(session, account.id, but)
    else:
        ended = int(sittings.end(session, account.id, sitting_id))
    if ended:
        acts.record(session, account, "sessions_ended", f"account {account.id}", str(ended), address)
    session.commit()
    return ended


def language_chosen(session: Session, account: Account, language: str) -> None:
    """The owner chooses the language of the letters. Commits."""
    account.language = language
    session.commit()


def _tell(session: Session, account: Account, key: str, **values: str) -> None:
    when = notifications.written_moment(stamp(), account.language)
    notifications.write(session, account.email, account.language, key, {"time": when, **values})
