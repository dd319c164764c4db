"""The queue of a passage's drafts as its pages show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from quizapp.authoring.items import placed_content
from quizapp.authoring.overviews import Question
from quizapp.core.sentences import sentence_spans
from quizapp.errors import NotFound
from quizapp.models import Draft, Item, ItemSet, Passage, PassageVersion, Person, Topic

REASONS = {
    "wrong_key": "The key is wrong",
    "several_keys": "More than one answer is right",
    "ambiguous": "It can be read in two ways",
    "trivial": "Not worth asking",
    "bad_distractor": "A wrong answer is poor",
    "grammar": "It is badly worded",
    "not_neutral": "It takes sides",
    "duplicate": "It is asked already",
}


@dataclass(frozen=True)
class Mark:
    """A draft in the row at the top of the page."""

    item_id: int
    number: int  # from 1
    decision: str | None
    is_clean: bool
    item_set_id: int | None

    @property
    def state(self) -> str:
        """The decision in a word."""
        return self.decision or "waiting"


@dataclass(frozen=True)
class Queue:
    """A passage with its drafts in order."""

    passage_id: int
    topic: str
    heading: str
    text: str
    note: str
    marks: tuple[Mark, ...]

    @property
    def waiting(self) -> tuple[Mark, ...]:
        """The drafts that wait."""
        return tuple(mark for mark in self.marks if mark.decision is None)

    @property
    def clean(self) -> tuple[Mark, ...]:
        """Those of them in which nothing was found."""
        return tuple(mark for mark in self.waiting if mark.is_clean)

    @property
    def approved(self) -> int:
        """How many were approved."""
        return sum(mark.decision == "approved" for mark in self.marks)

    def after(self, number: int) -> Mark | None:
        """Return the next draft that waits, from the start again after the last; None when none does."""
        later = (mark for mark in self.waiting if mark.number > number)
        return next(later, self.waiting[0] if self.waiting else None)


@dataclass(frozen=True)
class Provenance:
    """Where an item came from, for its author."""

    maker: str
    rule: str
    version: str
    seed: str
    expected: float
    decision: str | None
    reason: str | None
    decided_by: str
    decided_at: datetime | None


@dataclass(frozen=True)
class Gathered:
    """The set that approved drafts went into."""

    set_id: int
    title: str
    status: str


def queue(session: Session, passage_id: int, owner_id: int) -> Queue:
    """Return the drafts of the person's own passage. Raises NotFound."""
    row = session.execute(
        select(Passage.id, Topic.title, Passage.heading, PassageVersion.text, Passage.note)
        .join(Topic, Topic.id == Passage.topic_id)
        .join(
            PassageVersion,
            and_(PassageVersion.passage_id == Passage.id, PassageVersion.number == Passage.version_number),
        )
        .where(Passage.id == passage_id, Passage.owner_id == owner_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    drafts = session.execute(
        select(Draft.item_id, Draft.decision, Draft.is_clean, Draft.item_set_id)
        .where(Draft.passage_id == passage_id)
        .order_by(Draft.position, Draft.item_id)
    )
    marks = tuple(
        Mark(item_id, number, decision, is_clean, set_id)
        for number, (item_id, decision, is_clean, set_id) in enumerate(drafts, start=1)
    )
    return Queue(*row, marks)


def gathered(session: Session, shown: Queue, owner_id: int) -> Gathered | None:
    """Return the newest set that drafts of the queue went into, or None."""
    row = session.execute(
        select(ItemSet.id, ItemSet.title, ItemSet.status)
        .where(ItemSet.id.in_({mark.item_set_id for mark in shown.marks}), ItemSet.owner_id == owner_id)
        .order_by(ItemSet.id.desc())
        .limit(1)
    ).one_or_none()
    return Gathered(*row) if row is not None else None


def drafted_question(session: Session, shown: Queue, item_id: int, owner_id: int) -> Question:
    """Return a draft of the queue as the editor and the preview take it. Raises NotFound."""
    row = session.execute(
        select(Item.id, Item.status, Item.version_number, Item.topic_id)
        .join(Draft, Draft.item_id == Item.id)
        .where(Item.id == item_id, Item.owner_id == owner_id, Draft.passage_id == shown.passage_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    number, status, version_number, topic_id = row
    return Question(
        number, status, version_number, placed_content(session, number), topic_id,
        shown.passage_id, shown.heading, shown.text, shown.note,
    )  # fmt: skip


def provenance(session: Session, item_id: int) -> Provenance | None:
    """Return where an item came from, or None for one that a person wrote."""
    row = session.execute(
        select(
            Draft.maker, Draft.rule, Draft.version, Draft.seed, Draft.expected, Draft.decision, Draft.reason,
            func.coalesce(Person.shown_name, ""), Draft.decided_at,
        )
        .join(Person, Person.id == Draft.decided_by, isouter=True)
        .where(Draft.item_id == item_id)
    ).one_or_none()  # fmt: skip
    return Provenance(*row) if row is not None else None


def sentence_place(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """Return “Sentence 2 of 4” for the sentences that spans touch; empty for none."""
    sentences = sentence_spans(text)
    touched = [
        number
        for number, (start, end) in enumerate(sentences, start=1)
        if any(begin < end and stop > start for begin, stop in spans)
    ]
    if not touched:
        return ""
    names = [str(number) for number in touched]
    listed = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    return f"Sentence{'s' if len(names) > 1 else ''} {listed} of {len(sentences)}"
