"""What does an address answer, and whom may the portal ask at all? Against a real server that misbehaves."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from portal import config
from portal.visits import fetching, hosts
from portal.visits.fetching import Answer
from tests.websites import OPEN, Website, certified, status, website

HOST = "arsip.klatenkab.go.id"
AGENT = fetching.agent("Tautan Daerah", "https://tautan.example")


@pytest.fixture
def site() -> Iterator[Website]:
    with website() as opened:
        yield opened


def asked(site: Website, path: str = "/a", scheme: str = "http", **more: object) -> Answer:
    return fetching.ask(f"{scheme}://{HOST}{path}", AGENT, site.ways(**more))  # type: ignore[arg-type]


# -- answers --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "outcome", "code"),
    [
        (status("200 OK"), "answers", 200),
        (status("206 Partial Content"), "answers", 206),
        (status("416 Range Not Satisfiable"), "answers", 416),
        (status("304 Not Modified"), "answers", 304),
        (status("302 Found"), "answers", 302),
        (status("404 Not Found"), "gone", 404),
        (status("410 Gone"), "gone", 410),
        (status("401 Unauthorized"), "refused", 401),
        (status("403 Forbidden"), "refused", 403),
        (status("429 Too Many Requests"), "refused", 429),
        (status("418 I'm a teapot"), "refused", 418),
        (status("500 Internal Server Error"), "server_error", 500),
        (status("503 Service Unavailable"), "server_error", 503),
        (b"HTTP/1.0 200\r\n\r\n", "answers", 200),
        (b"HTTP/1.1 200 OK\nServer: old\n\n", "answers", 200),
        (status("103 Early Hints", "Link: </a.css>") + status("404 Not Found"), "gone", 404),
        (status("200 OK", "X: " + "a" * 200_000), "answers", 200),
        (b"", "no_answer", None),
        (b"\x00\xff" * 100, "no_answer", None),
        (b"<html>200 OK</html>\r\n\r\n", "no_answer", None),
        (b"HTTP/1.1 2000 OK\r\n\r\n", "no_answer", None),
        (b"HTTP/9.9 200 OK\r\n\r\n", "no_answer", None),
    ],
)
def test_what_an_answer_means(site: Website, said: bytes, outcome: str, code: int | None) -> None:
    site.says["/a"] = said
    assert asked(site) == Answer(outcome, code)


def test_a_body_without_end_is_not_read(site: Website) -> None:
    def endless(line: socket.socket) -> None:
        line.sendall(status("200 OK"))
        while True:
            line.sendall(b"x" * 65536)

    site.says["/a"] = endless
    assert asked(site) == Answer("answers", 200)


def test_headers_without_end_are_read_up_to_a_limit(site: Website) -> None:
    sent = []

    def endless(line: socket.socket) -> None:
        line.sendall(b"HTTP/1.1 404 Not Found\r\n")
        for _ in range(10_000):
            line.sendall(b"X-More: " + b"x" * 1000 + b"\r\n")
            sent.append(1000)

    site.says["/a"] = endless
    assert asked(site) == Answer("gone", 404)
    assert sum(sent) < 10_000_000


def test_an_answer_that_is_announced_without_end_is_given_up(site: Website) -> None:
    sent = []

    def endless(line: socket.socket) -> None:
        for _ in range(2000):
            line.sendall(status("100 Continue") * 1000)
            sent.append(1)

    site.says["/a"] = endless
    assert asked(site) == Answer("no_answer")
    assert len(sent) < 4000
    site.says["/a"] = status("100 Continue") * 5 + status("404 Not Found")
    assert asked(site) == Answer("gone", 404)
    site.says["/a"] = status("100 Continue") * 6 + status("404 Not Found")
    assert asked(site) == Answer("no_answer")
    site.says["/a"] = b"HTTP/1.1 100 Continue\r\nX: " + b"x" * 200_000  # cut off at the limit
    assert asked(site) == Answer("no_answer")


@pytest.mark.parametrize(
    ("said", "outcome", "code"),
    [
        (status("200 OK"), "answers", 200),
        (status("404 Not Found"), "gone", 404),
        (status("410 Gone"), "gone", 410),
        (status("405 Method Not Allowed"), "refused", 405),
        (status("403 Forbidden"), "refused", 403),
        (status("503 Service Unavailable"), "refused", 503),
        (b"", "no_answer", None),
    ],
)
def test_what_nobody_has_looked_at_is_asked_by_head_alone(
    site: Website, said: bytes, outcome: str, code: int | None
) -> None:
    site.says["HEAD /a"] = said
    assert fetching.ask(f"http://{HOST}/a", AGENT, site.ways(), head_only=True) == Answer(outcome, code)
    assert [question.split()[0] for question in site.heard] == ["HEAD"]


def test_a_server_that_says_nothing_is_waited_for_only_so_long(site: Website) -> None:
    site.says["/a"] = lambda line: line.recv(1) and None
    assert asked(site) == Answer("no_answer")


def test_a_server_that_speaks_ever_so_slowly_is_given_up(site: Website) -> None:
    """Each piece comes in time, the whole does not: the clock of this test has moved on whenever it is looked at."""

    def slow(line: socket.socket) -> None:
        for letter in b"HTTP/1.1 200 OK\r\nX: " + b"x" * 5000:
            line.sendall(bytes([letter]))

    site.says["/a"] = slow
    ticks = count(step=0.1)
    assert asked(site, clock=lambda: next(ticks)) == Answer("no_answer")


def test_a_door_that_is_shut(site: Website) -> None:
    site.close()
    assert asked(site) == Answer("no_answer")


def test_a_redirect_is_told_and_not_followed(site: Website) -> None:
    site.says["/a"] = status("301 Moved Permanently", "Location: https://baru.example.go.id/b#c")
    assert asked(site) == Answer("moved", 301, "https://baru.example.go.id/b")
    site.says["/a"] = status("308 Permanent Redirect", "location:/lain?x=1")
    assert asked(site) == Answer("moved", 308, f"http://{HOST}/lain?x=1")
    assert len(site.heard) == len(site.dialled) == 2


@pytest.mark.parametrize(
    "target",
    ["http://127.0.0.1/", "http://localhost/a", "http://[::1]/", "javascript:alert(1)", "http://[", "//x@y.id/"],
)
def test_a_redirect_to_where_no_link_may_lead_is_not_told(site: Website, target: str) -> None:
    site.says["/a"] = status("302 Found", f"Location: {target}")
    assert asked(site) == Answer("answers", 302)
    assert site.dialled == [(OPEN, 80)]


@pytest.mark.parametrize("refusal", ["405 Method Not Allowed", "501 Not Implemented", "403 Forbidden", "404 Not Found"])
def test_a_server_that_refuses_head_is_asked_for_a_little_of_the_page(site: Website, refusal: str) -> None:
    site.says["HEAD /a"] = status(refusal)
    assert asked(site) == Answer("answers", 200)
    head, get = site.heard
    assert (head.split()[0], get.split()[0]) == ("HEAD", "GET")
    assert "Range: bytes=0-1023" in get
    assert (len(site.looked_up), site.pauses) == (1, [fetching.PAUSE])


def test_a_server_that_hangs_up_on_head_is_asked_again(site: Website) -> None:
    site.says["HEAD /a"] = b""
    assert asked(site) == Answer("answers", 200)


def test_the_question_says_who_asks_and_nothing_else(site: Website) -> None:
    asked(site, "/berita%20lama/ä?q=a b&x=%C3%A4#bagian")
    lines = site.heard[0].split("\r\n")
    assert lines[0] == "HEAD /berita%20lama/%C3%A4?q=a%20b&x=%C3%A4 HTTP/1.1"
    assert f"Host: {HOST}" in lines
    assert any(line.startswith("User-Agent: Tautan-Daerah/") and "+https://tautan.example" in line for line in lines)
    names = {line.split(":")[0] for line in lines[1:] if line}
    assert names == {"Host", "User-Agent", "Accept", "Connection"}


@pytest.mark.parametrize(("port", "named"), [("", HOST), (":80", HOST), (":443", f"{HOST}:443")])
def test_a_port_that_is_not_the_usual_one_is_named(site: Website, port: str, named: str) -> None:
    fetching.ask(f"http://{HOST}{port}/a", AGENT, site.ways())
    assert f"Host: {named}" in site.heard[0].split("\r\n")


def test_no_proxy_of_the_environment_is_used(site: Website, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert asked(site) == Answer("answers", 200)


# -- names and numbers ----------------------------------------------------------------------------------------


def test_a_name_that_nobody_knows(site: Website) -> None:
    site.names[HOST] = socket.gaierror(socket.EAI_NONAME, "not known")
    assert asked(site) == Answer("no_name")
    site.names[HOST] = socket.gaierror(socket.EAI_AGAIN, "try again")
    assert asked(site) == Answer("no_answer")
    assert site.dialled == []


INSIDE = [
    "127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.9.9", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fec0::1", "ff02::1",
    "2001:db8::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b:1::10.0.0.1", "2002:a00:1::", "2002:7f00:1::1", "::127.0.0.1", "2001:0:7f00:1::", "nonsense",
    "168.63.129.16", "::ffff:168.63.129.16", "192.88.99.1", "3fff::1", "3fff:fff::1",
]  # fmt: skip


@pytest.mark.parametrize("number", INSIDE)
def test_nobody_inside_is_asked(site: Website, number: str) -> None:
    site.names[HOST] = [number]
    assert asked(site) == Answer("not_asked")
    site.names[HOST] = [OPEN, number]  # one such number among good ones is enough
    assert asked(site) == Answer("not_asked")
    assert (site.dialled, site.heard) == ([], [])


@pytest.mark.parametrize("number", [OPEN, "8.8.8.8", "2606:4700::1", "64:ff9b::8.8.8.8", "::ffff:8.8.8.8"])
def test_the_open_internet_is_asked(site: Website, number: str) -> None:
    site.names[HOST] = [number]
    assert asked(site) == Answer("answers", 200)
    assert site.dialled == [(number, 80)]


def test_the_number_that_was_judged_is_the_one_that_is_dialled(site: Website) -> None:
    """A name that leads inside when it is looked up again (DNS rebinding) is not looked up again."""
    answers = iter([[OPEN], ["127.0.0.1"], ["127.0.0.1"]])
    ways = site.ways()
    rebinding = fetching.Ways(lambda *_: next(answers), ways.dial, ways.trust, ways.sleep, ways.clock, ways.seconds)
    site.says["HEAD /a"] = status("405 Method Not Allowed")
    assert fetching.ask(f"http://{HOST}/a", AGENT, rebinding) == Answer("answers", 200)
    assert site.dialled == [(OPEN, 80), (OPEN, 80)]


def test_one_number_of_either_family_is_tried(site: Website) -> None:
    site.names[HOST] = ["2606:4700::1", "2606:4700::2", OPEN, "8.8.8.8"]
    ways, tried = site.ways(), []

    def dial(number: str, port: int) -> socket.socket:
        tried.append(number)
        if ":" in number:
            raise OSError("no way")
        return ways.dial(number, port)

    only_four = fetching.Ways(ways.look_up, dial, ways.trust, ways.sleep, ways.clock, ways.seconds)
    assert fetching.ask(f"http://{HOST}/a", AGENT, only_four) == Answer("answers", 200)
    assert tried == ["2606:4700::1", OPEN]


# -- the list -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "own", "allowed"),
    [
        ("https://klatenkab.go.id/a", (), True),
        ("http://www.ugm.ac.id:80/a", (), True),
        ("https://sma1.sch.id/", (), True),
        ("https://sukamaju.desa.id/", (), True),
        ("https://en.tempo.co/a", (), True),
        ("https://notgo.id/", (), False),
        ("https://xgo.id/", (), False),
        ("https://tni.mil.id/", (), False),
        ("https://www.city.example.org/", (), False),
        ("https://www.city.example.org/", ("example.org",), True),
        ("https://example.org.evil.com/", ("example.org",), False),
        ("https://www.city.example.org/", ("*",), True),
        ("https://klatenkab.go.id:8443/a", ("*",), False),
        ("https://klatenkab.go.id:22/a", ("*",), False),
        ("ftp://klatenkab.go.id/a", ("*",), False),
        ("https://a:b@klatenkab.go.id/", ("*",), False),
        ("http://127.0.0.1/", ("*",), False),
        ("http://localhost/", ("*",), False),
        ("http://[::1]/", ("*",), False),
        ("http://[fe80::1]/", ("*",), False),
        ("http://[kacau/", ("*",), False),
    ],
)
def test_who_may_be_asked(address: str, own: tuple[str, ...], allowed: bool) -> None:
    assert (hosts.why_not(address, own) == "") is allowed


def test_the_setting_takes_ends_of_names() -> None:
    given = config.from_environment({"PORTAL_LINK_HOSTS": "Example.org  .city.go.jp\tberlin.de"})
    assert given["LINK_HOSTS"] == ["example.org", "city.go.jp", "berlin.de"]
    assert config.from_environment({"PORTAL_LINK_HOSTS": " * "})["LINK_HOSTS"] == ["*"]
    for bad in ("https://example.org", "example.org/a", "*.org", "a,b"):
        with pytest.raises(config.BadSetting):
            config.from_environment({"PORTAL_LINK_HOSTS": bad})


# -- https ----------------------------------------------------------------------------------------------------


def test_a_certificate_is_held_against_the_name(tmp_path: Path) -> None:
    files, trust = certified(HOST, tmp_path)
    with website(files) as site:
        assert asked(site, scheme="https", trust=trust) == Answer("answers", 200)
        assert site.dialled == [(OPEN, 443)]


def test_the_certificate_of_another_name_is_not_secure(tmp_path: Path) -> None:
    files, trust = certified("lain.klatenkab.go.id", tmp_path)
    with website(files) as site:
        assert asked(site, scheme="https", trust=trust) == Answer("not_secure")
        assert site.heard == []


def test_a_certificate_that_nobody_vouches_for_is_not_secure(tmp_path: Path) -> None:
    files, _ = certified(HOST, tmp_path)
    with website(files) as site:
        assert asked(site, scheme="https") == Answer("not_secure")


def test_a_server_without_encryption_where_there_should_be_is_no_page(site: Website) -> None:
    assert asked(site, scheme="https").outcome in {"not_secure", "no_answer"}
