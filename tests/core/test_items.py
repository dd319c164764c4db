"""Items: read, written, described by the schema and refused."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.items import (
    KINDS,
    Evidence,
    Item,
    Option,
    SingleChoice,
    equal_answers,
    guess_chance,
    is_recognition,
    item_schema,
    key_text,
    locate,
    option_count,
    plain_stem,
    read_item,
    split_stem,
    write_item,
)
from quizapp.core.items.reading import _RECORDS
from quizapp.errors import Unreadable

CHOICE: dict[str, Any] = {
    "kind": "single_choice",
    "stem": "When did Ukraine become independent?",
    "options": [
        {"id": "a", "text": "1991", "weight": 1, "feedback": "The year of the referendum."},
        {"id": "b", "text": "1989", "misconception": "mixes it up with Berlin"},
        {"id": "c", "text": "2004", "weight": -0.5},
        {"id": "d", "text": "2014"},
    ],
}
MULTIPLE: dict[str, Any] = {
    "kind": "multiple_choice",
    "stem": "Which are vowels?",
    "options": [
        {"id": "a", "text": "A", "weight": 0.5},
        {"id": "b", "text": "E", "weight": 0.5},
        {"id": "c", "text": "T", "weight": -0.5},
    ],
    "choice_policy": "all_or_nothing",
}
TRUE_FALSE: dict[str, Any] = {
    "kind": "true_false",
    "stem": "Ice floats.",
    "options": [{"id": "true", "text": "True", "weight": 1}, {"id": "false", "text": "False"}],
}
SHORT: dict[str, Any] = {
    "kind": "short_answer",
    "stem": "Capital of France?",
    "accepted": [{"text": "Par*"}, {"text": "Paris"}, {"text": "Lutetia", "weight": 0.5, "feedback": "Long ago."}],
}
NUMERIC: dict[str, Any] = {
    "kind": "numeric",
    "stem": "g?",
    "accepted": [{"number": 9.81, "tolerance": 0.05}, {"number": 9.81, "relative_tolerance": 0.1, "weight": 0.5}],
    "unit": "m/s²",
    "units": [{"name": "cm/s²", "factor": 0.01}],
    "unit_credit": 0.5,
}
CLOZE: dict[str, Any] = {
    "kind": "cloze",
    "stem": "Water is {{1}} and {{2}}.",
    "gaps": [
        {"kind": "typed", "accepted": [{"text": "hydrogen"}]},
        {
            "kind": "choice",
            "options": [{"id": "o", "text": "oxygen", "weight": 1}, {"id": "n", "text": "nitrogen"}],
        },
    ],
}
MATCHING: dict[str, Any] = {
    "kind": "matching",
    "stem": "Match.",
    "pairs": [{"left": "1", "right": "one"}, {"left": "2", "right": "two"}, {"right": "three"}],
}
ORDERING: dict[str, Any] = {"kind": "ordering", "stem": "Order.", "order": ["first", "second", "third"]}
ESSAY: dict[str, Any] = {
    "kind": "essay",
    "stem": "Discuss.",
    "rubric": "Two reasons.",
    "criteria": [{"text": "Reasons", "levels": [{"text": "none", "points": 0}, {"text": "two", "points": 2}]}],
    "answer": "Because, and because.",
}
FLASHCARD: dict[str, Any] = {
    "kind": "flashcard",
    "stem": "Ohm's law",
    "answer": "U = R·I",
    "is_reversible": True,
    "title": "Ohm",
    "stem_format": "markdown",
    "topic": "Physics",
    "tags": ["law"],
    "bloom": "remember",
    "feedback": "Voltage grows with current.",
    "hints": ["Three letters."],
    "evidence": [{"quote": "proportional", "start": 3, "end": 15}, {"quote": "the current"}],
    "external_id": "ohm-1",
    "source": "curated",
    "enemies": ["ohm-2"],
    "max_mark": 2,
    "penalty": 0.1,
    "media": [
        "circuit.svg",
        {"name": "a.webp", "kind": "image", "alt": "A circuit", "width": 640, "height": 480},
        {"name": "b.webp", "kind": "image", "is_decorative": True, "width": 9, "height": 9},
        {"name": "c.mp3", "kind": "audio", "alt": "Someone says “volt”."},
    ],
}
DESCRIPTION: dict[str, Any] = {"kind": "description", "stem": "Now read on."}
EVERY_KIND = [
    CHOICE,
    MULTIPLE,
    TRUE_FALSE,
    SHORT,
    NUMERIC,
    CLOZE,
    MATCHING,
    ORDERING,
    ESSAY,
    FLASHCARD,
    DESCRIPTION,
]


def kind_of(data: dict[str, Any]) -> str:
    return str(data["kind"])


def changed(data: dict[str, Any], **changes: object) -> dict[str, Any]:
    copied: dict[str, Any] = json.loads(json.dumps(data))
    for path, value in changes.items():
        *parents, last = [int(step) if step.isdigit() else step for step in path.split("__")]
        place: Any = copied
        for step in parents:
            place = place[step]
        if value is ...:
            del place[last]
        else:
            place[last] = value
    return copied


def test_every_kind_has_an_example() -> None:
    assert {data["kind"] for data in EVERY_KIND} == set(KINDS)


@pytest.mark.parametrize("data", EVERY_KIND, ids=kind_of)
def test_what_is_written_reads_back_the_same(data: dict[str, Any]) -> None:
    item = read_item(data)
    written = write_item(item)
    assert read_item(json.loads(json.dumps(written))) == item
    assert isinstance(item, KINDS[data["kind"]])
    assert written == data | {"kind": item.kind}


def test_fields_left_out_have_their_defaults_and_are_left_out_again() -> None:
    item = read_item({"kind": "description", "stem": "Text."})
    assert (item.title, item.tags, item.max_mark, item.stem_format) == ("", (), 1.0, "plain")
    assert write_item(item) == {"kind": "description", "stem": "Text."}


@pytest.mark.parametrize("record", _RECORDS.values(), ids=lambda record: record.name)
def test_the_table_of_a_kind_names_exactly_the_fields_of_its_dataclass(record: Any) -> None:
    assert set(record.fields) == {field.name for field in dataclasses.fields(record.target)}


@pytest.mark.parametrize("data", EVERY_KIND, ids=kind_of)
def test_the_schema_accepts_what_the_reader_accepts(data: dict[str, Any]) -> None:
    assert fits(data, item_schema())


REFUSED = {
    "an unknown kind": (changed(CHOICE, kind="riddle"), "“kind” must be one of"),
    "no kind": (changed(CHOICE, kind=...), "“kind” must be one of"),
    "an unknown field": (changed(CHOICE, colour="red"), "“colour” is not a field of single choice"),
    "an unknown field of an option": (changed(CHOICE, options__1__right=True), "“right” of “options” entry 2 is not"),
    "no stem": (changed(CHOICE, stem=...), "“stem” is missing"),
    "a blank stem": (changed(CHOICE, stem=" \n"), "“stem” must not be blank"),
    "a stem that is no text": (changed(CHOICE, stem=3), "“stem” must be a text"),
    "a control character": (changed(CHOICE, stem="a\x00b"), "“stem” holds a control character"),
    "half a surrogate pair": (changed(CHOICE, stem="a\ud800"), "“stem” holds a control character"),
    "one option": (changed(CHOICE, options=CHOICE["options"][:1]), "“options” must have at least 2 entries"),
    "options that are no list": (changed(CHOICE, options="abc"), "“options” must be a list"),
    "an option that is no object": (changed(CHOICE, options__0="a"), "“options” entry 1 must be an object"),
    "a weight above 1": (changed(CHOICE, options__1__weight=1.5), "“weight” of “options” entry 2 must be at most 1"),
    "a weight that is a flag": (changed(CHOICE, options__1__weight=True), "“weight” of “options” entry 2 must be a n"),
    "an option id with a space": (changed(CHOICE, options__1__id="b c"), "“id” of “options” entry 2 may hold only"),
    "a file of no kind": (
        changed(CHOICE, media=[{"name": "a", "kind": "film"}]),
        "“kind” of “media” entry 1 must be one of “image”, “audio”",
    ),
    "a file without a name": (changed(CHOICE, media=[{"kind": "image"}]), "“name” of “media” entry 1 is missing"),
    "a file that is a number": (changed(CHOICE, media=[7]), "“media” entry 1 must be an object"),
    "an unknown format": (changed(CHOICE, stem_format="rtf"), "“stem_format” must be one of “plain”, “markdown”"),
    "a number of enemies": (changed(CHOICE, enemies=3), "“enemies” must be a list"),
    "too long a title": (changed(CHOICE, title="t" * 301), "“title” must be at most 300 characters"),
    "shuffling by number": (changed(CHOICE, shuffle_options=1), "“shuffle_options” must be true or false"),
    "a null field": (changed(CHOICE, title=None), "“title” must be a text"),
    "a half code point": (changed(FLASHCARD, evidence__0__start=1.5), "“start” of “evidence” entry 1 must be a whole"),
    "a blank quote": (changed(FLASHCARD, evidence__0__quote=""), "“quote” of “evidence” entry 1 must not be blank"),
    "one level": (changed(ESSAY, criteria__0__levels=[{"text": "x", "points": 1}]), "“levels” of “criteria” entry 1 m"),
    "a unit of nothing": (changed(NUMERIC, units__0__factor=0), "“factor” of “units” entry 1 must be at least 1e-15"),
    "a tolerance of more than all": (
        changed(NUMERIC, accepted__1__relative_tolerance=1.5),
        "“relative_tolerance” of “accepted” entry 2 must be at most 1",
    ),
    "a table of weights": (changed(MULTIPLE, options__0__weight={}), "“weight” of “options” entry 1 must be a number"),
}
CONTRADICTIONS = {
    "two keys": (changed(CHOICE, options__1__weight=1), "exactly one option of “weight” 1, not 2"),
    "no key": (changed(CHOICE, options__0__weight=0.9), "exactly one option of “weight” 1, not 0"),
    "twin ids": (changed(CHOICE, options__1__id="a"), "“options” has the id “a” twice"),
    "other ids for true and false": (changed(TRUE_FALSE, options__0__id="yes"), "the ids “true” and “false”"),
    "shares above 1": (changed(MULTIPLE, options__0__weight=0.6), "must sum to 1, not 1.1"),
    "an accepted number for a text": (changed(SHORT, accepted=[{"number": 3}]), "“text” of “accepted” entry 1 is m"),
    "an accepted text with a number": (changed(SHORT, accepted__0__number=3), "entry 1 is a text"),
    "no full credit": (changed(SHORT, accepted=[{"text": "a", "weight": 0.5}]), "one answer of “weight” 1"),
    "a text for a number": (changed(NUMERIC, accepted=[{"text": "nine"}]), "can't have a “text”"),
    "a number and a range": (changed(NUMERIC, accepted__0__min=1), "either “number” or “min” and “max”"),
    "an empty range": (changed(NUMERIC, accepted=[{"min": 2, "max": 1}]), "“min” of “accepted” entry 1 is larger"),
    "a range with tolerance": (changed(NUMERIC, accepted=[{"min": 2, "tolerance": 1}]), "can't have a “tolerance”"),
    "a gap that the stem lacks": (
        changed(CLOZE, stem="Water is {{1}}."),
        "mark each entry of “gaps” once: {{1}}, {{2}}",
    ),
    "a gap too many": (changed(CLOZE, stem="{{1}} {{2}} {{3}}"), "“stem” must mark each entry"),
    "a gap marked twice": (changed(CLOZE, stem="{{1}} {{2}} {{2}}"), "“stem” must mark each entry"),
    "a typed gap with options": (changed(CLOZE, gaps__1__kind="typed"), "“gaps” entry 2 is typed"),
    "a choice gap without options": (changed(CLOZE, gaps__0__kind="choice"), "“gaps” entry 1 is a choice"),
    "a choice gap without key": (
        changed(CLOZE, gaps__1__options__0__weight=0),
        "“options” of “gaps” entry 2 must have",
    ),
    "two tolerances": (changed(NUMERIC, accepted__0__relative_tolerance=0.1), "either a “tolerance” or a"),
    "a range with a share": (changed(NUMERIC, accepted=[{"min": 2, "relative_tolerance": 0.1}]), "can't have a “tol"),
    "a text with a share": (changed(SHORT, accepted__0__relative_tolerance=0.1), "entry 1 is a text"),
    "units without a unit": (changed(NUMERIC, unit=...), "“unit” is missing"),
    "a unit of the same name": (changed(NUMERIC, units__0__name="m/s²"), "“units” has the name “m/s²” twice"),
    "a criterion without points": (
        changed(ESSAY, criteria__0__levels__1__points=0),
        "“criteria” entry 1 must have a level with points",
    ),
    "one pair": (changed(MATCHING, pairs__0__left=...), "at least two entries with a “left”"),
    "twin left sides": (changed(MATCHING, pairs__1__left="1"), "“pairs” has the left “1” twice"),
    "a distractor that is a key": (changed(MATCHING, pairs__2__right="one"), "distractor that is also the right side"),
    "twin entries in order": (changed(ORDERING, order__1="first"), "“order” has the entry “first” twice"),
    "an end without start": (changed(FLASHCARD, evidence__0__start=...), "an “end” without a “start”"),
    "an end too far": (changed(FLASHCARD, evidence__0__end=16), "do not span the length"),
}


@pytest.mark.parametrize(
    ("data", "reason"), [*REFUSED.values(), *CONTRADICTIONS.values()], ids=[*REFUSED, *CONTRADICTIONS]
)
def test_a_refusal_is_a_sentence_that_names_the_field(data: dict[str, Any], reason: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read_item(data)
    assert reason in refusal.value.message
    assert refusal.value.message.endswith(".")


@pytest.mark.parametrize("data", [data for data, _ in REFUSED.values()], ids=list(REFUSED))
def test_the_schema_refuses_the_shapes_that_the_reader_refuses(data: dict[str, Any]) -> None:
    assert not fits(data, item_schema())


def test_an_item_must_be_an_object() -> None:
    with pytest.raises(Unreadable, match="must be an object"):
        read_item([])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("data", "key", "guess", "equal", "shown"),
    [
        (CHOICE, "1991", 1 / 4, 4, 4),
        (MULTIPLE, "A; E", 1 / 7, 7, 3),
        (TRUE_FALSE, "True", 1 / 2, 2, 2),
        (SHORT, "Paris", 0, None, None),
        (NUMERIC, "9.81 ± 0.05 m/s²", 0, None, None),
        (changed(NUMERIC, accepted=[{"min": 3, "max": 4}]), "3 to 4 m/s²", 0, None, None),
        (changed(NUMERIC, accepted=[{"min": 3}]), "at least 3 m/s²", 0, None, None),
        (changed(NUMERIC, accepted=[{"max": 3}]), "at most 3 m/s²", 0, None, None),
        (CLOZE, "hydrogen; oxygen", 0, None, None),
        (changed(CLOZE, stem="{{1}}{{2}}", gaps=[CLOZE["gaps"][1]] * 2), "oxygen; oxygen", 1 / 4, 4, 4),
        (MATCHING, "1 – one; 2 – two", 1 / 3, 3, 3),
        (ORDERING, "first → second → third", 1 / 6, 6, 3),
        (ESSAY, "Because, and because.", 0, None, None),
        (FLASHCARD, "U = R·I", 0, None, None),
        (DESCRIPTION, "", 0, None, None),
    ],
)
def test_facts_of_each_kind(data: dict[str, Any], key: str, guess: float, equal: int | None, shown: int | None) -> None:
    item = read_item(data)
    assert key_text(item) == key
    assert guess_chance(item) == pytest.approx(guess)
    assert equal_answers(item) == equal
    assert option_count(item) == shown
    assert is_recognition(item) == (guess > 0)


def test_items_are_values() -> None:
    item = read_item(CHOICE)
    assert item == read_item(CHOICE)
    assert hash(item) == hash(read_item(CHOICE))
    with pytest.raises(dataclasses.FrozenInstanceError):
        item.stem = "Other"  # type: ignore[misc]


def test_a_quote_is_found_where_it_stands() -> None:
    text = "Köln 🙂 lies on the Rhine. The Rhine is a river."
    found = locate("Rhine is", text, None)
    assert found == Evidence(quote="Rhine is", start=30, end=38)
    assert text[30:38] == "Rhine is"
    assert locate("Rhine", text, 30).start == 30


@pytest.mark.parametrize(
    ("quote", "start", "reason"),
    [
        ("Elbe", None, "is not in the passage"),
        ("aa", None, "occurs more than once"),
        ("aa", 2, "does not begin at character 2"),
        ("aa", -1, "does not begin at character -1"),
        (" ", None, "must not be blank"),
    ],
)
def test_a_quote_that_is_absent_or_ambiguous_is_refused(quote: str, start: int | None, reason: str) -> None:
    with pytest.raises(Unreadable, match=reason):
        locate(quote, "aaab", start)


def test_a_stem_is_cut_at_its_gaps() -> None:
    assert split_stem("In {{1}}, {{12}}{{2}}") == [("In ", 0), ("", 1), (", ", 0), ("", 12), ("", 2)]
    assert split_stem("No {1} gap {{}}") == [("No {1} gap {{}}", 0)]
    assert split_stem("") == []
    assert plain_stem("In {{1}}, {{12}}") == "In ____, ____"


def test_an_item_made_in_code_is_written_like_one_that_was_read() -> None:
    made: Item = SingleChoice(stem=CHOICE["stem"], options=tuple(Option(**option) for option in CHOICE["options"]))
    assert made == read_item(CHOICE)


TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=30)
FILLED = TEXTS.filter(lambda text: bool(text.strip()))
COMMON_FIELDS: dict[str, st.SearchStrategy[Any]] = {
    "title": TEXTS,
    "stem_format": st.sampled_from(["plain", "markdown", "html"]),
    "tags": st.lists(FILLED, max_size=3),
    "bloom": st.sampled_from(["", "apply", "create"]),
    "feedback": TEXTS,
    "hints": st.lists(FILLED, max_size=2),
    "evidence": st.lists(st.fixed_dictionaries({"quote": FILLED}, optional={"start": st.integers(0, 999)}), max_size=2),
    "max_mark": st.integers(0, 10) | st.floats(0, 10),
    "penalty": st.floats(0, 1),
    "media": st.lists(
        FILLED | st.fixed_dictionaries({"name": FILLED, "kind": st.sampled_from(["image", "audio"]), "alt": TEXTS}),
        max_size=2,
    ),
}


@given(st.sampled_from(EVERY_KIND), st.fixed_dictionaries({"stem": FILLED}, optional=COMMON_FIELDS))
def test_any_item_survives_writing_and_reading_and_fits_the_schema(
    data: dict[str, Any], fields: dict[str, Any]
) -> None:
    if data["kind"] == "cloze":
        fields = {name: value for name, value in fields.items() if name != "stem"}
    item = read_item(data | fields)
    written = json.loads(json.dumps(write_item(item)))
    assert read_item(written) == item
    assert fits(written, item_schema())


def fits(value: Any, schema: dict[str, Any], root: dict[str, Any] | None = None) -> bool:
    """Judge a value by the keywords of JSON Schema that the item schema uses; an unknown keyword is a KeyError."""
    whole = root or schema
    for keyword, want in schema.items():
        if keyword in {"$schema", "title", "description", "$defs", "required", "additionalProperties"}:
            continue
        if keyword == "$ref":
            verdict = fits(value, whole["$defs"][want.removeprefix("#/$defs/")], whole)
        elif keyword == "oneOf":
            verdict = sum(fits(value, each, whole) for each in want) == 1
        elif keyword == "not":
            verdict = not fits(value, want, whole)
        elif keyword == "items":
            verdict = all(fits(entry, want, whole) for entry in value)
        elif keyword == "properties":
            verdict = set(schema["required"]) <= set(value) <= set(want) and all(
                fits(value[name], want[name], whole) for name in value
            )
        else:
            verdict = SIMPLE_KEYWORDS[keyword](value, want)
        if not verdict:
            return False
    return True


def is_of_type(value: Any, name: str) -> bool:
    if name == "boolean":
        return isinstance(value, bool)
    if name == "integer":
        return isinstance(value, (int, float)) and not isinstance(value, bool) and value == int(value)
    types: dict[str, Any] = {"string": str, "number": (int, float), "array": list, "object": dict}
    return isinstance(value, types[name]) and not isinstance(value, bool)


SIMPLE_KEYWORDS: dict[str, Callable[[Any, Any], bool]] = {
    "const": lambda value, want: bool(value == want),
    "enum": lambda value, want: value in want,
    "type": is_of_type,
    "pattern": lambda value, want: re.search(want, value) is not None,
    "maxLength": lambda value, want: len(value) <= want,
    "minimum": lambda value, want: bool(value >= want),
    "maximum": lambda value, want: bool(value <= want),
    "minItems": lambda value, want: len(value) >= want,
    "maxItems": lambda value, want: len(value) <= want,
}
