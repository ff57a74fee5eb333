"""A web server for the tests: a real one, on a port of this machine, that says just what it is told to, also nonsense.

Names lead to it by a look-up of the tests' own, under numbers of the open internet; what is dialled is written down.
"""

from __future__ import annotations

import datetime
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from portal.visits.fetching import Ways

OPEN = "193.0.6.139"  # a number of the open internet; nothing is ever sent there
FINE = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
Said = bytes | Callable[[socket.socket], None]


def status(line: str, *headers: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {line}", *headers, "", ""]).encode()


class Website:
    """``says`` maps a path, or a method and a path, to the answer; ``heard`` are the questions as they came."""

    def __init__(self, certificate: tuple[str, str] | None = None) -> None:
        self.says: dict[str, Said] = {}
        self.heard: list[str] = []
        self.dialled: list[tuple[str, int]] = []
        self.pauses: list[float] = []
        self.names: dict[str, list[str] | OSError] = {}
        self.looked_up: list[str] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self._context: ssl.SSLContext | None = None
        if certificate:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(*certificate)
        Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()

    def ways(self, trust: ssl.SSLContext | None = None, clock: Callable[[], float] | None = None) -> Ways:
        """How the portal reaches this server instead of the internet."""
        return Ways(
            look_up=self._look_up, dial=self._dial, trust=trust or ssl.create_default_context(),
            sleep=self.pauses.append, clock=clock or (lambda: 0.0), seconds=0.3,
        )  # fmt: skip

    def _look_up(self, host: str, _port: int) -> list[str]:
        self.looked_up.append(host)
        found = self.names.get(host, [OPEN])
        if isinstance(found, OSError):
            raise found
        return found

    def _dial(self, number: str, port: int) -> socket.socket:
        self.dialled.append((number, port))
        return socket.create_connection(self._server.getsockname(), 5)

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._server.accept()
            except OSError:
                return
            Thread(target=self._answer, args=(line,), daemon=True).start()

    def _answer(self, line: socket.socket) -> None:
        with suppress(OSError), line:
            line.settimeout(5)
            if self._context is not None:
                line = self._context.wrap_socket(line, server_side=True)
            with line:
                asked = b""
                while b"\r\n\r\n" not in asked:
                    if not (piece := line.recv(4096)):
                        return
                    asked += piece
                question = asked.decode("ascii")
                self.heard.append(question)
                method, path = question.split(" ", 2)[:2]
                said = self.says.get(f"{method} {path}", self.says.get(path, FINE))
                said(line) if callable(said) else line.sendall(said)


@contextmanager
def website(certificate: tuple[str, str] | None = None) -> Iterator[Website]:
    """A server for the time of a test."""
    site = Website(certificate)
    try:
        yield site
    finally:
        site.close()


def certified(name: str, folder: Path) -> tuple[tuple[str, str], ssl.SSLContext]:
    """The files of a certificate (with its key) for a name, made in a folder, and what trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder().subject_name(who).issuer_name(who).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    text = made.public_bytes(serialization.Encoding.PEM)
    kind = serialization.PrivateFormat.PKCS8
    secret = key.private_bytes(serialization.Encoding.PEM, kind, serialization.NoEncryption())
    (folder / "cert.pem").write_bytes(text)
    (folder / "key.pem").write_bytes(secret)
    trust = ssl.create_default_context(cadata=text.decode())
    return (str(folder / "cert.pem"), str(folder / "key.pem")), trust
