"""The editor's form: what each kind becomes, what is refused, what is kept of the question before."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from quizapp.authoring.editing import EDITED_KINDS, Offer, fill_form, read_form
from quizapp.authoring.forms import item_form, row_count
from quizapp.authoring.items import Source
from quizapp.authoring.passages import Place
from quizapp.authoring.rows import rearrange
from quizapp.core.items import (
    Accepted,
    Cloze,
    Criterion,
    Essay,
    Flashcard,
    Item,
    Level,
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    ShortAnswer,
    SingleChoice,
    TrueFalse,
    Unit,
    read_item,
    same_key,
    write_item,
)
from tests.authoring.conftest import OTHERS, choice, item_of

SOURCE = Source(1, 2, 3, "NATO has increased its presence in Eastern Europe. It trains. It trains.")
PLACES = [Place(1, "NATO", 2, "What is NATO’s role?", "", is_own=False)]
COMMON = {"stem": "What?", "place": "p2", "submission": "6f1d6c8e-6a3e-4d0c-9a0f-000000000001"}


class Written:
    """A form as it was sent, and what became of it."""

    def __init__(self, kind: str, data: dict[str, str], base: Item | None = None, source: Source = SOURCE) -> None:
        self.form: Any = item_form(kind, MultiDict({**COMMON, **data}), PLACES, is_published=False)
        self.item, self.offers = read_form(self.form, kind, base, source)

    @property
    def refusals(self) -> dict[str, str]:
        return {name or "": " ".join(messages) for name, messages in self.form.errors.items()}


@pytest.fixture(autouse=True)
def request_context() -> Iterator[None]:
    app = Flask("forms")  # forms need a request; nothing here needs a database
    app.config.update(SECRET_KEY="k" * 40, WTF_CSRF_ENABLED=False)
    with app.test_request_context(method="POST"):
        yield


def rows(*texts: str, right: str | None = None, **more: str) -> dict[str, str]:
    data = {"rows": str(len(texts)), **{f"option_{row}_text": text for row, text in enumerate(texts)}, **more}
    return data if right is None else {**data, "right": right}


def pairs(*sides: tuple[str, str]) -> dict[str, str]:
    data = {"rows": str(len(sides))}
    for row, (left, right) in enumerate(sides):
        data |= {f"pair_{row}_left": left, f"pair_{row}_right": right}
    return data


def entries(*texts: str) -> dict[str, str]:
    return {"rows": str(len(texts)), **{f"entry_{row}_text": text for row, text in enumerate(texts)}}


def test_a_single_choice_is_read() -> None:
    written = Written("single_choice", rows("One", "", "Two", right="2", option_2_reason="Because.", explanation="So."))
    assert written.refusals == {}
    assert isinstance(written.item, SingleChoice)
    assert [(option.id, option.text, option.weight, option.feedback) for option in written.item.options] == [
        ("a", "One", 0.0, ""),
        ("b", "Two", 1.0, "Because."),
    ]
    assert (written.item.stem, written.item.feedback, written.item.source) == ("What?", "So.", "teacher")


def test_a_multiple_choice_takes_away_as_much_as_it_gives() -> None:
    written = Written("multiple_choice", rows("A", "B", "C", "D", option_0_is_right="y", option_2_is_right="y"))
    assert isinstance(written.item, MultipleChoice)
    assert [option.weight for option in written.item.options] == [0.5, -0.5, 0.5, -0.5]


def test_shares_and_the_policy_are_read_and_shown_again() -> None:
    shares = {
        "option_0_share": "70",
        "option_1_share": " 30 %",
        "option_2_share": "−25",
        "choice_policy": "all_or_nothing",
    }
    several = Written(
        "multiple_choice", rows("A", "B", "C", "D", option_0_is_right="y", option_1_is_right="y", **shares)
    )
    assert several.refusals == {}
    assert isinstance(several.item, MultipleChoice)
    assert [option.weight for option in several.item.options] == [0.7, 0.3, -0.25, 0]
    assert several.item.choice_policy == "all_or_nothing"
    data = fill_form(several.item, "p2", 1)
    assert [data.get(f"option_{row}_share") for row in range(4)] == ["70", "30", "-25", "0"]
    assert data["choice_policy"] == "all_or_nothing"
    one = Written("single_choice", rows("A", "B", "C", right="0", option_1_share="33,3")).item
    assert isinstance(one, SingleChoice)
    assert [option.weight for option in one.options] == [1, 0.333, 0]
    assert fill_form(one, "p2", 1).get("option_1_share") == "33.3"


def test_emptied_shares_are_the_usual_ones_again() -> None:
    options = [{"id": key, "text": key, "weight": weight} for key, weight in zip("abc", (0.7, 0.3, -0.2), strict=True)]
    base = read_item({"kind": "multiple_choice", "stem": "What?", "options": options})
    data = dict(fill_form(base, "p2", 1).items()) | {f"option_{row}_share": "" for row in range(3)}
    item = Written("multiple_choice", data, base).item
    assert isinstance(item, MultipleChoice)
    assert [option.weight for option in item.options] == [0.5, 0.5, -1]


@pytest.mark.parametrize(
    "weights", [(0.5, 0.5, 0, 0), (0.333333, 0.333333, 0.333333, 0), (0.2, 0.8, -1, 0), (1, -0.5, 0, 0)]
)
def test_shares_from_elsewhere_survive_an_edit(weights: tuple[float, ...]) -> None:
    options = [{"id": key, "text": key, "weight": weight} for key, weight in zip("abcd", weights, strict=True)]
    base = read_item({"kind": "multiple_choice", "stem": "What?", "options": options})
    assert Written("multiple_choice", dict(fill_form(base, "p2", 1).items()), base).item == base


def test_an_essay_is_read_with_its_criteria() -> None:
    data = {
        "rows": "3",
        "answer": "Because.",
        "criterion_0_text": "Reasons",
        "criterion_0_levels": "0: none\n1,5 points: one – or so\n\n 3 two",
    }
    essay = Written("essay", data).item
    assert isinstance(essay, Essay)
    assert essay.answer == "Because."
    assert essay.criteria == (
        Criterion(
            text="Reasons",
            levels=(
                Level(text="none", points=0),
                Level(text="one – or so", points=1.5),
                Level(text="two", points=3),
            ),
        ),
    )


def test_the_other_kinds_are_read() -> None:
    judged = Written("true_false", {"right": "false", "reason_true": "No.", "reason_false": "Yes."}).item
    assert isinstance(judged, TrueFalse)
    assert [(option.id, option.weight, option.feedback) for option in judged.options] == [
        ("true", 0.0, "No."),
        ("false", 1.0, "Yes."),
    ]
    typed = Written("short_answer", {"accepted": "collective defense\n\n collective \ncollective"}).item
    assert isinstance(typed, ShortAnswer)
    assert [answer.text for answer in typed.accepted] == ["collective defense", "collective"]
    gaps = Written("cloze", {"stem": "In [[1991]] or [[*here / there]]."}).item
    assert isinstance(gaps, Cloze)
    assert gaps.stem == "In {{1}} or {{2}}."
    card = Written("flashcard", {"answer": "Back"}).item
    assert isinstance(card, Flashcard)
    assert (card.stem, card.answer, card.is_reversible) == ("What?", "Back", False)
    both = Written("flashcard", {"answer": "Back", "is_reversible": "y"}).item
    assert isinstance(both, Flashcard)
    assert both.is_reversible


def test_numbers_are_read_one_a_line() -> None:
    lines = "10 km\n9,5 ± 0.5\n8 to 12\nat least 100\nAt most -3\n1 000 +- 5\n10"
    written = Written("numeric", {"accepted": lines, "unit": "km", "units": " m = 0,001\n\nmile=1.609"})
    assert written.refusals == {}
    assert isinstance(written.item, Numeric)
    assert written.item.unit == "km"
    assert written.item.units == (Unit(name="m", factor=0.001), Unit(name="mile", factor=1.609))
    assert written.item.unit_credit == 1
    assert [(answer.number, answer.tolerance, answer.min, answer.max) for answer in written.item.accepted] == [
        (10, None, None, None),
        (9.5, 0.5, None, None),
        (None, None, 8, 12),
        (None, None, 100, None),
        (None, None, None, -3),
        (1000, 5, None, None),
        (10, None, None, None),
    ]


def test_tolerances_may_be_shares_and_the_unit_part_of_the_answer() -> None:
    lines = "10 ± 5 %\n10 ± 10% = 50 %\n9 to 11 = 12,5 %"
    item = Written("numeric", {"accepted": lines, "unit": "km", "is_unit_asked": "y"}).item
    assert isinstance(item, Numeric)
    assert [(answer.number, answer.relative_tolerance, answer.weight) for answer in item.accepted] == [
        (10, 0.05, 1),
        (10, 0.1, 0.5),
        (None, None, 0.125),
    ]
    assert item.unit_credit == 0.5
    shares = Written("numeric", {"accepted": "50 ± 5 %", "unit": "%"}).item
    assert isinstance(shares, Numeric)
    assert shares.accepted == (Accepted(number=50, tolerance=5),)


def test_an_answer_may_earn_part_of_the_mark() -> None:
    typed = Written("short_answer", {"accepted": "support\nhelp = 50 %\nx = 5 % = 100 %"}).item
    assert isinstance(typed, ShortAnswer)
    assert [(answer.text, answer.weight) for answer in typed.accepted] == [
        ("support", 1),
        ("help", 0.5),
        ("x = 5 %", 1),
    ]
    assert fill_form(typed, "p2", 1)["accepted"] == "support\nhelp = 50 %\nx = 5 % = 100 %"
    gaps = Written("cloze", {"stem": "[[a | b = 50 %]] [[*c / d = 25 % / e = -50 %]]"}).item
    assert isinstance(gaps, Cloze)
    assert [answer.weight for answer in gaps.gaps[0].accepted] == [1, 0.5]
    assert [option.weight for option in gaps.gaps[1].options] == [1, 0.25, -0.5]
    assert fill_form(gaps, "p2", 1)["stem"] == "[[a | b = 50 %]] [[*c / d = 25 % / e = -50 %]]"


def test_pairs_and_entries_are_read_row_by_row() -> None:
    matching = Written("matching", pairs(("One", "1"), ("", ""), ("Two", "2"), ("", "3"))).item
    assert isinstance(matching, Matching)
    assert [(pair.left, pair.right) for pair in matching.pairs] == [("One", "1"), ("Two", "2"), (None, "3")]
    ordering = Written("ordering", entries("First", "", "Second")).item
    assert isinstance(ordering, Ordering)
    assert ordering.order == ("First", "Second")


@pytest.mark.parametrize(
    ("kind", "data", "field", "reason"),
    [
        ("single_choice", rows("A", "B"), "right", "Mark the option that is right"),
        ("single_choice", rows("A", "B", "", right="2"), "right", "is empty"),
        ("single_choice", rows("A", "", right="0"), "option_0_text", "at least two options"),
        ("single_choice", rows("A", "a", right="0"), "option_1_text", "there twice"),
        ("single_choice", rows("A", "B", "", right="0", option_2_reason="x"), "option_2_text", "Write this option"),
        ("single_choice", rows("A", "B", right="9"), "right", "valid choice"),
        ("single_choice", {**rows("A", "B", right="0"), "stem": "  "}, "stem", "Write the question"),
        ("single_choice", {**rows("A", "B", right="0"), "place": ""}, "place", "Choose a topic"),
        ("single_choice", {**rows("A", "B", right="0"), "place": "p99"}, "place", "Choose a topic"),
        ("single_choice", {**rows("A", "B", right="0"), "place": "new"}, "new_topic", "Give the new topic a title"),
        ("single_choice", {**rows("A", "B", right="0"), "submission": "x"}, "submission", "incomplete"),
        ("single_choice", rows("A" * 1001, "B", right="0"), "option_0_text", "at most 1000"),
        ("multiple_choice", rows("A", "B"), "option_0_text", "at least one option as right"),
        ("multiple_choice", rows("A", "B", option_0_is_right="y", option_1_is_right="y"), "option_0_text", "Every"),
        ("multiple_choice", rows("A", "B", "", option_0_is_right="y", option_2_is_right="y"), "option_2_text", "row"),
        ("single_choice", rows("A", "B", right="0", option_1_share="100"), "option_1_share", "less than 100 %"),
        ("single_choice", rows("A", "B", right="0", option_0_share="50"), "option_0_share", "Make it 100 %"),
        ("single_choice", rows("A", "B", right="0", option_1_share="half"), "option_1_share", "number of per cent"),
        ("single_choice", rows("A", "B", right="0", option_1_share="-200"), "option_1_share", "from -100 to 100"),
        (
            "multiple_choice",
            rows("A", "B", option_0_is_right="y", option_0_share="90"),
            "option_0_share",
            "90 % in all",
        ),
        ("multiple_choice", rows("A", "B", option_0_is_right="y", option_0_share="-9"), "option_0_share", "above 0"),
        ("multiple_choice", rows("A", "B", option_0_is_right="y", option_1_share="9"), "option_1_share", "0 or below"),
        (
            "multiple_choice",
            rows("A", "B", option_0_is_right="y", choice_policy="kind"),
            "choice_policy",
            "valid choice",
        ),
        ("essay", {"criterion_0_levels": "1: x"}, "criterion_0_text", "what these levels are about"),
        ("essay", {"criterion_0_text": "x", "criterion_0_levels": "1: x"}, "criterion_0_levels", "two or more levels"),
        (
            "essay",
            {"criterion_0_text": "x", "criterion_0_levels": "good\nbad"},
            "criterion_0_levels",
            "with its points",
        ),
        ("essay", {"criterion_0_text": "x", "criterion_0_levels": "0: a\n0: b"}, "criterion_0_levels", "at least one"),
        ("essay", {"stem": ""}, "stem", "Write the question"),
        ("description", {"stem": ""}, "stem", "Write the text"),
        ("true_false", {}, "right", "whether the statement is true"),
        ("true_false", {"right": "maybe"}, "right", "valid choice"),
        ("short_answer", {"accepted": " \n "}, "accepted", "at least one accepted answer"),
        ("short_answer", {"accepted": "one two three four five"}, "accepted", "has 5 words"),
        ("short_answer", {"accepted": "*"}, "accepted", "count every answer as right"),
        ("numeric", {"accepted": "", "unit": ""}, "accepted", "at least one accepted number"),
        ("numeric", {"accepted": "many", "unit": ""}, "accepted", "“many” is not a number"),
        ("numeric", {"accepted": "5 m", "unit": "km"}, "accepted", "“5 m” is not a number"),
        ("numeric", {"accepted": "1,234", "unit": ""}, "accepted", "can mean two things"),
        ("numeric", {"accepted": "9 to 8", "unit": ""}, "accepted", "Turn it round"),
        ("numeric", {"accepted": "9 ± -1", "unit": ""}, "accepted", "below zero"),
        ("numeric", {"accepted": "9 ± 200 %", "unit": ""}, "accepted", "more than the number itself"),
        ("numeric", {"accepted": "9 = 50 %", "unit": ""}, "accepted", "must earn all of it"),
        ("numeric", {"accepted": "9 = 101 %", "unit": ""}, "accepted", "from 0 to 100 %"),
        ("numeric", {"accepted": "9", "unit": "", "is_unit_asked": "y"}, "unit", "Write the unit"),
        ("numeric", {"accepted": "9", "unit": "", "units": "m = 2"}, "unit", "Write the unit"),
        ("numeric", {"accepted": "9", "unit": "km", "units": "m"}, "units", "m = 0.001"),
        ("numeric", {"accepted": "9", "unit": "km", "units": "m = 0"}, "units", "m = 0.001"),
        ("numeric", {"accepted": "9", "unit": "km", "units": "m = 1,000"}, "units", "m = 0.001"),
        ("numeric", {"accepted": "9", "unit": "km", "units": "km = 1"}, "units", "there twice"),
        ("short_answer", {"accepted": "help = 50 %"}, "accepted", "must earn all of it"),
        ("short_answer", {"accepted": "help = -50 %\nx"}, "accepted", "from 0 to 100 %"),
        ("cloze", {"stem": "[[a = 50 %]]"}, "stem", "must earn all of it"),
        ("cloze", {"stem": "[[*a / b = 100 %]]"}, "stem", "one alone must earn all"),
        ("cloze", {"stem": "[[*a = 50 % / b]]"}, "stem", "one alone must earn all"),
        ("cloze", {"stem": "[[*a / a = 50 %]]"}, "stem", "one alone must earn all"),
        ("matching", pairs(("A", "1"), ("B", "")), "pair_1_right", "Write what belongs to it"),
        ("matching", pairs(("A", "1"), ("", "2")), "pair_0_left", "at least two left sides"),
        ("matching", pairs(("A", "1"), ("a", "2")), "pair_1_left", "there twice"),
        ("matching", pairs(("A", "1"), ("B", "2"), ("", "2")), "pair_2_right", "fit none"),
        ("matching", pairs(("A" * 1001, "1"), ("B", "2")), "pair_0_left", "at most 1000"),
        ("ordering", entries("A", ""), "entry_0_text", "at least two entries"),
        ("ordering", entries("A", "b", "a"), "entry_2_text", "there twice"),
        ("cloze", {"stem": "No gap"}, "stem", "There is no gap yet"),
        ("cloze", {"stem": "A [[gap"}, "stem", "is not closed"),
        ("cloze", {"stem": "A [[one two three four five]]"}, "stem", "has 5 words"),
        ("cloze", {"stem": ""}, "stem", "Write the text with its gaps"),
        ("flashcard", {"answer": ""}, "answer", "Write the back"),
        ("flashcard", {"answer": "B", "stem": ""}, "stem", "Write the front"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(kind: str, data: dict[str, str], field: str, reason: str) -> None:
    written = Written(kind, data)
    assert written.item is None
    assert reason in written.refusals.get(field, ""), written.refusals


def test_evidence_is_located_line_by_line() -> None:
    written = Written("flashcard", {"answer": "B", "quote": "NATO has\n\n presence in Eastern Europe "})
    assert written.item is not None
    assert [evidence.quote for evidence in written.item.evidence] == ["NATO has", "presence in Eastern Europe"]


def test_evidence_that_nearly_matches_is_offered() -> None:
    written = Written("flashcard", {"answer": "B", "quote": "NATO has\nnato  has increased\nIt trains."})
    assert written.item is None
    assert written.offers == [Offer(1, "NATO has increased")]
    assert "offered below" in written.refusals["quote"]
    assert "more than once" in written.refusals["quote"]


def test_a_topic_without_a_passage_holds_no_evidence() -> None:
    written = Written("flashcard", {"answer": "B", "quote": "NATO has"}, source=Source(1))
    assert "no passage to quote" in written.refusals["quote"]


def test_evidence_that_said_where_it_stands_keeps_its_place() -> None:
    start = SOURCE.text.rindex("It trains.")
    base = read_item({**OTHERS["flashcard"], "evidence": [{"quote": "It trains.", "start": start}]})
    data = fill_form(base, "p2", 1)
    written = Written("flashcard", dict(data.items()), base)
    assert written.item is not None
    assert written.item.evidence[0].start == start


@pytest.mark.parametrize("kind", EDITED_KINDS)
def test_saving_unchanged_changes_nothing(kind: str) -> None:
    base = item_of(kind)
    base = read_item({**write_item(base), "tags": ["nato"], "title": "A title", "bloom": "remember", "evidence": []})
    written = Written(kind, dict(fill_form(base, "p2", 1).items()), base)
    assert written.refusals == {}
    assert written.item == base


def test_another_wording_of_the_key_keeps_its_id() -> None:
    base = choice()
    data = dict(fill_form(base, "p2", 1).items()) | {"option_0_text": "Its presence in the east", "quote": ""}
    item = Written("single_choice", data, base).item
    assert item is not None
    assert same_key(base, item)


def test_another_key_is_another_question() -> None:
    base = choice()
    item = Written("single_choice", dict(fill_form(base, "p2", 1).items()) | {"right": "1", "quote": ""}, base).item
    assert item is not None
    assert not same_key(base, item)


def test_a_new_option_never_takes_the_id_of_a_removed_one() -> None:
    base = choice()
    data = rearrange(fill_form(base, "p2", 1), base.kind, "remove-1")
    data = rearrange(data, "single_choice", "add")
    data["option_2_text"], data["quote"] = "Another", ""
    item = Written("single_choice", dict(data.items()), base).item
    assert isinstance(item, SingleChoice)
    assert [option.id for option in item.options] == ["a", "c", "d"]


def test_a_forged_or_repeated_id_gets_one_of_its_own() -> None:
    base = choice()
    data = dict(fill_form(base, "p2", 1).items()) | {"option_1_id": "a", "option_2_id": "<b>", "quote": ""}
    item = Written("single_choice", data, base).item
    assert isinstance(item, SingleChoice)
    assert [option.id for option in item.options] == ["a", "d", "e"]


def test_shares_that_add_up_oddly_survive_an_edit() -> None:
    options = [{"id": key, "text": key, "weight": 0.333333} for key in "abc"] + [{"id": "d", "text": "d", "weight": -1}]
    base = read_item({"kind": "multiple_choice", "stem": "What?", "options": options})
    item = Written("multiple_choice", dict(fill_form(base, "p2", 1).items()) | {"stem": "Which?"}, base).item
    assert item is not None
    assert same_key(base, item)


def test_gaps_keep_ids_and_reasons() -> None:
    base = item_of("cloze")
    data = dict(fill_form(base, "p2", 1).items())
    assert data["stem"] == "The role is [[support]] and [[*reassurance / combat]]."
    data["stem"] = "The role is [[support | help]] and [[new one / *a reassurance / combat]]."
    item = Written("cloze", data, base).item
    assert isinstance(item, Cloze)
    assert [(option.id, option.text) for option in item.gaps[1].options] == [
        ("c", "new one"),
        ("a", "a reassurance"),
        ("b", "combat"),
    ]
    assert same_key(base, item)


@pytest.mark.parametrize(
    ("do", "texts", "right"),
    [
        ("add", ["A", "B", "C", ""], "1"),
        ("remove-0", ["B", "C"], "0"),
        ("remove-1", ["A", "C"], None),
        ("remove-2", ["A", "B"], "1"),
        ("remove-9", ["A", "B", "C"], "1"),
        ("remove-x", ["A", "B", "C"], "1"),
        ("show", ["A", "B", "C"], "1"),
    ],
)
def test_rows_come_and_go_and_the_rest_stays(do: str, texts: list[str], right: str | None) -> None:
    data = rearrange(MultiDict({**COMMON, **rows("A", "B", "C", right="1")}), "single_choice", do)
    assert [data.get(f"option_{row}_text", "") for row in range(int(data["rows"]))] == texts
    assert data.get("right") == right
    assert data["stem"] == "What?"


def test_offered_words_take_the_place_of_their_line() -> None:
    data = MultiDict({**COMMON, "quote": "One\ntwo\nThree", "offer_1": "Two"})
    assert rearrange(data, "single_choice", "use-1")["quote"] == "One\nTwo\nThree"
    assert rearrange(data, "single_choice", "use-7")["quote"] == "One\ntwo\nThree"


def test_rows_have_a_lower_and_an_upper_bound() -> None:
    data: MultiDict[str, str] = MultiDict({**COMMON, "rows": "2"})
    assert rearrange(data, "single_choice", "remove-0")["rows"] == "2"
    data["rows"] = "9" * 9
    form: Any = item_form("single_choice", data, PLACES, is_published=False)
    assert len([name for name in form._fields if name.endswith("_text")]) == 50


def test_rows_move_with_all_that_was_typed_in_them() -> None:
    data = rearrange(MultiDict(pairs(("One", "1"), ("Two", "2"), ("", "3"))), "matching", "up-1")
    assert [data[f"pair_{row}_left"] for row in range(3)] == ["Two", "One", ""]
    assert [data[f"pair_{row}_right"] for row in range(3)] == ["2", "1", "3"]
    data = rearrange(data, "matching", "remove-0")
    assert (data["rows"], data["pair_0_left"], data["pair_1_right"]) == ("2", "One", "3")
    assert "pair_2_right" not in data
    moved = rearrange(MultiDict(entries("A", "B", "C")), "ordering", "down-0")
    assert [moved[f"entry_{row}_text"] for row in range(3)] == ["B", "A", "C"]
    marked = rearrange(MultiDict(rows("A", "B", right="0", option_0_is_right="y")), "single_choice", "down-0")
    assert (marked["option_1_text"], marked["option_1_is_right"], marked["right"]) == ("A", "y", "1")


@pytest.mark.parametrize("do", ["up-0", "down-2", "up-9", "down-x", "up-", "remove-7", "sideways-1"])
def test_a_move_that_leads_nowhere_changes_nothing(do: str) -> None:
    data = MultiDict(entries("A", "B", "C"))
    assert rearrange(data, "ordering", do) == data


@pytest.mark.parametrize(("sent", "rows"), [(" 7 ", 7), ("9" * 5000, 50), ("٧", 4), ("", 4)])
def test_the_number_of_rows_is_the_same_however_it_was_sent(app: Flask, sent: str, rows: int) -> None:
    with app.test_request_context():
        form = item_form("matching", MultiDict({"rows": sent}), [], is_published=False)
        assert row_count({"rows": sent}) == row_count({"rows": form.rows.data}) == rows
        assert f"pair_{rows - 1}_left" in form
