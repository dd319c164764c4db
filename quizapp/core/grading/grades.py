"""A grade: a score with its reasons."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["right", "partly", "wrong", "missed"]


@dataclass(frozen=True)
class PartReason:
    """What became of one part of an answer, in a short sentence.

    `part` is an option's id, else the number of a gap, of a left side, or of an entry as it was placed.
    """

    part: str
    verdict: Verdict
    text: str


@dataclass(frozen=True)
class Grade:
    """A score from 0 to 1 and its reasons; None where there is no mark, or where `is_marked`, not yet."""

    score: float | None
    is_marked: bool
    reasons: tuple[PartReason, ...]

    @property
    def waits(self) -> bool:
        """Whether a person is still to mark it."""
        return self.is_marked and self.score is None
