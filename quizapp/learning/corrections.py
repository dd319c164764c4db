"""The events about earlier ones: a rating undone, a score corrected, a correction taken back."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.errors import Conflict, NotFound
from quizapp.learning import recall_totals, totals
from quizapp.learning.cards import Key, card_state, locked_card
from quizapp.learning.events import new_event, outcome_of, store_folded, with_cause, with_effect
from quizapp.learning.folding import Folded, Step, fold, order, steps
from quizapp.learning.learners import learner
from quizapp.learning.memory_models import memory_model, model_of
from quizapp.learning.recall_totals import RecallShare
from quizapp.learning.totals import Share
from quizapp.models import Card, Review

_CORRECTED = (
    "learner_id", "item_id", "part", "topic_id", "source", "attempt_id", "kind", "options", "guess", "certainty",
    "is_open_book", "milliseconds", "reviewed_at", "time_zone", "study_day", "target_retention",
)  # fmt: skip


def undo(session: Session, learner_id: int, review_id: uuid.UUID, *, void_id: uuid.UUID, now: datetime) -> Key:
    """Take a rating back with a `void` event and return its card's key; again with the same id changes nothing.

    Raises NotFound for another's rating, Conflict when the card was reviewed again since.
    """
    named = session.get(Review, (learner_id, review_id))
    if named is None or named.event != "review" or named.source != "card":
        raise NotFound("There is nothing to undo.")
    card, events = _history(session, named)
    if _is_voided(named, events):
        return named.item_id, named.part
    standing = [event for event in events if event.event == "review" and not _is_voided(event, events)]
    if max(standing, key=order).id != review_id:
        raise Conflict("This card was reviewed again in the meantime, so the earlier rating stays.")
    _add_void(session, card, events, named, void_id, now)
    return named.item_id, named.part


def correct(
    session: Session,
    learner_id: int,
    review_id: uuid.UUID,
    *,
    correction_id: uuid.UUID,
    score: float | None = None,
    rating: int | None = None,
    item_version_id: int | None = None,
    now: datetime,
) -> None:
    """Give a review another score 0..1 (or rating, where it was self-rated) and fold its card again.

    Without either the review counts for nothing. `item_version_id` is the wording that the answer was judged by,
    where it is another. The same id again changes nothing. Raises NotFound when the learner has no such review.
    """
    named = session.get(Review, (learner_id, review_id))
    if named is None or named.event != "review":
        raise NotFound
    card, events = _history(session, named)
    if _is_voided(named, events) or any(event.id == correction_id for event in events):
        return
    earlier = [event for event in events if event.event == "correct" and event.names_id == review_id]
    correction = Review(
        **{column: getattr(named, column) for column in _CORRECTED},
        id=correction_id,
        event="correct",
        names_id=review_id,
        item_version_id=item_version_id or named.item_version_id,
        score=score,
        rating=rating,
        seen_reviews=len(earlier),
        received_at=now,
    )
    model = model_of(session, learner_id)
    before = next(before.state for event, before, _ in steps(model, events) if named.id in (event.id, event.names_id))
    after = outcome_of(model, before, with_cause(correction, before))
    _append(session, card, events, with_effect(correction, after.state if after else before, after))


def take_back_correction(
    session: Session, learner_id: int, correction_id: uuid.UUID, *, void_id: uuid.UUID, now: datetime
) -> None:
    """Let a review count as before a correction of it; again changes nothing. Raises NotFound."""
    named = session.get(Review, (learner_id, correction_id))
    if named is None or named.event != "correct":
        raise NotFound
    card, events = _history(session, named)
    if not _is_voided(named, events):
        _add_void(session, card, events, named, void_id, now)


def _history(session: Session, event: Review) -> tuple[Card, list[Review]]:
    """Return an event's card, locked, with all its events; the learner's model stays until the end, too."""
    learner(session, event.learner_id, is_locked=True)
    card = locked_card(session, event.learner_id, (event.item_id, event.part))
    events = select(Review).where(
        Review.learner_id == event.learner_id, Review.item_id == event.item_id, Review.part == event.part
    )
    return card, list(session.scalars(events))


def _is_voided(named: Review, events: Sequence[Review]) -> bool:
    return any(event.event == "void" and event.names_id == named.id for event in events)


def _add_void(
    session: Session, card: Card, events: Sequence[Review], named: Review, void_id: uuid.UUID, now: datetime
) -> None:
    person = learner(session, card.learner_id)
    void = new_event(
        person,
        card,
        card_state(card),
        id=void_id,
        event="void",
        names_id=named.id,
        item_version_id=named.item_version_id,
        kind=named.kind,
        source=named.source,
        seen_reviews=card.reviews,
        now=now,
    )
    folded = fold(memory_model(session, person.parameters_id), [*events, void])
    _append(session, card, events, with_effect(void, folded.state, None))


def _append(session: Session, card: Card, events: Sequence[Review], event: Review) -> None:
    """Add an event about another one; card and totals become what all events make together."""
    model = model_of(session, card.learner_id)
    before, after = list(steps(model, events)), list(steps(model, [*events, event]))
    session.add(event)
    store_folded(card, after[-1][2] if after else Folded())
    totals.replace(session, card.learner_id, _shares(before), _shares(after))
    recall_totals.replace(session, card.learner_id, _recall_shares(session, before), _recall_shares(session, after))
    session.flush()


def _shares(made: Iterable[Step]) -> list[Share | None]:
    return [totals.share(event) for event, _, _ in made]


def _recall_shares(session: Session, made: Iterable[Step]) -> list[RecallShare | None]:
    return [
        recall_totals.recall_share(memory_model(session, event.parameters_id), before.state, event)
        for event, before, _ in made
    ]
