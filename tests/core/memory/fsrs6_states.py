"""A thousand reviews computed by the `fsrs` package; `python -m tests.core.memory.fsrs6_states` writes them again."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import fsrs

FILE = Path(__file__).with_suffix(".csv")
COLUMNS = ("stability", "difficulty", "elapsed_days", "rating", "recall", "stability_after", "difficulty_after")
_ROWS = 1_000
_START = datetime(2026, 1, 1, tzinfo=UTC)


def computed() -> Iterator[tuple[float, ...]]:
    """Yield rows of histories up to eight reviews long: the state before, the review, the package's state after."""
    rng = random.Random(6)
    scheduler = fsrs.Scheduler(enable_fuzzing=False, learning_steps=(), relearning_steps=())
    card, at = _new(scheduler, rng)
    for row in range(_ROWS):
        if row % 8 == 0:
            card, at = _new(scheduler, rng)
        gap = rng.choice((0, 0, 1, rng.randint(1, 20), rng.randint(1, 400)))
        at += timedelta(days=gap)
        rating = rng.choice(list(fsrs.Rating))
        before, recall = card, scheduler.get_card_retrievability(card, at)
        card, _ = scheduler.review_card(card, rating, at)
        numbers = (before.stability, before.difficulty, gap, int(rating), recall, card.stability, card.difficulty)
        yield tuple(number for number in numbers if number is not None)


def _new(scheduler: fsrs.Scheduler, rng: random.Random) -> tuple[fsrs.Card, datetime]:
    return scheduler.review_card(
        fsrs.Card(card_id=1, due=_START), rng.choice(list(fsrs.Rating)), _START
    )[0], _START  # fmt: skip


def stored() -> list[tuple[float, ...]]:
    """Return the rows of the file."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return [tuple(float(cell) for cell in row) for row in csv.reader(file) if row[0] != COLUMNS[0]]


if __name__ == "__main__":
    with FILE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(computed())
