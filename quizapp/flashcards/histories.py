"""One card of a learner: where it stands, every review of it, and the curve of its recall."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup
from sqlalchemy import Row, Select, select
from sqlalchemy.orm import Session

from quizapp.core.items import plain_stem
from quizapp.core.memory.model import Rating
from quizapp.core.scheduling import LEECH_LAPSES, describe_interval
from quizapp.errors import NotFound
from quizapp.flashcards.card_lists import PHASES, QUESTION, WAITS
from quizapp.flashcards.curves import Stretch, card_curve
from quizapp.flashcards.due_dates import due_words
from quizapp.flashcards.forms import card_name
from quizapp.learning.cards import Key, memory_state
from quizapp.learning.learners import Learner
from quizapp.learning.recall import Memory, remembered
from quizapp.models import Card, Item, ItemVersion, Review, Topic, is_in_force, is_withheld
from quizapp.web.drawing import LineDrawing
from quizapp.web.findings import share
from quizapp.web.rendering import moment_name, rich

LONGEST_HISTORY = 100  # reviews shown, the newest
_NOTHING = "–"
_SOURCES = {"card": "Card", "quiz": "Quiz", "cram": "Cram"}


@dataclass(frozen=True)
class PastReview:
    """One row of the history, in ready words."""

    when: str
    source: str
    rating: str
    interval: str
    recall: str  # expected just before; a dash where nothing was known yet
    time: str


@dataclass(frozen=True)
class CardHistory:
    """The page of a card, in ready words; the newest review comes first."""

    name: str
    question: Markup
    plain_question: str
    topic_title: str
    topic_slug: str
    phase: str
    due: str
    recall: str
    lapses: int
    is_leech: bool
    is_suspended: bool
    is_flagged: bool
    is_askable: bool  # neither suspended nor in a quiz under way
    reviews: tuple[PastReview, ...]
    has_older: bool
    curve: LineDrawing | None


def card_history(session: Session, person: Learner, key: Key, now: datetime) -> CardHistory:
    """Return one card of the learner's with its newest reviews. Raises NotFound."""
    card = session.execute(_card(person.id, key)).one_or_none()
    if card is None:
        raise NotFound
    rows = list(session.execute(_reviews(person.id, key)))
    shown = rows[:LONGEST_HISTORY]
    memory = _memory(session, card)
    is_suspended = card.suspended_at is not None
    return CardHistory(
        name=card_name(key),
        question=rich(card.stem, card.stem_format or "plain"),
        plain_question=plain_stem(card.stem),
        topic_title=card.title,
        topic_slug=card.slug,
        phase=PHASES[card.phase],
        due="" if is_suspended else WAITS if card.is_withheld else due_words(card.due_at, now, person),
        recall=share(memory.recall(now)) if memory else "",
        lapses=card.lapses,
        is_leech=card.lapses >= LEECH_LAPSES,
        is_suspended=is_suspended,
        is_flagged=card.flagged_at is not None,
        is_askable=not is_suspended and not card.is_withheld,
        reviews=tuple(_past(session, row, now, person) for row in shown),
        has_older=len(rows) > LONGEST_HISTORY,
        curve=_curve(session, shown, card, now, person),
    )


def _card(learner_id: int, key: Key) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Card.item_id, Card.phase, Card.suspended_at, Card.flagged_at, Card.lapses, Card.due_at,
            Card.last_reviewed_at, Card.model, Card.parameters_id, Card.stability, Card.difficulty,
            Card.fast_stability, QUESTION.label("stem"),
            ItemVersion.content["stem_format"].as_string().label("stem_format"), Topic.title, Topic.slug,
            is_withheld(Card.item_id, learner_id).label("is_withheld"),
        )
        .join(Item, Item.id == Card.item_id)
        .join(ItemVersion, (ItemVersion.item_id == Item.id) & (ItemVersion.number == Item.version_number))
        .join(Topic, Topic.id == Card.topic_id)
        .where(
            Card.learner_id == learner_id, Card.item_id == key[0], Card.part == key[1], Card.due_at.is_not(None),
            Item.status == "published",
        )
    )  # fmt: skip


def _reviews(learner_id: int, key: Key) -> Select[*tuple[Any, ...]]:
    """Select the reviews that count, as they were last corrected, the newest first."""
    return (
        select(
            Review.item_id, Review.event, Review.reviewed_at, Review.source, Review.rating, Review.score,
            Review.is_open_book, Review.interval_days, Review.milliseconds, Review.model, Review.parameters_id,
            Review.stability_before, Review.difficulty_before, Review.fast_stability_before,
            Review.last_reviewed_before, Review.stability_after, Review.difficulty_after, Review.fast_stability_after,
        )
        .where(
            Review.learner_id == learner_id, Review.item_id == key[0], Review.part == key[1],
            is_in_force(Review),
        )
        .order_by(Review.reviewed_at.desc(), Review.received_at.desc(), Review.seen_reviews.desc())
        .limit(LONGEST_HISTORY + 1)
    )  # fmt: skip


def _past(session: Session, row: Row[Any], now: datetime, person: Learner) -> PastReview:
    before = _before(session, row)
    seconds = (row.milliseconds or 0) / 1000
    return PastReview(
        when=moment_name(row.reviewed_at, now, ZoneInfo(person.time_zone)),
        source=_source(row),
        rating=_rating(row),
        interval=describe_interval(row.interval_days) if row.interval_days else _NOTHING,
        recall=share(before.recall(row.reviewed_at)) if before else _NOTHING,
        time=f"{seconds:.0f} s" if seconds else _NOTHING,
    )


def _source(row: Row[Any]) -> str:
    remarks = ["passage open"] * row.is_open_book + ["corrected"] * (row.event == "correct")
    return ", ".join([_SOURCES[row.source], *remarks])


def _rating(row: Row[Any]) -> str:
    if row.rating is None:
        return "Not counted"
    if row.score is None:
        return Rating(row.rating).name.capitalize()
    verdict = "Right" if row.score >= 1 else "Not right" if row.score <= 0 else "Partly right"
    return f"{verdict}, as {Rating(row.rating).name.capitalize()}"


def _curve(
    session: Session, newest_first: Sequence[Row[Any]], card: Row[Any], now: datetime, person: Learner
) -> LineDrawing | None:
    stretches = []
    for row in reversed(newest_first):
        memory = memory_state(
            row.model, row.parameters_id, row.stability_after, row.difficulty_after, row.fast_stability_after
        )
        if memory is None or row.is_open_book or row.source == "cram":
            continue
        before = _before(session, row)
        recall_before = before.recall(row.reviewed_at) if before else None
        stretches.append(
            Stretch(row.reviewed_at, recall_before, remembered(session, row.item_id, memory, row.reviewed_at))
        )
    return card_curve(stretches, card.due_at, now, person)


def _before(session: Session, row: Row[Any]) -> Memory | None:
    state = memory_state(
        row.model, row.parameters_id, row.stability_before, row.difficulty_before, row.fast_stability_before
    )
    if not state or not row.last_reviewed_before:
        return None
    return remembered(session, row.item_id, state, row.last_reviewed_before)


def _memory(session: Session, card: Row[Any]) -> Memory | None:
    state = memory_state(card.model, card.parameters_id, card.stability, card.difficulty, card.fast_stability)
    return remembered(session, card.item_id, state, card.last_reviewed_at) if state else None
