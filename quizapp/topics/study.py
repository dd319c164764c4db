"""“Study cards”: putting a topic's questions on one's schedule."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.errors import Conflict, NotFound
from quizapp.learning.reviews import choose
from quizapp.models import Item, Topic
from quizapp.web.questions import CARD_KINDS


def study(session: Session, learner_id: int, slug: str, *, submission_id: uuid.UUID, now: datetime) -> int:
    """Put all open questions of a listed topic on the schedule; return how many were not on it before.

    Raises NotFound without such a topic, Conflict when it has no questions.
    """
    topic_id = session.scalar(select(Topic.id).where(Topic.slug == slug, Topic.is_listed))
    if topic_id is None:
        raise NotFound
    item_ids = session.scalars(
        select(Item.id)
        .where(Item.topic_id == topic_id, Item.is_listed, Item.status == "published", Item.kind.in_(CARD_KINDS))
        .order_by(Item.id)
    ).all()
    if not item_ids:
        raise Conflict("This topic has no questions yet, so there are no cards to study.")
    return choose(session, learner_id, item_ids, submission_id=submission_id, now=now)
