"""The shapes of sweeps, their leases, and what is told of them."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.background import leases
from quizapp.background.jobs import add_job
from quizapp.background.leases import LEASE
from quizapp.background.outbox import MOST_TRIES, queue_mail
from quizapp.background.running import running
from quizapp.background.sweeps import Turn, in_batches, one_by_one
from quizapp.config import Settings
from quizapp.database import Database
from quizapp.models import OutboxMessage, Topic
from tests.conftest import MONDAY, Clock

Turns = Callable[..., Turn]
EVERY = timedelta(seconds=10)


class TestShapes:
    def test_batches_go_on_in_new_transactions_until_nothing_is_counted(self, turn_of: Turns, clock: Clock) -> None:
        left, sessions = [2, 2, 1], list[Session]()

        def sweep(session: Session, now: datetime) -> dict[str, int]:
            assert now == clock.now
            sessions.append(session)
            return {"removed": left.pop(0) if left else 0, "kept": 0}

        assert in_batches(sweep)(turn_of()) == {"removed": 5, "kept": 0}
        assert len(set(map(id, sessions))) == 4

    def test_batches_that_never_come_to_an_end_are_bounded(self, turn_of: Turns) -> None:
        assert in_batches(lambda _session, _now: {"removed": 1})(turn_of()) == {"removed": 50}
        ending = turn_of(is_ending=lambda: True)
        assert in_batches(lambda _session, _now: {"removed": 1})(ending) == {"removed": 1}

    def test_a_row_that_fails_leaves_nothing_and_does_not_stop_the_others(
        self, turn_of: Turns, database: Database, caplog: pytest.LogCaptureFixture
    ) -> None:
        def topics(session: Session, _now: datetime) -> list[tuple[int]]:
            return [
                (row,) for row in session.scalars(select(Topic.id).where(Topic.title != "Swept").order_by(Topic.id))
            ]

        def sweep(session: Session, topic_id: int, _now: datetime) -> None:
            topic = session.get_one(Topic, topic_id)
            topic.title = "Swept"
            session.flush()
            if topic.id == second:
                raise ValueError("canary of a person")

        with database.read_session() as session:
            second = topics(session, MONDAY)[1][0]
        turn = turn_of()
        with caplog.at_level(logging.ERROR, "quizapp.worker"):
            assert one_by_one("swept", topics, sweep)(turn) == {"swept": 9}
        assert len(turn.failures) == 1
        assert turn.failures[0].startswith("ValueError at background/sweeps.py:")
        assert [record.message for record in caplog.records] == ["failed"]
        assert "canary" not in str([vars(record) for record in caplog.records])
        with database.read_session() as session:
            assert topics(session, MONDAY) == [(second,)]


class TestLeases:
    def take(self, database: Database, holder: str, now: datetime, every: timedelta = EVERY) -> bool:
        with database.read_session() as session:
            is_free = leases.is_free(session, "s", every, now)
        with database.write_session() as session:
            is_taken = leases.take(session, "s", holder, every, now)
        assert is_free == is_taken
        return is_taken

    def give_back(self, database: Database, holder: str, taken_at: datetime, now: datetime) -> bool:
        with database.write_session() as session:
            return leases.give_back(session, "s", holder, taken_at=taken_at, result={"done": 1}, error=None, now=now)

    def test_one_worker_has_it_until_it_is_given_back_and_due_again(self, database: Database, clock: Clock) -> None:
        began = clock.now
        assert self.take(database, "first", began)
        assert not self.take(database, "second", clock.advance(seconds=30))
        assert self.give_back(database, "first", began, clock.now)
        assert not self.take(database, "second", began + EVERY - timedelta(seconds=1))
        assert self.take(database, "second", clock.now)

    def test_a_lease_that_ran_out_is_taken_over_and_cannot_be_given_back(
        self, database: Database, clock: Clock
    ) -> None:
        began = clock.now
        assert self.take(database, "killed", began)
        assert not self.take(database, "second", began + LEASE - timedelta(microseconds=1))
        assert self.take(database, "second", began + LEASE)
        assert not self.give_back(database, "killed", began, began + LEASE)
        assert self.give_back(database, "second", began + LEASE, began + LEASE)


def test_what_is_running_is_told_in_four_queries(
    database: Database, mailing: Settings, clock: Clock, settings: Settings
) -> None:
    with database.write_session() as session:
        leases.take(session, "attempts.close", "host:1", EVERY, clock.now)
        leases.note(session, "mail", "host:2", result={"sent": 3}, error="OSError: no route", now=clock.now)
        add_job(session, "count", {}, now=clock.now)
        add_job(session, "count", {}, now=clock.now)
        for _ in range(3):
            queue_mail(session, mailing, to="a@b.example", subject="s", body="b", now=clock.now)
        session.scalars(select(OutboxMessage).limit(1)).one().tries = MOST_TRIES
    with database.read_session() as session:
        state = running(session, clock.now)
    closing, mail = state.sweeps
    assert (closing.name, closing.holder, closing.is_running, closing.ran_at) == (
        "attempts.close",
        "host:1",
        True,
        None,
    )
    assert (mail.name, mail.is_running, mail.ran_at) == ("mail", False, clock.now)
    assert (mail.result, mail.error) == ({"sent": 3}, "OSError: no route")
    assert (state.jobs, state.mail_waiting, state.mail_given_up) == ({"waiting": 2}, 2, 1)
    assert state.database_bytes > 100_000
