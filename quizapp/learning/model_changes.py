"""A change of a learner's memory model: the whole log is read again under the new one, and due dates stay."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from quizapp.core.memory.model import MemoryModel
from quizapp.learning.cards import Key, lock_memory
from quizapp.learning.events import store_folded
from quizapp.learning.folding import Folded, fold
from quizapp.learning.memory_models import made_model
from quizapp.learning.rebuilding import histories, refold
from quizapp.models import MemoryFit, Person, Review


@dataclass(frozen=True)
class Reread:
    """The cards that a log makes under a model, and how many events of each were read."""

    cards: dict[Key, Folded]
    events: dict[Key, int]


def reread(session: Session, learner_id: int, model: MemoryModel) -> Reread:
    """Read a learner's log under a model that is to come into force; nothing is written, so it may take its time."""
    made = Reread({}, {})
    for key, events in histories(session, learner_id):
        made.cards[key], made.events[key] = fold(model, events), len(events)
    return made


def put_in_force(session: Session, learner_id: int, fit: MemoryFit, made: Reread) -> None:
    """Add an accepted fit and let it be what the learner's memory is read with from now on.

    Cards become what `made` says; those with events that came after it was read are read again. What was expected at
    earlier reviews, and counted in the totals, stays: it was expected then.
    """
    session.add(fit)
    session.flush()
    session.execute(update(Person).where(Person.id == learner_id).values(parameters_id=fit.id))
    counts = session.execute(
        select(Review.item_id, Review.part, func.count())
        .where(Review.learner_id == learner_id)
        .group_by(Review.item_id, Review.part)
    )
    model = made_model(fit.model, fit.numbers[fit.model], fit.id)
    cards = {(card.item_id, card.part): card for card in lock_memory(session, learner_id)}
    changed = {(item_id, part) for item_id, part, number in counts if made.events.get((item_id, part)) != number}
    for key, folded in made.cards.items():
        if key not in changed:
            store_folded(cards[key], _numbered(folded, fit.id))
    refold(session, learner_id, model, {key: cards[key] for key in changed})


def _numbered(folded: Folded, parameters_id: int) -> Folded:
    """Return a card whose state carries the number that the parameters have only now."""
    memory = folded.state.memory
    if memory is None:
        return folded
    return replace(folded, state=replace(folded.state, memory=replace(memory, parameters=parameters_id)))
