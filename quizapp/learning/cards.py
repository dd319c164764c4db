"""Cards as rows and as states: loading under a lock, storing a state, the learner's own choices."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache

from sqlalchemy import Executable, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from quizapp.core.memory.model import MemoryState
from quizapp.core.scheduling import CardState, Phase
from quizapp.errors import NotFound
from quizapp.models import Card, Item

Key = tuple[int, int]  # item id, part
_TOPICS = select(Item.id, Item.topic_id).where(Item.id.in_(bindparam("item_ids", expanding=True)))
_LOCKED = (
    select(Card)
    .where(Card.learner_id == bindparam("learner_id"), Card.item_id.in_(bindparam("item_ids", expanding=True)))
    .order_by(Card.item_id, Card.part)
    .with_for_update()
    .execution_options(populate_existing=True)
)


def card_state(card: Card) -> CardState:
    """Return what the schedule knows of a stored card."""
    return CardState(
        phase=Phase(card.phase),
        memory=memory_state(card.model, card.parameters_id, card.stability, card.difficulty, card.fast_stability),
        passes=card.passes,
        reviews=card.reviews,
        lapses=card.lapses,
        last_reviewed_at=card.last_reviewed_at,
        last_study_day=card.last_study_day,
        due_at=card.due_at,
        is_sure_miss=bool(card.is_sure_miss),  # None: a row not flushed yet
    )


def memory_state(
    model: str | None,
    parameters_id: int | None,
    stability: float | None,
    difficulty: float | None,
    fast_stability: float | None = None,
) -> MemoryState | None:
    """Return a memory state from its columns; None for a card never reviewed."""
    if model is None or stability is None or difficulty is None:
        return None
    return MemoryState(model, parameters_id or 0, stability, difficulty, fast_stability)


def store_state(card: Card, state: CardState) -> None:
    """Write a state into a card's row."""
    card.phase = state.phase.value
    card.passes, card.reviews, card.lapses = state.passes, state.reviews, state.lapses
    card.last_reviewed_at, card.last_study_day, card.due_at = state.last_reviewed_at, state.last_study_day, state.due_at
    card.is_sure_miss = state.is_sure_miss
    memory = state.memory
    card.model = memory.model if memory else None
    card.parameters_id = memory.parameters if memory else None
    card.stability = memory.stability if memory else None
    card.difficulty = memory.difficulty if memory else None
    card.fast_stability = memory.fast_stability if memory else None


def locked_cards(session: Session, learner_id: int, keys: Sequence[Key]) -> dict[Key, Card]:
    """Return the cards with these keys, locked in a fixed order; cards that are not there yet are made."""
    found = _lock(session, learner_id, keys)
    if missing := set(keys) - set(found):
        _insert_missing(session, learner_id, sorted(missing))
        found = _lock(session, learner_id, keys)
    return found


def lock_memory(session: Session, learner_id: int) -> list[Card]:
    """Lock all cards of a learner, in a fixed order, and return them."""
    return list(
        session.scalars(
            select(Card)
            .where(Card.learner_id == learner_id)
            .order_by(Card.item_id, Card.part)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def locked_card(session: Session, learner_id: int, key: Key) -> Card:
    """Return one card, locked. Raises NotFound when the learner has no such card."""
    card = session.get(Card, (learner_id, *key), with_for_update=True, populate_existing=True)
    if card is None:
        raise NotFound
    return card


def suspend(session: Session, learner_id: int, keys: Sequence[Key], now: datetime) -> None:
    """Keep cards out of every session until they are resumed. Raises NotFound when one is not the learner's."""
    _set(session, learner_id, keys, suspended_at=now)


def resume(session: Session, learner_id: int, keys: Sequence[Key]) -> None:
    """Let suspended cards come back when they are due. Raises NotFound."""
    _set(session, learner_id, keys, suspended_at=None)


def bury(session: Session, learner_id: int, keys: Sequence[Key], study_day: date | None) -> None:
    """Keep cards out of sessions for the rest of this day of study, or with None no longer. Raises NotFound."""
    _set(session, learner_id, keys, buried_on=study_day)


def flag(session: Session, learner_id: int, keys: Sequence[Key], flagged_at: datetime | None) -> None:
    """Mark cards for their learner, or with None no longer. Raises NotFound."""
    _set(session, learner_id, keys, flagged_at=flagged_at)


def _set(session: Session, learner_id: int, keys: Sequence[Key], **choice: date | None) -> None:
    found = _lock(session, learner_id, keys)
    if set(keys) - set(found):
        raise NotFound
    for card in found.values():
        for name, value in choice.items():
            setattr(card, name, value)


def _lock(session: Session, learner_id: int, keys: Sequence[Key]) -> dict[Key, Card]:
    rows = session.scalars(_LOCKED, {"learner_id": learner_id, "item_ids": sorted({item_id for item_id, _ in keys})})
    wanted = set(keys)
    return {(card.item_id, card.part): card for card in rows if (card.item_id, card.part) in wanted}


def _insert_missing(session: Session, learner_id: int, keys: Sequence[Key]) -> None:
    found = session.execute(_TOPICS, {"item_ids": sorted({item_id for item_id, _ in keys})})
    topics = {row.id: row.topic_id for row in found}
    rows = [
        {
            "learner_id": learner_id,
            "item_id": item_id,
            "part": part,
            "topic_id": topics[item_id],
            "phase": "new",
            "passes": 0,
            "reviews": 0,
            "lapses": 0,
            "is_sure_miss": False,
        }
        for item_id, part in sorted(set(keys))
        if item_id in topics
    ]
    if not rows:
        return
    session.connection().execute(_insert_if_missing(session.get_bind().dialect.name), rows)


@lru_cache
def _insert_if_missing(dialect: str) -> Executable:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(Card.metadata.tables[Card.__tablename__]).on_conflict_do_nothing()
