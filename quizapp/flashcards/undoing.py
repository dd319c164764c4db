"""What can be taken back, newest first: ratings from the log, and choices about cards, which the cookie keeps."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import session as cookie

from quizapp.core.memory.model import Rating
from quizapp.flashcards.forms import card_name, read_card_name
from quizapp.flashcards.sessions import UNDO_WITHIN, LastRating
from quizapp.learning.cards import Key
from quizapp.web.access import me

_NAMES = {
    "suspend": "suspending", "resume": "resuming", "bury": "“Not today”", "flag": "flag", "unflag": "removed flag",
}  # fmt: skip
_KEPT = "choices"
_MOST_CARDS = 150  # over all choices kept: a cookie holds 4 kB


@dataclass(frozen=True)
class Choice:
    """What a learner did with cards outside the log; the id is of this doing of it."""

    id: str
    what: str  # suspend, resume, bury, flag, unflag
    at: datetime
    keys: tuple[Key, ...]

    @property
    def name(self) -> str:
        """What it is called behind “Undo”."""
        return _NAMES[self.what]


@dataclass(frozen=True)
class Step:
    """The next thing that “Undo” takes back, as its button names it."""

    name: str
    review_id: uuid.UUID | None = None
    choice_id: str = ""


def remember(what: str, keys: Sequence[Key], now: datetime) -> None:
    """Keep a choice, so that it can be taken back on this device; the oldest make room."""
    entry = [uuid.uuid4().hex[:12], me().id, what, now.timestamp(), " ".join(map(card_name, keys))]
    kept = [*cookie.get(_KEPT, ()), entry]
    while sum(len(cards.split()) for *_, cards in kept) > _MOST_CARDS and len(kept) > 1:
        kept.pop(0)
    cookie[_KEPT] = kept


def last_choice(now: datetime) -> Choice | None:
    """Return the newest choice of the last hour that was not taken back."""
    for choice_id, person_id, what, at, cards in reversed(cookie.get(_KEPT, ())):
        made_at = datetime.fromtimestamp(at, UTC)
        if person_id == me().id and made_at >= now - UNDO_WITHIN:
            return Choice(choice_id, what, made_at, tuple(map(read_card_name, cards.split())))
    return None


def forget(choice: Choice) -> None:
    """Drop a choice that was taken back."""
    cookie[_KEPT] = [entry for entry in cookie.get(_KEPT, ()) if entry[0] != choice.id]


def next_step(rating: LastRating | None, now: datetime) -> Step | None:
    """Return what “Undo” takes back next: the newer of the last rating and the last choice."""
    choice = last_choice(now)
    if choice and (rating is None or choice.at >= rating.at):
        return Step(choice.name, choice_id=choice.id)
    return Step(Rating(rating.rating).name.capitalize(), review_id=rating.id) if rating else None
