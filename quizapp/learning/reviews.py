"""The events that move a memory: ratings, quiz answers, choosing cards. Each is written once, with its effect."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from quizapp.core.memory.model import Rating
from quizapp.core.scheduling import Outcome, Phase, chosen
from quizapp.errors import Conflict, NotFound
from quizapp.learning import recall_totals, totals
from quizapp.learning.cards import Key, card_state, locked_card, locked_cards, store_state
from quizapp.learning.events import new_event, outcome_of, store_folded, with_effect
from quizapp.learning.folding import Folded, apply
from quizapp.learning.learners import Learner, learner
from quizapp.learning.memory_models import memory_model
from quizapp.learning.schedules import next_states, spread_answer
from quizapp.models import Card, Item, ItemVersion, Review

_KNOWN = select(Review.id).where(
    Review.learner_id == bindparam("learner_id"), Review.id.in_(bindparam("ids", expanding=True))
)
_TWO_WAY = (
    select(Item.id)
    .join(ItemVersion, (ItemVersion.item_id == Item.id) & (ItemVersion.number == Item.version_number))
    .where(
        Item.id.in_(bindparam("item_ids", expanding=True)),
        Item.kind == "flashcard",
        ItemVersion.content["is_reversible"].as_boolean().is_(True),
    )
    .order_by(Item.id)
)
_CURRENT_VERSION = (
    select(ItemVersion.id, Item.kind)
    .join(Item, Item.id == ItemVersion.item_id)
    .where(Item.id == bindparam("item_id"), ItemVersion.number == Item.version_number)
)


@dataclass(frozen=True)
class QuizAnswer:
    """One graded or self-rated answer of a quiz, as the memory hears of it."""

    review_id: uuid.UUID
    item_id: int
    item_version_id: int
    topic_id: int
    attempt_id: uuid.UUID
    kind: str
    options: int | None  # options shown; None where the answer was produced
    guess: float  # chance of full credit by guessing
    score: float | None  # None: self-rated, see `rating`
    rating: int | None = None
    certainty: str | None = None
    is_open_book: bool = False
    milliseconds: int | None = None
    part: int = 0


def rate(
    session: Session,
    learner_id: int,
    key: Key,
    rating: int,
    *,
    review_id: uuid.UUID,
    seen_reviews: int,
    milliseconds: int | None,
    now: datetime,
) -> Review:
    """Write a card's rating and return the event; the same id again returns the first one.

    Raises NotFound without such a card, Conflict when the card was reviewed since the learner saw it.
    """
    person = learner(session, learner_id, is_locked=True)
    card = locked_card(session, learner_id, key)
    known = session.get(Review, (learner_id, review_id))
    if known is not None:
        if (known.item_id, known.part, known.rating) != (*key, rating):
            raise Conflict("This rating was already given for another card. Reload the page.")
        return known
    if card.reviews != seen_reviews:
        raise Conflict("This card was reviewed somewhere else in the meantime, so this rating was not counted.")
    version_id, kind = _current_version(session, key[0])
    return _write(
        session,
        person,
        card,
        id=review_id,
        item_version_id=version_id,
        kind=kind,
        source="card",
        rating=rating,
        seen_reviews=seen_reviews,
        milliseconds=milliseconds,
        now=now,
    )


def lapses_after(session: Session, event: Review) -> int:
    """Return how often a card was forgotten, when the event is the last of these times; else 0."""
    if event.rating != Rating.AGAIN or event.phase_before != Phase.REVIEW.value:
        return 0
    return session.get_one(Card, (event.learner_id, event.item_id, event.part)).lapses


def record_quiz_answers(session: Session, learner_id: int, answers: Sequence[QuizAnswer], now: datetime) -> None:
    """Let quiz answers move the memory; an answer whose id is already in the log is left as it is."""
    person = learner(session, learner_id, is_locked=True)
    cards = locked_cards(session, learner_id, [(answer.item_id, answer.part) for answer in answers])
    ids = [answer.review_id for answer in answers]
    known = set(session.scalars(_KNOWN, {"learner_id": learner_id, "ids": ids}))
    for answer in answers:
        if answer.review_id in known:
            continue
        card = cards[answer.item_id, answer.part]
        _write(
            session,
            person,
            card,
            id=answer.review_id,
            item_version_id=answer.item_version_id,
            attempt_id=answer.attempt_id,
            kind=answer.kind,
            options=answer.options,
            guess=answer.guess,
            source="quiz",
            score=answer.score,
            rating=answer.rating,
            certainty=answer.certainty,
            is_open_book=answer.is_open_book,
            seen_reviews=card.reviews,
            milliseconds=answer.milliseconds,
            now=now,
        )


def choose(
    session: Session, learner_id: int, item_ids: Sequence[int], *, submission_id: uuid.UUID, now: datetime
) -> int:
    """Put items on the learner's schedule ("Study cards") and return how many of their cards were not on it before.

    A card with two directions is two, each with a memory of its own.
    """
    both = session.scalars(_TWO_WAY, {"item_ids": list(item_ids)})
    keys = [*((item_id, 0) for item_id in item_ids), *((item_id, 1) for item_id in both)]
    return choose_cards(session, learner_id, keys, submission_id=submission_id, now=now)


def choose_cards(
    session: Session, learner_id: int, keys: Sequence[Key], *, submission_id: uuid.UUID, now: datetime
) -> int:
    """Put cards on the learner's schedule and return how many were not on it before."""
    person = learner(session, learner_id, is_locked=True)
    model = memory_model(session, person.parameters_id)
    cards = locked_cards(session, learner_id, keys)
    fresh = [card for _, card in sorted(cards.items()) if card.due_at is None]
    for card in fresh:
        version_id, kind = _current_version(session, card.item_id)
        before = card_state(card)
        after = chosen(model, before, now=now, rules=person.rules)
        event = new_event(
            person,
            card,
            before,
            id=uuid.uuid5(submission_id, f"chosen {card.item_id} {card.part}"),
            event="chosen",
            item_version_id=version_id,
            kind=kind,
            source="card",
            seen_reviews=card.reviews,
            now=now,
        )
        session.add(with_effect(event, after, None))
        store_state(card, after)
        card.chosen_at = card.chosen_at or now
    session.flush()
    return len(fresh)


def _write(session: Session, person: Learner, card: Card, *, now: datetime, **facts: Any) -> Review:
    model, before, key = memory_model(session, person.parameters_id), card_state(card), (card.item_id, card.part)
    event = new_event(person, card, before, now=now, **facts)
    if event.source == "card" and event.rating:
        after: Outcome | None = next_states(session, person, model, key, before, now)[Rating(event.rating)]
    else:
        after = spread_answer(person, key, outcome_of(model, before, event), now)
    session.add(with_effect(event, after.state if after else before, after))
    store_folded(card, apply(model, Folded(before, card.first_score, card.first_guess), event))
    totals.add(session, person.id, totals.share(event))
    recall_totals.add(session, person.id, [recall_totals.recall_share(model, before, event)])
    session.flush()
    return event


def _current_version(session: Session, item_id: int) -> tuple[int, str]:
    row = session.execute(_CURRENT_VERSION, {"item_id": item_id}).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]
