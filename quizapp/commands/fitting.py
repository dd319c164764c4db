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
from quizapp.core.memory.evaluation import long_term_rows, newest
from quizapp.core.memory.fitting import Fit
from quizapp.core.memory.logs import LoggedReview
from quizapp.core.memory.trials import RIVALS, Trial, trial

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
    rows, found = long_term_rows(log), _tried(log)
    rivals = {name: found.scores[name] for name in RIVALS}
    report = {
        "n": len(log),
        "held_out": len(newest(rows)),
        "model": found.model,
        "models": {name: _told(each) for name, each in found.fits.items()},
        "rivals": {name: asdict(each) for name, each in rivals.items()},
        "difference": {**asdict(found.gain), "standard_error": found.gain.standard_error if found.gain.n > 1 else None},
    }
    if is_json:
        click.echo(json.dumps(report, indent=2))
    else:
        for name, each in found.fits.items():
            click.echo(f"{_NAMES[name]}, fitted: {told(each.scores)}; {'' if each.is_accepted else 'not '}accepted")
            click.echo(f"{_NAMES[name]}, its defaults: {told(each.in_force)}")
        for name, rival in rivals.items():
            click.echo(f"{name}: {told(rival)}")
        click.echo(f"The model to use is {_NAMES[str(report['model'])]}.")
    if not rows:
        click.echo("quizapp: No card was reviewed on another day, so there is nothing to fit.", err=True)
        sys.exit(1)


def _tried(log: Sequence[LoggedReview]) -> Trial:
    if not sys.stderr.isatty():
        return trial(log)
    with click.progressbar(length=100, label="Fitting", file=sys.stderr) as bar:
        return trial(log, progress=lambda share: bar.update(round(share * 100) - bar.pos))


def _told(found: Fit) -> dict[str, Any]:
    return {
        "weights": list(found.parameters),
        "accepted": found.is_accepted,
        "scores": asdict(found.scores),
        "defaults": asdict(found.in_force),
    }
