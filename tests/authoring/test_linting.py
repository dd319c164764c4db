"""Files under the linter: what is read, and how findings are told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from quizapp.authoring.linting import as_json, as_lines, lint_path, lint_text
from quizapp.errors import Unreadable

TOML = """\
topic = "Harbours"
slug = "harbours"
heading = "What is a harbour for?"
text = "A harbour shelters ships. Its walls break the waves. Pilots know its channels."

[[items]]
external_id = "t-walls"
kind = "short_answer"
stem = "According to the passage, what breaks the waves?"
feedback = "The second sentence says so."
accepted = [{ text = "walls" }]
evidence = [{ quote = "Its walls break the waves" }]

  [[ items ]]  # the second
external_id = "t-pilots"
kind = "flashcard"
stem = "According to the passage, who knows the channels?"
answer = "Pilots"
evidence = [{ quote = "Pilots knew" }]
enemies = ["t-gone"]
"""
CARD = {"kind": "flashcard", "stem": "What do you see?", "answer": "Ships", "feedback": "They are there."}


def found(content: str, file_format: str) -> list[tuple[int, str]]:
    return [(index, finding.code) for index, finding in lint_text(content, "a", file_format).findings]


def test_a_seed_file_is_judged_against_its_passage_and_between_its_items() -> None:
    linted = lint_text(TOML, "harbours.toml", "toml")
    assert linted.lines == (6, 14)
    assert [(index, finding.code) for index, finding in linted.findings] == [
        (1, "evidence-not-found"), (1, "no-explanation"), (1, "unknown-enemy"),
    ]  # fmt: skip


@pytest.mark.parametrize("content", [CARD, [CARD], {"items": [CARD]}], ids=["item", "list", "items"])
def test_json_holds_one_item_a_list_or_items(content: object) -> None:
    assert found(json.dumps(content), "json") == [(0, "second-person")]


def test_items_of_a_json_file_are_compared() -> None:
    twins = [CARD | {"external_id": "a", "stem": "What is seen?"}] * 2
    assert found(json.dumps(twins), "json") == [(1, "same-id"), (1, "near-duplicate")]


def test_a_finding_is_told_with_its_file_line_and_item() -> None:
    lines = list(as_lines([lint_text(TOML, "seed/harbours.toml", "toml")]))
    assert lines[0].startswith("seed/harbours.toml:14: t-pilots: evidence-not-found: The quote “Pilots knew” is not in")
    assert lines[-1] == "2 questions, 3 findings: 1 error, 1 warning, 1 hint."


def test_without_an_id_or_line_the_number_of_the_question_tells() -> None:
    lines = list(as_lines([lint_text(json.dumps([CARD]), "cards.json", "json")]))
    assert lines[0].startswith("cards.json: question 1: second-person: ")
    assert lines[1] == "1 question, 1 finding: 1 error."


def test_clean_files_are_one_line() -> None:
    clean = lint_text(json.dumps(CARD | {"stem": "What floats?"}), "cards.json", "json")
    assert list(as_lines([clean, clean])) == ["2 questions, no findings."]
    assert as_json([clean]) == {"items": 1, "findings": []}


def test_as_json_a_finding_has_all_it_knows() -> None:
    linted = lint_text(TOML, "harbours.toml", "toml")
    told = as_json([linted])
    assert told["items"] == 2
    assert isinstance(told["findings"], list)
    assert told["findings"][1] == {
        "file": "harbours.toml", "line": 14, "item": 1, "external_id": "t-pilots", "code": "no-explanation",
        "severity": "info", "weight": 1, "message": linted.findings[1][1].message, "target": "feedback",
    }  # fmt: skip


def test_the_line_is_left_open_where_headers_and_items_differ() -> None:
    inline = TOML.replace(
        "[[items]]", "items = [{ external_id = 't-a', kind = 'flashcard', stem = 'A', answer = 'B' }]"
    )
    inline = inline[: inline.index('external_id = "t-walls"')]
    assert lint_text(inline, "a.toml", "toml").lines == (None,)


def test_a_folder_is_read_in_name_order(tmp_path: Path) -> None:
    for name in ("02-b.toml", "01-a.toml", "notes.txt"):
        (tmp_path / name).write_text(TOML, encoding="utf-8")
    assert [Path(linted.name).name for linted in lint_path(tmp_path)] == ["01-a.toml", "02-b.toml"]


@pytest.mark.parametrize(
    ("content", "file_format", "reason"),
    [
        ("not json", "json", "it can't be read as json"),
        ("[1]", "json", "question 1: a question must be an object"),
        ('{"items": 3}', "json", "question 1: "),
        ('[{"kind": "flashcard", "stem": "A"}]', "json", "question 1: “answer” is missing"),
        ("[" * 100_000, "json", "it can't be read as json"),
        ("not toml", "toml", "it can't be read as toml"),
        (TOML.replace("accepted", "excepted"), "toml", "item t-walls: "),
        (TOML.replace("text = \"A harbour", "test = \"A harbour"), "toml", "“text” must be"),
    ],
)  # fmt: skip
def test_what_can_not_be_read_is_refused_with_the_files_name(content: str, file_format: str, reason: str) -> None:
    with pytest.raises(Unreadable) as refused:
        lint_text(content, "my file", file_format)
    assert refused.value.message.lower().startswith(f"my file: {reason}")


def test_an_empty_folder_and_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match=r"no \.toml file"):
        lint_path(tmp_path)
    (tmp_path / "a.json").write_bytes(b"\xff\xfe")
    with pytest.raises(Unreadable, match="can't be read as text"):
        lint_path(tmp_path / "a.json")
