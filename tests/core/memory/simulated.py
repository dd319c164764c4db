"""Logs of made-up learners whose memory follows known parameters."""

from __future__ import annotations

import heapq
import random

from quizapp.core.memory import Fsrs6, Fsrs7, MemoryModel, MemoryState, Rating
from quizapp.core.memory.logs import LoggedReview

FORGETFUL6 = (
    0.1, 0.6, 1.2, 4.0, 6.8, 0.7, 2.6, 0.01, 1.4, 0.25, 0.6, 1.9, 0.08, 0.35, 1.4, 0.45, 2.2, 0.4, 0.2, 0.1, 0.35,
)  # fmt: skip
FORGETFUL7 = (
    0.05, 0.9, 1.8, 6.0, 6.6, 0.7, 3.2, 1.5, 0.1, 1.1, 0.6, 0.5, 0.9, 0.5, 1.3, 1.0, 0.7, 3.4, 0.4, 0.1, 1.6, 0.5, 1.2,
    0.2, 0.15, 0.3, 0.93, 0.2, 0.7, 0.05, 0.5, 0.4, 0.5, 0.3,
)  # fmt: skip


def simulated_log(learner: MemoryModel, length: int, seed: int, options: int | None = None) -> list[LoggedReview]:
    """Return reviews in the order of time; the intervals are the default model's, drawn longer and shorter.

    With `options`, half the cards are choices among as many answers, where who does not know guesses.
    """
    rng, planner = random.Random(seed), Fsrs6()
    log: list[LoggedReview] = []
    queue = [(card / 12, card) for card in range(length)]  # twelve new cards a day
    states: dict[int, tuple[float, MemoryState, MemoryState]] = {}
    while len(log) < length:
        at, card = heapq.heappop(queue)
        last = states.get(card)
        elapsed = 0.0 if last is None else at - last[0]
        days = 0 if last is None else int(at) - int(last[0])
        recall = 0.6 if last is None else learner.recall(last[1], elapsed)
        among = options if card % 2 else None
        luck = 1 / among if among else 0.0
        is_right = rng.random() < recall + (1 - recall) * luck
        rating = rng.choices((Rating.HARD, Rating.GOOD, Rating.EASY), (1, 8, 1))[0] if is_right else Rating.AGAIN
        log.append(LoggedReview(str(card), rating, elapsed, days, among))
        if last is None:
            memory, planned = learner.first(rating), planner.first(rating)
        else:
            memory = learner.next(last[1], rating, elapsed if learner.is_fractional else days)
            planned = planner.next(last[2], rating, days)
        states[card] = at, memory, planned
        gap = planner.interval_days(planned, 0.9) * rng.uniform(0.5, 2.0)
        heapq.heappush(queue, (at + (0.01 if rating is Rating.AGAIN and rng.random() < 0.5 else max(1.0, gap)), card))
    return log


def learners() -> dict[str, MemoryModel]:
    """Return a learner for each model, who forgets sooner than its defaults say."""
    return {"fsrs6": Fsrs6(FORGETFUL6), "fsrs7": Fsrs7(FORGETFUL7)}
