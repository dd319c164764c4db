"""One learner's memory taken over by another: the events of a guest become those of an account."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from quizapp.learning import recall_totals, totals
from quizapp.learning.cards import Key, lock_memory, locked_cards
from quizapp.learning.learners import learner
from quizapp.learning.memory_models import model_of
from quizapp.learning.rebuilding import recall_shares, refold
from quizapp.learning.reviews import choose_cards
from quizapp.models import Card, DailyTotal, Review

Renamed = Mapping[uuid.UUID, uuid.UUID]


def adopt(
    session: Session,
    guest_id: int,
    learner_id: int,
    *,
    events: Renamed,
    attempts: Renamed,
    submission_id: uuid.UUID,
    now: datetime,
) -> None:
    """Give a guest's events to a learner, in the order of time, and fold the cards they touch again.

    `events` and `attempts` give new ids to those whose id the learner has used already. Each event keeps its day of
    study. A card that either of them had on the schedule stays on it. The guest's own cards and totals are left for
    whoever removes the guest.
    """
    learner(session, learner_id, is_locked=True)
    theirs = lock_memory(session, guest_id)
    keys = [(card.item_id, card.part) for card in theirs]
    cards = locked_cards(session, learner_id, keys)
    scheduled = {key for key, card in _keyed([*theirs, *cards.values()]) if card.due_at is not None}
    for key, card in _keyed(theirs):
        _take_choices(cards[key], card)
    session.flush()
    recall_totals.take_back(session, learner_id, recall_shares(session, learner_id, cards))
    _give_events(session, guest_id, learner_id, events, attempts)
    refold(session, learner_id, model_of(session, learner_id), cards)
    recall_totals.add(session, learner_id, recall_shares(session, learner_id, cards))
    for total in session.scalars(select(DailyTotal).where(DailyTotal.learner_id == guest_id)).all():
        share = {name: getattr(total, name) for name in totals.COUNTED}
        totals.add(session, learner_id, totals.Share(total.topic_id, total.study_day, **share))
    # A right quiz answer leaves a guest's card off the schedule; it must not take the learner's own card from it.
    lost = sorted(key for key, card in cards.items() if card.due_at is None and key in scheduled)
    choose_cards(session, learner_id, lost, submission_id=submission_id, now=now)


def _keyed(cards: Iterable[Card]) -> list[tuple[Key, Card]]:
    return [((card.item_id, card.part), card) for card in cards]


def _take_choices(card: Card, theirs: Card) -> None:
    chosen = [moment for moment in (card.chosen_at, theirs.chosen_at) if moment]
    card.chosen_at = min(chosen, default=None)
    card.suspended_at = card.suspended_at or theirs.suspended_at
    card.flagged_at = card.flagged_at or theirs.flagged_at
    buried = [day for day in (card.buried_on, theirs.buried_on) if day]
    card.buried_on = max(buried, default=None)


def _give_events(session: Session, guest_id: int, learner_id: int, events: Renamed, attempts: Renamed) -> None:
    of_guest = update(Review).where(Review.learner_id == guest_id).execution_options(synchronize_session=False)
    for old, new in events.items():
        session.execute(of_guest.where(Review.id == old).values(id=new))
        session.execute(of_guest.where(Review.names_id == old).values(names_id=new))
    for old, new in attempts.items():
        session.execute(of_guest.where(Review.attempt_id == old).values(attempt_id=new))
    session.execute(of_guest.values(learner_id=learner_id))
