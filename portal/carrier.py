"""How is one letter handed to the mail server? Encrypted, to a server whose certificate holds, under our headers.

What goes wrong has three names: nobody can be spoken to (`Unreachable`), this letter is not taken (`Refused`), the
connection broke over it (`Lost`). What they tell holds no password.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from hashlib import sha256

from flask import current_app

from portal.extensions import utc_now

TIMEOUT = 10  # seconds the server may be silent
_PATH = re.compile(r"^/\S*$", re.MULTILINE)  # a path alone on its line; what people write is set in or follows words


class Unreachable(Exception):
    """The mail server cannot be spoken to, or refuses the portal itself."""


class Refused(Exception):
    """The server takes this letter not now (``for_good`` False) or never."""

    def __init__(self, problem: str, for_good: bool) -> None:
        super().__init__(problem)
        self.for_good = for_good


class Lost(Exception):
    """The connection broke over a letter."""


@dataclass(frozen=True, slots=True)
class Parcel:
    """A letter that one deliverer alone may send now."""

    id: int
    once: str
    recipient: str
    subject: str
    body: str
    created: str
    tries: int


def missing() -> list[str]:
    """The settings without which no letter goes out; without a public address its links would lead nowhere."""
    needed = ["MAIL_SERVER", "MAIL_FROM", *([] if current_app.config["DEMO"] else ["PUBLIC_URL"])]
    return [f"PORTAL_{name}" for name in needed if not current_app.config[name]]


def connected() -> smtplib.SMTP:
    """A connection that is encrypted and known to the server as the settings say; raises `Unreachable`."""
    settings = current_app.config
    host, port, tls = settings["MAIL_SERVER"], settings["MAIL_PORT"], settings["MAIL_TLS"]
    own = _domain()
    server: smtplib.SMTP | None = None
    try:
        if tls == "ssl":
            context = ssl.create_default_context()
            server = smtplib.SMTP_SSL(host, port, local_hostname=own, timeout=TIMEOUT, context=context)
        else:
            server = smtplib.SMTP(host, port, local_hostname=own, timeout=TIMEOUT)
        if tls == "starttls":
            server.starttls(context=ssl.create_default_context())
        if settings["MAIL_USERNAME"]:
            server.login(settings["MAIL_USERNAME"], settings["MAIL_PASSWORD"])
        server.ehlo_or_helo_if_needed()
    except smtplib.SMTPAuthenticationError as error:
        _hang_up(server)
        raise Unreachable(f"the mail server refused name or password ({error.smtp_code})") from None
    except (smtplib.SMTPException, OSError, ValueError) as error:
        _hang_up(server)
        raise Unreachable(f"the mail server cannot be used: {_told(error)}") from error
    return server


def send(server: smtplib.SMTP, letter: Parcel) -> None:
    """Hand one letter over; raises `Refused`, `Lost` or `Unreachable`."""
    try:
        message = _message(letter)
        server.send_message(message, parseaddr(current_app.config["MAIL_FROM"])[1], [letter.recipient])
    except smtplib.SMTPSenderRefused as error:
        raise Unreachable(f"the mail server refused the sender: {_answer(error.smtp_code, error.smtp_error)}") from None
    except smtplib.SMTPRecipientsRefused as error:
        code, text = error.recipients[letter.recipient]
        raise _refusal(code, text) from None
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code, error.smtp_error) from None
    except (smtplib.SMTPNotSupportedError, MessageError, ValueError) as error:
        raise Refused(f"cannot be written as a mail: {type(error).__name__}", for_good=True) from None
    except (smtplib.SMTPException, OSError) as error:
        raise Lost(f"the connection broke: {_told(error)}") from None


def _refusal(code: int, text: bytes | str) -> Exception:
    """What an answer of the server means for the letter; 421 closes the connection."""
    told = _answer(code, text)
    return Lost(told) if code == 421 else Refused(told, for_good=500 <= code < 600)


def _message(letter: Parcel) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = current_app.config["MAIL_FROM"]
    message["To"] = letter.recipient
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(utc_now())
    message["Message-ID"] = f"<{letter.id}.{sha256(letter.once.encode()).hexdigest()[:20]}@{_domain()}>"
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(_with_links(letter.body), cte="quoted-printable")
    return message


def _with_links(body: str) -> str:
    """A text whose links are whole, also where it was written before the public address was set."""
    return _PATH.sub(lambda path: f"{current_app.config['PUBLIC_URL']}{path[0]}", body)


def _domain() -> str:
    return parseaddr(current_app.config["MAIL_FROM"])[1].rpartition("@")[2] or "localhost"


def _answer(code: int, text: bytes | str) -> str:
    """An answer of the server in one short line."""
    words = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return f"{code} {''.join(c if c.isprintable() else ' ' for c in words)}"[:200]


def _told(error: Exception) -> str:
    return f"{type(error).__name__}: {''.join(c if c.isprintable() else ' ' for c in str(error))}"[:200]


def goodbye(server: smtplib.SMTP) -> None:
    """Close a connection as the protocol asks."""
    with suppress(smtplib.SMTPException, OSError):
        server.quit()


def _hang_up(server: smtplib.SMTP | None) -> None:
    """Close a connection without waiting for an answer that may never come."""
    if server is not None:
        server.close()
