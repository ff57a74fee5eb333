"""Which links are asked in a round, what is kept of the answers, and when does the edition move?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from portal import amending, editorial
from portal.extensions import db, stamp
from portal.models import Link, LinkWork
from portal.visits import cited, hosts, known, rounds, summing
from portal.visits.fetching import Answer
from portal.visits.rounds import NEVER, Due
from tests import moves
from tests.people import SRAGEN, People
from tests.websites import Website, certified, status, website

MONDAY = datetime(2026, 11, 23, 3, tzinfo=UTC)
GONE, DOWN = Answer("gone", 404), Answer("no_answer")
PAGE = "https://klatenkab.go.id/berita/1"


@pytest.fixture
def site() -> Iterator[Website]:
    with website() as opened:
        yield opened


@pytest.fixture
def empty(fresh_app_context: Any) -> Any:
    """The context of an application that has taken down nothing yet."""
    return fresh_app_context


def at(days: float = 0) -> Any:
    return lambda: MONDAY + timedelta(days=days)


def put(*addresses: str, due: str = "2026-01-01T00:00:00Z") -> list[Due]:
    """Links that are known, as if somebody cited them."""
    session = db.session()
    for address in addresses:
        session.add(
            Link(
                digest=cited.digest(address), address=address, first_asked=None, last_asked=None, outcome="", code=None,
                target="", failing_since=None, failures=0, due=due,
            )
        )  # fmt: skip
    session.commit()
    return [Due(cited.digest(address), address) for address in addresses]


def held(address: str = PAGE) -> Link:
    found = db.session.get(Link, cited.digest(address), populate_existing=True)
    assert found is not None
    return found


def kept(answer: Answer, days: float, address: str = PAGE) -> Link:
    rounds.keep(db.session(), cited.digest(address), answer, at(days)())
    return held(address)


def changes() -> int:
    return int(db.session.execute(select(LinkWork.changes)).scalar_one())


def asked(site: Website, found: list[Due], seconds: float = 60, **more: Any) -> rounds.Report:
    ways = site.ways(**more)
    return rounds.ask_all(db.session(), found, "Uji/1", ways.clock() + seconds, ways, at())


# -- what is cited --------------------------------------------------------------------------------------------


def test_every_address_of_what_is_published_is_taken_down_once(empty: Any) -> None:
    session = db.session()
    for _ in range(2):
        rounds.gather(session, [], at())
        addresses = set(session.execute(select(Link.address)).scalars())
        wanted = {address for _, _, found in cited.of_records(session) for address in found}
        assert addresses == wanted
        assert len(addresses) > 80
        session.rollback()


def test_what_is_not_on_the_list_is_never_due_until_the_setting_names_it(empty: Any) -> None:
    session = db.session()
    rounds.gather(session, [], at())
    rows = session.execute(select(Link.address, Link.due, Link.outcome)).all()
    barred = {row.address for row in rows if hosts.why_not(row.address)}
    assert barred
    assert {row.address for row in rows if (row.due, row.outcome) == (NEVER, "not_asked")} == barred
    session.rollback()
    assert not barred & {one.address for one in rounds.due(session, 1000, at(1))}
    rounds.gather(session, ["*"], at(2))
    assert barred <= {one.address for one in rounds.due(session, 1000, at(2))}
    rounds.gather(session, [], at(4))
    assert not barred & {one.address for one in rounds.due(session, 1000, at(4))}


def test_what_nobody_cites_any_more_is_let_go_of(empty: Any) -> None:
    session = db.session()
    rounds.gather(session, [], at())
    put(PAGE)
    kept(GONE, 0)
    before = changes()
    rounds.gather(session, [], at(0.5))
    assert held().outcome == "gone"
    rounds.gather(session, [], at(1.1))
    assert session.execute(select(func.count()).where(Link.address == PAGE)).scalar_one() == 0
    assert changes() == before + 1


def test_a_new_revision_is_read_without_reading_all(empty: Any, fresh_people: People) -> None:
    session = db.session()
    rounds.gather(session, [], at())
    kind = session.execute(select(Link.address)).scalars().first()
    session.execute(delete(Link).where(Link.address == kind))
    session.commit()
    sent = proposed(fresh_people, PAGE)
    moves.decided(fresh_people.moderator, sent)
    rounds.gather(session, [], at(0.5))
    found = set(session.execute(select(Link.address)).scalars())
    assert PAGE in found
    assert kind not in found
    session.rollback()
    rounds.gather(session, [], at(1.5))
    assert kind in set(session.execute(select(Link.address)).scalars())


def proposed(people: People, *links: str) -> Any:
    """A proposal that brings sources with links, and a summary that follows from them."""
    by, after = moves.account(people.stranger), moves.document()
    sources = [
        {
            "key": f"s{place}", "title": "Berita uji", "kind": "press", "grade": "C", "link": link,
            "as_of": {"date": "2026-11-01", "basis": "stated"},
        }
        for place, link in enumerate(links, start=100)
    ]  # fmt: skip
    after["sources"] = [*after["sources"], *sources]
    after["summary"] = {**after.get("summary", {}), "id": "Ringkasan dengan sumber baru."}
    begun = editorial.start(by, "change", SRAGEN, moves.SUBJECT)
    editorial.save(by, begun.id, [("summary-id", "x")], amending.edits(moves.document(), after))
    return editorial.submit(moves.account(people.stranger), begun.id)


def test_links_of_proposals_that_wait_are_asked_before_all_others(empty: Any, fresh_people: People) -> None:
    session = db.session()
    rounds.gather(session, [], at())
    sent = proposed(fresh_people, PAGE)
    rounds.gather(session, [], at(0.1))
    first, *others = rounds.due(session, 3, at(0.2))
    assert (first.address, first.head_only) == (PAGE, True)
    assert [one.head_only for one in others] == [False, False]
    # What the published record cites already is not the sender's choice.
    assert list(cited.of_proposals(session)) == [(sent.receipt, {PAGE})]
    assert cited.citing(session, [PAGE]) == {PAGE: [sent.receipt]}


def test_one_proposal_does_not_take_a_whole_round(empty: Any, fresh_people: People) -> None:
    session = db.session()
    pages = [f"{PAGE}{place}" for place in range(50)]
    sent = proposed(fresh_people, *pages)
    rounds.gather(session, [], at())

    def shares(most: int) -> tuple[int, int]:
        """How many addresses of the proposal a round takes, and how many of records."""
        found = rounds.due(session, most, at(0.1))
        assert len({one.digest for one in found}) == len(found)
        assert all(one.head_only == (one.address in pages) for one in found)
        return sum(one.head_only for one in found), sum(not one.head_only for one in found)

    assert (shares(10), shares(60), shares(1)) == ((5, 5), (20, 40), (0, 1))
    moves.decided(fresh_people.moderator, sent)
    assert not any(one.head_only for one in rounds.due(session, 1000, at(0.1)))


@pytest.mark.parametrize("batch", [1, 500])
def test_what_was_read_is_remembered_also_where_the_last_batch_was_full(
    empty: Any, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = db.session()
    monkeypatch.setattr(rounds, "_BATCH", batch)
    newest = max(number for number, _, _ in cited.of_records(session))
    session.rollback()
    for _ in range(2):
        rounds.gather(session, [], at())
        assert session.execute(select(LinkWork.read)).scalar_one() == newest
        session.rollback()


# -- a round --------------------------------------------------------------------------------------------------


def test_each_answer_is_kept(empty: Any, site: Website) -> None:
    site.says |= {"/b": status("404 Not Found"), "/c": status("301 Moved", "Location: https://lain.go.id/x")}
    links = put("http://a.go.id/a", "http://b.go.id/b", "http://c.go.id/c")
    report = asked(site, links)
    assert dict(report.outcomes) == {"answers": 1, "gone": 1, "moved": 1}
    now = stamp(now=MONDAY)
    gone, moved = held(links[1].address), held(links[2].address)
    assert (gone.outcome, gone.code, gone.failing_since, gone.failures, gone.last_asked) == ("gone", 404, now, 1, now)
    assert (moved.outcome, moved.target, moved.failures, moved.first_asked) == ("moved", "https://lain.go.id/x", 0, now)


def test_nobody_is_asked_again_before_seven_days_or_after_a_failure_before_one(empty: Any) -> None:
    session = db.session()
    put("http://a.go.id/a", "http://b.go.id/b")
    kept(Answer("answers", 200), 0, "http://a.go.id/a")
    kept(GONE, 0, "http://b.go.id/b")
    for days, due in ((0.9, []), (1, ["b"]), (6.9, ["b"]), (7, ["b", "a"])):
        assert [one.address[7] for one in rounds.due(session, 9, at(days))] == due


def test_one_host_is_given_a_second_between_two_questions(empty: Any, site: Website) -> None:
    links = put("http://a.go.id/1", "http://a.go.id/2", "http://a.go.id/3", "http://b.go.id/1")
    asked(site, links)
    assert [question.split()[1] for question in site.heard] == ["/1", "/1", "/2", "/3"]
    assert site.pauses == [1.0, 1.0]


def test_a_round_ends_with_its_time_and_the_rest_waits(empty: Any, site: Website) -> None:
    links = put("http://a.go.id/1", "http://b.go.id/1", "http://c.go.id/1")
    ticks = iter(range(0, 1000, 10))
    report = asked(site, links, seconds=40, clock=lambda: float(next(ticks)))
    assert (report.outcomes.total(), report.left) == (1, 2)
    assert {one.address for one in rounds.due(db.session(), 9, at())} == {"http://b.go.id/1", "http://c.go.id/1"}


def test_a_site_that_does_not_answer_is_left_after_three_questions(empty: Any, site: Website) -> None:
    site.says |= {f"/{place}": b"" for place in range(6)}
    links = put(*(f"http://h{place}.kota.go.id/{place}" for place in range(6)), "http://lain.go.id/fine")
    report = asked(site, links)
    assert (report.outcomes["no_answer"], report.outcomes["answers"], report.left) == (3, 1, 3)
    # They make room for others, and are the first of their site next time.
    assert rounds.due(db.session(), 9, at(0.4)) == []
    assert {one.address for one in rounds.due(db.session(), 9, at(0.6))} == {one.address for one in links[3:6]}
    assert "did not answer: 3" in "\n".join(summing.told(db.session(), report))


def test_what_only_a_proposal_cites_is_asked_by_head(empty: Any, site: Website) -> None:
    site.says["/a"] = status("503 Service Unavailable")
    (link,) = put("http://a.go.id/a")
    asked(site, [link._replace(head_only=True)])
    assert [question.split()[0] for question in site.heard] == ["HEAD"]
    assert (held(link.address).outcome, held(link.address).failures) == ("refused", 0)


def test_where_nobody_answers_nothing_is_held_against_a_page(empty: Any, site: Website) -> None:
    site.close()
    links = put("http://a.go.id/1", "http://b.go.id/1")
    report = asked(site, links)
    assert report.unsure == 2
    assert {(held(one.address).outcome, held(one.address).failures) for one in links} == {("", 0)}
    assert rounds.due(db.session(), 9, at(0.9)) == []
    assert "is this machine connected?" in "\n".join(summing.told(db.session(), report))


def test_one_answer_tells_that_the_others_are_silent_themselves(empty: Any, site: Website) -> None:
    site.says |= {"/1": b"", "/3": b""}
    links = put("http://a.go.id/1", "http://b.go.id/2", "http://c.go.id/3")
    report = asked(site, links)
    assert report.unsure == 0
    assert [held(one.address).outcome for one in links] == ["no_answer", "answers", "no_answer"]


def test_bad_certificates_are_believed_once_a_good_one_was_seen(empty: Any, tmp_path: Path) -> None:
    files, trust = certified("b.go.id", tmp_path)
    with website(files) as site:
        links = put("https://a.go.id/1", "https://c.go.id/1")
        assert asked(site, links, trust=trust).unsure == 2
        assert {held(one.address).outcome for one in links} == {""}
        links += put("https://b.go.id/1")
        assert asked(site, links, trust=trust).unsure == 0
        assert [held(one.address).outcome for one in links] == ["not_secure", "not_secure", "answers"]


def test_a_name_that_leads_inside_is_neither_asked_nor_called_dead(empty: Any, site: Website) -> None:
    site.names["a.go.id"] = ["10.0.0.1"]
    (link,) = put("http://a.go.id/1")
    asked(site, [link])
    assert site.heard == []
    assert (held(link.address).outcome, held(link.address).last_asked) == ("not_asked", None)
    assert known.tried(db.session(), [link.address]) == {}


def test_two_rounds_at_once_are_one(empty: Any) -> None:
    session = db.session()
    with rounds.alone(session, 60, at()):
        with pytest.raises(rounds.Busy), rounds.alone(session, 60, at()):
            pass
        with pytest.raises(rounds.Busy), rounds.alone(session, 60, at(0.001)):
            pass
        with rounds.alone(session, 60, at(0.1)):  # the first was killed: its time is long over
            pass
    with rounds.alone(session, 60, at(0.1)):
        pass


def test_what_was_let_go_meanwhile_is_not_kept(empty: Any, site: Website) -> None:
    (link,) = put(PAGE.replace("https", "http"))
    db.session.execute(delete(Link))
    db.session.commit()
    asked(site, [link])
    assert db.session.execute(select(func.count()).select_from(Link)).scalar_one() == 0


# -- what is believed -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "dead"),
    [
        ([(GONE, 0)], True),
        ([(DOWN, 0)], False),
        ([(DOWN, 0), (DOWN, 0.5)], False),
        ([(DOWN, 0), (DOWN, 1)], True),
        ([(DOWN, 0), (Answer("server_error", 502), 1)], True),
        ([(DOWN, 0), (Answer("answers", 200), 1)], False),
        ([(DOWN, 0), (Answer("answers", 200), 1), (DOWN, 8)], False),
        ([(DOWN, 0), (Answer("refused", 403), 1), (DOWN, 8)], False),
        ([(Answer("refused", 403), 0), (Answer("refused", 403), 7)], False),
        ([(Answer("not_secure"), 0), (Answer("not_secure"), 1)], True),
    ],
)
def test_what_counts_as_dead(empty: Any, answers: list[tuple[Answer, float]], dead: bool) -> None:
    put(PAGE)
    for answer, days in answers:
        kept(answer, days)
    assert known.tried(db.session(), [PAGE, "https://lain.go.id/"])[PAGE].dead is dead


def test_the_day_is_that_of_western_indonesia(empty: Any) -> None:
    put(PAGE)
    kept(GONE, 0.7)  # 19.48 UTC
    assert known.tried(db.session(), [PAGE])[PAGE].on == date(2026, 11, 24)


def test_the_edition_moves_with_what_pages_say_and_with_nothing_else(empty: Any, fresh_app: Any) -> None:
    edition, day = fresh_app.extensions["portal_edition"], date(2026, 11, 23)
    put(PAGE)
    seen = [(changes(), edition.known(day))]
    for answer, days in [
        (Answer("answers", 200), 0), (DOWN, 7), (DOWN, 8), (DOWN, 8.1), (DOWN, 9), (GONE, 9.01),
        (Answer("not_secure"), 10), (Answer("answers", 200), 11),
    ]:  # fmt: skip
        kept(answer, days)
        seen.append((changes(), edition.known(day)))
    moved = [after[0] > before[0] for before, after in pairwise(seen)]
    assert moved == [False, False, True, False, True, True, True, False]
    assert [after[1] != before[1] for before, after in pairwise(seen)] == moved
