"""The quiz table: which rating an answer counts as, and how a guess is discounted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.memory import Fsrs6, Fsrs7, MemoryState, Rating, quiz_outcome

MODEL = Fsrs6()
STATE = MemoryState("fsrs6", 0, 10, 5)


def outcome(
    state: MemoryState | None, days: float, score: float, options: int | None = None, certainty: str | None = None
) -> tuple[Rating, MemoryState]:
    return quiz_outcome(MODEL, state, days, score=score, guess_chance_options=options, certainty=certainty)


@pytest.mark.parametrize(
    ("state", "days", "options", "stability"),
    [(STATE, 20, 4, 38.5782), (STATE, 20, None, 44.6982), (None, 0, 4, 1.4310), (None, 0, 2, 1.0409)],
)
def test_worked_values_of_a_right_answer(
    state: MemoryState | None, days: float, options: int | None, stability: float
) -> None:
    rating, after = outcome(state, days, 1.0, options)
    assert rating is Rating.GOOD
    assert after.stability == pytest.approx(stability, abs=5e-5)


@pytest.mark.parametrize("options", [2, 4])
@pytest.mark.parametrize(("state", "known"), [(MemoryState("fsrs7", 0, 10, 8, 5), 0.8288255), (None, 0.5)])
def test_a_model_of_two_stabilities_mixes_both_alike(state: MemoryState | None, known: float, options: int) -> None:
    model = Fsrs7()
    _, after = quiz_outcome(model, state, 20, score=1.0, guess_chance_options=options, certainty=None)
    again, good = (
        model.first(rating) if state is None else model.next(state, rating, 20)
        for rating in (Rating.AGAIN, Rating.GOOD)
    )
    share = known / (known + (1 - known) / options)
    assert after.stability == pytest.approx(good.stability**share * again.stability ** (1 - share), rel=1e-6)
    assert again.fast_stability is not None
    assert good.fast_stability is not None
    assert after.fast_stability == pytest.approx(
        good.fast_stability**share * again.fast_stability ** (1 - share), rel=1e-6
    )
    assert after.difficulty == pytest.approx(share * good.difficulty + (1 - share) * again.difficulty, rel=1e-6)


@pytest.mark.parametrize(
    ("score", "certainty", "rating"),
    [
        (0.0, None, Rating.AGAIN),
        (0.0, "high", Rating.AGAIN),
        (0.49, None, Rating.AGAIN),
        (0.5, None, Rating.HARD),
        (0.99, "high", Rating.HARD),
        (1.0, "low", Rating.HARD),
        (1.0, "mid", Rating.GOOD),
        (1.0, "high", Rating.GOOD),
        (1.0, None, Rating.GOOD),
    ],
)
def test_a_produced_answer_counts_as_its_rating(score: float, certainty: str | None, rating: Rating) -> None:
    assert outcome(STATE, 20, score, None, certainty) == (rating, MODEL.next(STATE, rating, 20))
    assert outcome(None, 0, score, None, certainty) == (rating, MODEL.first(rating))


def test_only_a_right_answer_is_discounted_as_a_guess() -> None:
    assert outcome(STATE, 20, 0.5, 4) == outcome(STATE, 20, 0.5)
    assert outcome(STATE, 20, 0.0, 4) == outcome(STATE, 20, 0.0)
    assert outcome(STATE, 20, 1.0, 4)[1].stability < outcome(STATE, 20, 1.0)[1].stability


def test_a_right_answer_of_low_certainty_never_moves_memory_further_than_a_sure_one() -> None:
    for options in (2, 4, None):
        for state, days in ((None, 0), (STATE, 20)):
            unsure, sure = outcome(state, days, 1.0, options, "low"), outcome(state, days, 1.0, options, "high")
            assert unsure[1].stability < sure[1].stability


@given(st.floats(0.1, 500), st.floats(1, 10), st.integers(0, 500), st.integers(2, 20))
def test_a_right_answer_lies_between_again_and_good_and_nearer_to_good_with_more_options(
    stability: float, difficulty: float, days: int, options: int
) -> None:
    state = MemoryState("fsrs6", 0, stability, difficulty)
    again, good = MODEL.next(state, Rating.AGAIN, days).stability, MODEL.next(state, Rating.GOOD, days).stability
    fewer = outcome(state, days, 1.0, options)[1].stability
    more = outcome(state, days, 1.0, options + 1)[1].stability
    assert again * (1 - 1e-9) <= fewer <= more * (1 + 1e-9)
    assert more <= good * (1 + 1e-9)


@pytest.mark.parametrize("score", [-0.1, 1.1, float("nan")])
def test_an_impossible_score_is_our_mistake(score: float) -> None:
    with pytest.raises(ValueError, match="not between 0 and 1"):
        outcome(STATE, 20, score)
