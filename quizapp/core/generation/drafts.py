"""What generation hands over: candidates of a rule or a model, drafts that passed the gates, and what was dropped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from quizapp.core.items import Item
from quizapp.core.linting import Finding

GENERATOR_VERSION = "1"


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An item that somebody proposes: its evidence located, its source told; `worth` 0..1 adds to the rule's own."""

    item: Item
    rule: str
    worth: float = 0.5


@dataclass(frozen=True, kw_only=True)
class Draft:
    """An item that passed every gate and waits for review.

    `rank` is the share of such items, 0..1, that reviewers are expected to accept as they stand.
    """

    item: Item
    rule: str
    version: str
    seed: str
    rank: float
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Refused:
    """A candidate that did not pass; `reason` is the code of the first gate, `findings` all that was found."""

    reason: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Generated:
    """Drafts, best first; how many candidates each gate dropped; and sentences on what was not possible."""

    drafts: tuple[Draft, ...]
    dropped: Mapping[str, int]
    notes: tuple[str, ...] = ()
