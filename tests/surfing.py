"""A visitor over real HTTP: gets a page, fills in its form as a browser without script would, sends it."""

from __future__ import annotations

import http.client
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urljoin

from bs4 import BeautifulSoup, Tag

WITHIN = 20  # seconds
NOT_SENT = {"submit", "button", "image", "reset", "file"}
Fields = list[tuple[str, str]]


@dataclass(slots=True)
class Page:
    """An answer: its status, where it leads, its text."""

    path: str
    status: int
    location: str
    text: str

    def form(self, action: str = "") -> tuple[str, Fields]:
        """Where the form leads whose address ends so, and its fields as they stand; of several the longest."""
        found = []
        for form in BeautifulSoup(self.text, "html.parser").find_all("form", method="post"):
            target = urljoin(self.path, str(form.get("action") or self.path))
            if target.split("?")[0].endswith(action):
                found.append((target, _fields(form)))
        if not found:
            raise LookupError(f"{self.path} ({self.status}) has no form for {action!r}")
        return max(found, key=lambda pair: len(pair[1]))


@dataclass(slots=True)
class Surfer:
    """Somebody with a browser: a host, a port and what is sent with each request."""

    port: int
    headers: Mapping[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Page:
        """Get a page; redirects are not followed."""
        return self._ask("GET", path)

    def send(self, target: str, fields: Fields, files: Sequence[tuple[str, str, bytes]] = ()) -> Page:
        """Send a form; ``files`` are name, file name and content."""
        if not files:
            body = urlencode(fields).encode()
            return self._ask("POST", target, body, "application/x-www-form-urlencoded")
        mark = secrets.token_hex(16)
        parts = [f'--{mark}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode() for n, v in fields]
        for name, filename, content in files:
            head = f'--{mark}\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
            parts.append(f"{head}Content-Type: application/pdf\r\n\r\n".encode() + content + b"\r\n")
        body = b"".join([*parts, f"--{mark}--\r\n".encode()])
        return self._ask("POST", target, body, f"multipart/form-data; boundary={mark}")

    def _ask(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> Page:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WITHIN)
        try:
            headers = {**self.headers, **({"Content-Type": kind} if kind else {})}
            connection.request(method, path, body=body, headers=headers)
            answer = connection.getresponse()
            text = answer.read().decode("utf-8", "replace")
            return Page(path, answer.status, answer.getheader("Location", ""), text)
        finally:
            connection.close()


def carried(client: Any, app: Any) -> dict[str, str]:
    """What a signed-in test client (`tests.people.signed_in`) sends along, for a real browser to send too."""
    name = app.config["SESSION_COOKIE_NAME"]
    cookie = client.get_cookie(name)
    assert cookie is not None
    return {"Cookie": f"{name}={cookie.value}", "X-CSRFToken": client.environ_base["HTTP_X_CSRFTOKEN"]}


def with_values(fields: Fields, **values: str) -> Fields:
    """Fields with other values; a name that is not among them is added. ``__`` in a name stands for a hyphen."""
    wanted = {name.replace("__", "-"): value for name, value in values.items()}
    kept = [(name, value) for name, value in fields if name not in wanted]
    return kept + list(wanted.items())


def _fields(form: Tag) -> Fields:
    found: Fields = []
    for element in form.find_all(["input", "textarea", "select"]):
        name = str(element.get("name") or "")
        if not name or element.has_attr("disabled"):
            continue
        if element.name == "textarea":
            found.append((name, element.get_text().removeprefix("\n")))
        elif element.name == "select":
            options = element.find_all("option")
            chosen = [one for one in options if one.has_attr("selected")] or options[:1]
            found += [(name, str(one.get("value", one.get_text()))) for one in chosen]
        elif element.get("type") in {"radio", "checkbox"}:
            if element.has_attr("checked"):
                found.append((name, str(element.get("value", "on"))))
        elif element.get("type") not in NOT_SENT:
            found.append((name, str(element.get("value", ""))))
    return found
