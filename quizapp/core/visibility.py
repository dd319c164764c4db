"""When the key of a question may be seen by who learns it: the one place that decides."""

from __future__ import annotations

from enum import Enum


class Phase(Enum):
    """How far a learner has come with a question, in an attempt or on a card."""

    ASKED = "asked"
    ANSWERED = "answered"  # given up counts, and so does “Show answer” on a card
    CLOSED = "closed"  # the attempt is over


def is_key_shown(phase: Phase, *, is_at_once: bool, is_withheld: bool) -> bool:
    """Tell whether a learner may see the key, the reasons and the evidence of a question.

    `is_at_once`: the rules in force show them after each answer. `is_withheld`: the question also stands in an open
    attempt of the same learner whose rules show them at the end, so that nothing may tell them before.
    """
    if phase is Phase.CLOSED:
        return True
    return phase is Phase.ANSWERED and is_at_once and not is_withheld
