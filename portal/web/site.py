"""What does every page know of the site around it? Names, navigation, languages, addresses."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, request, url_for
from werkzeug.exceptions import NotFound

from portal import config, permissions, places
from portal.models import Account
from portal.terms import N_
from portal.translating import gettext as _
from portal.web import access, paging
from portal.web.assets import asset
from portal.web.language import current_language, in_language, path_of

# The main navigation: label, endpoint; the blueprint's name tells which item is current.
NAVIGATION = (
    (N_("Cooperation"), "catalogue.index"),
    (N_("Regions"), "regions.index"),
    (N_("Countries"), "countries.index"),
    (N_("Data"), "prose.data"),
    (N_("Method"), "prose.method"),
)
FOOTER = (
    (N_("Browse"), (NAVIGATION[0], NAVIGATION[1], NAVIGATION[2], (N_("Latest changes"), "changes.index"))),
    (N_("Data"), ((N_("Download CSV and JSON"), "prose.data"), (N_("Method and limits"), "prose.method"))),
    (
        N_("About"),
        (
            (N_("About the portal"), "prose.about"),
            (N_("Guide for agencies"), "prose.guide"),
            (N_("Moderation in numbers"), "public_ledger.index"),
            (N_("Correction or right of reply"), "prose.correction"),
            (N_("Accessibility"), "prose.accessibility"),
        ),
    ),
)

# The places of those who work here: label, path (the endpoint is found by it), the act that opens it.
DESK = (
    (N_("Workspace"), "/ruang-kerja", "propose"),
    (N_("Moderation"), "/moderasi", "see_queue"),
    (N_("Administration"), "/pengelola", "manage_users"),
)

# Pages whose query says what they list.
LISTS = frozenset({"catalogue.index"})


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the navigation."""

    label: str
    url: str
    current: bool


def public_url(path: str) -> str:
    """The full public address of a path of this site."""
    base = current_app.config["PUBLIC_URL"] or request.url_root
    return base.rstrip("/") + path


def authority() -> str:
    """The host name in the names of feeds and their entries (RFC 4151)."""
    return urlsplit(public_url("/")).hostname or "localhost"


class Site:
    """The site as templates see it; everything is worked out when asked for."""

    asset = staticmethod(asset)

    @staticmethod
    def url(endpoint: str, **values: Any) -> str:
        """The address of a page of ours."""
        return url_for(endpoint, **values) if values else path_of(endpoint)

    public_url = staticmethod(public_url)

    @property
    def name(self) -> str:
        return str(current_app.config["SITE_NAME"])

    @property
    def lang(self) -> str:
        return current_language()

    @property
    def demo(self) -> bool:
        return bool(current_app.config["DEMO"])

    @property
    def nav(self) -> list[Link]:
        here = request.endpoint or ""
        return [Link(_(label), path_of(endpoint), _is_current(here, endpoint)) for label, endpoint in NAVIGATION]

    @property
    def account(self) -> Account | None:
        """Who is signed in; None for visitors, without asking the database."""
        return access.account()

    @property
    def reach(self) -> str:
        """The regions that who is signed in works for; empty for all of them, and for visitors."""
        codes = self.account.regions.split() if self.account else []
        return ", ".join(places.regions()[code].name for code in codes)

    @property
    def desk(self) -> list[Link]:
        """The places of who is signed in."""
        actor = self.account.actor if self.account else None
        here = request.path.removeprefix(f"/{current_language()}")
        return [
            Link(_(label), beginning(path), here == path or here.startswith(f"{path}/"))
            for label, path, act in DESK
            if permissions.can(actor, act) and _endpoint(path)
        ]

    @property
    def footer(self) -> list[tuple[str, list[Link]]]:
        return [
            (_(title), [Link(_(label), path_of(endpoint), False) for label, endpoint in links])
            for title, links in FOOTER
        ]

    @property
    def languages(self) -> list[tuple[str, str, str]]:
        """Code, own name and address of this page for every other language."""
        return [(code, name, in_language(code)) for code, name in config.LOCALES.items() if code != current_language()]

    @property
    def alternates(self) -> list[tuple[str, str]]:
        """Code and full address of this page in every language."""
        return [(code, public_url(_own(code))) for code in config.LOCALES]

    @property
    def canonical(self) -> str:
        """The one address of this page; only a list is another page with another query."""
        return public_url(_own(current_language()))


@cache
def _endpoint(path: str) -> str:
    """The endpoint of a page by its Indonesian path; empty where there is no such page."""
    try:
        return str(current_app.url_map.bind("localhost").match(path, method="GET")[0])
    except NotFound:
        return ""


def beginning(path: str) -> str:
    """The address of a place of work in the present language, or of the own account where there is no such place."""
    return url_for(_endpoint(path) or "account.index")


def _own(language: str) -> str:
    """The path of this page in a language, with what of its query makes it another page."""
    if request.endpoint in LISTS:
        return in_language(language)
    return paging.told(in_language(language, query=False))


def _is_current(here: str, endpoint: str) -> bool:
    if endpoint.startswith("prose."):
        return here == endpoint
    groups = {"catalogue": {"catalogue", "cooperation"}}
    blueprint = endpoint.split(".")[0]
    return here.split(".")[0] in groups.get(blueprint, {blueprint})


def register(app: Flask) -> None:
    """Make ``site`` known to every template."""
    site = Site()

    @app.context_processor
    def _context() -> dict[str, Any]:
        return {"site": site}
