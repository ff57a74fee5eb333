"""Which sentences do moderators write again and again? Texts for the note to the sender, in the sender's language."""

from __future__ import annotations

from collections.abc import Mapping

from portal import translating
from portal.terms import N_

TEXTS: Mapping[str, tuple[str, str]] = {
    "thanks": (N_("Thank you"), N_("Thank you. Your proposal is complete and is published.")),
    "evidence": (
        N_("Evidence is missing"),
        N_("Please attach evidence, or say where it can be seen: the text, a report, an official page."),
    ),
    "text": (
        N_("Send the signed text"),
        N_("Please send the signed text, or its first and last page. Without it we can only record what is said."),
    ),
    "date": (
        N_("The date is not clear"),
        N_("Please check the date. If only the month or the year is known, fill in only that."),
    ),
    "partner": (
        N_("Name the partner"),
        N_("Please write the full official name of the foreign partner and its country."),
    ),
    "what": (
        N_("Say what happened"),
        N_("Please write what was done, where, and when. One or two sentences are enough."),
    ),
    "double": (
        N_("Recorded already"),
        N_("This cooperation is recorded already. Please propose a change of that record instead."),
    ),
    "shorter": (N_("We shortened the text"), N_("We shortened the text so that it is easier to read.")),
    "names": (
        N_("Names of persons"),
        N_("Names, telephone numbers and addresses of persons are not published; we took them out."),
    ),
    "scope": (
        N_("Not within the scope"),
        N_("This is not a foreign cooperation of a regional government, so it does not belong in this register."),
    ),
}


def text(key: str, language: str) -> str:
    """A text in a language; empty for a key that is not known."""
    found = TEXTS.get(key)
    return translating.catalogue(language).gettext(found[1]) if found else ""


def with_text(note: str, key: str, language: str) -> str:
    """A note with a text added at its end, once."""
    added = text(key, language)
    return note if not added or added in note else f"{note.rstrip()}\n{added}".strip()
