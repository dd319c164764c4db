"""One memory per learner and item: cards, the review log they are folded from, and daily totals.

Only `quizapp.learning` writes these tables. The log is the one thing that can't be rebuilt.
"""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, String, and_, exists, false, func, or_, text
from sqlalchemy.orm import Mapped, aliased, mapped_column

from quizapp.database import Base, Immutable

PHASES = ("new", "learning", "review", "relearning")


class Card(Base):
    """An item, or one part of it, in one learner's memory.

    `chosen_at`, `suspended_at`, `buried_on` and `flagged_at` are the learner's choices; every other column is a fold
    over the log.
    """

    __tablename__ = "cards"
    __table_args__ = (
        CheckConstraint("phase IN ('new', 'learning', 'review', 'relearning')", name="phase"),
        CheckConstraint("difficulty BETWEEN 1 AND 10", name="difficulty"),
        CheckConstraint("stability > 0", name="stability"),
        CheckConstraint("(model IS NULL) = (stability IS NULL)", name="memory_whole"),
        CheckConstraint("(reviews = 0) = (last_reviewed_at IS NULL)", name="reviewed"),
        Index("ix_cards_learner_due", "learner_id", "due_at",
              sqlite_where=text("suspended_at IS NULL"), postgresql_where=text("suspended_at IS NULL")),
        Index("ix_cards_learner_topic", "learner_id", "topic_id"),
        {"sqlite_with_rowid": False},
    )  # fmt: skip

    learner_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"), primary_key=True, autoincrement=False)
    part: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, default=0)  # 0: the whole item
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"))
    chosen_at: Mapped[datetime | None] = mapped_column()  # "Study cards"
    suspended_at: Mapped[datetime | None] = mapped_column()
    buried_on: Mapped[date | None] = mapped_column()  # not shown on this study day
    flagged_at: Mapped[datetime | None] = mapped_column()  # marked by the learner, for nobody else
    phase: Mapped[str] = mapped_column(String(10), default="new")
    passes: Mapped[int] = mapped_column(default=0)  # in the learning steps under way
    reviews: Mapped[int] = mapped_column(default=0)  # events that moved the schedule and were not voided
    lapses: Mapped[int] = mapped_column(default=0)
    model: Mapped[str | None] = mapped_column(String(10))  # of the memory model; None: never reviewed
    parameters_id: Mapped[int | None] = mapped_column()  # 0: the model's defaults
    stability: Mapped[float | None] = mapped_column()  # days
    difficulty: Mapped[float | None] = mapped_column()  # 1..10
    fast_stability: Mapped[float | None] = mapped_column()  # days; models with two stabilities
    last_reviewed_at: Mapped[datetime | None] = mapped_column()
    last_study_day: Mapped[date | None] = mapped_column()
    due_at: Mapped[datetime | None] = mapped_column()  # None: known to the memory, not scheduled
    # Missed with high certainty: comes back on the next day as well.
    is_sure_miss: Mapped[bool] = mapped_column(default=False, server_default=false())
    first_score: Mapped[float | None] = mapped_column()  # of the first graded, closed-book answer
    first_guess: Mapped[float | None] = mapped_column()  # its chance of being right by guessing


class Review(Immutable, Base):
    """One line of the review log: what was asked, what came back, what was decided. Append-only.

    A `void` or `correct` event names the one it is about; a `chosen` event puts a card on the schedule. A correction
    has the facts of its review, its day and moment too, with another score or rating; of several the newest counts,
    and without score and rating the review counts for nothing.
    """

    __tablename__ = "reviews"
    __table_args__ = (
        CheckConstraint("event IN ('review', 'chosen', 'void', 'correct')", name="event"),
        CheckConstraint("(event IN ('void', 'correct')) = (names_id IS NOT NULL)", name="names_id"),
        CheckConstraint("source IN ('card', 'quiz', 'cram')", name="source"),
        CheckConstraint("rating BETWEEN 1 AND 4", name="rating"),
        CheckConstraint("score BETWEEN 0 AND 1", name="score"),
        CheckConstraint("certainty IN ('low', 'mid', 'high')", name="certainty"),
        CheckConstraint("event <> 'review' OR rating IS NOT NULL", name="rated"),
        Index("uq_reviews_void", "learner_id", "names_id", unique=True, sqlite_where=text("event = 'void'"),
              postgresql_where=text("event = 'void'")),
        Index("ix_reviews_correct", "learner_id", "names_id", sqlite_where=text("event = 'correct'"),
              postgresql_where=text("event = 'correct'")),
        Index("ix_reviews_card", "learner_id", "item_id", "part", "reviewed_at"),
        Index("ix_reviews_topic_day", "learner_id", "topic_id", "study_day"),
        Index("ix_reviews_received", "learner_id", "received_at"),
    )  # fmt: skip

    learner_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)  # made by the form or the browser
    event: Mapped[str] = mapped_column(String(10), default="review")
    names_id: Mapped[uuid.UUID | None] = mapped_column()
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"))
    part: Mapped[int] = mapped_column(default=0)
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_versions.id"))
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"))
    source: Mapped[str] = mapped_column(String(10))
    attempt_id: Mapped[uuid.UUID | None] = mapped_column()  # of a quiz answer; no foreign key: the log outlives it
    kind: Mapped[str] = mapped_column(String(20))  # of the item
    options: Mapped[int | None] = mapped_column()  # options shown; None where the answer was produced
    guess: Mapped[float] = mapped_column(default=0.0)  # chance of full credit by guessing
    rating: Mapped[int | None] = mapped_column()  # 1..4; of a quiz answer, what it counts as
    score: Mapped[float | None] = mapped_column()  # credit 0..1 of a graded answer; None: self-rated
    certainty: Mapped[str | None] = mapped_column(String(4))
    is_open_book: Mapped[bool] = mapped_column(default=False)
    milliseconds: Mapped[int | None] = mapped_column()
    reviewed_at: Mapped[datetime] = mapped_column()  # the browser's clock, bounded by ours
    received_at: Mapped[datetime] = mapped_column()
    time_zone: Mapped[str] = mapped_column(String(64))  # the learner's then
    study_day: Mapped[date] = mapped_column()  # never re-bucketed
    seen_reviews: Mapped[int] = mapped_column()  # the card's count when it was shown; of a correction, those before it
    target_retention: Mapped[float] = mapped_column()  # in force then
    interval_days: Mapped[float | None] = mapped_column()  # chosen; None: no schedule
    due_at: Mapped[datetime | None] = mapped_column()  # chosen
    phase_before: Mapped[str] = mapped_column(String(10))
    stability_before: Mapped[float | None] = mapped_column()
    difficulty_before: Mapped[float | None] = mapped_column()
    fast_stability_before: Mapped[float | None] = mapped_column()
    last_reviewed_before: Mapped[datetime | None] = mapped_column()
    phase_after: Mapped[str] = mapped_column(String(10))
    stability_after: Mapped[float | None] = mapped_column()
    difficulty_after: Mapped[float | None] = mapped_column()
    fast_stability_after: Mapped[float | None] = mapped_column()
    model: Mapped[str | None] = mapped_column(String(10))
    parameters_id: Mapped[int | None] = mapped_column()


class DailyTotal(Base):
    """What a learner did in a topic on one study day; a fold over the log."""

    __tablename__ = "daily_totals"
    __table_args__ = (
        CheckConstraint("reviews >= 0 AND recalled >= 0 AND answers >= 0 AND new_cards >= 0", name="counts"),
        Index("ix_daily_totals_day", "learner_id", "study_day"),
        {"sqlite_with_rowid": False},
    )

    learner_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"), primary_key=True, autoincrement=False)
    study_day: Mapped[date] = mapped_column(primary_key=True)
    reviews: Mapped[int] = mapped_column(default=0)  # card reviews
    recalled: Mapped[int] = mapped_column(default=0)  # of them, rated Hard or better
    new_cards: Mapped[int] = mapped_column(default=0)  # of them, first meetings
    answers: Mapped[int] = mapped_column(default=0)  # graded quiz answers
    score: Mapped[float] = mapped_column(default=0.0)  # their credit, summed
    milliseconds: Mapped[int] = mapped_column(default=0)
    # Of the closed-book answers before which the learner said how sure they were: how many, and how many whole right.
    low_answers: Mapped[int] = mapped_column(default=0, server_default="0")
    low_right: Mapped[int] = mapped_column(default=0, server_default="0")
    mid_answers: Mapped[int] = mapped_column(default=0, server_default="0")
    mid_right: Mapped[int] = mapped_column(default=0, server_default="0")
    high_answers: Mapped[int] = mapped_column(default=0, server_default="0")
    high_right: Mapped[int] = mapped_column(default=0, server_default="0")


class RecallTotal(Base):
    """What was recalled at the cards' reviews of one study day, beside what was expected; a fold over the log.

    Counted is the first review on a day of a card that had left its learning steps.
    """

    __tablename__ = "recall_totals"
    __table_args__ = (
        CheckConstraint("twentieth BETWEEN 0 AND 19", name="twentieth"),
        CheckConstraint("reviews >= 0 AND recalled >= 0", name="counts"),
        {"sqlite_with_rowid": False},
    )

    learner_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    study_day: Mapped[date] = mapped_column(primary_key=True)
    is_due: Mapped[bool] = mapped_column(primary_key=True)  # else studied ahead of its day
    is_mature: Mapped[bool] = mapped_column(primary_key=True)  # its interval was 21 days or more
    twentieth: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # of the expected recall: 19 is 95 %+
    reviews: Mapped[int] = mapped_column(default=0)
    recalled: Mapped[int] = mapped_column(default=0)  # of them, rated Hard or better
    expected: Mapped[float] = mapped_column(default=0.0)  # chances of recall just before, summed


def is_in_force(review: type[Review]) -> ColumnElement[bool]:
    """Tell whether an event is a review that was neither taken back nor corrected, or the correction that counts."""
    void, newer, newer_void = aliased(Review), aliased(Review), aliased(Review)
    named = func.coalesce(review.names_id, review.id)
    return and_(
        review.event.in_(("review", "correct")),
        ~exists().where(
            void.learner_id == review.learner_id, void.names_id.in_((review.id, named)), void.event == "void"
        ),
        ~exists().where(
            newer.learner_id == review.learner_id,
            newer.names_id == named,
            newer.event == "correct",
            or_(review.event == "review", newer.seen_reviews > review.seen_reviews),
            ~exists().where(
                newer_void.learner_id == newer.learner_id,
                newer_void.names_id == newer.id,
                newer_void.event == "void",
            ),
        ),
    )


class MemoryFit(Immutable, Base):
    """One try to fit the memory models to a log, and what came of it; its number names the parameters.

    The newest one accepted of a learner is in force, and they are read with its `model` and that model's numbers.
    """

    __tablename__ = "memory_fits"
    __table_args__ = (
        CheckConstraint("model IN ('fsrs6', 'fsrs7')", name="model"),
        CheckConstraint("reviews >= 0 AND counted >= 0", name="counts"),
        Index("ix_memory_fits_learner_made", "learner_id", "made_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # None: all learners together, whose fit is what is expected of each before their own log is read
    learner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    model: Mapped[str] = mapped_column(String(10))  # the better one on the newest reviews
    numbers: Mapped[dict[str, Any]] = mapped_column()  # parameters fitted, by model
    is_accepted: Mapped[bool] = mapped_column()  # better than what was in force, on the newest reviews
    parameters_before: Mapped[int] = mapped_column()  # in force until then
    reviews: Mapped[int] = mapped_column()  # in the log
    counted: Mapped[int] = mapped_column()  # in the daily totals then: the next try waits for more
    report: Mapped[dict[str, Any]] = mapped_column()  # scores, calibration, workload
    made_at: Mapped[datetime] = mapped_column()
