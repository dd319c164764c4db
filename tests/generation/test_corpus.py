"""The corpus is what its README says: enough texts, spread over domains and hands, a third of them held back."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from itertools import combinations

import pytest

from quizapp.core.sentences import sentence_spans
from tests.generation.passages import CORPUS, Passage, passages

OPEN = passages("open")
HELD = passages("held")
ALL = sorted([*OPEN, *HELD], key=lambda passage: passage.number)
each_passage = pytest.mark.parametrize("passage", ALL, ids=lambda passage: passage.name)

Trait = Callable[[Passage], str]


def domain(passage: Passage) -> str:
    return passage.domain


def register(passage: Passage) -> str:
    return passage.register


def hand(passage: Passage) -> str:
    return passage.hand


def length(passage: Passage) -> int:
    """Count words; a dash between two spaces is none."""
    return sum(any(map(str.isalnum, word)) for word in passage.text.split())


def sentences(passage: Passage) -> set[str]:
    """Return the sentences, folded, that say something of their own."""
    spans = sentence_spans(passage.text)
    folded = (" ".join(re.findall(r"\w+", passage.text[start:end].casefold())) for start, end in spans)
    return {sentence for sentence in folded if len(sentence.split()) > 2}


# One text


@each_passage
def test_a_text_is_one_clean_paragraph(passage: Passage) -> None:
    assert unicodedata.is_normalized("NFC", passage.text)
    assert not re.search(r"\s\s|[^\S ]|^ | $", passage.text)
    assert passage.text.endswith((".", ".”"))
    assert passage.text.count("“") == passage.text.count("”")
    assert passage.text.count("(") == passage.text.count(")")


@each_passage
def test_a_text_has_forty_to_a_hundred_and_eighty_words_and_three_sentences(passage: Passage) -> None:
    assert 40 <= length(passage) <= 180
    assert len(sentence_spans(passage.text)) >= 3


@each_passage
def test_a_text_says_where_it_is_from_and_how_it_is_written(passage: Passage) -> None:
    assert passage.source == "written for this project"
    assert re.fullmatch("[A-H]", passage.hand)
    assert re.fullmatch(r"\d\d-[a-z0-9]+(-[a-z0-9]+)*", passage.name)
    assert passage.title.strip()


# The whole


def test_there_are_seventy_two_texts_in_order() -> None:
    assert [passage.number for passage in ALL] == list(range(1, 73))


def test_titles_and_names_are_distinct() -> None:
    assert len({passage.title.casefold() for passage in ALL}) == len(ALL)
    assert len({passage.name[3:] for passage in ALL}) == len(ALL)


def test_every_third_text_is_held_back_and_no_other() -> None:
    assert [passage.number for passage in HELD] == [number for number in range(1, 73) if number % 3 == 0]
    assert not {passage.number for passage in OPEN} & {passage.number for passage in HELD}


def test_the_folders_hold_nothing_but_texts() -> None:
    for part in ("open", "held"):
        assert {path.suffix for path in (CORPUS / part).iterdir()} == {".toml"}


def test_most_texts_are_short_and_some_are_very_short_or_long() -> None:
    for part in (OPEN, HELD):
        lengths = [length(passage) for passage in part]
        assert sum(60 <= words <= 110 for words in lengths) >= 0.7 * len(part)
        assert sum(words < 60 for words in lengths) >= 2
        assert sum(words > 120 for words in lengths) >= 3


def test_half_of_the_texts_held_back_have_sixty_to_ninety_words() -> None:
    assert sum(60 <= length(passage) <= 90 for passage in HELD) >= len(HELD) / 2


@pytest.mark.parametrize(("trait", "least"), [(domain, 12), (register, 8), (hand, 8)])
def test_domains_registers_and_hands_are_many_and_balanced(trait: Trait, least: int) -> None:
    counts = Counter(map(trait, ALL))
    assert len(counts) >= least
    assert max(counts.values()) <= 9
    assert min(counts.values()) >= 3


@pytest.mark.parametrize("trait", [domain, register, hand])
def test_about_a_third_of_each_domain_register_and_hand_is_held_back(trait: Trait) -> None:
    counts, held = Counter(map(trait, ALL)), Counter(map(trait, HELD))
    assert all(abs(3 * held[name] - count) <= 2 for name, count in counts.items())


def test_no_hand_writes_one_register_alone() -> None:
    assert all(len({register(passage) for passage in ALL if hand(passage) == name}) >= 3 for name in "ABCDEFGH")


def test_no_two_texts_share_a_sentence() -> None:
    found = {passage.name: sentences(passage) for passage in ALL}
    assert [pair for pair in combinations(found, 2) if found[pair[0]] & found[pair[1]]] == []


def test_texts_open_in_many_ways() -> None:
    openings = Counter(" ".join(passage.text.split()[:2]).casefold() for passage in ALL)
    assert max(openings.values()) <= 2
