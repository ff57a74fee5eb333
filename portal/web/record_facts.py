"""Who are the parties, what was agreed, in which texts, and what is missing?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import url_for
from markupsafe import Markup

from portal import dates, indexing, places
from portal import vocabulary as words
from portal.publications import Published
from portal.record import FIELDS, Field
from portal.translating import gettext as _
from portal.validation import is_safe_url
from portal.web import formatting
from portal.web.record_reading import Reading, address
from portal.web.voice import lines, listed, word

PP_28_2018 = date(2018, 7, 13)
WIKIDATA = "https://www.wikidata.org/wiki/"


# -- parties --------------------------------------------------------------------------------------------------


def parties(reading: Reading) -> list[dict[str, Any]]:
    """Both sides: names as normalised and as printed, kind, role, place, links."""
    document = reading.document
    local = [_party(_("Indonesian side"), party, _home(party, reading), reading) for party in document["local_parties"]]
    foreign = [
        _party(_("Foreign side"), party, _abroad(party, reading), reading) for party in document["foreign_parties"]
    ]
    others = [places.regions()[code] for code in document.get("other_regions", []) if code in places.regions()]
    shared = [
        {
            "label": _("Other regions"),
            "lines": [
                {"text": region.called(reading.voice.language), "url": url_for("regions.show", slug=region.slug)}
                for region in others
            ],
        }
    ]
    return local + foreign + (shared if others else [])


def _party(label: str, party: Mapping[str, Any], place: list[dict[str, Any]], reading: Reading) -> dict[str, Any]:
    rows: list[dict[str, Any]] = [{"text": reading.voice.words(party["name"])}, *place]
    vocabulary = words.FOREIGN_KINDS if "country" in party else words.LOCAL_KINDS
    kind = word(vocabulary, party["kind"])
    role = party.get("role")
    rows.append({"text": f"{kind} · {word(words.PARTY_ROLES, role).lower()}" if role else kind})
    if party.get("printed"):
        rows.append({"text": _("As printed: “%(text)s”", text=party["printed"])})
    if party.get("aliases"):
        rows.append({"text": _("Also called: %(names)s", names=", ".join(party["aliases"]))})
    if is_safe_url(party.get("link", "")):
        rows.append({"text": _("Page of this party"), "url": party["link"]})
    if party.get("wikidata"):
        rows.append({"text": f"Wikidata {party['wikidata']}", "url": WIKIDATA + party["wikidata"]})
    return {"label": label, "lines": rows, "note": reading.voice.words(party.get("note"))}


def _home(party: Mapping[str, Any], reading: Reading) -> list[dict[str, Any]]:
    region = places.regions().get(party.get("region", reading.document["region"]))
    if region is None:
        return []
    return [
        {
            "text": _("%(region)s (code %(code)s)", region=region.called(reading.voice.language), code=region.code),
            "url": url_for("regions.show", slug=region.slug),
        }
    ]


def _abroad(party: Mapping[str, Any], reading: Reading) -> list[dict[str, Any]]:
    country = places.countries().get(party["country"])
    if country is None:
        return [{"text": party["country"]}]
    name = country.called(reading.voice.language)
    found: list[dict[str, Any]] = []
    if party.get("place"):
        found.append({"text": " › ".join(party["place"])})
    text = _("%(country)s (assumed)", country=name) if party.get("assumed") else name
    return [*found, {"text": text, "url": url_for("countries.show", slug=country.slug)}]


# -- content --------------------------------------------------------------------------------------------------


def content(reading: Reading) -> list[dict[str, Any]]:
    """What the cooperation is about and for how long; what is not known says why."""
    document = reading.document
    sectors = [word(words.SECTORS, code) for code in document.get("sectors", [])]
    return [
        {"label": _("Type"), "value": word(words.TYPES, document["type"])},
        {
            "label": _("Legal form"),
            "value": word(words.LEGAL_FORMS, document["legal_form"]),
            "note": _relabelled(reading),
        },
        {"label": _("Latest text"), **_latest_text(reading)},
        {"label": _("Sectors"), **_or_missing(reading, "sectors", _sentence_case(listed(sectors)))},
        *_term(reading),
    ]


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def _relabelled(reading: Reading) -> str:
    """Older texts were signed under other rules; their form is a label given afterwards (domain 5.1)."""
    start = str(indexing.card(reading.document)["start"] or reading.answers.as_of or "")
    older = bool(start) and dates.earliest(start) < PP_28_2018
    return _("classified according to PP 28/2018") if older and reading.document["legal_form"] != "unclassified" else ""


def reason_missing(reading: Reading, *paths: str) -> str:
    """Why a field is empty, in words; the plain words for a source's silence where no reason is given."""
    given = {gap["field"]: gap["reason"] for gap in reading.document.get("missing", [])}
    code = next((given[path] for path in paths if path in given), "")
    return word(words.MISSING_REASONS, code) if code else _("not recorded")


def _or_missing(reading: Reading, path: str, value: Any) -> dict[str, Any]:
    return {"value": value} if value else {"missing": reason_missing(reading, path)}


def _latest_text(reading: Reading) -> dict[str, Any]:
    texts = [text for text in reading.parts("instruments", "signed_on") if text.get("signed_on")]
    if not texts:
        return {"missing": reason_missing(reading, "instruments")}
    newest = max(texts, key=lambda text: dates.earliest(text["signed_on"]))
    return {
        "value": word(words.INSTRUMENT_KINDS, newest["kind"]),
        "note": reading.written(newest["signed_on"]),
        "sources": reading.marks(newest.get("sources")),
    }


def _term(reading: Reading) -> list[dict[str, Any]]:
    term = reading.document.get("term", {})
    rows = [
        _dated(_("Start"), "term.start", term.get("start"), reading),
        _dated(_("End"), "term.end", term.get("end"), reading),
    ]
    if all("missing" in row for row in rows) and rows[0]["missing"] == rows[1]["missing"]:
        rows = [{"label": _("Term"), "missing": rows[0]["missing"]}]
    if term.get("months") or _gap(reading, "term.months"):
        length = reading.voice.months(term["months"]) if term.get("months") else ""
        rows.append({"label": _("Length"), **_or_missing(reading, "term.months", length)})
    if term.get("automatic_renewal"):
        rows.append({"label": _("Automatic renewal"), "value": word(words.YES_NO, term["automatic_renewal"])})
    if reading.answers.renewed:
        rows.append({"label": _("Renewal"), "value": _("a renewal is recorded")})
    if term.get("notice_months"):
        rows.append(
            {"label": _("Notice to be given before the end"), "value": reading.voice.months(term["notice_months"])}
        )
    return rows


def _gap(reading: Reading, path: str) -> bool:
    return any(gap["field"] == path for gap in reading.document.get("missing", []))


def _dated(label: str, path: str, part: Mapping[str, Any] | None, reading: Reading) -> dict[str, Any]:
    if not part:
        return {"label": label, "missing": reason_missing(reading, path, "term")}
    basis = word(words.DATE_BASES, part["basis"])
    note = with_note(basis, part, reading)
    if not part.get("date"):
        return {"label": label, "missing": basis, "note": note if part.get("note") else ""}
    return {
        "label": label,
        "value": reading.written(part["date"], part.get("uncertain", False)),
        "note": note,
        "sources": reading.marks(part.get("sources")),
    }


def with_note(basis: str, part: Mapping[str, Any], reading: Reading) -> Any:
    """Where a date comes from, and its note; a note that begins with the same word stands alone."""
    if not part.get("note"):
        return basis
    told = reading.voice.words(part["note"])
    if reading.voice.plain(part["note"]).lower().startswith(basis.lower()):
        return told
    return Markup("{}. {}").format(_sentence_case(basis), told)


# -- texts ----------------------------------------------------------------------------------------------------


def texts(reading: Reading) -> list[dict[str, Any]]:
    """The texts on record, each with its own page, and how much of it may be shown."""
    return [
        {
            "name": name_of_text(text, reading),
            "url": url_for("cooperation.document", subject=reading.published.subject, key=text["key"]),
            "kind": word(words.INSTRUMENT_KINDS, text["kind"]) if text.get("title") else "",
            "date": {"value": text["signed_on"], "text": reading.written(text["signed_on"])}
            if text.get("signed_on")
            else None,
            "disclosure": word(words.DISCLOSURES, text["disclosure"]),
        }
        for text in reading.parts("instruments", "signed_on")
    ]


def name_of_text(text: Mapping[str, Any], reading: Reading) -> Any:
    """The title of a text, or what kind it is."""
    return reading.voice.words(text["title"]) if text.get("title") else word(words.INSTRUMENT_KINDS, text["kind"])


def text_rows(text: Mapping[str, Any], reading: Reading) -> list[dict[str, Any]]:
    """Everything known of one text, for its own page."""
    rows: list[dict[str, Any]] = [{"label": _("Kind of text"), "value": word(words.INSTRUMENT_KINDS, text["kind"])}]
    rows.append(
        {"label": _("Number"), **({"value": text["number"]} if text.get("number") else {"missing": _("not recorded")})}
    )
    signed = reading.written(text["signed_on"]) if text.get("signed_on") else ""
    proof = word(words.EVIDENCE_LEVELS, text["signing"])
    known = {"value": signed} if signed else {"missing": _("not recorded")}
    rows.append({"label": _("Signed on"), **known, "note": _("Proof of the signing: %(proof)s", proof=proof.lower())})
    if text.get("place"):
        rows.append({"label": _("Place of signing"), "value": text["place"]})
    if text.get("signatories"):
        offices = [_signatory(one, reading) for one in text["signatories"]]
        rows.append({"label": _("Signatories, by office"), "value": lines(*offices)})
    if text.get("effective_from"):
        rows.append({"label": _("Effective from"), "value": formatting.written(text["effective_from"])})
    if text.get("ends_on"):
        rows.append({**_dated(_("Ends on"), "", text["ends_on"], reading), "sources": []})
    if text.get("renews"):
        rows.append({"label": _("Renews"), "value": _renewed(text["renews"], reading)})
    rows.append({"label": _("Disclosure"), "value": word(words.DISCLOSURES, text["disclosure"]), **_withheld(text)})
    if text.get("note"):
        rows.append({"label": _("Note"), "value": reading.voice.words(text["note"])})
    return rows


def _signatory(one: Mapping[str, Any], reading: Reading) -> Any:
    office = reading.voice.words(one["office"])
    side = one.get("side")
    return Markup("{} ({})").format(office, word(words.SIDES, side).lower()) if side else office


def _renewed(key: str, reading: Reading) -> Any:
    earlier = next((text for text in reading.document.get("instruments", []) if text["key"] == key), None)
    return name_of_text(earlier, reading) if earlier else key


def _withheld(text: Mapping[str, Any]) -> dict[str, Any]:
    ground = text.get("withheld")
    if not ground:
        return {}
    day = formatting.written(ground["review_on"])
    return {"note": _("Legal ground: %(ground)s. To be reviewed on %(day)s.", ground=ground["ground"], day=day)}


# -- the rest -------------------------------------------------------------------------------------------------


def obstacles(reading: Reading) -> list[dict[str, Any]]:
    """What sources name as obstacles, always in their words."""
    from portal.web.record_course import quote_language

    return [
        {
            "label": word(words.OBSTACLES, one["code"]),
            "quote": one.get("quote", ""),
            "lang": quote_language(one.get("sources", []), reading),
            "note": reading.voice.words(one.get("note")),
            "sources": reading.marks(one.get("sources")),
        }
        for one in reading.document.get("obstacles", [])
    ]


def missing(reading: Reading) -> list[dict[str, Any]]:
    """Every value that is missing, with its reason."""
    return [
        {
            "label": label_of(gap["field"]),
            "missing": word(words.MISSING_REASONS, gap["reason"]),
            "note": reading.voice.words(gap.get("note")),
        }
        for gap in reading.document.get("missing", [])
    ]


def related(reading: Reading, found: Mapping[str, Published]) -> list[dict[str, Any]]:
    """Other records and how they hang together with this one."""
    return [
        {
            "label": word(words.RELATIONS, one["relation"]),
            "text": _called(found[one["id"]], reading),
            "url": address(found[one["id"]]),
            "note": reading.voice.words(one.get("note")),
        }
        for one in reading.document.get("related", [])
        if one["id"] in found
    ]


def _called(one: Published, reading: Reading) -> str:
    """Number and title of a record; of one that stands no longer that too."""
    name = f"{one.subject} {reading.voice.plain(one.document['title'])}"
    if not one.gone:
        return name
    state = _("merged") if one.merged_into else _("withdrawn")
    return f"{name} ({state})"


def label_of(path: str) -> str:
    """A field's path in words: ``term.start`` becomes ``Term: start``; a step's or key's name stands for itself."""
    labels: list[str] = []
    fields: tuple[Field, ...] = FIELDS
    for name in path.replace("[", ".").replace("]", "").split("."):
        field = next((one for one in fields if one.name == name), None)
        if field is not None:
            labels.append(str(_(field.label)))
            fields = field.fields
        elif name in words.MILESTONES:
            labels.append(word(words.MILESTONES, name))
        elif name in words.AXES:
            labels.append(word(words.AXES, name))
    if not labels:
        return path
    return ": ".join([labels[0], *(label[:1].lower() + label[1:] for label in labels[1:])])


def cited(text: Mapping[str, Any], reading: Reading) -> list[dict[str, Any]]:
    """The sources that tell of a text, with their archived copies."""
    return [
        {
            "label": word(words.SOURCE_KINDS, source["kind"]),
            "value": source["title"],
            "url": source["link"] if is_safe_url(source.get("link", "")) else "",
            "lines": [{"text": _("Archived copy"), "url": source["archive"]["link"]}]
            if is_safe_url(source.get("archive", {}).get("link", ""))
            else [],
        }
        for source in reading.document["sources"]
        if source["key"] in text.get("sources", [])
    ]
