"""Is what was answered before answered again without work, and is nothing ever given to whom it was not made for?"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from flask import template_rendered
from flask.testing import FlaskClient

from portal import indexing
from portal.edition import Edition
from portal.extensions import db
from portal.web import htmx
from portal.web.keeping import FRESH, MOST_OF_ONE, Answers
from tests import moves
from tests.conftest import application
from tests.counting import statements
from tests.people import people as make_people
from tests.people import signed_in
from tests.record_pages import KEPT_PATHS, XIAN, publisher
from tests.sources import ROOT

HTMX = {"HX-Request": "true"}


@contextmanager
def keeping(url: str, instance: Path, **more: Any) -> Iterator[Any]:
    """A portal that keeps answers in memory, and asks for the edition only after a commit."""
    with application(url, instance, ANSWERS_MB=4, **more) as app:
        app.extensions["portal_edition"].seconds = 3600
        app.test_client_class = FlaskClient  # pages arrive compressed here; they are looked at elsewhere
        yield app


@pytest.fixture(scope="module")
def shared(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """One for tests that only read."""
    with keeping(database_url, tmp_path_factory.mktemp("keeping")) as app:
        yield app


@pytest.fixture
def kept(fresh_database_url: str, tmp_path: Path) -> Iterator[Any]:
    """One for a test alone."""
    with keeping(fresh_database_url, tmp_path / "instance") as app:
        yield app


@pytest.fixture
def visitor(kept: Any) -> FlaskClient:
    return kept.test_client()  # type: ignore[no-any-return]


class Work:
    """What an answer cost: statements, questions for the edition, templates, and whether the application was asked."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.templates: list[str] = []
        self.asked = 0

    @property
    def done(self) -> bool:
        return bool(self.statements or self.templates or self.asked)


@contextmanager
def work(app: Any) -> Iterator[Work]:
    found, edition = Work(), app.extensions["portal_edition"]
    before = edition.asked

    def note(_app: Any, template: Any, **_more: Any) -> None:
        found.templates.append(template.name)

    template_rendered.connect(note, app)
    with statements(app) as found.statements:
        yield found
    template_rendered.disconnect(note, app)
    found.asked = edition.asked - before


def tag(answer: Any) -> str:
    return str(answer.headers["ETag"])


# -- given again ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", KEPT_PATHS)
def test_who_has_an_answer_gets_304_before_any_query_or_template(shared: Any, path: str) -> None:
    visitor = shared.test_client()
    first = visitor.get(path)
    assert (first.status_code, first.headers["Cache-Control"], bool(first.data)) == (200, FRESH, True)
    held = tag(first)
    lists = [held, held.removeprefix("W/"), f'"other", {held}', held.replace('"', "").replace("W/", '"x", "') + '"']
    for asked in lists:
        for method in ("GET", "HEAD"):
            with work(shared) as cost:
                again = visitor.open(path, method=method, headers={"If-None-Match": asked})
            assert (again.status_code, again.data, cost.done) == (304, b"", False), asked
    for name in ("ETag", "Cache-Control", "Vary", "Content-Security-Policy", "Access-Control-Allow-Origin"):
        assert again.headers.get(name) == first.headers.get(name), name
    assert "Content-Length" not in again.headers
    other = visitor.get(path, headers={"If-None-Match": '"other"'})
    assert (other.status_code, bool(other.data)) == (200, True)
    assert visitor.get(path, headers={"If-None-Match": "*"}).status_code == 304


@pytest.mark.parametrize("path", KEPT_PATHS)
def test_others_get_it_from_memory_as_it_was(shared: Any, path: str) -> None:
    visitor = shared.test_client()
    for encoding in ("", "gzip", "br, gzip"):
        first = visitor.get(path, headers={"Accept-Encoding": encoding})
        if len(first.data) > MOST_OF_ONE:
            continue
        with work(shared) as cost:
            again = shared.test_client().get(path, headers={"Accept-Encoding": encoding})
            head = visitor.head(path, headers={"Accept-Encoding": encoding, "Range": "bytes=0-5"})
        assert not cost.done
        assert (again.status_code, again.data) == (200, first.data)
        assert (head.status_code, head.data) == (200, b"")
        assert again.content_length == head.content_length == len(first.data)
        for answer in (again, head):
            assert without_date(answer) == without_date(first)


def without_date(answer: Any) -> dict[str, str]:
    return {name: value for name, value in answer.headers if name not in {"Date", "Content-Length"}}


def test_what_is_asked_for_with_head_is_not_kept_in_place_of_the_page(visitor: FlaskClient) -> None:
    assert visitor.head("/metode").headers["ETag"] == tag(visitor.get("/metode"))
    assert visitor.get("/metode").data


def test_redirects_to_the_one_address_are_kept(kept: Any, visitor: FlaskClient) -> None:
    for path in ("/kerja-sama?q=&negara=JP", "/kerja-sama/KS-0011", "/cari?q=solo"):
        first = visitor.get(path)
        with work(kept) as cost:
            again = visitor.get(path)
        assert (again.status_code, again.location, cost.done) == (first.status_code, first.location, False)
        assert "ETag" not in first.headers
        assert "max-age" not in first.headers["Cache-Control"]


# -- never mixed ---------------------------------------------------------------------------------------------------


def test_everything_that_an_answer_depends_on_gives_it_another_tag(visitor: FlaskClient) -> None:
    path = "/kerja-sama?negara=JP"
    asked: list[tuple[str, dict[str, Any]]] = [
        (path, {}),
        (f"/en{path}", {}),
        (f"{path}&bidang=education", {}),
        (path, {"base_url": "https://localhost"}),
        (path, {"base_url": "http://lain.example"}),
        (path, {"base_url": "http://localhost:8080"}),
        (path, {"headers": {"Accept-Encoding": "gzip"}}),
        (path, {"headers": {"Accept-Encoding": "br"}}),
        (path, {"headers": HTMX}),
        (path, {"headers": {**HTMX, "HX-Source": "a#hal-2"}}),
        (path, {"headers": {**HTMX, "HX-Source": "a#c-negara"}}),
        (path, {"headers": {**HTMX, "HX-Current-URL": f"http://localhost{path}"}}),
    ]
    for _twice in range(2):
        answers = [visitor.get(where, **how) for where, how in asked]
        assert [answer.status_code for answer in answers] == [200] * len(asked)
        assert len({tag(answer) for answer in answers}) == len(asked)
    bodies = [answer.data for answer in answers]
    assert b'lang="id"' in bodies[0]
    assert b'lang="en"' in bodies[1]
    assert b"https://localhost/" in bodies[3]
    assert b"http://lain.example/" in bodies[4]
    assert [answer.headers.get("Content-Encoding") for answer in answers[5:9]] == [None, "gzip", "br", None]
    assert all(b"<html" not in body for body in bodies[8:])
    assert len(set(bodies[8:11])) == 3
    assert [answer.headers["HX-Push-Url"] for answer in answers[10:]] == [path, "false"]
    for (where, how), other in zip(asked, [*answers[1:], answers[0]], strict=True):
        given = {**how, "headers": {**how.get("headers", {}), "If-None-Match": tag(other)}}
        assert visitor.get(where, **given).status_code == 200


def test_a_fragment_is_kept_by_us_alone(kept: Any, visitor: FlaskClient) -> None:
    """A cache that passes over ``Vary`` would show it as a page when the reader goes back."""
    for path in ("/kerja-sama?negara=JP", "/?peta=geo", "/saran?q=sura"):
        first = visitor.get(path, headers=HTMX)
        with work(kept) as cost:
            again = visitor.get(path, headers=HTMX)
            checked = visitor.get(path, headers={**HTMX, "If-None-Match": tag(first)})
        assert (again.data, checked.status_code, cost.done) == (first.data, 304, False)
        for answer in (first, again, checked):
            assert answer.headers["Cache-Control"] == "no-store"
            assert set(htmx.VARIES) < set(answer.headers["Vary"].split(", "))
    for more in ({"HX-History-Restore-Request": "true"}, {"HX-Boosted": "true"}, {"HX-Request-Type": "full"}):
        assert b"<html" in visitor.get("/kerja-sama?negara=JP", headers={**HTMX, **more}).data


def test_readers_and_staff_are_never_mixed(kept: Any) -> None:
    staff = signed_in(kept, make_people(kept).moderator)
    for path in ("/", "/kerja-sama", XIAN):
        first = kept.test_client().get(path)
        for _twice in range(2):
            own = staff.get(path, headers={"If-None-Match": tag(first)})
            assert (own.status_code, own.headers["Cache-Control"]) == (200, "private, no-store")
            assert b"Pegawai Moderator" in own.data
            assert "ETag" not in own.headers
        again = kept.test_client().get(path)
        assert again.data == first.data
        assert "Cookie" in again.headers["Vary"].split(", ")


@pytest.mark.parametrize("name", ["portal", "remember_token", "tf_validity", "fs_refresh"])
def test_any_cookie_of_ours_is_passed_by_and_others_are_not(kept: Any, name: str) -> None:
    client = kept.test_client()
    client.set_cookie(name, "x")
    assert "ETag" not in client.get("/metode").headers
    assert kept.extensions["portal_keeping"].answers.size == 0
    assert "ETag" not in kept.test_client().get("/metode", headers={"Authorization": "Basic eDp4"}).headers
    other = kept.test_client()
    other.set_cookie("_ga", "x")
    assert tag(other.get("/metode"))


def test_only_good_answers_to_questions_are_kept(kept: Any) -> None:
    asked = [
        ("GET", "/tidak-di-sini"), ("GET", "/kerja-sama/KS-9999"), ("GET", f"{XIAN}?pada=besok"), ("POST", "/daerah"),
        ("GET", "/koreksi"), ("GET", "/koreksi/K-AAAA-BBBB-CCCC"), ("GET", "/healthz"), ("GET", "/masuk"),
        ("GET", "/akun"), ("OPTIONS", "/daerah"), ("GET", "/metode?" + "x" * 2000), ("HEAD", "/metode"),
    ]  # fmt: skip
    for method, path in asked:
        answer = kept.test_client().open(path, method=method)
        assert ("ETag" in answer.headers) == (method == "HEAD"), path
    assert kept.extensions["portal_keeping"].answers.size == 0


def test_what_concerns_one_reader_alone_is_not_kept(fresh_database_url: str, tmp_path: Path) -> None:
    """Answers of the memory are no work, and are not counted; what is made is counted as ever."""
    with keeping(fresh_database_url, tmp_path / "i", RATE_LIMIT="2 per minute") as app:
        client = app.test_client()
        answers = [client.get("/kerja-sama/KS-0011.json") for _ in range(5)]
        assert [answer.status_code for answer in answers] == [200] * 5
        assert not any(name.startswith("X-RateLimit") for answer in answers for name, _ in answer.headers)
        codes = [client.get(f"/kerja-sama/KS-00{number}.json").status_code for number in (12, 13, 14)]
        assert codes == [200, 200, 429] or codes == [200, 429, 429]
        assert client.get("/kerja-sama/KS-0011.json").status_code == 200


def test_a_host_that_is_not_ours_gets_nothing(fresh_database_url: str, tmp_path: Path) -> None:
    with keeping(fresh_database_url, tmp_path / "i", TRUSTED_HOSTS=["good.example"]) as app:
        client = app.test_client()
        good = client.get("/metode", base_url="http://good.example")
        for more in ({}, {"If-None-Match": tag(good)}, {"If-None-Match": "*"}):
            assert client.get("/metode", base_url="http://evil.example", headers=more).status_code == 400
        assert b"evil.example" not in client.get("/metode", base_url="http://good.example").data


def test_nobody_can_make_up_a_tag(kept: Any, fresh_database_url: str, tmp_path: Path) -> None:
    with application(fresh_database_url, tmp_path / "other", SECRET_KEY="abcdefghij" * 6) as second:
        first = kept.test_client().get("/metode")
        assert tag(second.test_client().get("/metode")) != tag(first)


# -- outdated ------------------------------------------------------------------------------------------------------


def test_what_moves_the_edition_is_seen_at_once(kept: Any, visitor: FlaskClient) -> None:
    """Publication, assessment, a move at the desk, midnight: each time everybody gets the new answer."""
    who, clock = make_people(kept), iter((date(2026, 11, 22), date(2026, 11, 23)))

    def assess() -> None:
        with kept.app_context():
            indexing.assess_all(db.session(), date(2031, 1, 1))
            db.session.commit()

    def send() -> None:
        with kept.app_context():
            moves.sent(who.stranger, "Ringkasan")

    def midnight() -> None:
        kept.config["TODAY"] = next(clock)

    midnight()
    path, answers = "/daerah/33.14-kabupaten-sragen", []
    record = visitor.get("/kerja-sama/KS-0005").location
    for act in (lambda: None, assess, send, midnight, lambda: publisher(kept)("KS-0005", sectors=["tourism"])):
        act()
        answers.append((visitor.get(path), visitor.get(record)))
        with work(kept) as cost:
            visitor.get(path)
            assert visitor.get(record, headers={"If-None-Match": tag(answers[-1][1])}).status_code == 304
        assert not cost.done
    for before, after in pairwise(answers):
        assert tag(before[0]) != tag(after[0])
        assert visitor.get(record, headers={"If-None-Match": tag(before[1])}).status_code == 200
    assert [b"ditinjau" in page.data for _, page in answers] == [False, False, True, True, True]
    assert answers[3][0].data != answers[2][0].data
    assert answers[4][1].data != answers[3][1].data


PUBLISH = """
import sys
from portal import create_app, editorial, publications
from portal.ledger import Author
app = create_app({"DATABASE_URL": sys.argv[1], "INSTANCE_PATH": sys.argv[2]})
with app.app_context():
    document = dict(publications.newest("KS-0011").document) | {"sectors": ["tourism"]}
    editorial.publish("cooperation", document, Author("moderator", "Kantor lain"))
"""


def test_a_publication_of_another_process_is_seen_at_once(
    kept: Any, visitor: FlaskClient, fresh_database_url: str, tmp_path: Path
) -> None:
    first = visitor.get("/perubahan")
    command = [sys.executable, "-c", PUBLISH, fresh_database_url, str(tmp_path / "instance")]
    subprocess.run(command, cwd=ROOT, check=True)
    again = visitor.get("/perubahan", headers={"If-None-Match": tag(first)})
    assert (again.status_code, b"Kantor lain" in again.data) == (200, True)


def test_an_answer_that_is_newer_than_its_edition_is_not_given_again(kept: Any, visitor: FlaskClient) -> None:
    """A publication while an answer is made: whatever was read, the next question is for the edition after it."""
    edition: Edition = kept.extensions["portal_edition"]
    before = visitor.get("/perubahan").data

    def publish(_app: Any, template: Any, **_more: Any) -> None:
        if template.name == "changes/index.html" and not done:
            done.append(True)
            publisher(kept)("KS-0011", "Sementara itu", sectors=["tourism"])

    done: list[bool] = []
    kept.extensions["portal_keeping"].answers = Answers(1 << 20)
    template_rendered.connect(publish, kept)
    visitor.get("/perubahan")
    template_rendered.disconnect(publish, kept)
    assert done
    assert b"Sementara itu" in visitor.get("/perubahan").data != before
    assert edition.asked


def test_a_database_that_is_away_takes_nothing_from_those_who_read(
    kept: Any, visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = visitor.get("/daerah")
    edition: Edition = kept.extensions["portal_edition"]
    edition.seconds = 0

    def away() -> Any:
        with kept.app_context():
            raise db.engine.dialect.loaded_dbapi.OperationalError("away")

    monkeypatch.setattr(edition._engine, "raw_connection", away)
    assert visitor.get("/daerah").data == first.data
    edition._mark.change()
    assert "ETag" not in visitor.get("/daerah").headers  # what it follows from is not known: made anew, kept nowhere
