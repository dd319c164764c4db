"""A log from CSV: columns by name or by place, guesses by kind, and what can't be read is told with its line."""

from __future__ import annotations

import pytest

from quizapp.core.memory import Rating
from quizapp.core.memory.logs import LoggedReview, read_log
from quizapp.errors import Unreadable


def test_columns_are_found_by_name_in_any_order() -> None:
    log = read_log("\ufeffRating, card,note,elapsed_days\n3,a,x,0\n\n1,b,,0\n4,a,,2.75\n")
    assert log == [
        LoggedReview("a", Rating.GOOD, 0.0, 0),
        LoggedReview("b", Rating.AGAIN, 0.0, 0),
        LoggedReview("a", Rating.EASY, 2.75, 2),
    ]


def test_without_their_names_columns_have_their_order() -> None:
    assert read_log("7,3,0,true_false\n7,2,1.5,single_choice,5") == [
        LoggedReview("7", Rating.GOOD, 0.0, 0, 2),
        LoggedReview("7", Rating.HARD, 1.5, 1, 5),
    ]


@pytest.mark.parametrize(
    ("kind", "options", "equal"),
    [
        ("", "", None),
        ("", "4", 4),
        ("", "1", None),
        ("single_choice", "4", 4),
        ("single_choice", "", None),
        ("true_false", "", 2),
        ("multiple_choice", "3", 7),
        ("matching", "5", 5),
        ("ordering", "4", 24),
        ("short_answer", "4", None),
        ("flashcard", "", None),
    ],
)
def test_the_kind_says_among_how_many_a_guess_is_made(kind: str, options: str, equal: int | None) -> None:
    (review,) = read_log(f"card,rating,elapsed_days,kind,options\na,3,0,{kind},{options}")
    assert review.options == equal


def test_only_a_whole_success_may_be_a_guess() -> None:
    among = [LoggedReview("a", rating, 0, 0, 4).guessed_among for rating in Rating]
    assert among == [None, None, 4, 4]


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("", None, "There is no review in this file."),
        ("card,rating,elapsed_days\n", None, "There is no review in this file."),
        ("card,rating\na,3", 1, "No elapsed_days there."),
        ("word\n", 1, "No card there."),
        ("card,rating,elapsed_days\na,3,0\na,5,1", 3, "The rating is “5”; it must be 1, 2, 3 or 4."),
        ("card,rating,elapsed_days\na", 2, "The rating is “”"),
        ("card,rating,elapsed_days\n,3,0", 2, "There is no card in this row."),
        ("card,rating,elapsed_days\na,3,soon", 2, "elapsed_days is “soon”"),
        ("card,rating,elapsed_days\na,3,0\n\na,3,-1", 4, "elapsed_days is “-1”; it must be a number from 0 to 36500."),
        ("card,rating,elapsed_days\na,3,inf", 2, "elapsed_days is “inf”"),
        ("card,rating,elapsed_days\na,3,2", 2, "first review of card “a”; its elapsed_days must be 0."),
        ("card,rating,elapsed_days,kind\na,3,0,riddle", 2, "“riddle” is not a kind of question."),
        ("card,rating,elapsed_days,kind,options\na,3,0,ordering,99", 2, "a whole number from 1 to 20."),
        ("card,rating,elapsed_days,options\na,3,0,four", 2, "options is “four”"),
        pytest.param("a,3,0\na,3," + "0" * 200_000, 2, "The line is not CSV", id="a cell without end"),
    ],
)
def test_what_cant_be_read_is_told_with_its_line(text: str, line: int | None, reason: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_log(text)
    assert refusal.value.line == line
    assert reason in refusal.value.reason
