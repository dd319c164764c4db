"""Daily totals: what one event adds to a day of study, added or taken back in place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache

from sqlalchemy import Executable, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from quizapp.models import DailyTotal, Review

COUNTED = (
    "reviews", "recalled", "new_cards", "answers", "score", "milliseconds",
    "low_answers", "low_right", "mid_answers", "mid_right", "high_answers", "high_right",
)  # fmt: skip
LONGEST_MILLISECONDS = 120_000  # a page left open is not study time


@dataclass(frozen=True)
class Share:
    """What one event adds to its day."""

    topic_id: int
    study_day: date
    reviews: int = 0
    recalled: int = 0
    new_cards: int = 0
    answers: int = 0
    score: float = 0.0
    milliseconds: int = 0
    low_answers: int = 0
    low_right: int = 0
    mid_answers: int = 0
    mid_right: int = 0
    high_answers: int = 0
    high_right: int = 0


def share(review: Review) -> Share | None:
    """Return what a review, or its correction, adds to the totals; None for other events."""
    if review.event not in ("review", "correct") or review.rating is None:
        return None
    milliseconds = min(review.milliseconds or 0, LONGEST_MILLISECONDS)
    if review.score is not None:
        said = {}
        if review.certainty is not None and not review.is_open_book:
            said = {f"{review.certainty}_answers": 1, f"{review.certainty}_right": int(review.score >= 1)}
        return Share(
            review.topic_id, review.study_day, answers=1, score=review.score, milliseconds=milliseconds, **said
        )
    return Share(
        review.topic_id,
        review.study_day,
        reviews=1,
        recalled=int(review.rating > 1),
        new_cards=int(review.source == "card" and review.phase_before == "new"),
        milliseconds=milliseconds,
    )


def add(session: Session, learner_id: int, share_: Share | None) -> None:
    """Add an event's share to its day."""
    if share_ is not None:
        session.execute(_upsert(session.get_bind().dialect.name), {"learner_id": learner_id, **asdict(share_)})


def take_back(session: Session, learner_id: int, share_: Share | None) -> None:
    """Take the share of a voided event from its day."""
    if share_ is None:
        return
    session.execute(
        update(DailyTotal)
        .where(
            DailyTotal.learner_id == learner_id,
            DailyTotal.topic_id == share_.topic_id,
            DailyTotal.study_day == share_.study_day,
        )
        .values({name: getattr(DailyTotal, name) - getattr(share_, name) for name in COUNTED})
    )


def replace(session: Session, learner_id: int, before: Iterable[Share | None], after: Iterable[Share | None]) -> None:
    """Let these shares count in the place of those before; what is in both is left alone."""
    gone, come = Counter(filter(None, before)), Counter(filter(None, after))
    for share_ in (gone - come).elements():
        take_back(session, learner_id, share_)
    for share_ in (come - gone).elements():
        add(session, learner_id, share_)


@lru_cache
def _upsert(dialect: str) -> Executable:
    table = DailyTotal.metadata.tables[DailyTotal.__tablename__]
    statement = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(table)
    changed = {name: table.c[name] + statement.excluded[name] for name in COUNTED}
    return statement.on_conflict_do_update(index_elements=["learner_id", "topic_id", "study_day"], set_=changed)
