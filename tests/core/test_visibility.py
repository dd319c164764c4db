"""What a learner is told of a question: every phase, by hand."""

from __future__ import annotations

import pytest

from quizapp.core.rules import TOLD, Rules
from quizapp.core.visibility import Phase, is_key_shown, told

AT_END = Rules()
AT_ONCE = Rules(feedback="at_once")
LATE = Rules(told_after=("score",))
NEVER = Rules(told_after=(), told_closed=("score", "correctness"))


@pytest.mark.parametrize(
    ("rules", "phase", "is_withheld", "said"),
    [
        (AT_END, Phase.ASKED, False, ()),
        (AT_END, Phase.ANSWERED, False, ()),
        (AT_END, Phase.CLOSED, False, TOLD),
        (AT_END, Phase.CLOSED, True, TOLD),
        (AT_END, Phase.RELEASED, False, TOLD),
        (AT_ONCE, Phase.ASKED, False, ()),
        (AT_ONCE, Phase.ANSWERED, False, TOLD),
        (AT_ONCE, Phase.ANSWERED, True, ()),
        (LATE, Phase.ANSWERED, False, ()),
        (LATE, Phase.CLOSED, False, ("score",)),
        (LATE, Phase.RELEASED, False, TOLD),
        (NEVER, Phase.CLOSED, False, ()),
        (NEVER, Phase.RELEASED, False, ("score", "correctness")),
    ],
)
def test_it_is_told_when_the_table_says_so(
    rules: Rules, phase: Phase, is_withheld: bool, said: tuple[str, ...]
) -> None:
    assert told(phase, rules, is_withheld=is_withheld) == set(said)
    assert is_key_shown(phase, rules, is_withheld=is_withheld) is ("key" in said)
