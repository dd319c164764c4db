"""Seals on the audit log: what is sealed and when, and that any change to it afterwards is found."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import Executable, delete, insert, select, update

from quizapp.background import leases
from quizapp.background.sealing import SWEEP, check_seals, seal_audit, seal_key
from quizapp.background.sweeps import Turn
from quizapp.database import Database
from quizapp.models import AuditEntry
from quizapp.web.auditing import record
from tests.conftest import Clock

Turns = Callable[..., Turn]
KEY = seal_key("k" * 40)  # of the settings under test


def write(database: Database, clock: Clock, number: int) -> None:
    for _ in range(number):
        with database.write_session() as session:
            record(
                session, 7, "person.role_changed", "person", 12, now=clock.advance(seconds=1), to="teacher", from_=None
            )


def change(database: Database, statement: Executable) -> None:
    with database.write_session() as session:
        session.execute(statement)


def broken(database: Database, key: bytes = KEY) -> tuple[int | None, int, int]:
    with database.read_session() as session:
        found = check_seals(session, key)
    return found.broken_id, found.sealed, found.waiting


def test_entries_older_than_a_minute_are_sealed_in_order_and_once(
    database: Database, clock: Clock, turn_of: Turns
) -> None:
    assert broken(database) == (None, 0, 0)
    assert seal_audit(turn_of()) == {"sealed": 0, "last_id": 0}
    write(database, clock, 5)
    assert seal_audit(turn_of()) == {"sealed": 0, "last_id": 0}
    clock.advance(seconds=58)
    assert seal_audit(turn_of()) == {"sealed": 3, "last_id": 3}
    assert broken(database) == (None, 3, 2)
    clock.advance(hours=1)
    write(database, clock, 1)
    assert seal_audit(turn_of()) == {"sealed": 2, "last_id": 5}
    assert seal_audit(turn_of()) == {"sealed": 0, "last_id": 5}
    assert broken(database) == (None, 5, 1)


def test_more_entries_than_a_batch_are_sealed_at_once(database: Database, clock: Clock, turn_of: Turns) -> None:
    rows = [
        {"at": clock.now, "action": "a", "subject": "s", "subject_id": str(number), "detail": {}}
        for number in range(1201)
    ]
    change(database, insert(AuditEntry).values(rows))
    clock.advance(minutes=2)
    assert seal_audit(turn_of())["sealed"] == 1201
    assert broken(database) == (None, 1201, 0)


def test_numbers_that_were_rolled_back_are_no_gap(database: Database, clock: Clock, turn_of: Turns) -> None:
    write(database, clock, 2)
    with database.write_session() as session:
        record(session, None, "lost", "person", 1, now=clock.now)
        session.flush()
        session.rollback()
    write(database, clock, 2)
    clock.advance(minutes=2)
    assert seal_audit(turn_of())["sealed"] == 4
    assert broken(database) == (None, 4, 0)


def entry_like(row_id: int, seal: bytes | None, clock: Clock) -> dict[str, Any]:
    return {"id": row_id, "at": clock.now - timedelta(hours=9), "actor_id": 7, "action": "person.role_changed",
            "subject": "person", "subject_id": "12", "detail": {}, "seal": seal}  # fmt: skip


TAMPERINGS: dict[str, tuple[Callable[[Clock], Executable], int]] = {
    "the time": (lambda clock: update(AuditEntry).where(AuditEntry.id == 4).values(at=clock.now), 4),
    "the actor": (lambda _: update(AuditEntry).where(AuditEntry.id == 4).values(actor_id=8), 4),
    "the actor taken away": (lambda _: update(AuditEntry).where(AuditEntry.id == 4).values(actor_id=None), 4),
    "the action": (lambda _: update(AuditEntry).where(AuditEntry.id == 4).values(action="person.added"), 4),
    "the subject": (lambda _: update(AuditEntry).where(AuditEntry.id == 1).values(subject="item_set"), 1),
    "the subject's number": (lambda _: update(AuditEntry).where(AuditEntry.id == 6).values(subject_id="13"), 6),
    "the detail": (lambda _: update(AuditEntry).where(AuditEntry.id == 4).values(detail={"to": "admin"}), 4),
    "the seal": (lambda _: update(AuditEntry).where(AuditEntry.id == 4).values(seal=bytes(32)), 4),
    "the seal taken away": (lambda _: update(AuditEntry).where(AuditEntry.id == 4).values(seal=None), 4),
    "one removed": (lambda _: delete(AuditEntry).where(AuditEntry.id == 4), 5),
    "the first removed": (lambda _: delete(AuditEntry).where(AuditEntry.id == 1), 2),
    "the last removed": (lambda _: delete(AuditEntry).where(AuditEntry.id == 6), 6),
    "one put before all": (lambda clock: insert(AuditEntry).values(entry_like(0, None, clock)), 0),
    "one put in with a seal": (lambda clock: insert(AuditEntry).values(entry_like(0, bytes(32), clock)), 0),
    "renumbered": (lambda _: update(AuditEntry).where(AuditEntry.id == 6).values(id=60), 60),
}


@pytest.mark.parametrize(("tampering", "found"), TAMPERINGS.values(), ids=TAMPERINGS)
def test_what_was_changed_afterwards_is_found(
    database: Database, clock: Clock, turn_of: Turns, tampering: Callable[[Clock], Executable], found: int
) -> None:
    write(database, clock, 6)
    clock.advance(minutes=5)
    result = seal_audit(turn_of())
    with database.write_session() as session:
        leases.note(session, SWEEP, "a worker", result=dict(result), error=None, now=clock.now)
    assert broken(database) == (None, 6, 0)
    change(database, tampering(clock))
    assert broken(database)[0] == found


def test_another_secret_makes_other_seals(database: Database, clock: Clock, turn_of: Turns) -> None:
    write(database, clock, 3)
    clock.advance(minutes=5)
    seal_audit(turn_of())
    assert broken(database, seal_key("x" * 40)) == (1, 0, 0)


def test_two_workers_at_once_make_one_chain(database: Database, clock: Clock, turn_of: Turns) -> None:
    write(database, clock, 30)
    clock.advance(minutes=5)
    workers = [Thread(target=seal_audit, args=(turn_of(),)) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert broken(database) == (None, 30, 0)


def test_an_entry_still_under_way_is_waited_for(database: Database, clock: Clock, turn_of: Turns) -> None:
    if database.is_sqlite:  # there, whoever writes holds the one lock: numbers are committed in order
        return
    late = database.write_session()
    session = late.__enter__()
    record(session, 1, "slow", "person", 1, now=clock.now)
    session.flush()
    write(database, clock, 2)
    clock.advance(minutes=5)
    sealing = Thread(target=seal_audit, args=(turn_of(),))
    sealing.start()
    late.__exit__(None, None, None)
    sealing.join()
    assert broken(database) == (None, 3, 0)
    with database.read_session() as reader:
        assert reader.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).first() == "slow"
