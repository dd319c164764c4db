"""What was recalled, done and spent, as the rows of the report's tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from quizapp.core.fading import whole_percent
from quizapp.core.proportions import Tally
from quizapp.progress.history import DayDone, weeks_done
from quizapp.progress.recalls import Retention
from quizapp.web.findings import FEWEST_SHARED, share, short_day
from quizapp.web.rendering import duration_name


@dataclass(frozen=True)
class Cell:
    """A share of some reviews, or how many of a few, with its interval; without reviews a dash."""

    share: str
    of: str
    interval: str


@dataclass(frozen=True)
class RetentionRow:
    """Cards of one age: what was recalled of them in each window, and the band of the longest; 0 without reviews."""

    label: str
    note: str
    cells: tuple[Cell, ...]
    mean: float
    low: float
    high: float


def retention_rows(retention: Retention) -> list[RetentionRow]:
    """Return the rows of young, mature and all cards; none when nothing was reviewed."""
    if not retention.all[-1].reviews:
        return []
    rows = [
        ("Young", "under 21 days", retention.young),
        ("Mature", "21 days or more", retention.mature),
        ("All", "", retention.all),
    ]
    return [_retention_row(label, note, tallies) for label, note, tallies in rows]


def expected_rows(groups: Iterable[Tally]) -> list[tuple[str, str, str, int]]:
    """Return what was expected, what was recalled, its interval and the reviews of each group."""
    return [
        (share(group.expected_share), share(group.share), _interval(group.interval), group.reviews) for group in groups
    ]


def week_rows(days: list[DayDone], today: date) -> list[tuple[str, int, int, str, int, str, str]]:
    """Return a row for each week with something done: days, cards and answers with what was right, and time."""
    rows = []
    for monday, week in weeks_done(days, today):
        reviews, answers = sum(day.reviews for day in week), sum(day.answers for day in week)
        recalled = share(sum(day.recalled for day in week) / reviews) if reviews else "–"
        right = share(sum(day.score for day in week) / answers) if answers else "–"
        spent = sum(day.milliseconds for day in week) / 1000
        rows.append(
            (short_day(monday), len(week), reviews, recalled, answers, right, duration_name(spent) if spent else "–")
        )
    return rows


def spent_by_topic(milliseconds: Counter[int], titles: Mapping[int, str]) -> list[tuple[str, float]]:
    """Return the seconds spent on each topic, most first; topics that are not listed any more together at the end."""
    listed = [(titles[topic_id], spent / 1000) for topic_id, spent in milliseconds.most_common() if topic_id in titles]
    others = sum(spent for topic_id, spent in milliseconds.items() if topic_id not in titles) / 1000
    return [*listed, *([("other topics", others)] if others else [])]


def spent_rows(spent: list[tuple[str, float]]) -> list[tuple[str, float, str]]:
    """Return title, length beside the longest (0..1) and time of each topic."""
    most = max((seconds for _, seconds in spent), default=0.0)
    return [(title, seconds / most, duration_name(seconds)) for title, seconds in spent if seconds]


def _retention_row(label: str, note: str, tallies: tuple[Tally, ...]) -> RetentionRow:
    cells = tuple(_cell(tally) for tally in tallies)
    longest = tallies[-1]
    if not longest.reviews:
        return RetentionRow(label, note, cells, 0.0, 0.0, 0.0)
    return RetentionRow(label, note, cells, longest.share, *longest.interval)


def _cell(tally: Tally) -> Cell:
    if not tally.reviews:
        return Cell("–", "", "")
    if tally.reviews < FEWEST_SHARED:
        return Cell(f"{tally.recalled} of {tally.reviews}", "", _interval(tally.interval))
    return Cell(share(tally.share), f"of {tally.reviews}", _interval(tally.interval))


def _interval(bounds: tuple[float, float]) -> str:
    return f"{whole_percent(bounds[0])}–{share(bounds[1])}"
