"""What does an administrator see first? Figures, what needs a hand, and the sections."""

from __future__ import annotations

from typing import Any

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import desk
from portal.accounts import directory
from portal.extensions import db
from portal.terms import N_
from portal.web.access import needs
from portal.web.language import Pages

pages = Pages("administration", __name__, public=False)

SECTIONS = (
    ("administration.index", N_("Overview")),
    ("administration.people", N_("People")),
    ("administration.agencies", N_("Agencies")),
    ("administration.invitations", N_("Invitations")),
    ("administration.sign_ins", N_("Sign-ins")),
    ("administration.acts", N_("Act log")),
)


def page(template: str, section: str, code: int = 200, **values: Any) -> ResponseReturnValue:
    """A page of a section, with the links to the others."""
    links = []
    for endpoint, label in SECTIONS:
        links.append({"label": _(label), "url": url_for(endpoint), "current": endpoint == section})
    return render_template(f"administration/{template}", sections=links, **values), code


@pages.page("/pengelola")
@needs("manage_users")
def index() -> ResponseReturnValue:
    """Figures, and what needs a hand."""
    strong = [code for code, role in desk.ROLES.items() if role.extra["second_factor"] == "1"]
    found = directory.overview(db.session(), strong)
    return page("index.html", "administration.index", found=found)
