"""Scores and their reasons, kind by kind."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.grading import Grade, PartReason, grade
from quizapp.core.items import (
    Accepted,
    Cloze,
    Description,
    Essay,
    Flashcard,
    Gap,
    Item,
    MultipleChoice,
    Option,
    ShortAnswer,
    SingleChoice,
    TrueFalse,
)


def options(**weights: float) -> tuple[Option, ...]:
    return tuple(Option(id=name, text=f"Text {name}", weight=weight) for name, weight in weights.items())


SINGLE = SingleChoice(stem="Which?", options=options(a=1, b=0, c=0.5, d=-1))
TRUE_FALSE = TrueFalse(stem="True?", options=options(true=0, false=1))
PLAIN = MultipleChoice(stem="Which?", options=options(a=0.5, b=0.5, c=0, d=0, e=0))
WEIGHTED = MultipleChoice(stem="Which?", options=options(a=0.7, b=0.3, c=-0.2, d=0))
THIRDS = MultipleChoice(stem="Which?", options=options(a=0.33333, b=0.33333, c=0.33333, d=0))
SHORT = ShortAnswer(
    stem="Do what?",
    accepted=(
        Accepted(text="stabilise"),
        Accepted(text="support", weight=0.5, feedback="Say how."),
        Accepted(text="attack", weight=0, feedback="The opposite."),
    ),
)
CLOZE = Cloze(
    stem="{{1}} and {{2}}",
    gaps=(
        Gap(kind="typed", accepted=(Accepted(text="hydrogen"),)),
        Gap(kind="choice", options=options(o=1, n=0, f=0.5)),
    ),
)


def score(item: Item, answer: dict[str, Any] | None, policy: str | None = None) -> float:
    graded = grade(item, answer, policy=policy)
    assert graded.is_marked
    assert graded.score is not None
    return graded.score


def verdicts(item: Item, answer: dict[str, Any] | None) -> dict[str, str]:
    return {reason.part: reason.verdict for reason in grade(item, answer).reasons}


@pytest.mark.parametrize(("choice", "expected"), [("a", 1), ("b", 0), ("c", 0.5), ("d", 0), ("gone", 0), ("", 0)])
def test_single_choice_scores_the_weight_of_the_choice_but_never_below_zero(choice: str, expected: float) -> None:
    assert score(SINGLE, {"choice": choice}) == expected


def test_single_choice_tells_what_became_of_the_choice_and_of_the_key() -> None:
    assert verdicts(SINGLE, {"choice": "a"}) == {"a": "right"}
    assert verdicts(SINGLE, {"choice": "b"}) == {"a": "missed", "b": "wrong"}
    assert verdicts(SINGLE, {"choice": "c"}) == {"a": "missed", "c": "partly"}
    assert verdicts(SINGLE, None) == {"a": "missed"}


def test_true_false() -> None:
    assert score(TRUE_FALSE, {"choice": "false"}) == 1
    assert score(TRUE_FALSE, {"choice": "true"}) == 0
    assert verdicts(TRUE_FALSE, {"choice": "true"}) == {"true": "wrong", "false": "missed"}


@pytest.mark.parametrize(
    ("item", "choices", "partial", "all_or_nothing", "right_minus_wrong"),
    [
        (PLAIN, "ab", 1, 1, 1),
        (PLAIN, "a", 0.5, 0, 0.5),
        (PLAIN, "abc", 1 - 1 / 3, 0, 0.5),
        (PLAIN, "ac", 0.5 - 1 / 3, 0, 0),
        (PLAIN, "abcde", 0, 0, 0),
        (PLAIN, "cde", 0, 0, 0),
        (PLAIN, "", 0, 0, 0),
        (WEIGHTED, "ab", 1, 1, 1),
        (WEIGHTED, "a", 0.7, 0, 0.7),
        (WEIGHTED, "ac", 0.5, 0, 0.2),
        (WEIGHTED, "bc", 0.1, 0, 0),
        (WEIGHTED, "abc", 0.8, 0, 0.5),
        (WEIGHTED, "abd", 1, 0, 0.5),
        (WEIGHTED, "c", 0, 0, 0),
        (THIRDS, "abc", 1, 1, 1),
        (THIRDS, "abcd", 0, 0, 2 / 3),
    ],
)
def test_multiple_choice_by_each_policy(
    item: MultipleChoice, choices: str, partial: float, all_or_nothing: float, right_minus_wrong: float
) -> None:
    answer = {"choices": list(choices)}
    assert score(item, answer) == pytest.approx(partial, abs=1e-4)
    assert score(item, answer, "partial") == score(item, answer)
    assert score(item, answer, "all_or_nothing") == all_or_nothing
    assert score(item, answer, "right_minus_wrong") == pytest.approx(right_minus_wrong, abs=1e-4)


def test_a_full_multiple_choice_answer_scores_exactly_one_though_thirds_do_not_sum_to_it() -> None:
    assert score(THIRDS, {"choices": ["a", "b", "c"]}) == 1.0


def test_multiple_choice_tells_right_wrong_and_missed() -> None:
    assert verdicts(PLAIN, {"choices": ["a", "c"]}) == {"a": "right", "b": "missed", "c": "wrong"}


def test_an_items_own_policy_is_used_and_an_unknown_one_is_our_mistake() -> None:
    item = MultipleChoice(stem="?", options=PLAIN.options, choice_policy="all_or_nothing")
    assert score(item, {"choices": ["a"]}) == 0
    assert score(item, {"choices": ["a"]}, "partial") == 0.5
    with pytest.raises(ValueError, match="no choice policy"):
        grade(item, {"choices": ["a"]}, policy="generous")


@pytest.mark.parametrize(
    ("typed", "expected", "verdict", "text"),
    [
        ("stabilise", 1, "right", "Right."),
        ("Stabilize", 1, "right", "Counted as “stabilise”, another spelling."),
        ("stabilisse", 1, "right", "Counted as “stabilise”, with a slip in typing."),
        ("support", 0.5, "partly", "Partly right. Say how."),
        ("suport", 0.5, "partly", "Counted as “support”, with a slip in typing. Say how."),
        ("attack", 0, "wrong", "Not the answer. The opposite."),
        ("atack", 0, "wrong", "Not the answer. The opposite."),
        ("destabilise", 0, "wrong", "Not an accepted answer."),
        (" ", 0, "missed", "Not answered."),
    ],
)
def test_a_short_answer_says_what_it_counted_as(typed: str, expected: float, verdict: Any, text: str) -> None:
    graded = grade(SHORT, {"text": typed})
    assert graded == Grade(expected, True, (PartReason("1", verdict, text),))


@pytest.mark.parametrize(
    ("gaps", "expected", "verdict"),
    [
        (["hydrogen", "o"], 1, ["right", "right"]),
        (["Hydrogn", "n"], 0.5, ["right", "wrong"]),
        (["helium", "f"], 0.25, ["wrong", "partly"]),
        (["", ""], 0, ["missed", "missed"]),
        (["hydrogen"], 0.5, ["right", "missed"]),
        (["", "oxygen"], 0, ["missed", "missed"]),
    ],
)
def test_a_cloze_scores_the_mean_of_its_gaps(gaps: list[str], expected: float, verdict: list[str]) -> None:
    assert score(CLOZE, {"gaps": gaps}) == expected
    assert list(verdicts(CLOZE, {"gaps": gaps}).values()) == verdict
    assert list(verdicts(CLOZE, {"gaps": gaps})) == ["1", "2"]


@pytest.mark.parametrize("item", [SINGLE, TRUE_FALSE, PLAIN, SHORT, CLOZE])
@pytest.mark.parametrize("answer", [None, {}, {"choice": None}, {"choices": None}, {"text": 5}, {"gaps": "ho"}])
def test_no_answer_and_one_of_another_shape_score_zero(item: Item, answer: dict[str, Any] | None) -> None:
    graded = grade(item, answer)
    assert graded.score == 0
    assert graded.is_marked
    assert {reason.verdict for reason in graded.reasons} == {"missed"}


@pytest.mark.parametrize("item", [Flashcard(stem="Front", answer="Back"), Description(stem="Read.")])
def test_cards_and_descriptions_carry_no_mark(item: Item) -> None:
    assert grade(item, {"rating": 3}) == Grade(None, False, ())


def test_an_essay_waits_for_its_mark_unless_nothing_was_written() -> None:
    graded = grade(Essay(stem="Discuss."), {"text": "Well."})
    assert graded == Grade(None, True, ())
    assert graded.waits
    for answer in (None, {}, {"text": " \n"}, {"text": 3}):
        graded = grade(Essay(stem="Discuss."), answer)
        assert graded == Grade(0.0, True, (PartReason("1", "missed", "Not answered."),))
        assert not graded.waits


@given(
    st.lists(st.sampled_from([0.25, 0.5, 0.75, 1.0]), min_size=1, max_size=4),
    st.lists(st.sampled_from([0.0, 0.0, -0.25, -1.0]), max_size=4),
    st.sets(st.integers(0, 7)),
    st.sampled_from(["partial", "all_or_nothing", "right_minus_wrong"]),
)
def test_scores_stay_within_bounds_and_only_the_keys_alone_earn_all_without_penalties(
    shares: list[float], wrong: list[float], picked: set[int], policy: str
) -> None:
    weights = [share / sum(shares) for share in shares] + wrong
    item = MultipleChoice(
        stem="?",
        options=tuple(Option(id=str(number), text="x", weight=weight) for number, weight in enumerate(weights)),
    )
    chosen = [str(number) for number in sorted(picked) if number < len(weights)]
    keys = [str(number) for number in range(len(shares))]
    assert 0 <= score(item, {"choices": chosen}, policy) <= 1
    assert score(item, {"choices": keys}, policy) == 1
    if all(weight == 0 for weight in wrong) and chosen != keys:
        assert score(item, {"choices": chosen}, policy) < 1


@given(
    st.lists(st.floats(0.1, 1) | st.floats(-1, -0.1), min_size=2, max_size=6),
    st.sets(st.integers(0, 5)),
    st.integers(0, 5),
    st.floats(0, 1),
    st.sampled_from(["partial", "all_or_nothing", "right_minus_wrong"]),
)
def test_a_choice_that_is_worth_more_never_scores_less(
    weights: list[float], picked: set[int], place: int, towards: float, policy: str
) -> None:
    place %= len(weights)
    chosen = {"choices": [str(number) for number in picked | {place} if number < len(weights)]}
    best = 1.0 if weights[place] > 0 else -0.1
    raised = [*weights[:place], weights[place] + towards * (best - weights[place]), *weights[place + 1 :]]
    if any(weight > 0 for weight in weights):
        before, after = (
            MultipleChoice(
                stem="?",
                options=tuple(Option(id=str(number), text="x", weight=weight) for number, weight in enumerate(each)),
            )
            for each in (weights, raised)
        )
        assert score(before, chosen, policy) <= score(after, chosen, policy) + 1e-9


@given(st.text(max_size=80))
def test_any_typed_text_gets_a_grade_and_always_the_same(typed: str) -> None:
    graded = grade(SHORT, {"text": typed})
    assert graded.score in {0.0, 0.5, 1.0}
    assert grade(SHORT, {"text": typed}) == graded
