"""The plan to a date: gaps on the way, what a day asks, the last pass, and what it comes to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.memory import Fsrs6, MemoryState
from quizapp.core.planning import (
    LAST_PASS_DAYS,
    PlannedCard,
    answers,
    asked_today,
    forecast,
    gain,
    needed_minutes,
    new_a_day,
    plan_interval,
)

MODEL = Fsrs6()


def card(item: int, stability: float = 10.0, elapsed: int = 5, due: int = 5) -> PlannedCard:
    return PlannedCard((item, 0), 1, MemoryState("fsrs6", 0, stability, 5.0), elapsed, due)


def new(item: int) -> PlannedCard:
    return PlannedCard((item, 0), 1, None, 0, 0)


@given(stability=st.floats(0.5, 300), days_left=st.integers(1, 365))
def test_a_gap_is_about_a_fifth_of_the_time_left_within_what_memory_bears(stability: float, days_left: int) -> None:
    memory = MemoryState("fsrs6", 0, stability, 5.0)
    usual = max(1, round(MODEL.interval_days(memory, 0.9)))
    days = plan_interval(MODEL, memory, days_left, usual)
    assert days >= usual
    if days > usual:
        assert days <= round(0.2 * days_left)
        assert MODEL.recall(memory, days) >= 0.8 - 1e-9


def test_the_first_gap_before_an_exam_in_three_weeks_is_four_days() -> None:
    assert plan_interval(MODEL, MODEL.first(3), 21, 2) == 4  # type: ignore[arg-type]


def test_a_day_asks_what_is_due_and_its_part_of_the_new_ones() -> None:
    cards = [card(1, due=0), card(2, due=-3), card(3, due=4), *(new(item) for item in range(10, 90))]
    asked = {one.key[0] for one in asked_today(MODEL, cards, 20, 10_000, 10)}
    assert {1, 2} < asked
    assert 3 not in asked
    assert len(asked) - 2 == new_a_day(80, 20) == 10
    assert asked_today(MODEL, cards, 0, 10_000, 10) == []


def test_the_last_pass_takes_what_adds_most_per_second_and_keeps_to_the_minutes() -> None:
    cards = [card(item, stability=2.0 + item, elapsed=4, due=9) for item in range(40)]
    assert asked_today(MODEL, cards, LAST_PASS_DAYS + 1, 10_000, 10) == []
    asked = asked_today(MODEL, cards, 3, 120, 10)
    assert sum(answers(MODEL, one) for one in asked) * 10 <= 120
    least = min(gain(MODEL, one, 3) for one in asked)
    assert least >= max(gain(MODEL, one, 3) for one in cards if one not in asked)
    assert card(50, elapsed=0) not in asked_today(MODEL, [card(50, elapsed=0)], 1, 10_000, 10)


def test_more_minutes_bring_more_and_what_they_do_not_reach_is_told() -> None:
    cards = [new(item) for item in range(300)]
    shares = []
    for minutes in (5, 20, 60):
        found = forecast(MODEL, cards, 14, minutes * 60, 10, 0.9)
        assert len(found.days) == 14
        assert all(day.seconds <= minutes * 60 for day in found.days)
        assert len(found.recalls) + found.unmet == 300
        shares.append(sum(found.recalls.values()) / 300)
    assert shares == sorted(shares)
    assert forecast(MODEL, cards, 14, 300, 10, 0.9).unmet > 100
    assert needed_minutes(MODEL, cards, 14, 10, 0.9) > 5
    assert needed_minutes(MODEL, [], 14, 10, 0.9) == 5


def test_no_day_before_the_exam_is_much_fuller_than_the_mean() -> None:
    found = forecast(MODEL, [new(item) for item in range(120)], 21, 600, 10, 0.9)
    assert found.unmet == 0
    assert found.days[-1].seconds <= 1.5 * found.minutes_a_day * 60 + 10


def test_a_new_card_gains_and_one_just_reviewed_does_not() -> None:
    assert gain(MODEL, new(1), 5) > gain(MODEL, card(2, stability=100.0, elapsed=1), 5)
    assert gain(MODEL, card(3, stability=3.0, elapsed=9), 5) == pytest.approx(0.35, abs=0.3)
