"""What people who are erased wrote for others: it goes with them, unless somebody's work rests on it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from sqlalchemy import CursorResult, Executable, delete, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from quizapp.models import (
    Attempt,
    AttemptItem,
    Card,
    DailyTotal,
    Evidence,
    Item,
    ItemMedia,
    ItemSet,
    ItemSetItem,
    Media,
    Passage,
    PassageVersion,
    Review,
    Topic,
)

_Column = InstrumentedAttribute[Any]


def let_go(session: Session, person_ids: Sequence[int]) -> int:
    """Delete the sets, questions, files, passages and topics of people that nobody else uses; count the rows that went.

    A set that others took is closed, a question that others learn is retired: their attempts and cards stay whole.
    What these people did themselves is gone before this is called; who owns the rest is taken off after it.
    """
    gone = _drop(session, ItemSet.id, ItemSet.owner_id, person_ids, (Attempt.item_set_id,))
    _change(
        session,
        update(ItemSet)
        .where(ItemSet.owner_id.in_(person_ids), ItemSet.status == "published")
        .values(status="closed", closed_at=ItemSet.published_at),
    )
    gone += _drop(
        session, Item.id, Item.owner_id, person_ids,
        (AttemptItem.item_id, Card.item_id, Review.item_id, ItemSetItem.item_id),
    )  # fmt: skip
    _change(session, update(Item).where(Item.owner_id.in_(person_ids)).values(status="retired", is_listed=False))
    gone += _drop(session, Media.id, Media.owner_id, person_ids, (ItemMedia.media_id,))
    gone += _drop(session, Passage.id, Passage.owner_id, person_ids, (Item.passage_id,), _quoted(person_ids))
    return gone + _drop(
        session, Topic.id, Topic.owner_id, person_ids,
        (Item.topic_id, Passage.topic_id, Card.topic_id, Review.topic_id, DailyTotal.topic_id, AttemptItem.topic_id),
    )  # fmt: skip


def _drop(
    session: Session, key: _Column, owner: _Column, person_ids: Sequence[int], uses: Sequence[_Column], *more: Any
) -> int:
    own = select(key).where(owner.in_(person_ids))
    ids = set(session.scalars(own))
    if not ids:
        return 0
    # One look through each table, whose indexes begin with the learner, instead of one for each row.
    for use in uses:
        ids -= set(session.scalars(select(use).where(use.in_(own)).distinct()))
    for rows in more:
        ids -= set(session.scalars(rows))
    return _change(session, delete(key.class_).where(key.in_(ids)))


def _quoted(person_ids: Sequence[int]) -> Any:
    versions = (
        select(PassageVersion.id)
        .join(Passage, Passage.id == PassageVersion.passage_id)
        .where(Passage.owner_id.in_(person_ids))
    )
    used = select(AttemptItem.passage_version_id).where(AttemptItem.passage_version_id.in_(versions))
    evidence = select(Evidence.passage_version_id).where(Evidence.passage_version_id.in_(versions))
    return select(PassageVersion.passage_id).where(PassageVersion.id.in_(used.union(evidence)))


def _change(session: Session, statement: Executable) -> int:
    result = session.execute(statement, execution_options={"synchronize_session": False})
    return cast(CursorResult[Any], result).rowcount
