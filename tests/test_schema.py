"""Migrations on both databases: up, down and up again lose nothing, and the schema is what the models say."""

from __future__ import annotations

import hashlib
import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import CheckConstraint, Connection, MetaData, func, inspect, select, text
from sqlalchemy.orm import Session, make_transient

from quizapp import schema
from quizapp.database import Base, Database
from quizapp.demo import DemoAccount, make_demo
from quizapp.errors import Misconfigured
from quizapp.learning import rebuilding
from quizapp.learning.corrections import undo
from quizapp.models import Attempt, Card, DailyTotal, Flag, ItemVersion, Person, RecallTotal, SignIn
from quizapp.schema import differences, migrate, newest_revision, schema_revision, table_names
from tests.histories import answer, review

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
FIRST = "20261122_first"
REFILLED = "recall_totals"  # made again from the log on the way up
MADE_ALIKE = {"item_tags"}  # made again on the way up, just as it was
# Tables unknown to the first schema.
NEWER = {
    "drafts",
    "flags",
    "item_media",
    "item_tags",
    "leases",
    "media",
    "memory_fits",
    "overrides",
    "plan_learners",
    "plan_topics",
    "plans",
    "privacy_requests",
    "recovery_codes",
    "regrades",
    "set_sections",
    "rule_totals",
    "throttles",
}  # tables unknown to the first schema
NEWER_COLUMNS = {
    "people": {
        "is_keys_on", "is_typing_on", "session_length", "teacher_wanted_at", "totp_salt",
        "totp_confirmed_at", "totp_step", "time_factor", "week", "days_off", "is_fuzz_on",
        "parameters_id",
    },
    "attempts": {"key_told", "reached"},
    "attempt_items": {"marks", "is_dropped", "claimed_at", "claim_verdict", "claim_reply"},
    "cards": {"flagged_at", "is_sure_miss"},
    "daily_totals": {"low_answers", "low_right", "mid_answers", "mid_right", "high_answers", "high_right"},
    "item_set_items": {"section_id"},
    "items": {"is_stale"},
    "item_sets": {"rules", "closes_at", "feedback", "is_shuffled"},  # the last two became a part of the first
    "responses": {"comment", "marked_by_id", "regrade_id", "saves"},
    "sign_ins": {"seen_at"},
    "working_answers": {"revision", "client_id", "save_number"},
}  # fmt: skip
PEOPLE = (("student", "Mira Okafor", "mira"), ("student", "Jon Vale", "jon"), ("teacher", "Eva Lindqvist", "eva"))


@pytest.fixture
def empty(database_url: str, tmp_path: Path) -> Iterator[Database]:
    """A database without a table in it, of each kind."""
    database = Database(database_url)
    if database.is_sqlite:
        database.engine.dispose()
        database = Database(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    else:
        with database.engine.begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    yield database
    database.engine.dispose()


@pytest.fixture
def lived_in(database_url: str) -> Iterator[Database]:
    """A database with passages, people and some days of quizzes and cards, of each kind."""
    yield from peopled(database_url)


@pytest.fixture
def file(sqlite_template: Path, tmp_path: Path) -> Iterator[Database]:
    """The same as a file of SQLite."""
    path = tmp_path / "quizapp.sqlite3"
    shutil.copyfile(sqlite_template, path)
    yield from peopled(f"sqlite:///{path}")


def peopled(url: str) -> Iterator[Database]:
    database = Database(url)
    with database.write_session() as session:
        make_demo(session, [(DemoAccount(*person, ""), "") for person in PEOPLE], "UTC", NOW, days=2)
        add_flags(session)
    yield database
    database.engine.dispose()


def add_flags(session: Session) -> None:
    """Add an open flag and a settled one."""
    version = session.scalars(select(ItemVersion).order_by(ItemVersion.id).limit(1)).one()
    mira, jon, eva = session.scalars(select(Person.id).order_by(Person.id))
    of = {"item_id": version.item_id, "item_version_id": version.id, "created_at": NOW}
    session.add(Flag(**of, person_id=mira, reason="unclear"))
    session.add(
        Flag(**of, person_id=jon, reason="other", comment="Odd", settled_at=NOW, settled_by=eva, verdict="fixed")
    )


def test_migrating_from_nothing_makes_what_the_models_say(empty: Database) -> None:
    migrate(empty)
    with empty.engine.connect() as connection:
        assert schema_revision(connection) == newest_revision()
        assert differences(connection) == []
        assert set(table_names(connection)) == set(Base.metadata.tables)
        assert checks(connection) == {
            table.name: {str(check.name) for check in table.constraints if isinstance(check, CheckConstraint)}
            for table in Base.metadata.tables.values()
        }


def test_a_difference_is_found(empty: Database) -> None:
    migrate(empty)
    with empty.engine.begin() as connection:
        connection.execute(text("ALTER TABLE topics ADD COLUMN planted INTEGER"))
    with empty.engine.connect() as connection:
        assert [found[0] for found in differences(connection)] == ["remove_column"]


def test_down_and_up_again_changes_only_what_the_revision_is_about(lived_in: Database) -> None:
    before = digests(lived_in, without=NEWER_COLUMNS)
    whole = digests(lived_in)
    assert len(before) == len(Base.metadata.tables)
    migrate(lived_in, FIRST)
    with lived_in.engine.connect() as connection:
        assert schema_revision(connection) == FIRST
        assert differences(connection) != []
    assert digests(lived_in, without=NEWER_COLUMNS) == but(before, NEWER | {REFILLED})
    migrate(lived_in)
    assert but(digests(lived_in), {REFILLED}) == but(
        {**whole, **dict.fromkeys(NEWER - MADE_ALIKE, NOTHING)}, {REFILLED}
    )
    with lived_in.engine.connect() as connection:
        assert differences(connection) == []


def test_going_up_makes_the_totals_that_the_log_makes(lived_in: Database) -> None:
    with lived_in.write_session() as session:
        known = select(Card.learner_id, Card.item_id).where(Card.phase == "review", Card.part == 0).limit(1)
        mira, item_id = session.execute(known).one()
        review(session, mira, item_id, 1, NOW + timedelta(days=30))
        undone = review(session, mira, item_id, 3, NOW + timedelta(days=31))
        undo(session, mira, undone, void_id=uuid.uuid4(), now=NOW + timedelta(days=31))
        for certainty, score in (("high", 1.0), ("high", 0.5), ("low", 0.0)):
            answer(session, mira, [item_id], score, NOW + timedelta(days=32), certainty=certainty)
        answer(session, mira, [item_id], 1.0, NOW + timedelta(days=32), certainty="high", is_open_book=True)
    migrate(lived_in, "20261122_card_settings")
    migrate(lived_in)
    with lived_in.read_session() as session:
        assert list(rebuilding.differences(session)) == []
        assert session.scalars(select(RecallTotal)).first() is not None
        said = (DailyTotal.high_answers, DailyTotal.high_right, DailyTotal.low_answers, DailyTotal.low_right)
        assert session.execute(select(*said).where(DailyTotal.high_answers > 0)).one() == (2, 1, 1, 0)


def test_going_down_past_the_flags_forgets_only_them(lived_in: Database) -> None:
    migrate(lived_in, "20261122_flags")
    whole = digests(lived_in)
    assert whole["flags"] != NOTHING
    migrate(lived_in, "20261122_keys")
    assert digests(lived_in) == but(whole, {"flags"})
    migrate(lived_in, "20261122_flags")
    assert digests(lived_in) == {**whole, "flags": NOTHING}


def test_one_step_down_takes_guests_with_all_they_did_and_nobody_else(lived_in: Database) -> None:
    whole = digests(lived_in, without=NEWER_COLUMNS)
    with lived_in.write_session() as session:
        guest = Person(role="guest", shown_name="Guest", created_at=NOW)
        session.add(guest)
        session.flush()
        session.add(SignIn(id=uuid.uuid4(), person_id=guest.id, device="Phone", created_at=NOW, seen_at=NOW))
        taken = session.scalars(select(Attempt).limit(1)).one()
        make_transient(taken)
        taken.learner_id = guest.id
        session.add(taken)
    assert digests(lived_in, without=NEWER_COLUMNS)["attempts"] != whole["attempts"]
    migrate(lived_in, "20261122_flags")
    assert digests(lived_in, without=NEWER_COLUMNS) == but(whole, (NEWER | {REFILLED}) - {"flags"})


def test_going_down_brings_values_the_older_schema_has_no_room_for_back_into_its_bounds(lived_in: Database) -> None:
    with lived_in.engine.begin() as connection:
        connection.execute(text("UPDATE people SET target_retention = 0.97, email = 'shared@school.example'"))
    migrate(lived_in, FIRST)
    with lived_in.engine.connect() as connection:
        assert connection.execute(text("SELECT DISTINCT target_retention FROM people")).scalars().all() == [0.95]
        assert connection.execute(text("SELECT count(*) FROM people WHERE email IS NOT NULL")).scalar() == 1


def test_the_way_down_ends_at_an_empty_database(lived_in: Database) -> None:
    migrate(lived_in, "base")
    with lived_in.engine.connect() as connection:
        assert schema_revision(connection) is None
        assert table_names(connection) == []
    migrate(lived_in)
    with lived_in.engine.connect() as connection:
        assert differences(connection) == []


def test_a_database_at_its_revision_is_left_alone(lived_in: Database, tmp_path: Path) -> None:
    whole = digests(lived_in)
    migrate(lived_in)
    assert digests(lived_in) == whole
    assert list(tmp_path.glob("*.before-*")) == []


def test_a_newer_schema_is_refused_in_a_sentence(empty: Database) -> None:
    migrate(empty)
    with empty.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '20991231_later'"))
    with pytest.raises(Misconfigured, match=r"by a newer version of Quizapp \(schema 20991231_later\). Upgrade"):
        migrate(empty)


def test_a_sqlite_file_is_copied_before_it_is_changed(file: Database, tmp_path: Path) -> None:
    whole = digests(file)
    migrate(file, FIRST)
    copy = tmp_path / f"quizapp.sqlite3.before-{newest_revision()}"
    kept = Database(f"sqlite:///{copy}")
    assert digests(kept) == whole
    kept.engine.dispose()
    assert list(tmp_path.glob("*.partial")) == []


def test_a_migration_that_fails_changes_nothing(lived_in: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = digests(lived_in)

    def fail(_connection: Connection) -> None:
        raise RuntimeError("planted")

    if lived_in.is_sqlite:
        monkeypatch.setattr(schema, "_check_foreign_keys", fail)
    else:
        run = schema._run

        def run_and_fail(connection: Connection, before: str | None, revision: str) -> None:
            run(connection, before, revision)
            fail(connection)

        monkeypatch.setattr(schema, "_run", run_and_fail)
    with pytest.raises(RuntimeError, match="planted"):
        migrate(lived_in, FIRST)
    assert digests(lived_in) == whole


class TestRebuildingAParentOnSQLite:
    """A batch rebuild of `people` drops the old table; with foreign keys on, that deletes every child."""

    def test_with_foreign_keys_on_the_children_would_be_gone(
        self, file: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        connect = schema._connect_for_migration

        def keys_on(connection: Any, record: Any) -> None:
            connect(connection, record)
            connection.execute("PRAGMA foreign_keys=ON")

        monkeypatch.setattr(schema, "_connect_for_migration", keys_on)
        assert count(file, "reviews") > 0
        migrate(file, FIRST)
        assert count(file, "reviews") == count(file, "attempts") == count(file, "cards") == 0

    def test_as_it_is_every_child_stays(self, file: Database) -> None:
        before = {name: count(file, name) for name in ("reviews", "responses", "attempts", "cards", "daily_totals")}
        assert all(before.values())
        migrate(file, FIRST)
        migrate(file)
        assert {name: count(file, name) for name in before} == before

    def test_rows_that_lost_their_parent_stop_a_migration(self, file: Database) -> None:
        path = str(file.url.database)
        file.engine.dispose()
        with closing(sqlite3.connect(path)) as plain, plain:  # foreign keys are off unless asked for
            plain.execute("DELETE FROM people WHERE sign_in_name = 'jon'")
        with pytest.raises(RuntimeError, match=r"would leave \d+ rows without their parent"):
            migrate(file, FIRST)
        with file.engine.connect() as connection:
            assert schema_revision(connection) == newest_revision()


def checks(connection: Connection) -> dict[str, set[str]]:
    inspector = inspect(connection)
    return {
        name: {str(check["name"]) for check in inspector.get_check_constraints(name)}
        for name in table_names(connection)
    }  # fmt: skip


def count(database: Database, table: str) -> int:
    with database.engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(Base.metadata.tables[table])).scalar_one()


def digests(database: Database, without: dict[str, set[str]] | None = None) -> dict[str, str]:
    """Return a digest of each table's rows, in the order of their values."""
    found = {}
    with database.engine.connect() as connection:
        stored = MetaData()
        stored.reflect(connection)
        for name in table_names(connection):
            left_out = (without or {}).get(name, set())
            columns = sorted((column for column in stored.tables[name].c if column.name not in left_out), key=_name)
            rows = sorted(repr(tuple(row)) for row in connection.execute(select(*columns)))
            found[name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


NOTHING = hashlib.sha256(b"").hexdigest()  # the digest of an empty table


def but(found: dict[str, str], names: set[str]) -> dict[str, str]:
    """Return the digests without those of some tables."""
    return {name: digest for name, digest in found.items() if name not in names}


def _name(column: Any) -> str:
    return str(column.name)
