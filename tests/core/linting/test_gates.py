"""Gates on evidence, leaks, numbers of options, attribution and bounds, each with a planted fault and a near miss."""

from __future__ import annotations

from dataclasses import replace

import pytest

from quizapp.core.items import Description, Essay, Evidence, Item, MultipleChoice
from quizapp.core.linting import Finding, lint
from tests.core.linting.planted import (
    PASSAGE,
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

SOUND = [
    sound(),
    typed("According to the passage, which fuel did trains bring?", "coal"),
    statement("According to the passage, the cost of a wider canal is still open."),
    statement("According to the passage, the council has settled what the canal costs.", is_true=False),
    cloze("The passage says that trains brought “coal, timber, and {{1}}”.", "wool"),
    card("In the passage, which three goods came by rail?", "Coal, timber and wool"),
    matching(("Marshes", "where herring spawn"), ("Canal", "what may grow wider"), (None, "what brought coal")),
    ordering("Coal arrives", "Fishermen worry", "The president speaks"),
]


@pytest.mark.parametrize("item", SOUND, ids=lambda item: item.kind)
def test_a_sound_item_has_no_finding_with_its_passage_or_without(item: Item) -> None:
    assert lint(item, PASSAGE) == ()
    assert lint(item) == ()


def test_gates_come_before_flaws() -> None:
    item = replace(sound(), stem="What did the council not leave open?", feedback="")
    severities = [finding.severity for finding in lint(item, PASSAGE)]
    assert severities == ["error", "warning", "info"]


def test_a_text_that_asks_nothing_is_not_judged() -> None:
    assert lint(Description(stem="You will read 5 of them now (and")) == ()


class TestEvidence:
    def test_a_quote_that_is_not_word_for_word_is_an_error(self) -> None:
        item = sound(evidence=(Evidence(quote="it has not agreed on the cost"), Evidence(quote="it had not agreed")))
        found = only(item, "evidence-not-found")
        assert (found.severity, found.weight, found.target) == ("error", 0, "evidence.1")
        assert "“it had not agreed”" in found.message

    def test_a_quote_that_occurs_twice_needs_its_place(self) -> None:
        assert "evidence-not-found" in codes(sound(evidence=(Evidence(quote="canal"),)))
        placed = sound(evidence=(Evidence(quote="canal", start=PASSAGE.index("canal")),))
        assert "evidence-not-found" not in codes(placed)

    def test_an_item_of_a_passage_has_some(self) -> None:
        assert only(sound(evidence=()), "no-evidence").target == "evidence"
        assert codes(sound(evidence=()), None) == set()
        assert "no-evidence" not in codes(Essay(stem="Discuss what the passage says about the canal."))


class TestLeaks:
    def test_a_stem_with_half_the_words_of_a_typed_key_gives_it_away(self) -> None:
        item = typed("According to the passage, what did the coal train bring?", "black coal")
        assert only(item, "key-in-stem") == Finding(
            "key-in-stem", "error", 0,
            "The stem gives the answer “black coal” away: it says “coal”. Reword one of them.", "accepted.0",
        )  # fmt: skip

    def test_another_form_of_the_word_gives_it_away_too(self) -> None:
        assert "key-in-stem" in codes(
            typed("According to the passage, what grew as deployed troops did?", "deployment")
        )

    def test_one_word_of_several_is_a_flaw(self) -> None:
        item = choice("A council vote on its full price", "Some news of the old docks", "A new name for the port")
        found = only(item, "word-repeat")
        assert (found.severity, found.target) == ("warning", "options.a")
        assert "“council”" in found.message

    def test_a_word_that_distractors_share_is_no_clue(self) -> None:
        item = choice("The council’s price", "The council’s docks", "The council’s name")
        assert codes(item).isdisjoint({"key-in-stem", "word-repeat"})

    def test_the_kind_of_thing_asked_for_may_be_in_a_typed_key(self) -> None:
        assert "key-in-stem" not in codes(typed("According to the passage, which war followed?", "the Salt War"))

    def test_a_card_and_a_gap_leak_as_well(self) -> None:
        assert (
            only(card("According to the passage, which goods like wool came?", "wool"), "key-in-stem").target
            == "answer"
        )
        gap = cloze("The passage says of wool that trains brought {{1}}.", "wool")
        assert only(gap, "key-in-stem").target == "gaps.1"


class TestOptionCount:
    @pytest.mark.parametrize(("number", "is_fine"), [(2, False), (3, True), (4, True), (5, False)])
    def test_one_answer_has_two_or_three_distractors(self, number: int, is_fine: bool) -> None:
        texts = (
            "The price of coal",
            "The width of docks",
            "The name of a port",
            "The age of rails",
            "The salt of a sea",
        )
        assert ("option-count" not in codes(choice(*texts[:number]))) == is_fine

    @pytest.mark.parametrize(("wrong", "is_fine"), [(1, False), (2, True), (4, True), (5, False)])
    def test_several_answers_have_two_to_four(self, wrong: int, is_fine: bool) -> None:
        made = options("coal", "tin", "rope", "salt", "fish", "oil")[: wrong + 1]
        item = MultipleChoice(stem="Which goods does the passage list?", options=made)
        assert ("option-count" not in codes(item)) == is_fine


class TestAttribution:
    def test_a_stem_names_the_passage_or_quotes_it(self) -> None:
        assert only(sound(stem="What did the town’s council leave open?"), "attribution").target == "stem"
        assert codes(sound(stem="Suppose the passage’s account holds. What would stay open?")) == set()
        assert codes(sound(stem="Which matter stands behind the words “has not agreed on”?")) == set()

    def test_a_quotation_from_elsewhere_names_nothing(self) -> None:
        assert "attribution" in codes(sound(stem="Which matter stands behind the words “will never agree on”?"))

    def test_a_statement_to_judge_always_names_it(self) -> None:
        assert "attribution" in codes(statement("The council “has not agreed on the cost” of the canal."))

    def test_without_a_passage_nothing_is_to_be_named(self) -> None:
        assert codes(sound(stem="What did the town’s council leave open?"), None) == set()

    def test_other_languages_have_other_words_for_it(self) -> None:
        german = choice(
            "Der Preis der Arbeit", "Die Breite der Docks", "Der Name der Stadt", stem="Was ließ der Rat offen?"
        )
        assert "attribution" not in codes(replace(german, stem="Was ließ der Rat nach dem Text offen?"))


class TestBounds:
    def test_stems_have_five_to_forty_words(self) -> None:
        assert only(sound(stem=f"In the passage, {'very ' * 37}what?"), "bounds").target == "stem"
        assert "bounds" not in codes(sound(stem=f"In the passage, {'very ' * 36}what?"))
        assert only(sound(stem="Open in the passage?"), "bounds").message == "The stem has 4 words. Ask in 5 or more."

    def test_without_a_passage_a_short_question_is_fine(self) -> None:
        assert codes(typed("What is osmosis?", "diffusion"), None) == set()

    @pytest.mark.parametrize(
        ("item", "target"),
        [
            (choice("word " * 21, "The width of the docks", "The name of the port"), "options.a"),
            (card("In the passage, what came by train?", "word " * 25), "answer"),
            (matching(("Marshes", "word " * 21), ("Canal", "wider"), (None, "salt")), "pairs.0"),
            (ordering("Coal arrives", "word " * 21), "order.1"),
            (sound(feedback="word " * 61), "feedback"),
        ],
    )
    def test_other_texts_have_their_most(self, item: Item, target: str) -> None:
        assert only(item, "bounds").target == target

    def test_the_most_itself_is_allowed(self) -> None:
        assert "bounds" not in codes(choice("word " * 20, "The width of the docks", "The name of the port"))
        assert "bounds" not in codes(card("In the passage, what came by train?", "word " * 24))
        assert "bounds" not in codes(sound(feedback="word " * 60))
