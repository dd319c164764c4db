"""FSRS-6 through the `fsrs` package, whose traps stay in this file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import fsrs

from quizapp.core.memory.model import MemoryState, Rating

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_LONGEST_GAP_DAYS = 365_000


class Fsrs6:
    """FSRS-6 (open-spaced-repetition, 2025): 21 parameters, one stability, whole days between reviews.

    Reviews on one day of study use the model's same-day formula. Raises ValueError when parameters are out of bounds.
    """

    name = "fsrs6"
    is_fractional = False

    def __init__(self, parameters: Sequence[float] | None = None, parameters_id: int = 0) -> None:
        # Without steps and fuzz a card's state comes from the formulas alone; the package's fuzz draws from the
        # global random source.
        self._scheduler = fsrs.Scheduler(
            parameters=fsrs.scheduler.DEFAULT_PARAMETERS if parameters is None else tuple(parameters),
            learning_steps=(),
            relearning_steps=(),
            enable_fuzzing=False,
        )
        self._parameters_id = parameters_id
        self._decay = -self._scheduler.parameters[20]
        self._factor = 0.9 ** (1 / self._decay) - 1

    def first(self, rating: Rating) -> MemoryState:
        """Return the state after the first review."""
        # A card made without an id sleeps for a millisecond to get a unique one.
        return self._reviewed(fsrs.Card(card_id=0, due=_EPOCH), rating, _EPOCH)

    def next(self, state: MemoryState, rating: Rating, elapsed_days: float) -> MemoryState:
        """Return the state after another review; a fraction of a day is dropped, a negative gap counts as none."""
        if state.model != self.name or state.parameters != self._parameters_id:
            raise ValueError(f"a state of {state.model} with parameters {state.parameters} belongs to another model")
        gap = timedelta(days=min(max(int(elapsed_days), 0), _LONGEST_GAP_DAYS))
        card = fsrs.Card(
            card_id=0,
            state=fsrs.State.Review,
            stability=state.stability,
            difficulty=state.difficulty,
            due=_EPOCH,
            last_review=_EPOCH,
        )
        return self._reviewed(card, rating, _EPOCH + gap)

    def recall(self, state: MemoryState, elapsed_days: float) -> float:
        """Return the chance of recalling, by the published forgetting curve, which unlike the package's has fractions.

        R(t) = (1 + F·t/S)^−w20 with F = 0.9^(−1/w20) − 1; stability 10 after 20 days gives .84588.
        """
        return float((1 + self._factor * max(elapsed_days, 0.0) / state.stability) ** self._decay)

    def interval_days(self, state: MemoryState, target: float) -> float:
        """Return the days, not rounded, until recall falls to `target`: the inverse of recall()."""
        if not 0 < target < 1:
            raise ValueError(f"a target of {target} has no interval")
        return float(state.stability / self._factor * (target ** (1 / self._decay) - 1))

    def _reviewed(self, card: fsrs.Card, rating: Rating, at: datetime) -> MemoryState:
        after, _log = self._scheduler.review_card(card, fsrs.Rating(rating), at)
        if after.stability is None or after.difficulty is None:
            raise ValueError("the model left a reviewed card without a state")
        return MemoryState(self.name, self._parameters_id, after.stability, after.difficulty)
