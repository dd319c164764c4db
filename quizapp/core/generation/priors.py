"""How many drafts of a rule reviewers accept: a first guess by reading, moved by their decisions."""

from __future__ import annotations

_GUESS = 0.6  # of a rule or model that nobody has read yet
_STRENGTH = 12  # decisions that the first guess is worth
# Share accepted when the drafts on the open paragraphs were read one by one.
_READ: dict[str, float] = {}


def expected_rate(rule: str, judged: tuple[int, int]) -> float:
    """Return the mean of the Beta distribution that the first guess and (accepted, judged) decisions give."""
    accepted, number = judged
    return (_READ.get(rule, _GUESS) * _STRENGTH + accepted) / (_STRENGTH + number)
