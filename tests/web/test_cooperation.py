"""Does the page of a record say everything that is known of it, with its source, and nothing more?"""

from __future__ import annotations

from typing import Any

import pytest

from portal import answers, data, dates, first_records, publications
from portal import vocabulary as words
from tests.pages import CheckedClient
from tests.record_pages import PAPERS, XIAN, Publish, page, publisher, said


@pytest.fixture
def publish(fresh_app: Any) -> Publish:
    return publisher(fresh_app)


# -- addresses ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "tail", ["KS-0011", "ks-0011", "KS-11", "ks11", "KS-0011-kota-lain", "ks-0011-kota-surakarta-xian"]
)
def test_every_way_of_writing_the_number_leads_to_the_one_address(client: CheckedClient, tail: str) -> None:
    response = client.get(f"/kerja-sama/{tail}?pada=2016-01-01&rev=1")
    assert (response.status_code, response.headers["Location"]) == (301, f"{XIAN}?pada=2016-01-01&rev=1")
    assert client.get(f"/en/kerja-sama/{tail}").headers["Location"] == f"/en{XIAN}"


def test_a_redirect_carries_nothing_out_of_the_site(client: CheckedClient) -> None:
    response = client.get("/kerja-sama/KS-0011?x=%0d%0aLocation:%20//evil.example&y=%F0%9F")
    assert response.status_code == 301
    assert response.headers["Location"].startswith(f"{XIAN}?")
    assert "\n" not in response.headers["Location"]


@pytest.mark.parametrize("tail", ["KS-9999", "KS-9999-kota", "KS-9999/riwayat", "KS-9999/banding", "KS-9999.json"])
def test_an_unknown_number_is_not_found(client: CheckedClient, tail: str) -> None:
    assert client.get(f"/kerja-sama/{tail}").status_code == 404


@pytest.mark.parametrize("tail", ["riwayat", "banding", "dokumen/i1"])
def test_pages_of_a_record_have_one_address_too(client: CheckedClient, tail: str) -> None:
    response = client.get(f"/kerja-sama/ks-11/{tail}?dari=1")
    assert (response.status_code, response.headers["Location"]) == (301, f"/kerja-sama/KS-0011/{tail}?dari=1")


@pytest.mark.parametrize("key", ["i9", "a%20b", "%00", "..%2f"])
def test_an_unknown_text_is_not_found(client: CheckedClient, key: str) -> None:
    assert client.get(f"/kerja-sama/KS-0011/dokumen/{key}").status_code == 404


# -- the page -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("subject", PAPERS)
def test_every_paper_record_has_its_page(client: CheckedClient, app: Any, subject: str, prefix: str) -> None:
    found = page(client, f"{prefix}/kerja-sama/{subject}")
    with app.app_context():
        document = publications.newest(subject).document  # type: ignore[union-attr]
    assert len(found.select(".now > div dt")) >= 4
    assert found.select_one(".say strong")
    assert len(found.select("#jawaban .beside")) == 4
    assert [row["id"] for row in found.select(".srcs > li")] == [
        f"s{n}" for n in range(1, len(document["sources"]) + 1)
    ]
    for claim in document.get("claims", []):
        told = claim.get("printed") or claim["value"].get(prefix.strip("/"), claim["value"]["id"]).split(", ")[0]
        assert dates.is_partial_date(told) or " ".join(told.split()) in said(found.select_one("#sumber"))
    for party in [*document["local_parties"], *document["foreign_parties"]]:
        assert party.get("printed", "") in said(found.select_one("#pihak"))
    for flag in document.get("flags", []):
        assert flag["reason"][prefix.strip("/") or "id"][:40] in said(found)


@pytest.mark.parametrize("document", list(first_records.cooperations())[20:], ids=lambda document: document["id"])
def test_every_other_record_has_its_page(client: CheckedClient, document: Any) -> None:
    assert page(client, f"/kerja-sama/{document['id']}").select_one(".say")


def test_who_with_whom_what_and_since_when(client: CheckedClient) -> None:
    found = page(client, f"/en{XIAN}")
    assert said(found.h1) == "Surakarta City with Xi’an, China"
    assert said(found.select_one(".say")).startswith(
        "The Government of Surakarta City and the City of Xi’an signed a letter of intent (LoI)"
    )
    assert len(found.select(".say strong")) == 2
    assert found.select_one('.say a.fn[href="#s1"]')
    assert said(found.select_one('.say a[href="#tindak-lanjut"]')) == "12 May 2023"
    cells = [said(cell) for cell in found.select(".now > div")][:4]
    assert cells[0].startswith("Status No follow-up")
    assert "stated by research, November 2017" in cells[0]
    assert "no text in force" in cells[0].lower()
    assert "25 September 2015" in cells[1]
    assert "Nothing recorded yet" in cells[2]
    assert "11 years since the LoI" in cells[2]
    assert cells[3].startswith("As of 12 May 2023")
    assert found.select_one(".now svg.trail[role=img]")["aria-label"]


def test_the_head_of_the_page_tells_others_what_it_is(client: CheckedClient) -> None:
    found = page(client, f"/en{XIAN}")
    assert found.title.string == "Surakarta City and Xi’an, China: no follow-up"
    sentence = found.select_one("meta[name=description]")["content"]
    assert sentence == found.select_one('meta[property="og:description"]')["content"]
    assert sentence.startswith("The Government of Surakarta City")
    assert "[" not in sentence
    assert found.select_one("link[rel=canonical]")["href"].endswith(f"/en{XIAN}")
    assert {link["hreflang"] for link in found.select("link[rel=alternate][hreflang]")} == {"id", "en"}
    assert not found.select("meta[name=robots]")
    assert found.select_one('link[type="application/atom+xml"]')["href"] == "/en/kerja-sama/KS-0011.atom"


def test_declared_and_recorded_stand_side_by_side(client: CheckedClient) -> None:
    found = page(client, "/en/kerja-sama/KS-0001")
    answer = found.select_one("#jawaban-berlaku")
    assert "Said to be running" in said(answer.select(".beside > div")[0])
    assert answers.VALIDITY["ended"].label in said(answer.select(".beside > div")[1])
    assert "Differs" in said(answer.h3)
    assert "does not choose between them" in said(answer)
    assert "Differs" not in said(found.select_one("#jawaban-pelaporan"))


def test_a_computed_end_is_a_reckoning_and_not_a_report(client: CheckedClient) -> None:
    found = page(client, "/en/kerja-sama/KS-0009")
    told = said(found.select_one(".say"))
    assert "that written term passed on 9 September 2023 (computed). No renewal is recorded yet." in told
    assert said(found.select(".now > div")[1]).startswith("Ended (computed) 9 September 2023")
    assert "Computed. Computed" not in said(found.main)


def test_what_is_said_to_be_running_says_by_whom_and_is_no_renewed_term(client: CheckedClient) -> None:
    found = page(client, "/en/kerja-sama/KS-0005")
    assert said(found.select_one(".now .tag")) == "Said to be running (renewed)"
    declared = found.select("#jawaban-tahap .beside > div")[0]
    assert "nothing declared yet" in said(declared)  # what we infer, nobody declared
    assert "research, source grade C" in said(found.select("#jawaban-berlaku .beside > div")[0])
    assert not [row for row in found.select("#tindak-lanjut .ev h3") if "Signing of the text" in said(row)]


@pytest.mark.parametrize("subject", ["KS-0002", "KS-0005", "KS-0007"])
def test_an_uncertain_year_says_so_wherever_it_stands(client: CheckedClient, subject: str) -> None:
    found = page(client, f"/en/kerja-sama/{subject}")
    for place in (".say", ".now", "#isi-kerja-sama", "#tindak-lanjut", "#jawaban-berlaku"):
        assert "2012 (uncertain)" in said(found.select_one(place)), place


def test_a_state_without_a_date_is_told_as_of_a_day(client: CheckedClient) -> None:
    cells = [said(cell) for cell in page(client, "/en/kerja-sama/KS-0013").select(".now > div")]
    assert cells[1] == "Step as of November 2017"
    assert "The region , as of November 2017" in said(page(client, "/en/kerja-sama/KS-0013").main)
    assert not any(cell.startswith("Since") for cell in cells)


def test_sources_that_conflict_are_told_in_the_sentence(client: CheckedClient) -> None:
    told = said(page(client, "/kerja-sama/KS-0008").select_one(".say"))
    assert told.startswith("Penelitian (November 2017) [1] menyebut adanya kesepakatan")
    assert told.endswith("(sumber bertentangan).")


def test_nothing_is_waited_for_where_it_has_ended(client: CheckedClient) -> None:
    told = said(page(client, "/en/kerja-sama/KS-0014").main)
    assert "Nobody: the cooperation has ended" in told
    assert "Waiting for action" not in told
    assert "Waiting for action by: The region" in said(page(client, f"/en{XIAN}").main)


def test_a_date_stands_with_the_source_that_carries_it(client: CheckedClient) -> None:
    declared = said(page(client, "/en/kerja-sama/KS-0014").select("#jawaban-tahap .beside > div")[0])
    assert "19 February 2007" in declared
    assert "source grade E" in declared
    assert "research" not in declared


def test_every_word_leads_to_its_definition(client: CheckedClient) -> None:
    found = page(client, f"/en{XIAN}")
    anchors = {link["href"].split("#")[1] for link in found.select('a[href^="/en/metode#"]')}
    assert {
        "status-no_follow_up", "tahap-intent", "berlaku-none", "kabar-tanpa", "kegiatan-none_reported",
        "pelaporan-never_asked", "tanda-stale", "bukti-C", "aturan-r4_uu23_2014",
    } <= anchors  # fmt: skip
    method = page(client, "/en/metode")
    assert {anchor for anchor in anchors if not method.find(id=anchor)} == set()


def test_marks_come_with_their_reason(client: CheckedClient) -> None:
    found = page(client, "/en/kerja-sama/KS-0009")
    marks = {said(one.select_one(".tag")): said(one) for one in found.select("main ul li:has(> .tag--plain)")}
    assert set(marks) == {"Old data", "Changed by the calendar alone"}
    assert "9 September 2023" in marks["Changed by the calendar alone"]


# -- the procedure ------------------------------------------------------------------------------------------------


def steps(found: Any) -> dict[str, str]:
    return {said(step.h3): said(step.p) for step in found.select("#tahap .step")}


def test_nothing_is_ticked_by_inference(client: CheckedClient) -> None:
    found = page(client, f"/en{XIAN}")
    told = steps(found)
    assert list(told) == [term.label for term in words.MILESTONES.values()]
    assert {text for name, text in told.items() if name != "Letter of intent (LoI)"} == {"No record yet"}
    assert told["Letter of intent (LoI)"].startswith("Reported by a source: done 25 September 2015")
    assert said(found.select_one("#tahap [aria-current=step] h3")) == "Letter of intent (LoI)"
    assert "Evidence on file for 0 of 8 required steps." in said(found.select_one("#tahap"))


def test_a_form_without_required_steps_says_so(client: CheckedClient) -> None:
    found = page(client, "/en/kerja-sama/KS-0004")
    assert "The legal basis is not known" in said(found.select_one("#tahap"))
    assert steps(found) == {}


def test_the_rule_of_its_time_is_named_and_what_is_not_certain_says_so(client: CheckedClient) -> None:
    unsure = {row["code"] for row in data.legal_regimes() if row["unsure"] == "yes"}
    assert unsure
    found = page(client, "/en/kerja-sama/KS-0014").select_one("#tahap")
    assert "UU 32/2004 (not certain)" in said(found)
    assert "not certain" not in said(page(client, f"/en{XIAN}").select_one("#tahap"))


def test_each_text_has_the_rule_of_its_own_day(client: CheckedClient) -> None:
    told = said(page(client, "/en/kerja-sama/KS-0016").select_one("#tahap"))
    assert "Letter of intent (LoI) of 10 May 2015: UU 23/2014" in told
    assert "2008 (uncertain):" in told


def test_steps_of_later_rules_are_not_counted_against_older_texts(client: CheckedClient) -> None:
    told = said(page(client, "/en/kerja-sama/KS-0014").select_one("#tahap"))
    assert "The nine steps are those of later rules" in told
    assert "Evidence on file" not in told
    undated = said(page(client, "/en/kerja-sama/KS-0022").select_one("#tahap"))
    assert "whether they applied then is not known" in undated
    assert "Evidence on file" not in undated


def test_a_date_over_a_change_of_the_law_names_every_rule(fresh_client: CheckedClient, publish: Publish) -> None:
    loi = {"key": "i1", "kind": "loi", "signing": "reported", "disclosure": "public", "signed_on": "2014"}
    publish("KS-0011", instruments=[loi], milestones=[])
    found = page(fresh_client, f"/en{XIAN}").select_one("#tahap")
    assert len(found.select('a[href*="#aturan-"]')) == 2
    assert "each of these may have applied" in said(found)


# -- the timeline -------------------------------------------------------------------------------------------------


def test_follow_up_check_request_and_gap_are_told_apart(fresh_client: CheckedClient, publish: Publish) -> None:
    events = [
        {"class": "request", "kind": "asked", "date": "2026-09-01", "title": {"id": "Ditanya"}},
        {"class": "planned", "kind": "visit", "date": "2030-01", "title": {"id": "Rencana kunjungan"}},
        {"class": "follow_up", "kind": "visit", "date": "2016-02", "title": {"id": "Kunjungan"}, "sources": ["s1"]},
        {"class": "follow_up", "kind": "meeting", "title": {"id": "Pertemuan tanpa tanggal"}},
    ]
    publish("KS-0011", events=events)
    rows = page(fresh_client, XIAN).select("#tindak-lanjut .ev")
    kinds = [next((name[4:] for name in row["class"] if name in {"ev--plan", "ev--ask", "ev--check", "ev--gap"}), "act")
             for row in rows]  # fmt: skip
    assert kinds == ["plan", "ask", "gap", "check", "act", "act", "act"]
    assert [row.time["datetime"] for row in rows if row.time and row.time.get("datetime")] == [
        "2030-01", "2026-09-01", "2017-11", "2016-02", "2015-09-25",
    ]  # fmt: skip
    assert said(rows[-1]).endswith("Pertemuan tanpa tanggal")


def test_a_study_does_not_end_the_silence(client: CheckedClient) -> None:
    found = page(client, f"/en{XIAN}")
    assert "11 years since the LoI" in said(found.select_one("#jawaban-kabar"))
    assert "2023" in said(found.select_one("#tindak-lanjut"))


# -- parties, content, evidence -----------------------------------------------------------------------------------


def test_names_as_normalised_and_as_printed(client: CheckedClient) -> None:
    parties = page(client, "/en/kerja-sama/KS-0002").select_one("#pihak")
    assert "Organization for Industrial, Spiritual and Cultural Advancement International (OISCA)" in said(parties)
    assert "Spriritual dan Cultural Advencement" in said(parties)
    assert parties.select_one('a[href="/en/negara/jp-jepang"]')
    assert parties.select_one('a[href^="/en/daerah/33.13-"]')


def test_an_older_form_says_by_which_rule_it_is_labelled(client: CheckedClient) -> None:
    assert "classified according to PP 28/2018" in said(page(client, f"/en{XIAN}").select_one("#isi-kerja-sama"))


def test_missing_values_say_why(client: CheckedClient) -> None:
    found = page(client, "/en/kerja-sama/KS-0007")
    assert "left open in the source" in said(found.select_one("#isi-kerja-sama"))
    assert "not stated by the source" in said(page(client, f"/en{XIAN}").select_one("#isi-kerja-sama"))


def test_sources_that_differ_stand_side_by_side(client: CheckedClient) -> None:
    groups = page(client, "/en/kerja-sama/KS-0014").select("#sengketa ul.beside")
    signed = next(group for group in groups if "January 2007" in said(group))
    assert {said(value) for value in signed.select(".beside__v")} == {"19 February 2007", "19 January 2007"}
    assert not page(client, f"/en{XIAN}").select("#sengketa")


def test_what_is_only_in_indonesian_is_marked(fresh_client: CheckedClient, publish: Publish) -> None:
    publish("KS-0011", summary={"id": "Hanya bahasa Indonesia."})
    told = page(fresh_client, f"/en{XIAN}").select_one("#ringkasan")
    assert said(told.select_one("[lang=id]")) == "Hanya bahasa Indonesia."
    assert "(in Indonesian)" in said(told)
    assert not page(fresh_client, XIAN).select_one("#ringkasan [lang]")


def test_related_records_are_links(client: CheckedClient) -> None:
    found = page(client, "/kerja-sama/KS-0001").select_one("#terkait a")
    assert found["href"] == "/kerja-sama/KS-0004-kabupaten-sragen-usaid"


def test_a_text_has_its_own_page(client: CheckedClient) -> None:
    link = page(client, f"/en{XIAN}").select_one("#dokumen a")["href"]
    assert link == "/en/kerja-sama/KS-0011/dokumen/i1"
    found = page(client, link)
    assert "25 September 2015" in said(found.main)
    assert "Only its particulars are shown" in said(found.main)
    assert "10 working days" in said(found.main)


def test_the_way_out_is_links_only(client: CheckedClient) -> None:
    found = page(client, XIAN)
    shared = [link["href"] for link in found.select("#bagikan a")]
    assert shared[0].startswith("https://wa.me/?text=Pemerintah%20Kota%20Surakarta")
    assert shared[1].startswith("mailto:?subject=")
    assert found.select_one('#bagikan a[href^="/koreksi?hal=/kerja-sama/KS-0011"]')
    assert "rev=1" in found.select_one("textarea.cite").string
    assert found.select_one(".permalink").get_text().endswith(f"{XIAN}?rev=1")


def test_a_bound_of_the_term_is_no_follow_up(client: CheckedClient) -> None:
    shown = [
        line
        for number in range(1, 21)
        for line in page(client, f"/en/kerja-sama/KS-{number:04d}").select(".tl .ev")
        if said(line.select_one("h3") or line) in {"Start of the term", "End of the written term"}
    ]
    assert shown
    assert all("ev--check" in line["class"] for line in shown)
