"""What a quiz answer says about memory: the rating it counts as, discounted where it may have been a guess."""

from __future__ import annotations

from quizapp.core.memory.model import FIRST_RECALL, MemoryModel, MemoryState, Rating, known_chance, mix


def quiz_outcome(
    model: MemoryModel,
    state: MemoryState | None,
    elapsed_days: float,
    *,
    score: float,
    guess_chance_options: int | None,
    certainty: str | None,
) -> tuple[Rating, MemoryState]:
    """Return the rating that a quiz answer counts as, and the state after it.

    Wrong or less than half right counts as Again, half right or right with low certainty as Hard, right as Good.
    A right answer among `guess_chance_options` equally likely ones (None where it was produced) moves the state only
    as far as it was probably known. `score` is 0..1, `certainty` low, mid, high or None; `state` is None at first
    sight. Stability 10, difficulty 5, 20 days, right, 4 options give stability 38.5782 (44.6982 if produced).
    """
    if not 0 <= score <= 1:
        raise ValueError(f"a score of {score} is not between 0 and 1")
    rating = _rating(score, certainty)
    options = guess_chance_options if score == 1 else None
    return rating, state_after(model, state, rating, elapsed_days, options)


def state_after(
    model: MemoryModel, state: MemoryState | None, rating: Rating, elapsed_days: float, options: int | None
) -> MemoryState:
    """Return the state after a review, moved only as far as the answer was probably known.

    `options` is the number of equally likely answers that it may be a guess among, None where it counts in full.
    """
    after = _rated(model, state, rating, elapsed_days)
    if options is None:
        return after
    recall = FIRST_RECALL if state is None else model.recall(state, elapsed_days)
    return mix(after, _rated(model, state, Rating.AGAIN, elapsed_days), known_chance(recall, options))


def _rating(score: float, certainty: str | None) -> Rating:
    if score < 0.5:
        return Rating.AGAIN
    return Rating.HARD if score < 1 or certainty == "low" else Rating.GOOD


def _rated(model: MemoryModel, state: MemoryState | None, rating: Rating, elapsed_days: float) -> MemoryState:
    return model.first(rating) if state is None else model.next(state, rating, elapsed_days)
