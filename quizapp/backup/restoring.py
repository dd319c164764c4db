"""Restoring a backup: everything in one transaction, compared with the manifest before any of it is kept."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, func, inspect, select, table, text
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, ProgrammingError

from quizapp.backup.archive import Archive, open_archive
from quizapp.backup.manifest import Content, Manifest, StoredTable
from quizapp.backup.tables import our_tables
from quizapp.backup.taking import Progress, sync_folder
from quizapp.database import Database
from quizapp.errors import Conflict, Misconfigured, QuizappError, Unreadable
from quizapp.schema import bring_to, migrating, newest_revision, refuse_newer, schema_revision

_VERSION_TABLE = "alembic_version"
_FOREIGN_KEYS = text(
    "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint"
    " WHERE contype = 'f' AND connamespace = current_schema()::regnamespace ORDER BY 1, 2"
)


def restore(database: Database, media: Path, file: Path, *, on_progress: Progress) -> Manifest:
    """Fill an empty database and the folder `media` from a backup, then bring its schema to this version's.

    Every table is read back before it is kept, and is what the manifest says. Raises Conflict when the database
    or the folder holds anything, Unreadable for a file that is damaged or was changed, Misconfigured for one of a newer
    version; then nothing is restored.
    """
    with open_archive(file) as archive:
        manifest = archive.manifest
        _refuse_newer_backup(manifest)
        try:
            with _NewMedia(media) as folder, migrating(database) as connection:
                _refuse_filled(connection)
                bring_to(connection, manifest.schema)
                _refuse_other_tables(connection, manifest)
                _load(connection, archive, on_progress)
                bring_to(connection, "head")
                folder.place(archive)
        except (DataError, IntegrityError, ProgrammingError) as error:
            reason = str(error.orig).partition("\n")[0]
            raise Unreadable(None, f"The database does not take what the backup holds: {reason}.") from error
        except OperationalError as error:
            raise QuizappError(f"The database gave up, and nothing was restored: {error.orig}.") from error
        except OSError as error:
            raise QuizappError(f"Nothing was restored, for media can't be written: {error.strerror}.") from error
    return manifest


def _refuse_newer_backup(manifest: Manifest) -> None:
    try:
        refuse_newer(manifest.schema)
    except Misconfigured as error:
        raise Misconfigured(
            f"The backup was written by a newer version of Quizapp ({manifest.program}, schema {manifest.schema}). "
            "Upgrade Quizapp."
        ) from error


def _refuse_filled(connection: Connection) -> None:
    refuse_newer(schema_revision(connection))
    known = {table.name for table in our_tables()}
    for name in inspect(connection).get_table_names():
        if name == _VERSION_TABLE:
            continue
        if name not in known or connection.scalar(select(func.count()).select_from(table(name))):
            raise Conflict(f"The database is not empty: it holds {name}. Restore into a new one.")


def _refuse_other_tables(connection: Connection, manifest: Manifest) -> None:
    inspector = inspect(connection)
    needed = {
        name: {column["name"] for column in inspector.get_columns(name)}
        for name in inspector.get_table_names()
        if name != _VERSION_TABLE
    }
    found = {stored.table.name: set(stored.table.columns) for stored in manifest.tables}
    if missing := sorted(set(needed) - set(found)):
        raise Unreadable(None, f"The backup is incomplete: it has no table {missing[0]}.")
    if extra := sorted(set(found) - set(needed)):
        raise Unreadable(None, f"The backup holds a table {extra[0]}, which schema {manifest.schema} has not.")
    if other := sorted(name for name, columns in needed.items() if columns != found[name]):
        raise Unreadable(None, f"The backup’s table {other[0]} has other columns than schema {manifest.schema}.")
    ours = {table.name: table.columns for table in our_tables()}
    if manifest.schema == newest_revision() and ours != {
        entry.table.name: entry.table.columns for entry in manifest.tables
    }:
        raise Unreadable(None, "The backup’s columns are of other kinds than its schema.")


def _load(connection: Connection, archive: Archive, on_progress: Progress) -> None:
    manifest = archive.manifest
    done, total = 0, 2 * manifest.rows
    with _foreign_keys_at_the_end(connection):
        for stored in manifest.tables:
            number = 1
            for lines in archive.batches(stored):
                stored.table.write(connection, lines, number)
                number += len(lines)
                on_progress(done + number - 1, total)
            done += stored.rows
            if connection.dialect.name != "sqlite":
                _set_sequence(connection, stored)
    for stored in manifest.tables:
        digest = hashlib.sha256()
        for number, lines_read in stored.table.read(connection):
            digest.update(lines_read)
            done += number
            on_progress(done, total)
        if digest.hexdigest() != stored.content.sha256:
            raise Unreadable(None, f"{stored.table.name} did not come back as it was backed up; nothing was restored.")


@contextmanager
def _foreign_keys_at_the_end(connection: Connection) -> Iterator[None]:
    """Let rows come in any order, and check every reference when the block ends."""
    if connection.dialect.name == "sqlite":  # a migration's transaction checks none by itself
        yield
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
        if broken:
            raise Unreadable(None, f"The backup’s table {broken[0]} refers to rows of {broken[2]} that are not there.")
        return
    keys = connection.execute(_FOREIGN_KEYS).all()
    for name, key, _ in keys:
        connection.exec_driver_sql(f"ALTER TABLE {name} DROP CONSTRAINT {key}")
    yield
    for name, key, definition in keys:
        connection.exec_driver_sql(f"ALTER TABLE {name} ADD CONSTRAINT {key} {definition}")


def _set_sequence(connection: Connection, stored: StoredTable) -> None:
    quoted = connection.dialect.identifier_preparer.quote(stored.table.name)
    for column in stored.table.key:
        named = {"name": quoted, "column": column}
        sequence = connection.scalar(text("SELECT pg_get_serial_sequence(:name, :column)"), named)
        if sequence and stored.rows:
            # Both names were looked up in the database itself.
            newest = f"SELECT setval('{sequence}', max(\"{column}\")) FROM {quoted}"  # noqa: S608
            connection.exec_driver_sql(newest)


class _NewMedia:
    """The media folder to be: placed at once when it is complete, and gone again when the block fails."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.partial = folder.with_name(f"{folder.name}.{secrets.token_hex(4)}.partial")
        self.is_placed = False

    def __enter__(self) -> Self:
        if self.folder.is_dir() and any(self.folder.iterdir()):
            raise Conflict(f"{self.folder} is not empty. Restore into a new data folder.")
        return self

    def place(self, archive: Archive) -> None:
        if not archive.manifest.media:
            return
        self._refuse_too_much(archive.manifest.media)
        self.partial.mkdir(parents=True)
        for path in archive.manifest.media:
            target = self.partial / path
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("xb") as stream:
                archive.unpack(path, stream)
                stream.flush()
                os.fsync(stream.fileno())
        for folder in (self.partial, *(path for path in self.partial.rglob("*") if path.is_dir())):
            sync_folder(folder)
        if self.folder.is_dir():
            self.folder.rmdir()
        self.partial.rename(self.folder)
        self.is_placed = True
        sync_folder(self.folder.parent)

    def _refuse_too_much(self, media: dict[str, Content]) -> None:
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        needed = sum(content.size for content in media.values())
        free = shutil.disk_usage(self.folder.parent).free
        if needed > free:
            raise QuizappError(f"Nothing was restored: media need {needed:,} bytes, and {free:,} are free.")

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        if kind is not None:
            shutil.rmtree(self.folder if self.is_placed else self.partial, ignore_errors=True)
