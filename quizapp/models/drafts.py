"""Drafts that a rule or a model made of a passage, what became of them, and how often each rule was right."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.database import Base

REJECTIONS = (
    "wrong_key", "several_keys", "ambiguous", "trivial", "bad_distractor", "grammar", "not_neutral", "duplicate",
)  # fmt: skip


class Draft(Base):
    """Where an item came from that nobody wrote by hand, and what its reviewer decided."""

    __tablename__ = "drafts"
    __table_args__ = (
        CheckConstraint("maker IN ('rules', 'llm')", name="maker"),
        CheckConstraint("decision IN ('approved', 'rejected')", name="decision"),
        CheckConstraint("(decision IS NULL) = (decided_at IS NULL)", name="decided_at"),
        CheckConstraint(
            "reason IN ('wrong_key', 'several_keys', 'ambiguous', 'trivial', 'bad_distractor', 'grammar', "
            "'not_neutral', 'duplicate')",
            name="reason",
        ),
        CheckConstraint("(decision = 'rejected') = (reason IS NOT NULL) OR decision IS NULL", name="why_rejected"),
        CheckConstraint("expected BETWEEN 0 AND 1", name="expected"),
        Index("ix_drafts_passage_position", "passage_id", "position", "item_id"),
    )

    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    passage_id: Mapped[int] = mapped_column(ForeignKey("passages.id", ondelete="CASCADE"))  # of the item, when made
    position: Mapped[int] = mapped_column()  # in the queue of the passage; later ones come after
    maker: Mapped[str] = mapped_column(String(10))
    rule: Mapped[str] = mapped_column(String(120))  # or the model's name
    version: Mapped[str] = mapped_column(String(40))  # of the rules, or of what the model was asked
    seed: Mapped[str] = mapped_column(String(120), default="")
    expected: Mapped[float] = mapped_column()  # share of such drafts accepted as they stand, when it was made
    is_clean: Mapped[bool] = mapped_column()  # nothing was found when it was last checked
    decision: Mapped[str | None] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(20))  # of a rejection
    is_counted_right: Mapped[bool] = mapped_column(default=False)  # approved as it was made
    item_set_id: Mapped[int | None] = mapped_column(
        ForeignKey("item_sets.id", ondelete="SET NULL"), index=True
    )  # that an approved one went into
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    decided_at: Mapped[datetime | None] = mapped_column()


class RuleTotal(Base):
    """How many drafts of a rule reviewers accepted as they stood, of how many they judged."""

    __tablename__ = "rule_totals"
    __table_args__ = (CheckConstraint("accepted BETWEEN 0 AND judged", name="accepted"),)

    rule: Mapped[str] = mapped_column(String(120), primary_key=True)
    accepted: Mapped[int] = mapped_column(default=0)
    judged: Mapped[int] = mapped_column(default=0)
