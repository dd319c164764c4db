"""What is measured: a database with the demo's history and people who write, and the calls of each page."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, count, cycle, repeat
from random import Random
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.app import create_app
from quizapp.authoring.seed_files import read_seed_files
from quizapp.authoring.seeding import seed
from quizapp.config import Settings, shipped
from quizapp.demo import DemoAccount, made_up_answer, make_demo
from quizapp.learning.reviews import choose
from quizapp.models import Attempt, Person, Review
from quizapp.quizzes import building
from quizapp.quizzes.attempts import start_practice
from quizapp.schema import migrate
from quizapp.web.answers import answer_fields
from quizapp.web.questions import ASKABLE_KINDS
from tests.bench.load import Call
from tests.builders import make_person
from tests.pages import Page, Visitor

_PEOPLE = (("student", "Mira Okafor", "mira"), ("student", "Jon Vale", "jon"), ("teacher", "Eva Lindqvist", "eva"))
_QUESTIONS = 50  # an attempt


@dataclass(frozen=True)
class Subject:
    """A page to measure: the calls of each connection, and the layout of its twin."""

    name: str
    layout: str
    is_write: bool
    feeds: list[Iterator[Call]]


@dataclass
class Writer:
    """Somebody who answers or rates all the time."""

    person_id: int
    cookie: str
    token: str

    def call(self, path: str, **fields: Any) -> Call:
        """Return what the person sends there."""
        return Call(path, self.cookie, {"csrf_token": self.token, **fields})


@dataclass
class Scene:
    """The prepared application and its subjects."""

    app: Flask
    subjects: list[Subject]

    def stored_reviews(self) -> int:
        """Return the number of events in the log."""
        with self.app.extensions["quizapp.database"].read_session() as session:
            return session.scalar(select(func.count()).select_from(Review)) or 0


def prepare(settings: Settings, connections: int, writes: int) -> Scene:
    """Fill an empty database, and make `writes` calls of each writing page for each of the connections."""
    app, now = create_app(settings), datetime.now(UTC)
    mira, item_ids = furnish(app, now)
    reader = writer(app, mira)
    answering = [writer(app, _learner(app, f"Answering {number}", now)) for number in range(connections)]
    rating = [writer(app, _learner(app, f"Rating {number}", now)) for number in range(connections)]
    reads = [
        ("topic page", "page", "/topics/nato-role-in-ukraine", "Practise this topic"),
        ("progress", "page", "/progress", "<table"),
        ("due queue", "focus", "/cards", 'name="seen_reviews"'),
        ("question", "focus", open_question(app, mira), 'name="submission_id"'),
    ]
    subjects = [
        Subject(name, layout, False, [repeat(Call(path, reader.cookie)) for _ in range(connections)])
        for name, layout, path, _ in reads
    ]
    for name, _, path, words in reads:
        _check(app, mira, name, path, words)
    subjects.append(
        Subject("quiz answer", "focus", True, [_answers(app, person, item_ids, writes, now) for person in answering])
    )
    subjects.append(Subject("card rating", "focus", True, [_ratings(app, person, item_ids, now) for person in rating]))
    return Scene(app, subjects)


def furnish(app: Flask, now: datetime) -> tuple[int, list[int]]:
    """Fill an empty database with the demo's history; return Mira, who studies every question, and the questions."""
    logging.getLogger("quizapp").setLevel(logging.WARNING)
    database = app.extensions["quizapp.database"]
    migrate(database)
    with database.write_session() as session:
        seed(session, read_seed_files(shipped("seed")), now - timedelta(days=60))
        make_demo(session, [(DemoAccount(*person, ""), "") for person in _PEOPLE], "UTC", now)
        questions = building.available(
            session,
            [topic.id for topic in building.practice_topics(session)],
            [kind for kind in ASKABLE_KINDS if kind != "flashcard"],
        )
        item_ids = [question.item_id for question in questions]
        mira = session.scalars(select(Person.id).where(Person.sign_in_name == "mira")).one()
        choose(session, mira, item_ids, submission_id=uuid.uuid4(), now=now)
    return mira, item_ids


def writer(app: Flask, person_id: int) -> Writer:
    """Sign a person in on a new device."""
    visitor = Visitor(app, person_id)
    page = visitor.open("/account")
    cookie = visitor.client.get_cookie(app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    return Writer(person_id, f"{cookie.key}={cookie.value}", _token(page))


def _token(page: Page) -> str:
    return next(element.get("value", "") for element in page.root.iter("input") if element.get("name") == "csrf_token")


def _learner(app: Flask, name: str, now: datetime) -> int:
    with app.extensions["quizapp.database"].write_session() as session:
        return make_person(session, name, now=now)


def open_question(app: Flask, person_id: int) -> str:
    """Return the address of a question that the person has not answered yet."""
    with app.extensions["quizapp.database"].read_session() as session:
        attempt = session.scalars(
            select(Attempt.id).where(Attempt.learner_id == person_id, Attempt.closed_at.is_(None))
        ).one()
    return f"/attempts/{attempt}/4"


def _check(app: Flask, person_id: int, name: str, path: str, words: str) -> None:
    page = Visitor(app, person_id).open(path)
    assert page.path == path, f"{name} led to {page.path}"
    assert words in page.text, f"{name} is not the page that was meant"


def _answers(app: Flask, person: Writer, item_ids: list[int], number: int, now: datetime) -> Iterator[Call]:
    rng = Random(1)
    with app.extensions["quizapp.database"].write_session() as session:
        quizzes = [
            _quiz(session, person, rng.sample(item_ids, min(_QUESTIONS, len(item_ids))), rng, now)
            for _ in range(-(-number // min(_QUESTIONS, len(item_ids))))
        ]
    return chain.from_iterable(quizzes)


def _quiz(session: Session, person: Writer, item_ids: list[int], rng: Random, now: datetime) -> Iterable[Call]:
    pinned = building.pinned_items(session, item_ids)
    attempt_id = start_practice(
        session, person.person_id, uuid.uuid4(), pinned,
        title="Practice", rules={"feedback": "at_once"}, seed=rng.randrange(2**31), now=now,
    )  # fmt: skip
    return [
        person.call(
            f"/attempts/{attempt_id}/{position}", submission_id=str(uuid.uuid4()), base_revision="0",
            working_revision="0", save_number="1", milliseconds="9000", do="check",
            **answer_fields(made_up_answer(question.item, rng.random() < 0.7, rng)),
        )
        for position, question in enumerate(pinned, start=1)
    ]  # fmt: skip


def _ratings(app: Flask, person: Writer, item_ids: list[int], now: datetime) -> Iterator[Call]:
    with app.extensions["quizapp.database"].write_session() as session:
        choose(session, person.person_id, item_ids, submission_id=uuid.uuid4(), now=now)
    return _rate(person, item_ids)


def _rate(person: Writer, item_ids: list[int]) -> Iterator[Call]:
    seen = {item_id: count() for item_id in item_ids}
    for item_id in cycle(item_ids):
        yield person.call(
            "/cards/rate", id=str(uuid.uuid4()), card=f"{item_id}.0", seen_reviews=str(next(seen[item_id])), rating="3",
            question_milliseconds="6000", milliseconds="2000",
        )  # fmt: skip
