"""The fold from the events of one card, in order, to its state; living and rebuilding are the same function.

The model is the one in force for the learner: after a change of model the whole log is read again under the new one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from quizapp.core.memory.model import MemoryModel, Rating
from quizapp.core.scheduling import NEW_CARD, CardState, Outcome, Rules, chosen, previews, quiz_answered, quiz_rated
from quizapp.models import Review


@dataclass(frozen=True)
class Folded:
    """A card's state, and its first graded closed-book answer with the chance of guessing it."""

    state: CardState = NEW_CARD
    first_score: float | None = None
    first_guess: float | None = None


Step = tuple[Review, Folded, Folded]  # an event, and the card before and after it


def outcome(model: MemoryModel, state: CardState, review: Review) -> Outcome | None:
    """Return what a review makes of a card; None when it moves no schedule (open book, cram)."""
    rules = Rules(target_retention=review.target_retention)
    when: dict[str, Any] = {"now": review.reviewed_at, "study_day": review.study_day, "rules": rules}
    if review.is_open_book or review.source == "cram":
        return None
    if review.score is not None:
        options = round(1 / review.guess) if review.guess else None
        return quiz_answered(model, state, score=review.score, options=options, certainty=review.certainty, **when)
    if review.rating is None:
        raise ValueError("a review with neither a score nor a rating")
    rating = Rating(review.rating)
    if review.source == "quiz":
        return quiz_rated(model, state, rating, **when)
    return previews(model, state, **when)[rating]


def apply(model: MemoryModel, folded: Folded, review: Review) -> Folded:
    """Return the card after one event; the due date is the one recorded with it, never chosen again."""
    rules = Rules(target_retention=review.target_retention)
    if review.event == "chosen":
        state = chosen(model, folded.state, now=review.reviewed_at, rules=rules)
        return replace(folded, state=replace(state, due_at=review.due_at))
    if review.rating is None:  # corrected to count for nothing
        return folded
    if review.score is not None and not review.is_open_book and folded.first_score is None:
        folded = replace(folded, first_score=review.score, first_guess=review.guess)
    after = outcome(model, folded.state, review)
    if after is None:
        return folded
    return replace(folded, state=replace(after.state, due_at=review.due_at))


def order(event: Review) -> tuple[Any, ...]:
    """Return what events of one card are sorted by: review, receipt, and where these tie, what each had seen."""
    return event.reviewed_at, event.received_at, event.seen_reviews, event.event == "review", event.id.bytes


def fold(model: MemoryModel, events: Iterable[Review]) -> Folded:
    """Return the card that its events make, voided ones left out."""
    made = Folded()
    for _, _, after in steps(model, events):
        made = after
    return made


def steps(model: MemoryModel, events: Iterable[Review]) -> Iterator[Step]:
    """Yield what counts of one card's events, in order, each with the card before and after it."""
    before = Folded()
    for event in in_force(sorted(events, key=order)):
        after = apply(model, before, event)
        yield event, before, after
        before = after


def in_force(ordered: Sequence[Review]) -> list[Review]:
    """Return what counts of events in order: nothing that was taken back, each review as it was last corrected.

    A correction stands in the place of its review and has all its facts, so it is read like one.
    """
    voided = {event.names_id for event in ordered if event.event == "void"}
    standing = [event for event in ordered if event.id not in voided]
    corrections = sorted((event for event in standing if event.event == "correct"), key=lambda one: one.seen_reviews)
    newest = {event.names_id: event for event in corrections}
    return [newest.get(event.id, event) for event in standing if event.event not in ("void", "correct")]
