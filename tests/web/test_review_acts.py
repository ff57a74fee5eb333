"""Can a moderator ask for what is more than a change of data, and does somebody else decide on it?"""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from portal import publications
from portal.extensions import db
from portal.models import Proposal
from tests.pages import CheckedClient, soup
from tests.people import People, agency, person, signed_in
from tests.web.test_review import filled

TEXTED, PLAIN = "KS-0011", "KS-0005"  # one with a text (Surakarta), one without (Sragen)
WITHHELD = {
    "act": "withhold", "withhold-text": "i1", "withhold-ground": "h", "withhold-words": "Memuat data pribadi.",
    "withhold-review_on-hari": "31", "withhold-review_on-bulan": "1", "withhold-review_on-tahun": "2099",
}  # fmt: skip


@pytest.fixture
def moderator(fresh_app: Any, fresh_people: People) -> CheckedClient:
    return signed_in(fresh_app, fresh_people.moderator)


@pytest.fixture
def second(fresh_app: Any, fresh_people: People) -> CheckedClient:
    return signed_in(fresh_app, fresh_people.second)


def asked(app: Any) -> list[tuple[str, str, str, str]]:
    with app.app_context():
        rows = db.session.execute(select(Proposal).order_by(Proposal.id)).scalars()
        return [(one.kind, one.subject, one.target, one.state) for one in rows]


def decided(client: CheckedClient, number: int) -> Any:
    return client.post(f"/moderasi/{number}", data=filled(client.get(f"/moderasi/{number}")))


def errors(page: Any) -> list[str]:
    return [one["href"] for one in soup(page).select(".errsum a")]


def test_a_text_is_withheld_by_two_moderators(fresh_app: Any, moderator: CheckedClient, second: CheckedClient) -> None:
    assert moderator.post(f"/moderasi/tindakan/{TEXTED}", data=WITHHELD).status_code == 303
    assert asked(fresh_app) == [("withhold", TEXTED, "i1", "submitted")]
    assert soup(moderator.get("/moderasi/1")).select_one("form#tinjau") is None
    assert decided(second, 1).status_code == 303
    with fresh_app.app_context():
        found = publications.newest(TEXTED)
        assert found is not None
        text = found.document["instruments"][0]
    assert text["withheld"] == {
        "ground": "UU 14/2008 pasal 17 huruf h: Memuat data pribadi.", "review_on": "2099-01-31",
    }  # fmt: skip
    assert moderator.get("/moderasi/1").status_code == 200


def test_what_lacks_is_named_and_nothing_typed_is_lost(fresh_app: Any, moderator: CheckedClient) -> None:
    wrong = WITHHELD | {"withhold-ground": "", "withhold-review_on-tahun": "2001"}
    answer = moderator.post(f"/moderasi/tindakan/{TEXTED}", data=wrong)
    assert answer.status_code == 422
    assert errors(answer) == ["#withhold-ground", "#withhold-review_on"]
    page = soup(answer)
    assert all(page.select_one(link) is not None for link in errors(answer))
    assert page.select_one("[name=withhold-words]").get_text().strip() == "Memuat data pribadi."
    assert page.select_one("[name=withhold-review_on-tahun]")["value"] == "2001"
    assert asked(fresh_app) == []


def test_records_are_merged_and_the_old_address_leads_on(
    fresh_app: Any, moderator: CheckedClient, second: CheckedClient
) -> None:
    path = f"/moderasi/tindakan/{PLAIN}"
    assert errors(moderator.post(path, data={"act": "merge", "merge-target": PLAIN})) == [
        "#merge-reason", "#merge-target",
    ]  # fmt: skip
    merge = {"act": "merge", "merge-target": "ks-0004", "merge-reason": "Kerja sama yang sama."}
    assert moderator.post(path, data=merge).status_code == 303
    page = second.get("/moderasi/1")
    assert "KS-0004" in soup(page).select_one("main").get_text()
    assert decided(second, 1).status_code == 303
    answer = fresh_app.test_client().get(f"/kerja-sama/{PLAIN}", follow_redirects=True)
    assert answer.status_code == 200
    assert "KS-0004" in answer.request.path


def test_a_withdrawn_record_is_brought_back(fresh_app: Any, moderator: CheckedClient, second: CheckedClient) -> None:
    path = f"/moderasi/tindakan/{PLAIN}"
    assert moderator.post(path, data={"act": "withdraw", "withdraw-reason": "Keliru."}).status_code == 303
    assert decided(second, 1).status_code == 303
    page = soup(moderator.get(path))
    assert [one["value"] for one in page.select("input[name=act]")] == ["restore"], "nothing else is left to be done"
    back = {"act": "restore", "restore-number": "1", "restore-reason": "Ternyata benar."}
    assert moderator.post(path, data=back).status_code == 303
    assert decided(second, 2).status_code == 303
    assert fresh_app.test_client().get(f"/kerja-sama/{PLAIN}", follow_redirects=True).status_code == 200


def test_a_coordinator_may_only_ask_to_withhold_texts_of_the_own_region(fresh_app: Any, fresh_people: People) -> None:
    office = agency(fresh_app, "Bagian Kerja Sama Surakarta", "33.72")
    own = signed_in(fresh_app, person(fresh_app, "solo", "coordinator", office, "33.72"))
    page = soup(own.get(f"/moderasi/tindakan/{TEXTED}"))
    assert [one["value"] for one in page.select("input[name=act]")] == ["withhold"]
    for act in ("merge", "restore", "withdraw"):
        data = {"act": act, f"{act}-reason": "Coba.", "merge-target": "KS-0004", "restore-number": "1"}
        assert own.post(f"/moderasi/tindakan/{TEXTED}", data=data).status_code in {403, 422}
    assert asked(fresh_app) == []
    assert own.post(f"/moderasi/tindakan/{TEXTED}", data=WITHHELD).status_code == 303
    assert own.get(f"/moderasi/tindakan/{PLAIN}").status_code == 404
    assert own.post(f"/moderasi/tindakan/{PLAIN}", data=WITHHELD).status_code in {403, 404}


def test_out_of_reach_and_unknown_records_are_not_there(fresh_app: Any, fresh_people: People) -> None:
    far = signed_in(fresh_app, fresh_people.distant)
    for subject in (TEXTED, "KS-9999", "33.14", "x"):
        assert far.get(f"/moderasi/tindakan/{subject}").status_code == 404
    assert signed_in(fresh_app, fresh_people.clerk).get(f"/moderasi/tindakan/{TEXTED}").status_code == 403
