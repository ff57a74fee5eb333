"""What is a cooperation made of? One table of fields, and the one byte string of a document.

A document is plain JSON: dicts, lists, strings, integers and booleans, never a float or null. What is unknown is
absent, and its reason stands in ``missing`` (domain 7.2). Sources stand inside the document under keys (``s1``), so
that every revision can be read and cited alone. Dates are partial dates (`portal.dates`). Validation, the JSON Schema,
the pages, differences and exports all loop over `FIELDS`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal import vocabulary as words
from portal.terms import N_, Vocabulary

Document = Mapping[str, Any]

RECORD_ID = r"^KS-(?!0+$)([0-9]{4}|[1-9][0-9]{4,6})$"
REGION_CODE = r"^[0-9]{2}(\.[0-9]{2})?$"
COUNTRY_CODE = r"^[A-Z]{2}$"
KEY = r"^[a-z][a-z0-9]{0,15}$"
WIKIDATA = r"^Q[1-9][0-9]*$"
SHA256 = r"^[0-9a-f]{64}$"
PAPER = r"^[0-9]{3}$"
FIELD_PATH = r"^[a-z][a-z_]*(\.[a-z][a-z_]*){0,3}$"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its kind tells how it is checked, shown, compared and described; ``pattern`` narrows a text."""

    name: str
    kind: str  # text words code date integer flag url region country record key part
    label: str
    required: bool = False
    many: bool = False
    vocabulary: Vocabulary | None = None
    fields: tuple[Field, ...] = ()
    longest: int = 2000
    pattern: str = ""


_NOTE = Field("note", "words", N_("Note"), longest=1200)
_SOURCES = Field("sources", "key", N_("Sources"), many=True)
_LINK = Field("link", "url", N_("Link"))

_DATED = (
    Field("date", "date", N_("Date")),
    Field("basis", "code", N_("Basis of the date"), required=True, vocabulary=words.DATE_BASES),
    Field("uncertain", "flag", N_("Uncertain")),
    _SOURCES,
    _NOTE,
)

_LOCAL_PARTY = (
    Field("name", "words", N_("Name"), required=True, longest=300),
    Field("printed", "text", N_("As printed in the source"), longest=600),
    Field("kind", "code", N_("Kind of local party"), required=True, vocabulary=words.LOCAL_KINDS),
    Field("role", "code", N_("Role"), vocabulary=words.PARTY_ROLES),
    Field("region", "region", N_("Region")),
    _LINK,
    _NOTE,
)

_FOREIGN_PARTY = (
    Field("name", "words", N_("Name"), required=True, longest=300),
    Field("short", "words", N_("Short name"), required=True, longest=120),
    Field("printed", "text", N_("As printed in the source"), longest=600),
    Field("kind", "code", N_("Kind of partner"), required=True, vocabulary=words.FOREIGN_KINDS),
    Field("role", "code", N_("Role"), vocabulary=words.PARTY_ROLES),
    Field("country", "country", N_("Partner country"), required=True),
    Field("assumed", "flag", N_("Country assumed")),
    Field("place", "text", N_("Place, from the largest unit down"), many=True, longest=120),
    Field("aliases", "text", N_("Other names"), many=True, longest=120),
    _LINK,
    Field("wikidata", "text", N_("Wikidata item"), longest=16, pattern=WIKIDATA),
    _NOTE,
)

_TERM = (
    Field("start", "part", N_("Start"), fields=_DATED),
    Field("end", "part", N_("End"), fields=_DATED),
    Field("months", "integer", N_("Length in months")),
    Field("automatic_renewal", "code", N_("Automatic renewal"), vocabulary=words.YES_NO),
    Field("notice_months", "integer", N_("Notice in months")),
)

_WITHHELD = (
    Field("ground", "text", N_("Legal ground"), required=True, longest=300),
    Field("review_on", "date", N_("Review on"), required=True),
)

_SIGNATORY = (
    Field("office", "words", N_("Office"), required=True, longest=200),
    Field("side", "code", N_("Side"), vocabulary=words.SIDES),
)

_INSTRUMENT = (
    Field("key", "key", N_("Key"), required=True),
    Field("kind", "code", N_("Kind of text"), required=True, vocabulary=words.INSTRUMENT_KINDS),
    Field("number", "text", N_("Number"), longest=200),
    Field("title", "words", N_("Title"), longest=300),
    Field("signed_on", "date", N_("Signed on")),
    Field("signing", "code", N_("Proof of the signing"), required=True, vocabulary=words.EVIDENCE_LEVELS),
    Field("place", "text", N_("Place of signing"), longest=200),
    Field("signatories", "part", N_("Signatories, by office"), many=True, fields=_SIGNATORY),
    Field("effective_from", "date", N_("Effective from")),
    Field("ends_on", "part", N_("Ends on"), fields=_DATED),
    Field("renews", "key", N_("Renews")),
    Field("disclosure", "code", N_("Disclosure"), required=True, vocabulary=words.DISCLOSURES),
    Field("withheld", "part", N_("Withheld"), fields=_WITHHELD),
    Field("file", "text", N_("File"), longest=200),
    _LINK,
    _SOURCES,
    _NOTE,
)

_MILESTONE = (
    Field("code", "code", N_("Step"), required=True, vocabulary=words.MILESTONES),
    Field("state", "code", N_("State"), required=True, vocabulary=words.MILESTONE_STATES),
    Field("evidence", "code", N_("Evidence"), required=True, vocabulary=words.EVIDENCE_LEVELS),
    Field("date", "date", N_("Date")),
    Field("uncertain", "flag", N_("Uncertain")),
    Field("as_of", "date", N_("As of")),
    Field("document", "key", N_("Document")),
    _SOURCES,
    _NOTE,
)

_EVENT = (
    Field("class", "code", N_("Class of the event"), required=True, vocabulary=words.EVENT_CLASSES),
    Field("kind", "code", N_("Kind of the event"), required=True, vocabulary=words.EVENT_KINDS),
    Field("date", "date", N_("Date")),
    Field("title", "words", N_("Title"), required=True, longest=300),
    Field("text", "words", N_("What happened"), longest=1200),
    Field("quote", "text", N_("Quote"), longest=1200),
    _SOURCES,
    _NOTE,
)

_DECLARATION = (
    Field("axis", "code", N_("Question"), required=True, vocabulary=words.AXES),
    Field("value", "text", N_("Answer"), required=True, longest=40),
    Field("reason", "code", N_("Reason of the end"), vocabulary=words.END_REASONS),
    Field("since", "date", N_("Since")),
    Field("as_of", "date", N_("As of"), required=True),
    Field("by", "code", N_("Said by"), required=True, vocabulary=words.SPEAKERS),
    Field("quote", "text", N_("Quote"), longest=1200),
    _SOURCES,
    _NOTE,
)

_OBSTACLE = (
    Field("code", "code", N_("Obstacle"), required=True, vocabulary=words.OBSTACLES),
    Field("quote", "text", N_("Quote"), longest=1200),
    Field("locator", "text", N_("Place in the source"), longest=120),
    _SOURCES,
    _NOTE,
)

_ARCHIVE = (
    Field("link", "url", N_("Archived copy")),
    Field("sha256", "text", N_("Checksum (SHA-256)"), longest=64, pattern=SHA256),
)

_SOURCE = (
    Field("key", "key", N_("Key"), required=True),
    Field("title", "text", N_("Title"), required=True, longest=400),
    Field("kind", "code", N_("Kind of source"), required=True, vocabulary=words.SOURCE_KINDS),
    Field("grade", "code", N_("Grade"), required=True, vocabulary=words.GRADES),
    Field("publisher", "text", N_("Publisher"), longest=200),
    Field("date", "date", N_("Published")),
    Field("as_of", "part", N_("As of"), fields=_DATED),
    _LINK,
    Field("paper", "text", N_("Paper file"), longest=3, pattern=PAPER),
    Field("archive", "part", N_("Archive"), fields=_ARCHIVE),
    Field("withheld", "part", N_("File withheld"), fields=_WITHHELD),
    Field("further", "flag", N_("Later corroboration, outside the first source")),
    _NOTE,
)

# What a source says about one field. Only a quotation is ``printed``; a name or date taken over has a ``value`` alone.
# A value without English is the same in every language: codes, dates and proper names, with ", " between them.
_CLAIM = (
    Field("field", "text", N_("Field"), required=True, longest=80, pattern=FIELD_PATH),
    Field("printed", "text", N_("As printed in the source"), longest=2000),
    Field("value", "words", N_("Read as"), longest=300),
    Field("source", "key", N_("Source"), required=True),
    Field("locator", "text", N_("Place in the source"), longest=120),
    _NOTE,
)

_FLAG = (
    Field("code", "code", N_("Mark"), required=True, vocabulary=words.FLAGS),
    Field("reason", "words", N_("Reason"), required=True, longest=600),
    _SOURCES,
)

_MISSING = (
    Field("field", "text", N_("Field"), required=True, longest=80, pattern=FIELD_PATH),
    Field("reason", "code", N_("Reason"), required=True, vocabulary=words.MISSING_REASONS),
    _NOTE,
)

_RELATED = (
    Field("id", "record", N_("Record"), required=True),
    Field("relation", "code", N_("Relation"), required=True, vocabulary=words.RELATIONS),
    _NOTE,
)

# What the region itself says beside the record (domain 9.3), word for word, signed by its office.
_REPLY = (
    Field("text", "words", N_("Reply"), required=True, longest=1500),
    Field("office", "text", N_("Office"), required=True, longest=300),
    Field("date", "date", N_("Date"), required=True),
)
_REPLIES = Field("replies", "part", N_("Replies of the region"), many=True, fields=_REPLY)

FIELDS: tuple[Field, ...] = (
    Field("id", "record", N_("Number"), required=True),
    Field("title", "words", N_("Title"), required=True, longest=300),
    Field("region", "region", N_("Region"), required=True),
    Field("other_regions", "region", N_("Other regions"), many=True),
    Field("local_parties", "part", N_("Local parties"), many=True, required=True, fields=_LOCAL_PARTY),
    Field("foreign_parties", "part", N_("Foreign parties"), many=True, required=True, fields=_FOREIGN_PARTY),
    Field("legal_form", "code", N_("Legal form"), required=True, vocabulary=words.LEGAL_FORMS),
    Field("type", "code", N_("Type"), required=True, vocabulary=words.TYPES),
    Field("sectors", "code", N_("Sectors"), many=True, vocabulary=words.SECTORS),
    Field("summary", "words", N_("Summary"), longest=1500),
    Field("term", "part", N_("Term"), fields=_TERM),
    Field("instruments", "part", N_("Texts"), many=True, fields=_INSTRUMENT),
    Field("milestones", "part", N_("Procedure"), many=True, fields=_MILESTONE),
    Field("events", "part", N_("Events"), many=True, fields=_EVENT),
    Field("declarations", "part", N_("Statements about the state"), many=True, fields=_DECLARATION),
    Field("obstacles", "part", N_("Obstacles"), many=True, fields=_OBSTACLE),
    Field("sources", "part", N_("Sources"), many=True, required=True, fields=_SOURCE),
    Field("claims", "part", N_("Words of the sources"), many=True, fields=_CLAIM),
    Field("flags", "part", N_("Marks"), many=True, fields=_FLAG),
    Field("missing", "part", N_("Missing values"), many=True, fields=_MISSING),
    Field("related", "part", N_("Related records"), many=True, fields=_RELATED),
    _REPLIES,
)

_STATEMENT = (
    Field("kind", "code", N_("Kind of statement"), required=True, vocabulary=words.STATEMENT_KINDS),
    Field("text", "words", N_("In short"), required=True, longest=600),
    Field("quote", "text", N_("Quote"), longest=1200),
    Field("scope_from", "date", N_("Period from")),
    Field("scope_to", "date", N_("Period to")),
    Field("as_of", "date", N_("As of"), required=True),
    Field("source", "key", N_("Source"), required=True),
    Field("locator", "text", N_("Place in the source"), longest=120),
    _NOTE,
)

REGION_FIELDS: tuple[Field, ...] = (
    Field("region", "region", N_("Region"), required=True),
    Field("office", "words", N_("Office in charge of cooperation"), longest=300),
    Field("statements", "part", N_("Statements about the region"), many=True, fields=_STATEMENT),
    Field("obstacles", "part", N_("Obstacles"), many=True, fields=_OBSTACLE),
    Field("sources", "part", N_("Sources"), many=True, required=True, fields=_SOURCE),
    _REPLIES,
)

DOCUMENTS: Mapping[str, tuple[Field, ...]] = {"cooperation": FIELDS, "region": REGION_FIELDS}


def canonical(document: Document | None) -> bytes:
    """The one byte string of a document: sorted keys, no blanks, UTF-8 (RFC 8785 for our subset: no floats).

    Where there is no document (a tombstone) it is ``null``.
    """
    return json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def digest(document: Document) -> str:
    """SHA-256 of the canonical bytes, in hex."""
    return hashlib.sha256(canonical(document)).hexdigest()
