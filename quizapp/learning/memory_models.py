"""The memory model that a learner, a card or an event is read with: by the number of its parameters.

Number 0 is FSRS-6 with its defaults; any other names a fit, which never changes and so is read from its row once.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from weakref import WeakKeyDictionary

from sqlalchemy import Pool, bindparam, func, select
from sqlalchemy.orm import Session

from quizapp.core.memory import Fsrs6, Fsrs7
from quizapp.core.memory.model import MemoryModel
from quizapp.models import MemoryFit, Person

DEFAULT: MemoryModel = Fsrs6()
_MOST_KEPT = 500
_FIT = select(MemoryFit.model, MemoryFit.numbers).where(MemoryFit.id == bindparam("id"))
_IN_FORCE = select(Person.parameters_id).where(Person.id == bindparam("person_id"))
_NEWEST = select(func.max(MemoryFit.id)).where(
    MemoryFit.learner_id == bindparam("learner_id"), MemoryFit.is_accepted.is_(True)
)
_kept: WeakKeyDictionary[Pool, OrderedDict[int, MemoryModel]] = WeakKeyDictionary()  # of each database


def memory_model(session: Session, parameters_id: int | None) -> MemoryModel:
    """Return the model with these parameters; the default for None, such as that of a card never reviewed."""
    if not parameters_id:
        return DEFAULT
    bind = session.get_bind().engine
    kept = _kept.setdefault(bind.pool, OrderedDict())
    model = kept.get(parameters_id)
    if model is None:
        row = session.execute(_FIT, {"id": parameters_id}).one()
        model = made_model(row.model, row.numbers[row.model], parameters_id)
        if bind.get_execution_options().get("quizapp_reads"):  # what a write may yet take back is not kept
            kept[parameters_id] = model
        if len(kept) > _MOST_KEPT:
            kept.popitem(last=False)
    return model


def model_of(session: Session, learner_id: int) -> MemoryModel:
    """Return the model in force for a learner."""
    return memory_model(session, session.scalars(_IN_FORCE, {"person_id": learner_id}).one_or_none())


def newest_accepted(session: Session, learner_id: int) -> int:
    """Return the number of the parameters that the log of fits puts in force for a learner; 0 for none."""
    return session.scalars(_NEWEST, {"learner_id": learner_id}).one_or_none() or 0


def made_model(name: str, numbers: Sequence[float], parameters_id: int) -> MemoryModel:
    """Return a model, fsrs6 or fsrs7, with these parameters, whose states carry their number."""
    return (Fsrs7 if name == "fsrs7" else Fsrs6)(numbers, parameters_id)
