"""A lived-in installation of each kind, and an empty database of each kind to restore into."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from quizapp.backup.taking import back_up
from quizapp.database import Database
from quizapp.demo import DemoAccount, make_demo
from quizapp.models import AuditEntry, Job, Lease, OneTimeLink, OutboxMessage, Person, Throttle
from tests.conftest import MONDAY, POSTGRESQL_URL, postgresql_copy, skip_or_fail

PEOPLE = (("student", "Mira Okafor", "mira"), ("student", "Jon Vale", "jon"), ("teacher", "Eva Lindqvist", "eva"))
PICTURE = bytes(range(256)) * 40


@pytest.fixture(scope="session")
def lived_in_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("lived-in") / "quizapp.sqlite3"
    shutil.copyfile(sqlite_template, path)
    database = Database(f"sqlite:///{path}")
    _live(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.engine.dispose()
    return path


@pytest.fixture(scope="session")
def lived_in_postgresql(postgresql_template: str) -> Iterator[str]:
    with postgresql_copy(postgresql_template) as url:
        database = Database(url)
        _live(database)
        database.engine.dispose()
        yield str(database.url.database)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A lived-in database of the test's own, once per kind of database."""
    if request.param == "sqlite":
        path = tmp_path / "quizapp.sqlite3"
        shutil.copyfile(request.getfixturevalue("lived_in_template"), path)
        yield f"sqlite:///{path}"
        return
    with postgresql_copy(request.getfixturevalue("lived_in_postgresql")) as url:
        yield url


@pytest.fixture
def source(database_url: str) -> Iterator[Database]:
    """A database with passages, people, some days of quizzes and cards, and odd values, of each kind."""
    database = Database(database_url)
    yield database
    database.engine.dispose()


@pytest.fixture
def media(tmp_path: Path) -> Path:
    """The media of the same installation."""
    folder = tmp_path / "source" / "media"
    (folder / "passages").mkdir(parents=True)
    (folder / "passages" / "map.png").write_bytes(PICTURE)
    (folder / "empty.txt").touch()
    return folder


@pytest.fixture(params=["sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A new database, without a table in it, of each kind."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'target' / 'quizapp.sqlite3'}")
        yield database
        database.engine.dispose()
        return
    if not POSTGRESQL_URL:
        skip_or_fail("QUIZAPP_TEST_POSTGRESQL_URL names no PostgreSQL server to test on")
    url = make_url(POSTGRESQL_URL).set(drivername="postgresql+psycopg")
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    name = f"quizapp_test_{uuid.uuid4().hex[:12]}"
    with server.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
        database = Database(url.set(database=name).render_as_string(hide_password=False))
        yield database
        database.engine.dispose()
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    server.dispose()


@pytest.fixture
def empty_file(tmp_path: Path) -> Iterator[Database]:
    """A new SQLite database, where which kind it is does not matter."""
    database = Database(f"sqlite:///{tmp_path / 'target' / 'quizapp.sqlite3'}")
    yield database
    database.engine.dispose()


@pytest.fixture(scope="session")
def whole(lived_in_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A backup without a fault, to be copied and harmed."""
    folder = tmp_path_factory.mktemp("whole")
    (folder / "media").mkdir()
    (folder / "media" / "map.png").write_bytes(PICTURE)
    database = Database(f"sqlite:///{lived_in_template}")
    back_up(database, folder / "media", folder / "whole.zip", now=MONDAY, on_progress=lambda _done, _total: None)
    database.engine.dispose()
    return folder / "whole.zip"


def _live(database: Database) -> None:
    with database.write_session() as session:
        make_demo(session, [(DemoAccount(*person, ""), "") for person in PEOPLE], "UTC", MONDAY, days=3)
        _add_odd_values(session)


def _add_odd_values(session: Session) -> None:
    """Add what tells a faithful copy from a nearly faithful one."""
    odd = {
        "text": "Straße – “да” \u2028 \U0001f9ed \x7f",
        "numbers": [0.1 + 0.2, 1e-300, 2**53 + 1, -0.0],
        "none": None,
    }
    eva = session.query(Person).filter_by(sign_in_name="eva").one()
    eva.target_retention = 0.1 + 0.8
    session.add(AuditEntry(at=MONDAY.replace(microsecond=1), action="odd", subject="x", subject_id="1", detail=odd))
    session.add(AuditEntry(at=MONDAY, action="sealed", subject="x", subject_id="2", seal=bytes(range(32))))
    session.add(Throttle(key=b"\xff" * 32, failures=1, last_at=MONDAY))
    session.add(Throttle(key=b"\x00" * 32, failures=2, last_at=MONDAY))
    for name in ("b", "B", "a", "ä", "_"):
        session.add(Lease(name=name, holder="\t", until=MONDAY, result=None))
    session.add(OutboxMessage(id=uuid.uuid4(), kind="mail", payload=odd, created_at=MONDAY, due_at=MONDAY))
    for status, result in (("waiting", None), ("done", {"made": 3})):
        session.add(Job(kind="k", payload={}, status=status, run_at=MONDAY, created_at=MONDAY, result=result))
    secret = {"secret_hash": b"\n" * 32, "created_at": MONDAY, "expires_at": MONDAY + timedelta(days=1)}
    session.add(OneTimeLink(person_id=eva.id, **secret))
