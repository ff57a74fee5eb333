"""What can be done about a record or region from its page? Proposing for everybody, more for staff who is signed in."""

from __future__ import annotations

from typing import Any

from flask import url_for

from portal import permissions
from portal.permissions import Thing
from portal.translating import gettext as _
from portal.web import access

Link = dict[str, Any]


def of_record(subject: str, region: str, here: str) -> list[Link]:
    """What is offered on a record's page; ``here`` is the page's own path."""
    return [
        *_proposing(_("Propose an update"), untuk=subject),
        _correction(here),
        *_for_staff(region, untuk=subject),
        *_acts(region, subject),
    ]


def of_region(code: str, here: str) -> list[Link]:
    """What is offered on a region's page."""
    return [
        *_proposing(_("Propose a cooperation"), daerah=code),
        _correction(here),
        *_for_staff(code, daerah=code),
    ]


def _proposing(text: str, **about: Any) -> list[Link]:
    return [{"text": text, "url": url_for("proposing.new", **about), "icon": "pen"}]


def _correction(here: str) -> Link:
    return {"text": _("Correction or right of reply"), "url": url_for("prose.correction", hal=here), "icon": "warn"}


def _for_staff(region: str, **about: Any) -> list[Link]:
    """The reply of a region, for those who may write it; nothing for a visitor without our cookie."""
    if not _may("reply", region):
        return []
    return [{"text": _("Reply of the region"), "url": url_for("proposals.reply", **about), "icon": "quote"}]


def _acts(region: str, subject: str) -> list[Link]:
    """What a moderator may ask for on a record; a coordinator may ask to withhold a text (model §4)."""
    if not _may("ask_withholding", region):
        return []
    text = _("Acts of a moderator") if _may("decide", region) else _("Withhold a text")
    return [{"text": text, "url": url_for("review_acts.show", subject=subject), "icon": "doc"}]


def _may(act: str, region: str) -> bool:
    account = access.account()
    return account is not None and permissions.can(account.actor, act, Thing(region))
