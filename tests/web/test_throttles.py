"""Throttles: what is counted, how waits grow, what is forgotten, and what the table does not tell."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.app import create_app
from quizapp.config import Settings
from quizapp.database import Database, transaction
from quizapp.errors import TooManyTries
from quizapp.models import Throttle
from quizapp.web import throttles
from quizapp.web.throttles import Count
from tests.conftest import Clock

HERE, ELSEWHERE = "198.51.100.7", "203.0.113.9"


@pytest.fixture
def asking(app: Flask) -> Iterator[None]:
    with app.test_request_context(environ_base={"REMOTE_ADDR": HERE}):
        yield


def failed(counts: tuple[Count, ...], times: int, clock: Clock) -> int:
    """Fail as often as the throttle lets one at this moment; return how often that was."""
    for number in range(times):
        try:
            with transaction() as session:
                throttles.fail(session, counts, clock())
        except TooManyTries:
            return number
    return times


def wait(counts: tuple[Count, ...], clock: Clock) -> int:
    """Return the seconds that a try waits now."""
    try:
        with transaction() as session:
            throttles.check(session, counts, clock())
    except TooManyTries as refusal:
        return refusal.seconds
    return 0


@pytest.mark.usefixtures("asking")
def test_five_failures_are_free_and_then_waits_double_up_to_a_minute(clock: Clock) -> None:
    counts, waits = throttles.of_name("sign-in", "noor"), []
    assert failed(counts, 100, clock) == 6
    for _ in range(7):
        waits.append(wait(counts, clock))
        clock.advance(seconds=waits[-1])
        assert wait(counts, clock) == 0
        assert failed(counts, 100, clock) == 1
    assert waits == [2, 4, 8, 16, 32, 60, 60]


@pytest.mark.usefixtures("asking")
def test_what_is_refused_for_its_time_is_not_counted(clock: Clock, stored: Callable[[], Session]) -> None:
    counts = throttles.of_person("password", 7)
    failed(counts, 6, clock)
    for _ in range(20):
        assert failed(counts, 1, clock) == 0
    assert stored().scalars(select(Throttle.failures)).all() == [6]
    assert wait(counts, clock) == 2


@pytest.mark.usefixtures("asking")
def test_a_success_forgets_the_failures_of_this_name_at_this_address_only(
    clock: Clock, stored: Callable[[], Session]
) -> None:
    counts = throttles.of_name("sign-in", "noor")
    failed(counts, 5, clock)
    with transaction() as writing:
        throttles.succeed(writing, counts, clock())
    assert sorted(stored().scalars(select(Throttle.failures))) == [5, 5]  # of the address, and of the name anywhere
    assert failed(counts, 100, clock) == 6


@pytest.mark.usefixtures("asking")
def test_a_success_that_should_have_waited_is_none(clock: Clock) -> None:
    counts = throttles.of_person("code", 7)
    failed(counts, 6, clock)
    with pytest.raises(TooManyTries), transaction() as session:
        throttles.succeed(session, counts, clock())


@pytest.mark.usefixtures("asking")
def test_failures_are_forgotten_after_an_hour_without_any(clock: Clock) -> None:
    counts = throttles.of_name("sign-in", "noor")
    failed(counts, 6, clock)
    clock.advance(minutes=59)
    assert failed(counts, 100, clock) == 1
    clock.advance(minutes=61)
    assert failed(counts, 100, clock) == 6


def test_failures_from_elsewhere_do_not_slow_this_address(app: Flask, clock: Clock) -> None:
    with app.test_request_context(environ_base={"REMOTE_ADDR": ELSEWHERE}):
        assert failed(throttles.of_name("sign-in", "noor"), 100, clock) == 6
    with app.test_request_context(environ_base={"REMOTE_ADDR": HERE}):
        assert wait(throttles.of_name("sign-in", "noor"), clock) == 0


def test_a_name_tried_from_many_addresses_is_slowed_everywhere(app: Flask, clock: Clock) -> None:
    for number in range(51):
        with app.test_request_context(environ_base={"REMOTE_ADDR": f"203.0.113.{number}"}):
            assert failed(throttles.of_name("sign-in", "noor"), 1, clock) == 1
    with app.test_request_context(environ_base={"REMOTE_ADDR": HERE}):
        assert wait(throttles.of_name("sign-in", "noor"), clock) == 2
        assert wait(throttles.of_name("sign-in", "mira"), clock) == 0


@pytest.mark.usefixtures("asking")
def test_an_address_that_fails_for_many_names_is_slowed_by_seconds(clock: Clock) -> None:
    for number in range(201):
        assert failed(throttles.of_name("sign-in", f"name{number}"), 1, clock) == 1
    assert wait(throttles.of_name("sign-in", "noor"), clock) == 1
    for number in range(10):
        clock.advance(seconds=15)
        failed(throttles.of_name("sign-in", f"other{number}"), 1, clock)
    assert wait(throttles.of_name("sign-in", "noor"), clock) == 15


@pytest.mark.usefixtures("asking")
def test_a_name_that_looks_like_an_address_is_counted_by_itself(clock: Clock) -> None:
    for count in throttles.of_name("sign-in", HERE):
        assert count.key not in {
            other.key for other in throttles.of_name("sign-in", "noor") if count.pace != other.pace
        }
    assert len({count.key for count in throttles.of_name("sign-in", HERE)}) == 3


@pytest.mark.parametrize(
    ("sender", "other", "is_one"),
    [
        ("2001:db8:1:2::7", "2001:db8:1:2:ffff::1", True),
        ("2001:db8:1:2::7", "2001:db8:1:3::7", False),
        ("::ffff:198.51.100.7", "198.51.100.7", True),
        ("198.51.100.7", "198.51.100.8", False),
        ("", "not an address", True),
    ],
)
def test_one_household_is_one_address(app: Flask, sender: str, other: str, is_one: bool) -> None:
    seen = set()
    for given in (sender, other):
        with app.test_request_context(environ_base={"REMOTE_ADDR": given}):
            seen.add(throttles.address())
    assert (len(seen) == 1) is is_one


@pytest.mark.parametrize(("proxies", "counted"), [(0, "10.0.0.1"), (1, ELSEWHERE), (2, HERE)])
def test_forwarded_addresses_count_as_far_as_proxies_are_trusted(
    settings: Settings, clock: Clock, proxies: int, counted: str
) -> None:
    app = create_app(replace(settings, trusted_proxies=proxies), now=clock)
    seen: list[str] = []
    app.add_url_rule("/where", "where", _noting(seen))
    app.test_client().get(
        "/where",
        headers={"X-Forwarded-For": f"192.0.2.1, {HERE}, {ELSEWHERE}"},
        environ_base={"REMOTE_ADDR": "10.0.0.1"},
    )
    app.extensions["quizapp.database"].engine.dispose()
    assert seen == [counted]


def _noting(seen: list[str]) -> Callable[[], str]:
    def where() -> str:
        seen.append(throttles.address())
        return ""

    where.access = "anyone"  # type: ignore[attr-defined]
    return where


@pytest.mark.usefixtures("asking")
def test_the_table_holds_neither_names_nor_addresses_and_other_secrets_make_other_keys(
    app: Flask, settings: Settings, clock: Clock, stored: Callable[[], Session]
) -> None:
    counts = throttles.of_name("sign-in", "noor@example.org")
    failed(counts, 1, clock)
    keys = set(stored().scalars(select(Throttle.key)))
    assert keys == {count.key for count in counts}
    assert {len(key) for key in keys} == {32}
    app.extensions["quizapp.settings"] = replace(settings, secret_key="j" * 40)
    assert not keys & {count.key for count in throttles.of_name("sign-in", "noor@example.org")}


def test_tries_sent_at_once_are_judged_one_after_the_other(app: Flask, clock: Clock) -> None:
    outcomes: list[bool] = []

    def try_once() -> None:
        with app.test_request_context(environ_base={"REMOTE_ADDR": HERE}):
            outcomes.append(failed(throttles.of_name("sign-in", "noor"), 1, clock) == 1)

    threads = [threading.Thread(target=try_once) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False] * 14 + [True] * 6


@pytest.mark.usefixtures("asking")
def test_rows_that_count_nothing_any_more_are_swept(app: Flask, clock: Clock) -> None:
    database: Database = app.extensions["quizapp.database"]
    failed(throttles.of_person("code", 1), 1, clock)
    clock.advance(hours=23)
    failed(throttles.of_person("code", 2), 1, clock)
    clock.advance(hours=1, seconds=1)
    for left in ({"removed": 1}, {"removed": 0}):
        with database.write_session() as session:
            assert throttles.remove_old_throttles(session, clock()) == left
    with database.read_session() as session:
        assert len(session.scalars(select(Throttle.key)).all()) == 1


@pytest.mark.parametrize(
    ("time", "words"),
    [
        (timedelta(milliseconds=200), "Try again in 1 second."),
        (timedelta(seconds=7.2), "Try again in 8 seconds."),
        (timedelta(minutes=15), "Try again in 15 minutes."),
    ],
)
def test_the_refusal_says_when_to_try_again(time: timedelta, words: str) -> None:
    assert TooManyTries(time).message == f"That was tried too often. {words}"
