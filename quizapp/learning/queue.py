"""The cards that a learner could be shown now, and how many are due."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Executable, Integer, Select, bindparam, or_, select, union_all
from sqlalchemy.orm import Session

from quizapp.core.days import day_bounds
from quizapp.core.planning import LAST_PASS_DAYS
from quizapp.core.scheduling import Queued, days_of_cards, order_queue, worth_most
from quizapp.core.selection import enemies_of
from quizapp.learning.cards import memory_state
from quizapp.learning.learners import Learner
from quizapp.learning.limits import UNMEASURED, has_limit, room
from quizapp.learning.memory_models import memory_model
from quizapp.learning.plans import FollowedPlan, asked_early, followed_plans
from quizapp.learning.totals import LONGEST_MILLISECONDS
from quizapp.models import Card, Item, ItemEnemy, Review, is_withheld

LONGEST_SESSION = 200  # cards loaded at once, of those met before and of new ones; a backlog beyond comes later
_MOST_WEIGHED = 1000  # of a backlog, where a day does not hold all of it
_STEPS_AHEAD = timedelta(minutes=20)  # with nothing else left, a learning step may come this much early

_MOST_COMING = 5000

# Statements are made once: putting one together costs more than running it.
_ENEMIES = select(ItemEnemy.item_id, ItemEnemy.enemy_id).where(
    or_(
        ItemEnemy.item_id.in_(bindparam("item_ids", expanding=True)),
        ItemEnemy.enemy_id.in_(bindparam("item_ids", expanding=True)),
    )
)
_REVIEWED_SINCE = select(
    Review.id, Review.item_id, Review.event, Review.names_id, Review.phase_before, Review.milliseconds
).where(
    Review.learner_id == bindparam("learner_id"),
    Review.received_at >= bindparam("start"),
    Review.event.in_(("review", "void")),
    Review.source == "card",
)
_COMING = (
    select(Card.item_id, Card.part, Card.topic_id, Card.due_at, Card.reviews, Card.buried_on)
    .join(Item, Item.id == Card.item_id)
    .where(
        Card.learner_id == bindparam("learner_id"),
        Card.suspended_at.is_(None),
        Card.due_at < bindparam("end"),
        Item.status == "published",
        ~is_withheld(Card.item_id, bindparam("learner_id")),
    )
    .order_by(Card.due_at, Card.item_id, Card.part)
    .limit(_MOST_COMING)
)


@dataclass(frozen=True)
class _Done:
    """What was done with cards today: items seen, and of the ratings that stand how many, of new cards, how long."""

    items: frozenset[int] = frozenset()
    new: int = 0
    reviews: int = 0
    milliseconds: int = 0


def due_cards(
    session: Session,
    person: Learner,
    now: datetime,
    *,
    topic_id: int | None = None,
    last_topic_id: int | None = None,
    is_beyond: bool = False,
) -> list[Queued]:
    """Return the cards to show now, in order: due, then new within the day's limit, enemies and topics apart.

    A card in its learning steps waits for its minute, unless nothing else is left. A backlog that the day does not
    hold is cut to what loses most by waiting, unless the learner goes on beyond the limit. `last_topic_id` is the
    topic of the card shown last.
    """
    candidates = _candidates(session, person, now, topic_id)
    if not is_beyond:
        candidates = [*candidates, *_last_pass(session, person, now, topic_id, candidates)]
    ready = [card for card in candidates if not card.is_step or card.due_at <= now]
    soon = [card for card in candidates if card.is_step and card.due_at <= now + _STEPS_AHEAD]
    return _ordered(session, person, now, (ready, soon), last_topic_id, is_beyond=is_beyond)


def todays_cards(
    session: Session, person: Learner, now: datetime, plans: Sequence[FollowedPlan] | None = None
) -> list[Queued]:
    """Return all cards still to come today, those that wait for a later minute and a backlog among them.

    `plans` are those in force where the caller has read them.
    """
    candidates = _candidates(session, person, now, None)
    candidates = [*candidates, *_last_pass(session, person, now, None, candidates, plans)]
    if len(candidates) >= LONGEST_SESSION and not has_limit(person, person.study_day(now)):
        return coming_cards(session, person, now, 1)[0]
    return _ordered(session, person, now, (candidates,))


def coming_cards(session: Session, person: Learner, now: datetime, days: int) -> list[list[Queued]]:
    """Return the cards that the queue brings today and on each of the days after, if every day is worked off.

    New cards keep to the limit of a day, enemies to different days. What is reviewed until then comes back later and
    is not counted again.
    """
    today = person.study_day(now)
    _, end = day_bounds(today + timedelta(days=days - 1), person.time_zone, person.day_start_hour)
    rows = session.execute(_COMING, {"learner_id": person.id, "end": end}).all()
    enemies = _enemies(session, {row.item_id for row in rows})
    done = _done_today(session, person, today) if rows else _Done()
    arriving: list[list[Queued]] = [[] for _ in range(days)]
    for row in rows:
        card = _queued(row, enemies)
        # As in _ordered: what was seen today itself goes on, its enemies and what is buried wait until tomorrow.
        waits = row.buried_on == today or (row.item_id not in done.items and bool(card.enemies & done.items))
        day = max((person.study_day(row.due_at) - today).days, int(waits))
        if day < days:
            arriving[day].append(card)
    limit = person.new_cards_per_day
    return days_of_cards(arriving[0], arriving[1:], new_left_today=max(0, limit - done.new), new_limit=limit)


def cards_ahead(
    session: Session, person: Learner, now: datetime, *, topic_id: int | None = None, last_topic_id: int | None = None
) -> list[Queued]:
    """Return cards that are not due yet, the ones closest to being forgotten first, for studying ahead."""
    today = person.study_day(now)
    _, day_end = day_bounds(today, person.time_zone, person.day_start_hour)
    rows = session.execute(
        _ahead(is_of_topic=topic_id is not None),
        {"learner_id": person.id, "day_end": day_end, "today": today, "topic_id": topic_id, "most": LONGEST_SESSION},
    ).all()
    enemies = _enemies(session, {row.item_id for row in rows})
    queued = [replace(_queued(row, enemies), is_new=False) for row in rows]
    return order_queue(queued, seen_item_ids=frozenset(), new_limit=0, last_topic_id=last_topic_id)


def _ordered(
    session: Session,
    person: Learner,
    now: datetime,
    choices: Sequence[list[Queued]],
    last_topic_id: int | None = None,
    *,
    is_beyond: bool = False,
) -> list[Queued]:
    """Return the queue of the first of `choices` that has a card left once enemies are apart."""
    if not any(choices):
        return []
    today = person.study_day(now)
    done = _done_today(session, person, today)
    for cards in choices:
        queue = order_queue(
            # What was seen today itself goes on; its enemies wait, whichever of them is due first.
            [card for card in cards if card.key[0] in done.items or not card.enemies & done.items],
            seen_item_ids=frozenset(),
            new_limit=max(0, person.new_cards_per_day - done.new),
            last_topic_id=last_topic_id,
        )
        if not is_beyond:
            most = room(
                session, person, today, waiting=len(queue), done=done.reviews, milliseconds=done.milliseconds
            )  # fmt: skip
            queue = queue if most is None else worth_most(queue, most)
        if queue:
            return queue if is_beyond or most is None else queue[:LONGEST_SESSION]
    return []


def _candidates(session: Session, person: Learner, now: datetime, topic_id: int | None) -> list[Queued]:
    today = person.study_day(now)
    _, day_end = day_bounds(today, person.time_zone, person.day_start_hour)
    is_weighed = has_limit(person, today)
    rows = session.execute(
        _due(is_of_topic=topic_id is not None),
        {
            "learner_id": person.id, "day_end": day_end, "today": today, "topic_id": topic_id,
            "most": _MOST_WEIGHED if is_weighed else LONGEST_SESSION,
        },
    ).all()  # fmt: skip
    enemies = _enemies(session, {row.item_id for row in rows})
    return [
        replace(
            _queued(row, enemies),
            is_step=row.phase in ("learning", "relearning"),
            loss=_loss(session, row, now) if is_weighed else 0.0,
        )
        for row in rows
    ]


def _last_pass(
    session: Session,
    person: Learner,
    now: datetime,
    topic_id: int | None,
    due: Sequence[Queued],
    plans: Sequence[FollowedPlan] | None = None,
) -> list[Queued]:
    """Return the cards that a plan asks once more in the days before its exam though they are not due."""
    today = person.study_day(now)
    coming = [
        plan
        for plan in (plans if plans is not None else followed_plans(session, person, today))
        if plan.days_left(today) <= LAST_PASS_DAYS and topic_id in (None, *plan.topic_ids)
    ]
    if not coming:
        return []
    asked = {key for plan in coming for key in asked_early(session, person, plan, today)} - {card.key for card in due}
    if not asked:
        return []
    _, day_end = day_bounds(today, person.time_zone, person.day_start_hour)
    rows = session.execute(
        _ahead_of_items(),
        {
            "learner_id": person.id, "day_end": day_end, "today": today, "most": _MOST_WEIGHED,
            "item_ids": sorted({item_id for item_id, _ in asked}),
        },
    ).all()  # fmt: skip
    found = [row for row in rows if (row.item_id, row.part) in asked and topic_id in (None, row.topic_id)]
    enemies = _enemies(session, {row.item_id for row in found})
    return [replace(_queued(row, enemies), loss=_loss(session, row, now)) for row in found]


def _queued(row: Any, enemies: Mapping[int, frozenset[int]]) -> Queued:
    of_item = enemies.get(row.item_id, frozenset())
    return Queued((row.item_id, row.part), row.topic_id, row.due_at, row.reviews == 0, of_item)


def _loss(session: Session, row: Any, now: datetime) -> float:
    state = memory_state(row.model, row.parameters_id, row.stability, row.difficulty, row.fast_stability)
    if state is None or row.last_reviewed_at is None:
        return 0.0
    days = (now - row.last_reviewed_at) / timedelta(days=1)
    model = memory_model(session, state.parameters)
    return model.recall(state, max(0.0, days)) - model.recall(state, max(0.0, days) + 1)


@lru_cache
def _due(*, is_of_topic: bool) -> Executable:
    """Of those met before and of the new ones each their own number, so that neither hides the other."""
    met, new = (
        _cards(is_ahead=False, is_of_topic=is_of_topic).where(condition).subquery(name)
        for name, condition in (("met", Card.reviews > 0), ("new", Card.reviews == 0))
    )
    return union_all(select(met), select(new))


@lru_cache
def _ahead(*, is_of_topic: bool) -> Executable:
    return _cards(is_ahead=True, is_of_topic=is_of_topic)


@lru_cache
def _ahead_of_items() -> Executable:
    return _cards(is_ahead=True, is_of_topic=False).where(Card.item_id.in_(bindparam("item_ids", expanding=True)))


def _cards(*, is_ahead: bool, is_of_topic: bool) -> Select[*tuple[Any, ...]]:
    day_end: Any = bindparam("day_end")
    return (
        select(
            Card.item_id, Card.part, Card.topic_id, Card.due_at, Card.phase, Card.reviews, Card.model,
            Card.parameters_id, Card.stability, Card.difficulty, Card.fast_stability, Card.last_reviewed_at,
        )
        .join(Item, Item.id == Card.item_id)
        .where(
            Card.learner_id == bindparam("learner_id"),
            Card.suspended_at.is_(None),
            Card.due_at >= day_end if is_ahead else Card.due_at < day_end,
            or_(Card.buried_on.is_(None), Card.buried_on != bindparam("today")),
            Item.status == "published",
            ~is_withheld(Card.item_id, bindparam("learner_id")),
            *([Card.topic_id == bindparam("topic_id")] if is_of_topic else []),
        )
        .order_by(Card.due_at, Card.item_id, Card.part)
        .limit(bindparam("most", type_=Integer))
    )  # fmt: skip


def _enemies(session: Session, item_ids: set[int]) -> dict[int, frozenset[int]]:
    if not item_ids:
        return {}
    pairs = session.execute(_ENEMIES, {"item_ids": list(item_ids)})
    return enemies_of((item_id, enemy_id) for item_id, enemy_id in pairs)


def _done_today(session: Session, person: Learner, today: date) -> _Done:
    start, _ = day_bounds(today, person.time_zone, person.day_start_hour)
    rows = session.execute(_REVIEWED_SINCE, {"learner_id": person.id, "start": start}).all()
    voided = {row.names_id for row in rows if row.event == "void"}
    reviews = [row for row in rows if row.event == "review"]
    standing = [row for row in reviews if row.id not in voided]
    return _Done(
        items=frozenset(row.item_id for row in reviews),
        new=sum(row.phase_before == "new" for row in standing),
        reviews=len(standing),
        milliseconds=sum(min(row.milliseconds or UNMEASURED, LONGEST_MILLISECONDS) for row in standing),
    )
