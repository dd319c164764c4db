"""Intervals spread over days: within the fuzz, on emptier days, off free ones, on the right day when clocks change."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.days import study_day
from quizapp.core.memory import MemoryState, Rating
from quizapp.core.scheduling import CardState, Outcome, Phase, Spread, is_new_leech, possible_days, spread_out
from quizapp.core.scheduling.spreading import MOST_DAYS, Calendar, fuzz_range

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)  # a Monday
TODAY = NOW.date()


def outcome(days: int, now: datetime = NOW, reviews: int = 5) -> Outcome:
    state = CardState(
        Phase.REVIEW, MemoryState("fsrs6", 0, 9.0, 5.0), 3, reviews, 0, now, now.date(), now + timedelta(days=days)
    )
    return Outcome(Rating.GOOD, state, float(days))


def spread(seed: int = 1, **choices: object) -> Spread:
    return replace(Spread(Calendar(), TODAY, f"1 {seed} 0"), **choices)  # type: ignore[arg-type]


def chosen_days(days: int, card: Spread, due: dict[date, int] | None = None, longest: int = 365) -> int:
    return round(spread_out(outcome(days), card, due or {}, longest).interval_days)


@pytest.mark.parametrize(
    ("days", "bounds"), [(1, (1, 1)), (2, (2, 2)), (3, (2, 4)), (10, (8, 12)), (100, (93, 107)), (365, (345, 365))]
)
def test_the_longer_an_interval_the_further_it_may_move(days: int, bounds: tuple[int, int]) -> None:
    assert fuzz_range(days, 365) == bounds


@given(days=st.integers(1, 365), seed=st.integers(0, 10**6), reviews=st.integers(0, 99))
def test_an_interval_stays_in_its_range_and_the_same_seed_draws_the_same(days: int, seed: int, reviews: int) -> None:
    card = spread(seed)
    low, high = fuzz_range(days, 365)
    possible = possible_days(outcome(days, reviews=reviews), card, 365)
    assert 1 <= len(possible) <= MOST_DAYS
    assert set(possible) <= set(range(low, high + 1))
    first, again = (spread_out(outcome(days, reviews=reviews), card, {}, 365) for _ in range(2))
    assert first == again
    assert round(first.interval_days) in possible
    assert first.state.due_at is not None
    assert study_day(first.state.due_at, "UTC", 0) == TODAY + timedelta(days=first.interval_days)
    assert spread_out(outcome(days), replace(card, is_fuzzed=False), {}, 365).interval_days == days


def test_cards_of_one_day_land_on_many_and_about_where_they_should() -> None:
    drawn = Counter(chosen_days(30, spread(seed)) for seed in range(400))
    assert len(drawn) >= 7
    assert sum(days * number for days, number in drawn.items()) / 400 == pytest.approx(30, abs=0.7)


def test_the_emptier_day_is_drawn_and_the_days_even_out() -> None:
    due: Counter[date] = Counter({TODAY + timedelta(days=days): 40 for days in (8, 9, 10, 12)})
    for seed in range(60):
        due[TODAY + timedelta(days=chosen_days(10, spread(seed), due))] += 1
    assert due[TODAY + timedelta(days=11)] > 25


def test_a_free_day_is_avoided_and_a_half_day_gets_fewer() -> None:
    free = Calendar(week="2222200", days_off=((date(2026, 3, 9), date(2026, 3, 13)),))
    assert {chosen_days(10, spread(seed, calendar=free)) for seed in range(40)} == {4 + 10}  # Monday the 16th
    assert chosen_days(1, spread(calendar=replace(free, week="2022222", days_off=()))) == 2
    assert (
        chosen_days(5, spread(calendar=Calendar(week="2222200"), is_fuzzed=False)) == 4
    )  # Saturday: Friday is nearest
    half = Calendar(week="2221222")  # Thursday the 12th is ten days away
    drawn = Counter(chosen_days(10, spread(seed, calendar=half)) for seed in range(300))
    assert drawn[10] * 2 < min(drawn[9], drawn[11])
    never = Calendar(days_off=((date(2026, 1, 1), date(2027, 1, 1)),))
    assert chosen_days(10, spread(calendar=never)) == 10


def test_a_card_falls_due_on_the_right_day_though_clocks_change_in_between() -> None:
    zone, late = "Europe/Berlin", datetime(2026, 10, 20, 2, 30, tzinfo=UTC)  # 04:30 in summer, a day that began at 4
    calendar = Calendar(zone, 4)
    today = study_day(late, zone, 4)
    moved = spread_out(outcome(10, late), Spread(calendar, today, "1", is_fuzzed=False), {}, 365).state.due_at
    assert moved is not None
    assert study_day(late + timedelta(days=10), zone, 4) == today + timedelta(days=9)  # 03:30 in winter
    assert study_day(moved, zone, 4) == today + timedelta(days=10)


def test_a_card_is_a_leech_at_eight_lapses_and_then_every_four() -> None:
    assert [lapses for lapses in range(20) if is_new_leech(lapses)] == [8, 12, 16]
