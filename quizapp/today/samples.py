"""The question on the page for visitors: another one each day, asked in place and answered in place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from quizapp.core.grading import grade
from quizapp.core.items import SingleChoice, read_item
from quizapp.models import Evidence, Item, ItemVersion, Topic
from quizapp.web.answered import Answered, answered_view
from quizapp.web.evidence import EvidenceView, evidence_views
from quizapp.web.questions import Question, question_view, shuffled_options

_LONGEST_STEM = 100  # characters: it is the first thing that somebody reads here
_SHORTER = func.length(ItemVersion.content["stem"].as_string()) <= _LONGEST_STEM
_EVIDENCE = select(func.count()).where(Evidence.item_version_id == ItemVersion.id).correlate(ItemVersion)


@dataclass(frozen=True)
class Sample:
    """A question to answer on the spot; `answered` is None until it is."""

    version_id: int
    question: Question
    evidence: EvidenceView
    answered: Answered | None
    is_empty: bool  # whether the form came without a choice


@dataclass(frozen=True)
class TopicLine:
    """A topic to look into."""

    slug: str
    title: str
    questions: int


def asked(session: Session, today: date, version_id: str, choice: str) -> Sample | None:
    """Return the question of the day, answered when the address carries a choice for it; None while there is none.

    Yesterday's is answered too, for whoever sat over it at midnight. An address about any other question is not
    looked at, so nobody can draw the keys of the bank out of it.
    """
    ids = session.scalars(_candidates()).all()
    if not ids:
        return None
    of_today, of_yesterday = (_of_day(ids, day) for day in (today, today - timedelta(days=1)))
    is_given = version_id in (str(of_today), str(of_yesterday))
    shown = int(version_id) if is_given else of_today
    item = read_item(session.scalars(select(ItemVersion.content).where(ItemVersion.id == shown)).one())
    if not isinstance(item, SingleChoice):
        raise TypeError(f"item version {shown} is not what its item says")
    order = shuffled_options(item, f"sample {shown}")
    answer = {"choice": choice} if is_given and choice in order else None
    return Sample(
        version_id=shown,
        question=question_view(item, order),
        evidence=evidence_views(session, [shown])[shown],
        answered=answered_view(item, order, answer, grade(item, answer)) if answer else None,
        is_empty=is_given and answer is None,
    )


def topic_lines(session: Session) -> list[TopicLine]:
    """Return the listed topics that have questions, in their order."""
    rows = session.execute(
        select(Topic.slug, Topic.title, func.count(Item.id))
        .join(Item, (Item.topic_id == Topic.id) & Item.is_listed & (Item.status == "published"))
        .where(Topic.is_listed)
        .group_by(Topic.id, Topic.slug, Topic.title, Topic.position)
        .order_by(Topic.position, Topic.title)
    )
    return [TopicLine(*row) for row in rows]


def _candidates() -> Select[int]:
    return (
        select(ItemVersion.id)
        .join(Item, (Item.id == ItemVersion.item_id) & (Item.version_number == ItemVersion.number))
        .join(Topic, Topic.id == Item.topic_id)
        .where(
            Item.kind == "single_choice", Item.is_listed, Item.status == "published", Item.owner_id.is_(None),
            Topic.is_listed, _SHORTER, _EVIDENCE.scalar_subquery() == 1,
        )
        .order_by(ItemVersion.id)
    )  # fmt: skip


def _of_day(ids: Sequence[int], day: date) -> int:
    return Random(day.toordinal()).choice(ids)  # noqa: S311  # a question, not a secret
