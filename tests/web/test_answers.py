"""Answers between forms and questions, for every kind: there and back, and nothing of the key before its time."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from quizapp.core.grading import grade
from quizapp.core.items import (
    Accepted,
    Flashcard,
    Item,
    Matching,
    MultipleChoice,
    Numeric,
    Option,
    Ordering,
    Pair,
)
from quizapp.demo import made_up_answer
from quizapp.errors import Invalid
from quizapp.web.answered import AnsweredRow, answered_view
from quizapp.web.answers import answer_fields, read_answer, typed_answer
from quizapp.web.questions import ASKABLE_KINDS, question_view, shuffled_options
from tests.seed.readings import bank

ONE_OF_EACH = {asked.item.kind: asked.item for asked in bank()}
NUMBER = Numeric(
    stem="How far?", accepted=(Accepted(number=10, tolerance=0.5, feedback="CANARY"),), unit="km", feedback="CANARY"
)
PAIRS = Matching(
    stem="Which?",
    pairs=(Pair(left="one", right="first"), Pair(left="two", right="second\nof all"), Pair(right="third")),
)
ORDER = Ordering(stem="In which order?", order=("a", "b", "c", "d"))
TWO_WAY = Flashcard(stem="Front?", answer="Back.", is_reversible=True)


@pytest.mark.parametrize("kind", ASKABLE_KINDS)
@pytest.mark.parametrize("is_right", [True, False])
def test_an_answer_goes_through_a_form_and_back(kind: str, is_right: bool) -> None:
    item = ONE_OF_EACH[kind]
    answer = made_up_answer(item, is_right, Random(1))
    fields = answer_fields(answer)
    form = MultiDict(
        [(name, str(value)) for name, sent in fields.items() for value in (sent if isinstance(sent, list) else [sent])]
    )
    assert read_answer(item, form) == answer
    assert read_answer(item, MultiDict()) is None
    assert answer_fields(None) == {}


@pytest.mark.parametrize("kind", ASKABLE_KINDS)
def test_what_was_answered_stands_in_the_question_again(kind: str) -> None:
    item = ONE_OF_EACH[kind]
    order = shuffled_options(item, "7 1")
    answer = made_up_answer(item, True, Random(1))
    blank, filled = question_view(item, order), question_view(item, order, answer)
    assert (blank != filled) == (kind != "flashcard")


def test_lines_are_broken_anew_on_the_way() -> None:
    sent = MultiDict({"match-1": "first", "match-2": "second\r\nof all"})
    assert read_answer(PAIRS, sent) == {"matches": ["first", "second\nof all"]}


def test_a_match_that_was_not_offered_is_refused() -> None:
    with pytest.raises(Invalid, match="Choose one of the options shown"):
        read_answer(PAIRS, MultiDict({"match-1": "fourth"}))


def test_what_is_no_number_is_refused_and_stays_in_the_field() -> None:
    sent = MultiDict({"text": "about ten"})
    with pytest.raises(Invalid, match="Write a number"):
        read_answer(NUMBER, sent)
    assert question_view(NUMBER, [], typed_answer(NUMBER, sent)).text == "about ten"


def orders(*entries: str, **more: str) -> MultiDict[str, str]:
    return MultiDict({f"order-{number}": entry for number, entry in enumerate(entries, 1)} | more)


def test_an_order_that_nobody_touched_is_no_answer_unless_it_is_meant() -> None:
    assert read_answer(ORDER, orders("b", "a", "d", "c")) is None
    assert read_answer(ORDER, orders("b", "a", "d", "c"), is_as_shown=True) == {"order": ["b", "a", "d", "c"]}
    assert read_answer(ORDER, orders("b", "a", "d", "c", is_ordered="yes")) == {"order": ["b", "a", "d", "c"]}
    assert read_answer(ORDER, MultiDict(), is_as_shown=True) is None


@pytest.mark.parametrize(
    ("move", "order"),
    [("up-2", "bacd"), ("down-2", "acbd"), ("up-1", "abcd"), ("down-4", "abcd"), ("up-9", "abcd"), ("over-x", "abcd")],
)
def test_one_step_moves_one_entry_and_counts_as_touching(move: str, order: str) -> None:
    assert read_answer(ORDER, orders(*"abcd", move=move)) == {"order": list(order)}


@pytest.mark.parametrize("entries", [("a", "b", "c", "z"), ("a", "a", "b", "c"), ("a", "b", "c", "")])
def test_an_order_with_other_entries_is_refused_and_shown_as_at_first(entries: tuple[str, ...]) -> None:
    sent = orders(*entries, is_ordered="yes")
    with pytest.raises(Invalid, match="Put each entry"):
        read_answer(ORDER, sent)
    shown = question_view(ORDER, [2, 0, 3, 1], typed_answer(ORDER, sent))
    assert (shown.entries, shown.is_ordered) == (("c", "a", "d", "b"), False)


@pytest.mark.parametrize("seed", range(60))
def test_an_order_never_begins_right_and_the_seed_decides_it(seed: int) -> None:
    places = shuffled_options(ORDER, f"{seed} 1")
    assert sorted(places) == [0, 1, 2, 3]
    assert places != [0, 1, 2, 3]
    assert places == shuffled_options(ORDER, f"{seed} 1")


def test_answers_that_keep_their_order_stand_by_the_alphabet_not_beside_their_left_sides() -> None:
    item = Matching(stem="?", pairs=(Pair(left="1", right="z"), Pair(left="2", right="a")), shuffle_options=False)
    assert [option.text for option in question_view(item, shuffled_options(item, "1")).options] == ["a", "z"]
    assert [option.text for option in question_view(item, []).options] == ["a", "z"]
    assert question_view(ORDER, []).entries == ("a", "b", "c", "d")


@pytest.mark.parametrize("item", [NUMBER, PAIRS, ORDER], ids=lambda item: item.kind)
def test_the_view_before_the_answer_holds_no_key(item: Item) -> None:
    shown = question_view(item, shuffled_options(item, "3 1"))
    assert "CANARY" not in str(shown)
    assert "10" not in str(shown)
    assert all(left.value == "" for left in shown.lefts)
    assert {option.id for option in shown.options} == ({"first", "second\nof all", "third"} if shown.lefts else set())


@pytest.mark.parametrize(
    ("policy", "says"), [("partial", "takes some"), ("right_minus_wrong", "as much"), ("all_or_nothing", "whole")]
)
def test_how_several_answers_are_marked_is_said_before(policy: Any, says: str) -> None:
    options = (Option(id="a", text="A", weight=1), Option(id="b", text="B", weight=-1))
    assert says in question_view(MultipleChoice(stem="?", options=options, choice_policy=policy), []).hint


def test_a_partly_right_answer_says_its_share() -> None:
    answer = {"matches": ["first", "third"]}
    view = answered_view(PAIRS, [], answer, grade(PAIRS, answer))
    assert (view.state, view.share) == ("partly", "1 of 2, 50\N{NO-BREAK SPACE}% of the mark")
    assert view.rows == (
        AnsweredRow("one", "first", "first", "right"),
        AnsweredRow("two", "third", "second\nof all", "wrong"),
    )
    answer = {"order": ["b", "c", "d", "a"]}
    view = answered_view(ORDER, [], answer, grade(ORDER, answer))
    assert view.share == "3 of 4, 67\N{NO-BREAK SPACE}% of the mark"
    assert [row.key for row in view.rows] == ["a", "b", "c", "d"]


def test_a_number_is_shown_with_its_unit_its_key_and_what_else_counts() -> None:
    view = answered_view(NUMBER, [], {"text": "10,3"}, grade(NUMBER, {"text": "10,3"}))
    assert (view.given, view.keys, view.also) == (
        "10,3 km",
        ("10 km",),
        "Anything from 9.5 to 10.5 km counts as right.",
    )
    view = answered_view(NUMBER, [], {"text": "10 km"}, grade(NUMBER, {"text": "10 km"}))
    assert (view.given, view.keys) == ("10 km", ())


def test_a_card_with_two_directions_is_asked_in_either() -> None:
    asked = {tuple(shuffled_options(TWO_WAY, f"{seed} 1")) for seed in range(30)}
    assert asked == {(0,), (1,)}
    front, back = question_view(TWO_WAY, [0]), question_view(TWO_WAY, [1])
    assert (str(front.stem), str(back.stem)) == ("Front?", "Back.")
    assert back.hint
    assert not front.hint
    assert answered_view(TWO_WAY, [1], {"rating": 3}, grade(TWO_WAY, {"rating": 3})).key == "Front?"
    one_way = Flashcard(stem="Front?", answer="Back.")
    assert shuffled_options(one_way, "1 1") == []
    assert str(question_view(one_way, [1]).stem) == "Front?"
