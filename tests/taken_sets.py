"""A set with an essay and a typed question that people have taken, for whoever marks."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.authoring.items import current_source
from quizapp.authoring.publishing import publish
from quizapp.authoring.sets import add_to_set, create_set
from quizapp.core.items import read_item
from quizapp.core.rules import Rules, stored_rules
from quizapp.marking.taken import Taken
from quizapp.models import ItemSet, Passage
from quizapp.quizzes.attempts import start_set
from quizapp.quizzes.finishing import finish, grade_attempt
from quizapp.quizzes.responses import Given, respond

ESSAY = {
    "kind": "essay", "stem": "Why does ice float?", "rubric": "Density.",
    "criteria": [
        {"text": "Density", "levels": [{"text": "not named", "points": 0}, {"text": "named", "points": 2}]},
        {"text": "Language", "levels": [{"text": "poor", "points": 0}, {"text": "good", "points": 2}]},
    ],
}  # fmt: skip
TYPED = {"kind": "short_answer", "stem": "Which bird dives for fish?", "accepted": [{"text": "Kingfisher"}]}


@dataclass
class TakenSet:
    """The set, its questions, and its attempts by learner."""

    of: Taken
    slug: str
    essay: int
    typed: int
    attempts: dict[int, uuid.UUID] = field(default_factory=dict)


def make_taken_set(
    session: Session, owner_id: int, words: dict[int, str], now: datetime, *, visibility: str = "here", **rules: Any
) -> TakenSet:
    """Publish the set and let each learner take it, with their word for the typed question."""
    set_id = create_set(session, owner_id, "Ice and birds", "", now)
    source = current_source(session, session.scalars(select(Passage.id).order_by(Passage.id)).first() or 0)
    essay, typed = (add_to_set(session, set_id, owner_id, read_item(item), source, now) for item in (ESSAY, TYPED))
    session.get_one(ItemSet, set_id).rules = stored_rules(Rules(is_shuffled=False, **rules))
    slug = publish(session, set_id, owner_id, visibility, now)  # type: ignore[arg-type]
    made = TakenSet(Taken(set_id, "Ice and birds"), slug, essay, typed)
    for learner_id, word in words.items():
        made.attempts[learner_id] = attempt_id = uuid.uuid4()
        start_set(session, learner_id, slug, attempt_id, seed=learner_id, now=now)
        for position, text in ((1, "It is lighter than water."), (2, word)):
            respond(session, learner_id, attempt_id, position, Given(uuid.uuid4(), {"text": text}, 0, 5000), now)
        finish(session, learner_id, attempt_id, now)
        grade_attempt(session, learner_id, attempt_id, now)
    return made
