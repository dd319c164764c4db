"""Card states and totals made again from the log: to check them, or to put them right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from quizapp.core.memory.model import MemoryModel
from quizapp.learning import recall_totals, totals
from quizapp.learning.cards import Key, locked_cards
from quizapp.learning.events import store_folded
from quizapp.learning.folding import Folded, fold, steps
from quizapp.learning.memory_models import memory_model, model_of, newest_accepted
from quizapp.learning.recall_totals import RecallShare, recall_share
from quizapp.models import Card, DailyTotal, Person, RecallTotal, Review

_FOLDED = (
    "phase", "passes", "reviews", "lapses", "model", "parameters_id", "stability", "difficulty", "fast_stability",
    "last_reviewed_at", "last_study_day", "due_at", "is_sure_miss", "first_score", "first_guess",
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


@dataclass(frozen=True)
class _Made:
    """What a learner's log makes: cards, and the totals of days by their keys."""

    cards: dict[Key, Folded]
    totals: dict[tuple[int, date], dict[str, Any]]  # by topic and day
    recalls: dict[tuple[Any, ...], dict[str, Any]]  # by the keys of recall totals
    parameters_id: int  # of the newest fit accepted, 0 for none


def differences(session: Session) -> Iterator[Difference]:
    """Compare every card and total with what the log makes of them; nothing is written."""
    for learner_id in _learners(session):
        made = _fold_all(session, learner_id)
        stored_id = session.scalars(select(Person.parameters_id).where(Person.id == learner_id)).one()
        if stored_id != made.parameters_id:
            yield Difference(learner_id, "person", "parameters_id", stored_id, made.parameters_id)
        yield from _card_differences(session, learner_id, made.cards)
        days = session.scalars(select(DailyTotal).where(DailyTotal.learner_id == learner_id))
        stored = {(row.topic_id, row.study_day): row for row in days}
        yield from _total_differences(learner_id, "total", totals.COUNTED, stored, made.totals)
        recalls = session.scalars(select(RecallTotal).where(RecallTotal.learner_id == learner_id))
        kept = {tuple(getattr(row, name) for name in recall_totals.KEYS): row for row in recalls}
        yield from _total_differences(learner_id, "recall", recall_totals.SUMMED, kept, made.recalls)


def rebuild(session: Session, learner_id: int) -> None:
    """Make a learner's card states and totals again from the log; choices (chosen, suspended) stay."""
    made = _fold_all(session, learner_id)
    session.execute(update(Person).where(Person.id == learner_id).values(parameters_id=made.parameters_id))
    for key, card in locked_cards(session, learner_id, sorted(made.cards)).items():
        store_folded(card, made.cards[key])
    session.execute(delete(DailyTotal).where(DailyTotal.learner_id == learner_id))
    session.add_all(
        DailyTotal(learner_id=learner_id, topic_id=topic_id, study_day=day, **values)
        for (topic_id, day), values in sorted(made.totals.items())
    )
    session.execute(delete(RecallTotal).where(RecallTotal.learner_id == learner_id))
    session.add_all(
        RecallTotal(learner_id=learner_id, **dict(zip(recall_totals.KEYS, keys, strict=True)), **values)
        for keys, values in sorted(made.recalls.items())
    )
    session.flush()


def recall_shares(session: Session, learner_id: int, keys: Collection[Key]) -> list[RecallShare | None]:
    """Return what the log of these cards adds to the recall totals."""
    model = model_of(session, learner_id)
    return [
        recall_share(memory_model(session, event.parameters_id), before.state, event)
        for events in _events(session, learner_id, keys).values()
        for event, before, _ in steps(model, events)
    ]


def refold(session: Session, learner_id: int, model: MemoryModel, cards: Mapping[Key, Card]) -> None:
    """Make the states of these cards, which the caller has locked, again from the log."""
    events = _events(session, learner_id, cards)
    for key, card in cards.items():
        store_folded(card, fold(model, events[key]))
    session.flush()


def histories(session: Session, learner_id: int) -> Iterator[tuple[Key, list[Review]]]:
    """Yield the events of each of a learner's cards."""
    log = session.scalars(
        select(Review)
        .where(Review.learner_id == learner_id)
        .order_by(Review.item_id, Review.part)
        .execution_options(yield_per=2000)
    )
    for key, events in groupby(log, key=lambda review: (review.item_id, review.part)):
        yield key, list(events)


def learners_with_reviews(session: Session) -> list[int]:
    """Return the ids of everyone who has a log or a card."""
    return _learners(session)


def _learners(session: Session) -> list[int]:
    return sorted(
        set(session.scalars(select(Review.learner_id).distinct()))
        | set(session.scalars(select(Card.learner_id).distinct()))
    )


def _events(session: Session, learner_id: int, keys: Collection[Key]) -> dict[Key, list[Review]]:
    log = session.scalars(
        select(Review).where(Review.learner_id == learner_id, Review.item_id.in_({item_id for item_id, _ in keys}))
    )
    events: dict[Key, list[Review]] = {key: [] for key in keys}
    for event in log:
        if (event.item_id, event.part) in events:
            events[event.item_id, event.part].append(event)
    return events


def _fold_all(session: Session, learner_id: int) -> _Made:
    parameters_id = newest_accepted(session, learner_id)
    model = memory_model(session, parameters_id)
    cards: dict[Key, Folded] = {}
    days: dict[tuple[int, date], dict[str, Any]] = defaultdict(lambda: dict.fromkeys(totals.COUNTED, 0))
    recalls: dict[tuple[Any, ...], dict[str, Any]] = defaultdict(lambda: dict.fromkeys(recall_totals.SUMMED, 0))
    for key, events in histories(session, learner_id):
        cards[key] = Folded()
        for event, before, after in steps(model, events):
            cards[key] = after
            share = totals.share(event)
            if share is not None:
                _sum(days[share.topic_id, share.study_day], share, totals.COUNTED)
            recall = recall_share(memory_model(session, event.parameters_id), before.state, event)
            if recall is not None:
                _sum(recalls[tuple(getattr(recall, name) for name in recall_totals.KEYS)], recall, recall_totals.SUMMED)
    counted = {key: values for key, values in days.items() if any(values.values())}
    return _Made(cards, counted, dict(recalls), parameters_id)


def _sum(values: dict[str, Any], share: Any, names: Iterable[str]) -> None:
    for name in names:
        values[name] += getattr(share, name)


def _card_differences(session: Session, learner_id: int, folded: dict[tuple[int, int], Folded]) -> Iterator[Difference]:
    stored = {
        (card.item_id, card.part): card for card in session.scalars(select(Card).where(Card.learner_id == learner_id))
    }
    for key in sorted(set(stored) | set(folded)):
        made = Card()
        store_folded(made, folded.get(key, Folded()))
        for column in _FOLDED:
            value = getattr(stored.get(key), column, "no card")
            if _differ(value, getattr(made, column)):
                yield Difference(learner_id, f"card {key[0]}.{key[1]}", column, value, getattr(made, column))


def _total_differences(
    learner_id: int, what: str, names: Iterable[str], stored: Mapping[Any, Any], folded: Mapping[Any, dict[str, Any]]
) -> Iterator[Difference]:
    for key in sorted(set(stored) | set(folded)):
        for name in names:
            value = getattr(stored.get(key), name, 0)
            made = folded.get(key, {}).get(name, 0)
            if _differ(value, made):
                yield Difference(learner_id, f"{what} {' '.join(map(str, key))}", name, value, made)


def _differ(stored: Any, made: Any) -> bool:
    if isinstance(stored, float) and isinstance(made, float | int):
        return abs(stored - made) > _SMALLEST_DIFFERENCE * max(1.0, abs(made))
    return bool(stored != made)
