"""Every read of what grows with use searches an index: SQLite's plan of it shows no scan of such a table."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, select, text
from sqlalchemy.orm import Session

from quizapp.authoring.results import set_results
from quizapp.database import Database
from quizapp.demo import DemoAccount, make_demo
from quizapp.flashcards.card_lists import Filters, card_list
from quizapp.flashcards.histories import card_history
from quizapp.flashcards.sessions import day
from quizapp.learning.cards import Key
from quizapp.learning.forecasts import due_by_day
from quizapp.learning.learners import Learner, learner
from quizapp.learning.plans import followed_plans, planned_cards
from quizapp.learning.queue import cards_ahead, coming_cards, due_cards, todays_cards
from quizapp.learning.recall import recall_curve, topic_memories
from quizapp.models import Attempt, Card, ItemSet, Person, is_withheld
from quizapp.progress.history import days_done, first_week, year_done
from quizapp.progress.misses import last_misses
from quizapp.progress.recalls import recalls
from quizapp.quizzes.reviewing import missed_item_ids
from quizapp.quizzes.reviewing import reviewed_questions as reviewed
from quizapp.quizzes.sittings import my_sittings, open_question, place_to_go_on, places, sitting
from quizapp.today.overviews import overview
from tests.bench.plans import scans

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
PEOPLE = (("student", "Mira Okafor", "mira"), ("student", "Jon Vale", "jon"), ("teacher", "Eva Lindqvist", "eva"))
GROWING = {
    "attempts", "attempt_items", "responses", "working_answers", "cards", "reviews", "daily_totals", "recall_totals",
    "sign_ins", "plans", "plan_learners", "plan_topics",
}  # fmt: skip


class Plans:
    """The plans of all statements that a session sends."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.lines: list[str] = []

    def of(self, read: Callable[[], object]) -> list[str]:
        """Return the plans of what `read` asks, a line each."""
        self.lines = []
        engine = self.session.get_bind()
        event.listen(engine, "before_cursor_execute", self._note)
        try:
            read()
        finally:
            event.remove(engine, "before_cursor_execute", self._note)
        return self.lines

    def _note(self, connection: Connection, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        cursor = connection.connection.cursor()
        if statement.lstrip().startswith(("SELECT", "WITH")):
            self.lines += [row[3] for row in cursor.execute(f"EXPLAIN QUERY PLAN {statement}", parameters).fetchall()]
        cursor.close()


@pytest.fixture(scope="module")
def lived_in(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path = tmp_path_factory.mktemp("plans") / "quizapp.sqlite3"
    shutil.copyfile(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    with database.write_session() as session:
        make_demo(session, [(DemoAccount(*person, ""), "") for person in PEOPLE], "UTC", NOW, days=9)
    yield database
    database.engine.dispose()


@pytest.fixture
def session(lived_in: Database) -> Iterator[Session]:
    with lived_in.read_session() as session:
        yield session


@pytest.fixture
def mira(session: Session) -> Learner:
    return learner(session, session.scalars(select(Person.id).where(Person.sign_in_name == "mira")).one())


def scanned(lines: list[str]) -> list[str]:
    """Return the plan's scans of tables that grow with use."""
    return scans(lines, GROWING)


def test_a_scan_is_found(session: Session) -> None:
    plans = Plans(session)
    assert scanned(plans.of(lambda: session.execute(text("SELECT count(*) FROM reviews WHERE rating = 3")))) != []
    assert scanned(plans.of(lambda: session.execute(text("SELECT * FROM cards AS cards_1 WHERE reviews = 3")))) != []
    assert scanned(plans.of(lambda: session.execute(text("SELECT * FROM topics")))) == []


def _some_card(session: Session, mira: Learner) -> Key:
    item_id, part = session.execute(
        select(Card.item_id, Card.part).where(Card.learner_id == mira.id, Card.reviews > 0)
    ).first() or (0, 0)
    return item_id, part


Read = Callable[[Session, Learner], object]
MEMORY_READS: dict[str, Read] = {
    "due cards": lambda session, mira: due_cards(session, mira, NOW),
    "due cards of a topic": lambda session, mira: due_cards(session, mira, NOW, topic_id=1),
    "cards still to come today": lambda session, mira: todays_cards(session, mira, NOW),
    "cards ahead": lambda session, mira: cards_ahead(session, mira, NOW),
    "all cards": lambda session, mira: card_list(session, mira, NOW, Filters()),
    "cards with words": lambda session, mira: card_list(session, mira, NOW, Filters(words="nato ukraine")),
    "flagged cards": lambda session, mira: card_list(session, mira, NOW, Filters(state="flagged"), after=(5, 0)),
    "a card's history": lambda session, mira: card_history(session, mira, _some_card(session, mira), NOW),
    "the day's session": lambda session, mira: day(session, mira, NOW, None),
    "the start page": lambda session, mira: overview(session, mira, NOW),
    "the days after today": lambda session, mira: due_by_day(session, mira, NOW, from_day=1),
    "cards of the days ahead": lambda session, mira: coming_cards(session, mira, NOW, 14),
    "a topic's cards by day": lambda session, mira: due_by_day(session, mira, NOW, topic_id=1),
    "plans followed": lambda session, mira: followed_plans(session, replace(mira, has_plans=True), NOW.date()),
    "cards of a plan": lambda session, mira: planned_cards(session, mira, NOW.date(), [1, 2]),
    "daily totals of a year": lambda session, mira: year_done(session, mira.id, NOW.date()),
    "recall totals": lambda session, mira: recalls(session, mira.id, NOW.date()),
    "daily totals of a topic": lambda session, mira: days_done(session, mira.id, first_week(NOW.date()), topic_id=1),
    "memories": lambda session, mira: topic_memories(session, mira.id),
    "memories of a topic": lambda session, mira: topic_memories(session, mira.id, slug="nato-role-in-ukraine"),
    "past recall": lambda session, mira: recall_curve(session, mira, topic_memories(session, mira.id)[0], NOW),
    "what waits for a quiz": lambda session, mira: session.scalars(
        select(Card.item_id).where(Card.learner_id == mira.id, is_withheld(Card.item_id, mira.id))
    ).all(),
    "misses": lambda session, mira: last_misses(session, mira.id, 1, NOW.date()),
}


@pytest.mark.parametrize("read", MEMORY_READS.values(), ids=MEMORY_READS)
def test_a_read_of_the_memory_searches(session: Session, mira: Learner, read: Read) -> None:
    lines = Plans(session).of(lambda: read(session, mira))
    assert any("SEARCH" in line for line in lines)
    assert scanned(lines) == []


def test_what_is_withheld_is_found_without_looking_at_all_that_was_ever_asked(session: Session, mira: Learner) -> None:
    lines = Plans(session).of(lambda: MEMORY_READS["what waits for a quiz"](session, mira))
    found = [line.split("USING INDEX ")[1] for line in lines if line.startswith("SEARCH attempt")]
    by_attempt = "sqlite_autoindex_attempt_items_1 (learner_id=? AND attempt_id=?)"
    assert found == [
        by_attempt,
        "ix_attempts_open (learner_id=?)",
        by_attempt,
        "ix_attempts_key_told (learner_id=?)",
    ]


def test_reads_of_attempts_search(session: Session, mira: Learner) -> None:
    attempt_id = session.scalars(
        select(Attempt.id).where(Attempt.learner_id == mira.id, Attempt.closed_at.is_(None))
    ).one()
    taken = sitting(session, mira.id, attempt_id)
    reads: list[Callable[[], object]] = [
        lambda: my_sittings(session, mira.id),
        lambda: my_sittings(session, mira.id, NOW - timedelta(days=1)),
        lambda: open_question(session, mira.id, attempt_id, 2),
        lambda: places(session, mira.id, taken),
        lambda: place_to_go_on(session, mira.id, attempt_id),
        lambda: reviewed(session, mira.id, taken),
        lambda: missed_item_ids(session, mira.id, attempt_id),
    ]
    for read in reads:
        lines = Plans(session).of(read)
        assert any("SEARCH attempt" in line for line in lines)
        assert scanned(lines) == []


def test_the_results_of_a_set_search(session: Session) -> None:
    found = session.scalars(select(ItemSet)).one()
    lines = Plans(session).of(lambda: set_results(session, found.id, found.owner_id or 0))
    assert any("SEARCH attempts" in line for line in lines)
    assert scanned(lines) == []
