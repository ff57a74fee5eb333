"""In which forms can a list leave the portal? `FORMATS`: one row each; page, links and routes loop over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from portal.exports import atom_feed, csv_table, json_list
from portal.exports.listed import LICENCE, LICENCE_NAME, Listed
from portal.terms import N_

__all__ = ["FORMATS", "LICENCE", "LICENCE_NAME", "Format", "Listed"]


@dataclass(frozen=True, slots=True)
class Format:
    """A form of the list. ``newest`` forms hold the latest changes only, the others every record that matches.

    ``documents``: whether the rows come with their documents.
    """

    name: str
    label: str
    mimetype: str
    extension: str
    write: Callable[[Listed], Iterator[bytes]]
    newest: bool = False
    documents: bool = True


FORMATS: Mapping[str, Format] = {
    one.name: one
    for one in (
        Format("csv", N_("CSV (table)"), "text/csv; charset=utf-8", "csv", csv_table.write, documents=False),
        Format("json", N_("JSON (whole documents)"), "application/json", "json", json_list.write),
        Format("atom", N_("Atom (feed of changes)"), "application/atom+xml", "atom", atom_feed.write, newest=True),
    )
}
