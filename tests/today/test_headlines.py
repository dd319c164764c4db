"""What the start page says first, for none, one and many."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from quizapp.today.headlines import Source, due_heading, due_source, next_lead, time_needed

MONDAY = date(2026, 11, 16)


def test_the_heading_counts_the_cards() -> None:
    assert due_heading(18) == "18 cards are due today"
    assert due_heading(1) == "1 card is due today"
    assert due_heading(0) == "Nothing is due today"


@pytest.mark.parametrize(
    ("due", "seconds", "words"),
    [
        (18, 20.0, "About six minutes."),
        (2, 10.0, "Less than a minute."),
        (6, 10.0, "About one minute."),
        (150, 10.0, "About 25 minutes."),
        (200, 60.0, "About three hours."),
    ],
)
def test_the_time_is_told_in_round_words(due: int, seconds: float, words: str) -> None:
    assert time_needed(due, seconds) == words


@pytest.mark.parametrize(
    ("due", "from_topic", "is_faded", "source"),
    [
        (18, 7, True, Source("Seven come from", "T", ", the topic that has faded most.")),
        (18, 1, True, Source("One comes from", "T", ", the topic that has faded most.")),
        (18, 12, False, Source("12 come from", "T", ".")),
        (18, 8, False, None),
        (5, 5, False, Source("All of them come from", "T", ".")),
        (2, 2, True, Source("Both come from", "T", ".")),
        (1, 1, True, None),
    ],
)
def test_a_topic_is_named_when_it_stands_out(due: int, from_topic: int, is_faded: bool, source: Source | None) -> None:
    assert due_source(due, from_topic, "T", is_faded=is_faded) == source


def test_with_nothing_due_the_next_day_is_told() -> None:
    assert next_lead(None, 0, MONDAY).startswith("No card is on your schedule.")
    assert next_lead(MONDAY + timedelta(days=1), 1, MONDAY) == "The next card comes back tomorrow."
    assert next_lead(MONDAY + timedelta(days=3), 4, MONDAY) == "The next 4 cards come back on Thursday."
    assert next_lead(date(2026, 12, 24), 2, MONDAY) == "The next 2 cards come back on 24 December."
