"""Migrations, driven from code: one function for start, tests and the command line."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from sqlite3 import connect
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from quizapp import models
from quizapp.config import shipped
from quizapp.database import Database
from quizapp.errors import Misconfigured

_LOCK = 7_041_776  # of pg_advisory_xact_lock; any number that nothing else takes
_WAIT_MILLISECONDS = 60_000


def migrate(database: Database, revision: str = "head") -> None:
    """Bring the schema to `revision`, up or down, in one transaction; processes that come together queue up.

    A SQLite file is copied beside itself first, as `<name>.before-<revision>`. Raises Misconfigured when the
    database was written by a newer version.
    """
    with migrating(database) as connection:
        before = schema_revision(connection)
        refuse_newer(before)
        target = newest_revision() if revision == "head" else revision
        if before == target:
            return
        if database.is_sqlite and before is not None:
            _copy_file(database, before)
        bring_to(connection, revision)


@contextmanager
def migrating(database: Database) -> Iterator[Connection]:
    """Open the transaction of a migration: one at a time, and on SQLite with foreign keys off."""
    engine = _migrating_engine(database)
    try:
        with engine.connect() as connection, connection.begin():
            if not database.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            yield connection
    finally:
        engine.dispose()


def bring_to(connection: Connection, revision: str) -> None:
    """Bring the schema to `revision`, up or down, inside a transaction of `migrating`."""
    _run(connection, schema_revision(connection), revision)
    if connection.dialect.name == "sqlite":
        _check_foreign_keys(connection)


def refuse_newer(revision: str | None) -> None:
    """Raise Misconfigured when `revision` is of a newer version than this one; None is an empty database."""
    if revision is not None and revision not in {script.revision for script in _script().walk_revisions()}:
        raise Misconfigured(
            f"The database was written by a newer version of Quizapp (schema {revision}). Upgrade Quizapp."
        )


def refuse_other_schema(connection: Connection) -> None:
    """Raise Misconfigured, with what to do, unless the schema is the one that this version works with."""
    revision = schema_revision(connection)
    refuse_newer(revision)
    if revision != newest_revision():
        found = "is empty" if revision is None else f"is at the older schema {revision}"
        raise Misconfigured(f"The database {found}. Migrate it first: python3 -m quizapp migrate")


def schema_revision(connection: Connection) -> str | None:
    """Return the schema's revision; None for an empty database."""
    return MigrationContext.configure(connection).get_current_revision()


def newest_revision() -> str | None:
    """Return the revision that this version of the program works with."""
    return _script().get_current_head()


def differences(connection: Connection) -> list[Any]:
    """List what differs between the schema and the models; empty when they agree."""
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, models.Person.metadata))


def _run(connection: Connection, before: str | None, revision: str) -> None:
    config = _config()
    config.attributes["connection"] = connection
    newer = {script.revision for script in _script().iterate_revisions(before or "base", "base")}
    if before is not None and (revision == "base" or (revision in newer and revision != before)):
        command.downgrade(config, revision)
    else:
        command.upgrade(config, revision)


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise RuntimeError(f"the migration would leave {len(broken)} rows without their parent: {broken[:3]}")


def _copy_file(database: Database, before: str) -> None:
    source = Path(database.url.database or "")
    if not source.is_file():
        return
    target = source.with_name(f"{source.name}.before-{before}")
    partial = target.with_name(target.name + ".partial")
    with closing(connect(source)) as old, closing(connect(partial)) as new:
        old.backup(new)
    shutil.move(partial, target)


def _migrating_engine(database: Database) -> Engine:
    if not database.is_sqlite:
        return create_engine(database.url, poolclass=NullPool)
    Path(database.url.database or ":memory:").parent.mkdir(parents=True, exist_ok=True)
    with database.engine.connect():  # sets WAL before the migration's own connection locks the file
        pass
    engine = create_engine(database.url, poolclass=NullPool)
    event.listen(engine, "connect", _connect_for_migration)
    event.listen(engine, "begin", _begin_immediate)
    return engine


def _connect_for_migration(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    # With foreign keys on, rebuilding a parent table would delete every child through CASCADE;
    # and the setting is ignored inside a transaction.
    cursor.execute("PRAGMA foreign_keys=OFF")
    cursor.execute(f"PRAGMA busy_timeout={_WAIT_MILLISECONDS}")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(shipped("migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["metadata"] = models.Person.metadata
    return config


def _script() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def table_names(connection: Connection) -> list[str]:
    """Return the names of all tables, parents before children."""
    existing = set(inspect(connection).get_table_names())
    return [table.name for table in models.Person.metadata.sorted_tables if table.name in existing]
