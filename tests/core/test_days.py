"""Days of study around midnight, clock changes and odd zones."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from quizapp.core.days import day_bounds, days_between, study_day


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "zone", "hour", "day"),
    [
        ("2026-03-02T23:59:59+00:00", "UTC", 0, date(2026, 3, 2)),
        ("2026-03-03T00:00:00+00:00", "UTC", 0, date(2026, 3, 3)),
        ("2026-03-03T03:59:59+00:00", "UTC", 4, date(2026, 3, 2)),
        ("2026-03-03T04:00:00+00:00", "UTC", 4, date(2026, 3, 3)),
        ("2026-03-02T14:30:00+00:00", "Pacific/Kiritimati", 4, date(2026, 3, 3)),  # +14
        ("2026-03-02T13:59:00+00:00", "Pacific/Kiritimati", 4, date(2026, 3, 2)),
        ("2026-03-02T15:00:00+00:00", "Pacific/Pago_Pago", 4, date(2026, 3, 2)),  # −11
        ("2026-03-02T22:29:00+00:00", "Asia/Kolkata", 4, date(2026, 3, 2)),  # +5:30
        ("2026-03-02T22:30:00+00:00", "Asia/Kolkata", 4, date(2026, 3, 3)),
        ("2026-03-02T22:14:00+00:00", "Asia/Kathmandu", 4, date(2026, 3, 2)),  # +5:45
        ("2026-03-02T22:15:00+00:00", "Asia/Kathmandu", 4, date(2026, 3, 3)),
        ("2028-02-29T03:00:00+00:00", "UTC", 4, date(2028, 2, 28)),
        ("2028-03-01T03:59:00+00:00", "UTC", 4, date(2028, 2, 29)),
        ("2027-03-01T03:59:00+00:00", "UTC", 4, date(2027, 2, 28)),
        ("2026-01-01T03:00:00+01:00", "Europe/Berlin", 4, date(2025, 12, 31)),
        ("2026-03-29T00:59:59+00:00", "Europe/Berlin", 2, date(2026, 3, 28)),  # 02:00 jumps to 03:00
        ("2026-03-29T01:00:00+00:00", "Europe/Berlin", 2, date(2026, 3, 29)),
        ("2026-10-25T00:30:00+00:00", "Europe/Berlin", 2, date(2026, 10, 25)),  # 02:30, the first time
        ("2026-10-25T01:30:00+00:00", "Europe/Berlin", 2, date(2026, 10, 25)),  # 02:30, the second time
    ],
)
def test_a_moment_belongs_to_the_day_that_began_last(moment: str, zone: str, hour: int, day: date) -> None:
    assert study_day(at(moment), zone, hour) == day


@pytest.mark.parametrize(
    ("day", "zone", "hour", "start", "hours"),
    [
        (date(2026, 3, 2), "UTC", 4, "2026-03-02T04:00:00+00:00", 24),
        (date(2026, 3, 2), "America/New_York", 4, "2026-03-02T09:00:00+00:00", 24),
        (date(2026, 3, 28), "Europe/Berlin", 4, "2026-03-28T03:00:00+00:00", 23),
        (date(2026, 10, 24), "Europe/Berlin", 4, "2026-10-24T02:00:00+00:00", 25),
        (date(2026, 10, 3), "Australia/Lord_Howe", 4, "2026-10-02T17:30:00+00:00", 23.5),  # half an hour of summer time
        (date(2011, 12, 30), "Pacific/Apia", 4, "2011-12-30T14:00:00+00:00", 0),  # the day that Samoa left out
        (date(2028, 2, 29), "Asia/Kolkata", 4, "2028-02-28T22:30:00+00:00", 24),
    ],
)
def test_bounds_of_a_day(day: date, zone: str, hour: int, start: str, hours: float) -> None:
    begins, ends = day_bounds(day, zone, hour)
    assert begins == at(start)
    assert begins.tzinfo is UTC
    assert ends - begins == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("zone", "first"),
    [
        ("Europe/Berlin", "2026-03-27T00:00:00+00:00"),
        ("Europe/Berlin", "2026-10-23T00:00:00+00:00"),
        ("America/Havana", "2026-03-07T00:00:00+00:00"),  # midnight is left out
        ("America/Havana", "2026-10-31T00:00:00+00:00"),  # midnight comes twice
        ("America/St_Johns", "2006-10-28T00:00:00+00:00"),  # clocks went back at 00:01, into the day before
        ("Australia/Lord_Howe", "2026-04-03T00:00:00+00:00"),
        ("Pacific/Apia", "2011-12-28T00:00:00+00:00"),
        ("Pacific/Chatham", "2026-09-25T00:00:00+00:00"),
    ],
)
@pytest.mark.parametrize("hour", [0, 2, 4])
def test_every_moment_lies_within_the_bounds_of_its_day_and_days_never_go_back(
    zone: str, first: str, hour: int
) -> None:
    before = date.min
    for quarters in range(4 * 24 * 4):
        moment = at(first) + timedelta(minutes=15 * quarters)
        day = study_day(moment, zone, hour)
        start, end = day_bounds(day, zone, hour)
        assert start <= moment < end
        assert day >= before
        before = day


def test_days_between_counts_days_of_study_not_spans_of_24_hours() -> None:
    evening, morning = at("2026-03-02T23:00:00+01:00"), at("2026-03-03T05:00:00+01:00")
    assert days_between(evening, morning, "Europe/Berlin", 4) == 1
    assert days_between(evening, at("2026-03-03T03:00:00+01:00"), "Europe/Berlin", 4) == 0
    assert days_between(morning, evening, "Europe/Berlin", 4) == -1
    assert days_between(at("2028-02-28T12:00:00+00:00"), at("2028-03-01T12:00:00+00:00"), "UTC", 4) == 2


def test_a_naive_moment_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="aware"):
        study_day(datetime(2026, 3, 2, 12), "UTC", 4)  # noqa: DTZ001 - the mistake under test
