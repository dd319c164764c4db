"""The guessing rule: how likely a right answer was known, and states between two outcomes."""

from __future__ import annotations

import pytest

from quizapp.core.memory import MemoryState, known_chance, mix


def test_a_right_answer_is_more_likely_known_the_better_the_recall_and_the_more_options() -> None:
    assert known_chance(0.845885, 4) == pytest.approx(0.95644, abs=5e-6)
    assert known_chance(0.5, 4) == pytest.approx(0.8)
    assert known_chance(0.5, 2) == pytest.approx(2 / 3)
    assert known_chance(0.5, 1) == 0.5
    assert known_chance(0.0, 4) == 0.0
    assert known_chance(1.0, 2) == 1.0


@pytest.mark.parametrize(("recall", "options"), [(1.1, 4), (-0.1, 4), (0.5, 0)])
def test_impossible_chances_are_our_mistake(recall: float, options: int) -> None:
    with pytest.raises(ValueError, match="no chance"):
        known_chance(recall, options)


def test_a_mixed_state_lies_between_its_two() -> None:
    good, again = MemoryState("m", 7, 16.0, 4.0, 9.0), MemoryState("m", 7, 1.0, 8.0, 1.0)
    assert mix(good, again, 1.0).stability == pytest.approx(16.0)
    assert mix(good, again, 0.0).stability == pytest.approx(1.0)
    between = mix(good, again, 0.5)
    assert between.stability == pytest.approx(4.0)
    assert between.fast_stability == pytest.approx(3.0)
    assert between.difficulty == pytest.approx(6.0)
    assert (between.model, between.parameters) == ("m", 7)


@pytest.mark.parametrize("other", [MemoryState("n", 7, 1.0, 8.0), MemoryState("m", 8, 1.0, 8.0)])
def test_states_of_two_models_or_parameter_sets_are_not_mixed(other: MemoryState) -> None:
    with pytest.raises(ValueError, match="can't be mixed"):
        mix(MemoryState("m", 7, 16.0, 4.0), other, 0.5)
