"""The batch forms: the scalar models' numbers, the package's numbers, and gradients that agree with differences."""

from __future__ import annotations

import math
import subprocess
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.memory import Fsrs6, Fsrs7, MemoryModel, MemoryState, Rating, fsrs6_batch, fsrs7_batch, quiz_outcome
from quizapp.core.memory.gradients import variables
from tests.command_line import ROOT
from tests.core.memory.fsrs6_states import computed, stored

BOTH = pytest.mark.parametrize(("model", "batch"), [(Fsrs6(), fsrs6_batch), (Fsrs7(), fsrs7_batch)])


def numbers(state: MemoryState) -> tuple[float, ...]:
    if state.fast_stability is None:
        return state.stability, state.difficulty
    return state.stability, state.fast_stability, state.difficulty


def columns(rows: Sequence[Sequence[float]]) -> list[Any]:
    return [np.array(column) for column in zip(*rows, strict=True)]


class TestStoredStates:
    """The file of the `fsrs` package's states."""

    def test_it_is_what_the_package_computes(self) -> None:
        assert stored() == [pytest.approx(row, rel=1e-14) for row in computed()]

    def test_the_batch_form_gives_them(self) -> None:
        rows = stored()
        assert len(rows) == 1_000
        stability, difficulty, days, grades, recall, stability_after, difficulty_after = columns(rows)
        w, state = fsrs6_batch.DEFAULTS, (stability, difficulty)
        recalls, made = fsrs6_batch.reviewed(w, state, grades, days, days, None)
        np.testing.assert_allclose(recalls, recall, rtol=1e-12)
        np.testing.assert_allclose(made[0], stability_after, rtol=1e-12)
        np.testing.assert_allclose(made[1], difficulty_after, rtol=1e-12)

    def test_our_adapter_gives_them(self) -> None:
        model = Fsrs6()
        for stability, difficulty, days, grade, recall, stability_after, difficulty_after in stored():
            state = MemoryState("fsrs6", 0, stability, difficulty)
            after = model.next(state, Rating(int(grade)), days)
            assert (after.stability, after.difficulty) == pytest.approx((stability_after, difficulty_after), rel=1e-12)
            assert model.recall(state, days) == pytest.approx(recall, rel=1e-12)


history = st.lists(
    st.tuples(st.sampled_from(list(Rating)), st.sampled_from([0.0, 0.01, 0.4, 1.0, 3.0, 17.5, 400.0])), min_size=1
)


@BOTH
@given(histories=st.lists(history, min_size=1, max_size=5))
def test_a_batch_of_cards_gives_what_each_gives_alone(
    model: MemoryModel, batch: ModuleType, histories: list[list[tuple[Rating, float]]]
) -> None:
    length = min(len(each) for each in histories)
    alone = [model.first(each[0][0]) for each in histories]
    together = batch.first(batch.DEFAULTS, np.array([each[0][0] for each in histories]), None)
    for at in range(1, length):
        grades, days = (np.array(column) for column in zip(*(each[at] for each in histories), strict=True))
        recalls, together = batch.reviewed(batch.DEFAULTS, together, grades, days, np.floor(days), None)
        np.testing.assert_allclose(recalls, [model.recall(*pair) for pair in zip(alone, days, strict=True)], rtol=1e-12)
        alone = [model.next(state, *each[at]) for state, each in zip(alone, histories, strict=True)]
        np.testing.assert_allclose(np.transpose(together), [numbers(state) for state in alone], rtol=1e-10)


@BOTH
def test_guesses_are_discounted_in_a_batch_as_alone(model: MemoryModel, batch: ModuleType) -> None:
    def alone(state: MemoryState | None, days: float, score: float, options: int | None) -> MemoryState:
        return quiz_outcome(model, state, days, score=score, guess_chance_options=options, certainty=None)[1]

    answers = [(1.0, 4), (1.0, 2), (0.0, 4), (1.0, None)]
    before = [alone(None, 0, *answer) for answer in answers]
    grades, chances = np.array([3, 3, 1, 3]), np.array([0.25, 0.5, 0.25, 0.0])
    met = batch.first(batch.DEFAULTS, grades, chances)
    np.testing.assert_allclose(np.transpose(met), [numbers(state) for state in before], rtol=1e-12)
    days = np.full(4, 20.0)
    _, after = batch.reviewed(batch.DEFAULTS, met, grades, days, days, chances)
    again = [alone(state, 20, *answer) for state, answer in zip(before, answers, strict=True)]
    np.testing.assert_allclose(np.transpose(after), [numbers(state) for state in again], rtol=1e-12)


@BOTH
def test_gradients_agree_with_finite_differences(model: MemoryModel, batch: ModuleType) -> None:
    grades = [np.array([3, 1, 2, 4, 3]), np.array([3, 3, 1, 2, 4]), np.array([1, 3, 3, 4, 2])]
    days = [np.array([0.5, 1, 4.5, 30, 9]), np.array([2.0, 0, 0.0, 40, 100])]
    chances = np.array([0.0, 0.25, 0.5, 0.0, 0.25])

    def total(w: Sequence[Any]) -> Any:
        state = batch.first(w, grades[0], chances)
        for rated, gap, guesses in zip(grades[1:], days, [None, chances], strict=True):
            _, state = batch.reviewed(w, state, rated, gap, np.floor(gap), guesses)
        return np.log(batch.recall(w, state, 12.5))

    inputs = variables(batch.DEFAULTS)
    found = total(inputs).gradients(inputs)
    for place in range(len(batch.DEFAULTS)):
        around = []
        for step in (1e-6, -1e-6):
            w = list(batch.DEFAULTS)
            w[place] += step
            around.append(float(np.sum(total(w))))
        assert found[place] == pytest.approx((around[0] - around[1]) / 2e-6, rel=1e-4, abs=1e-6), place


def test_the_first_elements_of_an_array_pass_their_gradient_back() -> None:
    one, two = variables([3.0, 5.0])
    array = one * np.array([1.0, 2.0, 4.0]) + two
    assert (array.head(2) * 10 + array.head(3).head(2)).gradients([one, two]) == [33.0, 22.0]
    assert one.head(2) is one


def test_numbers_have_gradients_too() -> None:
    one, two, three = variables([3.0, 5.0, 7.0])
    assert (two / one - 2**one).gradients([one, two, three]) == pytest.approx([-5 / 9 - 8 * math.log(2), 1 / 3, 0])


@pytest.mark.parametrize("module", ["quizapp.app", "quizapp.cli"])
def test_pages_and_commands_start_without_numpy(module: str) -> None:
    command = [sys.executable, "-c", f"import sys, {module}; sys.exit('numpy' in sys.modules)"]
    assert subprocess.run(command, check=False, cwd=ROOT).returncode == 0
