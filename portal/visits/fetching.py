"""What does a web address answer? One question, to the very machine that was looked up and found to be public.

The name is looked up once, so that a second answer of its server cannot lead inside; redirects are told, not
followed; only the head of the answer is read. Nothing is sent but what to fetch, and who asks.
"""

from __future__ import annotations

import re
import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import SplitResult, quote, urldefrag, urljoin, urlsplit

from portal import __version__
from portal.safety import host_of, is_safe_url
from portal.visits import hosts

SECONDS = 10.0  # for the connection, and again for the answer
PAUSE = 1.0  # between two questions to one host
MOST_READ = 64 * 1024  # bytes
_MOST_INTERIM = 5  # answers that only announce the answer
_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(rb"HTTP/1\.[01] ([1-5][0-9]{2})(?= |\r?\n|$)")
_LOCATION = re.compile(rb"\nlocation:[ \t]*([^\r\n]*)", re.IGNORECASE)
_LED_ON = frozenset({301, 302, 303, 307, 308})
_SURE = frozenset({401, 429})  # answers to HEAD that GET would only repeat
_IN_PATHS = "/%:@!$&'()*+,;=~-._[]"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the outcome (`known.OUTCOMES`), the HTTP status, where it leads on to."""

    outcome: str
    code: int | None = None
    target: str = ""


def agent(site: str, address: str) -> str:
    """How the portal names itself to whom it asks: its name, version and public address."""
    name = re.sub(r"[^A-Za-z0-9.-]+", "-", site).strip("-") or "portal"
    return f"{name}/{__version__} (checks links; +{address})"


def looked_up(host: str, port: int) -> list[str]:
    """The numbers of a host, as this machine prefers them; names of the own network are not tried."""
    found = socket.getaddrinfo(f"{host}.", port, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def _dialled(number: str, port: int) -> socket.socket:
    return socket.create_connection((number, port), SECONDS)


@dataclass(frozen=True, slots=True)
class Ways:
    """How the network is reached."""

    look_up: Callable[[str, int], list[str]] = looked_up
    dial: Callable[[str, int], socket.socket] = _dialled
    trust: ssl.SSLContext = field(default_factory=ssl.create_default_context)
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    seconds: float = SECONDS


def ask(address: str, agent: str, ways: Ways, head_only: bool = False) -> Answer:
    """What an address answers; ``agent`` says who asks. The caller made sure that it may be asked (`hosts.why_not`).

    With ``head_only`` no page is fetched, for a GET may set something going; what HEAD is refused is then not certain.
    """
    parts, host = urlsplit(address), host_of(address)
    port = parts.port or hosts.PORTS[parts.scheme]
    try:
        numbers = [host] if _is_number(host) else ways.look_up(host, port)
    except socket.gaierror as problem:
        return Answer("no_answer" if problem.errno == socket.EAI_AGAIN else "no_name")
    if not all(hosts.is_public(number) for number in numbers):
        return Answer("not_asked")
    talk = partial(_asked, parts, host, agent, ways)
    try:
        with _connected(numbers, port, ways) as line:
            first = talk(line, "HEAD")
        if head_only:
            return Answer("refused", first.code) if first.outcome == "server_error" else first
        if first.outcome == "not_secure" or (first.code and (first.code < 400 or first.code in _SURE)):
            return first
        ways.sleep(PAUSE)
        with _connected(numbers, port, ways) as line:
            return talk(line, "GET")  # some know only this; and no page is called gone because of HEAD
    except OSError:
        return Answer("no_answer")


def _is_number(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdigit()


def _asked(parts: SplitResult, host: str, agent: str, ways: Ways, line: socket.socket, method: str) -> Answer:
    """What comes back on a connection."""
    question = _question(parts, host, agent, method)
    try:
        line.settimeout(ways.seconds)
        if parts.scheme == "http":
            return _judged(_head(line, question, ways), parts.geturl())
        with ways.trust.wrap_socket(line, server_hostname=host) as closed:
            return _judged(_head(closed, question, ways), parts.geturl())
    except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
        return Answer("no_answer")
    except ssl.SSLError:
        return Answer("not_secure")
    except OSError:
        return Answer("no_answer")


def _connected(numbers: list[str], port: int, ways: Ways) -> socket.socket:
    """A connection to the first number of either family that takes one."""
    firsts = {":" in number: number for number in reversed(numbers)}.values()
    *others, last = sorted(firsts, key=numbers.index)
    for number in others:
        with suppress(OSError):
            return ways.dial(number, port)
    return ways.dial(last, port)


def _head(line: socket.socket, question: bytes, ways: Ways) -> bytes:
    """The head of the answer to a question, as far as it comes in time; what only announces it is left out."""
    line.sendall(question)
    until, got, read, announced = ways.clock() + ways.seconds, b"", 0, 0
    while True:
        end, status = _END.search(got), _STATUS.match(got)
        if end and not (status and status[1].startswith(b"1")):
            return got[: end.start()]
        if end and announced < _MOST_INTERIM:
            got, announced = got[end.end() :], announced + 1
            continue
        if end or read >= MOST_READ:
            return got
        left = until - ways.clock()
        if left <= 0:
            raise TimeoutError
        line.settimeout(left)
        piece = line.recv(8192)
        if not piece:
            return got
        got, read = got + piece, read + len(piece)


def _question(parts: SplitResult, host: str, agent: str, method: str) -> bytes:
    target = quote(parts.path or "/", safe=_IN_PATHS)
    if parts.query:
        target += "?" + quote(parts.query, safe=_IN_PATHS + "?")
    name = f"[{host}]" if ":" in host else host
    if parts.port not in {None, hosts.PORTS[parts.scheme]}:
        name += f":{parts.port}"
    lines = [f"{method} {target} HTTP/1.1", f"Host: {name}", f"User-Agent: {agent}", "Accept: */*"]
    if method == "GET":
        lines.append("Range: bytes=0-1023")
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("ascii")


def _judged(head: bytes, address: str) -> Answer:
    """What the head of an answer means."""
    status = _STATUS.match(head)
    if status is None:
        return Answer("no_answer")
    code = int(status[1])
    if code < 200:
        return Answer("no_answer")
    if code in _LED_ON:
        target = _target(head, address)
        return Answer("moved" if target else "answers", code, target)
    if code in {404, 410}:
        return Answer("gone", code)
    if code < 400 or code == 416:  # 416: there is a page, but not this part of it
        return Answer("answers", code)
    return Answer("refused" if code < 500 else "server_error", code)


def _target(head: bytes, address: str) -> str:
    """Where an answer leads on to, empty where that is no address of the open web."""
    found = _LOCATION.search(head)
    if found is None:
        return ""
    try:
        target = urldefrag(urljoin(address, found[1].decode("latin-1").strip())).url
    except ValueError:
        return ""
    return target if is_safe_url(target) else ""
