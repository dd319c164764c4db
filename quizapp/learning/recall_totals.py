"""Recall totals: what a review adds to its day beside what was expected of it, added or taken back in place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import lru_cache

from sqlalchemy import Executable, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from quizapp.core.memory.model import MemoryModel
from quizapp.core.scheduling import CardState, Phase
from quizapp.learning.cards import memory_state
from quizapp.models import RecallTotal, Review

KEYS = ("study_day", "is_due", "is_mature", "twentieth")
SUMMED = ("reviews", "recalled", "expected")
MATURE_DAYS = 21  # from this interval on a card is mature, as in Anki
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class RecallShare:
    """What one review adds to its day."""

    study_day: date
    is_due: bool
    is_mature: bool
    twentieth: int
    reviews: int
    recalled: int
    expected: float


def recall_share(model: MemoryModel, before: CardState, review: Review) -> RecallShare | None:
    """Return what a review of a card in the state `before` adds to the totals, expected by the model of its time.

    None for all but the first rating on a day of a card past its learning steps: what was seen an hour ago tells
    nothing of memory, and an answer in a quiz may be guessed. `model` is the one that the review was written with:
    what was expected then stays so, whatever came later.
    """
    if review.event not in ("review", "correct") or review.source != "card" or review.rating is None:
        return None
    if before.phase is not Phase.REVIEW:
        return None
    memory = memory_state(
        review.model, review.parameters_id, review.stability_before, review.difficulty_before,
        review.fast_stability_before,
    )  # fmt: skip
    if memory is None or before.last_reviewed_at is None or before.last_study_day is None or not before.due_at:
        return None
    days = (review.study_day - before.last_study_day).days
    if days < 1:
        return None
    interval_days = (before.due_at - before.last_reviewed_at).days
    expected = model.recall(memory, max(0.0, (review.reviewed_at - before.last_reviewed_at) / _DAY))
    return RecallShare(
        review.study_day,
        is_due=days >= interval_days,
        is_mature=interval_days >= MATURE_DAYS,
        twentieth=min(19, int(expected * 20)),
        reviews=1,
        recalled=int(review.rating > 1),
        expected=expected,
    )


def add(session: Session, learner_id: int, shares: Iterable[RecallShare | None]) -> None:
    """Add the shares of events to their days."""
    for share in filter(None, shares):
        session.execute(_upsert(session.get_bind().dialect.name), {"learner_id": learner_id, **asdict(share)})


def take_back(session: Session, learner_id: int, shares: Iterable[RecallShare | None]) -> None:
    """Take the shares of events from their days."""
    for share in filter(None, shares):
        session.execute(
            update(RecallTotal)
            .where(
                RecallTotal.learner_id == learner_id,
                *(getattr(RecallTotal, name) == getattr(share, name) for name in KEYS),
            )
            .values({name: getattr(RecallTotal, name) - getattr(share, name) for name in SUMMED})
        )


def replace(
    session: Session, learner_id: int, before: Iterable[RecallShare | None], after: Iterable[RecallShare | None]
) -> None:
    """Let these shares count in the place of those before; what is in both is left alone."""
    gone, come = Counter(before), Counter(after)
    take_back(session, learner_id, (gone - come).elements())
    add(session, learner_id, (come - gone).elements())


@lru_cache
def _upsert(dialect: str) -> Executable:
    table = RecallTotal.metadata.tables[RecallTotal.__tablename__]
    statement = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(table)
    changed = {name: table.c[name] + statement.excluded[name] for name in SUMMED}
    return statement.on_conflict_do_update(index_elements=["learner_id", *KEYS], set_=changed)
