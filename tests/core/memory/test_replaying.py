"""A log under any model: the states and predictions of living through it."""

from __future__ import annotations

import pytest

from quizapp.core.memory import Fsrs6, Fsrs7, Rating, quiz_outcome
from quizapp.core.memory.logs import LoggedReview, read_log
from quizapp.core.memory.replaying import replay

VECTOR = "card,rating,elapsed_days\na,4,0\na,2,.001\nb,3,0\na,1,.25\na,3,0\na,4,1.5\na,2,2.75\na,1,100.5\n"


def test_a_replay_gives_the_published_vector_between_other_cards() -> None:
    *_, last = replay(Fsrs7(), read_log(VECTOR))
    assert last.state.stability == pytest.approx(2.3163264, abs=5e-7)
    assert last.state.fast_stability == pytest.approx(0.89478546, abs=5e-8)
    assert last.state.difficulty == pytest.approx(9.615685, abs=5e-7)


def test_what_is_predicted_is_the_recall_just_before() -> None:
    model = Fsrs6()
    first, second, third = replay(model, read_log("a,3,0\na,3,2.5\na,1,9"))
    assert first.recall is None
    assert second.recall == model.recall(model.first(Rating.GOOD), 2.5)
    assert second.state == model.next(first.state, Rating.GOOD, 2)
    assert third.recall == model.recall(second.state, 9)


def test_days_of_study_count_where_the_model_has_no_fractions() -> None:
    log = [LoggedReview("a", Rating.GOOD, 0, 0), LoggedReview("a", Rating.GOOD, 0.4, 1)]
    for model in (Fsrs6(), Fsrs7()):
        first, second = replay(model, log)
        assert second.state == model.next(first.state, Rating.GOOD, 0.4 if model.is_fractional else 1)


def test_a_right_choice_is_discounted_as_in_a_quiz() -> None:
    model = Fsrs6()
    first, second = replay(model, read_log("a,3,0,single_choice,4\na,3,20,true_false,2"))
    met = quiz_outcome(model, None, 0, score=1.0, guess_chance_options=4, certainty=None)[1]
    assert first.state == met
    assert first.state.stability == pytest.approx(1.4310, abs=5e-5)
    assert second.state == quiz_outcome(model, met, 20, score=1.0, guess_chance_options=2, certainty=None)[1]
