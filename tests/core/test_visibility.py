"""When the key of a question may be seen: every case, by hand."""

from __future__ import annotations

import pytest

from quizapp.core.visibility import Phase, is_key_shown

SHOWN = {
    (Phase.ANSWERED, True, False),
    (Phase.CLOSED, True, False),
    (Phase.CLOSED, True, True),
    (Phase.CLOSED, False, False),
    (Phase.CLOSED, False, True),
}


@pytest.mark.parametrize("is_withheld", [False, True])
@pytest.mark.parametrize("is_at_once", [False, True])
@pytest.mark.parametrize("phase", Phase)
def test_a_key_is_shown_when_the_table_says_so(phase: Phase, is_at_once: bool, is_withheld: bool) -> None:
    shown = is_key_shown(phase, is_at_once=is_at_once, is_withheld=is_withheld)
    assert shown is ((phase, is_at_once, is_withheld) in SHOWN)
