"""Quotes pasted as evidence: found, refused with advice, or nearly found."""

from __future__ import annotations

import pytest

from quizapp.authoring.quotes import NotVerbatim, check_quote, nearest_words

TEXT = (
    "NATO's role is support. The alliance emphasizes “collective defense” – and reassurance. "
    "It trains soldiers. It trains officers.\nA new line begins here."
)


def test_a_verbatim_quote_is_found_where_it_stands() -> None:
    assert TEXT[check_quote("collective defense", TEXT) :].startswith("collective defense")


def test_a_repeated_quote_needs_more_words() -> None:
    with pytest.raises(NotVerbatim, match="more than once") as refusal:
        check_quote("It trains", TEXT)
    assert refusal.value.nearest == ""


@pytest.mark.parametrize(
    ("pasted", "meant"),
    [
        ("NATO’s role is support.", "NATO's role is support."),
        ('emphasizes "collective defense" - and', "emphasizes “collective defense” – and"),
        ("the  alliance\nemphasizes", "The alliance emphasizes"),
        ("here", "here"),
        ("It trains the soldiers.", "It trains soldiers."),
        ("A new line begins.", "A new line begins here."),
        ("Bananas are rich in potassium.", ""),
        ("   ", ""),
    ],
)
def test_the_nearest_words_are_offered(pasted: str, meant: str) -> None:
    assert nearest_words(pasted, TEXT) == meant


def test_folding_keeps_places_when_letters_grow() -> None:
    assert nearest_words("STRASSE “A”", 'Die Straße "A" hier') == 'Straße "A"'


def test_words_that_stand_twice_are_not_offered() -> None:
    assert nearest_words("it  trains", TEXT) == ""
