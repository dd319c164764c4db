"""Fits: they find a learner's parameters, never leave the bounds, and count only when they predict better."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from quizapp.core.memory import Fsrs6, Fsrs7, Rating
from quizapp.core.memory.evaluation import Prediction, Scores, long_term_rows, scores
from quizapp.core.memory.fitting import MODELS, Difference, Fit, difference, fit, fitted, judged, recalls
from quizapp.core.memory.logs import LoggedReview
from quizapp.core.memory.replaying import replay
from tests.core.memory.simulated import FORGETFUL6, FORGETFUL7, learners, simulated_log

TRUTHS = {"fsrs6": FORGETFUL6, "fsrs7": FORGETFUL7}
BOTH = pytest.mark.parametrize("name", MODELS)


def log_loss(name: str, parameters: Sequence[float], log: Sequence[LoggedReview]) -> float:
    found = scores(judged(MODELS[name], parameters, log, set(long_term_rows(log)))).log_loss
    assert found is not None
    return found


@BOTH
def test_a_fit_to_a_learner_of_known_parameters_predicts_nearly_as_well_as_they_do(name: str) -> None:
    shares: list[float] = []
    found = fit(name, simulated_log(learners()[name], 2_500, seed=1), progress=shares.append)
    assert found.is_accepted
    assert found.scores.n == found.in_force.n > 300
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    later = simulated_log(learners()[name], 2_500, seed=99)
    default, truth = (log_loss(name, parameters, later) for parameters in (MODELS[name].DEFAULTS, TRUTHS[name]))
    assert log_loss(name, found.parameters, later) - truth < 0.5 * (default - truth)


@BOTH
def test_a_fit_that_predicts_no_better_is_not_accepted(name: str) -> None:
    log = simulated_log(learners()[name], 600, seed=1)
    assert not fit(name, log, in_force=fit(name, log).parameters).is_accepted


@BOTH
def test_the_same_log_gives_the_same_fit(name: str) -> None:
    log = simulated_log(learners()[name], 200, seed=2)
    assert fit(name, log) == fit(name, log)


@BOTH
def test_what_is_known_of_the_class_helps_a_learner_of_few_reviews(name: str) -> None:
    log, later = simulated_log(learners()[name], 300, seed=3), simulated_log(learners()[name], 1_500, seed=99)
    alone, pooled = (fitted(MODELS[name], log, prior) for prior in (None, TRUTHS[name]))
    assert log_loss(name, pooled, later) < log_loss(name, alone, later)


@BOTH
def test_without_reviews_the_prior_stays(name: str) -> None:
    assert fitted(MODELS[name], []) == MODELS[name].DEFAULTS
    assert fitted(MODELS[name], [], TRUTHS[name]) == TRUTHS[name]
    assert not fit(name, [LoggedReview("a", Rating.GOOD, 0, 0)]).is_accepted


@BOTH
@pytest.mark.parametrize("rating", Rating)
def test_even_one_sided_logs_leave_parameters_in_bounds(name: str, rating: Rating) -> None:
    log = [LoggedReview(str(row % 9), rating, 3.0 * (row >= 9), 3 * (row >= 9), 4) for row in range(90)]
    parameters = fitted(MODELS[name], log)
    (Fsrs6 if name == "fsrs6" else Fsrs7)(parameters)  # refuses parameters out of bounds
    assert parameters != MODELS[name].DEFAULTS


@BOTH
def test_recalls_are_those_of_a_replay(name: str) -> None:
    log = simulated_log(learners()[name], 400, seed=4, options=4)
    model = learners()[name]
    found, replayed = recalls(MODELS[name], TRUTHS[name], log), replay(model, log)
    assert found == [each.recall if each.recall is None else pytest.approx(each.recall) for each in replayed]


def test_a_fit_counts_only_with_enough_held_out_predictions_and_a_lower_log_loss() -> None:
    def told(n: int, log_loss: float | None) -> Scores:
        return Scores(n, log_loss, None, None)

    assert Fit("fsrs6", (), told(50, 0.30), told(50, 0.31)).is_accepted
    assert not Fit("fsrs6", (), told(50, 0.31), told(50, 0.31)).is_accepted
    assert not Fit("fsrs6", (), told(49, 0.30), told(49, 0.31)).is_accepted
    assert not Fit("fsrs6", (), told(0, None), told(0, None)).is_accepted


def test_a_model_takes_over_when_better_by_more_than_the_standard_error_on_enough_predictions() -> None:
    assert Difference(400, 0.02, 0.01).is_enough_to_move
    assert not Difference(399, 0.02, 0.01).is_enough_to_move
    assert not Difference(400, 0.01, 0.01).is_enough_to_move
    assert not Difference(400, -0.02, 0.01).is_enough_to_move


def test_the_difference_is_taken_prediction_by_prediction() -> None:
    one = [Prediction(chance, True, 1, 2, 0) for chance in (0.5, 0.5, 0.5, 0.5)]
    other = [Prediction(chance, True, 1, 2, 0) for chance in (0.5, 1.0, 0.5, 1.0)]
    found = difference(one, other)
    assert found.n == 4
    assert found.log_loss == pytest.approx(0.34657, abs=1e-4)
    assert found.standard_error == pytest.approx(0.69314 / 2 / 3**0.5, abs=1e-4)
    assert difference(one[:1], other[:1]).standard_error == float("inf")
