"""What is kept only for a time: counted by a dry run that changes nothing, taken away by the sweep, and no more."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.background.sweeps import Turn
from quizapp.config import Settings, read_settings
from quizapp.database import Database
from quizapp.errors import Misconfigured
from quizapp.models import Flag, Item, ItemVersion, Job, OneTimeLink, OutboxMessage, PrivacyRequest, SignIn, Throttle
from quizapp.privacy.erasing import WORDS_GONE
from quizapp.privacy.requests import UNUSED, ask, open_requests, take_back
from quizapp.privacy.retention import expired, keep_to_retention
from quizapp.worker import SWEEPS
from tests.builders import make_person, make_sign_in
from tests.command_line import Run
from tests.conftest import Cast, Clock
from tests.privacy.conftest import dump

OLD, FRESH = timedelta(days=100), timedelta(hours=20)


@pytest.fixture
def rows(database: Database, cast: Cast, clock: Clock) -> dict[str, int]:
    """Rows past their time and rows that are not; returns how many are past, by table."""
    with database.write_session() as session:
        for ended in (OLD, OLD, FRESH, None):
            key = make_sign_in(session, cast.student, now=clock.now - OLD)
            session.get_one(SignIn, key).ended_at = None if ended is None else clock.now - ended
        alone = make_sign_in(session, cast.classmate, now=clock.now - 2 * OLD)
        session.get_one(SignIn, alone).ended_at = clock.now - OLD
        newest = make_sign_in(session, cast.student, now=clock.now)
        session.get_one(SignIn, newest).ended_at = clock.now
        for age in (OLD, FRESH):
            then = clock.now - age
            session.add(OneTimeLink(
                person_id=cast.student, secret_hash=uuid.uuid4().bytes * 2, created_at=then,
                expires_at=then + timedelta(hours=1),
            ))  # fmt: skip
            session.add(Throttle(key=uuid.uuid4().bytes * 2, failures=1, last_at=then))
            session.add(Job(
                kind="x", payload={}, status="done", owner_id=cast.student, run_at=then, created_at=then,
                finished_at=then,
            ))  # fmt: skip
            session.add(Job(kind="x", payload={}, owner_id=cast.student, run_at=then, created_at=then))
            for sent_at in (then, None):
                session.add(OutboxMessage(
                    id=uuid.uuid4(), kind="mail", payload={}, created_at=then, due_at=then, sent_at=sent_at
                ))  # fmt: skip
            _flags(session, cast, clock.now - 4 * age)
            session.add(PrivacyRequest(
                person_number=77, made_at=then - 11 * age, due_at=then, closed_at=clock.now - 11 * age, outcome="done"
            ))  # fmt: skip
    return {
        "sign_ins": 2, "one_time_links": 1, "throttles": 1, "jobs": 1, "outbox": 2, "flags": 1, "privacy_requests": 1,
    }  # fmt: skip


def _flags(session: Session, cast: Cast, then: object) -> None:
    item, version = session.execute(select(Item.id, ItemVersion.id).join(ItemVersion).order_by(Item.id).limit(1)).one()
    session.add(Flag(
        item_id=item, item_version_id=version, person_id=cast.student, reason="other", comment="It is I, Mira.",
        created_at=then, settled_at=then, settled_by=cast.teacher, verdict="fixed",
    ))  # fmt: skip


@pytest.fixture
def turn(database: Database, settings: Settings, clock: Clock) -> Turn:
    return Turn("retention", database, settings, clock, Random(1), lambda: False)


def swept(turn: Turn) -> dict[str, int]:
    return {table: number for table, number in keep_to_retention(turn).items() if number}


def counted(database: Database, clock: Clock, days: int = 0) -> dict[str, int]:
    found: dict[str, int] = {}
    with database.read_session() as session:
        for line in expired(session, clock.now, days):
            found[line.table] = found.get(line.table, 0) + line.rows
    return {table: number for table, number in found.items() if number}


def test_what_is_counted_is_what_goes(database: Database, clock: Clock, rows: dict[str, int], turn: Turn) -> None:
    # An old message that was sent is past two rules, and gone by the first.
    assert counted(database, clock) == {**rows, "outbox": rows["outbox"] + 1}
    assert swept(turn) == rows
    assert counted(database, clock) == {}
    assert swept(turn) == {}


def test_what_is_not_past_its_time_stays(
    database: Database, clock: Clock, rows: dict[str, int], turn: Turn, stored: Callable[[], Session], cast: Cast
) -> None:
    keep_to_retention(turn)
    session = stored()
    left = session.scalars(select(SignIn).where(SignIn.person_id == cast.student)).all()
    assert len(left) == 3
    assert session.scalars(select(SignIn).where(SignIn.person_id == cast.classmate)).all()  # the newest of each
    assert len(session.scalars(select(Job)).all()) == 3
    assert len(session.scalars(select(OutboxMessage)).all()) == 2
    flags = session.scalars(select(Flag).order_by(Flag.created_at)).all()
    assert [(flag.person_id, flag.settled_by, flag.comment) for flag in flags] == [
        (None, None, WORDS_GONE), (cast.student, cast.teacher, "It is I, Mira."),
    ]  # fmt: skip


def test_a_dry_run_changes_nothing(database: Database, rows: dict[str, int], run: Run) -> None:
    before = dump(database)
    printed = run("retention", "--dry-run").out
    assert dump(database) == before
    assert "nothing was changed" in printed
    assert "sign_ins" in printed
    assert "rows are gone or nameless" in run("retention").out
    assert dump(database) != before


def test_unused_accounts_stay_unless_the_settings_say_so(
    database: Database, clock: Clock, cast: Cast, turn: Turn, stored: Callable[[], Session]
) -> None:
    clock.advance(days=400)
    with database.write_session() as session:
        make_sign_in(session, cast.student, now=clock.now - timedelta(days=100))
        make_person(session, "Newly Come", now=clock.now)
        make_person(session, "Made Up", now=clock.now - timedelta(days=900), is_demo=True)
    assert swept(turn) == {}
    assert counted(database, clock, 365) == {"people": 3}
    limited = replace(turn, settings=replace(turn.settings, retention_days=365))
    assert swept(limited) == {"people": 3}
    assert swept(limited) == {}
    waiting = open_requests(stored())
    assert {entry.person_id for entry in waiting} == {cast.classmate, cast.teacher, cast.colleague}
    assert {(entry.due_at, entry.reason) for entry in waiting} == {(clock.now + timedelta(days=30), UNUSED)}


def test_who_wanted_to_stay_is_not_asked_again(database: Database, clock: Clock, cast: Cast, turn: Turn) -> None:
    clock.advance(days=400)
    with database.write_session() as session:
        ask(session, cast.student, clock.now)
        take_back(session, cast.student, clock.now)
    assert counted(database, clock, 365) == {"people": 3}


def test_fewer_days_than_a_sign_in_lasts_are_refused(app: Flask) -> None:
    for days in ("0", "180", "3650"):
        read_settings({"QUIZAPP_RETENTION_DAYS": days}, secret_key="k" * 40)
    with pytest.raises(Misconfigured, match="at least 180"):
        read_settings({"QUIZAPP_RETENTION_DAYS": "30"}, secret_key="k" * 40)


def test_the_worker_does_it() -> None:
    assert {"retention", "erasures"} <= {sweep.name for sweep in SWEEPS}
