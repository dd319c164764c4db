"""Rules between items, each with items that break it and a near miss."""

from __future__ import annotations

from dataclasses import replace

import pytest

from quizapp.core.items import Item
from quizapp.core.linting import Finding, lint_together
from tests.core.linting.planted import PASSAGE, choice, sound, statement, typed


def found(*items: Item, passage: str | None = None) -> list[tuple[int, str]]:
    return [(place, finding.code) for place, finding in lint_together(items, passage)]


COAL = typed("According to the passage, which fuel came by rail?", "coal", "the coal", external_id="q2")


def test_one_item_alone_and_items_apart_have_no_finding() -> None:
    assert found(sound()) == []
    assert found(sound(), COAL, passage=PASSAGE) == []


def test_an_id_that_is_given_twice_is_an_error_on_the_second() -> None:
    ((place, finding),) = lint_together([sound(), replace(COAL, external_id="q1")])
    assert place == 1
    assert finding == Finding("same-id", "error", 0, "Another question has the id “q1”, too. Give each its own.", "")


def test_items_without_an_id_are_not_the_same() -> None:
    assert found(replace(sound(), external_id=""), replace(COAL, external_id="")) == []


class TestEnemies:
    def test_an_enemy_must_be_there_be_another_and_name_the_item_in_turn(self) -> None:
        assert found(replace(sound(), enemies=("q9",)), COAL) == [(0, "unknown-enemy")]
        assert found(replace(sound(), enemies=("q1",)), COAL) == [(0, "unknown-enemy")]
        assert found(replace(sound(), enemies=("q2",)), COAL) == [(0, "one-sided-enemy")]

    def test_enemies_that_name_each_other_are_as_they_should_be(self) -> None:
        assert found(replace(sound(), enemies=("q2",)), replace(COAL, enemies=("q1",))) == []


class TestLeaks:
    def test_a_typed_key_that_stands_in_another_item_is_found_on_the_typed_one(self) -> None:
        for shown in (
            replace(sound(), stem="According to the passage, where is Coal stored?"),
            choice("The price of the coal", "The width of the docks", "The name of the port"),
        ):
            ((place, finding),) = lint_together([shown, COAL])
            assert (place, finding.code, finding.target, finding.weight) == (1, "leak", "enemies", 2)
            assert "“coal”" in finding.message
            assert "“q1”" in finding.message

    def test_enemies_may_show_each_others_keys(self) -> None:
        shown = replace(sound(), stem="According to the passage, where is coal stored?", enemies=("q2",))
        assert found(shown, replace(COAL, enemies=("q1",))) == []

    def test_part_of_a_word_is_no_leak(self) -> None:
        assert found(replace(sound(), stem="According to the passage, who formed a coalition?"), COAL) == []

    def test_british_and_american_spelling_leak_alike(self) -> None:
        asked = typed("According to the passage, what does the wall give?", "defence", external_id="q2")
        shown = replace(sound(), stem="According to the passage, who pays for defense?")
        assert found(asked, shown) == [(0, "leak")]


class TestTwins:
    def test_stems_that_ask_nearly_the_same_are_an_error(self) -> None:
        twin = replace(sound(), stem="What did the council leave open, according to the passage?", external_id="q3")
        assert found(sound(), twin) == [(1, "near-duplicate")]

    def test_as_enemies_they_may_stay(self) -> None:
        twin = replace(sound(), stem="What did the council leave open in the passage?", external_id="q3")
        assert found(replace(sound(), enemies=("q3",)), replace(twin, enemies=("q1",))) == []

    def test_the_words_of_asking_alone_make_no_twins(self) -> None:
        other = replace(sound(), stem="According to the passage, what could harm the marshes?", external_id="q3")
        assert found(sound(), other) == []

    def test_the_same_answer_from_the_same_sentence_makes_one_fact(self) -> None:
        other = typed("In the passage, what burned in ships?", "coal", external_id="q4")
        assert found(COAL, other, passage=PASSAGE) == [(1, "same-fact")]
        assert found(COAL, other) == []
        wool = typed("In the passage, what did mills weave?", "wool", external_id="q4")
        assert found(COAL, wool, passage=PASSAGE) == []


@pytest.mark.parametrize(("true", "false", "expected"), [(3, 1, 1), (0, 4, 1), (2, 2, 0), (3, 2, 0), (3, 0, 0)])
def test_from_four_on_about_half_of_the_statements_should_be_true(true: int, false: int, expected: int) -> None:
    items = [statement(f"Harbour {number} has dock {number * 7}.") for number in range(true)]
    items += [statement(f"Wharf {number} has crane {number * 5}.", is_true=False) for number in range(false)]
    assert [code for _, code in found(*items)].count("true-share") == expected
