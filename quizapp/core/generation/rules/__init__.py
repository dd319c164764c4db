"""The rules, one module for each kind of fact: from a passage to candidates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from quizapp.core.generation.drafts import Candidate
from quizapp.core.generation.rules import year_gaps
from quizapp.core.generation.texts import Passage


def propose(passage: Passage, pool: Sequence[str]) -> Iterator[Candidate]:
    """Give the candidates of every rule, in the order of the rules."""
    yield from year_gaps.propose(passage)
