"""Scores of predictions, against values worked by hand, and the rivals they are held against."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.memory import Rating
from quizapp.core.memory.evaluation import (
    Prediction,
    Scores,
    average,
    calibration,
    chances_of_right,
    long_term_rows,
    moving_average,
    newest,
    predictions,
    scores,
    sm2,
)
from quizapp.core.memory.logs import LoggedReview, read_log
from quizapp.core.proportions import Tally

LOG = read_log("a,3,0\nb,1,0\na,1,3\nb,3,1\na,1,.25\na,4,2\nb,3,6\n")


def judged(*pairs: tuple[float, bool]) -> list[Prediction]:
    return [Prediction(chance, is_right, 5, 2, 0) for chance, is_right in pairs]


def test_a_cards_first_review_is_no_prediction_and_lapses_are_counted_before_it() -> None:
    found = predictions(LOG, [None, None, 0.9, 0.8, 0.7, 0.6, 0.5])
    assert [(each.chance, each.is_right, each.number, each.lapses) for each in found] == [
        (0.9, False, 2, 0),
        (0.8, True, 2, 0),
        (0.7, False, 3, 1),
        (0.6, True, 4, 2),
        (0.5, True, 3, 0),
    ]
    assert [each.chance for each in predictions(LOG, [0.4] * 7, rows={0, 3})] == [0.4]


def test_log_loss_is_the_mean_of_what_was_given_to_the_outcome() -> None:
    found = scores(judged((0.9, True), (0.8, False)))
    assert found.log_loss == pytest.approx(-(math.log(0.9) + math.log(0.2)) / 2)
    certain = judged((1.0, True), (0.0, False), (1.0, False))
    assert scores(certain).log_loss == pytest.approx(-math.log(1e-5) / 3, rel=1e-4)


def test_bins_hold_reviews_of_like_interval_number_and_lapses() -> None:
    alike = [Prediction(0.9, True, 4, 2, 0), Prediction(0.7, False, 13, 3, 0)]  # 3.62 to 13.1 days; second and third
    other = [Prediction(0.6, True, 14, 2, 0)]
    assert scores(alike).rmse_bins == pytest.approx(0.3)
    assert scores([*alike, *other]).rmse_bins == pytest.approx(math.sqrt((2 * 0.3**2 + 0.4**2) / 3))
    assert scores([alike[0], Prediction(0.9, True, 4, 2, 1)]).rmse_bins == pytest.approx(0.1)


def test_auc_counts_right_above_wrong_and_ties_by_half() -> None:
    assert scores(judged((0.9, True), (0.8, False), (0.7, True), (0.6, False))).auc == 0.75
    assert scores(judged((0.9, True), (0.9, False))).auc == 0.5
    assert scores(judged((0.9, True), (0.8, True))).auc is None


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.3, 0.5, 0.9]), st.booleans()), max_size=30))
def test_auc_is_the_share_of_pairs_in_order(pairs: list[tuple[float, bool]]) -> None:
    right, wrong = (
        [chance for chance, is_right in pairs if is_right],
        [chance for chance, is_right in pairs if not is_right],
    )
    found = scores(judged(*pairs)).auc
    if not right or not wrong:
        assert found is None
    else:
        wins = sum((one > other) + (one == other) / 2 for one in right for other in wrong)
        assert found == pytest.approx(wins / len(right) / len(wrong))


def test_without_predictions_nothing_is_said() -> None:
    assert scores([]) == Scores(0, None, None, None)


def test_the_calibration_curve_has_twenty_steps() -> None:
    curve = calibration(judged((0.0, False), (0.91, True), (0.93, False), (1.0, True)))
    assert len(curve) == 20
    assert curve[0] == Tally(1, 0, 0.0)
    assert (curve[18].reviews, curve[18].recalled) == (2, 1)
    assert curve[18].expected == pytest.approx(1.84)
    assert curve[19] == Tally(1, 1, 1.0)


def test_a_guess_makes_a_right_answer_likelier_than_recall() -> None:
    log = [
        LoggedReview("a", Rating.GOOD, 0, 0),
        LoggedReview("a", Rating.GOOD, 2, 2, 4),
        LoggedReview("a", Rating.GOOD, 2, 2),
    ]
    assert chances_of_right(log, [None, 0.6, 0.6]) == [None, pytest.approx(0.7), 0.6]


def test_judged_are_the_newest_rows_of_another_day() -> None:
    rows = long_term_rows(LOG)
    assert rows == [2, 3, 5, 6]
    assert newest(rows, 0.2) == [6]
    assert newest(rows, 0.5) == [5, 6]
    assert newest([]) == []


def test_the_average_is_that_of_what_was_learnt_from() -> None:
    assert average(LOG, [2, 3, 5]) == [pytest.approx(2 / 3)] * len(LOG)
    assert average(LOG, []) == [0.9] * len(LOG)


def test_the_moving_average_follows_each_outcome() -> None:
    first, second, *_ = moving_average(LOG)
    assert first == pytest.approx(1 / (1 + math.exp(-1.2)))
    assert first is not None
    assert second == pytest.approx(1 / (1 + math.exp(-1.2 - 0.3 * (1 - first))))


def test_sm2_counts_a_day_then_six_then_grows_by_its_ease_until_a_lapse() -> None:
    log = read_log("a,3,0\na,3,1\na,4,6\na,1,15\na,3,2\n")
    assert sm2(log) == [None, 0.9**1, 0.9 ** (6 / 6), 0.9 ** (15 / 15), 0.9**2]
