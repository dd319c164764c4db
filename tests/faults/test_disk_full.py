"""The disk under SQLite fills up: what can't be stored is refused, pages go on, and space is all it takes to go on."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.conftest import skip_or_fail
from tests.faults.client import Traffic, run_apart
from tests.faults.conftest import MakeScene, Serving
from tests.faults.disks import Disk, NoDisk, small_disk
from tests.faults.figures import Note
from tests.faults.learners import at_work, has_told, learner_at, until
from tests.faults.ledger import Ledger
from tests.faults.scene import Scene
from tests.faults.servers import Server

_MEGABYTES = 48


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """A small disk of the test's own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounting = small_disk(folder, _MEGABYTES)
    try:
        disk = mounting.__enter__()
    except (NoDisk, OSError) as refusal:
        skip_or_fail(f"a small disk can be mounted by root only: {refusal}")
        return
    try:
        yield disk
    finally:
        mounting.__exit__(None, None, None)


async def fill_and_empty(
    scene: Scene, server: Server, disk: Disk, ledger: Ledger, traffic: Traffic, times: int
) -> None:
    """Fill the disk under learners at work, look at pages meanwhile, and make room again."""
    looker = learner_at(server.port, scene.people[0], ledger, traffic).client
    async with at_work(server.port, scene.people[1:], ledger, traffic, pause_seconds=0.1):
        for _ in range(times):
            await until(partial(has_told, ledger, len(ledger.told) + 15), 20)
            disk.fill()
            enough = traffic.statuses[503] + 20
            await until(lambda enough=enough: traffic.statuses[503] >= enough, 30)  # type: ignore[misc]
            for path in ("/cards", "/progress", "/quizzes/new", "/healthz"):
                assert (await looker.once(path)).status == 200
            disk.empty()
            await until(partial(has_told, ledger, len(ledger.told) + 15), 20)
    looker.close()


def test_nothing_is_told_as_stored_on_a_full_disk(
    make_sqlite_scene: MakeScene, disk: Disk, serving: Serving, note: Note, is_long: bool
) -> None:
    scene = make_sqlite_scene(9, disk.folder)
    ledger, traffic = Ledger(), Traffic()
    with serving(scene) as server:
        workers = set(server.workers())
        run_apart(fill_and_empty(scene, server, disk, ledger, traffic, 10 if is_long else 1))
        assert set(server.workers()) == workers
    verdict = scene.judge(ledger)
    note("disk full", scene.kind, traffic, ledger, verdict, more=f"{traffic.statuses[503]} refused")
    assert not verdict.lost
    assert not verdict.twice
    assert not traffic.broken
    assert not traffic.impolite


def test_a_success_told_on_a_full_disk_is_found(
    make_sqlite_scene: MakeScene, disk: Disk, serving: Serving, note: Note
) -> None:
    scene = make_sqlite_scene(9, disk.folder)
    ledger, traffic = Ledger(), Traffic()

    async def fill(server: Server) -> None:
        async with at_work(server.port, scene.people, ledger, traffic, pause_seconds=0.1, is_planted=True):
            await until(partial(has_told, ledger, 10), 20)
            disk.fill()
            await until(partial(has_told, ledger, len(ledger.told) + 20), 20)

    with serving(scene, "told anyway") as server:
        run_apart(fill(server))
    disk.empty()
    verdict = scene.judge(ledger)
    note("disk full", scene.kind, traffic, ledger, verdict, planted="told anyway")
    assert verdict.lost
