"""What a teacher lets one person have otherwise than the rest, in one set."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.database import Base


class Override(Base):
    """One person's own time, close or number of attempts; what is None is as for everybody.

    Unique for a person and what they take, a set today, by an index of its own for each such thing.
    """

    __tablename__ = "overrides"
    __table_args__ = (
        CheckConstraint("time_factor BETWEEN 1 AND 3", name="time_factor"),
        CheckConstraint("NOT is_untimed OR time_factor IS NULL", name="one_time"),
        CheckConstraint("attempts_allowed >= 1", name="attempts_allowed"),
        Index("uq_overrides_learner_set", "learner_id", "item_set_id", unique=True,
              sqlite_where=text("item_set_id IS NOT NULL"), postgresql_where=text("item_set_id IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    learner_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    item_set_id: Mapped[int | None] = mapped_column(ForeignKey("item_sets.id", ondelete="CASCADE"), index=True)
    time_factor: Mapped[float | None] = mapped_column()  # of the limit
    is_untimed: Mapped[bool] = mapped_column(default=False)  # no limit at all
    closes_at: Mapped[datetime | None] = mapped_column()
    attempts_allowed: Mapped[int | None] = mapped_column()
    given_at: Mapped[datetime] = mapped_column()
    given_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
