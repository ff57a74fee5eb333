"""Who may do what? Grants by role and reach (model §4); whatever is not granted here is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

OWN_AGENCY, OWN_REGION, OWN_PROVINCES, EVERYWHERE = "own agency", "own region", "own provinces", "everywhere"


class NotAllowed(Exception):
    """Somebody asked for what their role, region or part in the matter does not allow."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks: ``regions`` are Kemendagri codes – the own region, or the provinces of a moderator (empty: all)."""

    id: int
    role: str
    agency: int | None = None
    regions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Thing:
    """What it is about. ``party_to`` are the people who proposed or endorsed it, ``agency`` whose proposal it is."""

    region: str = ""
    agency: int | None = None
    author: int | None = None
    party_to: frozenset[int] = field(default_factory=frozenset)


GRANTS: Mapping[str, Mapping[str, str]] = {
    "agency_clerk": {
        "propose": OWN_AGENCY,
        "read_proposal": OWN_AGENCY,
        "work": EVERYWHERE,
    },
    "coordinator": {
        "propose": OWN_REGION,
        "read_proposal": OWN_REGION,
        "endorse": OWN_REGION,
        "reply": OWN_REGION,
        "ask_withholding": OWN_REGION,
        "invite_clerk": OWN_REGION,
        "work": EVERYWHERE,
    },
    "moderator": {
        "propose": OWN_PROVINCES,
        "read_proposal": OWN_PROVINCES,
        "decide": OWN_PROVINCES,
        "ask_withholding": OWN_PROVINCES,
        "merge": OWN_PROVINCES,
        "restore": OWN_PROVINCES,
        "handle_tips": OWN_PROVINCES,
        "see_queue": EVERYWHERE,
        "work": EVERYWHERE,
    },
    "administrator": {
        "manage_users": EVERYWHERE,
        "manage_agencies": EVERYWHERE,
        "invite_clerk": EVERYWHERE,
        "see_audit": EVERYWHERE,
        "work": EVERYWHERE,
    },
}

# Acts that nobody may do on what they proposed or endorsed themselves.
FOUR_EYES = frozenset({"decide", "endorse"})
# The act each kind of proposal needs besides; the others need ``propose``.
ACT_OF_KIND: Mapping[str, str] = {
    "reply": "reply",
    "withhold": "ask_withholding",
    "merge": "merge",
    "restore": "restore",
}


def can(actor: Actor | None, act: str, thing: Thing | None = None) -> bool:
    """True where the actor's role grants the act, within its reach, and four eyes are kept.

    Without a ``thing`` it asks whether the act is granted anywhere at all (menus, route guards).
    """
    if actor is None:
        return False
    reach = GRANTS.get(actor.role, {}).get(act)
    if reach is None:
        return False
    if thing is None:
        return True
    return _reaches(actor, reach, thing) and not (act in FOUR_EYES and _is_party(actor, thing))


def demand(actor: Actor | None, act: str, thing: Thing | None = None) -> None:
    """Raise `NotAllowed` where `can` says no."""
    if not can(actor, act, thing):
        raise NotAllowed(act)


def act_of(kind: str) -> str:
    """The act that a kind of proposal needs."""
    return ACT_OF_KIND.get(kind, "propose")


def _is_party(actor: Actor, thing: Thing) -> bool:
    return actor.id == thing.author or actor.id in thing.party_to


def _reaches(actor: Actor, reach: str, thing: Thing) -> bool:
    if reach == EVERYWHERE:
        return True
    if reach == OWN_PROVINCES:
        return not actor.regions or thing.region[:2] in actor.regions
    inside = bool(thing.region) and thing.region in actor.regions
    if reach == OWN_REGION:
        return inside
    return inside and actor.agency is not None and thing.agency in {None, actor.agency}
