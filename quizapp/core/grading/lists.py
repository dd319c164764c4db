"""Matching and ordering: rows that are joined or stand in order, each for its share of the credit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from quizapp.core.grading.grades import Grade, PartReason
from quizapp.core.items import Matching, Ordering


def matching_grade(item: Matching, matches: Any) -> Grade:
    """Return the share of left sides with their right side; `matches` holds one text each, in the item's order."""
    given = list(matches) if isinstance(matches, (list, tuple)) else []
    keys = [pair.right for pair in item.pairs if pair.left is not None]
    given += [""] * (len(keys) - len(given))
    reasons = []
    for number, (key, text) in enumerate(zip(keys, given, strict=False), 1):
        if not isinstance(text, str) or not text:
            reasons.append(PartReason(str(number), "missed", "Not answered."))
        elif text == key:
            reasons.append(PartReason(str(number), "right", "Right."))
        else:
            reasons.append(PartReason(str(number), "wrong", "Not the answer."))
    right = sum(reason.verdict == "right" for reason in reasons)
    return Grade(right / len(keys), True, tuple(reasons))


def ordering_grade(item: Ordering, order: Any) -> Grade:
    """Return how much of an order stands: the most entries that need no move, less the one that always is so.

    Of n entries with m in place the score is (m − 1)/(n − 1), so one entry astray among four earns 2/3, and the
    reverse of the right order 0.
    """
    given = list(order) if isinstance(order, (list, tuple)) else []
    places = {entry: place for place, entry in enumerate(item.order)}
    if not given or not all(isinstance(entry, str) and entry in places for entry in given):
        return Grade(
            0.0, True, tuple(PartReason(str(place + 1), "missed", "Not answered.") for place in places.values())
        )
    kept = _longest_rise([places[entry] for entry in given])
    score = (len(kept) - 1) / (len(item.order) - 1)
    reasons = [
        PartReason(str(number), "right", "In its place.")
        if place in kept and score > 0
        else PartReason(str(number), "wrong", "Out of its place.")
        for number, place in enumerate((places[entry] for entry in given), 1)
    ]
    return Grade(score, True, tuple(reasons))


def _longest_rise(places: Sequence[int]) -> set[int]:
    """Return a longest choice of places that rise as they stand; the first of equal ones."""
    best: list[list[int]] = []
    for at, place in enumerate(places):
        before = [best[earlier] for earlier in range(at) if places[earlier] < place]
        longest: list[int] = max(before, key=len) if before else []
        best.append([*longest, place])
    kept: list[int] = max(best, key=len)
    return set(kept)
