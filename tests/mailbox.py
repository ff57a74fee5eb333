"""A mail server for the tests: a real one, on a port of this machine, that can be told to misbehave.

``mailbox.letters`` is what arrived, ``mailbox.refuses`` maps an address to the answer its letters get, and
``mailbox.silent_for`` makes it say nothing for so many seconds where it should take a letter.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword


@dataclass(frozen=True, slots=True)
class Arrived:
    """A letter as it came over the wire."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        return str(self.message.get_content())


class Mailbox:
    """What the server has taken, and how it treats whom."""

    def __init__(self) -> None:
        self.letters: list[Arrived] = []
        self.refuses: dict[str, str] = {}
        self.silent_for = 0.0
        self.logins: list[tuple[str, str]] = []
        self.port = 0

    async def handle_RCPT(
        self, _server: SMTP, _session: Any, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        refusal = self.refuses.get(address, "")
        if refusal and not refusal.startswith("data "):
            return refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Any, envelope: Envelope) -> str:
        if self.silent_for:
            await asyncio.sleep(self.silent_for)
        for address in envelope.rcpt_tos:
            refusal = self.refuses.get(address, "")
            if refusal == "data hang up":
                assert server.transport is not None
                server.transport.abort()
            if refusal:
                return refusal.removeprefix("data ")
        content = envelope.content
        assert isinstance(content, bytes)
        message = message_from_bytes(content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.letters.append(Arrived(str(envelope.mail_from), tuple(envelope.rcpt_tos), message))
        return "250 taken"

    def authenticate(self, _server: SMTP, _session: Any, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        pair = (data.login.decode(), data.password.decode())
        self.logins.append(pair)
        return AuthResult(success=pair == ("portal", "rahasia"), handled=False)

    def of(self, address: str) -> list[Arrived]:
        """What arrived for one person."""
        return [letter for letter in self.letters if letter.recipients == (address,)]

    @property
    def settings(self) -> dict[str, Any]:
        """How the portal finds it."""
        return {
            "MAIL_SERVER": "localhost", "MAIL_PORT": self.port, "MAIL_TLS": "none", "MAIL_USERNAME": "",
            "MAIL_PASSWORD": "", "MAIL_FROM": "Tautan Daerah <portal@tautan.example>", "PUBLIC_URL": "https://tautan.example",
        }  # fmt: skip


@contextmanager
def opened(mailbox: Mailbox | None = None, certificate: ssl.SSLContext | None = None, **more: Any) -> Iterator[Mailbox]:
    """A mail server while the block lasts; with a certificate it takes STARTTLS and asks for a password."""
    box = mailbox or Mailbox()
    box.port = box.port or free_port()
    if certificate is not None:
        more |= {"tls_context": certificate, "authenticator": box.authenticate, "auth_required": True}
    controller = Controller(box, hostname="localhost", port=box.port, **more)
    controller.start()
    try:
        yield box
    finally:
        controller.stop(no_assert=True)


def free_port() -> int:
    """A port nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return int(probe.getsockname()[1])
