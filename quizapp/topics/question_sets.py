"""Question sets as those who take them see them: the list, and one with its rules and one's attempts."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ScalarSelect, and_, func, or_, select
from sqlalchemy.orm import Session

from quizapp.core.rules import Rules, read_rules
from quizapp.core.visibility import Phase, told
from quizapp.errors import NotFound
from quizapp.models import Attempt, Item, ItemSet, ItemSetItem, Override, Person, planned_from_pools
from quizapp.web.deadlines import closing, factor_with

MOST_LISTED = 200  # the newest; older ones are reached by their address


@dataclass(frozen=True)
class ListedSet:
    """A published set in the list; `teacher` is empty when its teacher is gone."""

    slug: str
    title: str
    description: str
    teacher: str
    questions: int


@dataclass(frozen=True)
class SetPage:
    """A set that was published, by link or here."""

    id: int
    slug: str
    title: str
    description: str
    teacher: str
    owner_id: int | None
    rules: Rules
    closes_at: datetime | None
    is_closed: bool
    is_by_link: bool
    factor: float | None  # of the limit, as given to the learner in this set; None: no limit


@dataclass(frozen=True)
class OwnAttempt:
    """One attempt of the viewer at a set; the score is None until it is graded and told."""

    id: uuid.UUID
    number: int
    started_at: datetime
    saved_at: datetime
    deadline_at: datetime | None
    closed_at: datetime | None
    outcome: str | None
    answered: int
    questions: int
    score: float | None
    max_score: float | None


def listed_sets(session: Session, now: datetime) -> list[ListedSet]:
    """Return the sets published here that can be taken, the newest first."""
    rows = session.execute(
        select(
            ItemSet.slug,
            ItemSet.title,
            ItemSet.description,
            Person.shown_name,
            _questions() + planned_from_pools(ItemSet.id),
        )
        .outerjoin(Person, Person.id == ItemSet.owner_id)
        .where(
            ItemSet.status == "published",
            ItemSet.visibility == "here",
            or_(ItemSet.closes_at.is_(None), ItemSet.closes_at > now),
        )
        .order_by(ItemSet.published_at.desc(), ItemSet.id.desc())
        .limit(MOST_LISTED)
    )
    return [ListedSet(slug, title, text, teacher or "", number) for slug, title, text, teacher, number in rows]


def set_page(session: Session, slug: str, now: datetime, learner_id: int | None = None) -> SetPage:
    """Return a published or closed set as it is for a learner. Raises NotFound; a draft is not found either."""
    row = session.execute(
        select(ItemSet, Person.shown_name, Override)
        .outerjoin(Person, Person.id == ItemSet.owner_id)
        .outerjoin(Override, and_(Override.item_set_id == ItemSet.id, Override.learner_id == learner_id))
        .where(ItemSet.slug == slug, ItemSet.status != "draft")
    ).one_or_none()
    if row is None:
        raise NotFound
    item_set, teacher, override = row
    rules, closes_at = read_rules(item_set.rules), closing(item_set, override)
    if override is not None and override.attempts_allowed is not None:
        rules = replace(rules, attempts_allowed=override.attempts_allowed)
    return SetPage(
        id=item_set.id,
        slug=item_set.slug,
        title=item_set.title,
        description=item_set.description,
        teacher=teacher or "",
        owner_id=item_set.owner_id,
        rules=rules,
        closes_at=closes_at,
        is_closed=closes_at is not None and closes_at <= now,
        is_by_link=item_set.visibility == "link",
        factor=factor_with(1.0, override),
    )


def own_attempts(session: Session, learner_id: int, set_id: int) -> list[OwnAttempt]:
    """Return a person's attempts at a set, the newest first."""
    rows = session.execute(
        select(
            Attempt.id, Attempt.number, Attempt.started_at, Attempt.saved_at, Attempt.deadline_at,
            Attempt.closed_at, Attempt.outcome,
            Attempt.answered_count.label("answered"), Attempt.item_count.label("questions"),
            Attempt.score, Attempt.max_score, Attempt.rules, ItemSet.status,
        )
        .join(ItemSet, ItemSet.id == Attempt.item_set_id)
        .where(Attempt.learner_id == learner_id, Attempt.item_set_id == set_id)
        .order_by(Attempt.number.desc())
        .limit(50)
    )  # fmt: skip
    found = []
    for row in rows:
        values = row._asdict()
        phase = Phase.RELEASED if values.pop("status") == "closed" else Phase.CLOSED
        if "score" not in told(phase, read_rules(values.pop("rules"))):
            values["score"] = None
        found.append(OwnAttempt(**values))
    return found


def _questions() -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(ItemSetItem)
        .join(Item, Item.id == ItemSetItem.item_id)
        .where(ItemSetItem.item_set_id == ItemSet.id, Item.status == "published", Item.kind != "description")
        .scalar_subquery()
    )
