"""What a learner is told of a question and its answer, and when: the one place that decides."""

from __future__ import annotations

from enum import Enum

from quizapp.core.rules import TOLD, Rules, Told

SELF_STUDY = Rules(feedback="at_once")  # a card, and practice outside a quiz


class Phase(Enum):
    """How far a learner has come with a question, in an attempt or on a card."""

    ASKED = "asked"
    ANSWERED = "answered"  # given up counts, and so does “Show answer” on a card
    CLOSED = "closed"  # the attempt is over
    RELEASED = "released"  # and the quiz is closed for everybody


def told(phase: Phase, rules: Rules, *, is_withheld: bool = False) -> frozenset[Told]:
    """Return what a learner is told: score, right or wrong, the key, the reasons, the evidence.

    `is_withheld`: the question also stands in another quiz of the same learner whose rules tell its key later, so
    that no feedback of this one may tell it before.
    """
    if phase is Phase.RELEASED:
        return frozenset(rules.told_closed)
    if phase is Phase.CLOSED:
        return frozenset(rules.told_after)
    if phase is Phase.ANSWERED and rules.is_at_once and not is_withheld:
        return frozenset(TOLD)
    return frozenset()


def is_key_shown(phase: Phase, rules: Rules, *, is_withheld: bool = False) -> bool:
    """Tell whether a learner may see the key of a question, with its reasons and evidence as far as they are told."""
    return "key" in told(phase, rules, is_withheld=is_withheld)
