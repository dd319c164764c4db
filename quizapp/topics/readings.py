"""A topic as a page for reading: its passages cut into sentences, the key facts, and what the reader has of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from itertools import count, pairwise
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from quizapp.core.mastery import Mastery
from quizapp.core.sentences import sentence_spans
from quizapp.errors import NotFound
from quizapp.learning.learners import Learner
from quizapp.learning.recall import TopicToday, recall_curve, topics_today
from quizapp.models import Card, Item, Passage, PassageVersion, Topic


@dataclass(frozen=True)
class Sentence:
    """One sentence, numbered over the whole page, with the space that follows it."""

    number: int
    text: str
    space: str


@dataclass(frozen=True)
class KeyFact:
    """What a passage states, and the number of the sentence that states it; 0 when it can't be told."""

    text: str
    sentence: int


@dataclass(frozen=True)
class Reading:
    """One passage, set for reading."""

    heading: str
    note: str
    sentences: tuple[Sentence, ...]
    key_facts: tuple[KeyFact, ...]


@dataclass(frozen=True)
class TopicPage:
    """A topic with its passages in the order they were added."""

    id: int
    slug: str
    title: str
    readings: tuple[Reading, ...]

    @property
    def heading(self) -> str:
        """What the page is headed with: the one passage's question, else the topic."""
        return self.readings[0].heading if len(self.readings) == 1 else self.title


@dataclass(frozen=True)
class OwnTopic:
    """A topic in its reader's memory."""

    today: TopicToday
    curve: list[tuple[date, Mastery]]
    scheduled: int  # cards on the schedule


def topic_page(session: Session, slug: str) -> TopicPage:
    """Return a listed topic for reading. Raises NotFound."""
    rows = session.execute(
        select(Topic.id, Topic.slug, Topic.title, Passage.heading, Passage.note, Passage.key_facts, PassageVersion.text)
        .outerjoin(Passage, Passage.topic_id == Topic.id)
        .outerjoin(
            PassageVersion,
            and_(PassageVersion.passage_id == Passage.id, PassageVersion.number == Passage.version_number),
        )
        .where(Topic.slug == slug, Topic.is_listed)
        .order_by(Passage.id)
    ).all()
    if not rows:
        raise NotFound
    numbers = count(1)
    readings = tuple(
        _reading(row.heading, row.note, row.text, row.key_facts, numbers) for row in rows if row.text is not None
    )
    return TopicPage(rows[0].id, rows[0].slug, rows[0].title, readings)


def question_count(session: Session, topic_id: int) -> int:
    """Return the number of a topic's questions that are open to everyone."""
    number = session.scalar(
        select(func.count()).where(Item.topic_id == topic_id, Item.is_listed, Item.status == "published")
    )
    return number or 0


def own_topic(session: Session, person: Learner, page: TopicPage, now: datetime) -> OwnTopic:
    """Return what a person has of a topic."""
    (today,) = topics_today(session, person, now, slug=page.slug)
    curve = recall_curve(session, person, today.memory, now) if today.mastery.is_shown else []
    scheduled = session.scalar(
        select(func.count())
        .select_from(Card)
        .join(Item, Item.id == Card.item_id)
        .where(
            Card.learner_id == person.id,
            Card.topic_id == page.id,
            Card.part == 0,
            Card.due_at.is_not(None),
            Item.status == "published",
            Item.is_listed,
        )
    )
    return OwnTopic(today, curve, scheduled or 0)


def _reading(heading: str, note: str, text: str, key_facts: list[Any], numbers: count[int]) -> Reading:
    spans = sentence_spans(text)
    # Each sentence takes the space up to the next one with it, so that line breaks survive.
    starts = [start for start, _ in spans] + [len(text)]
    sentences = tuple(
        Sentence(next(numbers), text[start:end], text[end:following])
        for (start, end), (_, following) in zip(spans, pairwise(starts), strict=True)
    )
    facts = tuple(
        KeyFact(
            fact["text"],
            next(
                (sentence.number for sentence, (_, end) in zip(sentences, spans, strict=True) if fact["start"] < end), 0
            ),
        )
        for fact in key_facts
    )
    return Reading(heading, note, sentences, facts)
