"""Stems that stand on their own, and words that point outside them."""

from __future__ import annotations

import pytest

from tests.core.linting.planted import codes, only, ordering, sound, statement, typed


@pytest.mark.parametrize(
    ("stem", "word"),
    [
        ("It has not settled one matter in the passage. Which is it?", "It"),
        ("These plans cost the council what, in the passage?", "These"),
        ("Its council left what open, in the passage?", "Its"),
        ("However, what did the passage’s council leave open?", "However"),
        ("In addition, what did the passage’s council leave open?", "In addition"),
        ("But what did the passage’s council leave open?", "But"),
        ("Besides, what did the passage’s council leave open?", "Besides"),
        ("According to the passage, this led to which question?", "this"),
        ("According to the passage, what did they leave open?", "they"),
        ("According to the passage, why does this harm the council?", "this"),
    ],
)
def test_a_word_that_points_outside_the_stem_is_an_error(stem: str, word: str) -> None:
    found = only(sound(stem=stem), "unbound-word")
    assert (found.severity, found.target) == ("error", "stem")
    assert f"“{word}”" in found.message


@pytest.mark.parametrize(
    "stem",
    [
        "According to the passage, what has the council with its canal left open?",
        "According to the passage, it is vital for the council to settle what?",
        "This passage leaves open which matter of the canal?",
        "In this passage, what does the council leave open?",
        "Besides the width, what does the passage say the council left open?",
        "Which of these does the passage call open for the council?",
        "Such a council leaves what open, in the passage?",
        "Which matter does the passage leave open when it speaks of the canal?",
        "Buttons were left open by which council of the passage?",
        "Instead of a price, what does the passage say the council named?",
    ],
)
def test_a_word_that_is_bound_or_harmless_may_stay(stem: str) -> None:
    assert "unbound-word" not in codes(sound(stem=stem))


def test_entries_under_the_stem_can_be_pointed_at() -> None:
    assert "unbound-word" not in codes(ordering("Coal arrives", "Fishermen worry"))


def test_a_statement_is_judged_after_its_attribution() -> None:
    assert "unbound-word" in codes(statement("The passage says that it has not been agreed on."))
    assert "unbound-word" not in codes(statement("The passage says that the price has not been agreed on."))


def test_the_reader_is_not_asked_for_a_view() -> None:
    assert "“you”" in only(sound(stem="What do you read in the passage about the council?"), "second-person").message
    assert "second-person" in codes(sound(stem="In your words, what does the passage’s council leave open?"))
    assert "second-person" not in codes(sound(stem="What does the passage say young councils leave open?"))


def test_a_part_says_of_what() -> None:
    asked = typed("In the passage, trains came and five of them brought what?", "coal")
    assert "“five of them”" in only(asked, "unbound-word").message
    assert "unbound-word" in codes(typed("In the passage, trains came and two of these brought what?", "coal"))
    assert "unbound-word" not in codes(
        typed("In the passage, trains came and five of the trains brought what?", "coal")
    )
    assert "unbound-word" not in codes(sound(stem="In the passage, trains came and one of these was left open. Which?"))


def test_the_lists_are_for_english() -> None:
    assert codes(sound(stem="Es hat der Rat so gesagt, und das ist die Frage: was?"), None) == set()
