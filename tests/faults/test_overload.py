"""More is asked than the server can do: what it takes is right, it takes much of it, and the rush passes."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress

from tests.faults.client import Client, Fields, Traffic, Unanswered, run_apart
from tests.faults.conftest import MakeScene, Serving
from tests.faults.figures import Note
from tests.faults.learners import at_work, has_told, learner_at, until
from tests.faults.ledger import Ledger
from tests.faults.scene import Person, Scene, locked
from tests.faults.servers import Server

_PATIENCE = 0.25  # seconds until a learner sends the same form again
_CALM_SECONDS = 10.0  # after a rush, until a page is answered again


async def rush(
    scene: Scene, server: Server, ledger: Ledger, traffic: Traffic, unanswered: int, *, planted: bool
) -> float:
    """Let everybody ask at once without a pause and without patience; return the seconds until it is calm again."""
    async with at_work(
        server.port, scene.people, ledger, traffic, pause_seconds=0.0, patience=_PATIENCE, is_planted=planted
    ) as learners:
        await until(lambda: traffic.unanswered >= unanswered and has_told(ledger, unanswered // 4), 90)
        for learner in learners:  # from here on they wait for an answer, as long as it takes
            learner.client.patience = 30.0
    began = time.monotonic()
    looker = learner_at(server.port, scene.people[0], ledger, traffic).client
    assert (await looker.get("/cards")).status == 200
    looker.close()
    return time.monotonic() - began


def test_what_is_taken_in_a_rush_is_right(make_scene: MakeScene, serving: Serving, note: Note, is_long: bool) -> None:
    scene = make_scene(200 if is_long else 24)
    ledger, traffic = Ledger(), Traffic()
    with serving(scene) as server:
        calm = run_apart(rush(scene, server, ledger, traffic, 4000 if is_long else 80, planted=False))
    verdict = scene.judge(ledger)
    note("overload", scene.kind, traffic, ledger, verdict, more=f"{traffic.unanswered} not answered in time")
    assert not verdict.lost
    assert not verdict.twice
    assert not traffic.broken
    assert not traffic.impolite
    assert calm < _CALM_SECONDS


def test_forms_that_count_twice_when_sent_twice_are_found(
    make_sqlite_scene: MakeScene, serving: Serving, note: Note
) -> None:
    scene = make_sqlite_scene(24)
    ledger, traffic = Ledger(), Traffic()
    with serving(scene, "no submission ids") as server:
        run_apart(rush(scene, server, ledger, traffic, 40, planted=True))
    verdict = scene.judge(ledger)
    note("overload", scene.kind, traffic, ledger, verdict, planted="no submission ids")
    assert verdict.twice


def test_what_nobody_waits_for_any_more_is_not_done(make_sqlite_scene: MakeScene, serving: Serving) -> None:
    scene = make_sqlite_scene(36)
    traffic = Traffic()
    patient, hasty = scene.people[:24], scene.people[24:]  # more than there are threads

    async def queue_up(server: Server) -> Ledger:
        waiting, left = Ledger(), Ledger()
        staying = await asyncio.gather(*(_start(server, person, waiting, traffic) for person in patient))
        leaving = await asyncio.gather(*(_start(server, person, left, traffic) for person in hasty))
        with locked(scene):  # every thread is held up by it
            answers = [asyncio.create_task(client.post("/quizzes/new", fields)) for client, fields in staying]
            await asyncio.sleep(0.3)
            await asyncio.gather(*(_send_and_leave(client, fields) for client, fields in leaving))
        assert {answer.status for answer in await asyncio.gather(*answers)} == {303}
        for client, _ in (*staying, *leaving):
            client.close()
        waiting.told.update(waiting.sent)
        left.told.update(left.sent)
        assert not scene.judge(waiting).lost
        return left

    with serving(scene) as server:
        left = run_apart(queue_up(server))
    assert len(scene.judge(left).lost) > len(hasty) / 2


async def _start(server: Server, person: Person, ledger: Ledger, traffic: Traffic) -> tuple[Client, Fields]:
    learner = learner_at(server.port, person, ledger, traffic)
    write, fields = learner.starting((await learner.client.get("/quizzes/new")).form("/quizzes/new"), "at_once")
    ledger.note_sent(write)
    return learner.client, fields


async def _send_and_leave(client: Client, fields: Fields) -> None:
    client.patience = 0.3
    with suppress(Unanswered):
        await client.once("/quizzes/new", fields)
