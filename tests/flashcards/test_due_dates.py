"""When a card comes back, in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from quizapp.flashcards.due_dates import due_words
from quizapp.learning.learners import Learner

EVENING = datetime(2026, 3, 2, 21, 30, tzinfo=UTC)  # a Monday


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(0), "now"),
        (timedelta(seconds=20), "in 1 minute"),
        (timedelta(minutes=6, seconds=1), "in 7 minutes"),
        (timedelta(hours=4), "today"),
        (timedelta(hours=12), "tomorrow"),
        (timedelta(days=4), "on Friday"),
        (timedelta(days=12), "on 14 March"),
        (timedelta(days=365), "on 2 March 2027"),
    ],
)
def test_a_due_date_is_told_in_days_of_study(ahead: timedelta, words: str) -> None:
    learner = Learner(1, "UTC", 4, 0.9, 20, None, 0)
    assert due_words(EVENING + ahead, EVENING, learner) == words
