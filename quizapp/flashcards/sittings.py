"""A session of some length: how far it is, when it is over, and what was done in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from quizapp.flashcards.scopes import Scope
from quizapp.flashcards.sessions import stands
from quizapp.learning.learners import Learner
from quizapp.models import Review
from quizapp.web.rendering import count, duration_name


@dataclass(frozen=True)
class Sitting:
    """What was done since a session began, against its length."""

    ratings: int
    recalled: int
    seconds: float
    most: int  # minutes or cards, as `is_timed` says
    is_timed: bool

    @property
    def done(self) -> int:
        """Minutes or cards gone, never more than the whole."""
        return min(self.most, int(self.seconds // 60) if self.is_timed else self.ratings)

    @property
    def is_over(self) -> bool:
        """Whether its length is reached; the card under way is finished first."""
        return self.done >= self.most

    @property
    def position(self) -> str:
        """How far it is, “3 of 10 cards” or “2 of 5 minutes”."""
        return f"{self.done} of {count(self.most, 'minute' if self.is_timed else 'card')}"

    @property
    def headline(self) -> str:
        """What was done, “12 cards in 6 minutes, 10 recalled”."""
        return f"{count(self.ratings, 'card')} in {duration_name(self.seconds)}, {self.recalled} recalled"


def sitting(session: Session, person: Learner, scope: Scope, now: datetime) -> Sitting | None:
    """Return how far a session is, in one query; None for one without a length."""
    if scope.since is None or scope.length in ("", "all"):
        return None
    row = session.execute(
        select(func.count(), func.sum(case((Review.rating > 1, 1), else_=0))).where(
            Review.learner_id == person.id,
            # A rating of the second in which it began belongs to the session before.
            Review.received_at >= datetime.fromtimestamp(scope.since + 1, UTC),
            Review.event == "review",
            Review.source == "card",
            stands(Review),
        )
    ).one()
    return Sitting(
        ratings=row[0],
        recalled=int(row[1] or 0),
        seconds=now.timestamp() - scope.since,
        most=int(scope.length.removesuffix("m")),
        is_timed=scope.length.endswith("m"),
    )
