"""The questions that readers see beside drafts: neutral items on verbatim evidence, attributed, as many as promised."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from quizapp.core.items import Item, TrueFalse, key_text, locate, plain_stem, read_item, write_item
from quizapp.core.linting import lint, lint_together
from tests.generation.naive import naive_file
from tests.generation.passages import HAND_WRITTEN, NAIVE, OPEN_QUESTIONS, Passage, passages, questions

OPEN = {passage.name: passage for passage in passages("open")}
HELD = {passage.name: passage for passage in passages("held")}
# Readers are shown a question with its key and evidence; what teaches afterwards is not judged. A gap may come early.
NOT_JUDGED = frozenset({"bloom", "no-explanation", "no-misconception", "no-reason", "fill-in-middle"})

Asked = tuple[Passage, Item]


def asked(path: Path) -> list[Asked]:
    return [(({**OPEN, **HELD})[name], item) for name, items in questions(path).items() for item in items]


WRITTEN = [*asked(OPEN_QUESTIONS), *asked(HAND_WRITTEN)]
ALL = [*WRITTEN, *asked(NAIVE)]


def cases(found: list[Asked]) -> pytest.MarkDecorator:
    params = [pytest.param(passage, item, id=item.external_id) for passage, item in found]
    return pytest.mark.parametrize(("passage", "item"), params)


@cases(ALL)
def test_a_question_is_a_neutral_item_on_verbatim_evidence(passage: Passage, item: Item) -> None:
    assert read_item(write_item(item)) == item
    assert item.evidence
    for evidence in item.evidence:
        assert locate(evidence.quote, passage.text, None).start is not None


@cases(ALL)
def test_a_question_names_the_passage_in_five_to_forty_five_words(passage: Passage, item: Item) -> None:
    assert "passage" in item.stem or item.kind in {"ordering", "matching"}
    assert 5 <= len(plain_stem(item.stem).split()) <= 45


@cases(WRITTEN)
def test_the_linter_has_nothing_against_a_question_written_by_hand(passage: Passage, item: Item) -> None:
    assert [finding for finding in lint(item, passage.text) if finding.code not in NOT_JUDGED] == []


@cases(WRITTEN)
def test_what_a_stem_quotes_is_in_the_passage(passage: Passage, item: Item) -> None:
    for quote in re.findall("“([^”]+)”", item.stem):
        filled = re.sub(r"\{\{1\}\}", lambda _: key_text(item), quote)
        assert filled.rstrip(".") in passage.text


@pytest.mark.parametrize("path", [OPEN_QUESTIONS, HAND_WRITTEN], ids=["open", "held"])
def test_questions_on_one_passage_do_not_give_one_another_away(path: Path) -> None:
    for name, items in questions(path).items():
        assert lint_together(items, {**OPEN, **HELD}[name].text) == ()


def test_every_open_passage_has_two_questions() -> None:
    assert {name: len(items) for name, items in questions(OPEN_QUESTIONS).items()} == dict.fromkeys(OPEN, 2)


def test_every_passage_held_back_has_three_or_four_questions_and_two_naive_gaps() -> None:
    written = {name: len(items) for name, items in questions(HAND_WRITTEN).items()}
    assert set(written) == set(HELD)
    assert set(written.values()) == {3, 4}
    assert {name: len(items) for name, items in questions(NAIVE).items()} == dict.fromkeys(HELD, 2)


def test_questions_have_ids_and_stems_of_their_own() -> None:
    assert len({item.external_id for _, item in ALL}) == len(ALL)
    assert len({(passage.name, item.stem) for passage, item in ALL}) == len(ALL)


def test_questions_held_back_are_of_many_kinds() -> None:
    kinds = Counter(item.kind for passage, item in WRITTEN if passage.name in HELD)
    assert len(kinds) == 9
    assert max(kinds.values()) <= kinds.total() / 2


def test_about_half_of_the_true_false_questions_are_true() -> None:
    keys = [key_text(item) for _, item in WRITTEN if isinstance(item, TrueFalse)]
    assert 0.4 <= keys.count("True") / len(keys) <= 0.6


def test_the_naive_gaps_are_what_their_program_writes() -> None:
    assert NAIVE.read_text(encoding="utf-8") == naive_file()
