"""Who may do what? Every act, by every role, on what is near and far, own and of others: a table by hand."""

from __future__ import annotations

import pytest

from portal import desk, permissions
from portal.permissions import ACT_OF_KIND, FOUR_EYES, GRANTS, Actor, NotAllowed, Thing

KLATEN, SRAGEN, MALANG = "33.10", "33.14", "35.07"
OWN_OFFICE, OTHER_OFFICE = 1, 2

ACTORS = {
    "agency_clerk": Actor(10, "agency_clerk", OWN_OFFICE, frozenset({KLATEN})),
    "coordinator": Actor(11, "coordinator", 3, frozenset({KLATEN})),
    "national moderator": Actor(12, "moderator", 4),
    "moderator of 33": Actor(13, "moderator", 5, frozenset({"33"})),
    "moderator of 35": Actor(14, "moderator", 6, frozenset({"35"})),
    "administrator": Actor(15, "administrator", 4),
}
THINGS = {
    "own office": Thing(KLATEN, OWN_OFFICE, 99, frozenset({99})),
    "other office": Thing(KLATEN, OTHER_OFFICE, 98, frozenset({98})),
    "other region": Thing(SRAGEN, OTHER_OFFICE, 97, frozenset({97})),
    "other province": Thing(MALANG, OTHER_OFFICE, 96, frozenset({96})),
    "no region": Thing(),
}
NEAR, REGION, PROVINCE = {"own office"}, {"own office", "other office"}, {"own office", "other office", "other region"}
ALL = set(THINGS)
CENTRAL, EASTERN = PROVINCE, {"other province"}

MODERATING = ("propose", "read_proposal", "decide", "ask_withholding", "merge", "restore", "handle_tips")

# Act, actor: on which of the things above. What is not here is refused everywhere.
ALLOWED: dict[str, dict[str, set[str]]] = {
    "agency_clerk": {"propose": NEAR, "read_proposal": NEAR, "work": ALL},
    "coordinator": {
        "propose": REGION, "read_proposal": REGION, "endorse": REGION, "reply": REGION, "ask_withholding": REGION,
        "invite_clerk": REGION, "work": ALL,
    },
    "administrator": {
        "manage_users": ALL, "manage_agencies": ALL, "invite_clerk": ALL, "see_audit": ALL, "work": ALL,
    },
    **{
        name: {**dict.fromkeys(MODERATING, reach), "see_queue": ALL, "work": ALL}
        for name, reach in (("national moderator", ALL), ("moderator of 33", CENTRAL), ("moderator of 35", EASTERN))
    },
}  # fmt: skip
ACTS = sorted({act for grants in GRANTS.values() for act in grants} | {"something unheard of"})


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", ACTORS)
def test_every_act_on_everything(who: str, act: str) -> None:
    found = {name for name, thing in THINGS.items() if permissions.can(ACTORS[who], act, thing)}
    assert found == ALLOWED[who].get(act, set())


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", ACTORS)
def test_a_menu_shows_what_is_granted_somewhere(who: str, act: str) -> None:
    assert permissions.can(ACTORS[who], act) == (act in ALLOWED[who])


@pytest.mark.parametrize("act", ACTS)
def test_the_signed_out_and_unknown_roles_may_nothing(act: str) -> None:
    for actor in (None, Actor(1, ""), Actor(1, "superuser", OWN_OFFICE, frozenset({KLATEN}))):
        assert not permissions.can(actor, act)
        assert not any(permissions.can(actor, act, thing) for thing in THINGS.values())


@pytest.mark.parametrize("who", ACTORS)
@pytest.mark.parametrize("act", sorted(FOUR_EYES))
@pytest.mark.parametrize("part", ["author", "endorser"])
def test_nobody_judges_what_they_had_a_part_in(who: str, act: str, part: str) -> None:
    actor = ACTORS[who]
    own = Thing(KLATEN, OWN_OFFICE, actor.id) if part == "author" else Thing(KLATEN, OWN_OFFICE, 99, {99, actor.id})  # type: ignore[arg-type]
    assert not permissions.can(actor, act, own)
    with pytest.raises(NotAllowed):
        permissions.demand(actor, act, own)


def test_a_part_in_something_does_not_hinder_reading_it() -> None:
    actor = ACTORS["national moderator"]
    assert permissions.can(actor, "read_proposal", Thing(KLATEN, 4, actor.id, frozenset({actor.id})))


def test_an_account_without_office_or_region_reaches_nothing_of_its_own() -> None:
    for actor in (Actor(1, "agency_clerk", None, frozenset({KLATEN})), Actor(1, "agency_clerk", OWN_OFFICE)):
        assert not permissions.can(actor, "propose", THINGS["own office"])
    assert not permissions.can(Actor(1, "coordinator", 3), "propose", THINGS["own office"])


def test_a_clerk_proposes_for_the_own_office_where_no_office_is_named_yet() -> None:
    assert permissions.can(ACTORS["agency_clerk"], "propose", Thing(KLATEN))
    assert not permissions.can(ACTORS["agency_clerk"], "propose", Thing(SRAGEN))


def test_every_role_has_its_grants_and_every_grant_its_role() -> None:
    assert set(GRANTS) == set(desk.ROLES)
    assert {actor.role for actor in ACTORS.values()} == set(GRANTS)


def test_administrators_publish_nothing_and_moderators_let_nobody_in() -> None:
    publishing = {"propose", "endorse", "decide", "reply", "merge", "restore", "ask_withholding", "handle_tips"}
    letting_in = {"manage_users", "manage_agencies", "invite_clerk", "see_audit"}
    assert not publishing & set(GRANTS["administrator"])
    assert not letting_in & set(GRANTS["moderator"])


def test_every_kind_of_proposal_needs_an_act_that_somebody_has() -> None:
    granted = {act for grants in GRANTS.values() for act in grants}
    assert {permissions.act_of(kind) for kind in desk.KINDS} <= granted
    assert set(ACT_OF_KIND) <= set(desk.KINDS)
