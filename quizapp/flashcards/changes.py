"""What a learner can do with cards besides rating them: set aside, put off, flag, and each the other way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from quizapp.learning import cards
from quizapp.learning.cards import Key
from quizapp.web.access import Viewer

Change = Callable[[Session, Viewer, Sequence[Key], datetime], None]

CHANGES: dict[str, Change] = {
    "suspend": lambda session, person, keys, now: cards.suspend(session, person.id, keys, now),
    "resume": lambda session, person, keys, _: cards.resume(session, person.id, keys),
    "bury": lambda session, person, keys, now: cards.bury(session, person.id, keys, person.study_day(now)),
    "unbury": lambda session, person, keys, _: cards.bury(session, person.id, keys, None),
    "flag": lambda session, person, keys, now: cards.flag(session, person.id, keys, now),
    "unflag": lambda session, person, keys, _: cards.flag(session, person.id, keys, None),
}
OPPOSITES = {"suspend": "resume", "resume": "suspend", "bury": "unbury", "flag": "unflag", "unflag": "flag"}
TOLD = {
    "suspend": "Suspended", "resume": "Resumed", "bury": "Put off until tomorrow", "flag": "Flagged",
    "unflag": "Flag removed",
}  # fmt: skip
