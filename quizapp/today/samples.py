"""The sample on the page for visitors: a real question with the sentence its answer rests on."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.core.items import SingleChoice, key_text, read_item
from quizapp.models import Evidence, Item, ItemVersion, Topic
from quizapp.web.answered import AnsweredOption
from quizapp.web.evidence import EvidenceView, evidence_views
from quizapp.web.rendering import rich


@dataclass(frozen=True)
class Sample:
    """A question as it looks after the answer."""

    stem: Markup
    options: tuple[AnsweredOption, ...]
    key: str
    explanation: Markup
    evidence: EvidenceView


@dataclass(frozen=True)
class Holdings:
    """How much there is to learn."""

    topics: int
    questions: int


def sample(session: Session) -> Sample | None:
    """Return the first shipped question with one right answer and evidence; None while there is none."""
    row = session.execute(
        select(ItemVersion.id, ItemVersion.content)
        .join(Item, (Item.id == ItemVersion.item_id) & (Item.version_number == ItemVersion.number))
        .join(Topic, Topic.id == Item.topic_id)
        .where(
            Item.kind == "single_choice", Item.is_listed, Item.status == "published", Item.owner_id.is_(None),
            Topic.is_listed, select(Evidence.id).where(Evidence.item_version_id == ItemVersion.id).exists(),
        )
        .order_by(Topic.position, Item.id)
        .limit(1)
    ).one_or_none()  # fmt: skip
    if row is None:
        return None
    item = read_item(row.content)
    if not isinstance(item, SingleChoice):
        raise TypeError(f"item version {row.id} is not what its item says")
    options = tuple(
        AnsweredOption(option.text, "right", option.feedback)
        if option.weight >= 1
        else AnsweredOption(option.text, "other", "")
        for option in item.options
    )
    return Sample(
        stem=rich(item.stem, item.stem_format),
        options=options,
        key=key_text(item),
        explanation=rich(item.feedback, item.stem_format),
        evidence=evidence_views(session, [row.id])[row.id],
    )


def holdings(session: Session) -> Holdings:
    """Return the number of listed topics and of questions open to everyone."""
    topics, questions = session.execute(
        select(func.count(func.distinct(Topic.id)), func.count(Item.id))
        .select_from(Topic)
        .join(Item, (Item.topic_id == Topic.id) & Item.is_listed & (Item.status == "published"))
        .where(Topic.is_listed)
    ).one()
    return Holdings(topics, questions)
