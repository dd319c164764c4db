"""What the worker looks for among attempts: those whose time is up, and closed ones that still have no marks.

Closing comes before grading, each in a transaction of its own, so a crash in between leaves an attempt that the
second search finds.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import literal_column, select
from sqlalchemy.orm import Session

from quizapp.core.rules import GRACE
from quizapp.models import Attempt

_MOST = 200


def overdue_attempts(session: Session, now: datetime) -> Sequence[tuple[int, uuid.UUID]]:
    """Return (learner, attempt) of open attempts past deadline and grace, the longest overdue first; 200 at most."""
    rows = session.execute(
        select(Attempt.learner_id, Attempt.id)
        .where(Attempt.closed_at.is_(None), Attempt.deadline_at.is_not(None), Attempt.deadline_at < now - GRACE)
        .order_by(Attempt.deadline_at)
        .limit(_MOST)
    )
    return [(learner_id, attempt_id) for learner_id, attempt_id in rows]


def ungraded_attempts(session: Session, now: datetime) -> Sequence[tuple[int, uuid.UUID]]:
    """Return (learner, attempt) of closed attempts that should have marks and have none; 200 at most."""
    rows = session.execute(
        select(Attempt.learner_id, Attempt.id)
        .where(
            Attempt.closed_at.is_not(None),
            Attempt.graded_at.is_(None),
            Attempt.outcome != literal_column("'abandoned'"),  # SQLite uses the index for a literal only
            Attempt.closed_at <= now,
        )
        .order_by(Attempt.closed_at)
        .limit(_MOST)
    )
    return [(learner_id, attempt_id) for learner_id, attempt_id in rows]
