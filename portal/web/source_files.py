"""Which file stands behind a source, and may it be taken away? Its name, kind, size and checksum."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from portal import evidence
from portal.extensions import db
from portal.models import Evidence
from portal.record import Document
from portal.translating import gettext as _
from portal.translating import ngettext
from portal.validation import is_safe_url
from portal.web import formatting
from portal.web.language import current_language

Address = Callable[[str], str]


def disclosed(subject: str, document: Document) -> Mapping[str, Evidence]:
    """The files of a record or region that everybody may have, by their SHA-256; one statement."""
    closed = evidence.withheld(document)
    found = evidence.disclosed(db.session(), subject)
    return {checksum: file for checksum, file in found.items() if checksum not in closed}


def archived(source: Document, files: Mapping[str, Evidence], address: Address) -> dict[str, Any] | None:
    """The file or archived copy of a source (`components/evidence.html`); only its checksum where nobody may have it,
    and the ground besides where it is withheld.

    ``address`` gives the address of a file by its checksum.
    """
    archive = source.get("archive", {})
    checksum = archive.get("sha256", "")
    if "withheld" in source:
        return {"withheld": _ground(source["withheld"]), "hash": checksum}
    file = files.get(checksum)
    if file is not None:
        label = _("Download the file: %(name)s", name=file.name)
        return {"url": address(checksum), "label": label, "about": _about(file), "hash": checksum}
    if is_safe_url(archive.get("link", "")):
        return {"url": archive["link"], "label": _("Archived copy"), "hash": checksum}
    if not checksum:
        return None
    return {"about": _("The portal keeps the file; it is not public."), "hash": checksum}


def _ground(mark: Document) -> str:
    day = formatting.written(mark["review_on"])
    return _("Legal ground: %(ground)s. To be reviewed on %(day)s.", ground=mark["ground"], day=day)


def _about(file: Evidence) -> str:
    kind = file.mimetype.rpartition("/")[2].upper()
    pages = ngettext("%(num)s page", "%(num)s pages", file.pages) if file.pages else ""
    return ", ".join(text for text in (kind, size(file.size), pages) if text)


def size(number: int) -> str:
    """A number of bytes as people read it: ``840 kB``, ``1.2 MB``."""
    if number < 1_000_000:
        return f"{formatting.number(max(1, round(number / 1000)))} kB"
    text = f"{number / 1_000_000:.1f}"
    return f"{text.replace('.', ',') if current_language() == 'id' else text} MB"
