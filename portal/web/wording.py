"""What do `_` and `ngettext` say in a template? The messages of this request's language, escaped where HTML is made.

They mean what the functions of Jinja's i18n extension mean (a message is a pattern even without slots; it is markup
where its template escapes, what fills its slots is escaped), in one call in place of five.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from babel.support import NullTranslations
from flask import Flask
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import Markup, escape

from portal import translating


def register(app: Flask) -> None:
    """Put them in the place of the extension's functions, and what all templates know into plain dictionaries.

    Jinja chains it before each template's own, and walks along the chain at every import of a macro.
    """
    known = app.jinja_env.globals
    known.update(_=gettext, gettext=gettext, ngettext=ngettext)
    app.jinja_env.make_globals = lambda d: {**known, **(d or {})}  # type: ignore[method-assign]


@pass_eval_context
def gettext(context: EvalContext, message: str, /, **values: Any) -> str:
    """A message in the current language."""
    if not values:
        return _whole(translating.messages(), message, context.autoescape)
    return _filled(translating.messages().gettext(message), context.autoescape, values)


@pass_eval_context
def ngettext(context: EvalContext, one: str, several: str, /, num: int, **values: Any) -> str:
    """A message about a number of things in the current language."""
    said = translating.messages().ngettext(one, several, num)
    return _filled(said, context.autoescape, {"num": translating.number(num), **values})


@lru_cache(maxsize=4096)
def _whole(messages: NullTranslations, message: str, escaping: bool) -> str:
    return _filled(messages.gettext(message), escaping, {})


def _filled(said: str, escaping: bool, values: Mapping[str, Any]) -> str:
    if not escaping:
        return said % values
    return Markup(said % {name: escape(value) for name, value in values.items()})  # noqa: S704  # our own catalogues
