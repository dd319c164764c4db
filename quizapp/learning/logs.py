"""A learner's review log as memory models read it: what was asked of their memory, in the order of time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from quizapp.core.memory.logs import LoggedReview
from quizapp.core.memory.model import Rating
from quizapp.learning.cards import Key
from quizapp.learning.folding import in_force, order
from quizapp.models import Review

_DAY = timedelta(days=1)
_LOG = select(
    Review.id, Review.event, Review.names_id, Review.item_id, Review.part, Review.rating, Review.score, Review.guess,
    Review.is_open_book, Review.source, Review.reviewed_at, Review.received_at, Review.study_day, Review.seen_reviews,
).where(Review.learner_id == bindparam("learner_id"), Review.event != "chosen")  # fmt: skip


def review_log(session: Session, learner_id: int) -> list[tuple[datetime, LoggedReview]]:
    """Return the reviews that count of a learner, each with its moment, in order; it reads the whole log."""
    rows = session.execute(_LOG, {"learner_id": learner_id}).all()
    return list(_logged(learner_id, in_force(sorted(cast(list[Review], rows), key=order))))


def _logged(learner_id: int, events: list[Review]) -> Iterator[tuple[datetime, LoggedReview]]:
    last: dict[Key, Any] = {}
    for event in events:
        if event.rating is None or event.is_open_book or event.source == "cram":
            continue
        key = (event.item_id, event.part)
        before = last.get(key)
        last[key] = event
        yield (
            event.reviewed_at,
            LoggedReview(
                card=f"{learner_id} {event.item_id} {event.part}",
                rating=Rating(event.rating),
                elapsed_days=max(0.0, (event.reviewed_at - before.reviewed_at) / _DAY) if before else 0.0,
                study_days=max(0, (event.study_day - before.study_day).days) if before else 0,
                options=round(1 / event.guess) if event.guess and event.score is not None else None,
            ),
        )
