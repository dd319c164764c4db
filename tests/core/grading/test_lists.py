"""Matching and ordering: each row for its share."""

from __future__ import annotations

from itertools import permutations

import pytest

from quizapp.core.grading import grade
from quizapp.core.items import Matching, Ordering, Pair

MATCHING = Matching(
    stem="Which?",
    pairs=(Pair(left="1", right="a"), Pair(left="2", right="b"), Pair(left="3", right="a"), Pair(right="z")),
)
ORDERING = Ordering(stem="In which order?", order=("a", "b", "c", "d"))


@pytest.mark.parametrize(
    ("matches", "score", "verdicts"),
    [
        (["a", "b", "a"], 1, ["right", "right", "right"]),
        (["b", "b", "z"], 1 / 3, ["wrong", "right", "wrong"]),
        (["a", "", ""], 1 / 3, ["right", "missed", "missed"]),
        (["z", "a", "b"], 0, ["wrong", "wrong", "wrong"]),
        (["a"], 1 / 3, ["right", "missed", "missed"]),
        (["a", "b", "a", "a"], 1, ["right", "right", "right"]),
        ("aba", 0, ["missed", "missed", "missed"]),
        (None, 0, ["missed", "missed", "missed"]),
    ],
)
def test_each_left_side_earns_its_share(matches: object, score: float, verdicts: list[str]) -> None:
    graded = grade(MATCHING, {"matches": matches})
    assert graded.score == pytest.approx(score)
    assert [reason.verdict for reason in graded.reasons] == verdicts
    assert [reason.part for reason in graded.reasons] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("order", "score", "out_of_place"),
    [
        ("abcd", 1, ""),
        ("bcda", 2 / 3, "a"),
        ("acbd", 2 / 3, "b"),
        ("dabc", 2 / 3, "d"),
        ("badc", 1 / 3, "ac"),
        ("cdab", 1 / 3, "ab"),
        ("dcba", 0, "abcd"),
    ],
)
def test_an_order_earns_by_the_entries_that_need_no_move(order: str, score: float, out_of_place: str) -> None:
    graded = grade(ORDERING, {"order": list(order)})
    assert graded.score == pytest.approx(score)
    wrong = {entry for entry, reason in zip(order, graded.reasons, strict=True) if reason.verdict == "wrong"}
    assert wrong == set(out_of_place)


def test_only_the_right_order_earns_everything_and_only_the_reverse_nothing() -> None:
    scores = {order: grade(ORDERING, {"order": list(order)}).score for order in permutations(ORDERING.order)}
    assert [order for order, score in scores.items() if score == 1] == [ORDERING.order]
    assert [order for order, score in scores.items() if score == 0] == [ORDERING.order[::-1]]


@pytest.mark.parametrize("order", [None, [], "abcd", ["a", "x", "b", "c"], [1, 2, 3, 4]])
def test_what_is_no_order_earns_nothing(order: object) -> None:
    graded = grade(ORDERING, {"order": order})
    assert graded.score == 0
    assert {reason.verdict for reason in graded.reasons} == {"missed"}
