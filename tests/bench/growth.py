"""What pages and reads cost as the log grows from ten thousand reviews to ten millions: `python -m tests.bench growth`.

On SQLite a cost is this process's own time, so that what else runs on the machine counts little; on PostgreSQL, where
another process works too, it is the clock's. It is the median of several, in one process, without a network.
"""

from __future__ import annotations

import statistics
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from random import Random

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.accounts.sign_ins import candidates
from quizapp.app import create_app
from quizapp.config import Settings
from quizapp.core.items import read_item
from quizapp.database import Database
from quizapp.demo import made_up_answer
from quizapp.flashcards.forms import card_name
from quizapp.learning.learners import learner
from quizapp.learning.queue import coming_cards, due_cards
from quizapp.models import Attempt, AttemptItem, Card, ItemSet, ItemVersion, Person
from quizapp.web.answers import answer_fields
from tests.bench.growing import GROWING, grow
from tests.bench.load import Call
from tests.bench.plans import faults, sent, steps
from tests.bench.scene import Writer, furnish, open_question, writer

MOST = 10_000_000
_TOPIC = "nato-role-in-ukraine"
_A_TURN = 5
_HEAD = ("page or read", "statements", "faults", "steps ×")


@dataclass
class Growing:
    """A page or read, and what it costs at each size in milliseconds."""

    name: str
    act: Callable[[], object]
    costs: list[float] = field(default_factory=list)
    steps: list[int] = field(default_factory=list)  # of SQLite's machine; nobody counts PostgreSQL's
    statements: int = 0
    faults: list[str] = field(default_factory=list)

    def look(self, database: Database) -> None:
        """Do it once more, to see what is sent to the database and how that is answered."""
        with sent(database) as statements:
            self.act()
        self.statements = len(statements)
        self.faults = faults(database, statements, GROWING)
        if database.is_sqlite:
            self.steps.append(steps(database, statements))

    def row(self) -> list[str]:
        """Return the cells of its row under _HEAD and the sizes."""
        ratios = [f"{cost / self.costs[0]:.2f}" for cost in self.costs[1:]]
        steps = f"{self.steps[-1] / self.steps[0]:.2f}" if self.steps and self.steps[0] else "–"
        return [
            self.name, str(self.statements), str(len(self.faults)), steps, f"{self.costs[0]:.2f}", *ratios
        ]  # fmt: skip


def growth_rows(settings: Settings, most: int, rounds: int) -> tuple[list[list[str]], list[str]]:
    """Fill an empty database step by step; return the table, and the faults of plans at the last size."""
    app, now = create_app(settings), datetime.now(UTC)
    database = app.extensions["quizapp.database"]
    mira, _ = furnish(app, now)
    with database.read_session() as session:
        jon = session.scalars(select(Person.id).where(Person.sign_in_name == "jon")).one()
    sizes = [size for size in (10_000, 100_000, 1_000_000) if size < most] + [most]
    grow(database, mira, jon, sizes[0])
    subjects = [*_pages(app, mira), *_reads(app, mira), *_writes(app, mira)]
    clock = time.process_time if database.is_sqlite else time.perf_counter
    for size in sizes:
        grow(database, mira, jon, size)
        for subject, cost in zip(subjects, _costs(subjects, clock, rounds), strict=True):
            subject.costs.append(cost)
            subject.look(database)
    database.engine.dispose()
    head = [*_HEAD, f"ms at {sizes[0]:,}", *(f"× at {size:,}" for size in sizes[1:])]
    return (
        [head, *(subject.row() for subject in subjects)],
        [f"{subject.name}: {fault}" for subject in subjects for fault in subject.faults],
    )


def _costs(subjects: Sequence[Growing], clock: Callable[[], float], rounds: int) -> list[float]:
    """Return the median milliseconds of each; they take turns, so that a busy minute does not fall on one of them."""
    found: list[list[float]] = [[] for _ in subjects]
    for turn in range(rounds + 1):
        for subject, times in zip(subjects, found, strict=True):
            for _ in range(_A_TURN):
                began = clock()
                subject.act()
                if turn:  # before, templates were compiled and statements cached
                    times.append((clock() - began) * 1000)
    return [statistics.median(times) for times in found]


def _pages(app: Flask, mira: int) -> list[Growing]:
    with app.extensions["quizapp.database"].read_session() as session:
        set_id, eva = session.execute(select(ItemSet.id, ItemSet.owner_id).where(ItemSet.owner_id.is_not(None))).one()
        item_id = session.scalar(
            select(Card.item_id).where(Card.learner_id == mira, Card.part == 0).order_by(Card.reviews.desc()).limit(1)
        )
        attempt_id = session.scalar(
            select(Attempt.id)
            .where(Attempt.learner_id == mira, Attempt.graded_at.is_not(None))
            .order_by(Attempt.started_at.desc())
            .limit(1)
        )
    reader, teacher = writer(app, mira), writer(app, eva)
    pages = [
        ("today", reader, "/"),
        ("next card", reader, "/cards"),
        ("card history", reader, f"/cards/{card_name((item_id or 0, 0))}"),
        ("browse cards", reader, "/cards/browse"),
        ("search cards", reader, "/cards/browse?q=war"),
        ("topic page", reader, f"/topics/{_TOPIC}"),
        ("progress", reader, "/progress"),
        ("progress of a topic", reader, f"/progress/{_TOPIC}"),
        ("attempts", reader, "/attempts"),
        ("question", reader, open_question(app, mira)),
        ("review of a quiz", reader, f"/attempts/{attempt_id}/review"),
        ("set results", teacher, f"/teach/sets/{set_id}/results"),
    ]
    return [Growing(name, _opening(app, Call(path, person.cookie))) for name, person, path in pages]


def _reads(app: Flask, mira: int) -> list[Growing]:
    now = datetime.now(UTC)

    def reading(read: Callable[[Session], object]) -> Callable[[], None]:
        def act() -> None:
            with app.extensions["quizapp.database"].read_session() as session:
                read(session)

        return act

    return [
        Growing("due queue", reading(lambda session: due_cards(session, learner(session, mira), now))),
        Growing("due counts", reading(lambda session: coming_cards(session, learner(session, mira), now, 14))),
        Growing("sign-in lookup", reading(lambda session: candidates(session, "mira"))),
    ]


def _writes(app: Flask, mira: int) -> list[Growing]:
    person = writer(app, mira)
    saves, ratings = _saves(app, person), _ratings(app, person)
    return [
        Growing("autosave", lambda: _send(app, next(saves), 200)),
        Growing("rating a card", lambda: _send(app, next(ratings), 303)),
    ]


def _saves(app: Flask, person: Writer) -> Iterator[Call]:
    """Type one answer and another in turn at a question under way."""
    address = open_question(app, person.person_id)
    _, _, attempt_id, position = address.split("/")
    with app.extensions["quizapp.database"].read_session() as session:
        content = session.scalars(
            select(ItemVersion.content)
            .join(AttemptItem, AttemptItem.item_version_id == ItemVersion.id)
            .where(
                AttemptItem.learner_id == person.person_id,
                AttemptItem.attempt_id == uuid.UUID(attempt_id),
                AttemptItem.position == int(position),
            )
        ).one()
    client_id, rng = str(uuid.uuid4()), Random(1)
    for number in count(1):
        yield person.call(
            f"{address}/working", submission_id=client_id, base_revision="0", working_revision=str(number - 1),
            save_number=str(number), **answer_fields(made_up_answer(read_item(content), number % 2 == 0, rng)),
        )  # fmt: skip


def _ratings(app: Flask, person: Writer) -> Iterator[Call]:
    """Rate the least reviewed cards, one after the other."""
    with app.extensions["quizapp.database"].read_session() as session:
        cards = session.execute(
            select(Card.item_id, Card.part, Card.reviews)
            .where(Card.learner_id == person.person_id, Card.due_at.is_not(None))
            .order_by(Card.reviews, Card.item_id, Card.part)
        ).all()
    for turn in count():
        for card in cards:
            yield person.call(
                "/cards/rate", id=str(uuid.uuid4()), card=card_name((card.item_id, card.part)), rating="3",
                seen_reviews=str(card.reviews + turn), question_milliseconds="6000", milliseconds="2000",
            )  # fmt: skip


def _opening(app: Flask, call: Call) -> Callable[[], None]:
    return lambda: _send(app, call, 200)


def _send(app: Flask, call: Call, status: int) -> None:
    client = app.test_client(use_cookies=False)
    headers = {"Cookie": call.cookie, "Accept": "text/html"}
    if call.fields is None:
        answer = client.get(call.path, headers=headers)
    else:
        answer = client.post(call.path, data=call.fields, headers=headers)
    assert answer.status_code == status, f"{call.path} answered {answer.status_code}"
