"""Whether the plan to a date pays: learners who follow another model than the planner's, with and without a plan.

A learner remembers by FSRS-7 with each parameter off by 30 %, slips, and guesses; the planner knows FSRS-6 and what
was answered. Both arms spend the same seconds: the plan may use each day a part equal to what plain FSRS spent in all.
"""

from __future__ import annotations

import math
import random
import statistics
from collections.abc import Callable
from dataclasses import dataclass, field

from quizapp.core.memory import Fsrs6, Fsrs7, MemoryState, Rating, fsrs7
from quizapp.core.planning import PlannedCard, asked_today, plan_interval

SEEDS, DAYS, BEFORE_DAYS, CARDS, NEW_A_DAY = 20, 21, 30, 120, 20
_SLIP, _GUESS, _RIGHT_SECONDS, _WRONG_SECONDS, _SPREAD = 0.04, 0.06, 8.0, 16.0, 0.3
_TARGET, _SAME_DAY = 0.9, 10 / 1440
_MOST_OF_MEAN = 1.25  # that a plan may spend on one day
_T_95 = {20: 2.093}


@dataclass
class Studied:
    """One card of one learner: what they remember, and what the planner believes."""

    truth: MemoryState | None = None
    believed: MemoryState | None = None
    reviewed_on: int = 0
    due_on: int | None = None


@dataclass
class Learner:
    """Somebody whose memory follows a model of their own."""

    model: Fsrs7
    rng: random.Random
    planner: Fsrs6 = field(default_factory=Fsrs6)
    cards: list[Studied] = field(default_factory=list)

    def study(self, card: Studied, day: int, interval: Callable[[MemoryState], int]) -> float:
        """Answer a card until it is right, and return the seconds; new ones until three are right."""
        seconds, passes, is_first = 0.0, 3 if card.believed is None else 1, True
        while passes:
            is_right = self._answer(card, day, is_first=is_first)
            seconds += _RIGHT_SECONDS if is_right else _WRONG_SECONDS
            passes, is_first = passes - is_right, False
        card.reviewed_on = day
        assert card.believed is not None
        card.due_on = day + interval(card.believed)
        return seconds

    def _answer(self, card: Studied, day: int, *, is_first: bool) -> bool:
        gap = float(day - card.reviewed_on) if is_first else _SAME_DAY
        recall = 0.4 if card.truth is None else self.model.recall(card.truth, gap)
        is_right = self.rng.random() < recall * (1 - _SLIP) + (1 - recall) * _GUESS
        rating = Rating.GOOD if is_right else Rating.AGAIN
        card.truth = self.model.first(rating) if card.truth is None else self.model.next(card.truth, rating, gap)
        elapsed = int(gap)
        card.believed = (
            self.planner.first(rating) if card.believed is None else self.planner.next(card.believed, rating, elapsed)
        )
        return is_right

    def usual_days(self, memory: MemoryState) -> int:
        """Return the interval of plain FSRS."""
        return max(1, round(self.planner.interval_days(memory, _TARGET)))

    def known(self, day: int) -> float:
        """Return the share of all cards that the learner would recall."""
        recalls = (self.model.recall(card.truth, day - card.reviewed_on) if card.truth else 0.0 for card in self.cards)
        return sum(recalls) / len(self.cards)


def made_learner(seed: int) -> Learner:
    """Return a learner who has studied half of the cards for a month, as plain FSRS asked."""
    rng = random.Random(seed)
    learner = Learner(Fsrs7(_off(rng)), rng, cards=[Studied() for _ in range(CARDS)])
    for day in range(-BEFORE_DAYS, 0):
        for place, card in enumerate(learner.cards[: CARDS // 2]):
            is_new_today = card.believed is None and place % BEFORE_DAYS == day + BEFORE_DAYS
            if is_new_today or (card.due_on is not None and card.due_on <= day):
                learner.study(card, day, learner.usual_days)
    return learner


def plain(learner: Learner) -> list[float]:
    """Study as plain FSRS asks, and return the seconds of each day."""
    spent = []
    for day in range(DAYS):
        due = [card for card in learner.cards if card.due_on is not None and card.due_on <= day]
        new = [card for card in learner.cards if card.believed is None][:NEW_A_DAY]
        spent.append(sum(learner.study(card, day, learner.usual_days) for card in [*due, *new]))
    return spent


def planned(learner: Learner, seconds: float) -> list[float]:
    """Study as the plan asks with so many seconds in all, and return those of each day."""
    spent: list[float] = []
    for day in range(DAYS):
        left = DAYS - day
        budget = min((seconds - sum(spent)) / left, _MOST_OF_MEAN * seconds / DAYS)
        per_card = _RIGHT_SECONDS
        cards = [
            PlannedCard(
                (place, 0), 1, card.believed, day - card.reviewed_on, None if card.due_on is None else card.due_on - day
            )
            for place, card in enumerate(learner.cards)
        ]
        took = 0.0
        for asked in asked_today(learner.planner, cards, left, budget * 1.5, per_card):
            if took >= budget:
                break
            took += learner.study(
                learner.cards[asked.key[0]],
                day,
                lambda memory: plan_interval(learner.planner, memory, left, learner.usual_days(memory)),  # noqa: B023
            )
        spent.append(took)
    return spent


@dataclass(frozen=True)
class Pair:
    """What one seed came to: recall at the date and seconds, plain and planned, and the last day against the mean."""

    recalls: tuple[float, float]
    seconds: tuple[float, float]
    last_day: float


def pair(seed: int) -> Pair:
    """Let one learner study twice, plainly and by the plan."""
    one, other = made_learner(seed), made_learner(seed)
    plain_seconds = plain(one)
    plan_seconds = planned(other, sum(plain_seconds))
    mean = sum(plan_seconds) / DAYS
    return Pair((one.known(DAYS), other.known(DAYS)), (sum(plain_seconds), sum(plan_seconds)), plan_seconds[-1] / mean)


def plan_rows(seeds: int = SEEDS) -> tuple[list[list[str]], str]:
    """Return the table of all seeds, and the sentence that sums it up."""
    pairs = [pair(seed) for seed in range(seeds)]
    rows = [["learner", "plain FSRS", "plan", "difference", "plain min", "plan min", "last day/mean"]]
    for seed, one in enumerate(pairs):
        low, high = one.recalls
        minutes = [f"{seconds / 60:.0f}" for seconds in one.seconds]
        rows.append([str(seed), f"{low:.1%}", f"{high:.1%}", f"{high - low:+.1%}", *minutes, f"{one.last_day:.2f}"])
    differences = [one.recalls[1] - one.recalls[0] for one in pairs]
    mean = statistics.mean(differences)
    reach = _T_95.get(seeds, 2.1) * statistics.stdev(differences) / math.sqrt(seeds)
    last = [one.last_day for one in pairs]
    said = (
        f"Recall at the date, plan less plain FSRS: {mean:+.2%}, 95 % interval {mean - reach:+.2%} to "
        f"{mean + reach:+.2%}; last day {statistics.mean(last):.2f} times the mean day, at most {max(last):.2f}."
    )
    return rows, said


def _off(rng: random.Random) -> list[float]:
    values = [
        min(max(value * (1 + rng.gauss(0, _SPREAD)), low), high)
        for value, low, high in zip(fsrs7.DEFAULTS, fsrs7.LOWEST, fsrs7.HIGHEST, strict=True)
    ]
    values[:4] = sorted(values[:4])
    values[26] = max(values[26], values[25])
    return values
