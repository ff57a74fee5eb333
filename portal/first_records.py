"""Which documents does the register begin with? The cooperations of two papers and of a list of sister relations.

The papers' records are typed by hand (`portal/data/papers`). The list holds names and dates from open pages: whatever
it gives is *unverified*, and its remarks are not parsed but typed beside it (`data.sister_details`). Five of its rows
are cooperations of the papers and stand there, both sources side by side. The legal form is read back from PP 28/2018
and follows the Indonesian side: a province has a sister province, a kabupaten or kota a sister regency or city.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from babel.dates import format_date

from portal import data, dates, places
from portal import vocabulary as terms
from portal.record import Document

MERGED: Mapping[str, str] = {
    "SR010": "KS-0020",
    "SR068": "KS-0017",
    "SR083": "KS-0014",
    "SR091": "KS-0019",
    "SR113": "KS-0018",
}
FIRST_NUMBER = 21

_ADDRESSES = ("source_url", "source_url_2", "source_url_3")
_PREFIX = re.compile(r"^(?:www?\d*|m)\.")
_PROVINCE_LIKE = {"province/prefecture/region", "state/territory"}
_TEXTS = {"mou": ("mou", "signed"), "loi": ("loi", "intent")}
_FORMS = {
    "province": {"id": "provinsi kembar", "en": "sister province", "several": "sister provinces"},
    "kabupaten": {"id": "kabupaten kembar", "en": "sister regency", "several": "sister regions"},
    "kota": {"id": "kota kembar", "en": "sister city", "several": "sister cities"},
}
_SIGNED = {
    "mou": {"id": "menandatangani nota kesepahaman (MoU)", "en": "signed a memorandum of understanding (MoU) as"},
    "loi": {"id": "menandatangani pernyataan kehendak (LoI)", "en": "signed a statement of intent (LoI) to become"},
    "sister": {"id": "menjalin hubungan", "en": "are"},
}
_PATTERNS = {"year": "y", "month": "MMMM y", "day": "d MMMM y"}
_JAKARTA = {"id": "DKI Jakarta", "en": "Jakarta"}
_FIRST_OF_SEVERAL = {
    "id": "Daftar tidak mencatat sumber mana yang memuatnya; ditulis pada sumber pertama.",
    "en": "The list does not record which source gives it; it stands under the first.",
}
_BY_LIST = {"id": "Menurut catatan daftar.", "en": "By the note of the list."}
_BY_ADDRESS = {"id": "Menurut alamat halaman.", "en": "By the address of the page."}
_RELATION_DATE = {
    "id": "Tanggal hubungannya; naskahnya tidak disebut.",
    "en": "Date of the relation; no text is named.",
}
_AS_LISTED = {
    "id": "Dilaporkan sumber; naskahnya belum tercatat di sini.",
    "en": "Reported by the sources; the text itself is not recorded here.",
}
_UNVERIFIED = {
    "id": "Belum dikonfirmasi daerah. Nama dan tanggal diambil dari halaman yang disebut pada sumber.",
    "en": "Not yet confirmed by the region. Names and dates are taken from the pages named as sources.",
}
_UNCONFIRMED = {"id": "Belum dikonfirmasi daerah.", "en": "Not confirmed by the region yet."}
_UNDATED = {"id": "Tanggalnya tidak disebut.", "en": "No date is given."}
_DATED = {
    "id": "Hubungan ini bertanggal %s; naskahnya tidak disebut.",
    "en": "The relation is dated %s; no text is named.",
}

Words = dict[str, str]


def cooperations() -> Iterator[Document]:
    """All cooperations the register begins with, by number: those of the papers, then the rows of the list."""
    yield from data.papers()
    numbers = count(FIRST_NUMBER)
    for row in data.sister_relations():
        if row["id"] not in MERGED:
            yield cooperation(row, f"KS-{next(numbers):04d}", data.sister_details().get(row["id"], {}))


def regions() -> Iterator[Document]:
    """What the papers say of seven regions."""
    yield from data.region_notes()


def cooperation(row: Mapping[str, str], number: str, details: Mapping[str, Any]) -> Document:
    """The document of one row (columns of ``sister-relations.csv``) with what was typed beside it; pure."""
    kind = cooperation_type(row)
    sources = _sources(row, details)
    keys = [source["key"] for source in sources]
    instruments = _instruments(row, details, keys)
    document = {
        "id": number,
        "title": _titles(row, details, kind),
        "region": row["region_code"],
        "local_parties": [_local_party(row)],
        "foreign_parties": [_foreign_party(row, details)],
        "legal_form": "ksdpl_twin_province" if row["region_level"] == "province" else "ksdpl_twin_regency_city",
        "type": kind,
        "summary": _summary(row, details, kind),
        "term": _term(row, details),
        "instruments": instruments,
        "milestones": _milestones(instruments, details),
        "events": [{**event, "sources": keys} for event in details.get("events", [])],
        "sources": sources,
        "claims": _claims(row, details, keys),
        "flags": _flags(details, keys),
        "missing": _missing(row, details, instruments),
    }
    return {name: value for name, value in document.items() if value}


def cooperation_type(row: Mapping[str, str]) -> str:
    """``sister_province`` where a province is paired with a province, prefecture or state, else ``sister_city``."""
    alike = row["region_level"] == "province" and row["partner_type"] in _PROVINCE_LIKE
    return "sister_province" if alike else "sister_city"


def graded(address: str) -> tuple[str, str]:
    """Kind (vocabulary.SOURCE_KINDS) and grade of a page by its host: the longest known ending decides, else press."""
    host = urlsplit(address).hostname or ""
    known = [row for row in data.source_hosts() if host == row["host"] or host.endswith(f".{row['host']}")]
    best = max(known, key=lambda row: len(row["host"]), default=None)
    return (best["kind"], best["grade"]) if best else ("press", "C")


def publisher(address: str) -> str:
    """Who publishes a page: the name its host is known by, else the host as people say it."""
    host = urlsplit(address).hostname or ""
    known = [row for row in data.source_hosts() if row["name"] and f".{host}".endswith(f".{row['host']}")]
    best = max(known, key=lambda row: len(row["host"]), default=None)
    return best["name"] if best else _PREFIX.sub("", host)


def spoken(day: str, language: str) -> str:
    """A partial date in words: ``Mei 2017``, ``9 May 2017``."""
    return str(format_date(dates.earliest(day), _PATTERNS[dates.precision(day)], locale=language))


def _sources(row: Mapping[str, str], details: Mapping[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for place, address in enumerate((row[name] for name in _ADDRESSES if row[name]), start=1):
        kind, grade = graded(address)
        key, called = f"s{place}", publisher(address)
        source = {"key": key, "title": f"{called}: {_region(row)['id']} – {row['partner_name']}", "kind": kind}
        as_of = _as_of(details.get("as_of", {}).get(key, {}))
        found.append({**source, "grade": grade, "publisher": called, **as_of, "link": address})
    return found + list(details.get("sources", []))


def _as_of(told: Mapping[str, str]) -> dict[str, Any]:
    """The day a page speaks of, as it was typed: ``list`` by the list's remark, ``address`` by the page's address."""
    if "list" in told:
        return {"as_of": {"date": told["list"], "basis": "stated", "note": _BY_LIST}}
    if "address" in told:
        return {"as_of": {"date": told["address"], "basis": "inferred", "note": _BY_ADDRESS}}
    return {}


def _region(row: Mapping[str, str]) -> Words:
    region = places.regions()[row["region_code"]]
    if region.code == "31":
        return _JAKARTA
    return {"id": region.short_name if region.level == "province" else region.name, "en": region.name_en}


def _short(row: Mapping[str, str], details: Mapping[str, Any]) -> Words:
    short: Words = details.get("short", {"id": row["partner_name"], "en": row["partner_name"]})
    return short


def _form(row: Mapping[str, str], kind: str) -> Words:
    if kind == "sister_province":
        return _FORMS["province"]
    return _FORMS["kabupaten" if row["region_level"] == "kabupaten" else "kota"]


def _titles(row: Mapping[str, str], details: Mapping[str, Any], kind: str) -> Words:
    region, short, form = _region(row), _short(row, details), _form(row, kind)
    return {language: f"{region[language]} – {short[language]}: {form[language]}" for language in ("id", "en")}


def _local_party(row: Mapping[str, str]) -> dict[str, Any]:
    region = places.regions()[row["region_code"]]
    government = "Pemerintah Provinsi" if region.level == "province" else "Pemerintah"
    called = _region(row)["id"]
    return {
        "name": {"id": f"{government} {called}", "en": f"Government of {_article(region.name_en)}{region.name_en}"},
        "kind": "regional_government",
        "role": "signatory" if row["stage"] in _TEXTS else "unknown",
        "region": region.code,
    }


def _foreign_party(row: Mapping[str, str], details: Mapping[str, Any]) -> dict[str, Any]:
    short = _short(row, details)
    party: dict[str, Any] = {
        "name": short,
        "short": short,
        "kind": "foreign_local_government",
        "role": "signatory" if row["stage"] in _TEXTS else "unknown",
        "country": row["partner_country"],
        "place": details.get("place") or [part for part in (row["partner_subdivision"], row["partner_name"]) if part],
    }
    if "aliases" in details:
        party["aliases"] = details["aliases"]
    return party


def _term(row: Mapping[str, str], details: Mapping[str, Any]) -> dict[str, Any]:
    if row["stage"] != "sister" or not row["signed_date"]:
        return {}
    basis = details.get("start_basis", "stated")
    return {"start": {"date": row["signed_date"], "basis": basis, "sources": ["s1"], "note": _RELATION_DATE}}


def _instruments(row: Mapping[str, str], details: Mapping[str, Any], keys: list[str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if row["stage"] in _TEXTS:
        text = {"key": "i1", "kind": _TEXTS[row["stage"]][0], "signing": "reported", "disclosure": "metadata_only"}
        if row["signed_date"]:
            text["signed_on"] = row["signed_date"]
        if "title" in details:
            text["title"] = details["title"]
        found.append({**text, "sources": keys, "note": _AS_LISTED})
    return found + [{**text, "sources": keys} for text in details.get("instruments", [])]


def _milestones(instruments: list[dict[str, Any]], details: Mapping[str, Any]) -> list[dict[str, Any]]:
    steps: dict[str, dict[str, Any]] = {}
    for text in instruments:
        code = _TEXTS.get(text["kind"], ("", ""))[1]
        if code and code not in steps:
            step = {"code": code, "state": "done", "evidence": "reported", "document": text["key"]}
            step["sources"] = text["sources"]
            if "signed_on" in text:
                step["date"] = text["signed_on"]
            elif "step_as_of" in details:
                step["as_of"] = details["step_as_of"]
            steps[code] = step
    return sorted(steps.values(), key=lambda step: terms.MILESTONES.place(step["code"]))


def _claims(row: Mapping[str, str], details: Mapping[str, Any], keys: list[str]) -> list[dict[str, Any]]:
    """What the row says, never as a quotation: it holds names, words of its own and dates."""
    told = [("foreign_parties", f"{row['partner_name']}, {row['partner_country']}")]
    if row["stage"] == "sister":
        told.append(("type", cooperation_type(row)))
    elif not row["signed_date"]:
        told.append(("instruments", row["stage"]))
    if row["signed_date"]:
        told.append(("term.start" if row["stage"] == "sister" else "instruments.signed_on", row["signed_date"]))
    several = len([key for key in keys if key.startswith("s")]) > 1
    notes = [_FIRST_OF_SEVERAL] if several else []
    here = {"source": "s1", "locator": row["id"], **_noted(notes)}
    found = [{"field": field, "value": {"id": value}, **here} for field, value in told]
    if "note" in details:
        found[-1] = {**found[-1], **_noted([details["note"], *notes])}
    return found + [{"locator": row["id"], **claim} for claim in details.get("claims", [])]


def _noted(parts: Sequence[Words]) -> dict[str, Words]:
    """One note of several, or none."""
    if not parts:
        return {}
    return {"note": {language: " ".join(part[language] for part in parts) for language in ("id", "en")}}


def _flags(details: Mapping[str, Any], keys: list[str]) -> list[dict[str, Any]]:
    flags = [{"code": "unverified", "reason": _UNVERIFIED, "sources": keys}]
    if "disputed" in details:
        flags.insert(0, {"code": "disputed", "reason": details["disputed"], "sources": keys})
    return flags


def _missing(row: Mapping[str, str], details: Mapping[str, Any], texts: list[dict[str, Any]]) -> list[dict[str, str]]:
    found = [("sectors", "not_stated"), ("term.end", "not_stated")]
    if not _term(row, details):
        unsettled = any(claim["field"] == "term.start" for claim in details.get("claims", []))
        found.append(("term.start", "disputed" if unsettled else "not_stated"))
    if not texts:
        found.append(("instruments", "not_stated"))
    elif any("signed_on" not in text for text in texts):
        found.append(("instruments.signed_on", "not_stated"))
    return [{"field": field, "reason": reason} for field, reason in found]


def _summary(row: Mapping[str, str], details: Mapping[str, Any], kind: str) -> Words:
    country, form = places.countries()[row["partner_country"]], _form(row, kind)
    region, short, act = _region(row), _short(row, details), _SIGNED[row["stage"]]
    number = sum(bool(row[name]) for name in _ADDRESSES)
    day = row["signed_date"]
    on = {"id": "", "en": ""}
    if day and row["stage"] in _TEXTS:
        on = {"id": f" pada {spoken(day, 'id')}", "en": f" {_preposition(day)} {spoken(day, 'en')}"}
    parts = {
        "id": [
            f"Menurut {number if number > 1 else 'satu'} sumber, {region['id']} dan {short['id']}",
            f"({country.name_id}) {act['id']} {form['id']}{on['id']}.",
        ],
        "en": [
            f"According to {number} sources," if number > 1 else "According to one source,",
            f"{_article(region['en'])}{region['en']} and {short['en']} ({country.name_en})",
            f"{act['en']} {form['several']}{on['en']}.",
        ],
    }
    for language, words in parts.items():
        words += [_dated(row, details, language), details.get("note", {}).get(language, ""), _UNCONFIRMED[language]]
    return {language: " ".join(word for word in words if word) for language, words in parts.items()}


def _dated(row: Mapping[str, str], details: Mapping[str, Any], language: str) -> str:
    if not row["signed_date"]:
        return "" if details.get("date_told") else _UNDATED[language]
    if row["stage"] in _TEXTS:
        return ""
    return _DATED[language] % spoken(row["signed_date"], language)


def _article(name: str) -> str:
    return "the " if name.startswith("Special") else ""


def _preposition(day: str) -> str:
    return "on" if dates.precision(day) == "day" else "in"
