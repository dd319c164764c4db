"""Texts as plain words, and number words as digits."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.grading.numerals import numbers_as_digits
from quizapp.core.grading.spelling import one_spelling
from quizapp.core.grading.wording import plain_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The cat and the hat", "cat and hat"),
        ("A", "a"),
        ("the", "the"),
        ("don’t, can't, won't, cannot", "do not can not will not can not"),
        ("didnt, Isnt, want", "did not is not want"),
        ("Kyïv", "kyiv"),
        ("1990's", "1990 s"),
        ("1,234,567.5", "1234567.5"),
        ("F#", "f#"),
        ("... – !", ""),
    ],
)
def test_plain_words(text: str, words: str) -> None:
    assert " ".join(plain_words(text)) == words


@pytest.mark.parametrize(
    ("words", "digits"),
    [
        ("zero", "0"),
        ("seven", "7"),
        ("thirteen", "13"),
        ("forty two", "42"),
        ("one hundred", "100"),
        ("hundred and one", "101"),
        ("two thousand and four", "2004"),
        ("nineteen ninety one", "1991"),
        ("nineteen hundred", "1900"),
        ("twenty twenty four", "2024"),
        ("two hundred and fifty thousand three hundred", "250300"),
        ("one million", "1000000"),
        ("thousand", "1000"),
        ("2.5 billion", "2500000000"),
        ("3 hundred", "300"),
        ("0.5 hundred", "50"),
        ("first", "1th"),
        ("thirtieth", "30th"),
        ("sixty fourth", "64th"),
        ("two hundredth", "200th"),
        ("minus six", "-6"),
        ("minus 6", "-6"),
        ("minus", "minus"),
        ("one two three", "1 2 3"),
        ("three and four", "3 and 4"),
        ("five thousand thousand", "5000 1000"),
        ("twenty and more", "20 and more"),
        ("someone won", "someone won"),
    ],
)
def test_number_words_become_digits(words: str, digits: str) -> None:
    assert " ".join(numbers_as_digits(words.split())) == digits


@given(st.integers(0, 999_999))
def test_every_number_written_out_is_read_back(number: int) -> None:
    assert numbers_as_digits(in_words(number).split()) == [str(number)]


@pytest.mark.parametrize("word", ["four", "hour", "this", "rise", "wise", "crisis", "acre", "poem", "fill", "able"])
def test_words_of_one_spelling_stay_as_they_are(word: str) -> None:
    assert one_spelling(word) == word


@given(st.text("abcdefghijklmnopqrstuvwxyz", max_size=15))
def test_folding_a_spelling_is_settled_for_any_letters(word: str) -> None:
    assert one_spelling(word) == one_spelling(word)
    assert len(one_spelling(word)) <= len(word) + 2


SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")


def in_words(number: int) -> str:
    if number < 20:
        return SMALL[number]
    if number < 100:
        return f"{TENS[number // 10]} {SMALL[number % 10]}" if number % 10 else TENS[number // 10]
    if number < 1000:
        hundreds = f"{SMALL[number // 100]} hundred"
        return f"{hundreds} and {in_words(number % 100)}" if number % 100 else hundreds
    thousands, rest = f"{in_words(number // 1000)} thousand", number % 1000
    if not rest:
        return thousands
    return f"{thousands} and {in_words(rest)}" if rest < 100 else f"{thousands} {in_words(rest)}"
