"""Guests: what one has done so far, and how they go, with everything they did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.models import Attempt, Card, Person, Review
from quizapp.privacy.erasing import erase
from quizapp.web.guests import GUEST_DAYS
from quizapp.web.rendering import count

_MOST_AT_ONCE = 100


@dataclass(frozen=True)
class Doings:
    """What somebody has done since they came."""

    quizzes: int
    answers: int  # of quizzes
    reviews: int  # of cards
    chosen: int  # cards put on the schedule

    @property
    def words(self) -> str:
        """Return “1 quiz, 8 answers”; what was never done is left out, but for the quizzes."""
        parts = [count(self.quizzes, "quiz", "quizzes")]
        parts += [count(self.answers, "answer")] if self.answers else []
        parts += [count(self.chosen, "card to study", "cards to study")] if self.chosen else []
        parts += [count(self.reviews, "card review")] if self.reviews else []
        return ", ".join(parts)


def doings(session: Session, person_id: int) -> Doings:
    """Return what a person has done, in figures."""
    quizzes, answers = session.execute(
        select(func.count(), func.coalesce(func.sum(Attempt.answered_count), 0)).where(Attempt.learner_id == person_id)
    ).one()
    reviews = select(func.count()).where(
        Review.learner_id == person_id, Review.event == "review", Review.source == "card"
    )
    chosen = select(func.count()).where(Card.learner_id == person_id, Card.chosen_at.is_not(None))
    return Doings(quizzes, answers, session.scalar(reviews) or 0, session.scalar(chosen) or 0)


def remove_guest(session: Session, guest_id: int) -> bool:
    """Remove a guest with all they did; tell whether there was one. An account is never removed by this."""
    guest = session.get(Person, guest_id, with_for_update=True, populate_existing=True)
    if guest is None or guest.role != "guest":
        return False
    erase(session, [guest_id])
    return True


def remove_old_guests(session: Session, now: datetime) -> dict[str, int]:
    """Remove guests GUEST_DAYS after they came, with all they did, the oldest first; 100 at most."""
    old = session.scalars(
        select(Person.id)
        .where(Person.role == "guest", Person.created_at <= now - timedelta(days=GUEST_DAYS))
        .order_by(Person.created_at)
        .limit(_MOST_AT_ONCE)
        .with_for_update(skip_locked=True)
    ).all()
    erase(session, old)
    return {"removed": len(old)}
