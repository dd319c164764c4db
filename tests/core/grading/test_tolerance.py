"""Tolerance for typed answers as properties: what it forgives whatever the words, and what it never does."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from quizapp.core.grading import check_answer, grade, readings
from quizapp.core.grading.opposites import _CONFUSED, _OPPOSED_PREFIXES, _OPPOSED_SUFFIXES
from quizapp.core.grading.spelling import one_spelling
from quizapp.core.grading.typed import compare
from quizapp.core.items import Accepted, Numeric, ShortAnswer
from quizapp.errors import Invalid

LETTERS = "abcdefghijklmnopqrstuvwxyz"
# Letters and words that mean themselves: no numbers, articles or negations, which have rules of their own.
WORDS = st.sampled_from(
    [
        "light",
        "energy",
        "market",
        "planet",
        "revolution",
        "photosynthesis",
        "independence",
        "chlorophyll",
        "gravity",
        "parliament",
    ]
)
ANSWERS = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)
NEGATIONS = st.sampled_from(["not", "never", "no", "without"])
REGEX_SIGNS = ".^$+?{}[]()|\\"


def scored(key: str, typed: str) -> float | None:
    return grade(ShortAnswer(stem="?", accepted=(Accepted(text=key),)), {"text": typed}).score


@given(ANSWERS, st.data())
def test_case_space_and_articles_change_nothing(key: str, data: st.DataObject) -> None:
    typed = []
    for word in key.split():
        cased = "".join(letter.upper() if data.draw(st.booleans()) else letter for letter in word)
        article = data.draw(st.sampled_from(["", "the ", "The ", "a ", "an "]))
        typed.append(article + cased + data.draw(st.sampled_from(["", " ", "\t", ", ", ". "])))
    assert scored(key, "  " + " ".join(typed)) == 1


@given(WORDS, st.sets(st.integers(0, 13), max_size=4))
def test_one_wrong_letter_is_forgiven_for_each_six_letters_and_no_more(word: str, places: set[int]) -> None:
    astray = [place for place in places if place < len(word)]
    typed = "".join("q" if place in astray else letter for place, letter in enumerate(word))
    assert (scored(word, typed) == 1) == (len(astray) <= len(word) // 6)


@given(
    ANSWERS, st.integers(0, 10**9), st.integers(0, 10**9), st.sampled_from(["{w} {n}", "{n} {w}", "{w}{n}", "{n}-{w}"])
)
@example("light", 1991, 1992, "{w} {n}")
@example("light", 11, 111, "{n} {w}")
def test_never_across_digits(words: str, one: int, other: int, frame: str) -> None:
    assume(one != other)
    assert scored(frame.format(w=words, n=one), frame.format(w=words, n=other)) == 0


@given(ANSWERS, st.integers(0, 9), NEGATIONS)
def test_never_with_a_not_dropped_or_put_in(words: str, place: int, negation: str) -> None:
    listed = words.split()
    listed.insert(place % (len(listed) + 1), negation)
    assert scored(" ".join(listed), words) == 0
    assert scored(words, " ".join(listed)) == 0
    assert scored(f"*{words}*", " ".join(listed)) == 0


@pytest.mark.parametrize("pair", _CONFUSED.split())
def test_never_between_words_that_are_taken_for_each_other(pair: str) -> None:
    one, other = pair.split("/")
    assert scored(one, other) == scored(other, one) == 0
    assert scored(f"the {one} of light", f"the {other} of light") == 0


@given(st.sampled_from(_OPPOSED_PREFIXES.split()), st.text(LETTERS, min_size=4, max_size=12))
def test_never_from_a_prefix_to_its_opposite(pair: str, stem: str) -> None:
    one, other = (prefix + stem for prefix in pair.split("/"))
    assume(one_spelling(one) != one_spelling(other))
    assert compare(one, other) is None
    assert compare(other, one) is None


@given(st.sampled_from(_OPPOSED_SUFFIXES.split()), st.text(LETTERS, min_size=4, max_size=12))
def test_never_from_a_suffix_to_its_opposite(pair: str, stem: str) -> None:
    one, other = (stem + suffix for suffix in pair.split("/"))
    assume(one_spelling(one) != one_spelling(other))
    assert compare(one, other) is None
    assert compare(other, one) is None


@given(st.sampled_from(["un", "in", "im", "dis", "non", "mis", "anti"]), st.text(LETTERS, min_size=5, max_size=12))
def test_never_from_a_word_to_its_negation(prefix: str, stem: str) -> None:
    assert compare(stem, prefix + stem) is None
    assert compare(prefix + stem, stem) is None


@given(st.text(REGEX_SIGNS + "ab", min_size=1, max_size=30), st.text("ab", min_size=1, max_size=30))
def test_signs_of_regular_expressions_are_signs_and_nothing_else(key: str, typed: str) -> None:
    letters = re.sub(r"[^ab]+", " ", key).split()
    same = "".join(letters) == typed
    if scored(key, typed):
        assert same or letters in (["a", *[typed]], [typed])


@given(st.lists(st.text("ab", min_size=1, max_size=4), min_size=2, max_size=5), st.text("ab", max_size=20))
def test_a_star_stands_for_any_letters_and_the_rest_for_itself(pieces: list[str], typed: str) -> None:
    key = "x" + "*".join(pieces) + "y"
    wanted = re.fullmatch(".*".join(map(re.escape, key.split("*"))), f"x{typed}y")
    assert (scored(key, f"x{typed}y") == 1) == (wanted is not None)


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        ("a*" * 200 + "b", "a" * 500),
        ("*a" * 200, "a" * 499 + "b"),
        ("x", "1 " * 250),
        ("x", "1,111" * 100),
        ("x", "a.b." * 125),
        ("x", "n't" * 160),
        ("x", "twenty " * 70),
        ("x", "minus " * 80),
        ("x", "9" * 400 + ".1234567 million"),
        ("x" * 500, "y" * 500),
        ("*", "\u0301" * 500),
    ],
)
def test_no_text_keeps_the_grader_long_or_throws_it(key: str, typed: str) -> None:
    assert scored(key, typed) in (0, 1)


@given(st.text(max_size=500))
@example("9" * 400 + ".5 thousand")
@example("0.1234567 trillion million")
def test_any_text_is_read_as_a_number_or_refused_with_a_sentence(typed: str) -> None:
    item = Numeric(stem="?", accepted=(Accepted(number=3),))
    reason = refused(item, typed)
    assert reason.endswith(".") if reason else readings(typed) or not typed.strip()
    assert grade(item, {"text": typed}).score in (0, 1)


def refused(item: Numeric, typed: str) -> str:
    try:
        check_answer(item, {"text": typed})
    except Invalid as refusal:
        return refusal.message
    return ""
