"""Plans to a date: what is to be known by when, who made the plan and who follows it."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, String, exists
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.database import Base


class Plan(Base):
    """An exam, its date and the minutes a day that go into it; its owner is one of its learners or their teacher."""

    __tablename__ = "plans"
    __table_args__ = (CheckConstraint("minutes_per_day BETWEEN 5 AND 600", name="minutes_per_day"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)  # made by the form
    owner_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    exam_on: Mapped[date] = mapped_column()  # the last day of study is the one before
    minutes_per_day: Mapped[int] = mapped_column()
    created_at: Mapped[datetime] = mapped_column()


class PlanTopic(Base):
    """A topic that a plan is about."""

    __tablename__ = "plan_topics"

    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("plans.id", ondelete="CASCADE"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"), primary_key=True, autoincrement=False)


class PlanLearner(Base):
    """Somebody who follows a plan."""

    __tablename__ = "plan_learners"

    learner_id: Mapped[int] = mapped_column(
        ForeignKey("people.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    plan_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("plans.id", ondelete="CASCADE"), primary_key=True)


def has_plans(learner_id: Any) -> ColumnElement[bool]:
    """Tell whether somebody follows plans, of whatever date: most do not, and need not be asked for them."""
    return exists().where(PlanLearner.learner_id == learner_id)
