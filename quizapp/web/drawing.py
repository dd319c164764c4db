"""Charts as coordinates: every figure is worked out here, templates only place it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from quizapp.core.fading import FADED, whole_percent
from quizapp.core.mastery import Mastery
from quizapp.core.memory.costs import Workload
from quizapp.core.proportions import Tally
from quizapp.web.findings import share, short_day
from quizapp.web.rendering import count

_SPARK_WIDTH, _SPARK_HEIGHT = 120.0, 32.0
_LINE_WIDTH, _LINE_HEIGHT, _LINE_LEFT, _LINE_TOP, _LINE_BASE = 320, 150, 28.0, 6.0, 120.0
_TARGET_STEP, _TARGET_WIDTH = 58, 44
_BAR_STEP, _BAR_WIDTH, _BAR_TOP, _BAR_BASE, _BAR_HEIGHT = 38, 26, 20.0, 120.0, 144
_SQUARE_STEP, _LARGEST_SQUARE, _SMALLEST_SQUARE, _SQUARES_TOP, _WEEKDAYS_WIDTH = 18, 15.0, 4.5, 28.0, 40
_FIELD_WIDTH, _FIELD_HEIGHT, _FIELD_LEFT, _FIELD_TOP, _FIELD_BASE = 320, 246, 44.0, 8.0, 200.0
_WEEKDAYS = ((0, "Mon"), (2, "Wed"), (4, "Fri"), (6, "Sun"))


@dataclass(frozen=True)
class Spark:
    """A small curve in a 120 × 32 box, with the figures at its ends."""

    curve: str
    goal_y: float | None
    start: str
    end: str


@dataclass(frozen=True)
class LineDrawing:
    """A curve with its band: the past drawn through, the time ahead dashed."""

    label: str
    y_ticks: tuple[tuple[float, str], ...]
    band: str
    curve: str
    ahead: str
    goal_y: float | None
    points: tuple[tuple[float, float], ...]
    x_ticks: tuple[tuple[float, str, str], ...]
    width: int = _LINE_WIDTH
    height: int = _LINE_HEIGHT


@dataclass(frozen=True)
class RecallChart:
    """The recall curve of a topic around today, and the same as rows of a table."""

    drawing: LineDrawing
    rows: tuple[tuple[str, str, str], ...]  # day, recall, half the band


@dataclass(frozen=True)
class Bar:
    """One day's bar; `figure` is empty for a day with nothing."""

    x: float
    y: float
    width: float
    height: float
    label: str
    figure: str
    is_now: bool


@dataclass(frozen=True)
class BarDrawing:
    """Bars over days or targets, and the same as rows of a table."""

    title: str
    label: str
    bars: tuple[Bar, ...]
    rows: tuple[tuple[str, ...], ...]
    width: int
    height: int = _BAR_HEIGHT
    base_y: float = _BAR_BASE

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(bar.figure for bar in self.bars)


@dataclass(frozen=True)
class DayDrawing:
    """Weeks as columns of days; the area of a square grows with what was done."""

    label: str
    texts: tuple[tuple[float, float, str, str], ...]
    squares: tuple[tuple[float, float, float], ...]  # middle and side
    dots: str  # a path of points: days without anything
    width: int
    height: int


@dataclass(frozen=True)
class Whisker:
    """One group of reviews: its point, and the interval from `high_y` down to `low_y`."""

    x: float
    y: float
    low_y: float
    high_y: float


@dataclass(frozen=True)
class FieldDrawing:
    """Shares found over shares expected, both axes on one scale; on the diagonal they agree."""

    label: str
    whiskers: tuple[Whisker, ...]
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    diagonal: str
    width: int = _FIELD_WIDTH
    height: int = _FIELD_HEIGHT
    left: float = _FIELD_LEFT
    base_y: float = _FIELD_BASE


def sparks(curves: Sequence[Sequence[float]]) -> list[Spark]:
    """Draw curves of shares 0..1, all on one scale from the lowest to the highest of them."""
    values = [value for curve in curves for value in curve]
    if not values:
        return []
    low, high = min(values), max(values)
    if high - low < 0.05:  # a scale this narrow would make noise look like change
        low, high = (low + high) / 2 - 0.025, (low + high) / 2 + 0.025

    def y(value: float) -> float:
        return _round(_SPARK_HEIGHT - 2 - (value - low) / (high - low) * (_SPARK_HEIGHT - 4))

    goal_y = y(FADED) if low <= FADED <= high else None
    return [
        Spark(
            _path([(_round(index * _SPARK_WIDTH / (len(curve) - 1)), y(value)) for index, value in enumerate(curve)]),
            goal_y, str(whole_percent(curve[0])), str(whole_percent(curve[-1])),
        )
        for curve in curves
    ]  # fmt: skip


def recall_chart(curve: Sequence[tuple[date, Mastery]], today: date, *, width: int = _LINE_WIDTH) -> RecallChart | None:
    """Draw a topic's mastery over days in order, today among them; None while today's can't be shown.

    Days on which too little was known to say a number are left out.
    """
    shown = [(day, value) for day, value in curve if value.is_shown]
    if today not in [day for day, _ in shown]:
        return None
    first, last = curve[0][0], curve[-1][0]
    floor = 0.5 if min(value.low for _, value in shown) >= 0.5 else 0.0

    def x(day: date) -> float:
        return _round(_LINE_LEFT + (day - first).days / (last - first).days * (width - _LINE_LEFT))

    def y(value: float) -> float:
        return _round(_LINE_BASE - (value - floor) / (1 - floor) * (_LINE_BASE - _LINE_TOP))

    means = [(day, (x(day), y(value.mean))) for day, value in shown]
    upper = [(x(day), y(value.high)) for day, value in shown]
    lower = [(x(day), y(value.low)) for day, value in reversed(shown)]
    now = dict(shown)[today]
    drawing = LineDrawing(
        label=_curve_label(shown, today),
        y_ticks=tuple((y(value), f"{whole_percent(value)}") for value in (1.0, (1 + floor) / 2, floor)),
        band=_path(upper + lower) + "z",
        curve=_path([point for day, point in means if day <= today]),
        ahead=_path([point for day, point in means if day >= today]),
        goal_y=y(FADED),
        points=((x(today), y(now.mean)),),
        x_ticks=(
            (_LINE_LEFT, short_day(first), "start"),
            (x(today), "Today", "middle"),
            (float(width), short_day(last), "end"),
        ),
        width=width,
    )
    return RecallChart(drawing, tuple(_curve_row(day, value, today) for day, value in shown if _in_table(day, today)))


def day_bars(title: str, numbers: Sequence[tuple[date, int]], today: date, one: str) -> BarDrawing:
    """Draw a number for each day, `one` naming what is counted (“card”)."""
    most = max((number for _, number in numbers), default=0)
    bars = []
    for index, (day, number) in enumerate(numbers):
        height = _round(number / most * (_BAR_BASE - _BAR_TOP)) if most else 0.0
        bars.append(
            Bar(
                x=float(6 + index * _BAR_STEP), y=_round(_BAR_BASE - height), width=float(_BAR_WIDTH), height=height,
                label="Today" if day == today else f"{day:%a}", figure=str(number) if number else "",
                is_now=day == today,
            )
        )  # fmt: skip
    busiest = max(numbers, key=lambda entry: entry[1])
    label = f"{title}: {count(sum(number for _, number in numbers), one)} in {len(numbers)} days"
    if most:
        label += f", the most on {busiest[0]:%A} {short_day(busiest[0])}, {busiest[1]}"
    rows = tuple((f"{day:%a} {short_day(day)}", str(number)) for day, number in numbers)
    return BarDrawing(title, label, tuple(bars), rows, width=_BAR_STEP * len(numbers))


def target_bars(costs: Sequence[Workload], target: float) -> BarDrawing:
    """Draw the minutes a day that each target retention takes; the one nearest to the learner's `target` stands out."""
    most = max(each.minutes_a_day for each in costs)
    nearest = min(costs, key=lambda each: abs(each.target - target))
    heights = [_round(each.minutes_a_day / most * (_BAR_BASE - _BAR_TOP)) for each in costs]
    told = ", ".join(f"{whole_percent(each.target)}\u00a0% takes {each.minutes_a_day:.1f}" for each in costs)
    return BarDrawing(
        "Minutes a day by target",
        f"Minutes a day by target retention: {told}",
        tuple(
            Bar(
                x=float(7 + index * _TARGET_STEP), y=_round(_BAR_BASE - height),
                width=float(_TARGET_WIDTH), height=height,
                label=f"{whole_percent(each.target)}\u00a0%", figure=f"{each.minutes_a_day:.1f}",
                is_now=each is nearest,
            )
            for index, (each, height) in enumerate(zip(costs, heights, strict=True))
        ),
        tuple(
            (
                f"{whole_percent(each.target)}\u00a0%", f"{each.minutes_a_day:.1f}", f"{each.reviews_a_day:.0f}",
                f"{each.recalled:.0f}",
            )
            for each in costs
        ),
        width=_TARGET_STEP * len(costs),
    )  # fmt: skip


def day_squares(numbers: Mapping[date, int], today: date, weeks: int) -> DayDrawing:
    """Draw the last weeks until today, Monday first; a day without anything is a dot.

    The weekdays are named at the right, so that a narrow page can cut off the oldest weeks.
    """
    start = today - timedelta(days=today.weekday() + 7 * (weeks - 1))
    most = max((number for day, number in numbers.items() if start <= day <= today), default=0)
    right = _SQUARE_STEP * weeks
    texts = [(right + 8.0, _SQUARES_TOP + 4 + _SQUARE_STEP * row, name, "start") for row, name in _WEEKDAYS]
    squares, dots = [], []
    for index in range((today - start).days + 1):
        day = start + timedelta(days=index)
        x, y = _SQUARE_STEP * (index // 7 + 0.5), _SQUARES_TOP + _SQUARE_STEP * (index % 7)
        if numbers.get(day):
            squares.append((x, y, _side(numbers[day], most)))
        else:
            dots.append(f"M{x:g} {y:g}h0")
        if day.day == 1 and index // 7 < weeks - 1:
            texts.append((x - _SQUARE_STEP / 2, 10.0, f"{day:%b}", "start"))
    label = (
        f"The last {weeks} weeks: something was answered on {count(len(squares), 'day')}; a larger square means more"
    )
    height = int(_SQUARES_TOP) + _SQUARE_STEP * 6 + _SQUARE_STEP // 2 + 3
    return DayDrawing(label, tuple(texts), tuple(squares), "".join(dots), right + _WEEKDAYS_WIDTH, height)


def reliability_field(groups: Sequence[Tally]) -> FieldDrawing:
    """Draw the share recalled, with its interval, over the share expected of each group; there must be a group."""
    lowest = min(min(group.expected_share, group.interval[0]) for group in groups)
    floor = math.floor(min(lowest, 0.9) * 10) / 10

    def x(value: float) -> float:
        return _round(_FIELD_LEFT + (value - floor) / (1 - floor) * (_FIELD_WIDTH - 10 - _FIELD_LEFT))

    def y(value: float) -> float:
        return _round(_FIELD_BASE - (value - floor) / (1 - floor) * (_FIELD_BASE - _FIELD_TOP))

    step = 1 if floor >= 0.5 else 2
    ticks = [tenth / 10 for tenth in range(10, round(floor * 10) - 1, -step)]
    told = ", ".join(
        f"{whole_percent(group.expected_share)} expected and {whole_percent(group.share)} recalled" for group in groups
    )
    return FieldDrawing(
        label=f"Expected beside recalled, per cent: {told}",
        whiskers=tuple(
            Whisker(x(group.expected_share), y(group.share), y(group.interval[0]), y(group.interval[1]))
            for group in groups
        ),
        x_ticks=tuple((x(tick), f"{whole_percent(tick)}") for tick in ticks),
        y_ticks=tuple((y(tick), f"{whole_percent(tick)}") for tick in ticks),
        diagonal=_path([(x(floor), y(floor)), (x(1.0), y(1.0))]),
    )


def _side(number: int, most: int) -> float:
    return _round(max(_SMALLEST_SQUARE, _LARGEST_SQUARE * math.sqrt(number / most))) if number else 0.0


def _curve_label(shown: Sequence[tuple[date, Mastery]], today: date) -> str:
    now = dict(shown)[today]
    first, last = shown[0], shown[-1]
    parts = [f"{_per_cent(first[1])} on {short_day(first[0])}"] if first[0] < today else []
    parts.append(f"{_per_cent(now)} today")
    if last[0] > today:
        parts.append(f"{_per_cent(last[1])} expected on {short_day(last[0])}")
    return f"Share likely to be recalled: {', '.join(parts)}"


def _per_cent(value: Mastery) -> str:
    return f"{whole_percent(value.mean)} per cent"


def _in_table(day: date, today: date) -> bool:
    return (day - today).days % 7 == 0


def _curve_row(day: date, value: Mastery, today: date) -> tuple[str, str, str]:
    half_band = f"±{whole_percent((value.high - value.low) / 2)}"
    return "Today" if day == today else short_day(day), share(value.mean), half_band


def _path(points: Sequence[tuple[float, float]]) -> str:
    if not points:
        return ""
    return "M" + " ".join(f"{x:g} {y:g}" for x, y in points)


def _round(value: float) -> float:
    return round(value, 1)
