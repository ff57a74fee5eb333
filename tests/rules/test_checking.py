"""Does the portal see what a moderator should look at closely – and does it keep quiet about the rest?"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from portal import checking, data, desk, first_records
from portal.checking import Check, Similar, Tried
from tests.cooperations import STUDY, event, record, said, step, term, text

TODAY = date(2026, 11, 22)


def found(after: dict[str, Any], before: dict[str, Any] | None = None, **more: Any) -> list[Check]:
    """What is told beyond "in order"."""
    return [one for one in checking.checks(before, after, today=TODAY, **more) if one.level != "ok"]


def groups(after: dict[str, Any], before: dict[str, Any] | None = None, **more: Any) -> set[tuple[str, str]]:
    return {(one.group, one.level) for one in found(after, before, **more) if one.group != "evidence"}


def titled(title: str) -> dict[str, Any]:
    return {**record(), "title": {"id": title}}


def linked(link: str) -> dict[str, Any]:
    return {**record(), "sources": [{**STUDY, "link": link}]}


def test_every_level_has_a_word_and_every_message_its_values() -> None:
    for one in checking.checks(None, titled("slot gacor"), today=TODAY, endorsed=False):
        assert one.level in desk.LEVELS
        assert one.message % dict(one.values)


def test_an_ordinary_record_raises_nothing() -> None:
    assert groups(record()) == set()


def test_what_finds_nothing_says_so() -> None:
    fine = [one for one in checking.checks(None, record(), today=TODAY) if one.level == "ok"]
    assert {one.group for one in fine} >= set(checking.CHECKS)


def test_the_real_records_hold_nothing_that_must_be_mended() -> None:
    for document in first_records.cooperations():
        assert checking.blocks(checking.checks(None, document, today=TODAY)) == []


def test_only_what_the_proposal_brings_is_told() -> None:
    before = titled("Togel di Kota Contoh")
    after = {**before, "summary": {"id": "Ringkasan baru"}}
    assert groups(before) == {("words", "warn")}
    assert groups(after, before) == set()


def test_the_gravest_comes_first() -> None:
    levels = [one.level for one in checking.checks(None, titled("judi \u200b slot gacor"), today=TODAY)]
    assert levels == sorted(levels, key=("block", "warn", "ok").index)
    assert levels[0] == "block"


# -- dates ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "level"),
    [
        ({"events": [event("follow_up", day="2027")]}, "block"),
        ({"events": [event("follow_up", day="2026-11-23")]}, "block"),
        ({"events": [event("follow_up", day="2026-11-22")]}, ""),
        ({"events": [event("follow_up", day="2026")]}, ""),
        ({"events": [event("planned", day="2027-03")]}, ""),
        ({"events": [event("follow_up", day="2021-10")]}, "warn"),
        ({"events": [event("follow_up", day="2022")]}, ""),
        ({"instruments": [text(signed_on="2026-12")]}, "block"),
        ({"instruments": [text(signed_on="2026-03", ends_on={"date": "2026-02", "basis": "stated"})]}, "block"),
        ({"instruments": [text(signed_on="2026-03", ends_on={"date": "2031-03", "basis": "stated"})]}, ""),
        ({"milestones": [step("loi", date="2027-01")]}, "block"),
        ({"milestones": [step("loi", "in_progress", date="2027-01")]}, ""),
        ({"declarations": [said("in_force_claimed", as_of="2027")]}, "block"),
        ({"term": term("2025-03", "2030-03"), "events": [event("follow_up", day="2025-01")]}, "warn"),
        ({"term": term("2025-03", "2030-03"), "events": [event("follow_up", day="2025")]}, ""),
        ({"term": term("2025-03", "2030-03"), "events": [event("observation", day="2025-01")]}, ""),
    ],
)
def test_dates(parts: dict[str, Any], level: str) -> None:
    assert groups({**record(), **parts}) == ({("dates", level)} if level else set())


def test_an_end_before_the_start_must_be_mended() -> None:
    assert groups({**record(), "term": term("2025-03", "2024-03")}) == {("dates", "block")}


# -- links ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("link", "levels"),
    [
        ("https://klatenkab.go.id/berita/1", set()),
        ("http://klatenkab.go.id/berita/1", {"warn"}),
        ("https://bit.ly/3abc", {"warn"}),
        ("https://www.s.id/abc", {"warn"}),
        ("https://klatenkab.go.id:8443/a", {"warn"}),
        ("https://203.0.113.9/a", {"block"}),
        ("https://3405803785/a", {"block"}),
        ("https://0xcb007109/a", {"block"}),
        ("https://[2001:db8::1]/a", {"block"}),
        ("https://admin:kunci@klatenkab.go.id/", {"block"}),
        ("https://xn--mnchen-3ya.de/", {"warn"}),
        ("https://klаtenkab.go.id/", {"block"}),  # the second a is Cyrillic
        ("https://klatenkab.go.id/slot-gacor/hari-ini", {"block"}),
        ("https://[kacau", {"block"}),
    ],
)
def test_links(link: str, levels: set[str]) -> None:
    assert {level for group, level in groups(linked(link)) if group == "links"} == levels


PAGE = "https://klatenkab.go.id/berita/1"
DAY = date(2026, 11, 21)


NAMED = "klatenkab.go.id/berita/1"


def opening(tried: Tried | None, before: dict[str, Any] | None = None) -> list[tuple[str, str]]:
    """Level and words of what is said of whether the link opens."""
    known = {PAGE: tried} if tried else {}
    found = checking.checks(before, linked(PAGE), today=TODAY, tried=known)
    return [(one.level, one.message % dict(one.values)) for one in found if one.group == "opening"]


@pytest.mark.parametrize(
    ("tried", "level", "words"),
    [
        (None, "note", f"New links not tried yet (1): {NAMED}."),
        (Tried("answers", DAY, 200), "ok", "opened when they were tried"),
        (Tried("moved", DAY, 301, "www.klatenkab.go.id"), "ok", "opened when they were tried"),
        (Tried("moved", DAY, 302, "judi.example"), "warn", f"{NAMED} leads on to judi.example"),
        (Tried("gone", DAY, 404, dead=True), "warn", f"The page at {NAMED} was not found on 2026-11-21 (404)."),
        (Tried("no_answer", DAY), "note", f"{NAMED} did not open on 2026-11-21; it will be tried again"),
        (Tried("no_answer", DAY, dead=True), "warn", "did not open on 2026-11-21. The page may still be there"),
        (Tried("server_error", DAY, 502, dead=True), "warn", "did not open on 2026-11-21 (502)"),
        (Tried("not_secure", DAY, dead=True), "warn", "was not secure on 2026-11-21"),
        (Tried("refused", DAY, 403), "note", f"{NAMED} refused to answer the portal on 2026-11-21."),
        (Tried("not_asked", DAY), "note", f"links that the portal does not check (1): {NAMED}. Please open"),
    ],
)
def test_what_was_tried_is_told_with_its_day_and_never_blocks(tried: Tried | None, level: str, words: str) -> None:
    (told,) = opening(tried)
    assert told[0] == level
    assert words in told[1]


def test_two_dead_links_of_one_site_are_told_apart_and_untried_ones_beside_them() -> None:
    long = "https://klatenkab.go.id/berita/" + "panjang/" * 20
    links = [PAGE, f"{long}satu", f"{long}dua", "https://a.go.id", *(f"https://b.go.id/{n}" for n in range(3))]
    sources = [{**source, "link": link} for link in links for source in linked(PAGE)["sources"][-1:]]
    dead = Tried("gone", DAY, 404, dead=True)
    tried = dict.fromkeys(links[:3], dead)
    found = checking.checks(None, {**record(), "sources": sources}, today=TODAY, tried=tried)
    told = [one for one in found if one.group == "opening"]
    assert [one.level for one in told] == ["warn", "warn", "warn", "note"]
    names = [one.values["host"] for one in told[:3]]
    assert (len(set(names)), names[0]) == (3, NAMED)
    assert all(name.startswith("klatenkab.go.id/") and len(name) < 60 for name in names)
    assert told[3].values == {"num": "4", "hosts": "a.go.id, b.go.id/0, b.go.id/1, …"}


def test_links_not_tried_yet_and_links_never_tried_are_told_apart() -> None:
    links = [PAGE, "https://a.example", "https://b.example"]
    sources = [{**source, "link": link} for link in links for source in linked(PAGE)["sources"][-1:]]
    tried = dict.fromkeys(links[1:], Tried("not_asked", DAY))
    found = checking.checks(None, {**record(), "sources": sources}, today=TODAY, tried=tried)
    told = [(one.values["num"], one.values["hosts"]) for one in found if one.group == "opening"]
    assert told == [("1", NAMED), ("2", "a.example, b.example")]


def test_links_that_were_there_before_and_documents_without_links_are_not_spoken_of() -> None:
    assert opening(Tried("gone", DAY, 404, dead=True), linked(PAGE)) == []
    assert [one for one in checking.checks(None, record(), today=TODAY) if one.group == "opening"] == []


# -- characters and words -------------------------------------------------------------------------------------


@pytest.mark.parametrize("letter", ["\u200b", "\u202e", "\u2066", "\ufeff", "\u00ad", "\u3164", "\U000e0041"])
def test_a_hidden_character_must_be_mended_and_is_written_out(letter: str) -> None:
    told = [one for one in found(titled(f"Kota{letter}Lain")) if one.group == "hidden"]
    assert [one.level for one in told] == ["block"]
    assert f"[U+{ord(letter):04X}]" in told[0].values["text"]


@pytest.mark.parametrize("word", ["Bаndung", "Κota", "Kotа", "𝐒𝐥𝐨𝐭", "Ｓｌｏｔ", "🅢🅛🅞🅣"])
def test_letters_that_look_like_others_must_be_mended(word: str) -> None:
    assert ("letters", "block") in groups(titled(f"Kerja sama {word} tahun ini"))


@pytest.mark.parametrize(
    "name", ["Xi’an 西安", "Москва", "Århus", "Đà Nẵng", "Łódź", "Ulan-Ude (Улан-Удэ)", "Ø", "Αθήνα"]
)
def test_names_in_their_own_letters_are_fine(name: str) -> None:
    assert groups(titled(f"Kabupaten Contoh – {name}")) == set()


@pytest.mark.parametrize(
    ("said", "level"),
    [
        ("Situs slot gacor hari ini", "block"),
        ("SLOT  GACOR", "block"),
        ("sl0t g4c0r", "block"),
        ("s l o t gacor", "block"),
        ("slot-gacor", "block"),
        ("slót gacór", "block"),
        ("maxw1n", "block"),
        ("Program pencegahan judi online bagi pelajar", "warn"),
        ("penertiban pinjol ilegal", "warn"),
        ("Togel", "warn"),
    ],
)
def test_words_of_sellers_are_seen_however_they_are_written(said: str, level: str) -> None:
    assert groups(titled(said)) == {("words", level)}


@pytest.mark.parametrize(
    "title",
    ["Pelatihan timeslot dan slotting gudang", "Dana hibah pendidikan", "Pejudian tidak disebut", "Kota Toto, Jepang"],
)
def test_words_that_only_look_like_them_are_fine(title: str) -> None:
    assert groups(titled(title)) == set()


def test_the_list_of_words_is_in_form() -> None:
    rows = data.spam_words()
    assert {row["level"] for row in rows} == {"warn", "block"}
    assert all(row["word"] == " ".join(row["word"].lower().split()) for row in rows)
    assert len({row["word"] for row in rows}) == len(rows)


def test_what_is_all_in_capitals_is_told_but_not_a_name() -> None:
    assert groups(titled("KERJA SAMA KOTA KEMBAR KABUPATEN CONTOH")) == {("capitals", "warn")}
    assert groups(titled("PT PLN (PERSERO) dan UNESCO tentang kerja sama air minum")) == set()


@pytest.mark.parametrize(
    "text",
    [
        "NIK 3310012345678901",
        "NIK 33 1001 2345 6789 01",
        "hubungi 0812-3456-7890",
        "telepon +62 812 3456 7890",
        "surel pegawai@klatenkab.go.id",
    ],
)
def test_what_looks_like_personal_data_is_told(text: str) -> None:
    assert groups({**record(), "summary": {"id": text}}) == {("people", "warn")}


@pytest.mark.parametrize(
    "text", ["Nomor 415.4/0812/2015", "nilai hibah 12500000000", "Perjanjian 119/1234/BAK tahun 2015"]
)
def test_numbers_of_letters_and_sums_are_not_personal_data(text: str) -> None:
    assert groups({**record(), "summary": {"id": text}}) == set()


# -- places, others, evidence ---------------------------------------------------------------------------------


def test_a_region_or_country_nobody_knows_must_be_mended() -> None:
    assert groups({**record(), "region": "99.99"}) == {("places", "block")}
    partner = record()["foreign_parties"][0]
    for code in ("XX", "ID"):
        assert groups({**record(), "foreign_parties": [{**partner, "country": code}]}) == {("places", "block")}


def test_a_similar_record_is_named() -> None:
    other = Similar("KS-0011", {"id": "Lain"}, "lain", (), "")
    told = [one for one in found(record(), others=[other]) if one.group == "duplicates"]
    assert [(one.level, one.subject, one.values["record"]) for one in told] == [("warn", "KS-0011", "KS-0011")]


@pytest.mark.parametrize(
    ("sources", "files", "level"),
    [
        ([STUDY], 0, "warn"),
        ([STUDY, {**STUDY, "key": "u1s1"}], 0, "warn"),
        ([STUDY, {**STUDY, "key": "u1s1", "link": "https://a.example/"}], 0, "ok"),
        ([STUDY, {**STUDY, "key": "u1s1"}], 1, "ok"),
    ],
    ids=["none", "in words", "a link", "a file"],
)
def test_evidence_is_asked_for(sources: list[Any], files: int, level: str) -> None:
    told = checking.checks(record(), {**record(), "sources": sources}, today=TODAY, files=files)
    assert [one.level for one in told if one.group == "evidence"] == [level]


def test_support_of_the_region_is_told_where_it_matters() -> None:
    for endorsed, levels in [(None, []), (True, ["ok"]), (False, ["warn"])]:
        told = checking.checks(record(), record(), today=TODAY, endorsed=endorsed)
        assert [one.level for one in told if "cooperation section" in one.message] == levels


def test_a_note_of_a_region_is_checked_too() -> None:
    note = {"region": "33.10", "sources": [STUDY], "office": {"id": "Bagian slot gacor"}}
    assert groups(note, kind="region") == {("words", "block")}


def test_an_english_text_that_was_left_behind_is_told() -> None:
    old = {**record(), "title": {"id": "Kota kembar", "en": "Sister cities"}}
    left = {**old, "title": {"id": "Kerja sama pelabuhan", "en": "Sister cities"}}
    [told] = [one for one in found(left, old) if one.group == "english"]
    assert (told.level, told.subject, told.values["text"]) == ("warn", "title", "Kerja sama pelabuhan")
    both = {**old, "title": {"id": "Kerja sama pelabuhan", "en": "Ports"}}
    alone = {**old, "title": {"id": "Kerja sama pelabuhan"}}
    assert not [one for one in (*found(both, old), *found(alone, old), *found(left)) if one.group == "english"]
