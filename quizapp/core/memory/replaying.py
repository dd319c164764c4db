"""A log read again under any model or parameters: what it would have predicted, and the states it makes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from quizapp.core.memory.logs import LoggedReview
from quizapp.core.memory.model import MemoryModel, MemoryState
from quizapp.core.memory.outcomes import state_after


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a model makes of one review.

    `recall` is the chance of recalling just before it, None at a card's first; `state` the memory after it.
    """

    recall: float | None
    state: MemoryState


def replay(model: MemoryModel, log: Iterable[LoggedReview]) -> list[Replayed]:
    """Return what the model makes of each review of a log, whose cards may be mixed."""
    states: dict[str, MemoryState] = {}
    made = []
    for review in log:
        before = states.get(review.card)
        recall = None if before is None else model.recall(before, review.elapsed_days)
        days = review.elapsed_days if model.is_fractional else review.study_days
        state = states[review.card] = state_after(model, before, review.rating, days, review.guessed_among)
        made.append(Replayed(recall, state))
    return made
