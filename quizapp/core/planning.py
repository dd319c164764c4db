"""The plan to a date: when cards come back on the way to an exam, what a day asks, and what will be known."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from quizapp.core.memory.model import MemoryModel, MemoryState, Rating, mix

FIRST_GAP = 0.2  # of the time left (Cepeda et al. 2008)
_LEAST_RECALL = 0.8  # a gap is not stretched beyond it
_NEW_WITHIN = 0.4  # of the time left; what is met early is reviewed at longer gaps
LAST_PASS_DAYS = 7  # before the exam, in which a card may be asked though it is not due
_WORTH = 0.01  # recall at the date that a review in the last pass must add
_FIRST_RIGHT = 0.7  # share of questions known at first sight
_PASSES = 2.5  # answers that a new card takes on its first day
MINUTES = (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240)  # a day
_NEAR = 0.01
_AGAIN_COST = 1.0  # more answers that a forgotten card takes


@dataclass(frozen=True)
class PlannedCard:
    """A card of a plan, in whole days from today: its memory (None: never met), days since its last review, and when
    it falls due, negative when overdue, None where it is not scheduled.
    """

    key: tuple[int, int]
    topic_id: int
    memory: MemoryState | None
    elapsed_days: int = 0
    due_in_days: int | None = None


@dataclass(frozen=True)
class PlanDay:
    """What one day asks: cards met before and new ones, and the seconds that they take."""

    reviews: int
    new: int
    seconds: float


@dataclass(frozen=True)
class Forecast:
    """What a plan comes to: its days from today on, the recall of each card at the date, cards never met by then."""

    days: tuple[PlanDay, ...]
    recalls: dict[tuple[int, int], float]
    unmet: int

    @property
    def minutes_a_day(self) -> float:
        """The mean over the days."""
        return sum(day.seconds for day in self.days) / 60 / len(self.days) if self.days else 0.0


def plan_interval(model: MemoryModel, memory: MemoryState, days_left: int, usual_days: int) -> int:
    """Return after how many days a card reviewed today comes back, `days_left` days before the exam.

    About a fifth of the time left, but not before it would by the usual target nor after recall fell to 0.8. What
    would come in the last days or after the exam is left to the last pass, and has its usual interval.
    """
    wide = max(usual_days, math.floor(model.interval_days(memory, _LEAST_RECALL)))
    return min(max(round(FIRST_GAP * days_left), usual_days), wide)


def gain(model: MemoryModel, card: PlannedCard, days_left: int) -> float:
    """Return how much recall at the exam a review today adds, per answer that it takes."""
    if card.memory is None:
        after = model.recall(_met(_hashed(model)), days_left)
        return after / _PASSES
    known, passed, missed = _outcomes(_hashed(model), card.memory, card.elapsed_days)
    after = known * model.recall(passed, days_left) + (1 - known) * model.recall(missed, days_left)
    return (after - model.recall(card.memory, card.elapsed_days + days_left)) / (1 + (1 - known) * _AGAIN_COST)


def asked_today(
    model: MemoryModel, cards: Sequence[PlannedCard], days_left: int, seconds: float, seconds_per_card: float
) -> list[PlannedCard]:
    """Return the cards that a plan asks today, those that add most recall at the exam per second first.

    Cards that are due, new ones so that all are met in time, and in the last days what is worth another look though
    it is not due; as far as the seconds reach.
    """
    if days_left < 1:
        return []
    is_last_pass = days_left <= LAST_PASS_DAYS
    due = [card for card in cards if card.due_in_days is not None and card.due_in_days <= 0 and card.memory]
    new = [card for card in cards if card.memory is None]
    new = new[: new_a_day(len(new), days_left)]
    late = [card for card in cards if is_last_pass and card.memory and card not in due and card.elapsed_days > 0]
    worth = {card.key: gain(model, card, days_left) for card in [*due, *new, *late]}
    late = [card for card in late if worth[card.key] > _WORTH]
    asked, left = [], seconds
    for card in sorted([*due, *new, *late], key=lambda one: (-worth[one.key], one.key)):
        left -= answers(model, card) * seconds_per_card
        if left < 0:
            break
        asked.append(card)
    return asked


def new_a_day(unmet: int, days_left: int) -> int:
    """Return how many new cards a day brings so that all are met well before the exam."""
    return math.ceil(unmet / max(1, math.floor(days_left * _NEW_WITHIN)))


def answers(model: MemoryModel, card: PlannedCard) -> float:
    """Return how many answers a card takes on a day, on average."""
    if card.memory is None:
        return _PASSES
    return 1 + (1 - model.recall(card.memory, card.elapsed_days)) * _AGAIN_COST


def forecast(
    model: MemoryModel,
    cards: Sequence[PlannedCard],
    days_left: int,
    seconds_a_day: float,
    seconds_per_card: float,
    target: float,
) -> Forecast:
    """Return what following a plan from today until the day before the exam comes to, each card by its mean course."""
    days = []
    for left in range(days_left, 0, -1):
        asked = asked_today(model, cards, left, seconds_a_day, seconds_per_card)
        keys = {card.key for card in asked}
        new = sum(card.memory is None for card in asked)
        took = sum(answers(model, card) for card in asked) * seconds_per_card
        days.append(PlanDay(len(asked) - new, new, took))
        cards = [_next_day(_studied(model, card, left, target) if card.key in keys else card) for card in cards]
    recalls = {card.key: model.recall(card.memory, card.elapsed_days) for card in cards if card.memory}
    return Forecast(tuple(days), recalls, sum(card.memory is None for card in cards))


def needed_minutes(
    model: MemoryModel, cards: Sequence[PlannedCard], days_left: int, seconds_per_card: float, target: float
) -> int:
    """Return the fewest minutes a day, of some usual ones, with which a plan comes to what it does without a limit."""
    whole = _share(forecast(model, cards, days_left, math.inf, seconds_per_card, target), len(cards))
    return next(
        (
            minutes
            for minutes in MINUTES
            if _share(forecast(model, cards, days_left, minutes * 60, seconds_per_card, target), len(cards))
            >= whole - _NEAR
        ),
        MINUTES[-1],
    )


def _share(found: Forecast, cards: int) -> float:
    return sum(found.recalls.values()) / cards if cards else 0.0


def _studied(model: MemoryModel, card: PlannedCard, days_left: int, target: float) -> PlannedCard:
    memory = _met(_hashed(model))
    if card.memory is not None:
        known, passed, missed = _outcomes(_hashed(model), card.memory, card.elapsed_days)
        memory = mix(passed, missed, known)
    usual = max(1, round(model.interval_days(memory, target)))
    return replace(card, memory=memory, elapsed_days=0, due_in_days=plan_interval(model, memory, days_left, usual))


def _hashed(model: MemoryModel) -> Any:
    return model  # every model is a plain object, known by itself


@lru_cache(maxsize=50_000)
def _outcomes(model: Any, memory: MemoryState, elapsed_days: int) -> tuple[float, MemoryState, MemoryState]:
    """Return the recall before a review, and the memory after it was passed and missed; cards of one day share them."""
    passed, missed = (model.next(memory, rating, elapsed_days) for rating in (Rating.GOOD, Rating.AGAIN))
    return model.recall(memory, elapsed_days), passed, missed


@lru_cache
def _met(model: Any) -> MemoryState:
    return mix(model.first(Rating.GOOD), model.first(Rating.AGAIN), _FIRST_RIGHT)


def _next_day(card: PlannedCard) -> PlannedCard:
    due = None if card.due_in_days is None else card.due_in_days - 1
    return replace(card, elapsed_days=card.elapsed_days + (card.memory is not None), due_in_days=due)
