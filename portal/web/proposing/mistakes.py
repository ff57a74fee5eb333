"""What keeps a form from its preview, and where is it mended?"""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from portal import linking
from portal.validation import validate
from portal.web.proposing import showing
from portal.web.proposing.opening import Sheet

_UNNUMBERED = "KS-9999999"  # a new record gets its number when it is published


def found(sheet: Sheet, sound: bool) -> list[dict[str, str]]:
    """Everything that keeps a form from the preview, with the place to mend it."""
    if not sound:
        return [*showing.errors(sheet), *([] if _has_proof(sheet) else [_lacks_proof(sheet)])]
    if sheet.kind == "withdraw":
        return [] if _has_proof(sheet) else [_lacks_proof(sheet)]
    document = sheet.document()
    if document == sheet.base or (sheet.kind == "new" and not sheet.form.rows("foreign_parties")):
        return [nothing(sheet)]
    if not _has_proof(sheet):
        return [_lacks_proof(sheet)]
    if sheet.kind == "new":
        document = {**document, "id": _UNNUMBERED}
    problems = validate(document, sheet.document_kind, linking.known_codes())
    return [
        {"id": showing.problem_id(one.path, sheet), "text": _said(one.message, one.values)} for one in problems[:10]
    ]


def _said(message: str, values: Any) -> str:
    return _(message, **values)


def _has_proof(sheet: Sheet) -> bool:
    return sheet.kind == "still_running" or bool(sheet.said().proofs)


def _lacks_proof(sheet: Sheet) -> dict[str, str]:
    text = _("Attach evidence, or say where it can be seen")
    sheet.form["berkas"].errors = [*sheet.form["berkas"].errors, text]
    return {"id": "berkas", "text": text}


def nothing(sheet: Sheet) -> dict[str, str]:
    """That nothing was said or changed, with the place to do so."""
    if sheet.kind == "new":
        return {"id": "foreign_parties-0-name", "text": _("Fill in the name of the foreign partner.")}
    if sheet.kind == "follow_up":
        return {"id": "bagian-events", "text": _("Fill in what happened, and when.")}
    return {
        "id": "bagian-jenis",
        "text": _("Nothing has changed yet. If the data are still right, choose “Still running”."),
    }
