"""Charts as coordinates: everything drawn lies in its box, and says in words what it shows."""

from __future__ import annotations

import re
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.fading import whole_percent
from quizapp.core.mastery import Mastery
from quizapp.core.proportions import Tally
from quizapp.web.drawing import day_bars, day_squares, recall_chart, reliability_field, sparks

TODAY = date(2026, 11, 16)
shares = st.floats(0, 1)


def numbers_in(path: str) -> list[tuple[float, float]]:
    found = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", path)]
    return list(zip(found[::2], found[1::2], strict=True))


@st.composite
def masteries(draw: st.DrawFn) -> Mastery:
    low, mean, high = sorted(draw(st.tuples(shares, shares, shares)))
    return Mastery(mean, low, high, is_shown=draw(st.booleans()), met=3, total=8)


def days(count: int) -> list[date]:
    return [TODAY + timedelta(days=index - count // 2) for index in range(count)]


@given(st.lists(st.lists(shares, min_size=15, max_size=15), min_size=1, max_size=10))
def test_sparks_stay_in_their_box_on_one_scale(curves: list[list[float]]) -> None:
    drawn = sparks(curves)
    assert len(drawn) == len(curves)
    for spark, curve in zip(drawn, curves, strict=True):
        points = numbers_in(spark.curve)
        assert len(points) == len(curve)
        assert all(0 <= x <= 120 and 0 <= y <= 32 for x, y in points)
        assert (spark.start, spark.end) == (str(whole_percent(curve[0])), str(whole_percent(curve[-1])))
    lowest = max(y for spark in drawn for _, y in numbers_in(spark.curve))
    holder = min(range(len(curves)), key=lambda index: min(curves[index]))
    assert lowest == max(y for _, y in numbers_in(drawn[holder].curve))


@given(st.lists(masteries(), min_size=29, max_size=29))
def test_a_recall_chart_stays_in_its_box(values: list[Mastery]) -> None:
    chart = recall_chart(list(zip(days(29), values, strict=True)), TODAY)
    assert (chart is None) == (not values[14].is_shown)
    if chart is None:
        return
    drawing = chart.drawing
    for path in (drawing.band, drawing.curve, drawing.ahead):
        for x, y in numbers_in(path):
            assert 28 <= x <= drawing.width
            assert 0 <= y <= drawing.height - 28
    assert drawing.points[0] in numbers_in(drawing.curve)
    assert drawing.points[0] in numbers_in(drawing.ahead)
    assert "Today" in [row[0] for row in chart.rows]
    assert f"{round(values[14].mean * 100)} per cent today" in drawing.label


def test_a_recall_chart_says_where_its_scale_starts() -> None:
    high = [(day, Mastery(0.8, 0.7, 0.9, is_shown=True, met=5, total=8)) for day in days(29)]
    low = [(day, Mastery(0.4, 0.3, 0.6, is_shown=True, met=5, total=8)) for day in days(29)]
    for curve, floor in ((high, "50"), (low, "0")):
        chart = recall_chart(curve, TODAY)
        assert chart is not None
        assert [text for _, text in chart.drawing.y_ticks][-1] == floor
        assert [row[0] for row in chart.rows] == ["2 Nov", "9 Nov", "Today", "23 Nov", "30 Nov"]
        assert chart.drawing.goal_y is not None


@given(st.lists(st.integers(0, 5000), min_size=14, max_size=14))
def test_bars_stand_on_their_base_within_the_box(numbers: list[int]) -> None:
    drawing = day_bars("Cards due", [(TODAY + timedelta(days=i), n) for i, n in enumerate(numbers)], TODAY, "card")
    for bar, number in zip(drawing.bars, numbers, strict=True):
        assert bar.x >= 0
        assert bar.x + bar.width <= drawing.width
        assert bar.y >= 0
        assert abs(bar.y + bar.height - drawing.base_y) < 0.2
        assert bar.figure == (str(number) if number else "")
    assert [bar.is_now for bar in drawing.bars] == [True] + [False] * 13
    assert drawing.label.startswith(f"Cards due: {sum(numbers)} card")
    assert drawing.rows[0] == ("Mon 16 Nov", str(numbers[0]))


@given(st.dictionaries(st.integers(0, 120), st.integers(1, 400), max_size=60), st.integers(0, 6))
def test_days_are_squares_that_do_not_touch_and_end_today(ago: dict[int, int], weekday: int) -> None:
    today = TODAY + timedelta(days=weekday)
    numbers = {today - timedelta(days=days_ago): number for days_ago, number in ago.items()}
    drawing = day_squares(numbers, today, 13)
    assert len(drawing.squares) + drawing.dots.count("M") == 12 * 7 + today.weekday() + 1
    for x, y, side in drawing.squares:
        assert side <= 20
        assert side / 2 <= x <= drawing.width - side / 2
        assert side / 2 <= y <= drawing.height - side / 2
    here = (18 * 12.5, 28.0 + 18 * weekday)
    assert (here in [(x, y) for x, y, _ in drawing.squares]) == (today in numbers)
    assert all(0 <= x <= drawing.width and 0 <= y <= drawing.height for x, y, _, _ in drawing.texts)


@given(st.lists(st.tuples(st.integers(1, 300), shares, shares), min_size=1, max_size=20))
def test_expected_and_recalled_stay_in_their_field(groups: list[tuple[int, float, float]]) -> None:
    tallies = [Tally(reviews, round(reviews * recalled), reviews * expected) for reviews, recalled, expected in groups]
    drawing = reliability_field(tallies)
    for point in drawing.whiskers:
        assert drawing.left <= point.x <= drawing.width
        assert 0 <= point.high_y <= point.y <= point.low_y <= drawing.base_y
    assert f"{round(tallies[0].share * 100)} recalled" in drawing.label
    (left, bottom), (right, top) = numbers_in(drawing.diagonal)
    assert (left, bottom, top) == (drawing.left, drawing.base_y, drawing.y_ticks[0][0])
    assert drawing.x_ticks[0] == (right, "100")
