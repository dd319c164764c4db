"""Sweeps: work that is done again and again, safe to do twice and in two workers at once.

A room writes a sweep as a plain action on its own rows and the worker lists it; two shapes fit nearly all:

    def remove_old_guests(session: Session, now: datetime) -> Counts      # at most so many rows, for `in_batches`

    def overdue_attempts(session: Session, now: datetime) -> Sequence[tuple[int, UUID]]      # finds some keys, and
    def finish(session: Session, learner_id: int, attempt_id: UUID, now: datetime) -> None   # for `one_by_one`
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy.orm import Session

from quizapp.config import Settings
from quizapp.database import Database
from quizapp.errors import QuizappError

Counts = dict[str, int]
_PACKAGE = Path(__file__).resolve().parents[1]
_BATCHES_MOST = 50
_log = logging.getLogger("quizapp.worker")


@dataclass(frozen=True)
class Turn:
    """One run of one sweep: what it may use, and the failures of single rows that did not stop it."""

    name: str
    database: Database
    settings: Settings
    clock: Callable[[], datetime]
    rng: Random
    is_ending: Callable[[], bool]  # the worker was told to end: stop after the row at hand
    failures: list[str] = field(default_factory=list)

    def note(self, error: Exception) -> None:
        """Log what went wrong with one row, and keep it for the sweep's report."""
        report(self.name, error)
        self.failures.append(told(error))


@dataclass(frozen=True)
class Sweep:
    """One entry of the worker's list."""

    name: str  # of its row in `leases`
    run: Callable[[Turn], Counts]
    every: timedelta
    is_shared: bool = False  # it claims its own rows, so every worker does it, in a thread of its own


def in_batches(action: Callable[[Session, datetime], Counts]) -> Callable[[Turn], Counts]:
    """Make a sweep of an action on a bounded number of rows, called in new transactions until it counts nothing."""

    def run(turn: Turn) -> Counts:
        total: Counts = {}
        for _ in range(_BATCHES_MOST):
            with turn.database.write_session() as session:
                counts = action(session, turn.clock())
            total = {word: total.get(word, 0) + number for word, number in counts.items()}
            if turn.is_ending() or not any(counts.values()):
                break
        return total

    return run


def one_by_one(
    word: str,
    find: Callable[[Session, datetime], Sequence[tuple[Any, ...]]],
    act: Callable[..., object],
) -> Callable[[Turn], Counts]:
    """Make a sweep that calls `act(session, *key, now)` for each key found, each in a transaction of its own.

    A key whose action fails is noted and passed over, so that it does not stand in the way of the others.
    """

    def run(turn: Turn) -> Counts:
        done, seen = 0, set[tuple[Any, ...]]()
        while not turn.is_ending():
            with turn.database.read_session() as session:
                keys = [key for key in find(session, turn.clock()) if key not in seen]
            if not keys:
                break
            for key in keys:
                seen.add(key)
                if error := failure_of(partial(_write, turn, act, key)):
                    turn.note(error)
                else:
                    done += 1
                if turn.is_ending():
                    break
        return {word: done}

    return run


def failure_of(act: Callable[[], object]) -> Exception | None:
    """Call `act` and return what it raised, so that one failure does not stop what comes after it."""
    try:
        act()
    except Exception as error:
        return error
    return None


def report(name: str, error: Exception) -> None:
    """Log a failure with the lines that led to it, but without its message, which can hold what people wrote."""
    lines = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    _log.error("failed", extra={"sweep": name, "error": told(error), "lines": lines})


def told(error: Exception) -> str:
    """Say what went wrong without anything personal: our own sentences as they are, else the kind and the place."""
    if isinstance(error, QuizappError):
        return error.message
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(_PACKAGE)]
    place = f" at {Path(ours[-1].filename).relative_to(_PACKAGE)}:{ours[-1].lineno}" if ours else ""
    return f"{type(error).__name__}{place}"


def _write(turn: Turn, act: Callable[..., object], key: tuple[Any, ...]) -> None:
    with turn.database.write_session() as session:
        act(session, *key, turn.clock())
