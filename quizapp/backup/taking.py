"""Taking a backup: one snapshot, streamed into a zip that gets its name only once it is whole and on the disk."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from sqlalchemy import Connection

from quizapp import __version__
from quizapp.backup import manifest
from quizapp.backup.manifest import Content, Manifest, StoredTable
from quizapp.backup.tables import PortableTable, our_tables
from quizapp.database import Database
from quizapp.errors import Conflict, QuizappError
from quizapp.schema import newest_revision, refuse_other_schema

Progress = Callable[[int, int], None]  # rows done, rows in all
_CHUNK = 1024 * 1024


def back_up(
    database: Database, media: Path, file: Path, *, now: datetime, is_forced: bool = False, on_progress: Progress
) -> Manifest:
    """Write the database and the folder `media`, where there is one, to the zip `file`.

    Only a whole backup gets the name; it replaces a file only when forced. Raises Conflict when it may not,
    Misconfigured for a schema that is not this version's, QuizappError when the file can't be written.
    """
    _refuse_place(file, media, is_forced)
    with database.snapshot() as connection:
        refuse_other_schema(connection)
        taken = Manifest(__version__, newest_revision() or "", now.isoformat(), database.url.get_backend_name())
        tables = our_tables()
        total = sum(table.count(connection) for table in tables)
        try:
            with _new_file(file) as partial, ZipFile(partial, "w", ZIP_DEFLATED) as archive:
                for table in tables:
                    _add_table(archive, taken, connection, table, lambda done: on_progress(done, total))
                for path in _files(media):
                    _add_media(archive, taken, media, path)
                archive.writestr(manifest.NAME, taken.to_json())
        except OSError as error:
            raise QuizappError(f"The backup could not be written ({error}). Nothing of it was kept.") from error
    return taken


def _refuse_place(file: Path, media: Path, is_forced: bool) -> None:
    if file.is_dir():
        raise Conflict(f"{file} is a folder. Name a file.")
    if file.exists() and not is_forced:
        raise Conflict(f"{file} is there already. Choose another name, or replace it with --force.")
    if file.resolve().is_relative_to(media.resolve()):
        raise Conflict(f"{file} would be inside the folder it saves. Choose another place.")


@contextmanager
def _new_file(file: Path) -> Iterator[IO[bytes]]:
    # A random name: two backups to the same file at once must not write into each other.
    partial = file.with_name(f"{file.name}.{secrets.token_hex(4)}.partial")
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(file)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise
    sync_folder(file.parent)


def sync_folder(folder: Path) -> None:
    """Make sure that the names in a folder outlive a power cut, where the system has a way to say so."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _add_table(
    archive: ZipFile, taken: Manifest, connection: Connection, table: PortableTable, on_rows: Callable[[int], None]
) -> None:
    before, rows = taken.rows, 0

    def chunks() -> Iterable[bytes]:
        nonlocal rows
        for number, lines in table.read(connection):
            rows += number
            on_rows(before + rows)
            yield lines

    content = _add(archive, ZipInfo(f"tables/{table.name}.jsonl"), ZIP_DEFLATED, chunks())
    taken.tables.append(StoredTable(table, rows, content))


def _add_media(archive: ZipFile, taken: Manifest, media: Path, path: Path) -> None:
    try:
        stream = path.open("rb")
    except FileNotFoundError:  # removed since the folder was read: whoever did that meant it
        return
    name = path.relative_to(media).as_posix()
    with stream:
        chunks = iter(lambda: stream.read(_CHUNK), b"")
        taken.media[name] = _add(archive, ZipInfo(f"media/{name}"), ZIP_STORED, chunks)


def _add(archive: ZipFile, info: ZipInfo, compression: int, chunks: Iterable[bytes]) -> Content:
    digest = hashlib.sha256()
    size = 0
    info.compress_type = compression
    info.external_attr = 0o600 << 16
    with archive.open(info, "w", force_zip64=True) as member:
        for chunk in chunks:
            digest.update(chunk)
            size += len(chunk)
            member.write(chunk)
    return Content(size, digest.hexdigest())


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
