"""How good predictions of recall were: log loss, RMSE (bins), AUC and a calibration curve, and simple rivals."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from quizapp.core.memory.logs import LoggedReview
from quizapp.core.memory.model import Rating
from quizapp.core.proportions import Tally

_SUREST = 1e-5  # no prediction counts as surer than this
_TWENTIETHS = 20


@dataclass(frozen=True, slots=True)
class Prediction:
    """The chance that an answer would be right, beside whether it was.

    `number` counts the reviews of the card with this one, `lapses` its earlier ones that were not recalled, without
    the first.
    """

    chance: float
    is_right: bool
    elapsed_days: float
    number: int
    lapses: int

    @property
    def loss(self) -> float:
        """The logarithm of the chance given to what happened, negated."""
        chance = min(max(self.chance, _SUREST), 1 - _SUREST)
        return -math.log(chance if self.is_right else 1 - chance)


@dataclass(frozen=True)
class Scores:
    """How good predictions were; None where it can't be said: without predictions, or for AUC without both outcomes."""

    n: int
    log_loss: float | None
    rmse_bins: float | None
    auc: float | None


def chances_of_right(log: Sequence[LoggedReview], recalls: Iterable[float | None]) -> list[float | None]:
    """Return the chances that the answers are right, from those of recalling: the rest guesses among the options."""
    return [
        recall if recall is None or review.options is None else recall + (1 - recall) / review.options
        for review, recall in zip(log, recalls, strict=True)
    ]


def predictions(
    log: Sequence[LoggedReview], chances: Sequence[float | None], rows: Collection[int] | None = None
) -> list[Prediction]:
    """Return the predictions of a log, or of these rows of it; a card's first review has none."""
    numbers: dict[str, int] = {}
    lapses: dict[str, int] = {}
    found = []
    for row, (review, chance) in enumerate(zip(log, chances, strict=True)):
        number = numbers[review.card] = numbers.get(review.card, 0) + 1
        before = lapses.setdefault(review.card, 0)
        if number > 1 and not review.is_right:
            lapses[review.card] += 1
        if number > 1 and chance is not None and (rows is None or row in rows):
            found.append(Prediction(chance, review.is_right, review.elapsed_days, number, before))
    return found


def scores(judged: Sequence[Prediction]) -> Scores:
    """Return how good the predictions were."""
    if not judged:
        return Scores(0, None, None, None)
    log_loss = math.fsum(each.loss for each in judged) / len(judged)
    return Scores(len(judged), log_loss, _rmse_bins(judged), _auc(judged))


def calibration(judged: Iterable[Prediction]) -> list[Tally]:
    """Return what was expected beside what happened, per twentieth of the chance, from 0 to 1."""
    tallies = [Tally() for _ in range(_TWENTIETHS)]
    for each in judged:
        tallies[min(int(each.chance * _TWENTIETHS), _TWENTIETHS - 1)] += Tally(1, int(each.is_right), each.chance)
    return tallies


def long_term_rows(log: Sequence[LoggedReview]) -> list[int]:
    """Return the rows whose recall is judged: those on a later day of study than the card's review before.

    Answers of the same day say little of memory; the field leaves them out as well (srs-benchmark, 2025).
    """
    return [row for row, review in enumerate(log) if review.study_days >= 1]


def newest(rows: Sequence[int], share: float = 0.2) -> Sequence[int]:
    """Return the newest share of the rows, the held-out ones; at least one when there is any."""
    return rows[len(rows) - math.ceil(len(rows) * share) :]


def average(log: Sequence[LoggedReview], learnt: Iterable[int]) -> list[float | None]:
    """Predict for every review the share of right answers among the rows learnt from (AVG)."""
    outcomes = [log[row].is_right for row in learnt]
    share = sum(outcomes) / len(outcomes) if outcomes else 0.9
    return [share] * len(log)


def moving_average(log: Iterable[LoggedReview]) -> list[float | None]:
    """Predict by what came just before, over all cards: a logit that starts at 1.2 and learns by .3 of each miss."""
    logit, chances = 1.2, []
    for review in log:
        chance = 1 / (1 + math.exp(-logit))
        chances.append(chance)
        logit += 0.3 * (review.is_right - chance)
    return list(chances)


def sm2(log: Iterable[LoggedReview]) -> list[float | None]:
    """Predict by SM-2 (Wozniak 1990), read as recall falling to .9 over its interval: .9^(t / interval)."""
    states: dict[str, tuple[int, float, float]] = {}
    recalls: list[float | None] = []
    for review in log:
        passes, interval, ease = states.get(review.card, (0, 0.0, 2.5))
        recalls.append(0.9 ** (review.elapsed_days / interval) if interval else None)
        if review.rating >= Rating.HARD:
            interval, passes = (1.0, 6.0)[passes] if passes < 2 else interval * ease, passes + 1
        else:
            interval, passes = 1.0, 0
        missed = 4 - review.rating
        ease = max(1.3, ease + 0.1 - missed * (0.08 + missed * 0.02))
        states[review.card] = passes, max(1.0, float(round(interval + 0.01))), ease
    return recalls


def _rmse_bins(judged: Sequence[Prediction]) -> float:
    """Root mean square of expected less found, over bins of like history weighted by their reviews.

    Bins are the steps of three ladders: elapsed days by 3.62, number of the review by 1.89, lapses by 1.73
    (open-spaced-repetition, “The Metric”).
    """
    bins: dict[tuple[int | None, ...], Tally] = {}
    for each in judged:
        place = (_rung(each.elapsed_days, 3.62), _rung(each.number, 1.89), _rung(each.lapses, 1.73))
        bins[place] = bins.get(place, Tally()) + Tally(1, int(each.is_right), each.chance)
    squares = math.fsum((tally.recalled - tally.expected) ** 2 / tally.reviews for tally in bins.values())
    return math.sqrt(squares / len(judged))


def _rung(value: float, factor: float) -> int | None:
    return math.floor(math.log(value) / math.log(factor)) if value > 0 else None


def _auc(judged: Sequence[Prediction]) -> float | None:
    """The chance that a right answer was given the better prediction than a wrong one, ties counting half."""
    right = sum(each.is_right for each in judged)
    wrong = len(judged) - right
    if not right or not wrong:
        return None
    rank_sum, below = 0.0, 0
    for _, tied in groupby(sorted(judged, key=lambda each: each.chance), key=lambda each: each.chance):
        outcomes = [each.is_right for each in tied]
        rank_sum += sum(outcomes) * (below + (len(outcomes) + 1) / 2)
        below += len(outcomes)
    return (rank_sum - right * (right + 1) / 2) / (right * wrong)
