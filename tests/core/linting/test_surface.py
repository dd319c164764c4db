"""Options that say the same or are made differently, open marks, and articles."""

from __future__ import annotations

import pytest

from quizapp.core.items import Item
from tests.core.linting.planted import card, choice, codes, matching, only, ordering, sound, typed


class TestTwins:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("The price of the work", "The price of the work"),
            ("the price", "A price"),
            ("Two docks", "2 docks"),
            ("Harbour defence", "Harbor defense"),
            ("The United Nations", "The UN"),
            ("USA", "United States"),
        ],
    )
    def test_options_that_say_the_same_are_an_error(self, one: str, other: str) -> None:
        found = only(choice(one, other, "The name of it"), "equal-options", None)
        assert (found.severity, found.target) == ("error", "options.b")

    @pytest.mark.parametrize(("one", "other"), [("Two docks", "Twelve docks"), ("The UN", "The EU"), ("+", "−")])
    def test_options_that_differ_in_a_word_or_sign_are_two(self, one: str, other: str) -> None:
        assert "equal-options" not in codes(choice(one, other, "The name"), None)


class TestMake:
    def test_capitals_are_all_alike(self) -> None:
        assert only(choice("The price", "the width", "The name"), "uneven-options").target == "options"
        assert "uneven-options" not in codes(choice("the price", "the width", "the name"))

    def test_a_name_keeps_its_capital_among_small_letters(self) -> None:
        assert "uneven-options" not in codes(choice("prices", "NATO troops", "fishermen"))
        of_senna = choice("price of work", "Senna’s council", "name of it")
        assert "uneven-options" not in codes(of_senna)
        assert "uneven-options" in codes(of_senna, None)

    @pytest.mark.parametrize(
        "texts",
        [
            ("To widen the canal", "To pay for coal", "A wider dock"),
            ("Because it was wide", "Because it was deep", "To pay for coal"),
            ("By widening canals", "By selling coal", "More trains"),
            ("A price for it", "Width of docks", "Name of port"),
            ("Price of it", "A width of docks", "The name of port"),
        ],
    )
    def test_an_option_of_another_make_is_an_error(self, texts: tuple[str, ...]) -> None:
        assert only(choice(*texts), "uneven-options").severity == "error"

    @pytest.mark.parametrize(
        "texts",
        [
            ("To widen the canal", "To pay for coal", "To build a dock"),
            ("By widening canals", "By selling coal", "By buying trains"),
            ("Price of it", "A width of docks", "Name of port"),
            ("NATO", "The European Union", "The United Nations"),
            ("In the docks", "On the marshes", "At sea"),
        ],
    )
    def test_options_of_one_make_or_an_odd_distractor_are_fine(self, texts: tuple[str, ...]) -> None:
        assert "uneven-options" not in codes(choice(*texts))


class TestMarks:
    @pytest.mark.parametrize(
        ("item", "target"),
        [
            (sound(stem="What did the council of the passage “leave open?"), "stem"),
            (choice("The price (in coal", "The width of docks", "The name of port"), "options.a"),
            (sound(feedback="It says so]."), "feedback"),
            (typed("In the passage, what came by rail?", 'the "coal'), "accepted.0"),
            (card("In the passage, what came by rail?", "Coal (and wool"), "answer"),
            (ordering("Coal arrives)", "Fishermen worry"), "order.0"),
            (matching(("Marshes", "‘salt"), ("Canal", "wider"), (None, "coal")), "pairs.0"),
        ],
    )
    def test_an_open_quotation_or_bracket_is_an_error(self, item: Item, target: str) -> None:
        assert only(item, "open-mark").target == target

    @pytest.mark.parametrize(
        "text",
        [
            "It’s “said” (once).",
            "The interval [0, 1) is meant.",
            "Either a) the price or b) the width.",
            'The "price" is.',
        ],
    )
    def test_apostrophes_intervals_and_list_marks_are_fine(self, text: str) -> None:
        assert "open-mark" not in codes(sound(feedback=text))


class TestArticles:
    @pytest.mark.parametrize(
        "phrase", ["a old canal", "a empty dock", "a umbrella", "an council", "an university", "an one-way street"]
    )
    def test_the_wrong_article_is_an_error(self, phrase: str) -> None:
        assert "a-or-an" in codes(sound(feedback=f"The council has {phrase} in mind."))

    @pytest.mark.parametrize(
        "phrase",
        [
            "an old canal", "an hour", "an honest plan", "a university", "a European dock", "a one-way street", "a use",
            "a unit", "an EU rule", "a US rule", "a once busy dock", "an x-ray", "a historic dock", "an unused dock",
            "an uncle", "a uniform",
        ],
    )  # fmt: skip
    def test_the_right_article_is_fine(self, phrase: str) -> None:
        assert "a-or-an" not in codes(sound(feedback=f"The council has {phrase} in mind."))

    def test_other_languages_have_other_articles(self) -> None:
        item = choice(
            "Il prezzo", "La strada", "Il nome", stem="Che cosa ha lasciato a aperto il consiglio per la città?"
        )
        assert "a-or-an" not in codes(item, None)


class TestFormulas:
    @pytest.mark.parametrize(
        ("item", "target"),
        [
            (sound(stem="The passage: what is $x_1_2$?", stem_format="markdown"), "stem"),
            (choice("$\\frac{1}$", "$2$", "$3$", stem_format="markdown"), "options.a"),
            (sound(feedback="It is $\\sqrt{$.", stem_format="markdown"), "feedback"),
            (card("In the passage, what is it?", "$\\nosuch$", stem_format="markdown"), "answer"),
        ],
    )
    def test_a_formula_that_cannot_be_read_is_an_error(self, item: Item, target: str) -> None:
        found = only(item, "unreadable-formula")
        assert (found.severity, found.target) == ("error", target)
        assert "Mend it" in found.message

    @pytest.mark.parametrize("reason", ["It is $\\frac{1}{2}$.", "It costs $5, not $10.", "Write \\$x\\$."])
    def test_formulas_and_sums_of_money_are_fine(self, reason: str) -> None:
        assert codes(sound(feedback=reason, stem_format="markdown")) == set()

    def test_a_plain_text_holds_no_formula(self) -> None:
        assert "unreadable-formula" not in codes(sound(feedback="It is $\\frac{1}$."))
