"""Trials: a fit or another model takes over only where it predicted the newest reviews better."""

from __future__ import annotations

import pytest

from quizapp.core.memory.fitting import MODELS
from quizapp.core.memory.trials import RIVALS, trial
from tests.core.memory.simulated import FORGETFUL6, learners, simulated_log


def test_a_learner_unlike_the_defaults_gets_parameters_of_their_own() -> None:
    shares: list[float] = []
    found = trial(simulated_log(learners()["fsrs6"], 1_500, seed=1), progress=shares.append)
    assert found.is_accepted
    assert found.parameters == found.fits[found.model].parameters
    used, before = found.scores["used"], found.scores["before"]
    assert used.log_loss is not None
    assert before.log_loss is not None
    assert used.log_loss < before.log_loss
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert set(found.scores) >= {*RIVALS, "fsrs6 defaults", "fsrs7 defaults", "fsrs6 fitted", "fsrs7 fitted"}
    assert sum(each.reviews for each in found.calibration) == used.n == found.gain.n


def test_parameters_that_fit_already_stay_in_force() -> None:
    found = trial(simulated_log(learners()["fsrs6"], 800, seed=1), in_force=FORGETFUL6)
    assert (found.model, found.parameters, found.is_accepted) == ("fsrs6", FORGETFUL6, False)
    assert found.scores["used"] == found.scores["before"]


@pytest.mark.parametrize("model", MODELS)
def test_too_few_predictions_change_nothing(model: str) -> None:
    found = trial(simulated_log(learners()["fsrs7"], 150, seed=4), model=model)
    assert found.gain.n < 50
    assert (found.model, found.parameters, found.is_accepted) == (model, MODELS[model].DEFAULTS, False)
