"""Workers and the master are killed while learners work: what was told as stored is stored, once."""

from __future__ import annotations

import asyncio
import time
from functools import partial
from random import Random

from tests.faults.client import Traffic, run_apart
from tests.faults.conftest import MakeScene, Serving
from tests.faults.figures import Note
from tests.faults.learners import at_work, has_told, learner_at, until
from tests.faults.ledger import Ledger
from tests.faults.scene import Scene
from tests.faults.servers import Server, wait_until

_BETWEEN_KILLS = 0.5  # seconds
_LEAST_SHARE = 0.7  # of an undisturbed run's requests; otherwise too little was at stake
_LEAST_SHARE_SHORT = 0.3  # in seconds, and beside other tests, that figure swings


async def study(
    scene: Scene,
    server: Server,
    ledger: Ledger,
    traffic: Traffic,
    *,
    kills: int,
    pause: float,
    is_planted: bool = False,
) -> float:
    """Let everybody work while workers are killed, or, with a number below zero, undisturbed for as long.

    Returns the requests acknowledged a second; what is seen through afterwards does not count.
    """
    rng = Random(len(ledger.sent))
    async with at_work(server.port, scene.people, ledger, traffic, pause_seconds=pause, is_planted=is_planted):
        began, before = time.monotonic(), traffic.acknowledged
        for _ in range(abs(kills)):
            await asyncio.sleep(_BETWEEN_KILLS)
            if kills > 0:
                server.kill_worker(rng)
        return (traffic.acknowledged - before) / (time.monotonic() - began)


def test_no_acknowledged_write_is_lost_when_workers_are_killed(
    make_scene: MakeScene, serving: Serving, note: Note, is_long: bool
) -> None:
    scene = make_scene(50 if is_long else 10)
    pause, kills, rounds = (2.0, 40, 3) if is_long else (0.2, 5, 2)
    ledger, calm, struck = Ledger(), Traffic(), Traffic()
    rates: dict[str, list[float]] = {"calm": [], "struck": []}
    with serving(scene) as server:
        for _ in range(rounds):  # in turns, so that whatever else this machine does weighs on both
            rates["calm"].append(run_apart(study(scene, server, ledger, calm, kills=-kills, pause=pause)))
            rates["struck"].append(run_apart(study(scene, server, ledger, struck, kills=kills, pause=pause)))
    share = sum(rates["struck"]) / sum(rates["calm"])
    verdict = scene.judge(ledger)
    note("worker killed", scene.kind, struck, ledger, verdict, more=f"{share:.0%} of the undisturbed run")
    assert not verdict.lost
    assert not verdict.twice
    assert not struck.broken
    assert share >= (_LEAST_SHARE if is_long else _LEAST_SHARE_SHORT)


def test_no_acknowledged_write_is_lost_when_the_master_is_killed(
    make_scene: MakeScene, serving: Serving, note: Note, is_long: bool
) -> None:
    scene = make_scene(10)
    ledger, traffic = Ledger(), Traffic()

    async def strike(server: Server) -> float:
        longest = 0.0
        async with at_work(server.port, scene.people, ledger, traffic, pause_seconds=0.15):
            for _ in range(8 if is_long else 1):
                await until(partial(has_told, ledger, len(ledger.told) + 20), 20)
                server.kill_master()
                began = time.monotonic()
                await asyncio.to_thread(server.start)
                longest = max(longest, time.monotonic() - began)
        return longest

    with serving(scene) as server:
        longest = run_apart(strike(server))
    verdict = scene.judge(ledger)
    note("master killed", scene.kind, traffic, ledger, verdict, more=f"serving again within {longest:.1f} s")
    assert not verdict.lost
    assert not verdict.twice
    assert not traffic.broken


def test_an_answer_before_the_commit_is_found(make_sqlite_scene: MakeScene, serving: Serving, note: Note) -> None:
    scene = make_sqlite_scene(10)
    ledger, traffic = Ledger(), Traffic()
    with serving(scene, "answers before it commits") as server:
        run_apart(study(scene, server, ledger, traffic, kills=6, pause=0.15, is_planted=True))
    verdict = scene.judge(ledger)
    note("worker killed", scene.kind, traffic, ledger, verdict, planted="answers before it commits")
    assert verdict.lost


def test_what_is_typed_and_forgotten_is_found(make_sqlite_scene: MakeScene, serving: Serving, note: Note) -> None:
    scene = make_sqlite_scene(1)
    ledger, traffic = Ledger(), Traffic()

    async def type_everywhere(port: int) -> None:
        learner = learner_at(port, scene.people[0], ledger, traffic)
        attempt_id, number = await learner.start("at_end")
        for position in range(1, number + 1):
            await learner.type(attempt_id, position)
        learner.client.close()

    with serving(scene, "forgets what is typed") as server:
        run_apart(type_everywhere(server.port))
    verdict = scene.judge(ledger)
    note("nobody killed", scene.kind, traffic, ledger, verdict, planted="forgets what is typed")
    assert len(verdict.lost) == len(ledger.told) - 1  # all but the start


def test_killed_workers_are_replaced(make_sqlite_scene: MakeScene, serving: Serving) -> None:
    scene = make_sqlite_scene(1)
    with serving(scene) as server:
        wait_until(lambda: len(server.workers()) >= 2, 10, "a server with fewer than two workers")
        first = set(server.workers())
        for _ in first:
            server.kill_worker(Random(2))
        wait_until(lambda: len(set(server.workers()) - first) >= 1, 10, "nobody replaced a killed worker")
        wait_until(lambda: server.answers("/healthz"), 10, "what replaced a killed worker answers nobody")
    assert not server.workers()
