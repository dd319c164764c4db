"""Flaws of stems, each with an item that shows it and a near miss."""

from __future__ import annotations

from dataclasses import replace

import pytest

from quizapp.core.items import Evidence, Gap
from tests.core.linting.planted import cloze, codes, only, options, sound, statement, typed


class TestNegation:
    @pytest.mark.parametrize(
        "stem",
        [
            "What does the passage not leave open for the council?",
            "Which matter of the council has no answer in the passage?",
            "The passage names all council matters except what?",
            "Which matter hasn’t the council of the passage settled?",
            "A council votes. Which matter of the passage is left without an answer?",
        ],
    )
    def test_a_question_turned_round_is_a_flaw(self, stem: str) -> None:
        found = only(sound(stem=stem), "negative-stem")
        assert (found.severity, found.weight, found.target) == ("warning", 2, "stem")

    @pytest.mark.parametrize(
        "stem",
        [
            "Which matter does the passage leave open, and at least for now?",
            "What does the passage say is NOT settled by the council?",
            "What does the passage mean by “it has not agreed”?",
            "A council without money votes. Which matter of the passage does it leave open?",
            "Which notable matter does the passage call open?",
        ],
    )
    def test_capitals_quotations_and_the_case_before_the_question_may_be_negative(self, stem: str) -> None:
        assert "negative-stem" not in codes(sound(stem=stem))

    def test_a_negated_statement_is_a_flaw_too(self) -> None:
        assert "negative-stem" in codes(statement("According to the passage, the council has not agreed on the cost."))


class TestFocus:
    @pytest.mark.parametrize("stem", ["What does the passage say?", "According to the passage, the council:"])
    def test_a_stem_that_asks_nothing_by_itself_is_a_flaw(self, stem: str) -> None:
        found = only(sound(stem=stem), "unfocused-stem")
        assert (found.weight, found.target) == (2, "stem")

    @pytest.mark.parametrize(
        "stem",
        [
            "Which of these statements is true according to the passage?",
            "Which statement about the council in the passage is correct?",
            "Which of the following is right, according to the passage?",
            "Choose the correct statement about the passage.",
        ],
    )
    def test_asking_which_statement_is_true_is_a_series_of_judgements(self, stem: str) -> None:
        assert only(sound(stem=stem), "true-false-series").weight == 2
        assert "unfocused-stem" not in codes(sound(stem=stem))

    @pytest.mark.parametrize(
        "stem",
        [
            "Which matter does the passage leave open?",
            "According to the passage, the council is still to settle:",
            "Which true price does the passage leave open?",
        ],
    )
    def test_a_stem_with_a_matter_of_its_own_is_fine(self, stem: str) -> None:
        assert codes(sound(stem=stem)).isdisjoint({"unfocused-stem", "true-false-series"})

    def test_only_choices_need_their_options_covered(self) -> None:
        assert "unfocused-stem" not in codes(typed("What does the passage say?", "coal"))


class TestGaps:
    def test_a_gap_in_the_first_half_is_a_flaw(self) -> None:
        item = cloze("In the passage, {{1}} was brought to the docks together with coal and timber.", "wool")
        assert only(item, "fill-in-middle").weight == 1

    def test_a_gap_in_the_second_half_or_one_of_several_is_fine(self) -> None:
        late = cloze("In the passage, trains brought to the docks coal, timber and {{1}} from afar.", "wool")
        several = cloze("In the passage, {{1}} was brought to the docks together with {{2}}.", "wool", "timber")
        assert codes(late) == codes(several) == set()

    def test_each_sentence_is_looked_at(self) -> None:
        item = cloze("The passage tells of trains and of docks. Then {{1}} was brought there from afar by day.", "wool")
        assert "fill-in-middle" in codes(item)

    def test_the_blank_of_a_choice_comes_last(self) -> None:
        assert "fill-in-middle" in codes(sound(stem="In the passage, ____ is what the council has left open."))
        assert "fill-in-middle" not in codes(sound(stem="In the passage, the council has left open ____."))


class TestLength:
    def test_from_thirty_six_words_on_a_stem_is_overlong(self) -> None:
        assert only(sound(stem=f"In the passage, {'very ' * 32}what?"), "gratuitous-stem").weight == 1
        assert "gratuitous-stem" not in codes(sound(stem=f"In the passage, {'very ' * 31}what?"))
        assert "gratuitous-stem" not in codes(sound(stem=f"In the passage, {'very ' * 37}what?"))  # an error already


class TestCopies:
    COPY = "According to the passage, “the town council may widen the old canal, but it {}” what?"

    def test_eleven_words_in_a_row_are_a_copy(self) -> None:
        found = only(sound(stem=self.COPY.format("has")), "verbatim-copy")
        assert "“the town council may widen the old canal but it has”" in found.message

    def test_ten_words_and_a_cloze_are_fine(self) -> None:
        assert "verbatim-copy" not in codes(sound(stem=self.COPY.format("may")))
        quoted = "The passage says: “The town council may widen the old canal, but it has not agreed on the {{1}}.”"
        item = cloze(quoted, "cost", evidence=(Evidence(quote="it has not agreed on the cost"),))
        assert codes(item) == set()


class TestStatements:
    def test_sweeping_words_hint_at_false_and_vague_ones_at_true(self) -> None:
        always = statement("According to the passage, the council always agrees on what canals cost.", is_true=False)
        assert only(always, "absolute-word").target == "stem"
        often = statement("According to the passage, councils often leave the cost of canals open.")
        assert only(often, "vague-word").weight == 1

    def test_a_word_of_the_evidence_may_be_repeated(self) -> None:
        item = statement(
            "According to the passage, a herring must spawn in the marshes.",
            evidence=(Evidence(quote="must spawn"),),
        )
        assert "absolute-word" not in codes(item)

    def test_a_question_may_ask_for_all(self) -> None:
        assert "absolute-word" not in codes(sound(stem="Which matter does the passage leave open for all councils?"))


class TestWorth:
    def test_the_form_of_a_text_is_not_worth_asking(self) -> None:
        for stem in ("How many sentences does the passage have?", "In which sentence does the passage name coal?"):
            assert only(typed(stem, "six"), "low-value").weight == 1

    def test_a_label_that_the_text_gives_is(self) -> None:
        assert "low-value" not in codes(typed("Which one-word label does the passage give to the fuel?", "coal"))


def test_markup_is_not_part_of_the_wording() -> None:
    html = "<p class='not'>According to the passage, what did the council leave open?</p>"
    assert codes(sound(stem=html, stem_format="html")) == set()
    code = "According to the passage, what did the council leave open? `if not (x`"
    assert codes(sound(stem=code, stem_format="markdown")) == set()


def test_a_gap_with_choices_is_judged_as_options_are() -> None:
    gap = Gap(kind="choice", options=options("wool and also a great deal of salt", "stone", "herring"))
    item = cloze("In the passage, trains brought to the docks coal, timber and {{1}} as well.", gap)
    assert only(replace(item, bloom=""), "longest-key").target == "gaps.1"
