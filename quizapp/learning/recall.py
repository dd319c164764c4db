"""What a learner would recall: per topic now and over the days around it, from stored states in one pass."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property, lru_cache

from sqlalchemy import Executable, bindparam, func, select
from sqlalchemy.orm import Session

from quizapp.core.fading import Outlook, Standing, outlook
from quizapp.core.mastery import FirstAnswer, Mastery, first_sight, mastery
from quizapp.core.memory.model import MemoryModel, MemoryState
from quizapp.learning.cards import memory_state
from quizapp.learning.learners import Learner
from quizapp.learning.memory_models import memory_model
from quizapp.models import Card, Item, Review, Topic, is_in_force

CURVE_DAYS = 14  # shown on either side of today
_AHEAD_DAYS = (2, 4, 7, 10, CURVE_DAYS)  # forgetting is smooth: a few points draw it
_DAY = timedelta(days=1)
_LOG = (
    select(
        Review.item_id, Review.reviewed_at, Review.stability_before, Review.difficulty_before,
        Review.fast_stability_before, Review.last_reviewed_before, Review.stability_after, Review.difficulty_after,
        Review.fast_stability_after, Review.model, Review.parameters_id,
    )
    .where(
        Review.learner_id == bindparam("learner_id"),
        Review.topic_id == bindparam("topic_id"),
        Review.study_day >= bindparam("first_day"),
        is_in_force(Review),
        Review.stability_after.is_not(None),
        Review.item_id.in_(bindparam("item_ids", expanding=True)),
    )
    .order_by(Review.reviewed_at)
)  # fmt: skip


@dataclass(frozen=True)
class Memory:
    """One remembered item: its state, and when it was last reviewed."""

    item_id: int
    state: MemoryState
    last_reviewed_at: datetime
    model: MemoryModel

    def recall(self, moment: datetime) -> float:
        """Return the chance of recalling it at a moment not before its last review."""
        return self.model.recall(self.state, max(0.0, (moment - self.last_reviewed_at) / _DAY))


@dataclass(frozen=True)
class TopicMemory:
    """All that is stored of one learner's memory of one topic."""

    topic_id: int
    slug: str
    title: str
    position: int
    total: int  # listed, published items
    memories: tuple[Memory, ...]
    first_answers: tuple[FirstAnswer, ...]

    @property
    def last_seen_at(self) -> datetime | None:
        """When an item of the topic was last answered or reviewed; None: never."""
        return max((memory.last_reviewed_at for memory in self.memories), default=None)

    def mastery_at(self, moment: datetime) -> Mastery:
        """Return the mastery at a moment, if nothing is reviewed until then."""
        return mastery([memory.recall(moment) for memory in self.memories], self.first_answers, self.total)

    def share_at(self, moment: datetime) -> float:
        """Return the mean of the mastery at a moment, without its band: cheap enough for whole curves."""
        recalled = sum(memory.recall(moment) for memory in self.memories)
        unmet = self.total - len(self.memories)
        return (recalled + unmet * self.first_sight) / self.total if self.total else 0.0

    @cached_property
    def first_sight(self) -> float:
        """The share 0..1 of items never met that would be known at first sight."""
        return first_sight(self.first_answers)[0]


@dataclass(frozen=True)
class TopicToday:
    """How a topic stands now."""

    memory: TopicMemory
    mastery: Mastery
    outlook: Outlook


def topics_today(
    session: Session, person: Learner | None, now: datetime, *, slug: str | None = None
) -> list[TopicToday]:
    """Return how every listed topic (or the one with this slug) stands; for nobody, as never answered."""
    found = []
    for memory in topic_memories(session, person.id if person else None, slug=slug):
        value = memory.mastery_at(now)
        standing = Outlook(Standing.UNKNOWN)
        if person is not None and value.is_shown and memory.last_seen_at is not None:
            standing = outlook(memory.share_at, memory.last_seen_at, now, person.study_day)
        found.append(TopicToday(memory, value, standing))
    return found


def recalls_now(session: Session, learner_id: int, topics: Mapping[int, int], now: datetime) -> dict[int, float]:
    """Return the chance 0..1 of recalling each item now; one never met, as its topic's items are at first sight.

    `topics` maps each item to its topic. An answer changes the chance of its own item, and hardly that of another.
    """
    memories = {memory.topic_id: memory for memory in topic_memories(session, learner_id)}
    met = {one.item_id: one.recall(now) for memory in memories.values() for one in memory.memories}
    return {
        item_id: met[item_id] if item_id in met else memories[topic_id].first_sight if topic_id in memories else 0.5
        for item_id, topic_id in topics.items()
    }


def recall_curve(session: Session, person: Learner, topic: TopicMemory, now: datetime) -> list[tuple[date, Mastery]]:
    """Return a topic's mastery over the days before today, today, and the days ahead if nothing is reviewed."""
    today = person.study_day(now)
    back = [timedelta(days=days) for days in range(CURVE_DAYS, 0, -1)]
    ahead = [timedelta(days=days) for days in (0, *_AHEAD_DAYS)]
    past = past_mastery(session, person.id, topic, [now - distance for distance in back])
    return [
        *((today - distance, value) for distance, value in zip(back, past, strict=True)),
        *((today + distance, topic.mastery_at(now + distance)) for distance in ahead),
    ]


def remembered(session: Session, item_id: int, state: MemoryState, at: datetime) -> Memory:
    """Return the memory of an item in the state that a review at a moment left it in."""
    return Memory(item_id, state, at, memory_model(session, state.parameters))


def topic_memories(session: Session, learner_id: int | None, *, slug: str | None = None) -> list[TopicMemory]:
    """Return the memory of every listed topic, or of the one with this slug, in the topics' order.

    Without a learner, the memory of nobody.
    """
    topics = session.execute(_topics(is_one=slug is not None), {"slug": slug}).all()
    memories: dict[int, list[Memory]] = {}
    answers: dict[int, list[FirstAnswer]] = {}
    if learner_id is not None and topics:
        memories, answers = _stored(session, learner_id, topics[0].id if slug is not None else None)
    return [
        TopicMemory(
            row.id, row.slug, row.title, row.position, row.total,
            tuple(memories.get(row.id, ())), tuple(answers.get(row.id, ())),
        )
        for row in topics
    ]  # fmt: skip


def past_mastery(session: Session, learner_id: int, topic: TopicMemory, moments: Sequence[datetime]) -> list[Mastery]:
    """Return the mastery of a topic at past moments (ascending), with what was remembered then.

    What is known at first sight is judged by all first answers until now, so that the curve ends at today's value.
    Reads the log from the first of the moments on, never all of it: each event knows the state it found.
    """
    rows = session.execute(
        _LOG,
        {
            "learner_id": learner_id,
            "topic_id": topic.topic_id,
            "first_day": (moments[0] - timedelta(days=2)).date(),
            "item_ids": [memory.item_id for memory in topic.memories],
        },
    ).all()
    timelines: dict[int, list[Memory]] = defaultdict(list)
    for row in rows:
        before = memory_state(
            row.model, row.parameters_id, row.stability_before, row.difficulty_before, row.fast_stability_before
        )
        if not timelines[row.item_id] and before is not None and row.last_reviewed_before is not None:
            timelines[row.item_id].append(remembered(session, row.item_id, before, row.last_reviewed_before))
        after = memory_state(
            row.model, row.parameters_id, row.stability_after, row.difficulty_after, row.fast_stability_after
        )
        if after is not None:
            timelines[row.item_id].append(remembered(session, row.item_id, after, row.reviewed_at))
    for memory in topic.memories:
        timelines.setdefault(memory.item_id, [memory])
    return [mastery(_recalls_at(timelines, moment), topic.first_answers, topic.total) for moment in moments]


@lru_cache
def _topics(*, is_one: bool) -> Executable:
    return (
        select(Topic.id, Topic.slug, Topic.title, Topic.position, func.count(Item.id).label("total"))
        .outerjoin(Item, (Item.topic_id == Topic.id) & Item.is_listed & (Item.status == "published"))
        .where(Topic.is_listed, *([Topic.slug == bindparam("slug")] if is_one else []))
        .group_by(Topic.id, Topic.slug, Topic.title, Topic.position)
        .order_by(Topic.position, Topic.title)
    )


@lru_cache
def _cards(*, is_one: bool) -> Executable:
    return (
        select(
            Card.item_id, Card.topic_id, Card.model, Card.parameters_id, Card.stability, Card.difficulty,
            Card.fast_stability, Card.last_reviewed_at, Card.first_score, Card.first_guess,
        )
        .join(Item, Item.id == Card.item_id)
        .where(
            Card.learner_id == bindparam("learner_id"),
            Card.part == 0,
            Card.reviews > 0,
            Item.is_listed,
            Item.status == "published",
            *([Card.topic_id == bindparam("topic_id")] if is_one else []),
        )
        .order_by(Card.item_id)
    )  # fmt: skip


def _recalls_at(timelines: dict[int, list[Memory]], moment: datetime) -> list[float]:
    recalls = []
    for timeline in timelines.values():
        known = [memory for memory in timeline if memory.last_reviewed_at <= moment]
        if known:
            recalls.append(known[-1].recall(moment))
    return recalls


def _stored(
    session: Session, learner_id: int, topic_id: int | None
) -> tuple[dict[int, list[Memory]], dict[int, list[FirstAnswer]]]:
    rows = session.execute(_cards(is_one=topic_id is not None), {"learner_id": learner_id, "topic_id": topic_id})
    memories: dict[int, list[Memory]] = defaultdict(list)
    answers: dict[int, list[FirstAnswer]] = defaultdict(list)
    for row in rows:
        state = memory_state(row.model, row.parameters_id, row.stability, row.difficulty, row.fast_stability)
        if state is not None:
            memories[row.topic_id].append(remembered(session, row.item_id, state, row.last_reviewed_at))
        if row.first_score is not None:
            answers[row.topic_id].append(FirstAnswer(row.first_guess or 0.0, row.first_score))
    return memories, answers
