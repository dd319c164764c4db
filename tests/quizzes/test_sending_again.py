"""The same form sent again, or from two tabs at the same moment, leads where it led first."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.models import Attempt, Item, Response
from quizapp.quizzes import building
from quizapp.quizzes.attempts import start_practice
from tests.conftest import Cast, Clock
from tests.pages import Visitor

Browser = Callable[..., Visitor]
Stored = Callable[[], Session]


def test_an_answer_sent_again_leads_to_its_feedback_again(visitor: Browser, cast: Cast, stored: Stored) -> None:
    person = visitor(cast.student)
    person.open("/quizzes/new")
    page = person.press("Start quiz", number=2, kinds=["single_choice"], feedback="at_once")
    form = next(form for form in page.all("form") if form.get("id") == "answer")
    fields: dict[str, Any] = {**page.values(form), "do": "check"}
    fields["choice"] = next(field.get("value") for field in page.all("input", type="radio"))
    answers = [person.client.post(page.path, data=fields) for _ in range(3)]
    assert {(answer.status_code, answer.headers["Location"]) for answer in answers} == {(303, page.path)}
    assert stored().scalar(select(func.count()).select_from(Response)) == 1


def test_two_starts_of_one_practice_at_the_same_moment_are_one(
    app: Flask, cast: Cast, stored: Stored, clock: Clock
) -> None:
    pinned = building.pinned_items(stored(), list(stored().scalars(select(Item.id).limit(3))))
    attempt_id, together = uuid.uuid4(), Barrier(2)

    def start(seed: int) -> uuid.UUID:
        together.wait(10)
        with app.extensions["quizapp.database"].write_session() as session:
            return start_practice(
                session, cast.student, attempt_id, pinned, title="Practice", rules={"feedback": "at_once"}, seed=seed,
                now=clock.now,
            )  # fmt: skip

    with ThreadPoolExecutor(2) as pool:
        assert set(pool.map(start, (1, 2))) == {attempt_id}
    assert stored().scalar(select(func.count()).select_from(Attempt)) == 1
