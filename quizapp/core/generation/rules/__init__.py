"""The rules, one module for each kind of fact: from a passage to candidates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from quizapp.core.generation.drafts import Candidate
from quizapp.core.generation.reading import Reading
from quizapp.core.generation.rules import (
    agents,
    choices,
    complements,
    dates,
    definitions,
    gaps,
    lists,
    numbers,
    places,
    reasons,
    statements,
    subjects,
)
from quizapp.core.generation.texts import Passage

_RULES = (dates, agents, definitions, lists, reasons, numbers, places, complements, subjects, statements)


def propose(passage: Passage, pool: Sequence[str]) -> Iterator[Candidate]:
    """Give the candidates of every rule, in the order of the rules."""
    if passage.is_tagged:
        reading = Reading(passage)
        for rule in _RULES:
            yield from rule.propose(reading)
        yield from choices.propose(reading, pool)
    yield from gaps.propose(passage)
