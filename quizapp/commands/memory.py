"""The command `memory replay`, and the group that finds `memory fit` when it is asked for."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from quizapp.core.memory import Fsrs6, Fsrs7, MemoryModel, MemoryState
from quizapp.core.memory.evaluation import Scores, chances_of_right, predictions, scores
from quizapp.core.memory.logs import LoggedReview, read_log
from quizapp.core.memory.replaying import Replayed, replay
from quizapp.errors import Unreadable

_TARGET = 0.9


class _MemoryGroup(click.Group):
    """Fitting needs numpy; a server that starts through this command line does not wait for that."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted([*super().list_commands(ctx), "fit"])

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name == "fit":
            command: click.Command = import_module("quizapp.commands.fitting").fit_command
            return command
        return super().get_command(ctx, cmd_name)


@click.group("memory", cls=_MemoryGroup)
def memory_group() -> None:
    """Memory models on a log of reviews in a CSV file; no database.

    The columns are card, rating (1 to 4), elapsed_days (0 at a card's first review) and, for answers that may be
    guessed, kind and options; the rows are in the order of time.
    """


@memory_group.command("replay")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True, path_type=Path))
@click.option("--model", "name", type=click.Choice(["fsrs6", "fsrs7"]), default="fsrs6", show_default=True)
@click.option(
    "--weights", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
    help="A JSON list of the model's weights, or what “memory fit” printed; by default the model's own.",
)  # fmt: skip
@click.option("--json", "is_json", is_flag=True, help="Print one JSON object.")
def replay_command(file: Path, name: str, weights: Path | None, is_json: bool) -> None:
    """Say what a model would have predicted before each review of FILE, and the state after it; - is standard input."""
    model = _model(name, weights)
    log = log_of(file)
    made = replay(model, log)
    found = scores(predictions(log, chances_of_right(log, [each.recall for each in made])))
    if is_json:
        rows = [_row(model, review, each) for review, each in zip(log, made, strict=True)]
        click.echo(json.dumps({"rows": rows, **asdict(found)}, indent=2))
        return
    click.echo("card             rating  recall  stability  difficulty  interval in days")
    for review, each in zip(log, made, strict=True):
        recall = "" if each.recall is None else f"{each.recall:.4f}"
        numbers = each.state.stability, each.state.difficulty, model.interval_days(each.state, _TARGET)
        stability, difficulty, days = (f"{number:.4f}" for number in numbers)
        click.echo(f"{review.card:16} {review.rating:6}  {recall:6}  {stability:>9}  {difficulty:>10}  {days:>16}")
    click.echo(told(found))


def log_of(file: Path) -> list[LoggedReview]:
    """Read a log, from standard input where the file is -. Raises Unreadable, naming file and line."""
    name = "standard input" if str(file) == "-" else str(file)
    try:
        return read_log(sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8"))
    except (UnicodeDecodeError, OSError) as error:
        raise Unreadable(None, f"{name}: The file can't be read as text.") from error
    except Unreadable as error:
        raise Unreadable(None, f"{name}:{f'{error.line}:' if error.line else ''} {error.reason}") from error


def told(found: Scores) -> str:
    """Return scores in words; a dash where one can't be told."""
    log_loss, rmse, auc = (
        "–" if each is None else f"{each:.4f}" for each in (found.log_loss, found.rmse_bins, found.auc)
    )
    return f"log loss {log_loss}, RMSE (bins) {rmse}, AUC {auc}, {found.n} predictions"


def _model(name: str, weights: Path | None) -> MemoryModel:
    try:
        parameters = None if weights is None else _parameters(json.loads(weights.read_text(encoding="utf-8")), name)
        return Fsrs6(parameters) if name == "fsrs6" else Fsrs7(parameters)
    except (ValueError, OSError) as error:  # what is not JSON or not text is a ValueError too
        raise Unreadable(None, f"{weights}: These are no weights of {name}: {error}") from error


def _parameters(content: Any, name: str) -> list[float]:
    if isinstance(content, dict):
        content = content.get("models", {}).get(name, {}).get("weights")
    if not isinstance(content, list) or not all(type(each) in (int, float) for each in content):
        raise ValueError("a list of numbers is wanted.")
    return [float(each) for each in content]


def _row(model: MemoryModel, review: LoggedReview, made: Replayed) -> dict[str, Any]:
    row = {
        "recall": made.recall,
        "state": _state(made.state),
        "interval_days": model.interval_days(made.state, _TARGET),
    }
    if review.options and made.recall is not None:
        row["right"] = made.recall + (1 - made.recall) / review.options
    return row


def _state(state: MemoryState) -> dict[str, float]:
    fast = {} if state.fast_stability is None else {"fast_stability": state.fast_stability}
    return {"stability": state.stability, **fast, "difficulty": state.difficulty}
