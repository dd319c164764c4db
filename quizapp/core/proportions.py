"""Shares of what was counted: their intervals, and shares expected beside shares found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from quizapp.core.beta import beta_quantile

_TAIL = 0.025


@dataclass(frozen=True)
class Tally:
    """Reviews, how many of them were recalled, and how many were expected to be."""

    reviews: int = 0
    recalled: int = 0
    expected: float = 0.0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.reviews + other.reviews, self.recalled + other.recalled, self.expected + other.expected)

    @property
    def share(self) -> float:
        """The share recalled, 0..1; only of some reviews."""
        return self.recalled / self.reviews

    @property
    def expected_share(self) -> float:
        """The mean chance of recall just before the reviews, 0..1."""
        return self.expected / self.reviews

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the share.

        Jeffreys' (Brown, Cai & DasGupta 2001), reaching the end of the scale where all or none were recalled;
        18 of 20 give .716–.978.
        """
        a, b = self.recalled + 0.5, self.reviews - self.recalled + 0.5
        low = beta_quantile(_TAIL, a, b) if self.recalled else 0.0
        high = beta_quantile(1 - _TAIL, a, b) if self.recalled < self.reviews else 1.0
        return low, high


def grouped(tallies: Iterable[Tally], fewest: int) -> list[Tally]:
    """Join neighbours, in order, until every group has at least `fewest` reviews; none when all together have not."""
    groups: list[Tally] = []
    rest = Tally()
    for tally in tallies:
        rest += tally
        if rest.reviews >= fewest:
            groups.append(rest)
            rest = Tally()
    if rest.reviews and groups:
        groups[-1] += rest
    return groups
