"""What a run starts from: a database with the seeded questions, and people with cards and a cookie each."""

from __future__ import annotations

import subprocess
import sys
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from quizapp.app import create_app
from quizapp.authoring.seed_files import read_seed_files
from quizapp.authoring.seeding import seed
from quizapp.config import Settings, shipped
from quizapp.database import Database
from quizapp.learning.reviews import choose
from quizapp.models import Item, ItemSet, ItemSetItem
from quizapp.schema import migrate
from tests.builders import make_person, make_sign_in
from tests.faults.ledger import Ledger, Verdict, judge

SECRET_KEY = "f" * 40
SET_SLUG = "ten-questions"
_QUESTIONS = 10
_LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("locked", flush=True)
sys.stdin.read()
connection.execute("ROLLBACK")
"""


@dataclass(frozen=True)
class Person:
    """A signed-in learner."""

    id: int
    cookies: dict[str, str]


@dataclass
class Scene:
    """A database of a run's own, and the people in it."""

    settings: Settings
    people: Sequence[Person]

    @property
    def kind(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.settings.database_url.partition(":")[0].partition("+")[0]

    @property
    def environ(self) -> dict[str, str]:
        """The settings as a server reads them."""
        return {
            "QUIZAPP_DATA_DIR": str(self.settings.data_dir),
            "QUIZAPP_DATABASE_URL": self.settings.database_url,
            "QUIZAPP_SECRET_KEY": self.settings.secret_key,
        }

    @property
    def path(self) -> Path:
        """The SQLite file."""
        return Path(make_url(self.settings.database_url).database or "")

    def judge(self, ledger: Ledger) -> Verdict:
        """Hold the ledger against what is stored now."""
        database = Database(self.settings.database_url)
        try:
            with database.read_session() as session:
                return judge(session, ledger)
        finally:
            database.engine.dispose()


def fill(database: Database) -> None:
    """Migrate and seed an empty database."""
    migrate(database)
    with database.write_session() as session:
        seed(session, read_seed_files(shipped("seed")), datetime.now(UTC) - timedelta(days=60))


def populate(data_dir: Path, database_url: str, number: int, cards: int) -> Scene:
    """Add people to a seeded database, a set they can take, and so many cards that are due for each."""
    settings = Settings(data_dir=data_dir, database_url=database_url, secret_key=SECRET_KEY, password_rounds=1)
    app = create_app(settings)
    database: Database = app.extensions["quizapp.database"]
    now = datetime.now(UTC)
    with database.write_session() as session:
        item_ids = list(session.scalars(select(Item.id).where(Item.is_listed, Item.status == "published")))
        _add_set(session, item_ids[:_QUESTIONS], now)
        people = [_person(app, session, f"Learner {place}", item_ids[:cards], now) for place in range(number)]
    database.engine.dispose()
    return Scene(settings, people)


@contextmanager
def locked(scene: Scene) -> Iterator[None]:
    """Hold the SQLite file from another process while the block runs."""
    with subprocess.Popen(
        [sys.executable, "-c", _LOCK, str(scene.path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            assert process.stdout.readline() == "locked\n"
            yield
            process.stdin.close()
            assert process.wait(10) == 0
        finally:
            process.kill()


def _add_set(session: Session, item_ids: Sequence[int], now: datetime) -> None:
    item_set = ItemSet(slug=SET_SLUG, title="Ten questions", status="published", created_at=now, published_at=now)
    session.add(item_set)
    session.flush()
    session.add_all(
        ItemSetItem(item_set_id=item_set.id, item_id=item_id, position=place)
        for place, item_id in enumerate(item_ids, start=1)
    )


def _person(app: Flask, session: Session, name: str, item_ids: Sequence[int], now: datetime) -> Person:
    person_id = make_person(session, name, now=now, new_cards_per_day=999)
    sign_in_id = make_sign_in(session, person_id, now=now)
    choose(session, person_id, item_ids, submission_id=uuid.uuid4(), now=now)
    serializer = SecureCookieSessionInterface().get_signing_serializer(app)
    assert serializer is not None
    cookie = serializer.dumps({"_user_id": sign_in_id.hex, "_fresh": True})
    return Person(person_id, {app.config["SESSION_COOKIE_NAME"]: str(cookie)})
