"""Card states and daily totals made again from the log: to check them, or to put them right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from quizapp.learning import totals
from quizapp.learning.cards import Key, locked_cards, store_state
from quizapp.learning.folding import Folded, fold
from quizapp.learning.learners import MODEL
from quizapp.models import Card, DailyTotal, Review

_FOLDED = (
    "phase", "passes", "reviews", "lapses", "model", "parameters_id", "stability", "difficulty", "fast_stability",
    "last_reviewed_at", "last_study_day", "due_at", "first_score", "first_guess",
)  # fmt: skip
_SMALLEST_DIFFERENCE = 1e-9


@dataclass(frozen=True)
class Difference:
    """A stored value that the log does not make."""

    learner_id: int
    row: str
    column: str
    stored: Any
    folded: Any


def differences(session: Session) -> Iterator[Difference]:
    """Compare every card and daily total with what the log makes of them; nothing is written."""
    for learner_id in _learners(session):
        folded_cards, folded_totals = _fold_all(session, learner_id)
        yield from _card_differences(session, learner_id, folded_cards)
        yield from _total_differences(session, learner_id, folded_totals)


def rebuild(session: Session, learner_id: int) -> None:
    """Make a learner's card states and daily totals again from the log; choices (chosen, suspended) stay."""
    folded_cards, folded_totals = _fold_all(session, learner_id)
    for key, card in locked_cards(session, learner_id, sorted(folded_cards)).items():
        store_state(card, folded_cards[key].state)
        card.first_score, card.first_guess = folded_cards[key].first_score, folded_cards[key].first_guess
    session.execute(delete(DailyTotal).where(DailyTotal.learner_id == learner_id))
    session.add_all(
        DailyTotal(learner_id=learner_id, topic_id=topic_id, study_day=day, **values)
        for (topic_id, day), values in sorted(folded_totals.items())
    )
    session.flush()


def refold(session: Session, learner_id: int, cards: Mapping[Key, Card]) -> None:
    """Make the states of these cards, which the caller has locked, again from the log."""
    log = session.scalars(
        select(Review).where(Review.learner_id == learner_id, Review.item_id.in_({item_id for item_id, _ in cards}))
    )
    events: dict[Key, list[Review]] = defaultdict(list)
    for event in log:
        events[event.item_id, event.part].append(event)
    for key, card in cards.items():
        folded = fold(lambda _event: MODEL, events[key])
        store_state(card, folded.state)
        card.first_score, card.first_guess = folded.first_score, folded.first_guess
    session.flush()


def learners_with_reviews(session: Session) -> list[int]:
    """Return the ids of everyone who has a log or a card."""
    return _learners(session)


def _learners(session: Session) -> list[int]:
    return sorted(
        set(session.scalars(select(Review.learner_id).distinct()))
        | set(session.scalars(select(Card.learner_id).distinct()))
    )


def _fold_all(
    session: Session, learner_id: int
) -> tuple[dict[tuple[int, int], Folded], dict[tuple[int, date], dict[str, Any]]]:
    log = session.scalars(
        select(Review)
        .where(Review.learner_id == learner_id)
        .order_by(Review.item_id, Review.part)
        .execution_options(yield_per=2000)
    )
    cards: dict[tuple[int, int], Folded] = {}
    days: dict[tuple[int, date], dict[str, Any]] = defaultdict(lambda: dict.fromkeys(totals.COUNTED, 0))
    for key, group in groupby(log, key=lambda review: (review.item_id, review.part)):
        events = list(group)
        cards[key] = fold(lambda _event: MODEL, events)
        voided = {event.names_id for event in events if event.event == "void"}
        for share in (totals.share(event) for event in events if event.id not in voided):
            if share is not None:
                day = days[share.topic_id, share.study_day]
                for name in totals.COUNTED:
                    day[name] += getattr(share, name)
    return cards, {key: values for key, values in days.items() if any(values.values())}


def _card_differences(session: Session, learner_id: int, folded: dict[tuple[int, int], Folded]) -> Iterator[Difference]:
    stored = {
        (card.item_id, card.part): card for card in session.scalars(select(Card).where(Card.learner_id == learner_id))
    }
    for key in sorted(set(stored) | set(folded)):
        made = Card()
        store_state(made, folded.get(key, Folded()).state)
        made.first_score, made.first_guess = (
            folded.get(key, Folded()).first_score,
            folded.get(key, Folded()).first_guess,
        )
        for column in _FOLDED:
            value = getattr(stored.get(key), column, "no card")
            if _differ(value, getattr(made, column)):
                yield Difference(learner_id, f"card {key[0]}.{key[1]}", column, value, getattr(made, column))


def _total_differences(
    session: Session, learner_id: int, folded: dict[tuple[int, date], dict[str, Any]]
) -> Iterator[Difference]:
    rows = session.scalars(select(DailyTotal).where(DailyTotal.learner_id == learner_id))
    stored = {(row.topic_id, row.study_day): row for row in rows}
    for key in sorted(set(stored) | set(folded)):
        for name in totals.COUNTED:
            value = getattr(stored.get(key), name, 0)
            made = folded.get(key, {}).get(name, 0)
            if _differ(value, made):
                yield Difference(learner_id, f"total {key[0]} {key[1]}", name, value, made)


def _differ(stored: Any, made: Any) -> bool:
    if isinstance(stored, float) and isinstance(made, float | int):
        return abs(stored - made) > _SMALLEST_DIFFERENCE * max(1.0, abs(made))
    return bool(stored != made)
