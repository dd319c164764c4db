"""Mastery: worked values, what moves it which way, and whether its band holds for simulated learners."""

from __future__ import annotations

import math
import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core import mastery as module
from quizapp.core.mastery import FirstAnswer, Mastery, first_sight, mastery

RECALLS = [0.95, 0.90, 0.85, 0.60, 0.40]
ANSWERS = [FirstAnswer(*pair) for pair in ((0.25, 1), (0.5, 1), (0, 1), (0.25, 0), (0, 0.5))]


def first_answers(most: int = 12) -> st.SearchStrategy[list[FirstAnswer]]:
    answer = st.builds(FirstAnswer, st.sampled_from([0.0, 0.2, 0.25, 0.5]), st.floats(0, 1))
    return st.lists(answer, max_size=most)


def test_the_worked_topic() -> None:
    assert list(first_sight(ANSWERS)) == pytest.approx([0.57527, 0.03768], abs=5e-6)
    worked = mastery(RECALLS, ANSWERS, 12)
    assert worked.mean == pytest.approx(0.6439, abs=5e-5)
    assert worked.low == pytest.approx(0.409, abs=5e-4)
    assert worked.high == pytest.approx(0.858, abs=5e-4)
    assert (worked.is_shown, worked.is_secure, worked.met, worked.total) == (True, False, 5, 12)


def test_nothing_answered_is_shown_as_no_number() -> None:
    nothing = mastery([], [], 12)
    assert nothing.mean == pytest.approx(0.5)
    assert [nothing.low, nothing.high] == pytest.approx([0.07, 0.93], abs=5e-3)
    assert not nothing.is_shown
    assert not nothing.is_secure


def test_a_topic_without_questions_has_no_mastery() -> None:
    assert mastery([], [], 0) == Mastery(0.0, 0.0, 1.0, False, 0, 0)


def test_more_met_than_there_are_is_our_mistake() -> None:
    with pytest.raises(ValueError, match="2 items met of 1"):
        mastery([0.5, 0.5], [], 1)


def test_two_answers_are_not_enough_however_narrow_the_band() -> None:
    assert not mastery([0.99, 0.99], [FirstAnswer(0, 1)] * 2, 2).is_shown
    assert mastery([0.99] * 3, [FirstAnswer(0, 1)] * 3, 3).is_shown


def test_a_wide_band_is_not_shown() -> None:
    wide = mastery([0.5] * 3, [], 30)
    assert wide.high - wide.low > 0.6
    assert not wide.is_shown


def test_a_topic_is_secure_when_even_its_lower_end_is_high() -> None:
    assert mastery([0.97] * 12, [FirstAnswer(0, 1)] * 12, 12).is_secure
    assert not mastery([0.85] * 12, [FirstAnswer(0, 1)] * 12, 12).is_secure


def test_a_random_guesser_is_not_credited_with_the_quarter_that_guessing_earns() -> None:
    expected = sum(
        math.comb(12, right)
        * 0.25**right
        * 0.75 ** (12 - right)
        * first_sight([FirstAnswer(0.25, 1)] * right + [FirstAnswer(0.25, 0)] * (12 - right))[0]
        for right in range(13)
    )
    assert expected == pytest.approx(0.16, abs=0.015)


def test_right_answers_of_a_hundred_questions_leave_little_doubt() -> None:
    mean, variance = first_sight([FirstAnswer(0.0, 1.0)] * 500)
    assert mean == pytest.approx(501 / 502, abs=1e-4)
    assert variance < 1e-4


@pytest.mark.parametrize("wrong", [0, 1, 4, 15])
def test_without_guessing_first_sight_is_the_rule_of_succession(wrong: int) -> None:
    mean, variance = first_sight([FirstAnswer(0.0, 1.0)] * 5 + [FirstAnswer(0.0, 0.0)] * wrong)
    a, b = 6, wrong + 1
    assert mean == pytest.approx(a / (a + b), abs=5e-5)
    assert variance == pytest.approx(a * b / ((a + b) ** 2 * (a + b + 1)), abs=5e-5)


@given(first_answers(), st.integers(0, 11), st.floats(0.02, 1))
def test_mastery_rises_with_any_score(answers: list[FirstAnswer], place: int, more: float) -> None:
    answers = [*answers, FirstAnswer(0.25, 0.0)]
    place %= len(answers)
    before = answers[place]
    better = [*answers[:place], FirstAnswer(before.guess, min(1.0, before.score + more)), *answers[place + 1 :]]
    if better[place].score - before.score > 1e-3:
        assert mastery([], better, 12).mean > mastery([], answers, 12).mean


@given(st.lists(st.floats(0, 1), max_size=10), first_answers(), st.integers(0, 10))
def test_the_band_holds_its_mean_and_stays_within_bounds(
    recalls: list[float], answers: list[FirstAnswer], unmet: int
) -> None:
    found = mastery(recalls, answers, len(recalls) + unmet)
    assert -1e-9 <= found.low <= found.high <= 1 + 1e-9
    if found.total:
        assert found.low - 1e-9 <= found.mean <= found.high + 1e-9


def test_the_lower_end_rises_with_recall_up_to_certainty() -> None:
    lows = [mastery([recall / 100] * 10, [], 10).low for recall in range(5, 101)]
    assert lows == sorted(lows)
    assert mastery([1.0] * 10, [], 10).high == 1.0
    assert mastery([0.0] * 10, [], 10).low == 0.0


def test_without_doubt_the_band_is_a_point() -> None:
    certain = mastery([1.0] * 4, [], 4, tau=0.0)
    assert (certain.low, certain.high) == (1.0, 1.0)


def test_four_in_five_simulated_learners_lie_within_their_band() -> None:
    dice = random.Random(20)
    learners, within = 1500, 0
    for _ in range(learners):
        total, met, known = dice.randint(10, 30), dice.randint(3, 9), dice.random()
        answers, recalls = [], []
        for _ in range(met):
            guess = dice.choice((0.0, 0.25, 0.5))
            answers.append(FirstAnswer(guess, float(dice.random() < guess + (1 - guess) * known)))
            recalls.append(dice.betavariate(5, 1.5))
        model_error = dice.gauss(0, 0.065)
        recalled = sum(dice.random() < recall + model_error for recall in recalls)
        recalled += sum(dice.random() < known for _ in range(total - met))
        band = mastery(recalls, answers, total)
        within += band.low <= recalled / total <= band.high
    assert 0.75 <= within / learners <= 0.88


def test_fifteen_answers_take_a_moment() -> None:
    spent = []
    for _ in range(20):
        module._posterior.cache_clear()
        started = time.thread_time()
        first_sight(ANSWERS * 3)
        spent.append(time.thread_time() - started)
    assert min(spent) < 0.003
