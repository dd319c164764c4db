"""Plans to a date as the schedule follows them: those in force, and the cards of one."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from quizapp.core.planning import PlannedCard, asked_today
from quizapp.errors import NotFound
from quizapp.learning.cards import Key, memory_state
from quizapp.learning.learners import Learner
from quizapp.learning.limits import seconds_per_card
from quizapp.learning.memory_models import memory_model
from quizapp.learning.reviews import choose
from quizapp.models import Card, Item, Plan, PlanLearner, PlanTopic, is_withheld

_FOLLOWED = (
    select(Plan.id, Plan.name, Plan.exam_on, Plan.minutes_per_day, Plan.created_at, PlanTopic.topic_id)
    .join(PlanLearner, PlanLearner.plan_id == Plan.id)
    .join(PlanTopic, PlanTopic.plan_id == Plan.id)
    .where(PlanLearner.learner_id == bindparam("learner_id"), Plan.exam_on > bindparam("after"))
    .order_by(Plan.exam_on, Plan.id, PlanTopic.topic_id)
)
_CARDS = (
    select(
        Card.item_id, Card.part, Card.topic_id, Card.model, Card.parameters_id, Card.stability, Card.difficulty,
        Card.fast_stability, Card.last_study_day, Card.due_at,
    )
    .join(Item, Item.id == Card.item_id)
    .where(
        Card.learner_id == bindparam("learner_id"),
        Card.topic_id.in_(bindparam("topic_ids", expanding=True)),
        Card.suspended_at.is_(None),
        Card.due_at.is_not(None),
        Item.status == "published",
        ~is_withheld(Card.item_id, bindparam("learner_id")),
    )
    .order_by(Card.item_id, Card.part)
)  # fmt: skip


@dataclass(frozen=True)
class FollowedPlan:
    """A plan that a learner follows."""

    id: uuid.UUID
    name: str
    exam_on: date
    minutes_per_day: int
    created_at: datetime
    topic_ids: tuple[int, ...]

    def days_left(self, today: date) -> int:
        """Return the days from today to the exam: 1 on the day before it."""
        return (self.exam_on - today).days


def followed_plans(session: Session, person: Learner, after: date) -> list[FollowedPlan]:
    """Return the plans that somebody follows whose exam is after a day, the next exam first; in one query at most."""
    if not person.has_plans:
        return []
    found: dict[uuid.UUID, FollowedPlan] = {}
    for row in session.execute(_FOLLOWED, {"learner_id": person.id, "after": after}):
        earlier = found[row.id].topic_ids if row.id in found else ()
        found[row.id] = FollowedPlan(*row[:-1], topic_ids=(*earlier, row.topic_id))
    return list(found.values())


def planned_cards(session: Session, person: Learner, today: date, topic_ids: Sequence[int]) -> list[PlannedCard]:
    """Return the cards of some topics as a plan sees them."""
    rows = session.execute(_CARDS, {"learner_id": person.id, "topic_ids": list(topic_ids)})
    return [
        PlannedCard(
            key=(row.item_id, row.part),
            topic_id=row.topic_id,
            memory=memory_state(row.model, row.parameters_id, row.stability, row.difficulty, row.fast_stability),
            elapsed_days=(today - row.last_study_day).days if row.last_study_day else 0,
            due_in_days=(person.study_day(row.due_at) - today).days,
        )
        for row in rows
    ]


def asked_early(session: Session, person: Learner, plan: FollowedPlan, today: date) -> list[Key]:
    """Return the cards, not due yet, that a plan asks today within its minutes; its due cards come first in them."""
    cards = planned_cards(session, person, today, plan.topic_ids)
    pace, left = seconds_per_card(session, person.id, today), plan.days_left(today)
    done = sum(card.elapsed_days == 0 and card.memory is not None for card in cards)
    seconds = plan.minutes_per_day * 60 - done * pace
    asked = asked_today(memory_model(session, person.parameters_id), cards, left, seconds, pace)
    return [card.key for card in asked if card.due_in_days is not None and card.due_in_days > 0]


def make_plan(
    session: Session, owner_id: int, plan_id: uuid.UUID, *, name: str, exam_on: date, minutes_per_day: int,
    topic_ids: Sequence[int], item_ids: Sequence[int], now: datetime,
) -> None:  # fmt: skip
    """Store somebody's plan of their own and put its questions on their schedule; the same id again, nothing.

    Raises NotFound for another's plan.
    """
    known = session.get(Plan, plan_id)
    if known is not None:
        if known.owner_id != owner_id:
            raise NotFound
        return
    session.add(
        Plan(
            id=plan_id, owner_id=owner_id, name=name, exam_on=exam_on, minutes_per_day=minutes_per_day, created_at=now
        )
    )  # fmt: skip
    session.flush()
    session.add(PlanLearner(learner_id=owner_id, plan_id=plan_id))
    _set_topics(session, owner_id, plan_id, topic_ids, item_ids, now)


def change_plan(
    session: Session, owner_id: int, plan_id: uuid.UUID, *, name: str, exam_on: date, minutes_per_day: int,
    topic_ids: Sequence[int], item_ids: Sequence[int], now: datetime,
) -> None:  # fmt: skip
    """Change a plan. Raises NotFound for another's."""
    plan = own_plan(session, owner_id, plan_id)
    plan.name, plan.exam_on, plan.minutes_per_day = name, exam_on, minutes_per_day
    session.execute(delete(PlanTopic).where(PlanTopic.plan_id == plan_id))
    _set_topics(session, owner_id, plan_id, topic_ids, item_ids, now)


def remove_plan(session: Session, owner_id: int, plan_id: uuid.UUID) -> str:
    """Remove a plan and return its name; cards keep the dates they have. Raises NotFound for another's."""
    plan = own_plan(session, owner_id, plan_id)
    session.delete(plan)
    return plan.name


def own_plan(session: Session, owner_id: int, plan_id: uuid.UUID) -> Plan:
    """Load a plan of somebody's own. Raises NotFound."""
    plan = session.get(Plan, plan_id)
    if plan is None or plan.owner_id != owner_id:
        raise NotFound
    return plan


def _set_topics(
    session: Session,
    learner_id: int,
    plan_id: uuid.UUID,
    topic_ids: Sequence[int],
    item_ids: Sequence[int],
    now: datetime,
) -> None:
    session.add_all(PlanTopic(plan_id=plan_id, topic_id=topic_id) for topic_id in sorted(set(topic_ids)))
    choose(session, learner_id, item_ids, submission_id=uuid.uuid5(plan_id, now.isoformat()), now=now)
