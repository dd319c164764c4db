"""Rules by parts of speech: an answer made otherwise than the rest, and verbs of the wrong number."""

from __future__ import annotations

import pytest

from tests.core.linting.planted import choice, codes, typed

OTHERS = ("The width of the canal", "The age of the docks", "The name of the railway")


@pytest.mark.parametrize(
    "key", ["Paying for the work", "It is not known who pays"], ids=["a form in -ing", "a sentence among nouns"]
)
def test_a_key_of_another_make_than_all_others_is_a_flaw(key: str) -> None:
    assert "odd-form" in codes(choice(key, *OTHERS))


@pytest.mark.parametrize("key", ["The cost of the canal", "Costs"])
def test_a_key_of_the_same_make_is_none(key: str) -> None:
    assert "odd-form" not in codes(choice(key, *OTHERS))


def test_one_odd_answer_among_the_wrong_ones_gives_nothing_away() -> None:
    assert "odd-form" not in codes(choice("The cost of the canal", *OTHERS[:2], "Paying for the work"))


@pytest.mark.parametrize(
    ("stem", "is_wrong"),
    [
        ("According to the passage, what is the docks made of?", True),
        ("According to the passage, what are the docks made of?", False),
        ("According to the passage, what do the old canal need?", True),
        ("According to the passage, what does the old canal need?", False),
    ],
)
def test_a_verb_of_the_wrong_number_is_a_gate(stem: str, is_wrong: bool) -> None:
    assert ("agreement" in codes(typed(stem, "wool"))) == is_wrong


def test_a_pronoun_with_any_verb_makes_a_sentence() -> None:
    options = ("They caught cowpox first", "They hid from the doctor", "They knew the cure")
    assert "odd-form" not in codes(choice("They did not fall ill", *options))
