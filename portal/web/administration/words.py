"""How is what administrators see put into words? Acts, posts, reaches, moments, forms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _

from portal import desk, digits, notifications, places, safety
from portal.accounts import directory
from portal.models import Account, Agency
from portal.terms import N_
from portal.validation import Problem
from portal.web.language import current_language

Cell = dict[str, Any]
Field = dict[str, Any]

# What stands in the act log under which code; a code that is not here is shown as it is.
ACTS: Mapping[str, str] = {
    "sign_in": N_("Signed in"),
    "sign_in_failed": N_("Sign-in failed"),
    "sign_out": N_("Signed out"),
    "password_failed": N_("Wrong password"),
    "code_failed": N_("Wrong code"),
    "password_change": N_("Changed the password"),
    "password_reset": N_("Set a new password by mail"),
    "second_factor": N_("Put up a second factor"),
    "second_factor_off": N_("Switched off the second factor"),
    "recovery_code": N_("Used a recovery code"),
    "sessions_ended": N_("Ended own sign-ins"),
    "passkey_added": N_("Added a passkey"),
    "passkey_removed": N_("Deleted a passkey"),
    "passkey_failed": N_("Passkey was refused"),
    "invite": N_("Sent an invitation"),
    "revoke_invitation": N_("Revoked an invitation"),
    "accept_invitation": N_("Accepted an invitation"),
    "change_account": N_("Changed an account"),
    "change_role": N_("Changed a role"),
    "disable": N_("Disabled an account"),
    "enable": N_("Enabled an account"),
    "end_sign_ins": N_("Ended all sign-ins of an account"),
    "add_agency": N_("Added an office"),
    "rename_agency": N_("Renamed an office"),
    "open_agency": N_("Opened an office again"),
    "close_agency": N_("Closed an office"),
    "example_account": N_("Made an example account"),
    "tip_take_up": N_("Took up a report"),
    "tip_answer": N_("Answered a report"),
    "tip_extend": N_("Gave a report more time"),
}
# What entries of the log name by a number.
ABOUT: Mapping[str, str] = {"invitation": N_("Invitation %(number)s"), "tip": N_("Report %(code)s")}
_PARTS: Mapping[str, str] = {
    "role": N_("Role"), "office": N_("Agency"), "regions": N_("Works for"), "name": N_("Name"),
    "language": N_("Language"),
}  # fmt: skip


def act(code: str) -> str:
    """What was done, in words."""
    label = ACTS.get(code)
    return _(label) if label else code


def about(thing: str) -> str:
    """What an entry of the log is about, in words: ``Invitation 7``."""
    kind, _blank, number = thing.partition(" ")
    label = ABOUT.get(kind)
    return _(label) % {"number": number, "code": number} if label and number else thing


def detail(what: str, text: str) -> str:
    """What more an entry of the log says, in words; a text that is not what the act writes stays as it is."""
    told: Mapping[str, Callable[[str], str]] = {
        "example_account": _role_or_text, "tip_answer": _tip_state, "invite": _post, "change_role": _moved,
        "change_account": _named_parts,
    }  # fmt: skip
    return told[what](text) if what in told else text


def _role_or_text(text: str) -> str:
    return role(text) if text in desk.ROLES else text


def _tip_state(text: str) -> str:
    if text not in desk.TIP_STATES:
        return text
    label = desk.TIP_STATES[text].label
    return _(label)


def _post(text: str) -> str:
    """``agency_clerk; Dinas Uji; 33.10``: the office may hold semicolons of its own."""
    code, _semicolon, rest = text.partition("; ")
    named, _semicolon, regions = rest.rpartition("; ")
    if code not in desk.ROLES or not named:
        return text
    return "; ".join([role(code), named, *([_places(regions)] if regions != "-" else [])])


def _moved(text: str) -> str:
    """``role: agency_clerk > moderator; regions: 33.10 > -``."""
    return "; ".join(_change(one) for one in text.split("; "))


def _change(text: str) -> str:
    name, _colon, sides = text.partition(": ")
    before, arrow, after = sides.partition(" > ")
    if name not in _PARTS or not arrow:
        return text
    label = _PARTS[name]
    read = {"role": _role_or_text, "regions": _places}.get(name, str)
    return f"{_(label)}: {read(before)} → {read(after)}"


def _places(codes: str) -> str:
    known = places.regions()
    return ", ".join(region(code) if code in known else code for code in codes.split()) if codes != "-" else "–"


def _named_parts(text: str) -> str:
    labels = [_PARTS.get(name, name) for name in text.split(", ")]
    return ", ".join(_(label) for label in labels)


def role(code: str) -> str:
    """A role in words."""
    label = desk.ROLES[code].label
    return _(label)


def office(agency: Agency) -> str:
    """An office with its region: ``Dinas Uji – Kab. Klaten``."""
    return f"{agency.name} – {region(agency.region)}"


def region(code: str) -> str:
    """A region's name; the empty code is a national office."""
    return places.regions()[code].headed(current_language()) if code else _("national")


def reach(code: str, regions: str) -> str:
    """How far a role reaches: the own region, some provinces, or everywhere."""
    known = places.regions()
    named = [known[one].short_name if code == "moderator" else region(one) for one in regions.split() if one in known]
    if named:
        return ", ".join(named)
    return _("all provinces") if code == "moderator" else _("everywhere")


def moment(value: str | None) -> Cell:
    """A stored time as a cell of a table."""
    if not value:
        return {"nil": _("not yet")}
    return {"text": notifications.written_moment(value, current_language()), "datetime": value}


def state(account: Account) -> Cell:
    """Whether an account can sign in, as a tag."""
    if not account.active:
        return {"tag": {"label": _("Disabled"), "tone": "stop"}}
    if not account.agency.active:
        return {"tag": {"label": _("Office closed"), "tone": "stop"}}
    if desk.ROLES[account.role].extra["second_factor"] == "1" and not account.has_second_factor:
        return {"tag": {"label": _("No second factor yet"), "tone": "quiet"}}
    return {"tag": {"label": _("Active"), "tone": "go"}}


def field(name: str, label: str, value: object = "", problems: Iterable[Problem] = (), hint: str = "") -> Field:
    """One field of a form, with what is wrong with it."""
    errors = [told(problem) for problem in problems if problem.path == name]
    return {
        "name": name,
        "id": name,
        "label": label,
        "value": safety.xml_text(str(value)),
        "hint": hint,
        "errors": errors,
    }


def told(problem: Problem) -> str:
    """A problem in words."""
    message = problem.message
    return _(message) % dict(problem.values)


def summary(problems: Sequence[Problem]) -> list[dict[str, str]]:
    """Problems for the summary above a form."""
    return [{"id": problem.path, "text": told(problem)} for problem in problems]


def languages() -> list[tuple[str, str]]:
    """The languages letters are written in."""
    return [("id", "Bahasa Indonesia"), ("en", "English")]


def asked(name: str) -> str:
    """A text of the query, without what nobody can see, and not longer than anybody types."""
    return "".join(letter for letter in request.args.get(name, "")[:200] if letter.isprintable())


def number(name: str) -> int | None:
    """A whole number of the query or form; None for anything else."""
    return digits.whole(request.values.get(name, ""))


def steps(found: directory.Found[Any], url: Callable[[int], str]) -> dict[str, Any]:
    """The pages of a list: a text, and the addresses before and after; ``url(n)`` is that of page n."""
    return {
        "text": _("Page %(n)s of %(pages)s", n=found.page, pages=found.pages) if found.pages > 1 else "",
        "previous": url(found.page - 1) if found.page > 1 else None,
        "next": url(found.page + 1) if found.page < found.pages else None,
    }
