"""In which language is this request answered? Indonesian without prefix, every other language under its code."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from flask import Blueprint, Flask, current_app, g, has_request_context, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.routing import BaseConverter

from portal import config, translating
from portal.web.moving import with_query

OTHERS = [code for code in config.LOCALES if code != config.FIRST_LOCALE]

View = Callable[..., Any]


class OtherLanguage(BaseConverter):
    """The code of a language that stands in the address."""

    regex = "|".join(OTHERS)


class Pages(Blueprint):
    """A blueprint whose pages exist in every language under one endpoint.

    ``public`` pages are for everybody; every view of the others carries `access.needs`.
    """

    def __init__(self, name: str, import_name: str, *, public: bool = True, **options: Any) -> None:
        super().__init__(name, import_name, **options)
        self.public = public

    def page(self, rule: str, **options: Any) -> Callable[[View], View]:
        """Route a view at ``rule`` and at ``/<language>`` before it; the language never reaches the view."""

        def register(view: View) -> View:
            prefixed = "/<other_language:language>" + ("" if rule == "/" else rule)
            endpoint = options.pop("endpoint", view.__name__)
            others = options.pop("defaults", {})
            self.add_url_rule(rule, endpoint, view, defaults={**others, "language": config.FIRST_LOCALE}, **options)
            self.add_url_rule(prefixed, endpoint, view, defaults=others, **options)
            return view

        return register


def register(app: Flask) -> None:
    """Take the language out of the address before the view, and put it into every address that is built."""
    app.url_map.converters["other_language"] = OtherLanguage
    app.url_value_preprocessor(_take)
    app.teardown_request(_fall_silent)
    app.add_url_rule("/<other_language:language>/", "language_home", _to_home)
    app.url_defaults(_put)


def _to_home() -> ResponseReturnValue:
    return redirect(with_query(url_for("home.index")), 301)


def _take(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    g.language = (values or {}).pop("language", None) or _from_path()
    translating.speak(g.language)


def _fall_silent(_problem: BaseException | None) -> None:
    translating.speak("")


def _put(endpoint: str, values: dict[str, Any]) -> None:
    if "language" not in values and current_app.url_map.is_endpoint_expecting(endpoint, "language"):
        values["language"] = current_language()


def _from_path() -> str:
    first = request.path.split("/", 2)[1]
    return first if first in OTHERS else config.FIRST_LOCALE


def current_language() -> str:
    """The code of the language of this request; the first language outside of one."""
    spoken = translating.spoken()
    if spoken:
        return spoken
    if not has_request_context():
        return config.FIRST_LOCALE
    if "language" not in g:
        g.language = _from_path()
    return str(g.language)


def path_of(endpoint: str, /, **values: str) -> str:
    """The address of a page in the language of this request, worked out once: for pages that every answer names."""
    return _path_of(request.root_path, current_language(), endpoint, **values)


@lru_cache(maxsize=2048)
def _path_of(_root: str, _language: str, endpoint: str, /, **values: Any) -> str:
    return url_for(endpoint, **values)


def in_language(code: str, query: bool = True) -> str:
    """The path of this very page in a language, with the query as it was typed or without."""
    if request.endpoint is None or request.url_rule is None:
        return url_for("home.index", language=code)
    path = _in_language(request.root_path, code, request.endpoint, **(request.view_args or {}))
    return with_query(path) if query else path


@lru_cache(maxsize=64)  # a page asks for itself several times
def _in_language(_root: str, code: str, endpoint: str, /, **values: Any) -> str:
    return url_for(endpoint, **{**values, "language": code})
