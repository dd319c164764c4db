"""What was last answered wrong or forgotten in a topic, with the sentence that would have told."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from markupsafe import Markup
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from quizapp.core.items import Item as NeutralItem
from quizapp.core.items import as_part, read_item, split_stem
from quizapp.models import Attempt, Item, ItemVersion, Review, is_in_force, is_withheld
from quizapp.web.evidence import EvidenceView, evidence_views
from quizapp.web.questions import formatted_key
from quizapp.web.rendering import Text, rich

_MISSED_DAYS = 60
_MOST_READ = 30
_MOST_SHOWN = 5


@dataclass(frozen=True)
class Miss:
    """One question last missed; `attempt_id` names the quiz, None for a card."""

    stem: Markup
    key: str
    missed_at: datetime
    attempt_id: uuid.UUID | None
    brief: tuple[Text, ...]  # the sentence, its evidence marked; empty without evidence


def last_misses(session: Session, learner_id: int, topic_id: int, today: date) -> list[Miss]:
    """Return the questions missed in the last weeks, the newest first, each once.

    A question of a quiz that is still open is left out: its key is not to be seen yet.
    """
    rows = session.execute(
        select(
            Review.item_id,
            Review.part,
            Review.item_version_id,
            Review.reviewed_at,
            Review.attempt_id,
            ItemVersion.content,
        )
        .join(ItemVersion, ItemVersion.id == Review.item_version_id)
        .join(Item, Item.id == Review.item_id)
        .outerjoin(Attempt, (Attempt.learner_id == Review.learner_id) & (Attempt.id == Review.attempt_id))
        .where(
            Review.learner_id == learner_id,
            Review.topic_id == topic_id,
            Review.study_day >= today - timedelta(days=_MISSED_DAYS),
            is_in_force(Review),
            Review.rating == 1,
            Item.status == "published",
            or_(Review.attempt_id.is_(None), Attempt.closed_at.is_not(None)),
            ~is_withheld(Review.item_id, learner_id),
        )
        .order_by(Review.study_day.desc(), Review.reviewed_at.desc())
        .limit(_MOST_READ)
    ).all()
    newest = {(row.item_id, row.part): row for row in reversed(rows)}
    shown = sorted(newest.values(), key=lambda row: row.reviewed_at, reverse=True)[:_MOST_SHOWN]
    evidence = evidence_views(session, [row.item_version_id for row in shown])
    return [
        _miss(
            as_part(read_item(row.content), row.part),
            row.reviewed_at,
            row.attempt_id,
            evidence.get(row.item_version_id),
        )
        for row in shown
    ]


def _miss(item: NeutralItem, missed_at: datetime, attempt_id: uuid.UUID | None, evidence: EvidenceView | None) -> Miss:
    return Miss(
        stem=rich("".join(run or "…" for run, _ in split_stem(item.stem)), item.stem_format),
        key=formatted_key(item),
        missed_at=missed_at,
        attempt_id=attempt_id,
        brief=evidence.brief if evidence else (),
    )
