"""How does a test fill in a form? As a browser without script would: every control of the page, some typed anew."""

from __future__ import annotations

from typing import Any

from tests.pages import soup


def controls(response: Any, form: str = "usulan-form") -> list[tuple[str, str]]:
    """Names and values of all controls of a form as a browser would send them, buttons and files left out."""
    page = soup(response).find(id=form)
    assert page is not None, "the page has no such form"
    found = []
    for one in page.find_all(["input", "select", "textarea"]):
        kind, name = one.get("type", "text"), one.get("name")
        if (
            not name
            or kind in {"submit", "file", "button"}
            or (kind in {"radio", "checkbox"} and not one.has_attr("checked"))
        ):
            continue
        if one.name == "select":
            chosen = one.find("option", selected=True) or one.find("option")
            found.append((name, chosen["value"]))
        elif one.name == "textarea":
            found.append((name, one.text.removeprefix("\n")))
        else:
            found.append((name, one.get("value", "on")))
    return found


def typed(response: Any, **values: Any) -> dict[str, Any]:
    """What is sent when some boxes are typed anew (``__`` in a name stands for ``-``, None leaves a box out)."""
    sent: dict[str, Any] = {}
    for name, value in controls(response):
        sent.setdefault(name, []).append(value)
    for name, value in values.items():
        sent[name.replace("__", "-")] = value
    return {name: value for name, value in sent.items() if value is not None}
