"""The list of all of a learner's cards: searched, filtered, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from textwrap import shorten
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, case, select, tuple_
from sqlalchemy.orm import Session

from quizapp.core.days import day_bounds
from quizapp.core.items import plain_stem
from quizapp.core.scheduling import LEECH_LAPSES
from quizapp.flashcards.due_dates import due_words
from quizapp.flashcards.forms import card_name
from quizapp.learning.cards import Key, memory_state
from quizapp.learning.learners import Learner
from quizapp.learning.recall import remembered
from quizapp.models import Card, Item, ItemVersion, Topic, is_withheld
from quizapp.web.rendering import count

PAGE_SIZE = 50
_MOST_WORDS = 8
_INNER_QUOTES = str.maketrans("“”", "‘’")
_SHORT = 60  # characters of a question within a message
WAITS = "after the quiz you have begun"
STATES = {
    "": "All cards", "due": "Due today", "new": "New", "learning": "Being learned", "leech": "Often forgotten",
    "flagged": "Flagged", "suspended": "Suspended",
}  # fmt: skip
PHASES = {"new": "New", "learning": "Being learned", "review": "Remembered", "relearning": "Being learned again"}
# A card asked the other way round shows its back.
QUESTION = case(
    (Card.part == 1, ItemVersion.content["answer"].as_string()), else_=ItemVersion.content["stem"].as_string()
)


@dataclass(frozen=True)
class Filters:
    """Which cards are listed: words of the question, a topic by its slug, one of STATES; empty for all."""

    words: str = ""
    topic: str = ""
    state: str = ""

    @property
    def args(self) -> dict[str, str | None]:
        """The same as parts of an address."""
        return {"q": self.words or None, "topic": self.topic or None, "state": self.state or None}


@dataclass(frozen=True)
class ListedCard:
    """One row of the list, in ready words."""

    name: str
    question: str
    topic_title: str
    phase: str
    recall: str
    due: str
    is_due: bool
    is_suspended: bool
    is_flagged: bool
    is_leech: bool


@dataclass(frozen=True)
class CardList:
    """A page of the list; `before` and `after` name the cards that its neighbours begin at, empty at the ends."""

    cards: tuple[ListedCard, ...]
    topics: tuple[tuple[str, str], ...]  # slug and title of every topic with a card
    before: str
    after: str


def card_list(
    session: Session,
    person: Learner,
    now: datetime,
    filters: Filters,
    *,
    before: Key | None = None,
    after: Key | None = None,
) -> CardList:
    """Return the learner's cards in the order of their items, those after or before a card."""
    rows = list(session.execute(cards_query(person, now, filters, before, after)))
    is_back = before is not None
    has_more = len(rows) > PAGE_SIZE
    page = rows[:PAGE_SIZE]
    if is_back:
        page.reverse()
    has_earlier = has_more if is_back else after is not None
    has_later = is_back or has_more
    return CardList(
        cards=tuple(_listed(session, row, person, now) for row in page),
        topics=_topics(session, person),
        before=_name(page[0]) if page and has_earlier else "",
        after=_name(page[-1]) if page and has_later else "",
    )


def named_cards(session: Session, learner_id: int, keys: Sequence[Key]) -> str:
    """Return “What is …?” of a single card in quotes, the number of several."""
    if len(keys) != 1:
        return count(len(keys), "card")
    question = session.scalar(
        _current(select(QUESTION)).where(
            Card.learner_id == learner_id, Card.item_id == keys[0][0], Card.part == keys[0][1]
        )
    )
    words = plain_stem(question or "").translate(_INNER_QUOTES)
    return f"“{shorten(words, _SHORT, placeholder=' …')}”"


def cards_query(
    person: Learner, now: datetime, filters: Filters, before: Key | None = None, after: Key | None = None
) -> Select[*tuple[Any, ...]]:
    """Return the statement of a page, bounded by what this learner has on cards, never by all questions."""
    key = tuple_(Card.item_id, Card.part)
    cards = (
        _current(
            select(
                Card.item_id, Card.part, Card.phase, Card.suspended_at, Card.flagged_at, Card.lapses, Card.due_at,
                Card.last_reviewed_at, Card.model, Card.parameters_id, Card.stability, Card.difficulty,
                Card.fast_stability, QUESTION.label("stem"), Topic.title,
                is_withheld(Card.item_id, person.id).label("is_withheld"),
            )
        )
        .join(Topic, Topic.id == Card.topic_id)
        .where(Card.learner_id == person.id, Card.due_at.is_not(None), Item.status == "published")
        .where(*_in_state(filters.state, person, now))
        .where(*(QUESTION.icontains(word, autoescape=True) for word in filters.words.split()[:_MOST_WORDS]))
        .limit(PAGE_SIZE + 1)
    )  # fmt: skip
    if filters.topic:
        cards = cards.where(Topic.slug == filters.topic)
    if before is not None:
        return cards.where(key < before).order_by(Card.item_id.desc(), Card.part.desc())
    cards = cards.order_by(Card.item_id, Card.part)
    return cards.where(key > after) if after is not None else cards


def _current(cards: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    return (
        cards.select_from(Card)
        .join(Item, Item.id == Card.item_id)
        .join(ItemVersion, (ItemVersion.item_id == Item.id) & (ItemVersion.number == Item.version_number))
    )


def _in_state(state: str, person: Learner, now: datetime) -> list[ColumnElement[bool]]:
    going = Card.suspended_at.is_(None)
    conditions: dict[str, list[ColumnElement[bool]]] = {
        "": [],
        "due": [going, Card.due_at < _day_end(person, now), ~is_withheld(Card.item_id, person.id)],
        "new": [going, Card.reviews == 0],
        "learning": [going, Card.phase.in_(("learning", "relearning"))],
        "leech": [Card.lapses >= LEECH_LAPSES],
        "flagged": [Card.flagged_at.is_not(None)],
        "suspended": [Card.suspended_at.is_not(None)],
    }
    return conditions[state]


def _topics(session: Session, person: Learner) -> tuple[tuple[str, str], ...]:
    card = select(Card.item_id).where(Card.learner_id == person.id, Card.topic_id == Topic.id)
    topics = select(Topic.slug, Topic.title).where(card.exists()).order_by(Topic.position, Topic.title)
    return tuple((row.slug, row.title) for row in session.execute(topics))


def _listed(session: Session, row: Row[Any], person: Learner, now: datetime) -> ListedCard:
    memory = memory_state(row.model, row.parameters_id, row.stability, row.difficulty, row.fast_stability)
    recall = remembered(session, row.item_id, memory, row.last_reviewed_at).recall(now) if memory else None
    is_suspended = row.suspended_at is not None
    return ListedCard(
        name=_name(row),
        question=plain_stem(row.stem),
        topic_title=row.title,
        phase=PHASES[row.phase],
        recall=f"{recall:.0%}".replace("%", " %") if recall is not None else "–",
        due="" if is_suspended else WAITS if row.is_withheld else due_words(row.due_at, now, person),
        is_due=not is_suspended and not row.is_withheld and row.due_at < _day_end(person, now),
        is_suspended=is_suspended,
        is_flagged=row.flagged_at is not None,
        is_leech=row.lapses >= LEECH_LAPSES,
    )


def _day_end(person: Learner, now: datetime) -> datetime:
    return day_bounds(person.study_day(now), person.time_zone, person.day_start_hour)[1]


def _name(row: Row[Any]) -> str:
    return card_name((row.item_id, row.part))
