"""Somebody who wrote a word of their own into every field there is, between others who did too."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from quizapp.accounts import passwords
from quizapp.accounts.links import make_reset_link
from quizapp.accounts.people import add_person
from quizapp.authoring.flags import Keeper, flag, settle
from quizapp.authoring.items import current_source
from quizapp.authoring.passages import add_passage
from quizapp.authoring.publishing import publish
from quizapp.authoring.sets import add_to_set, create_set
from quizapp.core.items import SingleChoice, read_item
from quizapp.database import Database
from quizapp.models import AttemptItem, Item, ItemSetItem, ItemVersion, Job, OutboxMessage, RecoveryCode
from quizapp.quizzes.attempts import start_practice, start_set
from quizapp.quizzes.building import pinned_items
from quizapp.quizzes.finishing import finish, grade_attempt
from quizapp.quizzes.responses import Given, respond
from quizapp.web import auditing
from tests.builders import make_sign_in
from tests.conftest import Cast, Clock
from tests.histories import answer, items_of, review, study, type_answer

PASSWORD = "canary-password in fog"
CANARY = "canary"


@dataclass(frozen=True)
class Life:
    """What somebody left here."""

    id: int
    taken_set: int  # a classmate took it; nothing in it is a canary
    untaken_set: int
    finished: uuid.UUID
    under_way: uuid.UUID  # of a set that tells its answers at the end


@pytest.fixture
def database(app: Flask) -> Database:
    used: Database = app.extensions["quizapp.database"]
    return used


@pytest.fixture
def noor(database: Database, cast: Cast, clock: Clock) -> Life:
    """A teacher who learns, too."""
    with database.write_session() as session:
        noor = add_person(
            session, shown_name="Canary Noor", sign_in_name="canary.noor", email="canary@example.org", role="teacher",
            password_hash=passwords.hash_password(PASSWORD, 1), time_zone="Europe/Prague", now=clock.now,
        ).id  # fmt: skip
        make_sign_in(session, noor, now=clock.now)
        make_reset_link(session, "canary.noor", clock.now)
        session.add(RecoveryCode(person_id=noor, code_hash=b"canary-code".ljust(32)))
        session.add(Job(kind="x", payload={"a": "canary-job"}, owner_id=noor, run_at=clock.now, created_at=clock.now))
        mail = {"to": "canary@example.org", "subject": "canary-subject", "body": "canary-body"}
        session.add(OutboxMessage(id=uuid.uuid4(), kind="mail", payload=mail, created_at=clock.now, due_at=clock.now))
        taken, untaken = _teach(session, noor, cast.classmate, clock.now)
        under_way = _learn_under_way(session, noor, cast.colleague, clock.now)
        finished = _learn(session, noor, clock.now)
        _flag(session, noor, cast.admin, finished, clock.now)
        study(session, noor, items_of(session)[:4], clock.now)
        review(session, noor, items_of(session)[0], 3, clock.now + timedelta(minutes=1))
        answer(session, cast.classmate, items_of(session)[:3], 1.0, clock.now)
        auditing.record(session, cast.admin, "person.role_changed", "person", noor, now=clock.now, role="teacher")
    return Life(noor, taken, untaken, finished, under_way)


def question(stem: str, *, word: str = "") -> SingleChoice:
    """Return a question whose words hold `word`."""
    item = read_item({
        "kind": "single_choice", "stem": stem,
        "options": [
            {"id": "a", "text": f"Ice {word}", "weight": 1.0, "feedback": f"Right {word}"},
            {"id": "b", "text": f"Steam {word}"}, {"id": "c", "text": f"Snow {word}"},
        ],
    })  # fmt: skip
    assert isinstance(item, SingleChoice)
    return item


def dump(database: Database) -> list[str]:
    """Return every row of every table as text, bytes and JSON included."""
    lines = []
    with database.engine.connect() as connection:
        for table in inspect(connection).get_table_names():
            for row in connection.execute(text(f'SELECT * FROM "{table}"')):  # noqa: S608  # the database's own name
                values = [bytes(v).decode("latin-1") if isinstance(v, bytes | memoryview) else str(v) for v in row]
                lines.append(f"{table}: {' | '.join(values)}")
    return lines


def hits(database: Database, word: str = CANARY) -> list[str]:
    """Return the rows that hold the word."""
    return [line for line in dump(database) if word in line.lower()]


def _teach(session: Session, noor: int, classmate: int, now: datetime) -> tuple[int, int]:
    passage = add_passage(
        session, noor, heading="Canary heading", text="A canary sings in the mine. " * 20, note="canary-note",
        submission=uuid.uuid4(), new_topic="Canary topic", now=now,
    )  # fmt: skip
    untaken = create_set(session, noor, "Canary set", "canary-description", now)
    add_to_set(
        session, untaken, noor, question("What is a canary?", word="canary"), current_source(session, passage), now
    )
    publish(session, untaken, noor, "link", now)
    shipped = current_source(session, 1)
    taken = create_set(session, noor, "Water", "", now)
    add_to_set(session, taken, noor, question("What is frozen water?"), shipped, now)
    slug = publish(session, taken, noor, "here", now)
    attempt = start_set(session, classmate, slug, uuid.uuid4(), seed=1, now=now)
    respond(session, classmate, attempt, 1, Given(uuid.uuid4(), {"choice": "a"}, 0, 900), now)
    finish(session, classmate, attempt, now)
    grade_attempt(session, classmate, attempt, now)
    item = session.scalars(select(ItemSetItem.item_id).where(ItemSetItem.item_set_id == taken)).one()
    version = session.scalars(select(ItemVersion.id).where(ItemVersion.item_id == item)).one()
    flag(session, version, classmate, "unclear", "Which water?", now)
    settle(session, item, Keeper(noor, is_admin=False), "no_fault", now)
    return taken, untaken


def _learn(session: Session, noor: int, now: datetime) -> uuid.UUID:
    items = _of_kind(session, "short_answer")[:2]
    attempt = start_practice(
        session, noor, uuid.uuid4(), pinned_items(session, items), title="Practice: canary-title",
        rules={"feedback": "at_once"}, seed=1, now=now,
    )  # fmt: skip
    respond(session, noor, attempt, 1, Given(uuid.uuid4(), {"text": "canary-answer"}, 0, 900), now)
    respond(session, noor, attempt, 2, Given(uuid.uuid4(), {"text": "=canary-formula"}, 0, 900), now)
    finish(session, noor, attempt, now)
    grade_attempt(session, noor, attempt, now)
    return attempt


def _learn_under_way(session: Session, noor: int, colleague: int, now: datetime) -> uuid.UUID:
    set_id = create_set(session, colleague, "Clouds", "", now)
    for stem in ("What is the hidden cloud?", "And the other hidden cloud?"):
        add_to_set(session, set_id, colleague, question(stem, word="vapour"), current_source(session, 1), now)
    slug = publish(session, set_id, colleague, "here", now)
    attempt = start_set(session, noor, slug, uuid.uuid4(), seed=1, now=now)
    respond(session, noor, attempt, 1, Given(uuid.uuid4(), {"choice": "a"}, 0, 900), now)
    type_answer(session, noor, attempt, 2, {"text": "canary-working"}, now)
    return attempt


def _flag(session: Session, noor: int, admin: int, attempt: uuid.UUID, now: datetime) -> None:
    asked = session.scalars(
        select(AttemptItem).where(AttemptItem.attempt_id == attempt).order_by(AttemptItem.position)
    ).all()
    flag(session, asked[0].item_version_id, noor, "other", "canary-comment", now)
    flag(session, asked[1].item_version_id, noor, "unclear", "canary-settled", now)
    settle(session, asked[1].item_id, Keeper(admin, is_admin=True), "fixed", now)


def _of_kind(session: Session, kind: str) -> list[int]:
    return list(session.scalars(select(Item.id).where(Item.kind == kind, Item.is_listed).order_by(Item.id)))
