"""The curated bank: ten passages kept byte for byte, and questions on them that hold every rule a program can check."""

from __future__ import annotations

import itertools
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from rapidfuzz import fuzz

from quizapp.core.grading import grade
from quizapp.core.items import (
    Cloze,
    Flashcard,
    Gap,
    Item,
    MultipleChoice,
    Option,
    ShortAnswer,
    SingleChoice,
    TrueFalse,
    key_text,
    locate,
    read_item,
    write_item,
)

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
KINDS = {"single_choice", "multiple_choice", "true_false", "short_answer", "cloze", "flashcard"}
ABSOLUTE = frozenset(
    ["all", "always", "completely", "entirely", "every", "impossible", "must", "never", "none", "nothing", "only"]
)
NEGATIVE = frozenset(["cannot", "except", "incorrect", "least", "neither", "never", "no", "nor", "not", "without"])
ACTORS = ("Balkan", "Crimea", "Eastern Europe", "Iraq", "NATO", "Putin", "Russia", "Ukrain", "Western")
VIOLENCE = re.compile(r"\b(aggress|annex|attack|bomb|clash|invad|invas|kill|murder|retaliat|violen)\w*", re.IGNORECASE)
SMALL_WORDS = frozenset(
    re.findall(
        r"\w+",
        """a about according after against also an and any are as at be been but by can could did do does for from give
        gives had has have how if in into is it its like may more name named of on one or passage say says such than
        that the their them these they this those through to towards two was were what when where which while who
        whom why will with would""",
    )
)


def load(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


BANK = {name: load(name) for name in TEXTS}
ENTRIES = [
    pytest.param(passage, entry, id=entry["external_id"]) for passage in BANK.values() for entry in passage["items"]
]
each_passage = pytest.mark.parametrize("name", TEXTS)
each_item = pytest.mark.parametrize(("passage", "entry"), ENTRIES)


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


# One item


@each_item
def test_an_item_reads_and_writes_back_the_same(passage: dict[str, Any], entry: dict[str, Any]) -> None:
    item = read_item(entry)
    assert read_item(write_item(item)) == item
    assert item.external_id.startswith(f"p{list(BANK.values()).index(passage) + 1:02d}-")
    assert item.source == "curated"
    assert item.bloom
    assert item.tags
    assert item.feedback
    assert len(item.hints) <= 1


@each_item
def test_evidence_is_verbatim_and_occurs_once(passage: dict[str, Any], entry: dict[str, Any]) -> None:
    assert entry["evidence"]
    for evidence in entry["evidence"]:
        start, end = locate_span(evidence["quote"], passage["text"])
        assert passage["text"][start:end] == evidence["quote"]


@each_item
def test_a_stem_names_the_passage_as_its_source_and_asks_plainly(
    passage: dict[str, Any], entry: dict[str, Any]
) -> None:
    stem = entry["stem"]
    assert "passage" in words(stem)
    assert 5 <= len(stem.split()) <= 40
    assert not NEGATIVE & set(words(stem))
    assert not ABSOLUTE & set(words(stem))
    if entry["kind"] in {"true_false", "cloze"}:
        assert stem.endswith((".", ".”"))
    else:
        assert stem.endswith("?")


@each_item
def test_lengths_stay_within_bounds(passage: dict[str, Any], entry: dict[str, Any]) -> None:
    assert 2 <= len(entry["title"].split()) <= 5
    assert len(entry["feedback"].split()) <= 60
    for option in options(read_item(entry)):
        assert len(option.text.split()) <= 20
        assert len(option.feedback.split()) <= 30


@each_item
def test_prose_is_typeset_and_calm(passage: dict[str, Any], entry: dict[str, Any]) -> None:
    for text in prose(read_item(entry)):
        assert is_typeset(text), text


@each_item
def test_words_in_quotation_marks_are_the_words_of_the_passage(passage: dict[str, Any], entry: dict[str, Any]) -> None:
    item = read_item(entry)
    source = fold(passage["text"]).casefold()
    filled = re.sub(r"\{\{\d\}\}", lambda gap: gap_keys(item)[int(gap[0][2:-2]) - 1], item.stem)
    for text in [filled, *prose(item)]:
        for quote in re.findall("“([^”]+)”", text):
            if "{{" not in quote:
                assert fold(quote).casefold().rstrip(".") in source, quote


@each_item
def test_every_option_teaches_and_every_distractor_names_its_misconception(
    passage: dict[str, Any], entry: dict[str, Any]
) -> None:
    for option in options(read_item(entry)):
        assert len(option.feedback.split()) >= 3
        assert bool(option.misconception) == (option.weight <= 0)


@each_item
def test_options_are_alike_in_length_and_the_key_does_not_stand_out(
    passage: dict[str, Any], entry: dict[str, Any]
) -> None:
    for group in option_groups(read_item(entry)):
        lengths = [len(option.text) for option in group]
        assert max(lengths) <= 1.8 * min(lengths) or max(lengths) <= 15
        longest_distractor = max(len(option.text) for option in group if option.weight <= 0)
        keys = [len(option.text) for option in group if option.weight > 0]
        assert max(keys) <= 1.25 * longest_distractor
        assert len({option.text.casefold() for option in group}) == len(group)
        assert len({option.text[0].isupper() for option in group}) == 1


@each_item
def test_options_use_no_absolute_words_and_no_all_of_the_above(passage: dict[str, Any], entry: dict[str, Any]) -> None:
    for option in options(read_item(entry)):
        assert not ABSOLUTE & set(words(option.text))
        assert "of the above" not in option.text.casefold()


@each_item
def test_no_word_of_the_stem_returns_in_the_key_alone(passage: dict[str, Any], entry: dict[str, Any]) -> None:
    item = read_item(entry)
    if isinstance(item, Cloze | ShortAnswer | Flashcard):
        key_words = set().union(*(roots(key) for key in keys_of(item)))
    else:
        keys = [roots(option.text) for option in options(item) if option.weight > 0]
        distractors = [roots(option.text) for option in options(item) if option.weight <= 0]
        key_words = set().union(*keys) - set().union(*distractors)
    assert not key_words & roots(item.stem)


@each_item
def test_the_key_is_not_pieced_together_from_the_commonest_parts(
    passage: dict[str, Any], entry: dict[str, Any]
) -> None:
    item = read_item(entry)
    if not isinstance(item, SingleChoice):
        return
    count = Counter(root for option in item.options for root in roots(option.text))
    shared = {option.id: sum(count[root] > 1 for root in roots(option.text)) for option in item.options}
    key = next(option.id for option in item.options if option.weight == 1)
    assert shared[key] <= max(number for name, number in shared.items() if name != key)


@each_item
def test_the_key_earns_full_marks_and_ticking_everything_earns_none(
    passage: dict[str, Any], entry: dict[str, Any]
) -> None:
    item = read_item(entry)
    if isinstance(item, ShortAnswer):
        for accepted in item.accepted:
            assert grade(item, {"text": accepted.text}).score == accepted.weight
        assert grade(item, {"text": "something else"}).score == 0
    elif isinstance(item, Cloze):
        assert grade(item, {"gaps": [key_of_gap(gap) for gap in item.gaps]}).score == 1
    elif isinstance(item, MultipleChoice):
        keys = [option.id for option in item.options if option.weight > 0]
        assert grade(item, {"choices": keys}).score == 1
        assert grade(item, {"choices": [option.id for option in item.options]}).score == 0
    elif isinstance(item, SingleChoice | TrueFalse):
        right = {option.id for option in item.options if grade(item, {"choice": option.id}).score == 1}
        assert right == {option.id for option in item.options if option.weight == 1}


@each_item
def test_typed_keys_are_short_and_have_variants(passage: dict[str, Any], entry: dict[str, Any]) -> None:
    item = read_item(entry)
    if isinstance(item, ShortAnswer):
        assert len(key_text(item).split()) <= 4
        assert len(item.accepted) >= 2
    if isinstance(item, Cloze):
        assert all(len(key.split()) <= 3 for key in keys_of(item))


@each_item
def test_a_gap_stands_late_in_its_sentence(passage: dict[str, Any], entry: dict[str, Any]) -> None:
    item = read_item(entry)
    if isinstance(item, Cloze):
        assert item.stem.index("{{1}}") > len(item.stem) / 2
        assert 1 <= len(item.gaps) <= 2


@each_item
def test_a_remember_item_has_its_key_in_one_sentence(passage: dict[str, Any], entry: dict[str, Any]) -> None:
    item = read_item(entry)
    if item.bloom != "remember":
        return
    (sentence,) = evidence_sentences(entry, passage["text"])
    for key in keys_of(item):
        assert roots(key) <= roots(sentence), key


@each_item
def test_an_understand_item_rests_on_one_sentence(passage: dict[str, Any], entry: dict[str, Any]) -> None:
    if entry["bloom"] == "understand":
        assert len(evidence_sentences(entry, passage["text"])) == 1


@each_item
def test_false_statements_keep_to_the_actors_and_leave_out_persons_and_violence(
    passage: dict[str, Any], entry: dict[str, Any]
) -> None:
    item = read_item(entry)
    if isinstance(item, TrueFalse) and key_text(item) == "False":
        statement = " ".join([item.stem, *(evidence.quote for evidence in item.evidence)])
        assert not VIOLENCE.search(statement)
        assert "Putin" not in statement
    named = {actor for actor in ACTORS if any(actor in text for text in wrong_texts(item))}
    assert named <= {actor for actor in ACTORS if actor in passage["text"]} | {"NATO"}
    assert "Putin" not in named


# The items of one passage


@each_passage
def test_a_passage_has_six_to_eight_items_of_at_least_four_kinds_on_three_sentences(name: str) -> None:
    entries = BANK[name]["items"]
    assert 6 <= len(entries) <= 8
    assert len({entry["kind"] for entry in entries}) >= 4
    covered = {sentence for entry in entries for sentence in evidence_sentences(entry, BANK[name]["text"])}
    assert len(covered) >= 3


@each_passage
def test_enemies_exist_and_name_each_other(name: str) -> None:
    foes = {entry["external_id"]: set(entry.get("enemies", [])) for entry in BANK[name]["items"]}
    for item, enemies in foes.items():
        assert item not in enemies
        assert all(item in foes[enemy] for enemy in enemies)


@each_passage
def test_at_least_five_items_can_be_asked_together(name: str) -> None:
    entries = BANK[name]["items"]
    assert any(are_friends(group) for group in itertools.combinations(entries, 5))


@each_passage
def test_an_item_that_shows_the_typed_key_of_another_is_its_enemy(name: str) -> None:
    for asked, other in itertools.permutations(BANK[name]["items"], 2):
        item = read_item(asked)
        if isinstance(item, ShortAnswer | Cloze) and are_friends((asked, other)):
            shown = " ".join(shown_texts(read_item(other))).casefold()
            leaks = [key for key in keys_of(item) if key.casefold() in shown]
            assert not leaks, other["external_id"]


@each_passage
def test_no_two_stems_of_a_passage_are_nearly_the_same(name: str) -> None:
    for first, second in itertools.combinations(BANK[name]["items"], 2):
        if are_friends((first, second)):
            assert fuzz.token_set_ratio(first["stem"], second["stem"]) < 85, (first["stem"], second["stem"])


# The whole bank


def test_the_bank_has_sixty_four_items_and_eight_of_each_kind() -> None:
    kinds = Counter(item.kind for item in bank())
    assert kinds.total() >= 64
    assert set(kinds) == KINDS
    assert min(kinds.values()) >= 8


def test_ids_and_stems_are_unique() -> None:
    assert len({item.external_id for item in bank()}) == len(bank())
    assert len({item.stem.casefold() for item in bank()}) == len(bank())


def test_two_in_five_items_ask_for_more_than_remembering() -> None:
    blooms = Counter(item.bloom for item in bank())
    assert set(blooms) == {"remember", "understand", "apply", "analyse"}
    assert blooms["remember"] <= 0.6 * len(bank())


def test_about_half_of_the_true_false_items_are_true() -> None:
    keys = [key_text(item) for item in bank() if isinstance(item, TrueFalse)]
    assert 0.4 <= keys.count("True") / len(keys) <= 0.6


def test_keys_are_spread_over_the_positions_and_are_seldom_the_longest() -> None:
    choices = [item for item in bank() if isinstance(item, SingleChoice)]
    assert {len(item.options) for item in choices} == {4}
    places = Counter(index for item in choices for index, option in enumerate(item.options) if option.weight == 1)
    assert all(0.1 <= places[index] / len(choices) <= 0.4 for index in range(4))
    assert sum(is_key_longest(item) for item in choices) <= len(choices) / 3


def bank() -> list[Item]:
    return [read_item(entry) for passage in BANK.values() for entry in passage["items"]]


def locate_span(quote: str, text: str) -> tuple[int, int]:
    evidence = locate(quote, text, None)
    assert evidence.start is not None
    assert evidence.end is not None
    return evidence.start, evidence.end


def evidence_sentences(entry: dict[str, Any], text: str) -> set[str]:
    sentences = re.split(r"(?<=\.) ", text)
    return {sentence for sentence in sentences for evidence in entry["evidence"] if evidence["quote"] in sentence}


def are_friends(entries: tuple[dict[str, Any], ...]) -> bool:
    pairs = itertools.combinations(entries, 2)
    return not any(second["external_id"] in first.get("enemies", []) for first, second in pairs)


def option_groups(item: Item) -> list[tuple[Option, ...]]:
    if isinstance(item, SingleChoice | MultipleChoice):
        return [item.options]
    if isinstance(item, Cloze):
        return [gap.options for gap in item.gaps if gap.options]
    return []


def options(item: Item) -> list[Option]:
    groups = [item.options] if isinstance(item, TrueFalse) else option_groups(item)
    return [option for group in groups for option in group]


def is_key_longest(item: SingleChoice) -> bool:
    longest = max(len(option.text) for option in item.options)
    return [option.weight for option in item.options if len(option.text) == longest] == [1]


def key_of_gap(gap: Gap) -> str:
    typed = [accepted.text for accepted in gap.accepted if accepted.text and accepted.weight == 1]
    return typed[0] if typed else next(option.id for option in gap.options if option.weight == 1)


def gap_keys(item: Item) -> list[str]:
    return key_text(item).split("; ") if isinstance(item, Cloze) else []


def keys_of(item: Item) -> list[str]:
    if isinstance(item, TrueFalse):
        return []
    return key_text(item).split("; ")


def wrong_texts(item: Item) -> list[str]:
    if isinstance(item, TrueFalse):
        return [item.stem] if key_text(item) == "False" else []
    return [option.text for option in options(item) if option.weight <= 0]


def shown_texts(item: Item) -> list[str]:
    return [item.stem, *(option.text for option in options(item))]


def prose(item: Item) -> Iterator[str]:
    yield from (item.title, item.stem, item.feedback, *item.hints)
    for option in options(item):
        yield from (option.text, option.feedback, option.misconception)
    if isinstance(item, Flashcard):
        yield item.answer


def is_typeset(text: str) -> bool:
    return not re.search(r"['\"!]|  |^\s|\s$", text) and text.count("“") == text.count("”")


def fold(text: str) -> str:
    return text.translate(str.maketrans("‘’“”", "''\"\""))


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.casefold())


def roots(text: str) -> set[str]:
    """Return the content words, cut to five letters so that forms of one word meet."""
    return {word[:5] for word in words(text) if len(word) > 2 and word not in SMALL_WORDS}
