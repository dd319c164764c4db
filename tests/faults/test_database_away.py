"""The database stops, crashes or is locked under learners at work: who is refused is told so, and nothing is lost."""

from __future__ import annotations

import asyncio
import time
from functools import partial

from tests.faults.client import Traffic, run_apart
from tests.faults.clusters import Cluster
from tests.faults.conftest import MakeScene, Serving
from tests.faults.figures import Note
from tests.faults.learners import at_work, has_told, learner_at, until
from tests.faults.ledger import Ledger
from tests.faults.scene import Scene, locked
from tests.faults.servers import Server

_HEALTHY_SECONDS = 5.0


async def stop_and_start(scene: Scene, server: Server, cluster: Cluster, ledger: Ledger, traffic: Traffic) -> float:
    """Stop the database in both ways while the first person looks on; return the longest way back, in seconds."""
    looker = learner_at(server.port, scene.people[0], ledger, traffic).client
    slowest = 0.0
    async with at_work(server.port, scene.people[1:], ledger, traffic, pause_seconds=0.1):
        for mode in ("fast", "immediate"):
            await until(partial(has_told, ledger, len(ledger.told) + 15), 20)
            await asyncio.to_thread(cluster.stop, mode)
            assert (await looker.once("/cards")).status == 503
            assert (await looker.once("/healthz")).status == 503
            refused = traffic.statuses[503]
            await until(lambda refused=refused: traffic.statuses[503] >= refused + 8, 20)  # type: ignore[misc]
            await asyncio.to_thread(cluster.start)
            firsts = await asyncio.gather(*(_first(scene, server, ledger, traffic, path) for path in _FIRST_PAGES))
            assert firsts == [200] * len(_FIRST_PAGES)
            began = time.monotonic()
            while (await looker.once("/healthz")).status != 200:
                assert time.monotonic() - began < _HEALTHY_SECONDS
            slowest = max(slowest, time.monotonic() - began)
        await until(partial(has_told, ledger, len(ledger.told) + 15), 20)
    looker.close()
    return slowest


_FIRST_PAGES = ("/cards", "/quizzes/new", "/cards", "/progress")


async def _first(scene: Scene, server: Server, ledger: Ledger, traffic: Traffic, path: str) -> int:
    client = learner_at(server.port, scene.people[0], ledger, traffic).client
    answer = await client.once(path)
    client.close()
    return answer.status


def test_nothing_is_lost_when_postgresql_stops_and_comes_back(
    make_postgresql_scene: MakeScene, cluster: Cluster, serving: Serving, note: Note
) -> None:
    scene = make_postgresql_scene(9)
    ledger, traffic = Ledger(), Traffic()
    with cluster.kept_running(), serving(scene) as server:
        slowest = run_apart(stop_and_start(scene, server, cluster, ledger, traffic))
    verdict = scene.judge(ledger)
    note("database stopped", scene.kind, traffic, ledger, verdict, more=f"healthy after {slowest:.2f} s")
    assert not verdict.lost
    assert not verdict.twice
    assert not traffic.broken
    assert not traffic.impolite


def test_a_success_told_without_a_database_is_found(
    make_postgresql_scene: MakeScene, cluster: Cluster, serving: Serving, note: Note
) -> None:
    scene = make_postgresql_scene(9)
    ledger, traffic = Ledger(), Traffic()

    async def stop(server: Server) -> None:
        async with at_work(server.port, scene.people, ledger, traffic, pause_seconds=0.1, is_planted=True):
            await until(partial(has_told, ledger, 15), 20)
            await asyncio.to_thread(cluster.stop, "fast")
            await until(lambda: traffic.statuses[503] >= 8, 20)  # of pages that are read
            await asyncio.to_thread(cluster.start)

    with cluster.kept_running(), serving(scene, "told anyway") as server:
        run_apart(stop(server))
    verdict = scene.judge(ledger)
    note("database stopped", scene.kind, traffic, ledger, verdict, planted="told anyway")
    assert verdict.lost


def test_nothing_is_lost_while_another_process_holds_the_file(
    make_sqlite_scene: MakeScene, serving: Serving, note: Note, is_long: bool
) -> None:
    scene = make_sqlite_scene(9)
    ledger, traffic = Ledger(), Traffic()

    async def hold(server: Server) -> None:
        looker = learner_at(server.port, scene.people[0], ledger, traffic)
        form = (await looker.client.get("/quizzes/new")).form("/quizzes/new")
        async with at_work(server.port, scene.people[1:], ledger, traffic, pause_seconds=0.1):
            for _ in range(5 if is_long else 1):
                await until(partial(has_told, ledger, len(ledger.told) + 10), 20)
                with locked(scene):
                    told, refused = len(ledger.told), traffic.statuses[503]
                    assert (await looker.client.once("/cards")).status == 200
                    await until(lambda refused=refused: traffic.statuses[503] >= refused + 4, 30)  # type: ignore[misc]
                    assert len(ledger.told) <= told + len(scene.people)  # those under way when the lock was taken
                write, fields = looker.starting(form, "at_once")
                ledger.note_sent(write)
                assert (await looker.client.once(form.action, fields)).status == 303
                ledger.note_told(write)
                assert (await looker.client.once("/healthz")).status == 200
            await until(partial(has_told, ledger, len(ledger.told) + 10), 20)
        looker.client.close()

    with serving(scene) as server:
        run_apart(hold(server))
    verdict = scene.judge(ledger)
    note("file locked", scene.kind, traffic, ledger, verdict, more=f"{traffic.statuses[503]} refused")
    assert not verdict.lost
    assert not verdict.twice
    assert not traffic.broken
    assert not traffic.impolite
