"""Flaws of keys, reasons and levels, each with an item that shows it and a near miss."""

from __future__ import annotations

from dataclasses import replace

import pytest

from quizapp.core.items import Criterion, Essay, Evidence, Gap, Level
from quizapp.core.linting import lint
from tests.core.linting.planted import (
    CARGO,
    COST,
    MARSHES,
    card,
    choice,
    cloze,
    codes,
    matching,
    only,
    options,
    ordering,
    sound,
    statement,
    typed,
)

QUESTION = "According to the passage, what did trains bring?"


class TestTypedKeys:
    def test_more_than_four_words_can_not_be_marked_fairly(self) -> None:
        assert only(typed(QUESTION, "coal, timber, wool and salt"), "long-key").target == "accepted.0"
        gap = cloze("The passage says that trains brought {{1}}.", "coal and timber and wool", bloom="")
        assert only(gap, "long-key").target == "gaps.1"

    def test_four_words_can_and_a_pattern_is_not_the_key_shown(self) -> None:
        assert "long-key" not in codes(typed(QUESTION, "coal, timber and wool"))
        assert "long-key" not in codes(typed(QUESTION, "* coal and timber and wool *", "coal"))


class TestVagueAnswers:
    @pytest.mark.parametrize("answer", ["various factors", "a role", "the main outcomes", "a variety of things"])
    def test_an_answer_that_names_nothing_is_a_flaw(self, answer: str) -> None:
        assert only(typed(QUESTION, answer, bloom=""), "vague-answer").weight == 1

    @pytest.mark.parametrize("answer", ["mixed outcomes", "a role in trade", "coal", "1871"])
    def test_an_answer_with_a_matter_is_not(self, answer: str) -> None:
        assert "vague-answer" not in codes(typed(QUESTION, answer, bloom=""))


class TestReasons:
    def test_the_key_is_argued(self) -> None:
        found = only(sound(feedback=" "), "no-explanation")
        assert (found.severity, found.weight, found.target) == ("info", 1, "feedback")
        assert "no-explanation" not in codes(Essay(stem="Discuss what the passage says of coal."))

    def test_an_essay_says_what_it_is_measured_by(self) -> None:
        essay = Essay(stem="Discuss what the passage says of coal.")
        (found,) = [finding for finding in lint(essay) if finding.code == "no-measure"]
        assert (found.severity, found.target) == ("warning", "criteria")
        levels = (Level(text="none", points=0), Level(text="two", points=2))
        for measured in (
            replace(essay, answer="It came by rail."),
            replace(essay, rubric="Two reasons."),
            replace(essay, criteria=(Criterion(text="Reasons", levels=levels),)),
        ):
            assert "no-measure" not in codes(measured)

    def test_each_distractor_says_why_it_is_wrong_and_which_mistake_it_meets(self) -> None:
        item = sound()
        key, wrong, other = item.options
        bare = replace(wrong, feedback="")
        assert only(replace(item, options=(key, bare, other)), "no-reason").target == "options.b"
        bare = replace(wrong, misconception="")
        assert only(replace(item, options=(key, bare, other)), "no-misconception").target == "options.b"

    def test_where_all_are_bare_it_is_said_once(self) -> None:
        item = sound()
        key, *wrong = item.options
        bare = tuple(replace(option, feedback="", misconception="") for option in wrong)
        found = replace(item, options=(key, *bare))
        assert only(found, "no-reason").target == only(found, "no-misconception").target == "options"

    def test_true_and_false_and_gaps_have_reasons_too(self) -> None:
        said = statement("According to the passage, the cost of a canal is open.")
        bare = tuple(replace(option, feedback="") for option in said.options)
        assert only(replace(said, options=bare), "no-reason").target == "options.false"
        gap = Gap(kind="choice", options=tuple(replace(option, feedback="") for option in options("wool", "salt")))
        assert only(cloze("The passage says that trains brought coal and {{1}}.", gap), "no-reason").target == "gaps.1"

    def test_the_key_needs_no_misconception_and_its_reason_may_be_the_explanation(self) -> None:
        item = sound()
        key, *wrong = item.options
        assert codes(replace(item, options=(replace(key, feedback=""), *wrong))) == set()


class TestLevels:
    def test_remember_has_the_words_of_the_key_in_one_sentence(self) -> None:
        found = only(typed(QUESTION, "fuel"), "bloom")
        assert (found.severity, found.target) == ("info", "bloom")
        assert "bloom" not in codes(typed(QUESTION, "Coal and timbers"))

    def test_two_keys_of_two_sentences_are_not_in_one(self) -> None:
        stem = "The passage says that trains brought {{1}} and that boats found {{2}}."
        assert "bloom" in codes(cloze(stem, "coal", "herring", evidence=CARGO + MARSHES))
        assert "bloom" not in codes(cloze(stem, "coal", "timber", evidence=CARGO + MARSHES))

    def test_a_matching_may_take_each_pair_from_a_sentence(self) -> None:
        pairs = (("Cargo", "coal"), ("Marshes", "herring"), (None, "salt"))
        assert "bloom" not in codes(matching(*pairs, bloom="remember", evidence=CARGO + MARSHES))
        assert "bloom" in codes(matching(*pairs, bloom="remember", evidence=CARGO))

    def test_understand_rests_on_one_sentence(self) -> None:
        assert only(sound(evidence=CARGO + COST), "bloom").target == "bloom"
        both = (Evidence(quote="may widen the old canal"), *COST)
        assert "bloom" not in codes(sound(evidence=both))

    def test_analyse_joins_sentences_or_asks_for_a_relation(self) -> None:
        assert "bloom" in codes(sound(bloom="analyse"))
        assert "bloom" not in codes(sound(bloom="analyse", evidence=CARGO + COST))
        related = "Which condition does the passage’s council still have open?"
        assert "bloom" not in codes(sound(bloom="analyse", stem=related))
        assert "bloom" not in codes(ordering("Coal arrives", "Fishermen worry", evidence=COST))

    def test_without_the_passage_or_with_a_lost_quote_no_level_is_judged(self) -> None:
        assert codes(typed(QUESTION, "fuel"), None) == set()
        lost = typed(QUESTION, "fuel", evidence=(Evidence(quote="It brought oil"),))
        assert codes(lost) == {"evidence-not-found"}

    def test_a_card_is_judged_by_its_back(self) -> None:
        assert "bloom" in codes(card(QUESTION, "Goods of three sorts"))
        assert "bloom" not in codes(card(QUESTION, "Coal, timber and wool."))

    def test_a_choice_may_be_of_any_level_that_fits(self) -> None:
        item = choice("The cost", "The width", "The name", bloom="remember")
        assert "bloom" not in codes(item)
