"""Attempts: one sitting, its pinned items, its append-only responses and its working answers.

Everything here is keyed by learner first, so that the tables can be split by learner.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BindParameter,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Select,
    String,
    Text,
    UniqueConstraint,
    and_,
    exists,
    false,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.orm import InstrumentedAttribute, Mapped, aliased, mapped_column

from quizapp.database import Base, Immutable
from quizapp.models.items import ItemSet

TAKEN = ("finished", "expired")  # outcomes that count as having taken a set; an abandoned attempt does not
_OPEN = "closed_at IS NULL AND deadline_at IS NOT NULL"
_REGRADED = "regrade_id IS NOT NULL"
_CLAIMED = "claimed_at IS NOT NULL AND claim_verdict IS NULL"
_UNMARKED = "score IS NULL AND max_mark > 0"
_UNGRADED = "closed_at IS NOT NULL AND graded_at IS NULL AND outcome <> 'abandoned'"


class Attempt(Base):
    """One sitting of a quiz; the rules in force at its start are frozen into the row."""

    __tablename__ = "attempts"
    __table_args__ = (
        CheckConstraint("outcome IN ('finished', 'abandoned', 'expired')", name="outcome"),
        CheckConstraint("(closed_at IS NULL) = (outcome IS NULL)", name="closed_with_outcome"),
        CheckConstraint("graded_at IS NULL OR closed_at IS NOT NULL", name="graded_when_closed"),
        Index("uq_attempts_set_number", "learner_id", "item_set_id", "number", unique=True,
              sqlite_where=text("item_set_id IS NOT NULL"), postgresql_where=text("item_set_id IS NOT NULL")),
        Index("ix_attempts_learner_started", "learner_id", "started_at"),
        Index("ix_attempts_item_set", "item_set_id", "learner_id"),
        Index("ix_attempts_open", "learner_id", sqlite_where=text("closed_at IS NULL"),
              postgresql_where=text("closed_at IS NULL")),
        Index("ix_attempts_open_deadline", "deadline_at", sqlite_where=text(_OPEN), postgresql_where=text(_OPEN)),
        Index("ix_attempts_key_told", "learner_id", sqlite_where=text("key_told IS NOT NULL"),
              postgresql_where=text("key_told IS NOT NULL")),
        Index("ix_attempts_ungraded", "closed_at", sqlite_where=text(_UNGRADED), postgresql_where=text(_UNGRADED)),
    )  # fmt: skip

    learner_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"), primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)  # made by the form that starts it
    item_set_id: Mapped[int | None] = mapped_column(ForeignKey("item_sets.id", ondelete="SET NULL"))  # None: practice
    number: Mapped[int] = mapped_column(default=1)  # the learner's nth attempt at the set
    title: Mapped[str] = mapped_column(String(200))
    rules: Mapped[dict[str, Any]] = mapped_column()  # those of core.rules, and the choices of the builder; frozen
    seed: Mapped[int] = mapped_column()  # of every shuffle in this attempt; below 2**31
    item_count: Mapped[int] = mapped_column()  # questions, without the texts between them
    answered_count: Mapped[int] = mapped_column(default=0)
    reached: Mapped[int] = mapped_column(default=1, server_default="1")  # the position that is open, going forward only
    started_at: Mapped[datetime] = mapped_column()
    saved_at: Mapped[datetime] = mapped_column()  # last answer received
    deadline_at: Mapped[datetime | None] = mapped_column()
    closed_at: Mapped[datetime | None] = mapped_column()
    outcome: Mapped[str | None] = mapped_column(String(10))
    graded_at: Mapped[datetime | None] = mapped_column()
    score: Mapped[float | None] = mapped_column()  # sum of marks, once graded
    max_score: Mapped[float | None] = mapped_column()
    key_told: Mapped[str | None] = mapped_column(String(6))  # when not at its end: once the set is “closed”, “never”


class AttemptItem(Base):
    """One question of an attempt: its pinned version, and the response in force (a fold of the responses)."""

    __tablename__ = "attempt_items"
    __table_args__ = (
        ForeignKeyConstraint(["learner_id", "attempt_id"], ["attempts.learner_id", "attempts.id"], ondelete="CASCADE"),
        CheckConstraint("score BETWEEN 0 AND 1", name="score"),
        CheckConstraint("position >= 1", name="position"),
        CheckConstraint("claim_verdict IN ('accepted', 'declined')", name="claim_verdict"),
        CheckConstraint("claimed_at IS NOT NULL OR claim_verdict IS NULL", name="claimed"),
        Index("ix_attempt_items_item", "item_id", "learner_id"),
        Index("ix_attempt_items_unmarked", "item_id", sqlite_where=text(_UNMARKED), postgresql_where=text(_UNMARKED)),
        Index("ix_attempt_items_claimed", "item_id", sqlite_where=text(_CLAIMED), postgresql_where=text(_CLAIMED)),
    )  # fmt: skip

    learner_id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id"))
    item_version_id: Mapped[int] = mapped_column(ForeignKey("item_versions.id"))
    topic_id: Mapped[int] = mapped_column(ForeignKey("topics.id"))
    passage_version_id: Mapped[int | None] = mapped_column(ForeignKey("passage_versions.id"))
    option_order: Mapped[list[Any]] = mapped_column()  # option ids as shown; empty where nothing is shuffled
    max_mark: Mapped[float] = mapped_column(default=1.0)  # 0: carries no mark
    is_flagged: Mapped[bool] = mapped_column(default=False)  # "come back to this" by the learner
    is_open_book: Mapped[bool] = mapped_column(default=False)  # the passage was looked at before the answer
    revision: Mapped[int] = mapped_column(default=0)  # responses given so far
    answer: Mapped[dict[str, Any] | None] = mapped_column()  # of the response in force
    answered_at: Mapped[datetime | None] = mapped_column()
    score: Mapped[float | None] = mapped_column()  # credit 0..1 once graded; None: not graded or never marked
    marks: Mapped[int] = mapped_column(default=0, server_default="0")  # corrections so far, those taken back too
    is_dropped: Mapped[bool] = mapped_column(default=False, server_default=false())  # counts for nothing
    claimed_at: Mapped[datetime | None] = mapped_column()  # “I was right”, said to the teacher
    claim_verdict: Mapped[str | None] = mapped_column(String(10))
    claim_reply: Mapped[str | None] = mapped_column(Text)  # the teacher's word to it


class Response(Immutable, Base):
    """One answer given, append-only; a change of mind is another revision.

    A `correct` event is a mark that somebody gave it, or a regrade, and names the last answer, where there is one; a
    `void` event takes the mark that it names back. Of the marks that stand the newest counts.
    """

    __tablename__ = "responses"
    __table_args__ = (
        ForeignKeyConstraint(["learner_id", "attempt_id"], ["attempts.learner_id", "attempts.id"], ondelete="CASCADE"),
        UniqueConstraint("learner_id", "attempt_id", "position", "revision"),
        CheckConstraint("event IN ('given', 'void', 'correct')", name="event"),
        CheckConstraint("event <> 'given' OR names_id IS NULL", name="given"),
        CheckConstraint("event <> 'void' OR names_id IS NOT NULL", name="void"),
        CheckConstraint("certainty IN ('low', 'mid', 'high')", name="certainty"),
        CheckConstraint("revision = base_revision + 1", name="revision"),
        Index("ix_responses_regrade", "regrade_id", sqlite_where=text(_REGRADED), postgresql_where=text(_REGRADED)),
    )  # fmt: skip

    learner_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)  # made by the form or the browser
    attempt_id: Mapped[uuid.UUID] = mapped_column()
    position: Mapped[int] = mapped_column()
    event: Mapped[str] = mapped_column(String(10), default="given")
    names_id: Mapped[uuid.UUID | None] = mapped_column()  # the event that a void or correct event is about
    revision: Mapped[int] = mapped_column()  # from 1, answers and then marks
    base_revision: Mapped[int] = mapped_column()  # the revision that the learner saw
    answer: Mapped[dict[str, Any] | None] = mapped_column()
    score: Mapped[float | None] = mapped_column()  # only of a correct event: credit 0..1; None: the question is dropped
    comment: Mapped[str | None] = mapped_column(Text)  # of a mark, to the learner
    marked_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    regrade_id: Mapped[int | None] = mapped_column(ForeignKey("regrades.id", ondelete="SET NULL"))
    certainty: Mapped[str | None] = mapped_column(String(4))
    is_open_book: Mapped[bool] = mapped_column(default=False)
    milliseconds: Mapped[int | None] = mapped_column()  # from question shown to answer given, as the browser saw it
    saves: Mapped[int] = mapped_column(default=0, server_default="0")  # of what was typed before it was given
    answered_at: Mapped[datetime] = mapped_column()  # the browser's clock, bounded by ours
    received_at: Mapped[datetime] = mapped_column()


class Regrade(Base):
    """A question of a set marked again for everybody who answered it, by another key or without it."""

    __tablename__ = "regrades"
    __table_args__ = (
        CheckConstraint("policy IN ('replace', 'never_lower', 'full', 'drop')", name="policy"),
        CheckConstraint("(item_version_id IS NOT NULL) = (policy IN ('replace', 'never_lower'))", name="version"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    submission_id: Mapped[uuid.UUID] = mapped_column(unique=True)  # of the form: sent twice it is one
    item_set_id: Mapped[int] = mapped_column(ForeignKey("item_sets.id", ondelete="CASCADE"), index=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("items.id", ondelete="CASCADE"), index=True)
    item_version_id: Mapped[int | None] = mapped_column(ForeignKey("item_versions.id", ondelete="CASCADE"))
    policy: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(Text)  # told to the learners
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime] = mapped_column()
    done_at: Mapped[datetime | None] = mapped_column()
    taken_back_at: Mapped[datetime | None] = mapped_column()
    undone_at: Mapped[datetime | None] = mapped_column()  # when the last mark was taken back


class WorkingAnswer(Base):
    """What a learner has typed or chosen and not yet given; one per question, overwritten in place.

    An emptied one stays, so that a page that has not seen it emptied is noticed; it goes when an answer is given.
    """

    __tablename__ = "working_answers"
    __table_args__ = (
        ForeignKeyConstraint(["learner_id", "attempt_id"], ["attempts.learner_id", "attempts.id"], ondelete="CASCADE"),
        CheckConstraint("position >= 1", name="position"),
        CheckConstraint("base_revision >= 0", name="base_revision"),
        CheckConstraint("revision >= 1", name="revision"),
        CheckConstraint("save_number >= 1", name="save_number"),
    )

    learner_id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))  # None: emptied again
    base_revision: Mapped[int] = mapped_column()  # the response that its page saw
    revision: Mapped[int] = mapped_column()  # saves so far, from any page
    client_id: Mapped[uuid.UUID] = mapped_column()  # the page that saved it last: the id in its form
    save_number: Mapped[int] = mapped_column()  # which save of that page, from 1
    saved_at: Mapped[datetime] = mapped_column()


def waits(attempt: type[Attempt]) -> ColumnElement[bool]:
    """Tell whether a graded attempt has an answer that a person is still to mark, so that its score is “so far”."""
    return attempt.graded_at.is_not(None) & exists().where(
        AttemptItem.learner_id == attempt.learner_id,
        AttemptItem.attempt_id == attempt.id,
        is_unmarked(AttemptItem),
    )


def is_unmarked(item: type[AttemptItem]) -> ColumnElement[bool]:
    """Tell whether a question of a graded attempt waits for a mark that a person gives."""
    return and_(item.score.is_(None), item.max_mark > 0, ~item.is_dropped)


def is_claimed(item: type[AttemptItem]) -> ColumnElement[bool]:
    """Tell whether a learner said “I was right” of a mark, and nobody has answered yet."""
    return and_(item.claimed_at.is_not(None), item.claim_verdict.is_(None))


def is_withheld(
    item_id: InstrumentedAttribute[int] | ColumnElement[int], learner_id: int | BindParameter[Any]
) -> ColumnElement[bool]:
    """Tell whether an item stands in a set of the learner's whose key is still to be told to them.

    That is a set under way that shows its answers at the end, or one taken that tells them once it is closed, or never.
    """
    # Under names of their own: the statement around this one may be about attempts too.
    attempt, asked = aliased(Attempt), aliased(AttemptItem)
    is_under_way = (
        attempt.closed_at.is_(None),
        func.coalesce(attempt.item_set_id, 0) != 0,  # plainer, SQLite would look at every set ever taken
        attempt.rules["feedback"].as_string() == "at_end",
    )
    is_held = (attempt.key_told.is_not(None), attempt.closed_at.is_not(None), ~_is_released(attempt))

    def items_of(*conditions: ColumnElement[bool]) -> Select[int]:
        # Not as a join: SQLite would look at every question that the learner was ever asked.
        attempts = select(attempt.id).where(attempt.learner_id == learner_id, *conditions)
        return select(asked.item_id).where(asked.learner_id == learner_id, asked.attempt_id.in_(attempts))

    return or_(item_id.in_(items_of(*is_under_way)), item_id.in_(items_of(*is_held)))


def is_key_told(attempt: type[Attempt]) -> ColumnElement[bool]:
    """Tell whether the keys of an attempt are told to its learner: when it is over, later, or after each answer."""
    is_over = and_(attempt.closed_at.is_not(None), or_(attempt.key_told.is_(None), _is_released(attempt)))
    return or_(is_over, attempt.rules["feedback"].as_string() == "at_once")


def _is_released(attempt: type[Attempt]) -> ColumnElement[bool]:
    closed = exists().where(ItemSet.id == attempt.item_set_id, ItemSet.status == "closed")
    return and_(attempt.key_told == "closed", or_(attempt.item_set_id.is_(None), closed))
