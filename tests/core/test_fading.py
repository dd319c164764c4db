"""How a topic stands: the day of its fall, from a curve that only falls."""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.fading import HORIZON_DAYS, Outlook, Standing, is_faded, outlook, whole_percent

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


def falling(start: datetime, share: float, halves_in_days: float) -> Callable[[datetime], float]:
    return lambda moment: share * math.exp(-math.log(2) * ((moment - start) / timedelta(days=1)) / halves_in_days)


def utc_day(moment: datetime) -> date:
    return moment.date()


def test_a_topic_that_was_known_and_slipped_has_faded_since_the_day_it_fell() -> None:
    seen = NOW - timedelta(days=10)
    assert outlook(lambda moment: 0.9 - (moment - seen).days * 0.025, seen, NOW, utc_day) == Outlook(
        Standing.FADED, date(2026, 11, 11)
    )


def test_a_topic_that_was_not_known_when_last_studied_has_not_faded() -> None:
    assert outlook(lambda _moment: 0.5, NOW - timedelta(days=3), NOW, utc_day) == Outlook(Standing.LOW)


def test_what_was_only_just_seen_was_not_known() -> None:
    seen = NOW - timedelta(days=3)
    assert outlook(falling(seen, 1.0, 0.5), seen, NOW, utc_day) == Outlook(Standing.LOW)
    assert outlook(falling(seen, 1.0, 4.0), seen, NOW, utc_day).standing is Standing.FADED


def test_a_topic_studied_this_moment_is_low_or_it_holds() -> None:
    assert outlook(lambda _moment: 0.5, NOW, NOW, utc_day).standing is Standing.LOW
    assert outlook(lambda _moment: 0.8, NOW, NOW, utc_day).standing is Standing.STEADY


@pytest.mark.parametrize(
    ("share", "written", "standing"),
    [(0.796, 80, Standing.STEADY), (0.795, 80, Standing.STEADY), (0.794, 79, Standing.LOW)],
)
def test_a_topic_is_below_the_mark_when_its_written_figure_is(share: float, written: int, standing: Standing) -> None:
    assert whole_percent(share) == written
    assert outlook(lambda _moment: share, NOW, NOW, utc_day).standing is standing


def test_a_fall_is_told_in_days_of_the_learner() -> None:
    falls_at = NOW + timedelta(days=2, hours=18)  # the 19th at 03:00
    told = outlook(
        lambda moment: 0.9 if moment < falls_at else 0.7, NOW, NOW, lambda moment: (moment - timedelta(hours=4)).date()
    )
    assert told == Outlook(Standing.FADING, date(2026, 11, 18))


@given(
    share=st.floats(0.05, 1.0),
    halves_in_days=st.floats(0.5, 400),
    age_days=st.floats(0, 200),
)
def test_the_standing_agrees_with_the_curve(share: float, halves_in_days: float, age_days: float) -> None:
    seen = NOW - timedelta(days=age_days)
    curve = falling(seen, share, halves_in_days)
    told = outlook(curve, seen, NOW, utc_day)
    assert (told.standing in (Standing.LOW, Standing.FADED)) == is_faded(curve(NOW))
    assert (told.day is not None) == (told.standing in (Standing.FADED, Standing.FADING))
    if told.standing is Standing.FADED:
        assert told.day is not None
        assert seen.date() <= told.day <= NOW.date()
        assert is_faded(curve(datetime.combine(told.day + timedelta(days=1), datetime.min.time(), UTC)))
    if told.standing is Standing.FADING:
        assert told.day is not None
        assert NOW.date() <= told.day <= (NOW + timedelta(days=HORIZON_DAYS)).date()
