"""The curated bank: ten passages kept byte for byte, and questions on them that no rule of the linter objects to."""

from __future__ import annotations

import itertools
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from quizapp.core.grading import grade
from quizapp.core.items import (
    Cloze,
    Flashcard,
    Gap,
    Item,
    Matching,
    MultipleChoice,
    Numeric,
    Option,
    Ordering,
    ShortAnswer,
    SingleChoice,
    TrueFalse,
    key_text,
    locate,
    read_item,
    split_stem,
    write_item,
)
from quizapp.core.linting import lint, lint_together
from quizapp.core.sentences import sentence_spans

FOLDER = Path(__file__).parents[2] / "seed" / "passages"
TEXTS = {
    "01-nato-role-in-ukraine": "0773c88b99e514525260b82ad4370732ad62102711cb7f86379951e60433164a",
    "02-russia-stance-on-nato": "fc8d348a8ab9edd8df6070ad916e359a689b3fbe00bfa3f0d8aca9f43f155b6f",
    "03-foreign-troops-in-ukraine": "5888d524276574e4f70a0418138d8cb182cac7fbec13da8b5cac5d322546d89b",
    "04-ukraine-nato-aspirations": "5bfb552e543601b37e641904c06027961bb427dcef60627ea424070155971e24",
    "05-security-guarantees": "52e3ffbd319098883229f166cc208b8ccb1692c77c443fcae4009793c8312329",
    "06-earlier-deployments": "f4d1b5f2bea84b638825156197e3fd9cc19db22a546ce0793ede6b8a5e95f164",
    "07-why-countries-send-troops": "fd05e0e30e52c69821974a304b6fc6e4e60c1135d8480b117d6c58e7357aa7b3",
    "08-risks-of-escalation": "da6a856ad99cfb124938fe2bdc01bbdb500e388e98e81c340d74630b319d55b9",
    "09-public-opinion": "bb86a281d2292ec42fe048b21366cb8ed25dae2916d89a8a438929977feee010",
    "10-coalition-of-the-willing": "69cc84612d80b18b61206b5d4db7f3db508013d2e3451de64078577714265425",
}
KINDS = {
    "single_choice", "multiple_choice", "true_false", "short_answer", "numeric", "cloze", "matching", "ordering",
    "flashcard",
}  # fmt: skip
# The passages name one person.
PERSON = "Putin"


def load(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


BANK = {name: load(name) for name in TEXTS}
ITEMS = {name: [read_item(entry) for entry in passage["items"]] for name, passage in BANK.items()}
ALL = [item for items in ITEMS.values() for item in items]
each_passage = pytest.mark.parametrize("name", TEXTS)
each_item = pytest.mark.parametrize(
    ("name", "item"), [pytest.param(name, item, id=item.external_id) for name, items in ITEMS.items() for item in items]
)


# The passages


def test_the_folder_holds_the_ten_passages_and_no_other_file() -> None:
    assert sorted(path.stem for path in FOLDER.iterdir()) == sorted(TEXTS)


@each_passage
def test_a_passage_is_kept_byte_for_byte(name: str) -> None:
    assert sha256(BANK[name]["text"].encode()).hexdigest() == TEXTS[name]


@each_passage
def test_a_passage_has_a_topic_a_heading_question_and_the_common_note(name: str) -> None:
    passage = BANK[name]
    assert set(passage) == {"topic", "slug", "heading", "text", "note", "key_facts", "items"}
    assert name.split("-", 1)[1] == passage["slug"]
    assert passage["heading"].endswith("?")
    assert {other["note"] for other in BANK.values()} == {passage["note"]}


@each_passage
def test_key_facts_rest_on_verbatim_quotes_of_different_places(name: str) -> None:
    facts = BANK[name]["key_facts"]
    assert 3 <= len(facts) <= 4
    for fact in facts:
        assert set(fact) == {"text", "quote"}
        assert len(fact["text"].split()) <= 20
        assert is_typeset(fact["text"])
    places = sorted(locate_span(fact["quote"], BANK[name]["text"]) for fact in facts)
    assert all(first[1] <= second[0] for first, second in itertools.pairwise(places))


# The linter


@each_item
def test_no_rule_objects_to_an_item(name: str, item: Item) -> None:
    assert lint(item, BANK[name]["text"]) == ()


@each_passage
def test_no_rule_objects_to_items_of_a_passage_together(name: str) -> None:
    found = [(ITEMS[name][place].external_id, finding) for place, finding in lint_together(ITEMS[name], text_of(name))]
    assert found == []


# One item


@each_item
def test_an_item_reads_and_writes_back_the_same(name: str, item: Item) -> None:
    assert read_item(write_item(item)) == item
    assert item.external_id.startswith(f"p{name[:2]}-")
    assert item.source == "curated"
    assert item.bloom
    assert item.tags
    assert 2 <= len(item.title.split()) <= 5
    assert len(item.hints) <= 1


@each_item
def test_a_stem_asks_or_states_in_a_whole_sentence(name: str, item: Item) -> None:
    if isinstance(item, TrueFalse | Cloze):
        assert item.stem.endswith((".", ".”"))
    elif isinstance(item, Matching | Ordering):
        assert item.stem.endswith((".", "?"))
    else:
        assert item.stem.endswith("?")


@each_item
def test_prose_is_typeset_and_calm(name: str, item: Item) -> None:
    for text in prose(item):
        assert is_typeset(text), text


@each_item
def test_words_in_quotation_marks_are_the_words_of_the_passage(name: str, item: Item) -> None:
    source = fold(text_of(name))
    filled = "".join(run or gap_keys(item)[number - 1] for run, number in split_stem(item.stem))
    for text in [filled, *prose(item)]:
        for quote in re.findall("“([^”]+)”", text):
            if "{{" not in quote:
                assert fold(quote).rstrip(".") in source, quote


@each_item
def test_every_option_teaches_in_a_short_sentence(name: str, item: Item) -> None:
    for option in options(item):
        assert 3 <= len(option.feedback.split()) <= 30
        assert bool(option.misconception) == (option.weight <= 0)


@each_item
def test_the_key_earns_full_marks_and_ticking_everything_earns_none(name: str, item: Item) -> None:
    match item:
        case ShortAnswer():
            for accepted in item.accepted:
                assert grade(item, {"text": accepted.text}).score == accepted.weight
            assert grade(item, {"text": "something else"}).score == 0
        case Cloze():
            assert grade(item, {"gaps": [key_of_gap(gap) for gap in item.gaps]}).score == 1
        case MultipleChoice():
            keys = [option.id for option in item.options if option.weight > 0]
            assert grade(item, {"choices": keys}).score == 1
            assert grade(item, {"choices": [option.id for option in item.options]}).score == 0
        case SingleChoice() | TrueFalse():
            right = {option.id for option in item.options if grade(item, {"choice": option.id}).score == 1}
            assert right == {option.id for option in item.options if option.weight == 1}


@each_item
def test_numbers_pairs_and_orders_have_the_shape_their_pages_need(name: str, item: Item) -> None:
    match item:
        case Numeric():
            stated = {float(year) for quote in item.evidence for year in re.findall(r"\d+", quote.quote)}
            spans = {abs(one - other) for one, other in itertools.combinations(stated, 2)}
            assert {accepted.number for accepted in item.accepted} <= stated | spans
        case Matching():
            lefts = [pair.left for pair in item.pairs if pair.left is not None]
            assert 2 <= len(lefts) < len(item.pairs) <= 6
        case Ordering():
            assert 3 <= len(item.order) <= 6


@each_item
def test_a_typed_answer_lists_its_variants(name: str, item: Item) -> None:
    if isinstance(item, ShortAnswer):
        assert len(item.accepted) >= 2


@each_item
def test_nothing_false_is_said_of_a_person(name: str, item: Item) -> None:
    if isinstance(item, TrueFalse) and key_text(item) == "False":
        assert PERSON not in item.stem
    assert not any(PERSON in option.text for option in options(item) if option.weight <= 0)


# The items of one passage


@each_passage
def test_a_passage_has_twelve_items_or_more_of_at_least_five_kinds(name: str) -> None:
    assert len(ITEMS[name]) >= 12
    assert len({item.kind for item in ITEMS[name]}) >= 5


@each_passage
def test_every_sentence_of_a_passage_is_asked_about(name: str) -> None:
    covered = {sentence for item in ITEMS[name] for sentence in evidence_sentences(item, text_of(name))}
    assert covered == set(range(len(sentence_spans(text_of(name)))))


@each_passage
def test_six_items_on_three_sentences_can_be_asked_together(name: str) -> None:
    on = {item.external_id: evidence_sentences(item, text_of(name)) for item in ITEMS[name]}
    assert any(
        len(set().union(*(on[item.external_id] for item in group))) >= 3 and are_friends(group)
        for group in itertools.combinations(ITEMS[name], 6)
    )


# The whole bank


def test_the_bank_has_a_hundred_and_thirty_items_of_nine_kinds() -> None:
    kinds = Counter(item.kind for item in ALL)
    assert kinds.total() >= 130
    assert set(kinds) == KINDS
    assert min(kinds.values()) >= 5


def test_ids_and_stems_are_unique() -> None:
    assert len({item.external_id for item in ALL}) == len(ALL)
    assert len({item.stem.casefold() for item in ALL}) == len(ALL)


def test_two_in_five_items_ask_for_more_than_remembering() -> None:
    blooms = Counter(item.bloom for item in ALL)
    assert set(blooms) == {"remember", "understand", "apply", "analyse"}
    assert blooms["remember"] <= 0.6 * len(ALL)


def test_about_half_of_the_true_false_items_are_true() -> None:
    keys = [key_text(item) for item in ALL if isinstance(item, TrueFalse)]
    assert 0.4 <= keys.count("True") / len(keys) <= 0.6


def test_some_cards_can_be_turned_round() -> None:
    assert any(isinstance(item, Flashcard) and item.is_reversible for item in ALL)


def test_the_longest_option_is_seldom_the_key() -> None:
    choices = [item for item in ALL if isinstance(item, SingleChoice)]
    assert {len(item.options) for item in choices} <= {3, 4}
    assert sum(is_key_longest(item) for item in choices) <= len(choices) / 3


def text_of(name: str) -> str:
    text: str = BANK[name]["text"]
    return text


def locate_span(quote: str, text: str) -> tuple[int, int]:
    evidence = locate(quote, text, None)
    assert evidence.start is not None
    assert evidence.end is not None
    return evidence.start, evidence.end


def evidence_sentences(item: Item, text: str) -> set[int]:
    """Return the numbers of the sentences that the evidence touches."""
    spans = [locate_span(evidence.quote, text) for evidence in item.evidence]
    return {
        number
        for number, (start, end) in enumerate(sentence_spans(text))
        if any(begin < end and stop > start for begin, stop in spans)
    }


def are_friends(items: Sequence[Item]) -> bool:
    return not any(second.external_id in first.enemies for first, second in itertools.combinations(items, 2))


def options(item: Item) -> list[Option]:
    if isinstance(item, SingleChoice | MultipleChoice | TrueFalse):
        return list(item.options)
    return [option for gap in item.gaps for option in gap.options] if isinstance(item, Cloze) else []


def is_key_longest(item: SingleChoice) -> bool:
    longest = max(len(option.text) for option in item.options)
    return [option.weight for option in item.options if len(option.text) == longest] == [1]


def key_of_gap(gap: Gap) -> str:
    typed = [accepted.text for accepted in gap.accepted if accepted.text and accepted.weight == 1]
    return typed[0] if typed else next(option.id for option in gap.options if option.weight == 1)


def gap_keys(item: Item) -> list[str]:
    return key_text(item).split("; ") if isinstance(item, Cloze) else []


def prose(item: Item) -> Iterator[str]:
    yield from (item.title, item.stem, item.feedback, *item.hints)
    for option in options(item):
        yield from (option.text, option.feedback, option.misconception)
    match item:
        case Flashcard():
            yield item.answer
        case Ordering():
            yield from item.order
        case Matching():
            yield from (side for pair in item.pairs for side in (pair.left, pair.right) if side)


def is_typeset(text: str) -> bool:
    return not re.search(r"['\"!]|  |^\s|\s$", text) and text.count("“") == text.count("”")


def fold(text: str) -> str:
    return text.translate(str.maketrans("‘’“”", "''\"\"")).casefold()
