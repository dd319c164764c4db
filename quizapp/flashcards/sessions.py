"""A review session as it stands: which card is next, what was done today, and what can be taken back."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Executable,
    ScalarSelect,
    Subquery,
    bindparam,
    func,
    literal,
    or_,
    select,
    true,
)
from sqlalchemy.orm import Session, aliased

from quizapp.core.days import day_bounds
from quizapp.core.items import Item as NeutralItem
from quizapp.core.items import read_item
from quizapp.core.scheduling import CardState, Queued
from quizapp.core.visibility import SELF_STUDY, Phase, is_key_shown
from quizapp.errors import Conflict, NotFound
from quizapp.learning.cards import Key, card_state
from quizapp.learning.learners import Learner
from quizapp.learning.queue import cards_ahead, due_cards
from quizapp.models import Card, DailyTotal, Item, ItemVersion, Review, Topic, is_withheld
from quizapp.web.questions import CARD_KINDS

UNDO_WITHIN = timedelta(hours=1)
HELD_BACK = "This card’s question is in a quiz that you have begun. The card comes back when the quiz is finished."
_STEPS = ("learning", "relearning")
_LEARNER_ID: BindParameter[Any] = bindparam("learner_id")
_SLUG: BindParameter[Any] = bindparam("slug")
_NOW: BindParameter[Any] = bindparam("now")
_SINCE: BindParameter[Any] = bindparam("since")
_TODAY: BindParameter[Any] = bindparam("today")
_DAY_END: BindParameter[Any] = bindparam("day_end")


@dataclass(frozen=True)
class LastRating:
    """The newest rating that can be taken back."""

    id: uuid.UUID
    rating: int
    topic_id: int
    at: datetime


@dataclass(frozen=True)
class Day:
    """What a session needs to know of the day, within one topic or all."""

    done: int  # ratings given
    waiting: int  # cards in their learning steps whose minute has not come
    is_due: bool  # a card met before is due
    topic_id: int | None
    topic_title: str
    last: LastRating | None


@dataclass(frozen=True)
class ShownCard:
    """A card with its question in the wording in force."""

    key: Key
    topic_slug: str
    topic_title: str
    version_id: int
    item: NeutralItem
    state: CardState
    is_flagged: bool


def day(session: Session, person: Learner, now: datetime, topic_slug: str | None) -> Day:
    """Return the day so far, in one query. Raises NotFound for a topic that this learner can't know of."""
    _, day_end = day_bounds(person.study_day(now), person.time_zone, person.day_start_hour)
    row = session.execute(
        _day(is_of_topic=topic_slug is not None),
        {
            "learner_id": person.id,
            "slug": topic_slug or "",
            "now": now,
            "since": now - UNDO_WITHIN,
            "today": person.study_day(now),
            "day_end": day_end,
        },
    ).one()
    if topic_slug is not None and row.topic_id is None:
        raise NotFound
    rating = LastRating(row.review_id, row.rating, row.last_topic_id, row.last_at) if row.review_id else None
    return Day(int(row.done or 0), row.waiting, bool(row.is_due), row.topic_id, row.title or "", rating)


def queue(
    session: Session, person: Learner, now: datetime, today: Day, *, is_ahead: bool, is_beyond: bool = False
) -> list[Queued]:
    """Return the cards to show, in order; studying ahead, those not due yet follow what has fallen due meanwhile."""
    last_topic_id = today.last.topic_id if today.last else None
    if not is_ahead:
        return due_cards(
            session, person, now, topic_id=today.topic_id, last_topic_id=last_topic_id, is_beyond=is_beyond
        )
    if today.is_due:
        due = due_cards(
            session, person, now, topic_id=today.topic_id, last_topic_id=last_topic_id, is_beyond=True
        )  # fmt: skip
        if due := [card for card in due if card.due_at <= now]:
            return due
    ahead = cards_ahead(session, person, now, topic_id=today.topic_id, last_topic_id=last_topic_id)
    met = _met_today(session, person, now) if ahead else frozenset()
    return [card for card in ahead if card.key[0] not in met and not card.enemies & met]


def shown_card(session: Session, person: Learner, key: Key) -> ShownCard | None:
    """Return a card of this learner that may be asked; None when there is none, or it is suspended or retired.

    Raises Conflict for one that waits for a quiz under way: its answer side must not tell what the quiz asks.
    """
    row = session.execute(
        select(Card, ItemVersion.id, ItemVersion.content, Topic.slug, Topic.title, is_withheld(Card.item_id, person.id))
        .join(Item, Item.id == Card.item_id)
        .join(ItemVersion, (ItemVersion.item_id == Item.id) & (ItemVersion.number == Item.version_number))
        .join(Topic, Topic.id == Card.topic_id)
        .where(
            Card.learner_id == person.id,
            Card.item_id == key[0],
            Card.part == key[1],
            Card.suspended_at.is_(None),
            Card.due_at.is_not(None),
            Item.status == "published",
            Item.kind.in_(CARD_KINDS),
        )
    ).one_or_none()
    if row is None:
        return None
    card, version_id, content, slug, title, is_held = row
    if not is_key_shown(Phase.ANSWERED, SELF_STUDY, is_withheld=is_held):
        raise Conflict(HELD_BACK)
    return ShownCard(key, slug, title, version_id, read_item(content), card_state(card), card.flagged_at is not None)


def left(cards: Sequence[Queued], today: Day, shown: ShownCard, now: datetime) -> int:
    """Return how many cards are still to come today, the shown one among them."""
    is_early = shown.state.phase in _STEPS and shown.state.due_at is not None and shown.state.due_at > now
    if is_early:  # nothing but waiting steps is left, so the queue is among them
        return max(today.waiting, len(cards), 1)
    return len({card.key for card in cards} | {shown.key}) + today.waiting


def rating_given(session: Session, learner_id: int, review_id: uuid.UUID) -> int | None:
    """Return the rating of one of the learner's reviews; None when there is no such review."""
    return session.scalar(select(Review.rating).where(Review.learner_id == learner_id, Review.id == review_id))


def stands(review: type[Review]) -> ColumnElement[bool]:
    """Tell whether a review was not taken back."""
    void = aliased(Review)
    return (
        ~select(void.id)
        .where(void.learner_id == review.learner_id, void.names_id == review.id, void.event == "void")
        .exists()
    )


@lru_cache
def _day(*, is_of_topic: bool) -> Executable:
    """Made once: putting this statement together costs ten times as much as running it."""
    topic = _topic()
    last = _last_rating()
    anchor = select(literal(1).label("one")).subquery()
    return (
        select(
            _done(is_of_topic=is_of_topic).label("done"),
            _waiting(is_of_topic=is_of_topic).label("waiting"),
            _is_due(is_of_topic=is_of_topic).label("is_due"),
            topic.c.id.label("topic_id"),
            topic.c.title,
            last.c.id.label("review_id"),
            last.c.rating,
            last.c.topic_id.label("last_topic_id"),
            last.c.received_at.label("last_at"),
        )
        .select_from(anchor)
        .outerjoin(topic, true())
        .outerjoin(last, true())
    )


def _topic() -> Subquery:
    own_card = select(Card.item_id).where(Card.learner_id == _LEARNER_ID, Card.topic_id == Topic.id).exists()
    return select(Topic.id, Topic.title).where(Topic.slug == _SLUG, or_(Topic.is_listed, own_card)).subquery()


def _last_rating() -> Subquery:
    """The newest rating of the last hour that was not taken back, of a card not reviewed again since."""
    again = aliased(Review)
    return (
        select(Review.id, Review.rating, Review.topic_id, Review.received_at)
        .where(
            Review.learner_id == _LEARNER_ID,
            Review.received_at >= _SINCE,
            Review.event == "review",
            Review.source == "card",
            stands(Review),
            ~select(again.id)
            .where(
                again.learner_id == Review.learner_id,
                again.item_id == Review.item_id,
                again.part == Review.part,
                again.reviewed_at > Review.reviewed_at,
                again.event == "review",
                stands(again),
            )
            .exists(),
        )
        .order_by(Review.received_at.desc(), Review.seen_reviews.desc(), Review.id)
        .limit(1)
        .subquery()
    )


def _done(*, is_of_topic: bool) -> ScalarSelect[int]:
    topics = select(Topic.id)
    if is_of_topic:
        topics = topics.where(Topic.slug == _SLUG)
    return (
        select(func.sum(DailyTotal.reviews))
        .where(
            DailyTotal.learner_id == _LEARNER_ID,
            # Named too, or SQLite reads every day of the learner's.
            DailyTotal.topic_id.in_(topics),
            DailyTotal.study_day == _TODAY,
        )
        .scalar_subquery()
    )


def _waiting(*, is_of_topic: bool) -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(Card)
        .join(Item, Item.id == Card.item_id)
        .where(*_active(is_of_topic=is_of_topic), Card.due_at > _NOW, Card.due_at < _DAY_END, Card.phase.in_(_STEPS))
        .scalar_subquery()
    )


def _is_due(*, is_of_topic: bool) -> ColumnElement[bool]:
    return (
        select(Card.item_id)
        .join(Item, Item.id == Card.item_id)
        .where(*_active(is_of_topic=is_of_topic), Card.due_at <= _NOW, Card.reviews > 0)
        .exists()
    )


def _active(*, is_of_topic: bool) -> list[ColumnElement[bool]]:
    conditions = [
        Card.learner_id == _LEARNER_ID,
        Card.suspended_at.is_(None),
        or_(Card.buried_on.is_(None), Card.buried_on != _TODAY),
        Item.status == "published",
        ~is_withheld(Card.item_id, _LEARNER_ID),
    ]
    if is_of_topic:
        conditions.append(Card.topic_id == select(Topic.id).where(Topic.slug == _SLUG).scalar_subquery())
    return conditions


def _met_today(session: Session, person: Learner, now: datetime) -> frozenset[int]:
    start, _ = day_bounds(person.study_day(now), person.time_zone, person.day_start_hour)
    return frozenset(
        session.scalars(
            select(Review.item_id).where(
                Review.learner_id == person.id, Review.received_at >= start, Review.event == "review"
            )
        )
    )
