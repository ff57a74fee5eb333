"""Documents for measuring: seeded, plausible in shape and amount, plainly not real (every partner is an “example”)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from portal import places, vocabulary

FIRST_NUMBER = 10_001
FIRST_DAY, LAST_DAY = date(1985, 1, 1), date(2026, 10, 31)

# Neighbours and old partners first; the other countries share the long tail.
FREQUENT = ("JP", "CN", "KR", "AU", "NL", "US", "DE", "MY", "SG", "TW", "PH", "TH", "VN", "TR", "FR", "IN", "RU", "GB")
SYLLABLES = [c + v for c in "bcdfghjklmnprstvwyz" for v in "aeiou"]
WORDS_ID = (
    "pelatihan guru magang petani pertukaran siswa kunjungan kerja pameran dagang bantuan bibit peternakan sapi perah "
    "pengelolaan sampah air minum sanitasi kesehatan ibu anak pariwisata budaya tari kuliner investasi industri "
    "perikanan pelabuhan transportasi publik tata ruang penanggulangan bencana beasiswa bahasa olahraga pemuda museum "
    "perpustakaan rumah sakit puskesmas hutan mangrove energi surya irigasi jalan jembatan pasar tradisional batik kopi"
).split()
WORDS_EN = (
    "training teachers apprenticeship farmers exchange students working visit trade fair seedlings livestock dairy "
    "waste water sanitation maternal health tourism culture dance cuisine investment industrial estate "
    "fisheries port public transport spatial planning disaster scholarship language sport youth museum library hospital"
).split()
JOINS_ID, JOINS_EN = ("untuk", "dan", "dengan", "di", "bagi"), ("for", "and", "with", "in", "of")
FOREIGN_KINDS = [code for code in vocabulary.FOREIGN_KINDS if code != "country_only"]
FOREIGN_WEIGHTS = [50, 5, 5, 8, 6, 4, 8, 8, 4, 2]
RECORDS_OF_A_PARTNER = 4
STEPS = tuple(vocabulary.MILESTONES)


class Maker:
    """Makes one document after another; the same seed makes the same documents."""

    def __init__(self, seed: int = 1) -> None:
        self.random = random.Random(seed)
        self.regions = list(places.regions().values())
        self.region_weights = list(accumulate(1 / (place + 5) for place in range(len(self.regions))))
        self.random.shuffle(self.regions)
        others = [code for code in places.countries() if code not in {*FREQUENT, "AQ"}]  # Antarctica stays without
        self.countries = [*FREQUENT, *others]
        likely = [30 / (place + 1) for place in range(len(FREQUENT))] + [0.05] * len(others)
        self.country_weights = list(accumulate(likely))
        self.partners: list[tuple[str, str]] = []  # country and kind

    def documents(self, count: int) -> Iterator[dict[str, Any]]:
        """``count`` documents, numbered from `FIRST_NUMBER`."""
        for place in range(count):
            yield self.document(FIRST_NUMBER + place, place)

    def document(self, number: int, place: int) -> dict[str, Any]:
        """One cooperation."""
        rand = self.random
        region = rand.choices(self.regions, cum_weights=self.region_weights)[0]
        partner = self.partner()
        country, partner_kind = self.partners[partner]
        name = f"Contoh {self.name(partner)}"
        begun = FIRST_DAY + timedelta(days=int((LAST_DAY - FIRST_DAY).days * rand.random() ** 0.5))
        kind = rand.choices(list(vocabulary.TYPES), [30, 8, 4, 12, 12, 4, 8, 6, 6, 2, 2, 1, 5, 5, 3, 2])[0]
        found: dict[str, Any] = {
            "id": f"KS-{number}",
            "title": {
                "id": f"{region.name} – {name}: {self.phrase(WORDS_ID, JOINS_ID, 3)}",
                "en": f"{region.name_en} – {name}: {self.phrase(WORDS_EN, JOINS_EN, 3)}",
            },
            "region": region.code,
            "local_parties": [self.local(region)],
            "foreign_parties": [self.foreign(name, country, partner_kind, partner)],
            "legal_form": rand.choice(list(vocabulary.LEGAL_FORMS)),
            "type": kind,
            "sectors": sorted(rand.sample(list(vocabulary.SECTORS), rand.choice((0, 1, 1, 1, 2, 2, 3, 4)))),
            "summary": {"id": self.text(WORDS_ID, JOINS_ID, 3), "en": self.text(WORDS_EN, JOINS_EN, 3)},
            "events": [self.event(begun) for _ in range(min(12, int(rand.expovariate(0.4))))],
            "declarations": self.declarations(begun),
            "sources": self.sources(begun),
            "claims": [
                {"field": "title", "printed": self.phrase(WORDS_ID, JOINS_ID, 12), "source": "s1"}
                for _ in range(rand.randint(1, 4))
            ],
        }
        return {**found, **self.texts(begun), **self.steps(begun), **self.flags()}

    def partner(self) -> int:
        """The number of a partner: one that is new in a quarter of the records, else an earlier one, the first most."""
        rand = self.random
        if not self.partners or rand.random() < 1 / RECORDS_OF_A_PARTNER:
            country = rand.choices(self.countries, cum_weights=self.country_weights)[0]
            self.partners.append((country, rand.choices(FOREIGN_KINDS, FOREIGN_WEIGHTS)[0]))
            return len(self.partners) - 1
        return int(len(self.partners) * rand.random() ** 2)

    def name(self, place: int) -> str:
        """A name of syllables that no other partner has."""
        text, base = "", len(SYLLABLES)
        for _ in range(3 if place < base**3 else 4):
            place, digit = divmod(place, base)
            text += SYLLABLES[(digit * 37 + len(text) * 11) % base]
        return text.capitalize()

    def phrase(self, words: list[str], joins: tuple[str, ...], length: int) -> str:
        """Some words, now and then a joining word between."""
        found: list[str] = []
        for _ in range(length):
            found.append(self.random.choice(words))
            if self.random.random() < 0.4:
                found.append(self.random.choice(joins))
        return " ".join(found)

    def text(self, words: list[str], joins: tuple[str, ...], sentences: int) -> str:
        """Some sentences."""
        return " ".join(f"{self.phrase(words, joins, 8).capitalize()}." for _ in range(sentences))

    def day(self, after: date, span: int = 4000) -> str:
        """A partial date after a day: to the day, the month or the year."""
        day = min(after + timedelta(days=self.random.randint(0, span)), LAST_DAY)
        return day.isoformat()[: self.random.choice((10, 10, 10, 7, 4))]

    def local(self, region: places.Region) -> dict[str, Any]:
        return {
            "name": {"id": f"Pemerintah {region.name}", "en": f"Government of {region.name_en}"},
            "kind": self.random.choice(list(vocabulary.LOCAL_KINDS)),
            "region": region.code,
        }

    def foreign(self, name: str, country: str, kind: str, partner: int) -> dict[str, Any]:
        return {
            "name": {"id": f"Kota {name}", "en": f"City of {name}"},
            "short": {"id": name, "en": name},
            "printed": f"Kota {name}",
            "kind": kind,
            "country": country,
            "place": [f"Provinsi Contoh {self.name(partner // 10)}", name],
        }

    def event(self, begun: date) -> dict[str, Any]:
        rand = self.random
        return {
            "class": rand.choices(list(vocabulary.EVENT_CLASSES), (7, 1, 2, 1))[0],
            "kind": rand.choice(list(vocabulary.EVENT_KINDS)),
            "date": self.day(begun),
            "title": {"id": self.phrase(WORDS_ID, JOINS_ID, 4), "en": self.phrase(WORDS_EN, JOINS_EN, 4)},
            "text": {"id": self.text(WORDS_ID, JOINS_ID, 1), "en": self.text(WORDS_EN, JOINS_EN, 1)},
            "sources": ["s1"],
        }

    def declarations(self, begun: date) -> list[dict[str, Any]]:
        rand = self.random
        if rand.random() < 0.6:
            return []
        axis = rand.choice(list(vocabulary.DECLARABLE))
        value = rand.choice(vocabulary.DECLARABLE[axis])
        return [{"axis": axis, "value": value, "as_of": self.day(begun), "by": "source", "sources": ["s1"]}]

    def sources(self, begun: date) -> list[dict[str, Any]]:
        rand = self.random
        return [
            {
                "key": f"s{place}",
                "title": f"Contoh sumber: {self.phrase(WORDS_ID, JOINS_ID, 5)}",
                "kind": rand.choice(list(vocabulary.SOURCE_KINDS)),
                "grade": rand.choices(list(vocabulary.GRADES), (1, 3, 8, 4, 2))[0],
                "as_of": {"date": self.day(begun), "basis": "stated"},
                "link": f"https://example.org/{rand.getrandbits(48):012x}",
            }
            for place in range(1, rand.choice((1, 1, 2, 2, 3)) + 1)
        ]

    def texts(self, begun: date) -> dict[str, Any]:
        rand = self.random
        found: dict[str, Any] = {}
        if rand.random() < 0.75:
            found["term"] = {"start": {"date": self.day(begun, 60), "basis": "stated", "sources": ["s1"]}}
            if rand.random() < 0.6:
                end = begun + timedelta(days=365 * rand.choice((1, 2, 3, 5, 5, 10)) + 62)
                found["term"]["end"] = {"date": end.isoformat(), "basis": "stated", "sources": ["s1"]}
        if rand.random() < 0.5:
            found["instruments"] = [
                {
                    "key": "i1",
                    "kind": rand.choice(("loi", "mou", "mou", "pks")),
                    "signed_on": self.day(begun, 60),
                    "signing": "reported",
                    "disclosure": "metadata_only",
                    "sources": ["s1"],
                }
            ]
        return found

    def steps(self, begun: date) -> dict[str, Any]:
        rand = self.random
        reached = rand.randint(0, len(STEPS))
        chosen = sorted(rand.sample(range(reached), min(reached, rand.randint(0, 4))))
        return {
            "milestones": [
                {
                    "code": STEPS[place],
                    "state": rand.choice(("done", "done", "done", "in_progress")),
                    "evidence": "reported",
                    "date": self.day(begun, 400),
                    "sources": ["s1"],
                }
                for place in chosen
            ]
        }

    def flags(self) -> dict[str, Any]:
        if self.random.random() < 0.8:
            return {}
        code = self.random.choice(("unverified", "unverified", "disputed"))
        return {"flags": [{"code": code, "reason": {"id": "Contoh untuk pengukuran", "en": "Example for measuring"}}]}
