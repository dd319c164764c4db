"""A backup being read: nothing in the zip is believed before it was checked against the manifest."""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from quizapp.backup import manifest
from quizapp.backup.manifest import Manifest, StoredTable, read_manifest
from quizapp.backup.tables import LONGEST_LINE
from quizapp.errors import Unreadable

_LARGEST_MANIFEST = 256 * 1024 * 1024  # bytes; some millions of media files
_MOST_UNPACKED = 250  # times the packed size: twice and more what rows with their keys come to
_ALWAYS_UNPACKED = 64 * 1024 * 1024  # bytes
_ROWS_AT_ONCE = 1000
_BYTES_AT_ONCE = 1024 * 1024
_ENCRYPTED = 1


class Archive:
    """An open backup whose names and sizes are as its manifest says."""

    def __init__(self, zipped: ZipFile) -> None:
        """Check all that can be told without unpacking. Raises Unreadable, or Misconfigured for a newer format."""
        self._zip = zipped
        members = zipped.infolist()
        for member in members:
            _refuse_odd(member)
        names = [member.filename for member in members]
        if manifest.NAME not in names:
            raise Unreadable(None, f"This is no backup: it holds no {manifest.NAME}.")
        if zipped.getinfo(manifest.NAME).file_size > _LARGEST_MANIFEST:
            raise Unreadable(None, f"This is no backup: its {manifest.NAME} is too large.")
        with damage_told():
            self.manifest: Manifest = read_manifest(zipped.read(manifest.NAME))
        expected = {manifest.NAME, *self.manifest.contents}
        if missing := sorted(expected - set(names)):
            raise Unreadable(None, f"The backup is incomplete: {missing[0]} is missing.")
        if extra := sorted(set(names) - expected):
            raise Unreadable(None, f"The backup holds {extra[0]!r}, which its {manifest.NAME} knows nothing of.")
        if len(names) != len(expected):
            raise Unreadable(None, "The backup holds a file twice.")

    def batches(self, stored: StoredTable) -> Iterator[list[bytes]]:
        """Yield the lines of a table, some at a time. Raises Unreadable at the end when digest or count differ."""
        batch: list[bytes] = []
        rows = size = 0
        with self._checked(stored.member) as stream:
            while line := stream.readline(LONGEST_LINE + 1):
                if not line.endswith(b"\n"):
                    raise Unreadable(rows + 1, f"{stored.member} ends in the middle of a row.")
                batch.append(line)
                rows += 1
                size += len(line)
                if len(batch) == _ROWS_AT_ONCE or size >= _BYTES_AT_ONCE:
                    yield batch
                    batch, size = [], 0
        if rows != stored.rows:
            raise Unreadable(None, f"{stored.member} holds {rows} rows; there must be {stored.rows}.")
        if batch:
            yield batch

    def unpack(self, path: str, target: IO[bytes]) -> None:
        """Copy the media file `path` to `target`. Raises Unreadable when it is not what it must be."""
        with self._checked(f"media/{path}") as stream:
            while chunk := stream.read(_BYTES_AT_ONCE):
                target.write(chunk)

    @contextmanager
    def _checked(self, name: str) -> Iterator[io.BufferedReader]:
        """Open a member; the block must read all of it, and its size and digest are checked after."""
        content = self.manifest.contents[name]
        with damage_told(), self._zip.open(name) as member:
            digesting = _Digesting(member)
            yield io.BufferedReader(cast(io.RawIOBase, digesting), _BYTES_AT_ONCE // 16)
            if digesting.size != content.size or digesting.sha256.hexdigest() != content.sha256:
                raise Unreadable(None, f"{name} is not what was backed up: its digest differs.")


@contextmanager
def open_archive(file: Path) -> Iterator[Archive]:
    """Open a backup to read. Raises Unreadable when it is none or damaged."""
    with damage_told():
        zipped = ZipFile(file)
    with zipped:
        yield Archive(zipped)


@contextmanager
def damage_told() -> Iterator[None]:
    """Tell what the zip's own checks find in a sentence."""
    try:
        yield
    except (BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
        raise Unreadable(None, f"The file is no backup, or a damaged one ({error}).") from error


def _refuse_odd(member: ZipInfo) -> None:
    if member.flag_bits & _ENCRYPTED or member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise Unreadable(None, f"The file {member.filename!r} is packed in a way that no backup of Quizapp is.")
    if member.file_size > max(_ALWAYS_UNPACKED, _MOST_UNPACKED * member.compress_size):
        raise Unreadable(
            None, f"The file {member.filename!r} would unpack to {member.file_size:,} bytes: no backup does."
        )


class _Digesting(io.RawIOBase):
    """A member whose bytes are digested as they pass."""

    def __init__(self, member: IO[bytes]) -> None:
        self.member = member
        self.sha256 = hashlib.sha256()
        self.size = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]  # any writable buffer
        chunk = self.member.read(len(buffer))
        self.sha256.update(chunk)
        self.size += len(chunk)
        buffer[: len(chunk)] = chunk
        return len(chunk)
