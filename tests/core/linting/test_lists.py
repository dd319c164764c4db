"""Flaws of matching and ordering, each with an item that shows it and a near miss."""

from __future__ import annotations

import pytest

from tests.core.linting.planted import codes, matching, only, ordering


class TestMatching:
    def test_lists_of_equal_length_leave_the_last_pair_over(self) -> None:
        found = only(matching(("Marshes", "herring"), ("Canal", "wider")), "equal-lists")
        assert (found.weight, found.target) == (1, "pairs")
        assert "equal-lists" not in codes(matching(("Marshes", "herring"), ("Canal", "wider"), (None, "coal")))

    def test_a_right_side_that_repeats_is_a_flaw(self) -> None:
        found = only(matching(("Marshes", "herring"), ("Canal", "Herring"), (None, "coal")), "repeated-right")
        assert (found.weight, found.target) == (2, "pairs.1")

    def test_a_list_keeps_to_one_type(self) -> None:
        mixed = matching(("Railway", "1871"), ("Canal", "1902"), (None, "coal"))
        assert "“coal”" in only(mixed, "mixed-types").message
        assert "mixed-types" not in codes(matching(("Railway", "1871"), ("Canal", "1902"), (None, "1911")))


class TestOrdering:
    @pytest.mark.parametrize(
        "entry", ["First, coal arrives", "Then coal arrives", "Finally coal", "2. Coal", "step 3: coal"]
    )
    def test_a_word_that_tells_the_place_is_a_flaw(self, entry: str) -> None:
        found = only(ordering("Fishermen worry", entry), "order-given-away")
        assert (found.weight, found.target) == (2, "order.1")

    def test_years_tell_the_order(self) -> None:
        item = ordering("Coal in 1871", "The canal in 1902", "Fishermen worry")
        assert "1871" in only(item, "order-given-away").message

    @pytest.mark.parametrize("entry", ["Thenceforth coal", "A second harbour", "The Thirty Years War", "Coal of 1871"])
    def test_other_words_and_a_single_year_are_fine(self, entry: str) -> None:
        assert "order-given-away" not in codes(ordering(entry, "Fishermen worry"))
