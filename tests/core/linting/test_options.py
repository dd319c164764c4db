"""Flaws of options, each with an item that shows it and a near miss."""

from __future__ import annotations

from dataclasses import replace

from tests.core.linting.planted import choice, codes, only, sound


def test_a_sound_item_has_no_finding_with_or_without_its_passage() -> None:
    assert codes(sound()) == set()
    assert codes(sound(), None) == set()


class TestLengths:
    def test_a_key_over_a_quarter_longer_than_the_rest_stands_out(self) -> None:
        item = choice("The price of the work on the canal", "The width of the docks", "The name of the port")
        found = only(item, "longest-key")
        assert (found.severity, found.weight, found.target) == ("warning", 2, "options.a")
        assert "“The price of the work on the canal”" in found.message

    def test_a_key_a_little_longer_does_not(self) -> None:
        item = choice("The price of the digging works", "The width of all docks there", "The name of the port")
        assert "longest-key" not in codes(item)

    def test_a_long_distractor_is_no_clue_to_the_key_but_spreads_the_lengths(self) -> None:
        item = choice("The price of the work", "The name", "The names of the boats in the port")
        assert "longest-key" not in codes(item)
        found = only(item, "length-spread")
        assert (found.severity, found.weight, found.target) == ("info", 1, "options")

    def test_single_words_may_differ(self) -> None:
        assert codes(choice("Reassurance", "Trade", "Coal"), None).isdisjoint({"longest-key", "length-spread"})

    def test_lengths_are_compared_within_a_question_of_any_wording(self) -> None:
        item = replace(sound(), stem="Was ließ der Rat offen?")
        assert "longest-key" not in codes(item, None)
