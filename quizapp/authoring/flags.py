"""Flags on questions: sent and taken back by a learner, settled and opened again by whoever owns the question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, and_, delete, false, or_, select, update
from sqlalchemy.orm import Session, aliased

from quizapp.core.items import plain_stem
from quizapp.errors import NotFound
from quizapp.models import Attempt, AttemptItem, Card, Flag, Item, ItemVersion, is_key_told, is_withheld
from quizapp.web.auditing import record

Verdict = Literal["fixed", "no_fault"]


@dataclass(frozen=True)
class Flaggable:
    """A wording that somebody may say something against."""

    item_id: int
    stem: str
    is_shipped: bool


@dataclass(frozen=True)
class Keeper:
    """Who looks after questions: a teacher after their own, an administrator after the shipped ones too."""

    id: int
    is_admin: bool

    @property
    def keeps(self) -> ColumnElement[bool]:
        """The questions that are theirs to look after."""
        return or_(Item.owner_id == self.id, Item.owner_id.is_(None) if self.is_admin else false())


def flaggable(session: Session, version_id: int, person_id: int) -> Flaggable:
    """Return a wording whose answer this person has seen or may see: in an attempt of theirs, or on a card.

    Raises NotFound for any other, and for a question of their own.
    """
    row = session.execute(
        select(Item.id, Item.owner_id, ItemVersion.content)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .where(
            ItemVersion.id == version_id,
            or_(Item.owner_id.is_(None), Item.owner_id != person_id),
            or_(_is_answered(person_id), _is_on_card(person_id)),
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return Flaggable(row.id, plain_stem(row.content["stem"]), row.owner_id is None)


def flag(session: Session, version_id: int, person_id: int, reason: str, comment: str, now: datetime) -> None:
    """Store what a learner says is wrong; said again while it is open, the new words take the place of the old.

    Raises NotFound as `flaggable` does.
    """
    item_id = flaggable(session, version_id, person_id).item_id
    _lock(session, item_id)
    found = session.scalar(
        select(Flag).where(
            Flag.item_version_id == version_id, Flag.person_id == person_id, Flag.settled_at.is_(None)
        )
    )  # fmt: skip
    if found is None:
        found = Flag(item_id=item_id, item_version_id=version_id, person_id=person_id, created_at=now)
        session.add(found)
    found.reason, found.comment = reason, comment
    session.flush()


def withdraw(session: Session, version_id: int, person_id: int) -> bool:
    """Take a learner's own flag back while it is open; tell whether there was one.

    Raises NotFound for a wording that was never theirs to flag.
    """
    taken = session.execute(
        delete(Flag)
        .where(Flag.item_version_id == version_id, Flag.person_id == person_id, Flag.settled_at.is_(None))
        .returning(Flag.id)
    ).all()
    if not taken:
        flaggable(session, version_id, person_id)
    return bool(taken)


def settle(session: Session, item_id: int, keeper: Keeper, verdict: Verdict, now: datetime) -> int:
    """Settle all open flags of a question, of any of its wordings; return how many there were.

    Raises NotFound for a question that is not theirs to look after or was never flagged.
    """
    _kept(session, item_id, keeper)
    settled = session.execute(
        update(Flag)
        .where(Flag.item_id == item_id, Flag.settled_at.is_(None))
        .values(settled_at=now, settled_by=keeper.id, verdict=verdict)
        .returning(Flag.id)
    ).all()
    if settled:
        record(session, keeper.id, "flags.settled", "item", item_id, now=now, verdict=verdict, flags=len(settled))
    return len(settled)


def reopen(session: Session, item_id: int, keeper: Keeper, settled_at: datetime, now: datetime) -> int:
    """Open again what was settled together at one moment; return how many flags that were.

    Who has flagged the same wording again since has one open flag already; the old one stays settled. Raises NotFound
    as `settle` does.
    """
    _kept(session, item_id, keeper)
    newer = aliased(Flag)
    again = select(newer.id).where(
        newer.item_version_id == Flag.item_version_id, newer.person_id == Flag.person_id, newer.settled_at.is_(None)
    )
    opened = session.execute(
        update(Flag)
        .where(Flag.item_id == item_id, Flag.settled_at == settled_at, ~again.exists())
        .values(settled_at=None, settled_by=None, verdict=None)
        .returning(Flag.id)
        .execution_options(synchronize_session=False)
    ).all()
    if opened:
        record(session, keeper.id, "flags.reopened", "item", item_id, now=now, flags=len(opened))
    return len(opened)


def _is_answered(person_id: int) -> ColumnElement[bool]:
    """Answered in an attempt of theirs whose feedback they may see."""
    return (
        select(AttemptItem.position)
        .join(Attempt, and_(Attempt.learner_id == AttemptItem.learner_id, Attempt.id == AttemptItem.attempt_id))
        .where(
            AttemptItem.learner_id == person_id,
            AttemptItem.item_id == Item.id,
            AttemptItem.item_version_id == ItemVersion.id,
            AttemptItem.revision > 0,
            is_key_told(Attempt),
        )
        .exists()
    )


def _is_on_card(person_id: int) -> ColumnElement[bool]:
    """Reviewed before, or on the schedule, so that its answer may be on the screen now."""
    is_shown = and_(Card.due_at.is_not(None), Card.suspended_at.is_(None), Item.status == "published")
    return (
        select(Card.item_id)
        .where(
            Card.learner_id == person_id,
            Card.item_id == Item.id,
            or_(Card.reviews > 0, is_shown),
            ~is_withheld(Card.item_id, person_id),
        )
        .exists()
    )


def _kept(session: Session, item_id: int, keeper: Keeper) -> None:
    _lock(session, item_id)
    flagged = select(Flag.id).where(Flag.item_id == Item.id).exists()
    if session.scalar(select(Item.id).where(Item.id == item_id, keeper.keeps, flagged)) is None:
        raise NotFound


def _lock(session: Session, item_id: int) -> None:
    # Flags of one question are sent, settled and opened one after the other; its attempts go on meanwhile.
    session.execute(select(Item.id).where(Item.id == item_id).with_for_update(key_share=True))
