"""Does the number of somebody else's proposal, file, message or office lead anywhere? For each role, near and far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import func, select

from portal import editorial
from portal.extensions import db, stamp
from portal.models import Decision, Evidence, Message, Proposal, SignIn, Tip
from portal.permissions import GRANTS, NotAllowed
from tests.moves import account, decided, drafted, section, sent
from tests.people import EAST_JAVA, SRAGEN, People, Person, agency, person, signed_in
from tests.web.test_permissions import ACT_OF, address, rules

FAR = ("clerk", "colleague", "coordinator", "distant", "neighbour", "admin")
NEAR = ("section", "moderator", "second")


@dataclass(frozen=True)
class Matter:
    """A proposal of the clerk of Sragen with a file, and the people around it."""

    app: Any
    people: dict[str, Person]
    proposal: int
    evidence: int


def around(app: Any, people: People) -> dict[str, Person]:
    """The people of the tests, the coordinator of Sragen, and a clerk of another office there."""
    more = {"section": section(app)}
    more["neighbour"] = person(app, "neighbour", "agency_clerk", agency(app, "Badan Uji Sragen", SRAGEN), SRAGEN)
    return {name: getattr(people, name) for name in people.__slots__} | more


@pytest.fixture(params=["draft", "submitted"])
def matter(request: pytest.FixtureRequest, fresh_app: Any, fresh_people: People) -> Matter:
    """The same, as a draft and sent."""
    known = around(fresh_app, fresh_people)
    with fresh_app.app_context():
        make = drafted if request.param == "draft" else sent
        proposal = make(fresh_people.stranger, "Hibah air minum untuk warga.")
        file = Evidence(
            proposal_id=proposal.id, uploaded_by=fresh_people.stranger.id, uploaded=stamp(), name="surat.pdf",
            stored="uji", mimetype="application/pdf", sha256="0" * 64, size=1, pages=1, source="", disclosure="public",
            subject="", removed=None,
        )  # fmt: skip
        db.session.add(file)
        db.session.commit()
        made = Matter(fresh_app, known, proposal.id, file.id)
        db.session.remove()
    return made


def as_it_is(matter: Matter) -> tuple[Any, ...]:
    with matter.app.app_context():
        found = db.session.get_one(Proposal, matter.proposal)
        counts = (db.session.execute(select(func.count()).select_from(t)).scalar_one() for t in (Decision, Message))
        state = (found.state, found.version, found.edits, found.typed, found.note, found.opened_by, *counts)
        db.session.remove()
    return state


def calls(matter: Matter) -> list[tuple[str, str, str]]:
    """Endpoint, method and path of everything that names a proposal."""
    values = {"proposal_id": matter.proposal, "evidence_id": matter.evidence, "key": "summary"}
    return [
        (rule.endpoint, method, address(matter.app, rule, values))
        for rule in rules(matter.app)
        if "proposal_id" in rule.arguments
        for method in sorted((rule.methods or set()) & {"GET", "POST"})
    ]


def refused(matter: Matter, who: str) -> list[tuple[str, str, int]]:
    """What answered neither 404 nor, without the right as such, 403."""
    one = matter.people[who]
    client = signed_in(matter.app, one)
    wrong = []
    for endpoint, method, path in calls(matter):
        data = {"version": "1", "base": "1", "text": "Halo", "note": "Halo", "sah": "1"} if method == "POST" else None
        status = client.open(path, method=method, data=data).status_code
        if status != (404 if ACT_OF[endpoint] in GRANTS[one.role] else 403):
            wrong.append((endpoint, method, status))
    return wrong


@pytest.mark.parametrize("who", FAR)
def test_the_proposal_of_others_is_not_there(matter: Matter, who: str) -> None:
    before = as_it_is(matter)
    assert refused(matter, who) == []
    assert as_it_is(matter) == before


@pytest.mark.parametrize("who", NEAR)
def test_a_draft_is_its_authors_alone_and_what_was_sent_is_seen_by_those_it_reaches(matter: Matter, who: str) -> None:
    if as_it_is(matter)[0] == "draft":
        assert refused(matter, who) == []
        return
    client = signed_in(matter.app, matter.people[who])
    assert client.get(f"/usulan/{matter.proposal}").status_code == 200
    assert (client.get(f"/moderasi/{matter.proposal}").status_code == 200) == (who != "section")


def test_the_author_sees_the_own_proposal(matter: Matter) -> None:
    client = signed_in(matter.app, matter.people["stranger"])
    assert client.get(f"/usulan/{matter.proposal}").status_code == 200


@pytest.mark.parametrize("who", NEAR)
def test_only_the_author_changes_sends_or_takes_back(matter: Matter, who: str) -> None:
    before = as_it_is(matter)
    client = signed_in(matter.app, matter.people[who])
    for path in ("ubah", "simpan", "kirim", "tarik"):
        answer = client.post(f"/usulan/{matter.proposal}/{path}", data={"sah": "1", "summary-id": "Lain"})
        assert answer.status_code in {403, 404, 409}, path
    assert as_it_is(matter) == before


def supported(who: Person, proposal: Proposal) -> None:
    editorial.endorse(account(who), proposal.id, proposal.version)


def test_nobody_decides_on_or_supports_what_they_proposed(fresh_app: Any, fresh_people: People) -> None:
    known = around(fresh_app, fresh_people)
    for who, act in (("moderator", "/moderasi/{}"), ("section", "/usulan/{}/dukung")):
        with fresh_app.app_context():
            proposal = sent(known[who], f"Usulan {who}.")
            number, version = proposal.id, proposal.version
            db.session.remove()
        client = signed_in(fresh_app, known[who])
        data = {"version": str(version), "base": "1", "verdict-summary": "accept", "note": "Halo", "aksi": "terbitkan"}
        assert client.post(act.format(number), data=data).status_code in {200, 403}  # the page says why it cannot be
        with fresh_app.app_context(), pytest.raises(NotAllowed):
            (decided if who == "moderator" else supported)(known[who], db.session.get_one(Proposal, number))
        with fresh_app.app_context():
            assert db.session.get_one(Proposal, number).state == "submitted"
            db.session.remove()


def test_a_tip_of_another_province_is_not_there(fresh_app: Any, fresh_people: People) -> None:
    with fresh_app.app_context():
        tip = Tip(
            receipt="K-AAAA-BBBB-CCCC", once="uji", kind="correction", subject="KS-0005", region=SRAGEN, page="/",
            text="Tanggalnya keliru.", evidence="", contact="warga@uji.example", language="id", state="new", version=1,
            created=stamp(), due=stamp()[:10], extended="", answer="", closed=None, handled_by=None,
        )  # fmt: skip
        db.session.add(tip)
        db.session.commit()
        number = tip.id
        db.session.remove()
    assert SRAGEN[:2] != EAST_JAVA
    for rule in rules(fresh_app):
        if "tip_id" not in rule.arguments:
            continue
        path = address(fresh_app, rule, {"tip_id": number})
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            client = signed_in(fresh_app, fresh_people.distant)
            assert (rule.endpoint, client.open(path, method=method).status_code) == (rule.endpoint, 404)
    page = signed_in(fresh_app, fresh_people.distant).get("/moderasi/kiriman").get_data(as_text=True)
    assert "Tanggalnya keliru" not in page
    assert signed_in(fresh_app, fresh_people.second).get(f"/moderasi/kiriman/{number}").status_code == 200


def test_the_sign_in_of_somebody_else_is_not_ended(fresh_app: Any, fresh_people: People) -> None:
    signed_in(fresh_app, fresh_people.moderator)
    with fresh_app.app_context():
        wanted = select(SignIn.id).where(SignIn.account_id == fresh_people.moderator.id)
        number = db.session.execute(wanted).scalar_one()
        db.session.remove()
    signed_in(fresh_app, fresh_people.clerk).post(f"/akun/sesi/{number}/akhiri")
    with fresh_app.app_context():
        assert db.session.get_one(SignIn, number).ended is None
        db.session.remove()
