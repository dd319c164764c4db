"""The database's promises: what only reads can't write, a failed transaction leaves nothing, values come back whole."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, Table, event, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError, StatementError
from sqlalchemy.orm import Session

from quizapp.database import Base, Database, Immutable, Uuid16, reading, transaction
from quizapp.errors import Misconfigured
from quizapp.learning.reviews import choose
from quizapp.models import Evidence, ItemVersion, PassageVersion, Person, Review, Topic
from tests.builders import make_person
from tests.conftest import Cast, Clock
from tests.histories import items_of


def test_nothing_can_be_written_through_a_session_that_reads(app: Flask) -> None:
    with app.app_context():
        title = reading().scalars(select(Topic.title).order_by(Topic.id)).first()
        with pytest.raises(DBAPIError, match=r"(?i)readonly|read-only"):
            reading().execute(update(Topic).values(title="Written"))
        reading().rollback()
        assert reading().scalars(select(Topic.title).order_by(Topic.id)).first() == title


def test_a_connection_that_read_can_write_in_a_transaction_and_only_read_again_after_it(app: Flask) -> None:
    with app.app_context():
        for title in ("One", "Two"):
            assert reading().scalar(select(Topic.id).limit(1)) is not None
            with transaction() as session:
                session.execute(update(Topic).values(title=title))
            assert set(reading().scalars(select(Topic.title))) == {title}
            with pytest.raises(DBAPIError):
                reading().execute(update(Topic).values(title="Written"))
            reading().rollback()


def test_a_transaction_that_fails_leaves_nothing(app: Flask, clock: Clock) -> None:
    with app.app_context():
        with pytest.raises(IntegrityError), transaction() as session:
            add_twice(session, clock)
        assert reading().scalar(select(Person.id)) is None


def add_twice(session: Session, clock: Clock) -> None:
    for _ in range(2):  # the second has the same sign-in name
        make_person(session, "Half There", now=clock.now)


def test_a_transaction_commits_when_its_block_ends(app: Flask, clock: Clock) -> None:
    with app.app_context():
        with transaction() as session:
            make_person(session, "All There", now=clock.now)
        assert reading().scalar(select(Person.shown_name)) == "All There"


def test_reading_closes_before_a_transaction_opens(app: Flask) -> None:
    with app.app_context():
        earlier = reading()
        earlier.execute(text("SELECT 1"))
        with transaction():
            assert not earlier.in_transaction()
        assert reading() is not earlier


def test_a_database_that_goes_away_after_it_was_read_breaks_no_page(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialect = app.extensions["quizapp.database"].engine.dialect

    def refuse(_connection: object) -> None:
        raise dialect.dbapi.OperationalError("server closed the connection unexpectedly")

    for _ in range(30):  # more often than the pool has connections
        with monkeypatch.context() as away, app.app_context():
            assert reading().scalar(select(Topic.id).limit(1)) is not None
            away.setattr(dialect, "do_rollback", refuse)
        with app.app_context():
            assert reading().scalar(select(Topic.id).limit(1)) is not None


def test_a_writer_takes_its_lock_before_it_reads(app: Flask) -> None:
    engine = app.extensions["quizapp.database"].engine
    if engine.dialect.name == "sqlite":
        with app.extensions["quizapp.database"].write_session():
            other = Database(str(engine.url))
            event.listen(other.engine, "connect", lambda connection, _: connection.execute("PRAGMA busy_timeout=1"))
            with pytest.raises(DBAPIError, match="database is locked"), other.write_session():
                pass
            with other.read_session() as session:  # readers don't wait for a writer
                assert session.scalar(select(Topic.id).limit(1)) is not None
            other.engine.dispose()
    else:
        with app.extensions["quizapp.database"].write_session() as session:
            assert session.scalar(text("SHOW transaction_read_only")) == "off"
        with app.extensions["quizapp.database"].read_session() as session:
            assert session.scalar(text("SHOW transaction_read_only")) == "on"


def test_threads_of_one_process_write_in_turn_on_sqlite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Database(f"sqlite:///{tmp_path / 'q.sqlite3'}")
    asked: list[str] = []
    event.listen(database.engine, "begin", lambda _connection: asked.append("begin"))
    with database.write_session():
        monkeypatch.setattr("quizapp.database._BUSY_MILLISECONDS", 1)
        with pytest.raises(OperationalError, match="another thread writes for too long"), database.write_session():
            pass  # never reached
        assert asked == ["begin"], "the second must wait for its turn, not ask SQLite again and again"
    with database.write_session():
        assert asked == ["begin"] * 2


def test_moments_keep_their_instant_and_come_back_in_utc(session: Session) -> None:
    moment = datetime(2026, 11, 16, 9, 0, 30, 123456, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    person_id = make_person(session, "Maya Rai", now=moment)
    session.commit()
    session.expunge_all()
    stored = session.scalar(select(Person.created_at).where(Person.id == person_id))
    assert stored == moment
    assert stored is not None
    assert stored.tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(session: Session) -> None:
    with pytest.raises(StatementError, match="a moment without a zone"):
        make_person(session, "Nobody", now=datetime(2026, 11, 16, 9, 0))  # noqa: DTZ001  # on purpose


def test_uuids_come_back_as_they_were_and_take_16_bytes(session: Session) -> None:
    table = Base.metadata.tables["sign_ins"]
    person_id = make_person(session, "Mira Okafor", now=datetime(2026, 11, 16, tzinfo=UTC))
    keys = [uuid.UUID(int=0), uuid.UUID(int=2**128 - 1), uuid.uuid4(), uuid.uuid5(uuid.NAMESPACE_URL, "x")]
    for key in keys:
        moment = datetime(2026, 1, 1, tzinfo=UTC)
        values = {"id": key, "person_id": person_id, "device": "", "created_at": moment, "seen_at": moment}
        session.execute(insert(table).values(values))
    assert set(session.scalars(select(table.c.id))) == set(keys)
    assert session.scalars(select(table.c.id).where(table.c.id == keys[2])).all() == [keys[2]]
    size = "length(id)" if session.get_bind().dialect.name == "sqlite" else "octet_length(uuid_send(id))"
    assert set(session.scalars(text(f"SELECT {size} FROM sign_ins"))) == {16}  # noqa: S608  # our own words
    assert isinstance(table.c.id.type, Uuid16)


def test_no_id_is_no_uuid(session: Session) -> None:
    table = Base.metadata.tables["reviews"]
    assert session.scalars(select(table.c.names_id).where(table.c.names_id.is_not(None))).all() == []


def test_rows_written_once_are_never_changed(session: Session, cast: Cast, clock: Clock) -> None:
    choose(session, cast.student, items_of(session)[:1], submission_id=uuid.uuid4(), now=clock.now)
    changes = [(ItemVersion, "number", 9), (PassageVersion, "text", "Changed"), (Evidence, "quote", "Changed"),
               (Review, "rating", 1)]  # fmt: skip
    for model, column, value in changes:
        row = session.scalars(select(model).limit(1)).one()
        setattr(row, column, value)
        with pytest.raises(ValueError, match=f"{model.__name__} rows are never changed"):
            session.flush()
        session.rollback()
        choose(session, cast.student, items_of(session)[:1], submission_id=uuid.uuid4(), now=clock.now)


def test_all_tables_of_a_log_of_versions_or_of_files_are_immutable() -> None:
    names = {mapper.class_.__name__ for mapper in Base.registry.mappers if issubclass(mapper.class_, Immutable)}
    assert names == {"Evidence", "ItemVersion", "Media", "MemoryFit", "PassageVersion", "Response", "Review"}


def test_no_other_database_is_opened() -> None:
    with pytest.raises(Misconfigured, match=r"must start with sqlite:/// or postgresql://"):
        Database("mysql://somewhere/quizapp")


def test_foreign_keys_hold_on_both(app: Flask, clock: Clock) -> None:
    with (
        pytest.raises(DBAPIError, match=r"(?i)foreign key"),
        app.extensions["quizapp.database"].write_session() as session,
    ):
        choose_for_nobody(session, clock)


def choose_for_nobody(session: Session, clock: Clock) -> None:
    table: Table = Base.metadata.tables["sign_ins"]
    session.execute(
        insert(table).values(id=uuid.uuid4(), person_id=999_999, device="", created_at=clock.now, seen_at=clock.now)
    )


def test_sqlite_loses_nothing_in_a_power_cut(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'q.sqlite3'}")
    found = pragmas(database.engine)
    database.engine.dispose()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}


def pragmas(engine: Engine) -> dict[str, object]:
    def ask(connection: Connection, name: str) -> object:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()

    with engine.connect() as connection:
        return {name: ask(connection, name) for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")}
