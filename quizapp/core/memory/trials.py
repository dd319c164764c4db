"""Both models fitted to a log and held against what is in force and simple rivals, on the newest reviews."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from quizapp.core.memory.evaluation import (
    Prediction,
    Scores,
    average,
    calibration,
    chances_of_right,
    long_term_rows,
    moving_average,
    newest,
    predictions,
    scores,
    sm2,
)
from quizapp.core.memory.fitting import MODELS, Difference, Fit, Progress, difference, fit, judged
from quizapp.core.memory.logs import LoggedReview
from quizapp.core.proportions import Tally

RIVALS = ("average", "moving average", "SM-2")


@dataclass(frozen=True)
class Trial:
    """What came of fitting a log; scores and calibration are those of the newest reviews, held out of the fits.

    `model` and `parameters` are to be used from now on; they are new where the trial `is_accepted`. `gain` is how much
    better the other model did than the one in force, each with its better parameters.
    """

    model: str
    parameters: tuple[float, ...]
    is_accepted: bool
    fits: dict[str, Fit]
    gain: Difference
    scores: dict[str, Scores]
    calibration: list[Tally]


def trial(
    log: Sequence[LoggedReview],
    *,
    model: str = "fsrs6",
    in_force: Sequence[float] | None = None,
    priors: Mapping[str, Sequence[float]] | None = None,
    progress: Progress = lambda share: None,
) -> Trial:
    """Fit both models to a log, and tell which one is to be used after it, with which parameters.

    `model` is the one in force, with the parameters `in_force` or its defaults. A fit of it takes over where it did
    better; the other model where it did better by more than chance explains, on enough predictions. `progress` hears
    shares from 0 to 1.
    """
    other = next(name for name in MODELS if name != model)
    before = tuple(in_force or MODELS[model].DEFAULTS)
    fits = {
        name: fit(
            name,
            log,
            in_force=before if name == model else None,
            prior=(priors or {}).get(name),
            progress=_half(progress, place),
        )
        for place, name in enumerate((model, other))
    }
    held_out = set(newest(long_term_rows(log)))

    def found(name: str, parameters: Sequence[float]) -> list[Prediction]:
        return judged(MODELS[name], parameters, log, held_out)

    better = {
        name: each.parameters if each.is_accepted else before if name == model else MODELS[name].DEFAULTS
        for name, each in fits.items()
    }
    gain = difference(found(model, better[model]), found(other, better[other]))
    used = other if gain.is_enough_to_move else model
    told = found(used, better[used])
    return Trial(
        model=used,
        parameters=better[used],
        is_accepted=used != model or fits[model].is_accepted,
        fits=fits,
        gain=gain,
        scores=_rivals(log)
        | {f"{name} defaults": scores(found(name, MODELS[name].DEFAULTS)) for name in MODELS}
        | {f"{name} fitted": each.scores for name, each in fits.items()}
        | {"before": scores(found(model, before)), "used": scores(told)},
        calibration=calibration(told),
    )


def _rivals(log: Sequence[LoggedReview]) -> dict[str, Scores]:
    """Return how simple predictors did on the newest reviews of a log."""
    rows = long_term_rows(log)
    held_out = set(newest(rows))
    chances = (
        average(log, [row for row in rows if row not in held_out]),
        moving_average(log),
        chances_of_right(log, sm2(log)),
    )
    return {name: scores(predictions(log, each, held_out)) for name, each in zip(RIVALS, chances, strict=True)}


def _half(progress: Progress, place: int) -> Callable[[float], None]:
    return lambda share: progress((place + share) / 2)
