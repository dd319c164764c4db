"""Who is erased leaves nothing of theirs behind, and nothing of others' broken."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from quizapp.database import Database
from quizapp.learning.rebuilding import differences
from quizapp.models import (
    Attempt,
    AuditEntry,
    Flag,
    Item,
    ItemSet,
    ItemVersion,
    OutboxMessage,
    Person,
    PrivacyRequest,
    Topic,
)
from quizapp.privacy import erasing
from quizapp.privacy.erasing import WORDS_GONE, erase
from quizapp.privacy.purposes import purposes
from quizapp.privacy.requests import ask, carry_out, open_requests
from tests.builders import make_person
from tests.conftest import Cast, Clock
from tests.privacy.conftest import Life, dump, hits

Stored = Callable[[], Session]


def erased(database: Database, person_id: int) -> None:
    with database.write_session() as session:
        erase(session, [person_id])


def broken_keys(database: Database) -> list[object]:
    """Return rows that name what is not there; PostgreSQL refuses them by itself."""
    with database.engine.connect() as connection:
        return list(connection.execute(text("PRAGMA foreign_key_check"))) if database.is_sqlite else []


def test_the_canaries_are_everywhere_before(database: Database, noor: Life) -> None:
    found = {line.partition(":")[0] for line in hits(database)}
    assert found == {
        "attempt_items", "attempts", "flags", "item_sets", "item_versions", "jobs", "outbox", "passage_versions",
        "passages", "people", "recovery_codes", "responses", "topics", "working_answers",
    }  # fmt: skip


def test_who_is_erased_leaves_no_canary(database: Database, noor: Life, clock: Clock, cast: Cast) -> None:
    with database.write_session() as session:
        ask(session, noor.id, clock.now, reason="canary-reason")
        (request,) = open_requests(session)
        carry_out(session, request.id, cast.admin, clock.now)
    assert hits(database) == []
    assert broken_keys(database) == []
    with database.read_session() as session:
        assert list(differences(session)) == []
        assert session.get(Person, noor.id) is None


@pytest.mark.parametrize("table", ["flags", "privacy_requests"])
def test_words_that_are_forgotten_are_found(
    database: Database, noor: Life, clock: Clock, table: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    forgetful = {**purposes(), table: replace(purposes()[table], columns=())}
    monkeypatch.setattr(erasing, "purposes", lambda: forgetful)
    with database.write_session() as session:
        ask(session, noor.id, clock.now, reason="canary-reason")
    erased(database, noor.id)
    assert {line.partition(":")[0] for line in hits(database)} == {table}


def test_belongings_that_are_forgotten_are_found(
    database: Database, noor: Life, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(erasing, "let_go", lambda *_: 0)
    erased(database, noor.id)
    found = {line.partition(":")[0] for line in hits(database)}
    assert found == {"item_sets", "item_versions", "passage_versions", "passages", "topics"}


def test_what_others_use_stays_without_a_name(database: Database, noor: Life, cast: Cast, stored: Stored) -> None:
    before = others_rows(database, noor.id)
    erased(database, noor.id)
    assert others_rows(database, noor.id) == before
    session = stored()
    taken = session.get_one(ItemSet, noor.taken_set)
    assert (taken.status, taken.owner_id, taken.closed_at) == ("closed", None, taken.published_at)
    assert session.get(ItemSet, noor.untaken_set) is None
    (attempt,) = session.scalars(select(Attempt).where(Attempt.item_set_id == noor.taken_set))
    assert (attempt.learner_id, attempt.score) == (cast.classmate, 1.0)
    (version,) = [row for row in session.scalars(select(ItemVersion)) if row.content["stem"] == "What is frozen water?"]
    assert version.created_by is None
    item = session.get_one(Item, version.item_id)
    assert (item.owner_id, item.status, item.is_listed) == (None, "retired", False)
    assert session.scalars(select(Topic).where(Topic.title == "Canary topic")).all() == []


def others_rows(database: Database, person_id: int) -> list[str]:
    """Return the learners' rows of everybody else."""
    tables = ("attempts", "attempt_items", "responses", "cards", "reviews", "daily_totals")
    mine = f": {person_id} |"
    return sorted(line for line in dump(database) if line.startswith(tables) and mine not in line)


def test_flags_lose_name_and_words(database: Database, noor: Life, stored: Stored) -> None:
    flags = len(stored().scalars(select(Flag)).all())
    erased(database, noor.id)
    left = stored().scalars(select(Flag).order_by(Flag.id)).all()
    assert len(left) == flags
    assert all(noor.id not in (flag.person_id, flag.settled_by) for flag in left)
    assert {flag.comment for flag in left} == {WORDS_GONE, "Which water?"}


def test_the_log_keeps_numbers(database: Database, noor: Life, cast: Cast, stored: Stored, clock: Clock) -> None:
    before = [line for line in dump(database) if line.startswith("audit:")]
    with database.write_session() as session:
        ask(session, noor.id, clock.now)
        carry_out(session, open_requests(session)[0].id, cast.admin, clock.now + timedelta(hours=1))
    after = [line for line in dump(database) if line.startswith("audit:")]
    assert after[: len(before)] == before
    entry = stored().scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.action, entry.actor_id, entry.subject_id) == ("person.erased", cast.admin, str(noor.id))
    (request,) = stored().scalars(select(PrivacyRequest))
    assert (request.person_id, request.person_number, request.outcome) == (None, noor.id, "done")


def test_mail_to_a_shared_address_stays_unless_it_names_them(
    database: Database, noor: Life, clock: Clock, stored: Stored
) -> None:
    with database.write_session() as session:
        make_person(session, "Sister", now=clock.now, email="canary@example.org")
        session.add(waiting("canary@example.org", "Dear Sister", clock))
        session.add(waiting("canary@example.org", "Dear Canary Noor", clock))
        session.add(waiting("other@example.org", "Dear Canary Noor", clock))
    erased(database, noor.id)
    bodies = {(row.payload["to"], row.payload["body"]) for row in stored().scalars(select(OutboxMessage))}
    assert ("canary@example.org", "Dear Sister") in bodies
    assert ("canary@example.org", "Dear Canary Noor") not in bodies
    assert ("other@example.org", "Dear Canary Noor") in bodies


def waiting(to: str, body: str, clock: Clock) -> OutboxMessage:
    return OutboxMessage(
        id=uuid.uuid4(), kind="mail", payload={"to": to, "body": body}, created_at=clock.now, due_at=clock.now
    )
