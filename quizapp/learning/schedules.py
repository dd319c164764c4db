"""When a card comes back for this learner: the interval spread over their days, the emptier ones first."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from quizapp.core.days import day_bounds
from quizapp.core.memory.model import MemoryModel, Rating
from quizapp.core.planning import plan_interval
from quizapp.core.scheduling import CardState, Outcome, Phase, Spread, on_day, possible_days, previews, spread_out
from quizapp.learning.cards import Key
from quizapp.learning.learners import Learner
from quizapp.models import Card, Item, Plan, PlanLearner, PlanTopic

_MOST_DAYS = 27  # of the three ratings that have a range
# One number for each day, all in one statement: each is a count within the index of due dates.
_DUE = select(
    *(
        select(func.count())
        .select_from(Card)
        .where(
            Card.learner_id == bindparam("learner_id"),
            Card.suspended_at.is_(None),
            Card.due_at >= bindparam(f"start_{place}"),
            Card.due_at < bindparam(f"end_{place}"),
        )
        .scalar_subquery()
        for place in range(_MOST_DAYS)
    )
)

_EXAM = (
    select(func.min(Plan.exam_on))
    .join(PlanLearner, PlanLearner.plan_id == Plan.id)
    .join(PlanTopic, PlanTopic.plan_id == Plan.id)
    .join(Item, Item.topic_id == PlanTopic.topic_id)
    .where(
        PlanLearner.learner_id == bindparam("learner_id"),
        Item.id == bindparam("item_id"),
        Plan.exam_on > bindparam("after"),
    )
)


def next_states(
    session: Session, person: Learner, model: MemoryModel, key: Key, card: CardState, now: datetime
) -> dict[Rating, Outcome]:
    """Return what each of the four ratings would make of a card now, as it would be stored."""
    today = person.study_day(now)
    outcomes = previews(model, card, now=now, study_day=today, rules=person.rules)
    spread, longest = card_spread(person, key, today), person.rules.maximum_interval_days
    days_left = _days_to_exam(session, person, key, today)
    if days_left is not None:
        outcomes = {rating: _planned(model, outcome, spread, days_left) for rating, outcome in outcomes.items()}
    # What comes back before the exam is not spread past it.
    most = {
        rating: days_left - 1 if days_left is not None and 0 < outcome.interval_days < days_left else longest
        for rating, outcome in outcomes.items()
    }
    ends = {days for rating, outcome in outcomes.items() for days in possible_days(outcome, spread, most[rating])}
    due = _due(session, person, today, ends) if person.is_fuzz_on else {}
    return {rating: spread_out(outcome, spread, due, most[rating]) for rating, outcome in outcomes.items()}


def spread_answer(person: Learner, key: Key, outcome: Outcome | None, now: datetime) -> Outcome | None:
    """Return what a quiz answer makes of a card, its interval spread; how full the days are is not asked."""
    if outcome is None:
        return None
    spread = card_spread(person, key, person.study_day(now))
    return spread_out(outcome, spread, {}, person.rules.maximum_interval_days)


def card_spread(person: Learner, key: Key, today: date) -> Spread:
    """Return what moves the intervals of one card."""
    return Spread(person.calendar, today, f"{person.id} {key[0]} {key[1]}", person.is_fuzz_on)


def _planned(model: MemoryModel, outcome: Outcome, spread: Spread, days_left: int) -> Outcome:
    """Return an outcome as a plan wants it: a surer pace on the way to the exam; what comes back today stays."""
    memory, days = outcome.state.memory, round(outcome.interval_days)
    if outcome.state.phase is not Phase.REVIEW or memory is None or days < 2:
        return outcome
    return on_day(outcome, spread, plan_interval(model, memory, days_left, days))


def _days_to_exam(session: Session, person: Learner, key: Key, today: date) -> int | None:
    """Return the days to the next exam whose plan has the card's topic; None without one."""
    if not person.has_plans:
        return None
    exam_on = session.scalar(_EXAM, {"learner_id": person.id, "item_id": key[0], "after": today})
    return (exam_on - today).days if exam_on else None


def _due(session: Session, person: Learner, today: date, ends: set[int]) -> Mapping[date, int]:
    """Return the number of cards due on the days that intervals end on, in one query."""
    if len(ends) < 2:
        return {}
    days = [today + timedelta(days=number) for number in sorted(ends)][:_MOST_DAYS]
    bounds: dict[str, datetime] = {}
    for place in range(_MOST_DAYS):
        start, end = day_bounds(days[min(place, len(days) - 1)], person.time_zone, person.day_start_hour)
        bounds |= {f"start_{place}": start, f"end_{place}": end if place < len(days) else start}
    row = session.execute(_DUE, {"learner_id": person.id, **bounds}).one()
    return dict(zip(days, row, strict=False))
