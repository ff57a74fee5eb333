"""Does every address keep to what its role is granted? Each route that is not public, for each role, near and far.

The tables are written by hand, route by route: one that is new, or asks for another right, fails until it stands here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from werkzeug.routing import Rule

from portal.permissions import GRANTS
from portal.web.language import Pages
from tests.people import People, Person, signed_in

# Routes of everybody: nothing behind them asks who it is.
EVERYBODY = frozenset({
    "static", "language_home",
    "home.index", "catalogue.index", "catalogue.export", "catalogue.search", "catalogue.suggestions",
    "cooperation.bare", "cooperation.show", "cooperation.history", "cooperation.compare", "cooperation.document",
    "cooperation.file", "regions.index", "regions.show", "countries.index", "countries.show", "countries.partner",
    "countries.all_partners",
    "changes.index", "changes.feed", "changes.archive", "changes.sitemap", "changes.sitemap_part", "changes.robots",
    "changes.security",
    "changes.health", "prose.method", "prose.data", "prose.about", "prose.guide", "prose.accessibility",
    "prose.schema", "prose.schema_of", "prose.correction", "public_ledger.index", "public_ledger.table",
    "public_ledger.log", "files.of_record", "files.of_region", "accepting.show", "accepting.accept",
    "corrections.send", "corrections.follow", "corrections.show",
})  # fmt: skip
# The sign-in library: what the signed-out need, and what is for the signed-in alone.
COMING_IN = frozenset({
    "security.login", "security.forgot_password", "security.reset_password", "security.two_factor_token_validation",
    "security.mf_recovery", "security.two_factor_rescue", "security.wan_signin", "security.wan_signin_response",
})  # fmt: skip
INSIDE = frozenset({
    "security.logout", "security.verify", "security.two_factor_setup", "security.change_password",
    "security.mf_recovery_codes", "security.wan_register", "security.wan_register_response", "security.wan_delete",
})  # fmt: skip

# Every other route, by the act it asks for (`permissions.GRANTS`).
BY_ACT: Mapping[str, tuple[str, ...]] = {
    "work": (
        "account.index", "account.home", "account.language", "account.end", "account.end_others", "proposals.desk",
        "evidence_files.own",
    ),
    "propose": (
        "proposing.new", "proposing.create", "proposing.edit", "proposing.update", "proposing.autosave",
        "proposing.keep", "proposing.partners", "proposing.similar", "proposals.preview", "proposals.send",
        "proposals.take_back", "proposals.conflict",
    ),
    "read_proposal": ("proposals.index", "proposals.show", "proposals.message"),
    "endorse": ("proposals.endorse",),
    "reply": ("proposals.reply",),
    "see_queue": ("review.index", "review.show"),
    "decide": (
        "review.decide", "review.editor", "review.count", "review.insert", "review.open_it", "review.say",
        "review.undo",
    ),
    "ask_withholding": ("review_acts.show", "review_acts.ask"),
    "handle_tips": (
        "tips.index", "tips.handle", "tips.show", "tips.take_up", "tips.answer", "tips.extend", "tips.propose",
    ),
    "manage_users": (
        "administration.index", "administration.people", "administration.person", "administration.change_person",
        "administration.disable_person", "administration.enable_person", "administration.sign_out_person",
        "administration.invitations", "administration.invite", "administration.revoke_invitation",
        "administration.resend_invitation",
    ),
    "manage_agencies": (
        "administration.agencies", "administration.add_agency", "administration.agency",
        "administration.rename_agency", "administration.close_agency", "administration.open_agency",
    ),
    "see_audit": ("administration.sign_ins", "administration.acts", "administration.acts_file"),
    "invite_clerk": (
        "inviting.clerks", "inviting.invite_clerk", "inviting.revoke_clerk", "inviting.resend_clerk",
    ),
}  # fmt: skip
ACT_OF = {endpoint: act for act, endpoints in BY_ACT.items() for endpoint in endpoints}

ROLES = ("clerk", "colleague", "stranger", "coordinator", "moderator", "second", "distant", "admin")
HTMX = {"HX-Request": "true"}
BESIDE = frozenset({"proposing.autosave", "proposing.keep"})  # say beside the form that the sign-in is over: 401
ENDED = frozenset({"account.end"})  # one's own sign-in that is gone has ended: no mistake
NOBODY = 2_000_000_000  # a number that no thing has


def rules(app: Any) -> list[Rule]:
    """The routes without the other language's twins."""
    return [rule for rule in app.url_map.iter_rules() if "<other_language:" not in rule.rule]


def address(app: Any, rule: Rule, values: Mapping[str, Any]) -> str:
    """A path of a route; what is not given is a number or word that names nothing."""
    given = {name: values.get(name, NOBODY if name.endswith("_id") else "apa-saja") for name in rule.arguments}
    given = {**given, **(rule.defaults or {})}
    with app.test_request_context():
        return str(
            app.url_map.bind("localhost").build(rule.endpoint, {**given, "language": "id"}, append_unknown=False)
        )


def staff_calls(app: Any) -> Iterator[tuple[str, str, str]]:
    """Endpoint, method and path of everything that asks for an act."""
    for rule in rules(app):
        if rule.endpoint in ACT_OF:
            values = {"subject": "KS-0005", "key": "summary"}
            path = address(app, rule, values)
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield rule.endpoint, method, path


def test_every_route_stands_in_the_table(app: Any) -> None:
    known = EVERYBODY | COMING_IN | INSIDE | set(ACT_OF)
    assert {rule.endpoint for rule in rules(app)} - known == set(), "say here who may open these"


def test_the_table_names_no_route_twice() -> None:
    listed = [endpoint for endpoints in BY_ACT.values() for endpoint in endpoints]
    assert len(listed) == len(set(listed))
    assert not (EVERYBODY | COMING_IN | INSIDE) & set(listed)


def test_every_route_asks_for_the_act_of_the_table(app: Any) -> None:
    asked = {
        rule.endpoint: getattr(app.view_functions[rule.endpoint], "access", None)
        for rule in rules(app)
        if rule.endpoint not in EVERYBODY | COMING_IN | INSIDE
    }
    assert asked == {endpoint: ACT_OF.get(endpoint) for endpoint in asked}
    assert set(BY_ACT) <= {act for grants in GRANTS.values() for act in grants}


def test_what_is_for_everybody_is_public_and_the_rest_is_not(app: Any) -> None:
    public = {name for name, pages in app.blueprints.items() if isinstance(pages, Pages) and pages.public}
    for rule in rules(app):
        owner = rule.endpoint.split(".")[0]
        if "." in rule.endpoint and owner != "security":
            assert (owner in public) == (rule.endpoint in EVERYBODY), rule.endpoint


def test_the_signed_out_are_sent_to_sign_in_from_everywhere(fresh_app: Any) -> None:
    client = fresh_app.test_client()
    for endpoint, method, path in staff_calls(fresh_app):
        answer = client.open(path, method=method, headers=HTMX if endpoint in BESIDE else {})
        if method == "POST" and answer.status_code in {400, 401}:
            continue  # no token of the form: refused before anybody is asked
        assert (endpoint, answer.status_code) == (endpoint, 303)
        assert answer.location.startswith("/masuk?next="), endpoint
        assert "Set-Cookie" not in answer.headers, endpoint


def test_the_signed_out_reach_nothing_of_the_signed_in(fresh_app: Any) -> None:
    client = fresh_app.test_client()
    for rule in rules(fresh_app):
        if rule.endpoint in INSIDE and "GET" in (rule.methods or set()):
            assert client.get(address(fresh_app, rule, {})).status_code in {302, 303, 401, 403}, rule.endpoint


@pytest.mark.parametrize("who", ROLES)
def test_a_role_is_refused_what_it_is_not_granted(fresh_app: Any, fresh_people: People, who: str) -> None:
    """Also with the form's token and an object that is not there: the right is asked before anything else."""
    person: Person = getattr(fresh_people, who)
    client = signed_in(fresh_app, person)
    for endpoint, method, path in staff_calls(fresh_app):
        granted = ACT_OF[endpoint] in GRANTS[person.role]
        if not granted:
            assert (endpoint, client.open(path, method=method).status_code) == (endpoint, 403)
        elif method == "GET":
            assert (endpoint, client.get(path).status_code) != (endpoint, 403)


@pytest.mark.parametrize("who", ROLES)
def test_a_number_that_names_nothing_is_not_there(fresh_app: Any, fresh_people: People, who: str) -> None:
    person: Person = getattr(fresh_people, who)
    client = signed_in(fresh_app, person)
    for rule in rules(fresh_app):
        if rule.endpoint in ENDED or not any(name.endswith("_id") for name in rule.arguments):
            continue
        if ACT_OF.get(rule.endpoint) in GRANTS[person.role]:
            path = address(fresh_app, rule, {"key": "summary"})
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                assert (rule.endpoint, client.open(path, method=method).status_code) == (rule.endpoint, 404)


@pytest.mark.parametrize("who", ROLES)
def test_a_post_without_the_token_of_the_form_is_refused(fresh_app: Any, fresh_people: People, who: str) -> None:
    client = signed_in(fresh_app, getattr(fresh_people, who))
    del client.environ_base["HTTP_X_CSRFTOKEN"]
    for endpoint, method, path in staff_calls(fresh_app):
        if method == "POST":
            assert (endpoint, client.post(path).status_code) == (endpoint, 400)


def test_a_post_from_another_site_is_refused_even_with_a_token(fresh_app: Any, fresh_people: People) -> None:
    for who in ("clerk", "moderator", "admin"):
        client = signed_in(fresh_app, getattr(fresh_people, who))
        for endpoint, method, path in staff_calls(fresh_app):
            if method == "POST":
                answer = client.post(path, headers={"Sec-Fetch-Site": "cross-site"})
                assert (endpoint, answer.status_code in {400, 403}) == (endpoint, True)
