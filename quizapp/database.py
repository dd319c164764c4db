"""The database: engine, column types, and the two sessions. The only place that commits.

`reading()` is the session of every GET and of a POST up to its write: nothing can be written through it.
`transaction()` closes it, takes the write lock, and commits when its block ends without an error.
"""

from __future__ import annotations

import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, ClassVar, cast

from flask import Flask, current_app, g
from sqlalchemy import (
    JSON,
    Connection,
    DateTime,
    Dialect,
    Double,
    LargeBinary,
    MetaData,
    Uuid,
    create_engine,
    event,
)
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.engine.url import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Mapper, Session
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.types import TypeDecorator, TypeEngine

from quizapp.errors import Misconfigured

_EXTENSION = "quizapp.database"
_BUSY_MILLISECONDS = 5000


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC moment; a naive one is refused. SQLite stores it without the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Uuid16(TypeDecorator[uuid.UUID]):
    """A UUID in 16 bytes on SQLite, natively on PostgreSQL; never sorted by."""

    impl = LargeBinary(16)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Uuid() if dialect.name == "postgresql" else LargeBinary(16))

    def process_bind_param(self, value: uuid.UUID | None, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        return value.bytes

    def process_result_value(self, value: Any, dialect: Dialect) -> uuid.UUID | None:
        if value is None or isinstance(value, uuid.UUID):
            return value
        return uuid.UUID(bytes=value)


class Base(DeclarativeBase):
    """Base of all tables; constraint names follow one convention so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        uuid.UUID: Uuid16,
        float: Double,  # SQLAlchemy 2.0 would take half of its digits
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }


class Immutable:
    """Mixin of rows that are written once: changing one is our bug."""


@event.listens_for(Immutable, "before_update", propagate=True)
def _refuse_change(mapper: Mapper[Any], connection: Connection, target: Any) -> None:
    raise ValueError(f"{mapper.class_.__name__} rows are never changed")


class Database:
    """One engine and the sessions of the code that runs now."""

    def __init__(self, url: str) -> None:
        """Open `url`; SQLite and PostgreSQL (psycopg) are supported. Raises Misconfigured."""
        self.url = make_url(url)
        if self.url.get_backend_name() == "postgresql":
            self.url = self.url.set(drivername="postgresql+psycopg")
        elif self.url.get_backend_name() != "sqlite":
            raise Misconfigured("QUIZAPP_DATABASE_URL must start with sqlite:/// or postgresql://.")
        try:
            self.engine = create_engine(self.url, **_engine_options(self.is_sqlite))
        except ModuleNotFoundError as error:
            raise Misconfigured("PostgreSQL needs the extra: pip install 'quizapp[postgresql]'.") from error
        if self.is_sqlite:
            event.listen(self.engine, "connect", _configure_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        self._reader = self.engine.execution_options(quizapp_reads=True, postgresql_readonly=True)
        self._turn = threading.Lock()

    @property
    def is_sqlite(self) -> bool:
        """Whether this is SQLite; otherwise it is PostgreSQL."""
        return self.url.get_backend_name() == "sqlite"

    def read_session(self) -> Session:
        """Open a session that can't write."""
        return Session(self._reader, autoflush=False)

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Open a connection that sees one moment of the whole database, however long it reads, and can't write."""
        reader = self._reader if self.is_sqlite else self._reader.execution_options(isolation_level="REPEATABLE READ")
        with reader.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write_session(self) -> Iterator[Session]:
        """Open a session under the write lock; commit at the end, roll back on an error."""
        with self._a_turn(), Session(self.engine, expire_on_commit=False) as session, session.begin():
            session.connection()
            yield session

    @contextmanager
    def _a_turn(self) -> Iterator[None]:
        """Let the threads of this process write in turn on SQLite, which asks anew at times and may pass one by."""
        if not self.is_sqlite:
            yield
            return
        if not self._turn.acquire(timeout=_BUSY_MILLISECONDS / 1000):
            raise _locked(sqlite3.OperationalError("another thread writes for too long"))
        try:
            yield
        finally:
            self._turn.release()


def init_app(app: Flask, url: str) -> Database:
    """Give `app` its database; sessions end with the application context."""
    database = app.extensions[_EXTENSION] = Database(url)
    app.teardown_appcontext(_close_reading)
    return database


def database() -> Database:
    """Return the database of the application that runs now."""
    return cast(Database, current_app.extensions[_EXTENSION])


def reading() -> Session:
    """Return this request's session for reads; the database refuses a write through it."""
    if "reading" not in g:
        g.reading = database().read_session()
    return cast(Session, g.reading)


@contextmanager
def transaction() -> Iterator[Session]:
    """Open the one session that writes: what its block did is committed together or not at all."""
    _close_reading()
    with database().write_session() as session:
        yield session
        for act in g.pop("with_next_write", ()):
            act(session)


def with_next_write(act: Callable[[Session], object]) -> None:
    """Do something small at the end of this request's next transaction, if there is one."""
    g.setdefault("with_next_write", []).append(act)


def _close_reading(_error: BaseException | None = None) -> None:
    session: Session | None = g.pop("reading", None)
    if session is None:
        return
    try:
        session.close()
    except DBAPIError:  # the database went away after it was read: what was read is still true
        session.invalidate()


def _engine_options(is_sqlite: bool) -> dict[str, Any]:
    if is_sqlite:
        return {"connect_args": {"timeout": _BUSY_MILLISECONDS / 1000, "check_same_thread": False}}
    return {"pool_pre_ping": True, "pool_size": 8, "max_overflow": 8}


def _configure_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    # The driver must not send its own BEGIN: which kind is sent is decided in `_begin_sqlite`.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",  # NORMAL loses acknowledged rows in a power cut
        "foreign_keys=ON",
        f"busy_timeout={_BUSY_MILLISECONDS}",
        "cache_size=-20000",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # Straight to the driver: through SQLAlchemy these two statements would cost as much as a small select.
    is_reading = bool(connection.get_execution_options().get("quizapp_reads"))
    cursor = connection.connection.cursor()
    if connection.info.get("is_reading") is not is_reading:
        cursor.execute(f"PRAGMA query_only={'ON' if is_reading else 'OFF'}")
        connection.info["is_reading"] = is_reading
    # A deferred BEGIN that reads and then writes fails at once when another writer came between.
    try:
        cursor.execute("BEGIN" if is_reading else "BEGIN IMMEDIATE")
    except sqlite3.Error as error:
        raise _locked(error) from error
    finally:
        cursor.close()


def _locked(error: sqlite3.Error) -> OperationalError:
    return OperationalError("BEGIN", None, error)
