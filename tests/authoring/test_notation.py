"""Gaps as teachers write them: what is understood, what is refused, and that nothing is lost on the way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.authoring.notation import ChoiceGap, TypedGap, WrittenGap, read_gaps, write_gaps
from quizapp.core.items import split_stem
from quizapp.errors import Unreadable


def test_a_typed_gap_lists_its_accepted_answers() -> None:
    stem, gaps = read_gaps("The [[Orange Revolution | Orange revolution]] began in [[2004]].")
    assert stem == "The {{1}} began in {{2}}."
    assert gaps == (TypedGap(("Orange Revolution", "Orange revolution")), TypedGap(("2004",)))


def test_a_star_makes_a_gap_of_choices() -> None:
    stem, gaps = read_gaps("In [[1989 / *1991/ 2004]].")
    assert stem == "In {{1}}."
    assert gaps == (ChoiceGap(("1989", "1991", "2004"), 1),)


def test_a_slash_without_a_star_stays_in_a_typed_answer() -> None:
    assert read_gaps("[[and/or]]")[1] == (TypedGap(("and/or",)),)


def test_a_backslash_takes_the_meaning_away() -> None:
    stem, gaps = read_gaps(r"\[[x\]] is [[\*tion | a\|b]] and [[*left\/right / up]]")
    assert stem == "[[x]] is {{1}} and {{2}}"
    assert gaps == (TypedGap(("*tion", "a|b")), ChoiceGap(("left/right", "up"), 0))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("No gap at all", "There is no gap yet"),
        ("The [[Orange Revolution began", "“[[Orange Revolution began” is not closed"),
        ("The [[Orange [[Revolution]]", "“[[Orange” is not closed"),
        ("The Orange]] Revolution", "without the “[[”"),
        ("The [[ ]] Revolution", "Gap 1 is empty"),
        ("[[a]] and [[|]]", "Gap 2 is empty"),
        ("[[*a]]", "Gap 1 has a star, so it needs two or more choices"),
        ("[[*a / ]]", "Gap 1 has a star, so it needs two or more choices"),
        ("[[*a / *b]]", "Gap 1 has 2 stars"),
        ("[[*a / b / a]]", "Gap 1 offers “a” twice"),
        ("{{1}} and [[a]]", "Double braces"),
    ],
)
def test_what_cannot_be_understood_is_refused_by_name(text: str, reason: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_gaps(text)
    assert reason in refusal.value.message


characters = st.text(alphabet=st.sampled_from("ab é[]|/\\* \n.“"), max_size=12)
words = characters.map(str.strip).filter(bool)
runs = characters
typed = st.lists(words, min_size=1, max_size=3, unique=True).map(lambda answers: TypedGap(tuple(answers)))
choice = st.builds(
    lambda choices, right: ChoiceGap(tuple(choices), right % len(choices)),
    st.lists(words, min_size=2, max_size=4, unique=True),
    st.integers(0, 3),
)


@given(st.lists(st.tuples(typed | choice, runs), min_size=1, max_size=4), runs)
def test_what_is_written_is_read_back(pieces: list[tuple[WrittenGap, str]], first: str) -> None:
    stem = first + "".join(f"{{{{{number}}}}}{run}" for number, (_, run) in enumerate(pieces, 1))
    gaps = tuple(gap for gap, _ in pieces)
    assert read_gaps(write_gaps(stem, gaps)) == (stem, gaps)


@given(st.text(alphabet=st.sampled_from("a[]|/\\* {}1")))
def test_any_text_is_understood_or_refused(text: str) -> None:
    try:
        stem, gaps = read_gaps(text)
    except Unreadable:
        return
    assert len(gaps) == sum(number > 0 for _, number in split_stem(stem))
