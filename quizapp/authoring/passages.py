"""Topics and passages of a teacher's own, and what they may write questions on."""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select
from sqlalchemy.orm import Session

from quizapp.authoring.items import Source
from quizapp.authoring.slugs import free_slug
from quizapp.errors import Conflict, Invalid, NotFound
from quizapp.models import Draft, Item, Passage, PassageVersion, Topic

FEWEST_WORDS = 40
MOST_WORDS = 1500


@dataclass(frozen=True)
class Place:
    """Where a question can be at home: a topic, with one of its passages or without."""

    topic_id: int
    topic: str
    passage_id: int | None
    heading: str
    note: str
    is_own: bool

    @property
    def key(self) -> str:
        """What a form sends for this place."""
        return f"p{self.passage_id}" if self.passage_id else f"t{self.topic_id}"


@dataclass(frozen=True)
class PassagePage:
    """One of a teacher's own passages, with how many questions rest on it."""

    id: int
    topic: str
    heading: str
    text: str
    note: str
    questions: int
    drafts: int  # that wait
    is_listed: bool
    version_number: int


def places(session: Session, person_id: int) -> list[Place]:
    """List the passages of listed topics and of the person's own, and their own topics that have none, by title."""
    rows = session.execute(
        select(
            Topic.id,
            Topic.title,
            Passage.id,
            func.coalesce(Passage.heading, ""),
            func.coalesce(Passage.note, ""),
            func.coalesce(Topic.owner_id == person_id, False),
        )
        .join(Passage, Passage.topic_id == Topic.id, isouter=True)
        .where(_is_open_to(person_id), or_(Passage.id.is_not(None), Topic.owner_id == person_id))
        .order_by(Topic.position, Topic.title, Topic.id, Passage.id)
    )
    return [Place(*row) for row in rows]


def own_topics(session: Session, person_id: int) -> list[tuple[int, str]]:
    """List the person's own topics by title: those that a passage of theirs can be put under."""
    rows = session.execute(select(Topic.id, Topic.title).where(Topic.owner_id == person_id).order_by(Topic.title))
    return [(topic_id, title) for topic_id, title in rows]


def source_at(
    session: Session, person_id: int, *, topic_id: int | None = None, passage_id: int | None = None
) -> Source:
    """Return the topic, or the passage in its current version, that the person may write on. Raises NotFound."""
    if passage_id is None:
        topic_id = session.scalar(select(Topic.id).where(Topic.id == topic_id, _is_open_to(person_id)))
        if topic_id is None:
            raise NotFound
        return Source(topic_id)
    row = session.execute(
        select(Passage.topic_id, Passage.id, PassageVersion.id, PassageVersion.text)
        .join(Topic, Topic.id == Passage.topic_id)
        .join(
            PassageVersion,
            and_(PassageVersion.passage_id == Passage.id, PassageVersion.number == Passage.version_number),
        )
        .where(Passage.id == passage_id, _is_open_to(person_id))
    ).one_or_none()
    if row is None:
        raise NotFound
    return Source(*row)


def create_topic(session: Session, owner_id: int, title: str, now: datetime) -> int:
    """Store a topic that only its owner sees until a set on it is published here. Raises Invalid for a title in use."""
    taken = session.scalar(
        select(Topic.id).where(func.lower(Topic.title) == title.lower(), _is_open_to(owner_id)).limit(1)
    )
    if taken is not None:
        raise Invalid("new_topic", f"There is a topic “{title}” already. Choose it from the list.")
    topic = Topic(
        slug=free_slug(session, Topic, title, "topic"), title=title, position=1000, owner_id=owner_id, created_at=now
    )
    session.add(topic)
    session.flush()
    return topic.id


def add_passage(
    session: Session,
    owner_id: int,
    *,
    heading: str,
    text: str,
    note: str,
    submission: uuid.UUID,
    now: datetime,
    topic_id: int | None = None,
    new_topic: str = "",
) -> int:
    """Store a text verbatim as version 1 and return the passage's id; the same submission twice is one passage.

    It stands under `topic_id`, or without one under a new topic. Raises NotFound for a topic that is not the owner's:
    what stands under another's topic is not theirs to add to.
    """
    external_id = f"form-{submission.hex}"
    known = session.scalar(select(Passage.id).where(Passage.external_id == external_id, Passage.owner_id == owner_id))
    if known is not None:
        return known
    if topic_id is None:
        topic_id = create_topic(session, owner_id, new_topic, now)
    elif session.scalar(select(Topic.id).where(Topic.id == topic_id, Topic.owner_id == owner_id)) is None:
        raise NotFound
    passage = Passage(
        topic_id=topic_id,
        external_id=external_id,
        heading=heading,
        note=note,
        version_number=1,
        owner_id=owner_id,
        created_at=now,
    )
    session.add(passage)
    session.flush()
    digest = hashlib.sha256(text.encode()).hexdigest()
    session.add(PassageVersion(passage_id=passage.id, number=1, text=text, sha256=digest, created_at=now))
    session.flush()
    return passage.id


def known_text(session: Session, owner_id: int, text: str) -> tuple[int, str] | None:
    """Return the number and heading of a passage of the person's that says the same, or None."""
    row = session.execute(
        select(Passage.id, Passage.heading)
        .join(PassageVersion, PassageVersion.passage_id == Passage.id)
        .where(
            PassageVersion.sha256 == hashlib.sha256(text.encode()).hexdigest(),
            PassageVersion.number == Passage.version_number,
            Passage.owner_id == owner_id,
        )
        .limit(1)
    ).one_or_none()
    return (row.id, row.heading) if row is not None else None


def passage_page(session: Session, passage_id: int, owner_id: int) -> PassagePage:
    """Return one of the person's own passages. Raises NotFound."""
    counts = select(func.count()).where(Item.passage_id == passage_id)
    questions = counts.where(Item.status.in_(("draft", "published")), ~_undecided()).scalar_subquery()
    drafts = counts.where(_undecided()).scalar_subquery()
    row = session.execute(
        select(
            Passage.id, Topic.title, Passage.heading, PassageVersion.text, Passage.note, questions, drafts,
            Topic.is_listed, Passage.version_number,
        )
        .join(Topic, Topic.id == Passage.topic_id)
        .join(
            PassageVersion,
            and_(PassageVersion.passage_id == Passage.id, PassageVersion.number == Passage.version_number),
        )
        .where(Passage.id == passage_id, Passage.owner_id == owner_id)
    ).one_or_none()  # fmt: skip
    if row is None:
        raise NotFound
    return PassagePage(*row)


def delete_passage(session: Session, passage_id: int, owner_id: int) -> None:
    """Delete a passage that no question rests on, with drafts that nobody took, and its topic when that is empty."""
    passage = session.scalar(
        select(Passage).where(Passage.id == passage_id, Passage.owner_id == owner_id).with_for_update()
    )
    if passage is None:
        raise NotFound
    not_taken = exists().where(Draft.item_id == Item.id, or_(Draft.decision.is_(None), Draft.decision == "rejected"))
    session.execute(
        delete(Item).where(Item.passage_id == passage_id, Item.status.in_(("draft", "rejected")), not_taken)
    )
    if session.scalar(select(Item.id).where(Item.passage_id == passage_id).limit(1)) is not None:
        raise Conflict("Questions rest on this passage, so it stays. Remove the questions first.")
    topic_id = passage.topic_id
    session.delete(passage)
    session.flush()
    session.execute(
        delete(Topic).where(
            Topic.id == topic_id,
            Topic.owner_id == owner_id,
            ~select(Item.id).where(Item.topic_id == topic_id).exists(),
            ~select(Passage.id).where(Passage.topic_id == topic_id).exists(),
        )
    )


def _undecided() -> ColumnElement[bool]:
    return exists().where(Draft.item_id == Item.id, Draft.decision.is_(None))


def _is_open_to(person_id: int) -> ColumnElement[bool]:
    return or_(Topic.is_listed, Topic.owner_id == person_id)
