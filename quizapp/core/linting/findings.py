"""What a rule has to say about an item: gates that keep it from being published unread, and flaws by weight."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "info"]

# How much each flaw of item writing weighs; a gate has no weight.
WEIGHTS = {
    "absolute-word": 1,
    "all-of-the-above": 3,
    "bloom": 1,
    "convergence": 2,
    "equal-lists": 1,
    "fill-in-middle": 1,
    "gratuitous-stem": 1,
    "grammar-cue": 2,
    "k-type": 3,
    "leak": 2,
    "length-spread": 1,
    "long-key": 2,
    "longest-key": 2,
    "lost-sequence": 2,
    "low-value": 1,
    "mixed-types": 2,
    "negative-stem": 2,
    "no-explanation": 1,
    "no-measure": 2,
    "no-misconception": 1,
    "no-reason": 1,
    "odd-form": 2,
    "one-sided-enemy": 1,
    "order-given-away": 2,
    "repeated-right": 2,
    "same-fact": 2,
    "true-false-series": 2,
    "true-share": 1,
    "unfocused-stem": 2,
    "unknown-enemy": 2,
    "vague-answer": 1,
    "vague-word": 1,
    "verbatim-copy": 1,
    "word-repeat": 2,
}


@dataclass(frozen=True)
class Finding:
    """One thing to look at again.

    `severity` is error for a gate, warning for a flaw of weight 2 or more, else info. `target` is the field: stem,
    options, options.ID, accepted.INDEX, gaps.NUMBER, answer, criteria, pairs.INDEX, order.INDEX, evidence.INDEX,
    feedback, bloom, enemies, or empty; indexes count from 0, gaps by the number in their mark.
    """

    code: str
    severity: Severity
    weight: int
    message: str
    target: str


def gate(code: str, message: str, target: str) -> Finding:
    """Return the finding that an item has not passed a gate."""
    return Finding(code, "error", 0, message, target)


def flaw(code: str, message: str, target: str) -> Finding:
    """Return the finding of a flaw of item writing, with its weight."""
    weight = WEIGHTS[code]
    return Finding(code, "warning" if weight > 1 else "info", weight, message, target)
