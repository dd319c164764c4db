"""When a card comes back, in the learner's words and days of study."""

from __future__ import annotations

from datetime import datetime, timedelta

from quizapp.learning.learners import Learner
from quizapp.web.rendering import count, day_name

_SOON = timedelta(hours=1)


def due_words(due_at: datetime, now: datetime, person: Learner) -> str:
    """Return “now”, “in 7 minutes”, “today”, “tomorrow”, “on Friday” or “on 8 March”."""
    if due_at <= now:
        return "now"
    if due_at - now < _SOON:
        return f"in {count(-((now - due_at) // timedelta(minutes=1)), 'minute')}"
    today = person.study_day(now)
    name = day_name(person.study_day(due_at), today)
    return name if name in ("today", "tomorrow") else f"on {name}"
