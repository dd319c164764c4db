"""The demo: people who can sign in, with a past that holds together, and who leave nothing of others' behind."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.config import Settings
from quizapp.core.grading import grade
from quizapp.core.items import read_item
from quizapp.database import Database
from quizapp.demo import (
    DAYS,
    DemoAccount,
    keep_accounts,
    kept_accounts,
    made_up_answer,
    make_demo,
    new_accounts,
    remove_demo,
)
from quizapp.learning.learners import learner
from quizapp.learning.queue import due_cards
from quizapp.learning.rebuilding import differences
from quizapp.models import (
    Attempt,
    AttemptItem,
    Card,
    DailyTotal,
    Item,
    ItemSet,
    ItemVersion,
    Person,
    Response,
    Review,
)
from quizapp.quizzes.attempts import start_set
from quizapp.quizzes.finishing import finish, grade_attempt
from quizapp.quizzes.responses import Given, respond
from quizapp.web.questions import ASKABLE_KINDS
from tests.conftest import MONDAY, Cast, Clock
from tests.histories import study
from tests.pages import Visitor


@dataclass(frozen=True)
class Demo:
    """The demo as it was made: accounts, and people's numbers by sign-in name."""

    accounts: dict[str, DemoAccount]
    people: dict[str, int]


@pytest.fixture(scope="module")
def made(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[DemoAccount]]:
    """A database with the demo, made once; the command line's tests make it on PostgreSQL too."""
    path = tmp_path_factory.mktemp("demo") / "demo.sqlite3"
    shutil.copyfile(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    accounts = new_accounts()
    with database.write_session() as session:
        make_demo(session, accounts, "Europe/Prague", MONDAY)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.engine.dispose()
    return path, [account for account, _ in accounts]


@pytest.fixture
def database_url(made: tuple[Path, list[DemoAccount]], tmp_path: Path) -> str:
    """A copy of the database with the demo."""
    path = tmp_path / "quizapp.sqlite3"
    shutil.copyfile(made[0], path)
    return f"sqlite:///{path}"


@pytest.fixture
def demo(app: Flask, made: tuple[Path, list[DemoAccount]], settings: Settings) -> Demo:
    keep_accounts(settings.data_dir, made[1])
    with app.extensions["quizapp.database"].read_session() as session:
        people = {row.sign_in_name: row.id for row in session.execute(select(Person.sign_in_name, Person.id))}
    return Demo({account.sign_in_name: account for account in made[1]}, people)


def test_the_past_is_believable(session: Session, demo: Demo) -> None:
    assert list(differences(session)) == []
    mira, jon = demo.people["mira"], demo.people["jon"]
    first = MONDAY - timedelta(days=DAYS)
    for person_id in (mira, jon):
        moments = session.scalars(select(Review.reviewed_at).where(Review.learner_id == person_id)).all()
        assert all(first <= moment < MONDAY for moment in moments)
        scores = session.scalars(
            select(Review.score).where(Review.learner_id == person_id, Review.score.is_not(None))
        ).all()
        assert 0.4 < sum(score or 0 for score in scores) / len(scores) < 0.95
        ratings = set(session.scalars(select(Review.rating).where(Review.source == "card")))
        assert ratings >= {1, 3}
    days = {
        person_id: session.scalar(
            select(func.count(DailyTotal.study_day.distinct())).where(DailyTotal.learner_id == person_id)
        )
        for person_id in (mira, jon)
    }
    assert 12 <= (days[mira] or 0) <= DAYS
    assert 4 <= (days[jon] or 0) < (days[mira] or 0)


def test_both_students_took_the_teachers_set_and_one_quiz_waits(session: Session, demo: Demo) -> None:
    item_set = session.scalars(select(ItemSet)).one()
    assert (item_set.owner_id, item_set.status) == (demo.people["eva"], "published")
    taken = session.execute(
        select(Attempt.learner_id, Attempt.graded_at.is_not(None)).where(Attempt.item_set_id == item_set.id)
    )
    assert {learner_id: graded for learner_id, graded in taken if graded}.keys() == {
        demo.people["mira"],
        demo.people["jon"],
    }
    (open_attempt,) = session.scalars(select(Attempt).where(Attempt.closed_at.is_(None)))
    assert open_attempt.learner_id == demo.people["mira"]
    assert 0 < open_attempt.answered_count < open_attempt.item_count
    assert due_cards(session, learner(session, demo.people["mira"]), MONDAY) != []


def test_every_demo_account_can_sign_in_and_sees_its_pages(demo: Demo, visitor: Callable[..., Visitor]) -> None:
    pages = {"mira": "/progress", "jon": "/attempts", "eva": "/teach", "ada": "/teach"}
    for name, path in pages.items():
        browser = visitor()
        browser.open("/sign-in")
        page = browser.press("Sign in", name=name, password=demo.accounts[name].password)
        assert page.path.partition("?")[0] == "/"
        assert browser.open(path).path == path


def test_passwords_are_random_and_hashed(session: Session, demo: Demo) -> None:
    passwords = [account.password for account in demo.accounts.values()]
    assert len(set(passwords)) == 4
    assert all(len(password) >= 12 for password in passwords)
    hashes = session.scalars(select(Person.password_hash)).all()
    assert all(stored and stored.startswith("$argon2id$") for stored in hashes)


def test_the_accounts_are_kept_until_the_demo_goes(session: Session, demo: Demo, settings: Settings) -> None:
    kept = {account.sign_in_name: account for account in kept_accounts(settings.data_dir)}
    assert kept == demo.accounts
    assert remove_demo(session, settings.data_dir) == 4
    assert kept_accounts(settings.data_dir) == []


def test_removing_the_demo_leaves_nothing_of_it(session: Session, demo: Demo, settings: Settings) -> None:
    shipped = session.scalar(select(func.count()).select_from(Item).where(Item.owner_id.is_(None)))
    remove_demo(session, settings.data_dir)
    session.commit()
    for model in (Person, Attempt, AttemptItem, Response, Review, Card, DailyTotal, ItemSet):
        assert session.scalar(select(func.count()).select_from(model)) == 0, model.__name__
    assert session.scalar(select(func.count()).select_from(Item)) == shipped


def test_what_real_people_did_with_the_demos_set_survives_it(
    demo: Demo, cast: Cast, session: Session, clock: Clock, settings: Settings, visitor: Callable[..., Visitor]
) -> None:
    slug, set_id = session.execute(select(ItemSet.slug, ItemSet.id)).one()
    attempt_id = start_set(session, cast.student, slug, uuid.uuid4(), seed=1, now=clock.now)
    rows = answer_all(session, cast.student, attempt_id, clock)
    study(session, cast.student, [rows[0].item_id], clock.now)
    session.commit()
    assert remove_demo(session, settings.data_dir) == 4
    session.commit()
    assert session.scalars(select(ItemSet.status).where(ItemSet.id == set_id)).one() == "closed"
    assert set(session.scalars(select(Item.status).where(Item.id.in_([row.item_id for row in rows])))) == {"retired"}
    assert list(differences(session)) == []
    assert session.scalars(select(Person.id).order_by(Person.id)).all() == sorted(vars(cast).values())
    session.commit()
    page = visitor(cast.student).open(f"/attempts/{attempt_id}/review")
    assert "Who says what" in page.words


@pytest.mark.parametrize("is_right", [True, False])
def test_made_up_answers_are_right_or_wrong_as_asked(session: Session, is_right: bool) -> None:
    rng = Random(3)
    for content in session.scalars(select(ItemVersion.content)):
        item = read_item(content)
        if item.kind not in ASKABLE_KINDS:
            continue
        answer = made_up_answer(item, is_right, rng)
        score = grade(item, answer).score
        if score is None:
            assert (answer["rating"] > 1) is is_right
        else:
            assert (score == 1.0) is is_right, (item.stem, answer)


def answer_all(session: Session, learner_id: int, attempt_id: uuid.UUID, clock: Clock) -> list[Any]:
    rows = session.execute(
        select(AttemptItem.position, AttemptItem.item_id, ItemVersion.content)
        .join(ItemVersion, ItemVersion.id == AttemptItem.item_version_id)
        .where(AttemptItem.learner_id == learner_id, AttemptItem.attempt_id == attempt_id)
    ).all()
    for row in rows:
        given = Given(uuid.uuid4(), made_up_answer(read_item(row.content), True, Random(1)), 0)
        respond(session, learner_id, attempt_id, row.position, given, clock.now)
    finish(session, learner_id, attempt_id, clock.now)
    grade_attempt(session, learner_id, attempt_id, clock.now)
    return list(rows)
