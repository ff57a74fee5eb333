"""What proves a change? Evidence becomes sources, and everything that is new or changed names them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal import config, differences, digits, notifications
from portal.record import DOCUMENTS, Document, Field

FIRST_LINK = 101  # sources that are links are numbered from here, files from 1
_LONGEST_VALUE, _LONGEST_TITLE = 300, 400


@dataclass(frozen=True, slots=True)
class Proof:
    """One piece of evidence: where it can be seen, what it is called; a file has the key of its source already.

    A file's ``place`` is its name, which is not shown to the public.
    """

    place: str
    title: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What a proposal says besides its fields: who (``office``), about which region, when, with which evidence."""

    proposal: int
    office: str
    region: str
    today: str
    proofs: Sequence[Proof] = ()


def is_place(source: Mapping[str, Any]) -> bool:
    """True for a source that was named in the form: neither a file nor the statement that the form makes itself."""
    number = digits.whole(source["key"].rpartition("s")[2])
    made_here = source["title"] == _statement(source.get("publisher", ""))
    return number is not None and number >= FIRST_LINK and not made_here


def is_neutral(source: Mapping[str, Any]) -> bool:
    """True for the title that a file has of which nobody said what it contains."""
    return bool(source["title"].startswith(f"Berkas dari {source.get('publisher', '')}, "))


def proven(document: dict[str, Any], base: Document, said: Said, kind: str) -> dict[str, Any]:
    """The document with its evidence, and everything that changed naming it; as it was where nothing changed."""
    if document == base:
        return document
    sources = list(_sources(base, said))
    keys = [source["key"] for source in sources]
    if not keys:
        return document
    claims: list[dict[str, Any]] = []
    for field in DOCUMENTS[kind]:
        if field.name not in {"sources", "claims", "missing", "region", "id"}:
            claims += _name_sources(field, base.get(field.name), document.get(field.name), keys)
    known = {source["key"] for source in base.get("sources", [])}
    document.setdefault("sources", []).extend(source for source in sources if source["key"] not in known)
    if claims and kind == "cooperation":
        document["claims"] = [
            *base.get("claims", []), *(one for one in claims if one not in base.get("claims", []))
        ]  # fmt: skip
    return document


def _sources(base: Document, said: Said) -> Iterator[dict[str, Any]]:
    """One source for each piece of evidence; a statement of the office where there is none."""
    known = {source["key"]: source for source in base.get("sources", [])}
    number = FIRST_LINK
    for proof in said.proofs:
        source = _source(proof, said)
        if not proof.key:
            while _is_other(known.get(f"u{said.proposal}s{number}"), source):
                number += 1
            source["key"] = f"u{said.proposal}s{number}"
            number += 1
        yield source
    if not said.proofs:
        key = f"u{said.proposal}s{FIRST_LINK}"
        yield _by_office({"key": key, "title": _statement(said.office[:200]), "date": said.today}, said)


def _statement(office: str) -> str:
    """What the source is called that is nothing but the word of an office."""
    return f"Pernyataan {office}"


def _is_other(there: Mapping[str, Any] | None, source: Mapping[str, Any]) -> bool:
    """True where a key is taken by another source, published with an earlier part of the proposal."""
    return there is not None and (there.get("link"), there["title"]) != (source.get("link"), source["title"])


def _source(proof: Proof, said: Said) -> dict[str, Any]:
    if proof.key:
        return _by_office({"key": proof.key, "title": (proof.title or _file_of(said))[:_LONGEST_TITLE]}, said)
    link = _link(proof.place)
    title = (proof.title or proof.place)[:_LONGEST_TITLE]
    if link:
        return {"key": "", "title": title, "kind": "other_web", "grade": "D", "link": link}
    both = f"{proof.title}: {proof.place}"[:_LONGEST_TITLE] if proof.title else title
    return _by_office({"key": "", "title": both}, said)


def _file_of(said: Said) -> str:
    """What a file is called of which nobody said what it contains: its name ("scan001") tells nothing."""
    return f"Berkas dari {said.office[:200]}, {notifications.written_day(said.today, config.FIRST_LOCALE)}"


def _link(place: str) -> str:
    if place.lower().startswith("www."):
        return f"https://{place}"
    return place if place.lower().startswith(("http://", "https://")) else ""


def _by_office(source: dict[str, Any], said: Said) -> dict[str, Any]:
    """A source that is as yet no more than what the office says; moderators set its kind and grade."""
    return {**source, "kind": "agency_statement", "grade": "D", "publisher": said.office[:200]}


def _name_sources(field: Field, before: Any, after: Any, keys: list[str], path: str = "") -> Iterator[dict[str, Any]]:
    """Put the keys into everything of a field that is new or changed; yields claims for what holds no keys itself."""
    path = path or field.name
    if after is None or before == after:
        return
    if field.kind == "part" and field.many:
        yield from _name_in_items(field, before or [], after, keys, path)
    elif field.kind == "part" and any(inner.name == "sources" for inner in field.fields):
        after["sources"] = [*after.get("sources", []), *(key for key in keys if key not in after.get("sources", []))]
    elif field.kind == "part" and not any(inner.required for inner in field.fields):
        for inner in field.fields:
            here = f"{path}.{inner.name}"
            yield from _name_sources(inner, (before or {}).get(inner.name), after.get(inner.name), keys, here)
    else:
        yield from _claims(path, after, keys)


def _name_in_items(
    field: Field, before: list[Any], after: list[Any], keys: list[str], path: str
) -> Iterator[dict[str, Any]]:
    pairs, _, come = differences.matched(before, after, field.name)
    names = {inner.name for inner in field.fields}
    for item in [*(new for _, new in pairs), *come]:
        if "sources" in names:
            item["sources"] = [*item.get("sources", []), *(key for key in keys if key not in item.get("sources", []))]
        elif "source" in names:
            item["source"] = keys[0]
    if not names & {"source", "sources"}:
        for old, new in pairs:
            for inner in field.fields:
                if old.get(inner.name) != new.get(inner.name) and inner.name in new:
                    yield from _claims(f"{path}.{inner.name}", new[inner.name], keys)
        if come:
            yield from _claims(path, None, keys)


def _claims(path: str, value: Any, keys: list[str]) -> Iterator[dict[str, Any]]:
    """A claim of each source about a field, with the value it is read as where that is short enough."""
    said = value if isinstance(value, Mapping) else {"id": ", ".join(value) if isinstance(value, list) else str(value)}
    short = value is not None and all(0 < len(text) <= _LONGEST_VALUE for text in said.values())
    for key in keys:
        yield {"field": path, **({"value": dict(said)} if short else {}), "source": key}
