"""What of an attempt arrived when: for support, not for judging how somebody worked."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.errors import NotFound
from quizapp.marking.taken import Taken
from quizapp.models import Attempt, AttemptItem, Person, Response
from quizapp.web.rendering import count

_CLOSED = {"finished": "Handed in by its learner", "expired": "Closed by its deadline"}


@dataclass(frozen=True)
class Arrival:
    """One thing that the server knows of an attempt."""

    at: datetime
    words: str


def arrivals(session: Session, of: Taken, learner_id: int, number: int) -> list[Arrival]:
    """Return what arrived in an attempt, the oldest first, in three queries. Raises NotFound."""
    attempt = session.scalar(
        select(Attempt).where(of.attempts, Attempt.learner_id == learner_id, Attempt.number == number)
    )
    if attempt is None:
        raise NotFound
    items = session.scalars(
        select(AttemptItem).where(AttemptItem.learner_id == learner_id, AttemptItem.attempt_id == attempt.id)
    )
    events = session.execute(
        select(Response, Person.shown_name)
        .outerjoin(Person, Person.id == Response.marked_by_id)
        .where(Response.learner_id == learner_id, Response.attempt_id == attempt.id)
        .order_by(Response.position, Response.revision)
    )
    told = [
        (event.event != "given", Arrival(event.received_at, _event_words(attempt, event, name or "")))
        for event, name in events
    ]
    found = [  # what came at the same moment stays in this order
        Arrival(attempt.started_at, "Started"),
        *(arrival for is_mark, arrival in told if not is_mark),
        *_end(attempt),
        *(_claim(attempt, row.position, row.claimed_at) for row in items if row.claimed_at is not None),
        *(arrival for is_mark, arrival in told if is_mark),
    ]
    return sorted(found, key=lambda arrival: arrival.at)


def _end(attempt: Attempt) -> Iterator[Arrival]:
    if attempt.deadline_at is not None:
        yield Arrival(attempt.deadline_at, "Deadline")
    if attempt.closed_at is not None:
        yield Arrival(attempt.closed_at, _CLOSED.get(attempt.outcome or "", "Closed"))
    if attempt.graded_at is not None:
        yield Arrival(attempt.graded_at, "Marks worked out")


def _claim(attempt: Attempt, position: int, claimed_at: datetime) -> Arrival:
    return Arrival(claimed_at, f"{_question(attempt, position)}: its learner said “I was right”")


def _question(attempt: Attempt, position: int) -> str:
    """Name a question by its number among the questions, texts between them left out."""
    return f"Question {position - sum(text < position for text in attempt.rules.get('texts', ()))}"


def _event_words(attempt: Attempt, event: Response, name: str) -> str:
    place = f"{_question(attempt, event.position)}: "
    if event.event == "void":
        return place + "a mark taken back" + (f" by {name}" if name else "")
    if event.event == "correct":
        how = "marked again for everybody" if event.regrade_id else "marked"
        return place + how + (f" by {name}" if name else "")
    return place + ", ".join(_given_words(attempt, event))


def _given_words(attempt: Attempt, event: Response) -> Iterator[str]:
    if event.id == uuid.uuid5(attempt.id, f"working {event.position}"):
        yield "typed and saved, given when the quiz closed"
    elif event.answer is None:
        yield "given up" if event.revision == 1 else f"answer {event.revision}: emptied"
    else:
        yield "answered" if event.revision == 1 else f"answer {event.revision}"
    if event.saves:
        yield f"after {count(event.saves, 'save')}"
    if event.is_open_book:
        yield "with the passage open"
    if attempt.deadline_at is not None and event.received_at > attempt.deadline_at:
        seconds = (event.received_at - attempt.deadline_at).total_seconds()
        yield f"{seconds:.0f} s after the deadline, which still counted"
