"""What tests stand on: a seeded application on each database, a clock they set, and a cast of people."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import settings as hypothesis_settings
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from quizapp.app import create_app
from quizapp.authoring.seed_files import read_seed_files
from quizapp.authoring.seeding import seed
from quizapp.config import Settings, shipped
from quizapp.database import Database
from quizapp.schema import migrate
from tests.builders import make_person
from tests.pages import Visitor

pytest_plugins = ("tests.chromium", "tests.command_line", "tests.faults.figures")

POSTGRESQL_URL = os.environ.get("QUIZAPP_TEST_POSTGRESQL_URL", "")
MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)

hypothesis_settings.register_profile("steady", derandomize=True, deadline=None, max_examples=100)
hypothesis_settings.load_profile("steady")


def skip_or_fail(reason: str) -> None:
    """Skip a test that this machine can't run; in CI that is a failure."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@dataclass
class Clock:
    """The moment that the application under test believes in."""

    now: datetime = MONDAY

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **amount: float) -> datetime:
        """Move on by `timedelta(**amount)`."""
        self.now += timedelta(**amount)
        return self.now


@dataclass(frozen=True)
class Cast:
    """The people of every story, by their numbers."""

    student: int
    classmate: int
    teacher: int
    colleague: int
    admin: int


def prepare(database: Database) -> None:
    """Migrate and seed an empty database, as if that had been some time before MONDAY."""
    migrate(database)
    with database.write_session() as session:
        seed(session, read_seed_files(shipped("seed")), MONDAY - timedelta(days=60))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.sqlite3"
    database = Database(f"sqlite:///{path}")
    prepare(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_template() -> Iterator[str]:
    if not POSTGRESQL_URL:
        skip_or_fail("QUIZAPP_TEST_POSTGRESQL_URL names no PostgreSQL server to test on")
    name = f"quizapp_template_{uuid.uuid4().hex[:8]}"
    _on_server(f'CREATE DATABASE "{name}"')
    try:
        database = Database(_named(name))
        prepare(database)
        database.engine.dispose()
        yield name
    finally:
        _on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated and seeded database of the test's own, once per kind of database."""
    if request.param == "sqlite":
        path = tmp_path / "quizapp.sqlite3"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    with postgresql_copy(request.getfixturevalue("postgresql_template")) as url:
        yield url


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(
        data_dir=tmp_path, database_url=database_url, secret_key="k" * 40, teacher_sign_up="open", password_rounds=1
    )


@pytest.fixture(scope="session")
def applications() -> dict[Settings, Flask]:
    """The applications made so far: making one takes longer than most tests, so tests use one after the other."""
    return {}


@pytest.fixture
def app(settings: Settings, clock: Clock, applications: dict[Settings, Flask]) -> Iterator[Flask]:
    """The application on this test's database; what the test sets in it goes when it ends. Routes can't be added."""
    made_with = replace(settings, data_dir=Path(), database_url="")
    if made_with not in applications:
        applications[made_with] = create_app(settings)
        applications[made_with].config.update(TESTING=True)
    app = applications[made_with]
    kept = [(values, dict(values)) for values in (app.config, app.extensions, app.view_functions)]
    database = Database(settings.database_url)
    app.extensions.update({"quizapp.settings": settings, "quizapp.database": database, "quizapp.clock": clock})
    yield app
    database.engine.dispose()
    for values, before in kept:
        values.clear()
        values.update(before)


@pytest.fixture
def own_app(settings: Settings, clock: Clock) -> Iterator[Flask]:
    """An application made for this test alone, which may add routes to it."""
    app = create_app(settings, now=clock)
    app.config.update(TESTING=True)
    yield app
    app.extensions["quizapp.database"].engine.dispose()


@pytest.fixture
def session(app: Flask, clock: Clock) -> Iterator[Session]:
    """A session for action tests: what it did is committed when asked, and gone with the database."""
    with Session(app.extensions["quizapp.database"].engine, expire_on_commit=False) as session:
        yield session


@pytest.fixture
def stored(app: Flask) -> Iterator[Callable[[], Session]]:
    """What is stored at this moment, for tests that work through pages: a session that only reads, fresh each time."""
    database: Database = app.extensions["quizapp.database"]
    with database.read_session() as session:

        def look() -> Session:
            session.rollback()
            session.expunge_all()
            return session

        yield look


@pytest.fixture
def cast(app: Flask, clock: Clock) -> Cast:
    with app.extensions["quizapp.database"].write_session() as session:
        return Cast(
            student=make_person(session, "Mira Okafor", now=clock.now),
            classmate=make_person(session, "Jon Vale", now=clock.now),
            teacher=make_person(session, "Eva Lindqvist", role="teacher", now=clock.now),
            colleague=make_person(session, "Paul Adeyemi", role="teacher", now=clock.now),
            admin=make_person(session, "Ada Admin", role="admin", now=clock.now),
        )


@pytest.fixture
def visitor(app: Flask) -> Callable[..., Visitor]:
    """Open a browser without a screen: signed in as a person of the cast, or as nobody."""

    def open_browser(person_id: int | None = None) -> Visitor:
        return Visitor(app, person_id)

    return open_browser


@contextmanager
def postgresql_copy(template: str) -> Iterator[str]:
    """Give the address of a copy of a database, which is dropped at the end."""
    name = f"quizapp_test_{uuid.uuid4().hex[:12]}"
    # As files: a twentieth of the time that PostgreSQL takes by default, through its log.
    _on_server(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    try:
        yield _named(name)
    finally:
        _on_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _on_server(statement: str) -> None:
    url = make_url(POSTGRESQL_URL).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _named(name: str) -> str:
    return (
        make_url(POSTGRESQL_URL)
        .set(drivername="postgresql+psycopg", database=name)
        .render_as_string(hide_password=False)
    )
