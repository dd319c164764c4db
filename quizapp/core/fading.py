"""Where a topic stands against the share that still counts as remembered, and when it falls below it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

FADED = 0.8  # below this share, as it is written, a topic is called faded
HORIZON_DAYS = 14  # how far ahead a fall is looked for
_HELD = timedelta(days=1)  # what has just been seen is always recalled: only what lasts was known
_EXACT = timedelta(minutes=1)


class Standing(StrEnum):
    """How a topic stands today."""

    UNKNOWN = "unknown"  # too few answers to tell
    LOW = "low"  # below the mark, and it did not hold for a day when last studied
    FADED = "faded"  # held for a day or more, and has fallen below the mark since
    FADING = "fading"  # falls below it within the horizon
    STEADY = "steady"  # stays above it over the horizon


@dataclass(frozen=True)
class Outlook:
    """A topic's standing; `day` is the day of study of the fall, past (FADED) or to come (FADING), else None."""

    standing: Standing
    day: date | None = None


def whole_percent(share: float) -> int:
    """Return a share as it is written everywhere: in whole per cent, halves upwards."""
    return math.floor(share * 100 + 0.5)


def is_faded(share: float) -> bool:
    """Say whether a share is below the mark by its written figure: .796 reads “80 %” and is not below 80 %."""
    return whole_percent(share) < whole_percent(FADED)


def outlook(
    share_at: Callable[[datetime], float], last_seen_at: datetime, now: datetime, study_day: Callable[[datetime], date]
) -> Outlook:
    """Return how a topic stands, from the share expected at any moment since it was last studied.

    The share must not rise with time: it doesn't, as long as nothing is reviewed.
    """
    if is_faded(share_at(now)):
        held_at = last_seen_at + _HELD
        if held_at >= now or is_faded(share_at(held_at)):
            return Outlook(Standing.LOW)
        return Outlook(Standing.FADED, study_day(_fall(share_at, held_at, now)))
    horizon = now + timedelta(days=HORIZON_DAYS)
    if not is_faded(share_at(horizon)):
        return Outlook(Standing.STEADY)
    return Outlook(Standing.FADING, study_day(_fall(share_at, now, horizon)))


def _fall(share_at: Callable[[datetime], float], above: datetime, below: datetime) -> datetime:
    while below - above > _EXACT:
        middle = above + (below - above) / 2
        if is_faded(share_at(middle)):
            below = middle
        else:
            above = middle
    return below
