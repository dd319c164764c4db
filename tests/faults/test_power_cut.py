"""The power fails at any moment of a run on SQLite: the file opens whole and holds every write that was told."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from tests.conftest import skip_or_fail
from tests.faults.client import Traffic, run_apart
from tests.faults.conftest import MakeScene, Serving
from tests.faults.figures import Note as Enter
from tests.faults.learners import at_work, until
from tests.faults.ledger import Verdict
from tests.faults.powercuts import (
    SYNC,
    TOLD,
    TRUNCATE,
    WRITE,
    Cut,
    Note,
    NotedLedger,
    compile_watcher,
    cuts,
    examine,
    preloading,
    read_notes,
)

_FULL_LOG_BYTES = 1000 * 4096  # where SQLite moves its log into the file


@pytest.fixture(scope="session")
def watcher(tmp_path_factory: pytest.TempPathFactory) -> Path:
    library = compile_watcher(tmp_path_factory.mktemp("watcher"))
    if library is None:
        skip_or_fail("noting a server's writes needs a C compiler (gcc)")
        raise AssertionError
    return library


def noted_run(
    make_scene: MakeScene, serving: Serving, watcher: Path, folder: Path, fault: str, writes: int, is_moved: bool
) -> tuple[list[Note], bytes, NotedLedger, Traffic]:
    """Let people work, if asked until SQLite has moved its log into the file; return what was noted."""
    scene = make_scene(6)
    path = scene.path
    assert not Path(f"{path}-wal").exists()
    before = path.read_bytes()
    ledger, traffic = NotedLedger(path=folder / "notes"), Traffic()
    log = Path(f"{path}-wal")

    async def work(port: int) -> None:
        async with at_work(port, scene.people, ledger, traffic, pause_seconds=0.0):
            if is_moved:
                await until(lambda: log.exists() and log.stat().st_size > _FULL_LOG_BYTES, 60)
            enough = max(writes, len(ledger.told) + 20)
            await until(lambda: len(ledger.told) >= enough, 120)

    with serving(scene, fault, preloading(watcher, path, ledger.path)) as server:
        run_apart(work(server.port))
    return read_notes(ledger.path), before, ledger, traffic


def judged(found: Iterator[Cut], folder: Path) -> tuple[Verdict, int]:
    """Examine cut after cut; return what is lost, with what is corrupt as the second, and the number of cuts."""
    lost, corrupt, number = [], [], 0
    for number, cut in enumerate(found, start=1):
        is_corrupt, missing = examine(cut, folder)
        if is_corrupt:
            corrupt.append(f"cut {number} left a corrupt file")
        if missing:
            lost.append(f"cut {number} lost {missing} of {len(cut.told)} writes")
    return Verdict(lost, corrupt), number


def test_a_power_cut_loses_nothing(
    make_sqlite_scene: MakeScene, serving: Serving, watcher: Path, tmp_path: Path, note: Enter, is_long: bool
) -> None:
    notes, before, ledger, traffic = noted_run(
        make_sqlite_scene, serving, watcher, tmp_path, "", 400 if is_long else 0, is_moved=True
    )
    assert any(note.kind == WRITE and note.file == 0 for note in notes), "the log was never moved into the file"
    verdict, number = judged(cuts(notes, before, 1000 if is_long else 60, Random(4)), tmp_path)
    note("power cut", "sqlite", traffic, ledger, verdict, more=f"{number} cuts in {len(notes)} writes and syncs")
    assert not verdict.lost
    assert not verdict.twice


@pytest.mark.parametrize("fault", ["synchronous off", "synchronous normal"])
def test_a_commit_told_before_it_is_on_the_disk_is_found(
    make_sqlite_scene: MakeScene, serving: Serving, watcher: Path, tmp_path: Path, note: Enter, fault: str
) -> None:
    notes, before, ledger, traffic = noted_run(make_sqlite_scene, serving, watcher, tmp_path, fault, 40, is_moved=False)
    verdict, number = judged(cuts(notes, before, 30, Random(5)), tmp_path)
    more = f"{number} cuts, {len(verdict.lost)} lost writes, {len(verdict.twice)} left a corrupt file"
    note("power cut", "sqlite", traffic, ledger, verdict, planted=fault, more=more)
    assert verdict.lost


def test_what_was_not_synced_may_be_torn_at_a_sector() -> None:
    told = Note(TOLD, 0, 0, b'["start", 1, "00000000000000000000000000000001"]')
    notes = [Note(WRITE, 0, 0, b"a" * 2048), Note(SYNC, 0, 0), Note(WRITE, 0, 512, b"b" * 1024), told]
    found = {cut.files[0] for cut in cuts(notes, b"", 200, Random(1))}
    a, b = b"a" * 512, b"b" * 512
    assert found == {a + a + a + a, a + b + b + a, a + b + a + a, a + a + b + a}


def test_what_was_not_synced_may_come_without_what_came_before_it() -> None:
    told = Note(TOLD, 0, 0, b'["start", 1, "00000000000000000000000000000001"]')
    notes = [Note(WRITE, 1, 0, b"one"), Note(WRITE, 1, 3, b"two"), Note(TRUNCATE, 1, 1), told]
    found = {cut.files[1] for cut in cuts(notes, b"", 400, Random(1))}
    assert {b"", b"onetwo", b"\0\0\0two", b"o", b"\0"} <= found


def test_a_file_with_a_broken_page_is_found(tmp_path: Path) -> None:
    path = tmp_path / "whole.sqlite3"
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("CREATE TABLE a (b); CREATE INDEX c ON a (b); INSERT INTO a VALUES ('one'), ('two');")
    content = bytearray(path.read_bytes())
    content[4096:8192] = bytes(4096)
    assert examine(Cut({0: bytes(content)}, frozenset()), tmp_path)[0]
