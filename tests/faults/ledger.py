"""The ledger: what learners sent, what they were told is stored, and what the database holds of it."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from quizapp.learning.rebuilding import differences
from quizapp.models import Attempt, AttemptItem, Response, Review, WorkingAnswer


@dataclass(frozen=True)
class Write:
    """One thing a learner did, under the id that its form carries."""

    kind: str  # start, save, answer, finish or rating
    learner_id: int
    id: uuid.UUID  # of a finish, the attempt's; of a save, see `save_id`
    place: tuple[object, ...] = ()  # attempt and position of a save or an answer, item and part of a rating
    content: tuple[str, ...] = ()  # what was chosen or typed, sorted

    @property
    def key(self) -> tuple[str, int, uuid.UUID]:
        """What makes it one write, however often it is sent."""
        return self.kind, self.learner_id, self.id


def save_id(attempt_id: uuid.UUID, position: int) -> uuid.UUID:
    """Return the id of what is typed at a question; an answer that is made of it when the quiz ends has it, too."""
    return uuid.uuid5(attempt_id, f"working {position}")


@dataclass
class Ledger:
    """Every write of a run."""

    sent: dict[tuple[str, int, uuid.UUID], Write] = field(default_factory=dict)
    told: dict[tuple[str, int, uuid.UUID], Write] = field(default_factory=dict)

    def note_sent(self, write: Write) -> None:
        """Note a write before it goes out the first time."""
        self.sent[write.key] = write

    def note_told(self, write: Write) -> None:
        """Note that its learner was told of success."""
        self.told[write.key] = write


@dataclass(frozen=True)
class Verdict:
    """What the database holds against the ledger, in words; both empty when nothing is wrong."""

    lost: list[str]  # told as stored, and not there as sent
    twice: list[str]  # there more often than sent, or without having been sent, or counted otherwise than logged


def judge(session: Session, ledger: Ledger) -> Verdict:
    """Compare what learners were told with what is stored for them."""
    learner_ids = sorted({write.learner_id for write in ledger.sent.values()})
    held = _Held(session, learner_ids)
    lost = [f"{write}: {why}" for write in ledger.told.values() if (why := held.missing(write))]
    return Verdict(lost, [*held.unsent(ledger), *held.doubled(), *_miscounted(session)])


class _Held:
    """What the database holds of these learners."""

    def __init__(self, session: Session, learner_ids: list[int]) -> None:
        self.attempts = _by_id(session.execute(select(Attempt.__table__).where(Attempt.learner_id.in_(learner_ids))))
        self.responses = _by_id(session.execute(select(Response.__table__).where(Response.learner_id.in_(learner_ids))))
        self.reviews = _by_id(
            session.execute(
                select(Review.__table__).where(Review.learner_id.in_(learner_ids), Review.event == "review")
            )
        )
        typed = select(WorkingAnswer.__table__).where(WorkingAnswer.learner_id.in_(learner_ids))
        self.typed = {(row.learner_id, row.attempt_id, row.position): row for row in session.execute(typed)}
        self.given = {(row.learner_id, row.attempt_id, row.position): row for row in self.responses.values()}
        pinned = select(AttemptItem.learner_id, AttemptItem.attempt_id, func.count()).group_by(
            AttemptItem.learner_id, AttemptItem.attempt_id
        )
        self.pinned = {(row[0], row[1]): row[2] for row in session.execute(pinned)}

    def missing(self, write: Write) -> str:
        """Return what is not there of a write; empty when all is."""
        missing = {
            "start": self._missing_attempt, "finish": self._missing_attempt, "save": self._missing_save,
            "answer": self._missing_answer, "rating": self._missing_rating,
        }  # fmt: skip
        return missing[write.kind](write)

    def unsent(self, ledger: Ledger) -> Iterable[str]:
        """Name the rows that nobody sent."""
        answers = ("answer", "save")
        held = [("start", self.attempts, ("start",)), ("answer", self.responses, answers)]
        for what, rows, kinds in held:
            yield from (f"{what} that nobody sent: {key}" for key in rows if not _is_sent(ledger, kinds, key))
        for key, review in self.reviews.items():
            if not _is_sent(ledger, ("rating",) if review.source == "card" else answers, key):
                yield f"review that nobody sent: {key}"
        for learner_id, attempt_id, position in self.typed:
            if not _is_sent(ledger, ("save",), (learner_id, save_id(attempt_id, position))):
                yield f"typed by nobody: {learner_id}, {attempt_id}, {position}"

    def doubled(self) -> Iterable[str]:
        """Name what a learner did once and the database counts more often."""
        places = Counter((row.learner_id, row.attempt_id, row.position) for row in self.responses.values())
        yield from (f"{number} answers at {place}" for place, number in places.items() if number > 1)
        seen = Counter((row.learner_id, row.item_id, row.part, row.seen_reviews) for row in self.reviews.values())
        yield from (f"{number} reviews on top of one at {place}" for place, number in seen.items() if number > 1)

    def _missing_attempt(self, write: Write) -> str:
        key = (write.learner_id, write.id)
        attempt = self.attempts.get(key)
        if attempt is None:
            return "no attempt"
        if write.kind == "finish":
            return "" if attempt.closed_at and attempt.graded_at else "not finished and graded"
        return "" if self.pinned.get(key) == attempt.item_count > 0 else "an attempt without all its questions"

    def _missing_rating(self, write: Write) -> str:
        review = self.reviews.get((write.learner_id, write.id))
        if review is None:
            return "no review"
        as_sent = (review.item_id, review.part) == write.place and (str(review.rating),) == write.content
        return "" if as_sent else f"another rating: {review}"

    def _missing_save(self, write: Write) -> str:
        place = (write.learner_id, *write.place)
        if place in self.typed:
            stored = self.typed[place].answer
        elif place in self.given:
            if self.given[place].id != write.id:
                return ""  # another answer was given since
            stored = self.given[place].answer
        else:
            return "neither typed nor given"
        return "" if leaves(stored) == write.content else f"something else is typed: {stored}"

    def _missing_answer(self, write: Write) -> str:
        key = (write.learner_id, write.id)
        response = self.responses.get(key)
        if response is None:
            return "no response"
        if (response.attempt_id, response.position) != write.place or leaves(response.answer) != write.content:
            return f"another answer: {response}"
        attempt = self.attempts.get((write.learner_id, response.attempt_id))
        if attempt is None:
            return "no attempt"
        has_moved = attempt.rules["feedback"] == "at_once" or attempt.graded_at is not None
        return "no review" if has_moved and key not in self.reviews else ""


def _is_sent(ledger: Ledger, kinds: Iterable[str], key: tuple[int, uuid.UUID]) -> bool:
    return any((kind, *key) in ledger.sent for kind in kinds)


def leaves(answer: Any) -> tuple[str, ...]:
    """Return what was chosen or typed in a stored answer, sorted."""
    if isinstance(answer, dict):
        answer = list(answer.values())
    if isinstance(answer, list):
        return tuple(sorted(leaf for part in answer for leaf in leaves(part)))
    return () if answer in (None, "") else (str(answer),)


def _miscounted(session: Session) -> Iterable[str]:
    for found in differences(session):
        yield f"learner {found.learner_id}, {found.row}: {found.column} is {found.stored}, the log makes {found.folded}"


def _by_id(rows: Iterable[Row[Any]]) -> dict[tuple[int, uuid.UUID], Row[Any]]:
    return {(row.learner_id, row.id): row for row in rows}
