"""What is asked of each server? The same questions, each time with other filters, in each server's own words.

No question is asked twice but where that is the point (`UNCHANGED`, `REMEMBERED`): every other one names a host of its
own, so that no answer the portal keeps can be given to it. The portal counts fourteen facets, the peers eleven of them
(not the marks, the regions of a province, and whether statements differ). Datasette takes one sector where others take
two, and needs no OFFSET for a deep page.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlencode

FRAGMENT = {"HX-Request": "true"}
SIZE = 25
DEEPEST = 20_000
HIDDEN = ("teks", "bidang")  # columns that are not worth a place in Datasette's table

CONSTANT = "constant page, 20 KB"
FILTERED, SINGLE = "fragment with all facets, new filters", "the same, one value of one filter"
WORDS = "fragment, words + two filters"
FRONT, LISTING, DEEP = "front page", "listing, page 1", "listing, deep page"
RECORD = "record"
UNCHANGED, REMEMBERED = "304, nothing new", "answer from memory"

Ask = tuple[str, dict[str, str]]
Asks = Mapping[str, Callable[[], Ask]]
Pairs = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Field:
    """What there is to ask for: filters with their values, words, records (number, name in the address)."""

    choices: Mapping[str, Sequence[str]]
    words: Sequence[str]
    records: Sequence[tuple[int, str]]
    total: int


def field(records: Sequence[tuple[int, str]], total: int) -> Field:
    """What can be asked of the records that `tests.load.generate` makes."""
    from portal import answers, places, vocabulary
    from tests.load import generate

    choices = {
        "status": list(answers.STATUSES),
        "kabar": list(answers.NEWS),
        "prov": [region.code for region in places.provinces()],
        "negara": list(generate.FREQUENT),
        "mitra": [kind for kind in vocabulary.FOREIGN_KINDS if kind != "country_only"],
        "jenis": list(vocabulary.TYPES),
        "bidang": list(vocabulary.SECTORS),
        "bukti": list(vocabulary.GRADES),
    }
    names = "kota kabupaten jawa barat dairy contoh surabaya medan japan belanda".split()
    return Field(choices, [*generate.WORDS_ID, *generate.WORDS_EN, *names], records, total)


class Asker:
    """Draws questions; the same seed draws the same ones."""

    def __init__(self, field: Field, seed: int) -> None:
        self.field, self.random = field, random.Random(seed)
        self.seen: set[str] = set()
        self.chosen: set[tuple[str, str]] = set()
        self.hosts = (f"a{number}.localhost" for number in count(seed * 1_000_000))
        self.records = list(field.records)
        self.random.shuffle(self.records)

    def host(self) -> dict[str, str]:
        """A host that nobody has named before."""
        return {"Host": next(self.hosts)}

    def single(self) -> Pairs:
        """One value, as somebody chooses first: it leaves far more records than several filters do."""
        while True:
            name = self.random.choice(sorted(self.field.choices))
            pair = (name, self.random.choice(self.field.choices[name]))
            if pair not in self.chosen or len(self.chosen) == sum(map(len, self.field.choices.values())):
                self.chosen.add(pair)
                return [pair]

    def filters(self, least: int, most: int) -> Pairs:
        """Some filters with one or two values each, that were never asked for together."""
        rand, choices = self.random, self.field.choices
        while True:
            names = rand.sample(sorted(choices), rand.randint(least, most))
            pairs = [(name, value) for name in names for value in rand.sample(choices[name], rand.randint(1, 2))]
            if rand.random() < 0.3:
                pairs.append(("dari", str(rand.randint(1990, 2024))))
            query = urlencode(sorted(pairs))
            if query not in self.seen:
                self.seen.add(query)
                return pairs

    def text(self) -> Pairs:
        """One or two words."""
        return [("q", " ".join(self.random.sample(self.field.words, self.random.randint(1, 2))))]

    def record(self) -> tuple[int, str]:
        """A record that was not asked for before, as long as there are any."""
        return self.records.pop() if len(self.records) > 1 else self.records[0]

    def deep(self) -> int:
        """The number of a deep page: around `DEEPEST`, or anywhere behind the first where there are fewer."""
        last = max(2, self.field.total // SIZE)
        return self.random.randint(DEEPEST - 500, DEEPEST) if last > DEEPEST else self.random.randint(2, last)


def of_portal(asker: Asker) -> Asks:
    """The portal's own addresses."""

    def results(pairs: Pairs) -> Ask:
        return f"/kerja-sama?{urlencode(pairs)}", FRAGMENT | asker.host()

    return {
        FRONT: lambda: ("/", asker.host()),
        LISTING: lambda: ("/kerja-sama", asker.host()),
        DEEP: lambda: (f"/kerja-sama?hal={asker.deep()}", asker.host()),
        FILTERED: lambda: results(asker.filters(1, 3)),
        SINGLE: lambda: results(asker.single()),
        WORDS: lambda: results([*asker.text(), *asker.filters(2, 2)]),
        RECORD: lambda: (f"/kerja-sama/{asker.record()[1]}", asker.host()),
    }


def of_page(asker: Asker) -> Asks:
    """The addresses of the naive listing and of Django's."""

    def results(pairs: Pairs) -> Ask:
        return f"/?{urlencode(pairs)}", FRAGMENT

    return {
        LISTING: lambda: ("/", {}),
        DEEP: lambda: (f"/?hal={asker.deep()}", {}),
        FILTERED: lambda: results(asker.filters(1, 3)),
        SINGLE: lambda: results(asker.single()),
        WORDS: lambda: results([*asker.text(), *asker.filters(2, 2)]),
        RECORD: lambda: (f"/{asker.record()[0]}", {}),
    }


def of_datasette(asker: Asker) -> Asks:
    """The addresses of Datasette; its facets are switched on in its metadata."""
    table = "/peers/cooperation"
    columns = [("_nocol", name) for name in HIDDEN]
    first = min((number for number, _ in asker.field.records), default=1)

    def results(pairs: Pairs) -> Ask:
        held: dict[str, list[str]] = {}
        for name, value in pairs:
            held.setdefault(name, []).append(value)
        asked = list(columns)
        for name, values in held.items():
            if name == "q":
                asked.append(("_search", values[0]))
            elif name == "bidang":
                asked.append(("bidang__arraycontains", values[0]))
            elif name == "dari":
                asked.append(("tahun__gte", values[0]))
            else:
                asked.append((f"{name}__in", ",".join(values)))
        return f"{table}?{urlencode(asked)}", {}

    return {
        LISTING: lambda: results([]),
        DEEP: lambda: (f"{table}?{urlencode([*columns, ('_next', str(first + asker.deep() * SIZE))])}", {}),
        FILTERED: lambda: results(asker.filters(1, 3)),
        SINGLE: lambda: results(asker.single()),
        WORDS: lambda: results([*asker.text(), *asker.filters(2, 2)]),
        RECORD: lambda: (f"{table}/{asker.record()[0]}", {}),
    }
