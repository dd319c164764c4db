"""How fast the memory models are: updates in plain Python and in numpy, replays and fits of one log."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np

from quizapp.core.memory import Fsrs6, Fsrs7, fsrs6_batch, fsrs7, fsrs7_batch
from quizapp.core.memory.fitting import fit
from quizapp.core.memory.logs import LoggedReview
from quizapp.core.memory.replaying import replay
from tests.core.memory.simulated import learners, simulated_log

_BATCH = 100_000


def memory_rows(reviews: int) -> list[list[str]]:
    """Return the table for a log of so many reviews: what was done, how often, its seconds, how many a second.

    Seconds are this process's own, so that what else runs on the machine counts little.
    """
    log = simulated_log(learners()["fsrs6"], reviews, seed=1)
    subjects: list[tuple[str, int, Callable[[], object]]] = [
        ("FSRS-7 updates, plain Python", 10 * len(log), lambda: _updates(log * 10)),
        ("FSRS-6 updates, numpy", _BATCH, _batch(fsrs6_batch.reviewed, fsrs6_batch.DEFAULTS, (5.0, 5.0))),
        ("FSRS-7 updates, numpy", _BATCH, _batch(fsrs7_batch.reviewed, fsrs7_batch.DEFAULTS, (5.0, 4.0, 5.0))),
        ("FSRS-6 replay", len(log), lambda: replay(Fsrs6(), log)),
        ("FSRS-7 replay", len(log), lambda: replay(Fsrs7(), log)),
        ("FSRS-6 fit", len(log), lambda: fit("fsrs6", log)),
        ("FSRS-7 fit", len(log), lambda: fit("fsrs7", log)),
    ]
    rows = [["memory", "reviews", "seconds", "a second"]]
    for name, count, act in subjects:
        seconds = min(_seconds(act) for _ in range(3))
        rows.append([name, str(count), f"{seconds:.3f}", f"{count / seconds:.0f}"])
    return rows


def _updates(log: Sequence[LoggedReview]) -> float:
    updated = fsrs7.update(fsrs7.DEFAULTS)
    slow, fast, difficulty = 3.9221, 3.1377, 2.0
    for review in log:
        slow, fast, difficulty = updated(slow, fast, difficulty, review.rating, review.elapsed_days)
    return slow


def _batch(
    reviewed: Callable[..., object], parameters: Sequence[float], state: Sequence[float]
) -> Callable[[], object]:
    rng = np.random.default_rng(1)
    grades, days = rng.integers(1, 5, _BATCH), rng.exponential(8.0, _BATCH)
    arrays = [np.full(_BATCH, part) for part in state]
    return lambda: reviewed(parameters, arrays, grades, days, np.floor(days), None)


def _seconds(act: Callable[[], object]) -> float:
    started = time.process_time()
    act()
    return max(time.process_time() - started, 1e-6)
