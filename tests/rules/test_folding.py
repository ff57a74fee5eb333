"""Do the words of a text come down to what people type?"""

from __future__ import annotations

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import data, folding
from tests.cooperations import record

PAPERS = {document["id"]: document for document in data.papers()}


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Xi’an", "xian"),
        ("Xi‟an", "xian"),
        ("XI'AN", "xian"),
        ("Xi`an", "xian"),
        ("Xi´an", "xian"),
        ("Xi‘an", "xian"),
        ("Xiʼan", "xian"),
        ("Côte d’Ivoire", "cote divoire"),
        ("Århus, Łódź, Đà Nẵng", "arhus, lodz, da nang"),
        ("Straße", "strasse"),
        ("Söke Œuvre Ærø", "soke oeuvre aero"),
        ("İzmir ırmak", "izmir irmak"),
        ("ＡＢＣ１２", "abc12"),
        ("ﬁrma", "firma"),
        ("𝐗𝐢’𝐚𝐧", "xian"),
        ("", ""),
    ],
)
def test_letters_are_folded(text: str, folded: str) -> None:
    assert folding.fold(text) == folded


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Kota Surakarta – Xi’an: kota kembar", ["kota", "surakarta", "xian", "kota", "kembar"]),
        ("kerja sama", ["kerjasama"]),
        ("Kerjasama kerja-sama bekerja sama", ["kerjasama", "kerjasama", "bekerjasama"]),
        ("Wali Kota dan Walikota", ["walikota", "dan", "walikota"]),
        ("LoI, LOI, LOL", ["loi", "loi", "loi"]),
        ("2012 s/d 2017, dll., dsb.", ["2012", "2017"]),
        ("KS-0011", ["ks0011"]),
        ("ks 11 KS11 ks-000011", ["ks0011", "ks0011", "ks0011"]),
        ("KS-12345", ["ks12345"]),
        ("kerja keras", ["kerja", "keras"]),
        ("西安 Москва", []),
        ("“sapi perah”; (Boyolali)", ["sapi", "perah", "boyolali"]),
        ('\x00\u200b*"()', []),
    ],
)
def test_words_of_a_text(text: str, words: list[str]) -> None:
    assert folding.words(text) == words


@pytest.mark.parametrize(
    ("one", "other"),
    [("peternakan", "ternak"), ("pelatihan", "latih"), ("kesehatan", "sehat"), ("bekerjasama", "kerjasama")],
)
def test_words_of_one_stem_meet(one: str, other: str) -> None:
    assert folding.stem(one) == folding.stem(other) or folding.stem(one) == other


@pytest.mark.parametrize("word", ["xian", "medan", "2017", "ks0011", "air"])
def test_names_numbers_and_short_words_keep_their_form(word: str) -> None:
    assert folding.stem(word) == word


VOCABULARY = ["boyolali", "surabaya", "surakarta", "tiongkok", "2017", "solo", "xian", "bogor"]


@pytest.mark.parametrize(
    ("word", "better"),
    [
        ("surakrta", "surakarta"),  # a letter is missing
        ("surakaarta", "surakarta"),  # one too many
        ("surakatra", "surakarta"),  # two are swapped
        ("tiongkog", "tiongkok"),  # one is wrong
        ("surakata", "surakarta"),
        ("bojor", "bogor"),
        ("sol", None),  # too short to guess
        ("2018", None),  # a number is never a typing error
        ("bojolalu", None),  # two letters off
        ("qwerty", None),
    ],
)
def test_one_letter_off_is_read_as_the_known_word(word: str, better: str | None) -> None:
    near = set(folding.neighbours(word))
    assert folding.corrected(word, near.intersection(VOCABULARY)) == better


@pytest.mark.parametrize("word", ["", "sol", "2018", "ks0011", "a" * 25])
def test_short_and_endless_words_and_numbers_have_no_neighbours(word: str) -> None:
    assert folding.neighbours(word) == []


@given(st.text(alphabet="abcxyz", min_size=4, max_size=8), st.integers(0, 7), st.sampled_from("abz"))
def test_every_single_typing_error_is_a_neighbour(word: str, place: int, letter: str) -> None:
    place = min(place, len(word) - 2)
    near = folding.neighbours(word)
    swapped = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    wrong = {word[:place] + word[place + 1 :], word[:place] + letter + word[place:], swapped}
    wrong |= {word[:place] + letter + word[place + 1 :]}
    assert wrong - {word} <= set(near)
    assert word not in near


def test_of_several_known_words_the_one_with_the_longest_common_beginning_is_taken() -> None:
    assert folding.corrected("surakrta", ["zurakrta", "surakarta", "surakrtb"]) == "surakrtb"
    assert folding.corrected("banda", ["bandb", "banba", "bandc"]) == "bandb"


def test_the_number_the_title_and_every_name_are_names() -> None:
    names = set(folding.texts(PAPERS["KS-0011"]).names.split())
    assert {"ks0011", "0011", "11", "surakarta", "solo", "xian", "sian", "shaanxi", "kembar", "sister"} <= names


def test_the_country_in_every_name_the_kind_and_the_province_are_topics() -> None:
    topics = set(folding.texts(PAPERS["KS-0011"]).topics.split())
    assert {"tiongkok", "china", "cina", "rrt", "rrc", "jawa", "tengah", "jateng", "trade", "culture"} <= topics


def test_labels_of_every_language_are_topics() -> None:
    indonesian = {"tourism": "pariwisata"}
    whole = record(sectors=["tourism"])
    topics = folding.texts(whole, lambda message: (message, indonesian.get(message, message))).topics.split()
    assert {"tourism", "pariwisata"} <= set(topics)
    assert "pariwisata" not in folding.texts(whole).topics.split()


def test_printed_words_events_and_sources_are_the_body() -> None:
    texts = folding.texts(PAPERS["KS-0005"])
    body = set(texts.body.split())
    assert {"jenar", "tangen", "penelitian", "renewed", "diperbaharui"} <= body
    assert not body & {"s1", "001", "c", "interval"}


def test_stems_are_found_but_never_offered_as_corrections() -> None:
    texts = folding.texts(PAPERS["KS-0009"])
    assert "boyolal" in texts.names.split()
    assert "boyolal" not in texts.words.split()
    assert "boyolali" in texts.words.split()


def test_every_word_is_plain() -> None:
    for document in PAPERS.values():
        texts = folding.texts(document)
        for string in (texts.names, texts.topics, texts.body, texts.words):
            assert all(word.isascii() and word.isalnum() and word == word.lower() for word in string.split())
            assert len(set(string.split())) == len(string.split())


def test_the_document_is_left_alone() -> None:
    before = copy.deepcopy(PAPERS["KS-0001"])
    folding.texts(PAPERS["KS-0001"])
    assert PAPERS["KS-0001"] == before


@given(st.text(max_size=80))
def test_folding_twice_changes_nothing(text: str) -> None:
    words = folding.words(text)
    assert folding.words(" . ".join(words)) == words
    assert all(word.isascii() and word.isalnum() for word in words)


@given(st.text(alphabet="abks 0123-'’", max_size=60))
def test_words_of_words_are_the_same(text: str) -> None:
    words = folding.words(text)
    assert folding.words(" . ".join(words)) == words


def test_no_phrase_and_no_spelling_reaches_from_one_text_into_the_next() -> None:
    whole = record(summary={"id": "kerja", "en": "sama"})
    assert "kerjasama" not in folding.texts(whole).body.split()
    assert "kerjasama" in folding.texts(record(summary={"id": "kerja\nsama"})).body.split()
