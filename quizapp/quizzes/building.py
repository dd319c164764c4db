"""What a quiz can be built from, and which questions it gets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from quizapp.core.items import Item as NeutralItem
from quizapp.core.items import read_item
from quizapp.core.scheduling import Queued, order_queue
from quizapp.core.selection import largest_without_enemies, pick, pick_least_known
from quizapp.learning.recall import recalls_now
from quizapp.models import Item, ItemSetItem, ItemVersion, Passage, PassageVersion, Topic, is_withheld
from quizapp.web.questions import ASKABLE_KINDS

_NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Available:
    """A question that could be asked in practice."""

    item_id: int
    topic_id: int
    kind: str


@dataclass(frozen=True)
class Offer:
    """What a learner may practise now, and how many questions wait for a set they are taking."""

    questions: list[Available]
    withheld: int


@dataclass(frozen=True)
class Pinned:
    """A question with everything an attempt pins of it."""

    item_id: int
    version_id: int
    topic_id: int
    passage_version_id: int | None
    item: NeutralItem
    max_mark: float
    section_id: int | None = None  # of its set


@dataclass(frozen=True)
class TopicChoice:
    """A topic as the builder offers it."""

    id: int
    slug: str
    title: str


def practice_topics(session: Session) -> list[TopicChoice]:
    """Return the topics that practice can draw on, in their order."""
    rows = session.execute(
        select(Topic.id, Topic.slug, Topic.title)
        .where(
            Topic.is_listed,
            select(Item.id)
            .where(Item.topic_id == Topic.id, Item.kind.in_(ASKABLE_KINDS), Item.is_listed, Item.status == "published")
            .exists(),
        )
        .order_by(Topic.position, Topic.title)
    )
    return [TopicChoice(*row) for row in rows]


def available(session: Session, topic_ids: Sequence[int], kinds: Sequence[str]) -> list[Available]:
    """Return the listed questions of these topics and kinds, whoever asks."""
    return [Available(*row) for row in session.execute(_listed(topic_ids, kinds))]


def offer(session: Session, learner_id: int, topic_ids: Sequence[int], kinds: Sequence[str]) -> Offer:
    """Return the listed questions of these topics and kinds that this learner may be asked now."""
    rows = session.execute(
        _listed(topic_ids, kinds).add_columns(is_withheld(Item.id, learner_id).label("is_withheld"))
    ).all()
    questions = [Available(row.id, row.topic_id, row.kind) for row in rows if not row.is_withheld]
    return Offer(questions, len(rows) - len(questions))


def how_many(questions: Sequence[Available], enemies: dict[int, frozenset[int]]) -> int:
    """Return the most questions one quiz can hold without two that give each other away."""
    return len(largest_without_enemies([question.item_id for question in questions], enemies))


def picked_items(
    questions: Sequence[Available], enemies: dict[int, frozenset[int]], number: int, rng: Random
) -> list[int]:
    """Pick questions for practice, in the order to ask them: no enemies, topics mixed."""
    topics = {question.item_id: question.topic_id for question in questions}
    return mixed(pick(topics, enemies, number, rng), topics, rng)


def least_known_items(
    session: Session,
    learner_id: int,
    questions: Sequence[Available],
    enemies: dict[int, frozenset[int]],
    number: int,
    rng: Random,
    now: datetime,
) -> list[int]:
    """Pick the questions that the learner is least likely to recall now, the least known first: no enemies."""
    topics = {question.item_id: question.topic_id for question in questions}
    return pick_least_known(topics, recalls_now(session, learner_id, topics, now), enemies, number, rng)


def mixed(item_ids: Sequence[int], topics: dict[int, int], rng: Random) -> list[int]:
    """Return items in random order with neighbours from different topics where any order allows it."""
    shuffled = list(item_ids)
    rng.shuffle(shuffled)
    queue = [
        Queued((item_id, 0), topics[item_id], _NO_DATE + timedelta(seconds=place), False, frozenset())
        for place, item_id in enumerate(shuffled)
    ]
    return [card.key[0] for card in order_queue(queue, seen_item_ids=frozenset(), new_limit=0)]


def pinned_items(session: Session, item_ids: Sequence[int], *, learner_id: int | None = None) -> list[Pinned]:
    """Return items with their current versions, in the given order; only published ones that practice can ask.

    With a learner, so are those that wait for a set they are taking.
    """
    pinned = _pinned().where(Item.id.in_(item_ids), Item.status == "published", Item.kind.in_(ASKABLE_KINDS))
    if learner_id is not None:
        pinned = pinned.where(~is_withheld(Item.id, learner_id))
    rows = session.execute(pinned).all()
    by_id = {row.item_id: _pin(row, None) for row in rows}
    return [by_id[item_id] for item_id in item_ids if item_id in by_id]


def set_items(session: Session, set_id: int) -> list[Pinned]:
    """Return the questions of a set in its order, with their current versions and marks."""
    rows = session.execute(
        _pinned()
        .add_columns(ItemSetItem.max_mark, ItemSetItem.section_id)
        .join(ItemSetItem, ItemSetItem.item_id == Item.id)
        .where(ItemSetItem.item_set_id == set_id, Item.status == "published")
        .order_by(ItemSetItem.position, Item.id)
    )
    return [replace(_pin(row, row.max_mark), section_id=row.section_id) for row in rows]


def _listed(topic_ids: Sequence[int], kinds: Sequence[str]) -> Select[int, int, str]:
    wanted = [kind for kind in kinds if kind in ASKABLE_KINDS]
    return (
        select(Item.id, Item.topic_id, Item.kind)
        .where(Item.topic_id.in_(topic_ids), Item.kind.in_(wanted), Item.is_listed, Item.status == "published")
        .order_by(Item.id)
    )


def _pinned() -> Select[Any]:
    return (
        select(
            Item.id.label("item_id"),
            ItemVersion.id.label("version_id"),
            Item.topic_id,
            PassageVersion.id.label("passage_version_id"),
            ItemVersion.content,
        )
        .join(ItemVersion, (ItemVersion.item_id == Item.id) & (ItemVersion.number == Item.version_number))
        .outerjoin(Passage, Passage.id == Item.passage_id)
        .outerjoin(
            PassageVersion,
            (PassageVersion.passage_id == Passage.id) & (PassageVersion.number == Passage.version_number),
        )
    )


def _pin(row: Row[Any], max_mark: float | None) -> Pinned:
    item = read_item(row.content)
    mark = item.max_mark if max_mark is None else max_mark
    unmarked = item.kind in ("flashcard", "description")
    return Pinned(row.item_id, row.version_id, row.topic_id, row.passage_version_id, item, 0.0 if unmarked else mark)
