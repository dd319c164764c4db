"""Guests: what one has done so far, and how they go, with everything they did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.models import Attempt, AttemptItem, Card, Person, Review
from quizapp.privacy.erasing import erase
from quizapp.web.guests import GUEST_DAYS
from quizapp.web.rendering import count

_MOST_AT_ONCE = 100


@dataclass(frozen=True)
class Doings:
    """What somebody has done since they came."""

    quizzes: int
    answers: int  # of quizzes
    topics: int  # of those answers
    reviews: int  # of cards
    chosen: int  # cards put on the schedule by choice
    scheduled: int  # cards that will come back, those among them

    @property
    def words(self) -> str:
        """Return “1 quiz, 8 answers”; what was never done is left out, but for the quizzes."""
        parts = [count(self.quizzes, "quiz", "quizzes")]
        parts += [count(self.answers, "answer")] if self.answers else []
        parts += [count(self.chosen, "card to study", "cards to study")] if self.chosen else []
        parts += [count(self.reviews, "card review")] if self.reviews else []
        return ", ".join(parts)

    @property
    def belongings(self) -> str:
        """Return what there is to keep, “5 answers on 2 topics and 3 cards”; empty without any."""
        answers = f"{count(self.answers, 'answer')} on {count(self.topics, 'topic')}" if self.answers else ""
        cards = count(self.scheduled, "card") if self.scheduled else ""
        return " and ".join(filter(None, (answers, cards)))


def doings(session: Session, person_id: int) -> Doings:
    """Return what a person has done, in figures."""
    quizzes, answers = session.execute(
        select(func.count(), func.coalesce(func.sum(Attempt.answered_count), 0)).where(Attempt.learner_id == person_id)
    ).one()
    topics = select(func.count(AttemptItem.topic_id.distinct())).where(
        AttemptItem.learner_id == person_id, AttemptItem.revision > 0
    )
    reviews = select(func.count()).where(
        Review.learner_id == person_id, Review.event == "review", Review.source == "card"
    )
    chosen, scheduled = session.execute(
        select(func.count(Card.chosen_at), func.count(Card.due_at)).where(Card.learner_id == person_id)
    ).one()
    return Doings(
        quizzes, answers, session.scalar(topics) or 0, session.scalar(reviews) or 0, chosen, scheduled,
    )  # fmt: skip


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
