"""The shape of an answer, and whether there is one."""

from __future__ import annotations

from typing import Any

import pytest

from quizapp.core.grading import check_answer, is_answered
from quizapp.core.items import (
    Accepted,
    Cloze,
    Description,
    Essay,
    Flashcard,
    Gap,
    Item,
    Matching,
    MultipleChoice,
    Numeric,
    Option,
    Ordering,
    Pair,
    ShortAnswer,
    SingleChoice,
    TrueFalse,
)
from quizapp.errors import Invalid

OPTIONS = (Option(id="a", text="A", weight=1), Option(id="b", text="B"))
SINGLE = SingleChoice(stem="?", options=OPTIONS)
MULTIPLE = MultipleChoice(stem="?", options=OPTIONS)
TRUE_FALSE = TrueFalse(stem="?", options=(Option(id="true", text="True", weight=1), Option(id="false", text="False")))
SHORT = ShortAnswer(stem="?", accepted=(Accepted(text="x"),))
CLOZE = Cloze(
    stem="{{1}}{{2}}",
    gaps=(Gap(kind="typed", accepted=(Accepted(text="x"),)), Gap(kind="choice", options=OPTIONS)),
)
NUMBER = Numeric(stem="?", accepted=(Accepted(number=3),), unit="km")
PAIRS = Matching(stem="?", pairs=(Pair(left="1", right="x"), Pair(left="2", right="y"), Pair(right="z")))
ORDER = Ordering(stem="?", order=("p", "q", "r"))
ESSAY = Essay(stem="Discuss.")
CARD = Flashcard(stem="?", answer="!")
TEXT = Description(stem="Read.")


@pytest.mark.parametrize(
    ("item", "answer"),
    [
        (SINGLE, {"choice": "b"}),
        (TRUE_FALSE, {"choice": "true"}),
        (MULTIPLE, {"choices": ["a", "b"]}),
        (SHORT, {"text": "anything"}),
        (CLOZE, {"gaps": ["x", "b"]}),
        (CLOZE, {"gaps": ["", "b"]}),
        (NUMBER, {"text": "3,5 km"}),
        (PAIRS, {"matches": ["x", "z"]}),
        (PAIRS, {"matches": ["", "x"]}),
        (ORDER, {"order": ["r", "q", "p"]}),
        (CARD, {"rating": 4}),
        (ESSAY, {"text": "First.\r\n\r\nThen. " * 1000}),
    ],
)
def test_a_fitting_answer_is_answered_and_passes(item: Item, answer: dict[str, Any]) -> None:
    check_answer(item, answer)
    assert is_answered(item, answer)


@pytest.mark.parametrize(
    ("item", "answer"),
    [
        (SINGLE, None),
        (SINGLE, {}),
        (MULTIPLE, {"choices": []}),
        (SHORT, {"text": " "}),
        (CLOZE, {"gaps": ["", ""]}),
        (NUMBER, {"text": " "}),
        (PAIRS, {"matches": ["", ""]}),
    ],
)
def test_an_empty_answer_passes_but_is_not_answered(item: Item, answer: dict[str, Any] | None) -> None:
    check_answer(item, answer)
    assert not is_answered(item, answer)


def test_a_description_asks_for_nothing() -> None:
    check_answer(TEXT, None)
    assert is_answered(TEXT, None)


@pytest.mark.parametrize(
    ("item", "answer", "field"),
    [
        (SINGLE, {"choice": "z"}, "choice"),
        (SINGLE, {"choice": ["a"]}, "choice"),
        (SINGLE, {"choice": "a", "text": "b"}, "choice"),
        (SINGLE, {"choices": ["a"]}, "choice"),
        (TRUE_FALSE, {"choice": True}, "choice"),
        (MULTIPLE, {"choices": "a"}, "choices"),
        (MULTIPLE, {"choices": ["a", "z"]}, "choices"),
        (MULTIPLE, {"choices": ["a", "a"]}, "choices"),
        (MULTIPLE, {"choices": [["a"]]}, "choices"),
        (SHORT, {"text": 5}, "text"),
        (SHORT, {"text": "x" * 501}, "text"),
        (SHORT, {"text": "x\x00"}, "text"),
        (SHORT, {"text": "x\udc00"}, "text"),
        (CLOZE, {"gaps": ["x"]}, "gaps"),
        (CLOZE, {"gaps": "xb"}, "gaps"),
        (CLOZE, {"gaps": ["x", "z"]}, "gaps"),
        (CLOZE, {"gaps": [3, "a"]}, "gaps"),
        (NUMBER, {"text": 3}, "text"),
        (NUMBER, {"text": "about three"}, "text"),
        (NUMBER, {"text": "3 miles"}, "text"),
        (NUMBER, {"text": "x" * 501}, "text"),
        (PAIRS, {"matches": ["x"]}, "matches"),
        (PAIRS, {"matches": "xy"}, "matches"),
        (PAIRS, {"matches": ["x", "w"]}, "matches"),
        (PAIRS, {"matches": [["x"], "y"]}, "matches"),
        (ORDER, {"order": ["p", "q"]}, "order"),
        (ORDER, {"order": ["p", "p", "q"]}, "order"),
        (ORDER, {"order": "pqr"}, "order"),
        (ORDER, {"order": [["p"], "q", "r"]}, "order"),
        (CARD, {"rating": 0}, "rating"),
        (CARD, {"rating": 5}, "rating"),
        (CARD, {"rating": True}, "rating"),
        (CARD, {"rating": 3.0}, "rating"),
        (CARD, {"rating": "3"}, "rating"),
        (CARD, {"rating": [3]}, "rating"),
        (ESSAY, {"text": "x" * 20_001}, "text"),
        (ESSAY, {"essay": "x"}, "text"),
        (TEXT, {"text": "Hello"}, ""),
    ],
)
def test_a_malformed_answer_is_refused_with_its_field(item: Item, answer: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        check_answer(item, answer)
    assert refusal.value.field == field
    assert refusal.value.message.endswith(".")
