"""Days of study: a moment belongs to the day on which the learner, late at night or abroad, would say it was."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def study_day(moment: datetime, zone: str, day_start_hour: int) -> date:
    """Return the day of study of an aware moment, in a zone (IANA name) whose days begin at `day_start_hour`, 0..23."""
    if moment.tzinfo is None:
        raise ValueError("a day of study needs an aware moment")
    wall = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    day = (wall - timedelta(hours=day_start_hour)).date()
    # Where clocks jump across the start of a day, the wall clock alone would be a day off.
    start, end = day_bounds(day, zone, day_start_hour)
    if moment < start:
        return day - timedelta(days=1)
    return day + timedelta(days=1) if moment >= end else day


def day_bounds(day: date, zone: str, day_start_hour: int) -> tuple[datetime, datetime]:
    """Return the first moment of a day of study and that of the next day, in UTC.

    The two lie 23 to 25 hours apart where clocks change, and coincide on a day that a zone left out.
    """
    return _start(day, zone, day_start_hour), _start(day + timedelta(days=1), zone, day_start_hour)


def days_between(earlier: datetime, later: datetime, zone: str, day_start_hour: int) -> int:
    """Return the number of days of study from one moment to another, negative when they are the other way round."""
    return (study_day(later, zone, day_start_hour) - study_day(earlier, zone, day_start_hour)).days


def _start(day: date, zone: str, day_start_hour: int) -> datetime:
    return datetime.combine(day, time(day_start_hour), tzinfo=ZoneInfo(zone)).astimezone(UTC)
