"""What a teacher sees of their sets: the shelf, one set, one question of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, and_, distinct, func, select
from sqlalchemy.orm import Session

from quizapp.authoring.waiting import open_claims, unmarked_answers
from quizapp.core.items import Item as NeutralItem
from quizapp.core.items import key_text, plain_stem, read_item
from quizapp.core.rules import Rules, read_rules
from quizapp.errors import NotFound
from quizapp.models import (
    TAKEN,
    Attempt,
    Flag,
    Item,
    ItemSet,
    ItemSetItem,
    ItemVersion,
    Passage,
    PassageVersion,
    Topic,
    planned_from_pools,
)
from quizapp.web.questions import KIND_NAMES


@dataclass(frozen=True)
class SetLine:
    """A set on the shelf."""

    id: int
    title: str
    status: str
    visibility: str
    questions: int
    takers: int
    unmarked: int  # answers that wait for a mark
    claims: int  # learners who say they were right

    @property
    def state(self) -> str:
        """The set's state in words."""
        return state_words(self.status, self.visibility)

    @property
    def next_step(self) -> str:
        """What the set waits for: marks, claims, question, publish, share, results or nothing ("")."""
        if self.unmarked:
            return "marks"
        if self.claims:
            return "claims"
        if self.questions == 0:
            return "question"
        if self.status == "draft":
            return "publish"
        if self.takers:
            return "results"
        return "share" if self.status == "published" else ""


@dataclass(frozen=True)
class QuestionLine:
    """A question in its set."""

    item_id: int
    kind: str
    kind_name: str
    stem: str
    key: str
    topic: str
    has_evidence: bool
    flags: int  # open ones
    section_id: int | None


@dataclass(frozen=True)
class SetPage:
    """One set with its questions in order."""

    id: int
    slug: str
    title: str
    description: str
    status: str
    visibility: str
    rules: Rules
    published_at: datetime | None
    closes_at: datetime | None
    takers: int
    attempts: int  # of any state: once there is one, the set stays
    questions: tuple[QuestionLine, ...]

    @property
    def state(self) -> str:
        """The set's state in words."""
        return state_words(self.status, self.visibility)

    @property
    def question_count(self) -> int:
        """How many questions it has, without texts."""
        return sum(line.kind != "description" for line in self.questions)


@dataclass(frozen=True)
class OwnPassage:
    """A passage that the teacher pasted."""

    id: int
    heading: str
    topic: str


@dataclass(frozen=True)
class Question:
    """A question of a set with its passage, as editor and preview show it."""

    item_id: int
    status: str
    version_number: int
    content: NeutralItem
    topic_id: int
    passage_id: int | None
    heading: str
    text: str
    note: str

    @property
    def place(self) -> str:
        """What the editor's form says for where it is at home."""
        return f"p{self.passage_id}" if self.passage_id else f"t{self.topic_id}"


def my_sets(session: Session, owner_id: int) -> list[SetLine]:
    """List the person's sets, newest first."""
    questions = (
        select(func.count())
        .select_from(ItemSetItem)
        .join(Item, Item.id == ItemSetItem.item_id)
        .where(ItemSetItem.item_set_id == ItemSet.id, Item.kind != "description")
        .correlate(ItemSet)
        .scalar_subquery()
    ) + planned_from_pools(ItemSet.id)
    waiting = unmarked_answers(), open_claims()
    rows = session.execute(
        select(ItemSet.id, ItemSet.title, ItemSet.status, ItemSet.visibility, questions, _takers(), *waiting)
        .where(ItemSet.owner_id == owner_id)
        .order_by(ItemSet.created_at.desc(), ItemSet.id.desc())
    )
    return [SetLine(*row) for row in rows]


def my_passages(session: Session, owner_id: int) -> list[OwnPassage]:
    """List the passages that the person pasted, newest first."""
    rows = session.execute(
        select(Passage.id, Passage.heading, Topic.title)
        .join(Topic, Topic.id == Passage.topic_id)
        .where(Passage.owner_id == owner_id)
        .order_by(Passage.id.desc())
    )
    return [OwnPassage(*row) for row in rows]


def set_page(session: Session, set_id: int, owner_id: int) -> SetPage:
    """Return the person's own set with its questions. Raises NotFound."""
    attempts = select(func.count()).where(Attempt.item_set_id == ItemSet.id).correlate(ItemSet).scalar_subquery()
    row = session.execute(
        select(
            ItemSet.id, ItemSet.slug, ItemSet.title, ItemSet.description, ItemSet.status, ItemSet.visibility,
            ItemSet.rules, ItemSet.published_at, ItemSet.closes_at,
            _takers().label("takers"), attempts.label("attempts"),
        ).where(ItemSet.id == set_id, ItemSet.owner_id == owner_id)
    ).one_or_none()  # fmt: skip
    if row is None:
        raise NotFound
    values = row._asdict() | {"rules": read_rules(row.rules)}
    return SetPage(**values, questions=tuple(_questions(session, set_id)))


def question(session: Session, set_id: int, item_id: int, owner_id: int) -> Question:
    """Return a question of the person's own set. Raises NotFound."""
    row = session.execute(
        select(
            Item.id, Item.status, Item.version_number, ItemVersion.content, Item.topic_id, Item.passage_id,
            func.coalesce(Passage.heading, ""), func.coalesce(PassageVersion.text, ""), func.coalesce(Passage.note, ""),
        )
        .join(ItemSetItem, ItemSetItem.item_id == Item.id)
        .join(ItemSet, ItemSet.id == ItemSetItem.item_set_id)
        .join(ItemVersion, and_(ItemVersion.item_id == Item.id, ItemVersion.number == Item.version_number))
        .join(Passage, Passage.id == Item.passage_id, isouter=True)
        .join(
            PassageVersion,
            and_(PassageVersion.passage_id == Passage.id, PassageVersion.number == Passage.version_number),
            isouter=True,
        )
        .where(ItemSet.id == set_id, ItemSet.owner_id == owner_id, Item.id == item_id)
    ).one_or_none()  # fmt: skip
    if row is None:
        raise NotFound
    item_id, status, version_number, content, *rest = row
    return Question(item_id, status, version_number, read_item(content), *rest)


def last_place(session: Session, set_id: int) -> str:
    """Return where the set's last question is at home, as the editor's form says it; empty for an empty set."""
    row = session.execute(
        select(Item.topic_id, Item.passage_id)
        .join(ItemSetItem, ItemSetItem.item_id == Item.id)
        .where(ItemSetItem.item_set_id == set_id)
        .order_by(ItemSetItem.position.desc(), Item.id.desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return ""
    return f"p{row.passage_id}" if row.passage_id else f"t{row.topic_id}"


def set_title(session: Session, set_id: int, owner_id: int) -> str:
    """Return the title of the person's own set. Raises NotFound."""
    title = session.scalar(select(ItemSet.title).where(ItemSet.id == set_id, ItemSet.owner_id == owner_id))
    if title is None:
        raise NotFound
    return title


def state_words(status: str, visibility: str) -> str:
    """Return a set's state in words."""
    if status == "published":
        return "Published here" if visibility == "here" else "Published by link"
    return {"draft": "Draft", "closed": "Closed"}[status]


def _takers() -> ScalarSelect[int]:
    return (
        select(func.count(distinct(Attempt.learner_id)))
        .where(Attempt.item_set_id == ItemSet.id, Attempt.outcome.in_(TAKEN))
        .correlate(ItemSet)
        .scalar_subquery()
    )


def _questions(session: Session, set_id: int) -> list[QuestionLine]:
    flags = (
        select(func.count())
        .where(Flag.item_id == Item.id, Flag.settled_at.is_(None))
        .correlate(Item)
        .scalar_subquery()
    )  # fmt: skip
    rows = session.execute(
        select(Item.id, ItemVersion.content, Topic.title, flags, ItemSetItem.section_id)
        .join(ItemSetItem, ItemSetItem.item_id == Item.id)
        .join(ItemVersion, and_(ItemVersion.item_id == Item.id, ItemVersion.number == Item.version_number))
        .join(Topic, Topic.id == Item.topic_id)
        .where(ItemSetItem.item_set_id == set_id)
        .order_by(ItemSetItem.position, Item.id)
    )
    lines = []
    for item_id, content, topic, flagged, section_id in rows:
        item = read_item(content)
        lines.append(
            QuestionLine(
                item_id,
                item.kind,
                KIND_NAMES.get(item.kind, item.kind),
                plain_stem(item.stem),
                key_text(item),
                topic,
                bool(item.evidence),
                flagged,
                section_id,
            )
        )
    return lines
