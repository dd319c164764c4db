"""The rules of a quiz: kept as they were given, and when an attempt under them ends."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.rules import (
    LONGEST_SECONDS,
    MOST_TRIES,
    TOLD,
    Band,
    Feedback,
    Rules,
    deadline,
    read_rules,
    stored_rules,
)

START = datetime(2026, 11, 22, 9, tzinfo=UTC)
TOLD_SOMETIME = st.lists(st.sampled_from(TOLD), unique=True).map(lambda told: tuple(w for w in TOLD if w in told))


@st.composite
def some_rules(draw: st.DrawFn) -> Rules:
    feedback: Feedback = draw(st.sampled_from(["at_end", "at_once"]))
    return Rules(
        feedback=feedback,
        is_shuffled=draw(st.booleans()),
        tries=draw(st.integers(1, MOST_TRIES)) if feedback == "at_once" else 1,
        penalty=draw(st.floats(0, 1)),
        asks_certainty=draw(st.booleans()),
        navigation=draw(st.sampled_from(["free", "sequential"])),
        limit_seconds=draw(st.none() | st.integers(1, LONGEST_SECONDS)),
        attempts_allowed=draw(st.none() | st.integers(1, 9)),
        told_after=draw(TOLD_SOMETIME),
        told_closed=draw(TOLD_SOMETIME),
        bands=tuple(draw(st.lists(st.builds(Band, least=st.floats(0, 1), text=st.text(max_size=9)), max_size=3))),
    )


@given(some_rules())
def test_what_is_stored_is_read_again(rules: Rules) -> None:
    assert read_rules(json.loads(json.dumps(stored_rules(rules)))) == rules


def test_rules_stored_before_there_were_more_of_them_are_read_with_what_a_practice_quiz_noted_beside_them() -> None:
    assert read_rules({"feedback": "at_once", "topics": ["nato"], "kinds": []}) == Rules(feedback="at_once")
    assert read_rules({"feedback": "at_end", "is_shuffled": False}) == Rules(is_shuffled=False)


def test_only_what_differs_from_the_usual_is_stored() -> None:
    assert stored_rules(Rules()) == {"feedback": "at_end"}


@pytest.mark.parametrize(
    "wrong",
    [{"tries": 2}, {"feedback": "at_once", "tries": 6}, {"penalty": 1.5}, {"limit_seconds": 0}, {"feedback": "never"}],
)
def test_rules_that_contradict_themselves_are_our_mistake(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="no quiz"):
        read_rules(wrong)


@pytest.mark.parametrize(
    ("limit", "closes", "extra", "minutes"),
    [
        (None, None, 0.0, None),
        (600, None, 0.0, 10),
        (600, None, 0.25, 12.5),
        (600, None, 2.0, 30),
        (600, 7, 0.0, 7),
        (600, 7, 2.0, 7),
        (600, 20, None, 20),
        (600, None, None, None),
        (None, 7, None, 7),
    ],
)
def test_an_attempt_ends_at_its_limit_with_the_learners_extra_time_or_at_the_close(
    limit: int | None, closes: float | None, extra: float | None, minutes: float | None
) -> None:
    closes_at = None if closes is None else START + timedelta(minutes=closes)
    ends = deadline(Rules(limit_seconds=limit), START, closes_at, None if extra is None else 1 + extra)
    assert ends == (None if minutes is None else START + timedelta(minutes=minutes))
