"""Events of the review log as they are written: what each found, and what it made of its card."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from quizapp.core.memory.model import MemoryModel, Rating
from quizapp.core.scheduling import CardState, Outcome
from quizapp.learning.cards import store_state
from quizapp.learning.folding import Folded, outcome
from quizapp.learning.learners import Learner
from quizapp.models import Card, Review


def outcome_of(model: MemoryModel, before: CardState, event: Review) -> Outcome | None:
    """Return what a review makes of a card, and give a graded one the rating that it counts as."""
    if event.score is None:
        return None if event.rating is None else outcome(model, before, event)
    # An open-book answer moves nothing, and still has the rating that it would have counted as.
    after = outcome(model, before, event)
    score = event.score
    counted = after.rating if after else (Rating.AGAIN if score < 0.5 else Rating.HARD if score < 1 else Rating.GOOD)
    event.rating = counted.value
    return after


def new_event(person: Learner, card: Card, before: CardState, *, now: datetime, **facts: Any) -> Review:
    """Return an event of a card that was in the state `before`; a review unless `facts` say otherwise."""
    event = Review(
        **{
            "learner_id": person.id,
            "event": "review",
            "item_id": card.item_id,
            "part": card.part,
            "topic_id": card.topic_id,
            "guess": 0.0,
            "is_open_book": False,
            "reviewed_at": now,
            "received_at": now,
            "time_zone": person.time_zone,
            "study_day": person.study_day(now),
            "target_retention": person.target_retention,
        }
        | facts
    )
    return with_cause(event, before)


def with_cause(event: Review, before: CardState) -> Review:
    """Note in an event the state that it found its card in."""
    memory = before.memory
    event.phase_before = before.phase.value
    event.stability_before = memory.stability if memory else None
    event.difficulty_before = memory.difficulty if memory else None
    event.fast_stability_before = memory.fast_stability if memory else None
    event.last_reviewed_before = before.last_reviewed_at
    return event


def with_effect(event: Review, after: CardState, chosen_outcome: Outcome | None) -> Review:
    """Note in an event the state that it left its card in, and the interval chosen."""
    memory = after.memory
    event.phase_after = after.phase.value
    event.stability_after = memory.stability if memory else None
    event.difficulty_after = memory.difficulty if memory else None
    event.fast_stability_after = memory.fast_stability if memory else None
    event.model = memory.model if memory else None
    event.parameters_id = memory.parameters if memory else None
    event.due_at = after.due_at
    event.interval_days = chosen_outcome.interval_days if chosen_outcome and after.due_at else None
    return event


def store_folded(card: Card, folded: Folded) -> None:
    """Write what events made into a card's row."""
    store_state(card, folded.state)
    card.first_score, card.first_guess = folded.first_score, folded.first_guess
