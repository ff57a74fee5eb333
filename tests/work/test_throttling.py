"""Do limits bite, grow, end by themselves, and hold for every worker?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from portal import throttling
from portal.extensions import db, utc_now
from tests.conftest import application


def fail(times: int, key: str = "siti@uji.example", bucket: str = "sign_in", now: Any = None) -> int:
    waits = [throttling.count(bucket, key, now) for _ in range(times)]
    return waits[-1]


def test_four_failures_cost_no_wait_and_the_fifth_a_short_one(fresh_app_context: Any) -> None:
    assert fail(4) == 0
    assert throttling.wait("sign_in", "siti@uji.example") == 0
    assert 1 <= fail(1) <= 2
    assert throttling.wait("sign_in", "siti@uji.example") > 0


def test_the_wait_doubles_until_the_tenth_failure_costs_a_quarter_of_an_hour(fresh_app_context: Any) -> None:
    now = utc_now()
    waits = [throttling.count("sign_in", "a", now) for _ in range(10)]
    assert waits[:4] == [0, 0, 0, 0]
    assert waits[4:9] == [2, 4, 8, 16, 32]
    assert waits[9] == 15 * 60


def test_after_the_quarter_of_an_hour_everything_is_as_before(fresh_app_context: Any) -> None:
    now = utc_now()
    fail(12, now=now)
    later = now + timedelta(minutes=15)
    assert throttling.wait("sign_in", "siti@uji.example", later) == 0
    assert throttling.count("sign_in", "siti@uji.example", later) == 0


def test_who_fails_makes_nobody_else_wait(fresh_app_context: Any) -> None:
    fail(10)
    assert throttling.wait("sign_in", "budi@uji.example") == 0
    assert throttling.wait("second_factor", "siti@uji.example") == 0


def test_capitals_and_blanks_do_not_begin_anew(fresh_app_context: Any) -> None:
    fail(10, " Siti@Uji.Example ")
    assert throttling.wait("sign_in", "siti@uji.example") > 0


def test_success_forgets_the_failures(fresh_app_context: Any) -> None:
    fail(9)
    throttling.clear("sign_in", "siti@uji.example")
    db.session.commit()
    assert throttling.wait("sign_in", "siti@uji.example") == 0
    assert fail(4) == 0


def test_a_limit_survives_a_restart(fresh_app_context: Any, fresh_database_url: str, tmp_path: Any) -> None:
    secret = fresh_app_context.app.config["SECRET_KEY"]
    fail(10)
    db.session.remove()
    with application(fresh_database_url, tmp_path / "second", SECRET_KEY=secret) as other, other.app_context():
        assert throttling.wait("sign_in", "siti@uji.example") > 14 * 60


def test_one_household_of_addresses_is_one_sender() -> None:
    assert throttling.network("2001:db8:0:1::1") == throttling.network("2001:db8:0:1:ffff:ffff:ffff:ffff")
    assert throttling.network("2001:db8:0:1::1") != throttling.network("2001:db8:0:2::1")
    assert throttling.network("::ffff:192.0.2.7") == throttling.network("192.0.2.7") == "192.0.2.7"
    assert throttling.network("fe80::1%eth0") == "fe80::/64"
    assert throttling.network("") == ""


def test_uses_are_free_up_to_the_limit_and_then_wait_for_the_rest_of_the_span(fresh_app_context: Any) -> None:
    now = utc_now()
    assert [throttling.count("tip", "192.0.2.7", now) for _ in range(4)] == [0, 0, 0, 0]
    assert throttling.count("tip", "192.0.2.7", now) == 60 * 60


def test_nothing_in_the_table_tells_who_it_was(fresh_app_context: Any) -> None:
    fail(1)
    rows = db.session.execute(db.text("SELECT * FROM attempt")).all()
    assert rows
    assert "siti" not in repr(rows)


def test_counting_in_the_middle_of_unsaved_work_is_refused(fresh_app_context: Any) -> None:
    from portal.models import Agency

    db.session.add(Agency(name="x", region="", active=True, created="2026-01-01T00:00:00Z"))
    with pytest.raises(RuntimeError):
        throttling.count("tip", "192.0.2.7")
