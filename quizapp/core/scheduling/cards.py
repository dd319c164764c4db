"""When a card comes back: its next state for each rating or quiz answer, and the words for an interval."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from quizapp.core.memory.model import MemoryModel, MemoryState, Rating
from quizapp.core.memory.outcomes import quiz_outcome

_MINUTES_A_DAY = 1440
_DAYS_A_MONTH = 30.44
_DAYS_A_YEAR = 365.0


class Phase(StrEnum):
    """Where a card stands in its schedule."""

    NEW = "new"
    LEARNING = "learning"
    REVIEW = "review"
    RELEARNING = "relearning"


@dataclass(frozen=True)
class CardState:
    """What is kept of one card; a card without `due_at` is not scheduled, though quizzes may have moved its memory."""

    phase: Phase
    memory: MemoryState | None
    passes: int
    reviews: int
    lapses: int
    last_reviewed_at: datetime | None
    last_study_day: date | None
    due_at: datetime | None
    is_sure_miss: bool = False  # missed with high certainty, and not shown on another day since


NEW_CARD = CardState(Phase.NEW, None, 0, 0, 0, None, None, None)
LEECH_LAPSES, _LEECH_EVERY = 8, 4


def is_new_leech(lapses: int) -> bool:
    """Tell whether a card just forgotten for the so-many-th time is to be looked at: at 8 lapses, then every 4."""
    return lapses >= LEECH_LAPSES and (lapses - LEECH_LAPSES) % _LEECH_EVERY == 0


@dataclass(frozen=True)
class Rules:
    """The learner's settings; a new card needs one pass more than there are learning steps."""

    target_retention: float = 0.90
    learning_steps_minutes: tuple[int, ...] = (10, 10)
    relearning_minutes: int = 10
    maximum_interval_days: int = 365


@dataclass(frozen=True)
class Outcome:
    """The state after a review; `interval_days` is 0 when the card stays without a due date."""

    rating: Rating
    state: CardState
    interval_days: float


def previews(
    model: MemoryModel, card: CardState, *, now: datetime, study_day: date, rules: Rules
) -> dict[Rating, Outcome]:
    """Return the outcome of each of the four ratings, were it given now."""
    elapsed_days = _elapsed_days(model, card, now, study_day)
    outcomes = {}
    for rating in Rating:
        memory = model.first(rating) if card.memory is None else model.next(card.memory, rating, elapsed_days)
        outcomes[rating] = _scheduled(model, _reviewed(card, memory, now, study_day), rating, rules)
    return outcomes


def quiz_answered(
    model: MemoryModel,
    card: CardState,
    *,
    score: float,
    options: int | None,
    certainty: str | None,
    now: datetime,
    study_day: date,
    rules: Rules,
    is_open_book: bool = False,
) -> Outcome | None:
    """Return the outcome of a quiz answer, or None when the book was open, which says nothing about memory.

    `score` is 0..1, `options` the number of equally likely answers (None where produced), `certainty` low, mid, high
    or None. A card without a due date stays so when right and falls due soon when missed; a scheduled one moves as by
    the rating that the answer counts as. One missed with high certainty comes back on the next day as well: what one
    was sure of is corrected well at once and returns later (Butler et al. 2011).
    """
    if is_open_book:
        return None
    rating, memory = quiz_outcome(
        model,
        card.memory,
        _elapsed_days(model, card, now, study_day),
        score=score,
        guess_chance_options=options,
        certainty=certainty,
    )
    reviewed = _reviewed(card, memory, now, study_day)
    if rating is Rating.AGAIN and certainty == "high":
        reviewed = replace(reviewed, is_sure_miss=True)
    if card.due_at is None and rating is not Rating.AGAIN:
        return Outcome(rating, reviewed, 0.0)
    return _scheduled(model, reviewed, rating, rules)


def quiz_rated(
    model: MemoryModel, card: CardState, rating: Rating, *, now: datetime, study_day: date, rules: Rules
) -> Outcome:
    """Return the outcome of a flashcard that its learner rated within a quiz; it falls due as a quiz answer does."""
    outcome = previews(model, card, now=now, study_day=study_day, rules=rules)[rating]
    if card.due_at is None and rating is not Rating.AGAIN:
        return Outcome(rating, replace(outcome.state, phase=card.phase, passes=card.passes, due_at=None), 0.0)
    return outcome


def chosen(model: MemoryModel, card: CardState, *, now: datetime, rules: Rules) -> CardState:
    """Return the card once its learner chose to study it: due now, or when its memory from quizzes calls for it."""
    if card.due_at is not None:
        return card
    if card.memory is None or card.last_reviewed_at is None:
        return replace(card, due_at=now)
    due_at = card.last_reviewed_at + timedelta(days=_whole_days(model, card.memory, rules))
    return replace(card, phase=Phase.REVIEW, due_at=max(due_at, now))


def describe_interval(days: float) -> str:
    """Return an interval in words, such as “10 min”, “6 days”, “3 months” or “1.5 years”."""
    minutes = max(1, round(days * _MINUTES_A_DAY))
    if minutes < 60:
        return f"{minutes} min"
    if round(minutes / 60) < 24:
        return _counted(round(minutes / 60), "hour")
    if round(days) < 60:
        return _counted(max(1, round(days)), "day")
    if round(days / _DAYS_A_MONTH) < 12:
        return _counted(round(days / _DAYS_A_MONTH), "month")
    return _counted(round(days / _DAYS_A_YEAR, 1), "year")


def _elapsed_days(model: MemoryModel, card: CardState, now: datetime, study_day: date) -> float:
    if card.last_reviewed_at is None or card.last_study_day is None:
        return 0.0
    if model.is_fractional:
        return max(0.0, (now - card.last_reviewed_at) / timedelta(days=1))
    return max(0, (study_day - card.last_study_day).days)


def _reviewed(card: CardState, memory: MemoryState, now: datetime, study_day: date) -> CardState:
    return replace(card, memory=memory, reviews=card.reviews + 1, last_reviewed_at=now, last_study_day=study_day)


def _scheduled(model: MemoryModel, card: CardState, rating: Rating, rules: Rules) -> Outcome:
    match card.phase:
        case Phase.NEW | Phase.LEARNING:
            return _learnt(model, card, rating, rules)
        case Phase.REVIEW if rating is Rating.AGAIN:
            lapsed = replace(card, phase=Phase.RELEARNING, lapses=card.lapses + 1)
            return _due_in_minutes(lapsed, rating, rules.relearning_minutes)
        case Phase.RELEARNING if rating is Rating.AGAIN:
            return _due_in_minutes(card, rating, rules.relearning_minutes)
    return _graduated(model, card, rating, rules)


def _learnt(model: MemoryModel, card: CardState, rating: Rating, rules: Rules) -> Outcome:
    steps = rules.learning_steps_minutes
    if rating is Rating.AGAIN:
        minutes = steps[max(0, min(card.passes, len(steps)) - 1)] if steps else rules.relearning_minutes
        return _due_in_minutes(replace(card, phase=Phase.LEARNING), rating, minutes)
    passed = replace(card, phase=Phase.LEARNING, passes=card.passes + 1)
    if rating is Rating.EASY or passed.passes > len(steps):
        return _graduated(model, passed, rating, rules)
    return _due_in_minutes(passed, rating, steps[passed.passes - 1])


def _graduated(model: MemoryModel, card: CardState, rating: Rating, rules: Rules) -> Outcome:
    if card.memory is None or card.last_reviewed_at is None:
        raise ValueError("a card without a memory has no interval")
    days = 1 if card.is_sure_miss else _whole_days(model, card.memory, rules)
    due_at = card.last_reviewed_at + timedelta(days=days)
    return Outcome(rating, replace(card, phase=Phase.REVIEW, due_at=due_at, is_sure_miss=False), float(days))


def _due_in_minutes(card: CardState, rating: Rating, minutes: int) -> Outcome:
    if card.last_reviewed_at is None:
        raise ValueError("a card is due again only after a review")
    due_at = card.last_reviewed_at + timedelta(minutes=minutes)
    return Outcome(rating, replace(card, due_at=due_at), minutes / _MINUTES_A_DAY)


def _whole_days(model: MemoryModel, memory: MemoryState, rules: Rules) -> int:
    days = model.interval_days(memory, rules.target_retention)
    return max(1, round(min(days, rules.maximum_interval_days)))


def _counted(amount: float, unit: str) -> str:
    return f"{amount:g} {unit}" if amount == 1 else f"{amount:g} {unit}s"
