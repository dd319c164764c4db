"""Flags: what learners say is wrong with a question, until whoever owns it has looked."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.database import Base

FLAG_REASONS = ("wrong_key", "several_keys", "unclear", "not_in_passage", "mistake", "other")
LONGEST_COMMENT = 1000


class Flag(Base):
    """“Something is wrong with this question”, said of one wording; open until it is settled.

    It outlives the person who sent it, without their name.
    """

    __tablename__ = "flags"
    __table_args__ = (
        CheckConstraint(
            "reason IN ('wrong_key', 'several_keys', 'unclear', 'not_in_passage', 'mistake', 'other')", name="reason"
        ),
        CheckConstraint("length(comment) <= 1000", name="comment"),
        CheckConstraint("reason <> 'other' OR comment <> ''", name="other_in_words"),
        CheckConstraint("verdict IN ('fixed', 'no_fault')", name="verdict"),
        CheckConstraint("(settled_at IS NULL) = (verdict IS NULL)", name="settled_with_verdict"),
        CheckConstraint("settled_by IS NULL OR settled_at IS NOT NULL", name="settled_by"),
        Index("uq_flags_open", "person_id", "item_version_id", unique=True,
              sqlite_where=text("settled_at IS NULL"), postgresql_where=text("settled_at IS NULL")),
        Index("ix_flags_person_version", "person_id", "item_version_id"),
        Index("ix_flags_item_settled", "item_id", "settled_at"),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"))  # of the version
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_versions.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))  # never shown
    reason: Mapped[str] = mapped_column(String(20))
    comment: Mapped[str] = mapped_column(String(1000), default="")
    created_at: Mapped[datetime] = mapped_column()
    settled_at: Mapped[datetime | None] = mapped_column()  # one moment for all that were settled together
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    verdict: Mapped[str | None] = mapped_column(String(10))
