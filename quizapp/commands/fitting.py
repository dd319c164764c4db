"""The command `memory fit`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from quizapp.commands.memory import log_of, told
from quizapp.core.memory.evaluation import (
    average,
    chances_of_right,
    long_term_rows,
    moving_average,
    newest,
    predictions,
    scores,
    sm2,
)
from quizapp.core.memory.fitting import MODELS, Difference, Fit, difference, fit, judged
from quizapp.core.memory.logs import LoggedReview

_NAMES = {"fsrs6": "FSRS-6", "fsrs7": "FSRS-7"}


@click.command("fit")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object.")
def fit_command(file: Path, is_json: bool) -> None:
    """Fit both models to all of FILE but its newest fifth, and judge them on that; - is standard input.

    Judged are reviews on a later day than the card's review before. A fit that predicts them no better than the
    model's defaults is not accepted.
    """
    log = log_of(file)
    fits = {name: _fitted(name, log) for name in MODELS}
    change = _change(log, fits)
    rows = long_term_rows(log)
    rivals = _rivals(log, rows)
    report = {
        "n": len(log),
        "held_out": len(newest(rows)),
        "model": "fsrs7" if change.is_enough_to_move else "fsrs6",
        "models": {name: _told(each) for name, each in fits.items()},
        "rivals": {name: asdict(each) for name, each in rivals.items()},
        "difference": {**asdict(change), "standard_error": change.standard_error if change.n > 1 else None},
    }
    if is_json:
        click.echo(json.dumps(report, indent=2))
    else:
        for name, each in fits.items():
            click.echo(f"{_NAMES[name]}, fitted: {told(each.scores)}; {'' if each.is_accepted else 'not '}accepted")
            click.echo(f"{_NAMES[name]}, its defaults: {told(each.in_force)}")
        for name, found in rivals.items():
            click.echo(f"{name}: {told(found)}")
        click.echo(f"The model to use is {_NAMES[str(report['model'])]}.")
    if not rows:
        click.echo("quizapp: No card was reviewed on another day, so there is nothing to fit.", err=True)
        sys.exit(1)


def _fitted(name: str, log: Sequence[LoggedReview]) -> Fit:
    if not sys.stderr.isatty():
        return fit(name, log)
    with click.progressbar(length=100, label=f"Fitting {_NAMES[name]}", file=sys.stderr) as bar:
        return fit(name, log, progress=lambda share: bar.update(round(share * 100) - bar.pos))


def _change(log: Sequence[LoggedReview], fits: dict[str, Fit]) -> Difference:
    held_out = set(newest(long_term_rows(log)))
    six, seven = (
        judged(MODELS[name], each.parameters if each.is_accepted else MODELS[name].DEFAULTS, log, held_out)
        for name, each in fits.items()
    )
    return difference(six, seven)


def _rivals(log: Sequence[LoggedReview], rows: Sequence[int]) -> dict[str, Any]:
    held_out = set(newest(rows))
    chances = {
        "average": average(log, [row for row in rows if row not in held_out]),
        "moving average": moving_average(log),
        "SM-2": chances_of_right(log, sm2(log)),
    }
    return {name: scores(predictions(log, each, held_out)) for name, each in chances.items()}


def _told(found: Fit) -> dict[str, Any]:
    return {
        "weights": list(found.parameters),
        "accepted": found.is_accepted,
        "scores": asdict(found.scores),
        "defaults": asdict(found.in_force),
    }
