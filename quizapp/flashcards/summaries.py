"""What a learner sees when nothing is left to show: today's reviews, topic by topic, and when cards come back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from quizapp.core.days import day_bounds
from quizapp.flashcards.due_dates import due_words
from quizapp.flashcards.sessions import Day
from quizapp.learning.learners import Learner
from quizapp.learning.limits import has_limit
from quizapp.models import Card, DailyTotal, Item, Topic, is_withheld
from quizapp.web.findings import share
from quizapp.web.rendering import count


@dataclass(frozen=True)
class Later:
    """What comes after the last card of the day."""

    has_cards: bool
    has_unsuspended: bool
    next_due_at: datetime | None
    is_met_waiting: bool  # a card met before is due, though nothing is shown
    is_held_back: bool  # cards are due and come tomorrow: put off, beyond the limit, or given away by another
    new_waiting: int
    new_today: int
    can_study_ahead: bool
    withheld: int  # due cards whose questions are in a quiz under way


@dataclass(frozen=True)
class Reviewed:
    """What was reviewed today, in one topic or in all."""

    title: str
    slug: str
    reviews: int
    recalled: int
    answers: int  # quiz answers, which the time includes
    milliseconds: int

    @property
    def share(self) -> str:
        """The share recalled, such as “83 %”."""
        return share(self.recalled / self.reviews)

    @property
    def time(self) -> str:
        """The time spent, such as “12 min”; a dash where no script measured it."""
        return f"{max(1, round(self.milliseconds / 60_000))} min" if self.milliseconds else "–"


@dataclass(frozen=True)
class Summary:
    """The page in ready words."""

    headline: str
    next_card: str
    total: Reviewed | None
    topics: tuple[Reviewed, ...]
    new_waiting: int  # new cards that only the limit keeps for the days ahead
    can_study_ahead: bool
    withheld: int  # due cards that wait for a quiz under way
    is_limited: bool  # more is due than the day has room for


def summary(session: Session, person: Learner, now: datetime, today: Day, *, is_ahead: bool) -> Summary | None:
    """Return the summary of the day; None when the learner has no card here at all."""
    after, today_ = _later(session, person, now, today), person.study_day(now)
    if not after.has_cards:
        return None
    topics = _reviewed(session, person, now, today)
    total = _total(topics)
    return Summary(
        headline=_headline(total, today, is_ahead=is_ahead),
        next_card=_next_card(after, now, person),
        total=total,
        topics=tuple(topics),
        new_waiting=after.new_waiting if after.new_today >= person.new_cards_per_day else 0,
        can_study_ahead=after.can_study_ahead and not is_ahead,
        withheld=after.withheld,
        is_limited=after.is_met_waiting and has_limit(person, today_),
    )


def _headline(total: Reviewed | None, today: Day, *, is_ahead: bool) -> str:
    if is_ahead:
        return "Nothing is left to study ahead today"
    if total:
        return f"{count(total.reviews, 'review')} today, {total.recalled} recalled"
    return f"Nothing is due in {today.topic_title}" if today.topic_title else "Nothing is due now"


def _next_card(after: Later, now: datetime, person: Learner) -> str:
    if not after.has_unsuspended:
        return "All cards here are suspended."
    words = due_words(after.next_due_at, now, person) if after.next_due_at else ""
    if after.is_held_back and not words.startswith("in "):
        words = "tomorrow"
    if not words:
        return "All cards here wait for a quiz that you have begun."
    verb = "returns" if words.startswith("in ") else "is due"
    return f"The next card {verb} {words}."


def _total(topics: list[Reviewed]) -> Reviewed | None:
    if not topics:
        return None
    sums = (sum(getattr(row, name) for row in topics) for name in ("reviews", "recalled", "answers", "milliseconds"))
    return Reviewed("All", "", *sums)


def _reviewed(session: Session, person: Learner, now: datetime, today: Day) -> list[Reviewed]:
    rows = session.execute(
        select(
            Topic.title, Topic.slug, DailyTotal.reviews, DailyTotal.recalled, DailyTotal.answers,
            DailyTotal.milliseconds,
        )
        .join(Topic, Topic.id == DailyTotal.topic_id)
        .where(
            DailyTotal.learner_id == person.id,
            DailyTotal.topic_id.in_(select(Topic.id) if today.topic_id is None else [today.topic_id]),
            DailyTotal.study_day == person.study_day(now),
            DailyTotal.reviews > 0,
        )
        .order_by(Topic.position, Topic.title)
    )  # fmt: skip
    return [Reviewed(**row._mapping) for row in rows]


def _later(session: Session, person: Learner, now: datetime, today: Day) -> Later:
    study_day = person.study_day(now)
    _, day_end = day_bounds(study_day, person.time_zone, person.day_start_hour)
    cards: list[ColumnElement[bool]] = [
        Card.learner_id == person.id, Card.due_at.is_not(None), Item.status == "published"
    ]  # fmt: skip
    if today.topic_id is not None:
        cards.append(Card.topic_id == today.topic_id)
    unsuspended = [*cards, Card.suspended_at.is_(None)]
    waits = is_withheld(Card.item_id, person.id)
    active = [*unsuspended, ~waits]
    ahead = [
        Card.due_at >= day_end,
        or_(Card.last_study_day.is_(None), Card.last_study_day != study_day),
        or_(Card.buried_on.is_(None), Card.buried_on != study_day),
    ]
    some = select(Card.item_id).join(Item, Item.id == Card.item_id)
    first = some.with_only_columns(func.min(Card.due_at)).where(*active, Card.due_at > now)
    new = some.with_only_columns(func.count()).where(*active, Card.due_at <= now, Card.reviews == 0)
    new_today = select(func.coalesce(func.sum(DailyTotal.new_cards), 0)).where(
        DailyTotal.learner_id == person.id,
        DailyTotal.topic_id.in_(select(Topic.id)),
        DailyTotal.study_day == study_day,
    )
    row = session.execute(
        select(
            exists(some.where(*cards)),
            exists(some.where(*unsuspended)),
            first.scalar_subquery(),
            exists(some.where(*active, Card.due_at <= now, Card.reviews > 0)),
            exists(some.where(*active, Card.due_at <= now)),
            new.scalar_subquery(),
            new_today.scalar_subquery(),
            exists(some.where(*active, *ahead)),
            some.with_only_columns(func.count()).where(*unsuspended, waits, Card.due_at < day_end).scalar_subquery(),
        )
    ).one()
    (
        has_cards,
        has_unsuspended,
        next_due_at,
        is_met_waiting,
        is_held_back,
        new_waiting,
        done_new,
        can_study_ahead,
        withheld,
    ) = row
    return Later(
        has_cards=bool(has_cards),
        has_unsuspended=bool(has_unsuspended),
        next_due_at=next_due_at,
        is_met_waiting=bool(is_met_waiting),
        is_held_back=bool(is_held_back),
        new_waiting=new_waiting,
        new_today=int(done_new),
        can_study_ahead=bool(can_study_ahead),
        withheld=withheld,
    )
