"""What does the page of the form show? Sections with their controls, what is recorded now, mistakes, what changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from wtforms import FieldList, FormField

from portal import desk, differences, digits, duplicates, indexing, places
from portal import vocabulary as words
from portal.record import DOCUMENTS, Field
from portal.terms import N_
from portal.web import formatting, rows
from portal.web.language import current_language
from portal.web.proposing import forms
from portal.web.proposing.asking import DECLARED, LISTS, asked, leaves
from portal.web.proposing.forms import name_of
from portal.web.proposing.opening import OF_A_RECORD, WORD_OF, Sheet
from portal.web.record_changes import name_of as item_name
from portal.web.record_changes import shown, shown_one
from portal.web.source_files import size
from portal.web.voice import Voice, voice, word

# The headings of the sections; what stands under one number of the page.
HEADINGS: Mapping[str, str] = {
    "status": N_("Status"),
    "term": N_("Time"),
    "content": N_("Content of the cooperation"),
    "foreign_parties": N_("Foreign partners"),
    "local_parties": N_("Local parties"),
    "instruments": N_("Texts"),
    "milestones": N_("Steps of the procedure"),
    "events": N_("Follow-up and events"),
    "none": N_("What the region states"),
    "withdraw": N_("Why it should be withdrawn"),
}
# The numbered parts of the page.
PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (N_("Status and time"), ("status", "term")),
    (HEADINGS["content"], ("foreign_parties", "local_parties", "content")),
    (N_("What happened"), ("instruments", "milestones", "events")),
    (HEADINGS["none"], ("none",)),
    (HEADINGS["withdraw"], ("withdraw",)),
)
ADD: Mapping[str, str] = {
    "foreign_parties": N_("Add a foreign partner"),
    "local_parties": N_("Add a local party"),
    "instruments": N_("Add a text"),
    "events": N_("Add a follow-up"),
    "bukti": N_("Add another place"),
}
NEW_ROW: Mapping[str, str] = {
    "foreign_parties": N_("New foreign partner"),
    "local_parties": N_("New local party"),
    "instruments": N_("New text"),
    "events": N_("New follow-up"),
}
NOTES: Mapping[str, str] = {
    "change": N_("status, term, fields or partners"),
    "follow_up": N_("visit, activity, training, grant paid out"),
    "still_running": N_("a confirmation is enough, nothing more to fill in"),
}
TITLES: Mapping[str, str] = {
    "new": N_("Report a new cooperation"),
    "none": N_("State that there is no cooperation"),
    "withdraw": N_("Ask for a record to be withdrawn"),
}
# What stands folded in the form: too long for a phone, or rarely needed.
FOLDED: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "content": (
        (N_("Fields of the cooperation"), ("sectors",)),
        (N_("More on the content: title, legal form"), ("title", "legal_form")),
    ),
    "term": (
        (
            N_("More on the term: length, renewal, notice"),
            ("term.months", "term.automatic_renewal", "term.notice_months"),
        ),
    ),
    "foreign_parties": (
        (
            N_("More on the partner: short name, place, page"),
            ("foreign_parties.short", "foreign_parties.place", "foreign_parties.link"),
        ),
    ),
}
LONGEST_NOW = 160  # more of what is recorded now stands in the box itself
_FIELDS: Mapping[str, Field] = {field.name: field for field in DOCUMENTS["cooperation"]}
_LEAVES = dict(leaves())


def title(sheet: Sheet) -> str:
    """The heading of the page."""
    said = TITLES.get(sheet.kind)
    return _(said) if said else _("Propose an update")


def names(sheet: Sheet) -> dict[str, str]:
    """Region and partners as they head the page; partners are empty where there are none yet."""
    region = places.regions()[sheet.region].called(current_language())
    if sheet.kind in {"new", "none"}:
        return {"region": region, "partners": ""}
    return {"region": region, "partners": rows.partners(indexing.card(sheet.base)["partners"])}


def kinds(sheet: Sheet) -> list[dict[str, Any]]:
    """What may be reported of a record, to choose from; nothing once the proposal was sent."""
    found: list[dict[str, Any]] = []
    if sheet.kind not in OF_A_RECORD or (sheet.proposal is not None and sheet.proposal.state != "draft"):
        return found
    for kind in sheet.kinds:
        label, note = desk.KINDS[kind].label, NOTES[kind]
        found.append({"value": WORD_OF[kind], "label": _(label), "note": _(note), "checked": kind == sheet.kind})
    return found


def parts(sheet: Sheet) -> list[dict[str, Any]]:
    """The numbered parts of the page with their sections, everything that stands now beside it."""
    said = voice() if sheet.number else None
    found = []
    for label, names_inside in PARTS if sheet.kind != "new" else (PARTS[1], PARTS[0], *PARTS[2:]):
        inside = [_section(name, sheet, said) for name in names_inside if name in forms.SECTIONS[sheet.kind]]
        if inside:
            found.append({"heading": _(label), "sections": inside})
    return found


def _section(section: str, sheet: Sheet, said: Voice | None) -> dict[str, Any]:
    form = sheet.form
    heading = HEADINGS[section]
    made: dict[str, Any] = {"name": section, "heading": _(heading), "fields": [], "rows": [], "add": ""}
    if section in LISTS:
        made["rows"] = [_row(section, place, entry.form, sheet, said) for place, entry in _entries(form[section])]
        add = ADD[section]
        made["add"] = _(add) if len(form[section].entries) < forms.MOST_ROWS else ""
    elif section == "milestones":
        made["steps"] = [_step(code, form[section].form[code].form, sheet, said) for code in words.MILESTONES]
    elif section == "status":
        made["fields"] = [form[name] for name in ("said_validity", "said_reason", "said_activity", "said_since")]
        _stands(made["fields"], sheet, said)
    elif section in {"none", "withdraw"}:
        made["fields"] = [form[name] for name in (("reason",) if section == "withdraw" else _NONE)]
    else:
        made["fields"] = [form[name_of(path)] for path in asked(section)]
        made["folded"] = _folds(section, form)
        if said:
            for path, field in zip(asked(section), made["fields"], strict=True):
                field.now = _now(path, sheet.base, said) if path != "term.end.basis" else None
    made["open"] = _calls(section, sheet)
    folded = [field for fold in made.get("folded", []) for field in fold["fields"]]
    made["fields"] = [field for field in made["fields"] if field not in folded]
    return made


def _folds(section: str, form: Any) -> list[dict[str, Any]]:
    """The fields that are rarely needed or long, under headings; open where something is filled in or wrong."""
    above = section if section in LISTS else ""
    found = []
    for label, paths in FOLDED.get(section, ()):
        fields = [form[name_of(path, above)] for path in paths if name_of(path, above) in form]
        filled = any(field.errors or field.data not in (None, [], field.default) for field in fields)
        if fields:
            found.append({"label": _(label), "fields": fields, "open": filled})
    return found


_NONE = ("text", "scope_from", "scope_to")


def _calls(section: str, sheet: Sheet) -> bool:
    """True for a folded section in which something is wrong."""
    return any(field.name.startswith(f"{section}-") for field in sheet.form.wrong())


def _entries(field: FieldList) -> Iterator[tuple[int, Any]]:
    for entry in field.entries:
        yield int(entry.name.rpartition("-")[2]), entry


def _row(section: str, place: int, form: Any, sheet: Sheet, said: Voice | None) -> dict[str, Any]:
    items = sheet.base.get(section, [])
    known = digits.whole(form["asal"].data or "", len(items) - 1)
    item = items[known] if known is not None else None
    fields = []
    for path in asked(section):
        if name_of(path, section) not in form:
            continue
        field = form[name_of(path, section)]
        if item is not None and said:
            field.now = _now(path.removeprefix(f"{section}."), item, said, path)
        fields.append(field)
    folds = _folds(section, form)
    fields = [field for field in fields if not any(field in fold["fields"] for fold in folds)]
    new = NEW_ROW[section]
    called = item_name(item, _FIELDS[section], said) if item is not None and said else _(new)
    wrong = any(field.errors for field in form)
    return {
        "id": f"{section}-{place}", "name": called, "mark": form["asal"], "fields": fields, "folded": folds,
        "new": item is None, "open": item is None or wrong,
    }  # fmt: skip


def _step(code: str, form: Any, sheet: Sheet, said: Voice | None) -> dict[str, Any]:
    item = next((one for one in sheet.base.get("milestones", []) if one["code"] == code), None)
    if said:
        for name in ("state", "date"):
            form[name].now = _now(name, item or {}, said, f"milestones.{name}")
    form["state"].empty = _("No record yet")
    form["state"].codes = tuple(one for one in form["state"].codes if one != "unknown")  # the empty one says the same
    return {"label": word(words.MILESTONES, code), "fields": [form["state"], form["date"]]}


def _now(path: str, holder: Mapping[str, Any], said: Voice, full: str = "") -> str:
    """What stands at a path now, in words; empty where nothing does."""
    value: Any = holder
    for step in path.split("."):
        value = value.get(step) if isinstance(value, Mapping) else None
    field = _LEAVES[full or path]
    text = str(shown(field, value, said)) if value is not None else ""
    return text if len(text) <= LONGEST_NOW else f"{text[:LONGEST_NOW].rpartition(' ')[0]}…"


def _stands(fields: list[Any], sheet: Sheet, said: Voice | None) -> None:
    """Beside each question of the state what was last said to it."""
    if not said:
        return
    for axis in DECLARED:
        told = [one for one in sheet.base.get("declarations", []) if one["axis"] == axis]
        last = max(told, key=lambda one: one["as_of"], default=None)
        field = next(field for field in fields if field.name == f"said_{axis}")
        field.now = ""
        if last:
            value = next(one for one in _FIELDS["declarations"].fields if one.name == "value")
            what, day = shown_one(value, last["value"], said), formatting.written(last["as_of"])
            field.now = _("%(what)s, as of %(day)s", what=what, day=day)


def errors(sheet: Sheet) -> list[dict[str, str]]:
    """Every mistake of the form with the place to mend it."""
    found = []
    for field in sheet.form.wrong():
        target = f"{field.id}-{field.wrong[0]}" if getattr(field, "wrong", None) else field.id
        found += [{"id": target, "text": f"{field.label.text}: {error}"} for error in field.errors]
    return found


def problem_id(path: str, sheet: Sheet) -> str:
    """Where in the form a problem of the document is mended."""
    name = path.replace(".", "_").removesuffix("_id").removesuffix("_en")
    if name in sheet.form and not isinstance(sheet.form[name], (FieldList, FormField)):
        return name
    top = path.partition("[")[0].partition(".")[0]
    return f"bagian-{top}" if top in forms.SECTIONS[sheet.kind] else ""


def tasks(sheet: Sheet, document: Mapping[str, Any]) -> list[dict[str, str]]:
    """What will change, field by field, what is wrong, and what stays."""
    found, same = [], []
    wrong = {_top(field.name) for field in sheet.form.wrong()}
    for name, heading in HEADINGS.items():
        if name not in forms.SECTIONS[sheet.kind]:
            continue
        label = _(heading)
        if name in wrong:
            found.append({"label": label, "state": _("Mend"), "tone": "stop", "href": f"#bagian-{name}"})
        elif _differs(name, sheet, document):
            found.append({"label": label, "state": _("Changed"), "tone": "way", "href": ""})
        else:
            same.append(label)
    if sheet.kind == "still_running":
        found.append({"label": _("Still running"), "state": _("Confirmed"), "tone": "way", "href": ""})
    found.append(_evidence_task(sheet))
    if same:
        found.append({"label": ", ".join(same), "state": _("Stays"), "tone": "", "href": ""})
    return found


def _evidence_task(sheet: Sheet) -> dict[str, str]:
    count = len(sheet.said().proofs)
    if count:
        return {"label": _("Evidence"), "state": ngettext("%(num)s piece", "%(num)s pieces", count), "tone": "way"}
    if sheet.kind == "still_running":
        return {"label": _("Evidence"), "state": _("may be left out"), "tone": ""}
    return {"label": _("Evidence"), "state": _("Lacking"), "tone": "stop", "href": "#bagian-bukti"}


def _top(name: str) -> str:
    """The section in which a field of the form stands."""
    for section in HEADINGS:
        named = {name_of(path) for path in asked(section)} if section not in LISTS else set()
        if name in named or name.startswith(f"{section}-"):
            return section
    if name.startswith("said_"):
        return "status"
    return {"reason": "withdraw"}.get(name, "none" if name.partition("-")[0] in _NONE else "")


def _differs(section: str, sheet: Sheet, document: Mapping[str, Any]) -> bool:
    """True where a section says something else than the document it started from."""
    tops = {"status": ("declarations",), "none": ("statements",), "term": ("term",), "withdraw": ()}
    if section == "withdraw":
        return bool(sheet.form["reason"].data)
    names = tops.get(section) or ((section,) if section != "content" else _CONTENT)
    changed = differences.changes
    old, new = ({name: one[name] for name in names if name in one} for one in (sheet.base, document))
    return bool(changed(old, new)) if section != "none" else old != new


_CONTENT = tuple(dict.fromkeys(path.partition(".")[0] for path in asked("content")))


def maybe_same(sheet: Sheet) -> list[dict[str, str]]:
    """Records that may be the cooperation that is about to be reported as new."""
    if sheet.kind != "new":
        return []
    parties = [row.data for row in sheet.form.rows("foreign_parties")]
    named = [text for party in parties for text in (party["name"] or {}).values()]
    countries = {party["country"] for party in parties if party["country"]}
    said = voice()
    return [
        {
            "id": one.subject,
            "text": said.plain(one.title),
            "url": url_for("cooperation.show", subject=one.subject, slug=one.slug),
            "update": url_for("proposing.new", untuk=one.subject),
        }
        for one in (duplicates.similar(sheet.region, countries, named) if named or countries else [])
    ]


def files(sheet: Sheet) -> list[dict[str, Any]]:
    """The files that are attached already, each with the box that asks what it contains."""
    return [
        {"id": str(one.id), "name": one.name, "about": _about(one), "title": _title_box(one, sheet)}
        for one in sheet.files
    ]


def _title_box(one: Any, sheet: Sheet) -> dict[str, Any]:
    field = sheet.form["judul"]
    return {
        "name": f"judul-{one.source}",
        "label": f"{one.name}: {field.label.text}",
        "hint": field.description,
        "value": field.of(one.source),
        "optional": True,
        "errors": field.errors if one.source in field.wrong else [],
    }


def _about(one: Any) -> str:
    pages = ngettext("%(num)s page", "%(num)s pages", one.pages) if one.pages else ""
    return " · ".join(text for text in (size(one.size), pages, f"SHA-256 {one.sha256[:12]}…") if text)
