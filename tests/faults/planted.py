"""The application with a fault planted in it: `python -m tests.faults.planted FAULT PORT` serves what must be found."""

from __future__ import annotations

import os
import queue
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from flask import Flask, current_app
from sqlalchemy.orm import Session

from quizapp import database, serving
from quizapp.app import create_app
from quizapp.config import read_settings
from quizapp.database import transaction
from quizapp.errors import QuizappError
from quizapp.learning import reviews
from quizapp.learning.cards import locked_card
from quizapp.quizzes import responses, working_views
from quizapp.quizzes.working_answers import Place, Saved, Typed, keep_working_answer
from quizapp.web.forms import SubmissionId

Action = Callable[..., Any]
Application = Callable[..., Iterable[bytes]]
_BEHIND_SECONDS = 0.3


def main(name: str, port: str) -> None:
    """Plant a fault and serve."""
    PLANTED[name]()
    wrap = _told_anyway if name == "told anyway" else _as_it_is
    serving.run(lambda: wrap(serving.warmed(create_app(read_settings(os.environ)))), "127.0.0.1", int(port))


def answer_before_commit() -> None:
    """What is typed, answers and ratings are put in a list, which a thread writes down a little later."""
    waiting: queue.SimpleQueue[tuple[Flask, Action, tuple[Any, ...], dict[str, Any]]] = queue.SimpleQueue()
    threads: dict[int, threading.Thread] = {}

    def write_down() -> None:
        while True:
            app, action, arguments, named = waiting.get()
            time.sleep(_BEHIND_SECONDS)
            try:
                with app.app_context(), transaction() as session:
                    action(session, *arguments, **named)
            except QuizappError:
                pass  # the learner has been told of success

    def later(action: Action) -> Action:
        def put(_session: Session, *arguments: Any, **named: Any) -> None:
            if os.getpid() not in threads:  # a thread does not live on in a forked worker
                threads[os.getpid()] = threading.Thread(target=write_down, daemon=True)
                threads[os.getpid()].start()
            waiting.put((current_app._get_current_object(), action, arguments, named))  # type: ignore[attr-defined]

        return put

    keep = later(keep_working_answer)

    def keep_later(session: Session, place: Place, typed: Typed, moment: datetime) -> Saved:
        row = place.row
        keep(session, row.learner_id, row.attempt_id, row.position, typed, moment)
        return Saved(1, moment)

    working_views.keep = keep_later  # type: ignore[attr-defined, assignment]  # where the page looks for it
    responses.respond = later(responses.respond)
    reviews.rate = later(reviews.rate)


def forget_what_is_typed() -> None:
    """Saving tells of success and stores nothing."""

    def forget(_session: Session, _place: Place, _typed: Typed, moment: datetime) -> Saved:
        return Saved(1, moment)

    working_views.keep = forget  # type: ignore[attr-defined, assignment]  # where the page looks for it


def forget_submission_ids() -> None:
    """Each request is a submission of its own, whatever its form says."""
    SubmissionId.uuid = property(lambda _field: uuid.uuid4())  # type: ignore[assignment, method-assign]
    rate = reviews.rate

    def rate_again(session: Session, learner_id: int, key: Any, rating: int, **named: Any) -> Any:
        card = locked_card(session, learner_id, key)
        return rate(session, learner_id, key, rating, **{**named, "seen_reviews": card.reviews})

    reviews.rate = rate_again


def synchronous(level: str) -> Callable[[], None]:
    """SQLite tells of a commit before it is on the disk."""

    def plant() -> None:
        configure = database._configure_sqlite

        def configure_less(connection: Any, _record: Any) -> None:
            configure(connection, _record)
            connection.execute(f"PRAGMA synchronous={level}")

        database._configure_sqlite = configure_less

    return plant


def _told_anyway(app: Flask) -> Application:
    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            if environ["REQUEST_METHOD"] == "POST" and status.startswith("503"):
                return start_response("303 See Other", [*headers, ("Location", "/quizzes/new")], *rest)
            return start_response(status, headers, *rest)

        return app(environ, start)

    return answer


def _as_it_is(app: Flask) -> Application:
    return app


PLANTED: dict[str, Callable[[], None]] = {
    "answers before it commits": answer_before_commit,
    "forgets what is typed": forget_what_is_typed,
    "no submission ids": forget_submission_ids,
    "synchronous off": synchronous("OFF"),
    "synchronous normal": synchronous("NORMAL"),
    "told anyway": lambda: None,  # success is told of what failed; see `main`
}

if __name__ == "__main__":
    main(*sys.argv[1:])
