"""What a way of asking makes of a score: tries at one question, and certainty said before the answer is known."""

from __future__ import annotations

from collections.abc import Mapping

# Gardner-Medwin's scheme, scaled to a full mark of 1: “low” pays best below a chance of 2/3, “high” above 4/5.
_RIGHT: Mapping[str, float] = {"low": 1 / 3, "mid": 2 / 3, "high": 1.0}
_WRONG: Mapping[str, float] = {"low": 0.0, "mid": -2 / 3, "high": -2.0}
CERTAINTIES = tuple(_RIGHT)


def certainty_mark(score: float, certainty: str) -> float:
    """Return the share of the mark, −2..1, for a score 0..1 given with low, mid or high certainty.

    Any credit counts as right and earns its part: right at low 1/3, half right at high 1/2, wrong at mid −2/3. Raises
    ValueError for another certainty.
    """
    if certainty not in _RIGHT:
        raise ValueError(f"there is no certainty {certainty}")
    return score * _RIGHT[certainty] if score > 0 else _WRONG[certainty]


def tries_factor(wrong_tries: int, penalty: float) -> float:
    """Return what is left of the credit, 0..1, after so many wrong tries that each cost `penalty` (0..1) of it.

    A penalty of 1/3 leaves 2/3 after one wrong try, and nothing after three.
    """
    if wrong_tries < 0:
        raise ValueError(f"{wrong_tries} wrong tries can't be")
    left = 1 - wrong_tries * penalty
    return left if left > 1e-9 else 0.0  # thirds sum to a hair less than a whole
