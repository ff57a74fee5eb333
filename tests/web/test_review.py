"""Can a moderator decide on one screen, and does the screen never lie about what will happen?"""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from portal import amending, editorial, publications
from portal.editorial import standing
from portal.extensions import db
from portal.models import Account, Proposal
from tests.pages import CheckedClient, soup
from tests.people import People, Person, signed_in

SUBJECT, REGION = "KS-0005", "33.14"
HTMX = {"HX-Request": "true"}


def changed() -> dict[str, Any]:
    """The record with another summary, another type and a visit that stands on a new source."""
    after = document()
    after["summary"] = {**after["summary"], "id": "Hibah air minum untuk Kabupaten Sragen."}
    after["type"] = "technical_cooperation"
    after["sources"].append({"key": "u1s1", "title": "Laporan dinas", "kind": "agency_statement", "grade": "D"})
    after["events"].append(
        {"class": "follow_up", "kind": "visit", "date": "2026-03", "title": {"id": "Kunjungan"}, "sources": ["u1s1"]}
    )
    return after


def document(subject: str = SUBJECT) -> dict[str, Any]:
    found = publications.newest(subject)
    assert found is not None
    return deepcopy(dict(found.document))


@pytest.fixture
def sent(fresh_app: Any, fresh_people: People) -> Callable[..., int]:
    """Send a proposal; returns its number."""

    def send(by: Person | None = None, after: Callable[[], Any] = changed, kind: str = "change", **more: Any) -> int:
        with fresh_app.app_context():
            account = db.session.get(Account, (by or fresh_people.stranger).id)
            assert account is not None
            region, subject = more.get("region", REGION), more.get("subject", SUBJECT)
            begun = editorial.start(account, kind, region, subject, more.get("target", ""))
            before, shape = standing(db.session(), begun).ground, begun.document_kind
            edits = amending.edits(before, after(), shape) if kind not in {"withdraw", "merge"} else []
            editorial.save(account, begun.id, [], edits, more.get("note", ""))
            return editorial.submit(account, begun.id).id

    return send


@pytest.fixture
def moderator(fresh_app: Any, fresh_people: People) -> CheckedClient:
    return signed_in(fresh_app, fresh_people.moderator)


def filled(page: Any, verdicts: dict[str, str] | str = "accept", **more: str) -> dict[str, str]:
    """The form of the page as a browser would send it, verdicts chosen by the label of the field."""
    form = soup(page).select_one("form#tinjau")
    assert form is not None
    data = {one["name"]: one.get("value", "") for one in form.select("input[type=hidden], input[type=text]")}
    data |= {one["name"]: one.get_text().removeprefix("\n") for one in form.select("textarea")}
    for select in form.select("select"):
        chosen = select.select_one("option[selected]") or select.select_one("option")
        data[select["name"]] = chosen.get("value", "")
    for row in form.select(".review__f"):
        label = row.select_one("h3").get_text()
        radio = row.select_one("input[type=radio]")
        if radio is not None:
            wanted = verdicts if isinstance(verdicts, str) else next(
                verdict for name, verdict in verdicts.items() if label.startswith(name)
            )  # fmt: skip
            data[radio["name"]] = wanted
    data |= {"change_note": "Diperbarui.", "reason": "Bukti cukup.", "action": "publish"} | more
    return {name: value for name, value in data.items() if value}


def row_key(page: Any, label: str) -> str:
    """The key of the edit whose row begins with a label."""
    rows = [row for row in soup(page).select(".review__f") if row.select_one("h3").get_text().startswith(label)]
    return str(rows[0].select_one("input[type=radio]")["name"]).removeprefix("verdict-")


def words(page: Any) -> str:
    return " ".join(soup(page).select_one("main").get_text(" ").split())


# -- the queue ------------------------------------------------------------------------------------------------


def test_the_queue_tells_who_waits_how_long_and_what_the_checks_say(moderator: CheckedClient, sent: Any) -> None:
    assert soup(moderator.get("/moderasi")).select_one(".empty") is not None
    number = sent()
    page = moderator.get("/moderasi")
    row = soup(page).select_one("tbody tr")
    assert row is not None
    assert row.select_one("a")["href"] == f"/moderasi/{number}"
    text = " ".join(row.get_text(" ").split())
    for expected in ("Sragen", "Dinas Uji Sragen"):
        assert expected in text
    assert [cell["data-l"] for cell in row.select("td")] != []
    assert moderator.get("/en/moderasi").status_code == 200


def test_the_queue_ends_at_the_provinces_and_narrows(fresh_app: Any, fresh_people: People, sent: Any) -> None:
    number = sent()
    near, far = signed_in(fresh_app, fresh_people.second), signed_in(fresh_app, fresh_people.distant)

    def found(client: CheckedClient, query: str = "") -> list[str]:
        return [one["href"] for one in soup(client.get(f"/moderasi{query}")).select("tbody th a")]

    assert found(near) == [f"/moderasi/{number}"]
    assert found(far) == []
    assert found(near, "?jenis=change&prov=33") == [f"/moderasi/{number}"]
    assert found(near, "?jenis=none") == []
    assert found(near, "?milik=1") == []
    near.post(f"/moderasi/{number}/buka")
    assert found(near, "?milik=1") == [f"/moderasi/{number}"]
    assert far.get(f"/moderasi/{number}").status_code == 404


def test_an_own_proposal_is_shown_but_not_to_be_decided(
    moderator: CheckedClient, fresh_people: People, sent: Any
) -> None:
    number = sent(fresh_people.moderator)
    page = moderator.get(f"/moderasi/{number}")
    assert soup(page).select_one("form#tinjau") is None
    assert soup(page).select_one(".note") is not None
    assert (
        moderator.post(f"/moderasi/{number}", data={"action": "publish", "version": "2", "base": "1"}).status_code
        == 403
    )


def test_who_has_it_open_is_told_and_keeps_nobody_out(fresh_app: Any, fresh_people: People, sent: Any) -> None:
    number = sent()
    first, second = signed_in(fresh_app, fresh_people.moderator), signed_in(fresh_app, fresh_people.second)
    assert first.post(f"/moderasi/{number}/buka", headers=HTMX).status_code == 200
    page = second.get(f"/moderasi/{number}")
    assert "Sekretariat Tautan Daerah" in words(page)
    assert second.post(f"/moderasi/{number}", data=filled(page)).status_code == 303


# -- deciding -------------------------------------------------------------------------------------------------


def test_every_field_has_its_choice_and_sources_come_with_what_names_them(moderator: CheckedClient, sent: Any) -> None:
    page = soup(moderator.get(f"/moderasi/{sent()}"))
    assert len(page.select(".review__f")) == 3
    for row in page.select(".review__f"):
        assert [one["value"] for one in row.select(".pick input")] == ["accept", "amend", "return", "reject"]
    assert page.select_one("select[name=source-u1s1-grade] option[selected]")["value"] == "D"
    assert "Laporan dinas" in page.select_one(".srcs").get_text()


def two_sources() -> dict[str, Any]:
    after = changed()
    after["sources"].append({"key": "u1s2", "title": "Situs lain", "kind": "agency_statement", "grade": "D"})
    after["events"][-1]["sources"] = ["u1s1", "u1s2"]
    return after


def test_a_source_is_left_out_and_another_called_better(fresh_app: Any, moderator: CheckedClient, sent: Any) -> None:
    number = sent(after=two_sources)
    form = filled(moderator.get(f"/moderasi/{number}"), note="Satu sumber tidak dipakai.")
    every = form | {"source-u1s1-left": "1", "source-u1s2-left": "1"}
    refused = moderator.post(f"/moderasi/{number}", data=every)
    assert refused.status_code == 422
    page = soup(refused)
    assert page.select_one(".errsum a[href='#source-u1s1-left']") is not None
    assert [one["name"] for one in page.select(".srcs input[checked]")] == ["source-u1s1-left", "source-u1s2-left"]
    chosen = form | {"source-u1s2-left": "1", "source-u1s1-title": "Laporan dinas, Maret 2026"}
    assert moderator.post(f"/moderasi/{number}", data=chosen).status_code == 303
    with fresh_app.app_context():
        titles = [one["title"] for one in document()["sources"]]
        assert titles[-1] == "Laporan dinas, Maret 2026"
        assert document()["events"][-1]["sources"] == ["u1s1"]
    assert "Situs lain" in words(moderator.get(f"/moderasi/{number}")), "who reads the proposal sees what was left out"


def test_nothing_is_chosen_beforehand_while_a_check_warns(moderator: CheckedClient, sent: Any) -> None:
    page = soup(moderator.get(f"/moderasi/{sent()}"))
    assert page.select(".checks .awas"), "the evidence is named in words only"
    assert page.select(".pick input[checked]") == []


def test_all_accepted_is_published_with_a_flash_and_an_undo(
    fresh_app: Any, moderator: CheckedClient, sent: Any
) -> None:
    number = sent()
    page = moderator.get(f"/moderasi/{number}")
    answer = moderator.post(f"/moderasi/{number}", data=filled(page, **{"source-u1s1-grade": "B"}))
    assert (answer.status_code, answer.location) == (303, f"/moderasi?diputus={number}")
    with fresh_app.app_context():
        assert document()["type"] == "technical_cooperation"
        assert document()["sources"][-1]["grade"] == "B"
    after = moderator.get(answer.location)
    form = soup(after).select_one(".flash form")
    assert form is not None
    assert form["action"] == f"/moderasi/{number}/batalkan"
    undone = moderator.post(form["action"])
    assert undone.status_code == 303
    with fresh_app.app_context():
        assert document()["type"] == "grant"
    assert moderator.post(form["action"]).status_code == 409, "undone once is undone"


def test_the_next_of_the_queue_follows(moderator: CheckedClient, sent: Any) -> None:
    first = sent()
    second = sent(after=lambda: document("KS-0006") | {"type": "other"}, subject="KS-0006")
    answer = moderator.post(f"/moderasi/{first}", data=filled(moderator.get(f"/moderasi/{first}")))
    assert answer.location == f"/moderasi/{second}?diputus={first}"
    assert soup(moderator.get(answer.location)).select_one(".flash form") is not None


def test_four_fields_and_one_returned(fresh_app: Any, moderator: CheckedClient, sent: Any) -> None:
    number = sent()
    page = moderator.get(f"/moderasi/{number}")
    verdicts = {"Ringkasan": "accept", "Jenis": "return", "Peristiwa": "accept"}
    comment = {f"comment-{row_key(page, 'Jenis')}": "Jenis mana yang benar?"}
    answer = moderator.post(f"/moderasi/{number}", data=filled(page, verdicts, note="Satu isian kembali.", **comment))
    assert answer.status_code == 303
    with fresh_app.app_context():
        proposal = db.session.get(Proposal, number)
        assert proposal is not None
        assert (proposal.state, [edit.top for edit in proposal.found]) == ("returned", ["type"])
        assert (document()["type"], len(document()["events"])) == ("grant", 2)
    assert "Jenis mana yang benar?" in words(moderator.get(f"/moderasi/{number}"))


def test_what_is_amended_in_the_boxes_is_published(fresh_app: Any, moderator: CheckedClient, sent: Any) -> None:
    number = sent()
    page = moderator.get(f"/moderasi/{number}")
    summary, event = row_key(page, "Ringkasan"), row_key(page, "Peristiwa")
    data = filled(
        page, {"Ringkasan": "amend", "Jenis": "accept", "Peristiwa": "amend"}, note="Dirapikan.",
        **{
            f"ubah-{summary}-value": "Hibah air minum, dirapikan.",
            f"ubah-{event}-date-hari": "7",
            f"ubah-{event}-title": "Kunjungan teknis",
        },
    )  # fmt: skip
    assert moderator.post(f"/moderasi/{number}", data=data).status_code == 303
    with fresh_app.app_context():
        assert document()["summary"]["id"] == "Hibah air minum, dirapikan."
        assert document()["events"][-1] == {
            "class": "follow_up", "kind": "visit", "date": "2026-03-07", "title": {"id": "Kunjungan teknis"},
            "sources": ["u1s1"],
        }  # fmt: skip


def test_nothing_typed_is_lost_when_something_lacks(fresh_app: Any, moderator: CheckedClient, sent: Any) -> None:
    number = sent()
    page = moderator.get(f"/moderasi/{number}")
    summary, event = row_key(page, "Ringkasan"), row_key(page, "Peristiwa")
    data = filled(
        page, {"Ringkasan": "amend", "Jenis": "reject", "Peristiwa": "amend"}, change_note="Untuk umum.",
        **{f"ubah-{summary}-value": "Teks baru.", f"ubah-{event}-date-bulan": "13", f"comment-{event}": "Bulan?"},
    )  # fmt: skip
    answer = moderator.post(f"/moderasi/{number}", data=data)
    again = soup(answer)
    assert answer.status_code == 422
    links = [one["href"] for one in again.select(".errsum a")]
    assert links == [f"#ubah-{event}-date"]
    assert again.select_one(links[0]) is not None
    assert again.select_one(f"[name=ubah-{event}-date-bulan]")["value"] == "13"
    assert again.select_one(f"[name=ubah-{summary}-value]").get_text().strip() == "Teks baru."
    assert again.select_one("[name=change_note]").get_text().strip() == "Untuk umum."
    assert again.select_one(f"[name=comment-{event}]").get_text().strip() == "Bulan?"
    assert again.select_one(f"#verdict-{summary}-amend").has_attr("checked")
    data[f"ubah-{event}-date-bulan"] = "4"
    answer = moderator.post(f"/moderasi/{number}", data=data)
    assert [one["href"] for one in soup(answer).select(".errsum a")] == ["#note"]
    with fresh_app.app_context():
        assert document()["type"] == "grant"


@pytest.mark.parametrize(("left_out", "link"), [("change_note", "#change_note"), ("reason", "#reason")])
def test_what_must_be_written_is_asked_for(moderator: CheckedClient, sent: Any, left_out: str, link: str) -> None:
    number = sent()
    data = filled(moderator.get(f"/moderasi/{number}"))
    del data[left_out]
    answer = moderator.post(f"/moderasi/{number}", data=data)
    assert answer.status_code == 422
    assert link in [one["href"] for one in soup(answer).select(".errsum a")]


def test_a_field_without_a_verdict_is_named(moderator: CheckedClient, sent: Any) -> None:
    number = sent()
    page = moderator.get(f"/moderasi/{number}")
    data = {name: value for name, value in filled(page).items() if not name.startswith("verdict-")}
    answer = moderator.post(f"/moderasi/{number}", data=data)
    links = [one["href"] for one in soup(answer).select(".errsum a")]
    assert answer.status_code == 422
    assert len(links) == 3
    assert all(soup(answer).select_one(link) is not None for link in links)


def test_asking_for_changes_needs_a_note_and_sends_it_back(fresh_app: Any, moderator: CheckedClient, sent: Any) -> None:
    number = sent()
    data = filled(moderator.get(f"/moderasi/{number}"), action="return")
    assert moderator.post(f"/moderasi/{number}", data=data).status_code == 422
    assert moderator.post(f"/moderasi/{number}", data=data | {"note": "Lampirkan laporan."}).status_code == 303
    with fresh_app.app_context():
        assert db.session.get(Proposal, number).state == "returned"  # type: ignore[union-attr]


def test_refusing_all_asks_once_more_and_tells_what_follows(
    fresh_app: Any, moderator: CheckedClient, sent: Any
) -> None:
    number = sent()
    data = filled(moderator.get(f"/moderasi/{number}"), action="reject", note="Sudah tercatat.")
    asked = moderator.post(f"/moderasi/{number}", data=data)
    assert asked.status_code == 200
    assert "Sudah tercatat." in words(asked)
    kept = {one["name"]: one["value"] for one in soup(asked).select("main form input[type=hidden]")}
    back = moderator.post(f"/moderasi/{number}", data=kept | {"action": "look"})
    assert soup(back).select_one("[name=note]").get_text().strip() == "Sudah tercatat."
    assert moderator.post(f"/moderasi/{number}", data=kept | {"action": "reject_sure"}).status_code == 303
    with fresh_app.app_context():
        assert db.session.get(Proposal, number).state == "rejected"  # type: ignore[union-attr]


def test_enter_in_a_text_box_never_decides(moderator: CheckedClient, sent: Any) -> None:
    form = soup(moderator.get(f"/moderasi/{sent()}")).select_one("form#tinjau")
    assert form.select_one("button")["value"] == "look", "the first button is what Enter presses"


# -- with htmx ------------------------------------------------------------------------------------------------


def test_the_button_says_how_many_changes_it_publishes(moderator: CheckedClient, sent: Any) -> None:
    number = sent()
    page = moderator.get(f"/moderasi/{number}")
    data = filled(page, {"Ringkasan": "accept", "Jenis": "reject", "Peristiwa": "accept"})
    label = moderator.post(f"/moderasi/{number}/hitung", data=data, headers=HTMX)
    assert re.search(r"\b2\b", label.get_data(as_text=True))
    assert "<" not in label.get_data(as_text=True)


def test_choosing_change_opens_its_boxes(moderator: CheckedClient, sent: Any) -> None:
    number = sent()
    page = moderator.get(f"/moderasi/{number}")
    key = row_key(page, "Ringkasan")
    opened = moderator.post(f"/moderasi/{number}/isian/{key}", data=filled(page), headers=HTMX)
    details = soup(opened).select_one(f"details#ubah-{key}")
    assert details is not None
    assert details.has_attr("open")
    assert details.select_one("textarea, input") is not None


@pytest.mark.parametrize("headers", [HTMX, {}])
def test_a_ready_text_is_put_into_the_note(moderator: CheckedClient, sent: Any, headers: dict[str, str]) -> None:
    number = sent()
    data = filled(moderator.get(f"/moderasi/{number}"), note="Halo.", canned="partner", action="insert")
    path = f"/moderasi/{number}/kalimat" if headers else f"/moderasi/{number}"
    answer = moderator.post(path, data=data, headers=headers)
    lines = soup(answer).select_one("[name=note]").get_text().strip().splitlines()
    assert answer.status_code == 200
    assert lines[0] == "Halo."
    assert len(lines) == 2
