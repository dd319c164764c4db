"""Fifty requests to do one thing, at the same moment: it is done once, and all fifty are told the same."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence

from tests.faults.client import Answer, Client, Fields, Traffic, run_apart
from tests.faults.conftest import MakeScene, Serving
from tests.faults.figures import Note
from tests.faults.learners import Learner, learner_at
from tests.faults.ledger import Ledger, Write
from tests.faults.scene import SET_SLUG, Scene
from tests.faults.servers import Server

_AT_ONCE = 50


async def all_at_once(learner: Learner, write: Write | None, sent: Sequence[tuple[str, Fields]]) -> list[Answer]:
    """Send these forms at the same moment, each on a line of its own that is open already."""
    if write is not None:
        learner.ledger.note_sent(write)
    clients = [Client(learner.client.port, learner.client.cookies, learner.client.traffic) for _ in sent]
    await asyncio.gather(*(client.connect() for client in clients))
    answers = await asyncio.gather(
        *(client.once(action, fields) for client, (action, fields) in zip(clients, sent, strict=True))
    )
    for client in clients:
        client.close()
    if all(answer.status == 303 for answer in answers):
        # A start from many tabs is one of them: the address that all are sent to tells which.
        write = write or Write("start", learner.person.id, _attempt_of(answers[0]))
        learner.ledger.note_sent(write)
        learner.ledger.note_told(write)
    return answers


async def do_everything(learner: Learner) -> list[list[Answer]]:
    """Start practice, answer a question, start a set and rate a card, each fifty times at once."""
    form = (await learner.client.get("/quizzes/new")).form("/quizzes/new")
    write, fields = learner.starting(form, "at_once")
    told = [await all_at_once(learner, write, [(form.action, fields)] * _AT_ONCE)]
    attempt_id = _attempt_of(told[0][0])
    path = f"/attempts/{attempt_id}/1"
    answer, form, fields = learner.answering((await learner.client.get(path)).form(path), attempt_id, 1, "check")
    told.append(await all_at_once(learner, answer, [(form.action, fields)] * _AT_ONCE))
    card = await learner.turn_card()
    assert card is not None
    rating, form, fields = learner.rating(card)
    told.append(await all_at_once(learner, rating, [(form.action, fields)] * _AT_ONCE))
    return told


async def start_set(learner: Learner) -> list[Answer]:
    """Start a set from fifty tabs at once, each with a form of its own; which comes first is open until it is told."""
    form = (await learner.client.get(f"/sets/{SET_SLUG}")).form(f"/sets/{SET_SLUG}/start")
    tabs = [{**form.fields, "submission_id": [str(uuid.uuid4())]} for _ in range(_AT_ONCE)]
    return await all_at_once(learner, None, [(form.action, fields) for fields in tabs])


def _attempt_of(answer: Answer) -> uuid.UUID:
    return uuid.UUID(answer.location.split("/")[2])


def run(scene: Scene, server: Server, ledger: Ledger, traffic: Traffic) -> list[list[Answer]]:
    """Let each person do everything fifty times at once, one person after the other."""

    async def one_by_one() -> list[list[Answer]]:
        told = []
        for person in scene.people:
            learner = learner_at(server.port, person, ledger, traffic)
            told += [*await do_everything(learner), await start_set(learner)]
            learner.client.close()
        return told

    return run_apart(one_by_one())


def test_fifty_at_once_are_one_and_all_are_told_the_same(
    make_scene: MakeScene, serving: Serving, note: Note, is_long: bool
) -> None:
    scene = make_scene(20 if is_long else 3)
    ledger, traffic = Ledger(), Traffic()
    with serving(scene) as server:
        told = run(scene, server, ledger, traffic)
    verdict = scene.judge(ledger)
    note("fifty at once", scene.kind, traffic, ledger, verdict, more=f"{len(told)} times fifty")
    assert not verdict.lost
    assert not verdict.twice
    for answers in told:
        assert {answer.status for answer in answers} == {303}
        assert len({(answer.location, answer.body) for answer in answers}) == 1


def test_submissions_without_an_id_are_found(make_sqlite_scene: MakeScene, serving: Serving, note: Note) -> None:
    scene = make_sqlite_scene(1)
    ledger, traffic = Ledger(), Traffic()
    with serving(scene, "no submission ids") as server:
        told = run(scene, server, ledger, traffic)
    verdict = scene.judge(ledger)
    note("fifty at once", scene.kind, traffic, ledger, verdict, planted="no submission ids")
    assert len([line for line in verdict.twice if line.startswith("start")]) >= _AT_ONCE - 1
    assert len({answer.location for answer in told[0]}) > 1
