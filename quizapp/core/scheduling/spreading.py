"""Intervals spread over days: a little fuzz, the emptier day, and never a day that the learner keeps free."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import blake2b

from quizapp.core.days import day_bounds, study_day
from quizapp.core.scheduling.cards import Outcome, Phase

MOST_DAYS = 9  # looked at for one interval
_FUZZ = ((2.5, 7.0, 0.15), (7.0, 20.0, 0.10), (20.0, float("inf"), 0.05))  # days from, to, and their share
_SHORTEST_FUZZED = 2.5
_LOAD_POWER, _LENGTH_POWER = 2.15, 3.0
_FARTHEST_DAYS = 60  # from a day kept free to the next one that is not
_SHARES = {"2": 1.0, "1": 0.5, "0": 0.0}


@dataclass(frozen=True)
class Calendar:
    """The days of one learner: `week` has a digit for each day from Monday: 2 as usual, 1 half, 0 free.

    `days_off` are first and last days of holidays.
    """

    time_zone: str = "UTC"
    day_start_hour: int = 0
    week: str = "2222222"
    days_off: tuple[tuple[date, date], ...] = ()

    def share(self, day: date) -> float:
        """Return how much is studied on a day: 1 as usual, 0.5, or 0."""
        if any(first <= day <= last for first, last in self.days_off):
            return 0.0
        return _SHARES[self.week[day.weekday()]]


@dataclass(frozen=True)
class Spread:
    """What moves an interval that ends at a card's day: the calendar, a seed of the card's own, and fuzz or none."""

    calendar: Calendar
    today: date
    seed: str
    is_fuzzed: bool = True


def fuzz_range(days: int, longest: int) -> tuple[int, int]:
    """Return the shortest and longest interval that may stand for one of `days`; as wide as Anki's (2020).

    1 and 2 days stay; 10 may become 8 to 12, 100 may become 93 to 107.
    """
    if days < _SHORTEST_FUZZED:
        return days, days
    delta = 1.0 + sum(share * max(0.0, min(days, end) - start) for start, end, share in _FUZZ)
    return max(2, round(days - delta)), max(days, min(round(days + delta), longest))


def possible_days(outcome: Outcome, spread: Spread, longest: int) -> Sequence[int]:
    """Return the intervals, in days and ascending, that an outcome may be given; none where it comes back today.

    A wide range is cut to some days within it, where the card's seed says.
    """
    days = round(outcome.interval_days)
    if outcome.state.phase is not Phase.REVIEW or outcome.state.due_at is None or days < 1:
        return ()
    low, high = fuzz_range(days, longest) if spread.is_fuzzed else (days, days)
    if high - low >= MOST_DAYS:
        low += int(_chance(spread, outcome, "window") * (high - low - MOST_DAYS + 2))
        high = low + MOST_DAYS - 1
    open_days = [day for day in range(low, high + 1) if spread.calendar.share(_day(spread, day))]
    return open_days or [_nearest_open(spread, days)]


def spread_out(outcome: Outcome, spread: Spread, due: Mapping[date, int], longest: int) -> Outcome:
    """Return an outcome on one of its possible days, the rather the fewer cards are `due` then.

    The chance of a day is proportional to (share/(cards + 1))^2.15/days^3: the powers of Anki's load balancer (2024),
    where the second makes up for later days being emptier. The same seed and count of reviews draw the same day.
    """
    days = possible_days(outcome, spread, longest)
    if not days:
        return outcome
    weights = []
    for number in days:
        day = _day(spread, number)
        weights.append((spread.calendar.share(day) / (due.get(day, 0) + 1)) ** _LOAD_POWER / number**_LENGTH_POWER)
    return on_day(outcome, spread, _drawn(days, weights, _chance(spread, outcome, "day")))


def on_day(outcome: Outcome, spread: Spread, days: int) -> Outcome:
    """Return an outcome due so many days of study from today, wherever clocks change in between."""
    reviewed_at, calendar = outcome.state.last_reviewed_at, spread.calendar
    if reviewed_at is None:
        raise ValueError("a card is due again only after a review")
    day, due_at = _day(spread, days), reviewed_at + timedelta(days=days)
    if study_day(due_at, calendar.time_zone, calendar.day_start_hour) != day:
        due_at, _ = day_bounds(day, calendar.time_zone, calendar.day_start_hour)
    return replace(outcome, state=replace(outcome.state, due_at=due_at), interval_days=float(days))


def _nearest_open(spread: Spread, days: int) -> int:
    """Return the interval nearest to `days` that ends on an open day, of two the shorter; `days` where none is near."""
    near = sorted(range(max(1, days - _FARTHEST_DAYS), days + _FARTHEST_DAYS), key=lambda other: abs(other - days))
    return next((number for number in near if spread.calendar.share(_day(spread, number))), days)


def _day(spread: Spread, days: int) -> date:
    return spread.today + timedelta(days=days)


def _drawn(days: Sequence[int], weights: Sequence[float], chance: float) -> int:
    left = chance * sum(weights)
    for number, weight in zip(days, weights, strict=True):
        left -= weight
        if left < 0:
            return number
    return days[-1] if weights[-1] else days[0]


def _chance(spread: Spread, outcome: Outcome, what: str) -> float:
    words = f"{spread.seed} {outcome.state.reviews} {what}"
    return float(int.from_bytes(blake2b(words.encode(), digest_size=8).digest()) / 2**64)
