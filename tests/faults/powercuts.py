"""Power cuts replayed: what a SQLite file and its log could hold after one, at any moment of a run that was noted.

What was synced before the cut is there. Of what was written since, each piece may be there or not, whole or in sectors,
whatever came before or after it.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import sqlite3
import struct
import subprocess
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.faults.ledger import Ledger, Write, save_id

SOURCE = Path(__file__).with_name("writes.c")
WRITE, TRUNCATE, SYNC, UNLINK, TOLD = 1, 2, 3, 4, 9
SECTOR = 512
_SUFFIXES = ("", "-wal", "-journal")
_HEAD = struct.Struct("=IIQQ")
_HELD = {
    "start": "SELECT learner_id, id FROM attempts",
    "finish": "SELECT learner_id, id FROM attempts WHERE graded_at IS NOT NULL",
    "answer": "SELECT learner_id, id FROM responses",
    "rating": "SELECT learner_id, id FROM reviews",
}
_TYPED_OR_GIVEN = """
SELECT learner_id, attempt_id, position FROM working_answers
UNION SELECT learner_id, attempt_id, position FROM responses
"""
Key = tuple[str, int, uuid.UUID]


@dataclass(frozen=True)
class Note:
    """One thing that was done to a file, or, of kind TOLD, a learner told of success."""

    kind: int
    file: int
    offset: int  # of a truncation, the new length
    data: bytes = b""


@dataclass
class NotedLedger(Ledger):
    """A ledger that enters what was told among the writes, in the order in which it happened."""

    path: Path = Path()

    def note_told(self, write: Write) -> None:
        """Note it in the file, too."""
        super().note_told(write)
        data = json.dumps([write.kind, write.learner_id, write.id.hex]).encode()
        with self.path.open("ab", buffering=0) as file:
            fcntl.lockf(file, fcntl.LOCK_EX, 1)
            file.write(_HEAD.pack(TOLD, 0, 0, len(data)) + data)


@dataclass(frozen=True)
class Cut:
    """A moment without power: what the files hold, and what had been told by then."""

    files: dict[int, bytes]
    told: frozenset[Key]


@dataclass
class _File:
    """What is on the disk for good, and what was written since."""

    durable: bytearray | None  # None: there is no such file
    waiting: list[Note] = field(default_factory=list)

    def settle(self) -> None:
        for note in self.waiting:
            self.durable = _applied(self.durable, note)
        self.waiting.clear()

    def after_cut(self, rng: Random) -> bytes | None:
        """Return what could be found; chance decides how much of the waiting writes."""
        held = bytearray(self.durable) if self.durable is not None else None
        fate = rng.choice(["none", "all", "some", "torn", "torn"])
        for note in self.waiting:
            if fate == "all" or (fate in ("some", "torn") and rng.random() < 0.5):
                held = _applied(held, note)
            elif fate == "torn":
                for sector in _sectors(note):
                    if rng.random() < 0.5:
                        held = _applied(held, sector)
        return bytes(held) if held is not None else None


def compile_watcher(folder: Path) -> Path | None:
    """Compile what notes the writes; None without a C compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return None
    library = folder / "writes.so"
    subprocess.run([compiler, "-O1", "-shared", "-fPIC", "-o", str(library), str(SOURCE), "-ldl"], check=True)
    return library


def read_notes(path: Path) -> list[Note]:
    """Read what was noted, in its order."""
    notes, content, place = [], path.read_bytes(), 0
    while place + _HEAD.size <= len(content):
        kind, file, offset, length = _HEAD.unpack_from(content, place)
        place += _HEAD.size
        notes.append(Note(kind, file, offset, content[place : place + length]))
        place += length
    return notes


def cuts(notes: Sequence[Note], before: bytes, number: int, rng: Random) -> Iterator[Cut]:
    """Cut the power so often; `before` is the database at the first note. Half of the cuts follow what was told."""
    told_at = [place for place, note in enumerate(notes) if note.kind == TOLD]
    moments = [rng.choice(told_at) + 1 for _ in range(number // 2)]
    moments += [rng.randrange(told_at[0], len(notes)) + 1 for _ in range(number - len(moments))]
    files = {0: _File(bytearray(before)), 1: _File(None), 2: _File(None)}
    told: set[Key] = set()
    done = 0
    for moment in sorted(moments):
        for note in notes[done:moment]:
            _take(files, told, note)
        done = moment
        held = {index: file.after_cut(rng) for index, file in files.items()}
        yield Cut({index: content for index, content in held.items() if content is not None}, frozenset(told))


def examine(cut: Cut, folder: Path) -> tuple[bool, int]:
    """Open what a cut left; return whether it is corrupt, and how many writes that were told are not there."""
    base = folder / "after.sqlite3"
    for index, suffix in enumerate((*_SUFFIXES, "-shm")):
        path = Path(f"{base}{suffix}")
        path.unlink(missing_ok=True)
        if index in cut.files:
            path.write_bytes(cut.files[index])
    connection = sqlite3.connect(base)
    try:
        connection.execute("PRAGMA synchronous=OFF")
        if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            return True, 0
        held = {
            (kind, learner_id, uuid.UUID(bytes=key))
            for kind, statement in _HELD.items()
            for learner_id, key in connection.execute(statement)
        } | {
            ("save", learner_id, save_id(uuid.UUID(bytes=attempt_id), position))
            for learner_id, attempt_id, position in connection.execute(_TYPED_OR_GIVEN)
        }
    except sqlite3.DatabaseError:
        return True, 0
    finally:
        connection.close()
    return False, len(cut.told - held)


def preloading(library: Path, database: Path, notes: Path) -> dict[str, str]:
    """Return the environment of a server whose writes are noted."""
    present = os.environ.get("LD_PRELOAD", "")
    return {
        "LD_PRELOAD": f"{library} {present}".strip(),
        "QUIZAPP_WATCHED": str(database),
        "QUIZAPP_WRITES": str(notes),
    }


def _take(files: dict[int, _File], told: set[Key], note: Note) -> None:
    if note.kind == TOLD:
        kind, learner_id, key = json.loads(note.data)
        told.add((kind, learner_id, uuid.UUID(key)))
    elif note.kind == SYNC:
        files[note.file].settle()
    elif note.kind == UNLINK:
        files[note.file] = _File(None)
    else:
        file = files[note.file]
        file.durable = file.durable if file.durable is not None else bytearray()  # its name is in the folder at once
        file.waiting.append(note)


def _applied(held: bytearray | None, note: Note) -> bytearray:
    held = held if held is not None else bytearray()
    if note.kind == TRUNCATE:
        del held[note.offset :]
        held.extend(bytes(note.offset - len(held)))
        return held
    if len(held) < note.offset:
        held.extend(bytes(note.offset - len(held)))
    held[note.offset : note.offset + len(note.data)] = note.data
    return held


def _sectors(note: Note) -> Iterator[Note]:
    if note.kind != WRITE:
        return
    end = note.offset + len(note.data)
    place = note.offset
    while place < end:
        following = min(end, (place // SECTOR + 1) * SECTOR)
        yield Note(WRITE, note.file, place, note.data[place - note.offset : following - note.offset])
        place = following
