"""How a collection is studied, and what that takes and brings under a target retention."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Study:
    """How a collection is studied: its size, the days simulated, and what an answer takes."""

    cards: int = 1_000
    days: int = 365
    new_a_day: int = 10
    seconds_right: float = 8.0
    seconds_wrong: float = 20.0
    first_right: float = 0.7  # share of cards known at first sight
    maximum_interval_days: int = 365


@dataclass(frozen=True)
class Workload:
    """What studying under one target takes, on average over the days, and how many cards are recalled at their end."""

    target: float
    reviews_a_day: float
    minutes_a_day: float
    recalled: float
