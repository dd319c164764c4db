"""Flaws of options, each with an item that shows it and a near miss."""

from __future__ import annotations

import pytest

from quizapp.core.items import Evidence, Gap
from tests.core.linting.planted import choice, cloze, codes, only, options


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


class TestConvergence:
    def test_a_key_made_of_the_parts_of_the_others_is_a_flaw(self) -> None:
        item = choice("Old wide canal", "Old wide dock", "Old deep canal", "New wide canal")
        found = only(item, "convergence")
        assert (found.weight, found.target) == (2, "options.a")

    def test_parts_that_cross_evenly_are_fine(self) -> None:
        item = choice("Old wide canal", "Old deep canal", "New wide canal", "New deep canal")
        assert "convergence" not in codes(item)

    def test_a_distractor_that_shares_as_much_hides_the_key(self) -> None:
        item = choice("Coal and timber", "Coal and salt", "Salt and timber", "Herring and rope")
        assert "convergence" not in codes(item)


class TestWords:
    def test_a_sweeping_or_vague_word_in_some_options_hints(self) -> None:
        item = choice("The price of the work", "The usual width of all docks", "The name of the port")
        assert only(item, "absolute-word").target == "options.b"
        assert (
            only(choice("Prices that seldom change", "The width of docks", "The name of it"), "vague-word").weight == 1
        )

    def test_a_word_of_all_options_or_of_the_evidence_does_not(self) -> None:
        assert "absolute-word" not in codes(choice("Only the price", "Only the width", "Only the name"))
        quoted = (Evidence(quote="only the old canal"),)
        assert "absolute-word" not in codes(choice("Only the price", "The width", "The name", evidence=quoted))


class TestCombinations:
    @pytest.mark.parametrize(
        "text", ["All of the above", "None of these", "Both of them", "all the above", "None of the other answers."]
    )
    def test_all_or_none_of_the_above_weighs_three(self, text: str) -> None:
        assert only(choice("The price", "The width", text, key=2), "all-of-the-above").target == "options.c"
        assert only(choice("The price", "The width", text), "all-of-the-above").weight == 3

    @pytest.mark.parametrize(
        "text", ["All of the docks", "None of the council", "Both prices", "Allies of these ports"]
    )
    def test_all_of_something_named_is_an_answer(self, text: str) -> None:
        assert "all-of-the-above" not in codes(choice("The price", "The width", text))

    @pytest.mark.parametrize("text", ["A and B only", "Both a and c", "Only (i) and (iii)", "1, 2 and 3 only"])
    def test_one_combination_of_letters_is_enough_with_both_or_only(self, text: str) -> None:
        assert only(choice("The price", "The width", text), "k-type").weight == 3

    def test_without_it_takes_two(self) -> None:
        assert "k-type" in codes(choice("I and II", "II and III", "I, II and III"))
        assert "k-type" not in codes(choice("1 and 3", "The width", "The name"))
        assert "k-type" not in codes(choice("Coal and wool", "Timber and wool", "Both coal and rope"))


class TestSequence:
    @pytest.mark.parametrize(
        "texts",
        [("1991", "2014", "2004"), ("20 %", "5 %", "70 %"), ("May 1945", "June 1944", "1950"), ("two", "one", "three")],
    )
    def test_numbers_and_dates_out_of_order_are_a_flaw(self, texts: tuple[str, ...]) -> None:
        found = only(choice(*texts, shuffle_options=False), "lost-sequence")
        assert (found.weight, found.target) == (2, "options")

    @pytest.mark.parametrize(
        "texts", [("1991", "2004", "2014"), ("3 March 1918", "4 March 1918"), ("70 %", "20 %", "5 %")]
    )
    def test_in_order_they_must_not_be_shuffled(self, texts: tuple[str, ...]) -> None:
        assert "lost-sequence" not in codes(choice(*texts, shuffle_options=False))
        assert "shuffling" in only(choice(*texts), "lost-sequence").message

    def test_phrases_with_numbers_have_no_order(self) -> None:
        assert "lost-sequence" not in codes(choice("The two docks", "The three canals", "The one port"))
        assert "lost-sequence" not in codes(choice("1991", "The year of the vote", "2004"))


class TestGrammar:
    def test_an_article_or_verb_that_fits_some_options_is_a_cue(self) -> None:
        item = choice("umbrella", "price", "dock", stem="What the passage’s council left open is an")
        assert only(item, "grammar-cue").weight == 2
        verbs = choice("the prices", "a dock", "a port", stem="In the passage, what the council left open are")
        assert "“are”" in only(verbs, "grammar-cue").message

    def test_where_all_fit_there_is_none(self) -> None:
        item = choice("price", "dock", "port", stem="What the passage’s council left open is a")
        assert "grammar-cue" not in codes(item)
        verbs = choice("the prices", "the docks", "two ports", stem="In the passage, what the council left open are")
        assert "grammar-cue" not in codes(verbs)
        both = choice("a price", "an old dock", "a port", stem="What the passage’s council left open is")
        assert "grammar-cue" not in codes(both)

    def test_the_words_before_a_gap_count(self) -> None:
        gap = Gap(kind="choice", options=options("ally", "rival", "buyer"))
        cued = cloze("In the passage, the railway made the harbour an {{1}} of the town.", gap, bloom="")
        assert "grammar-cue" in codes(cued)
        free = cloze("In the passage, the railway made the harbour the {{1}} of the town.", gap, bloom="")
        assert "grammar-cue" not in codes(free)
