"""`generate`: drafts from a passage without a database."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from quizapp.core.items import locate, read_item
from tests.command_line import Run
from tests.generation.passages import passages

ESPERANTO = next(passage.text for passage in passages("open") if passage.name == "61-esperanto")


def test_drafts_are_neutral_items_with_verbatim_evidence_and_provenance(run: Run) -> None:
    ran = run("generate", "-", "--json", stdin=ESPERANTO)
    told = json.loads(ran.out)
    items = [read_item(entry) for entry in told["items"]]
    assert ran.status == 0
    assert len(items) >= 4
    assert all(locate(quote.quote, ESPERANTO, quote.start) == quote for item in items for quote in item.evidence)
    assert all(entry["rule"] and entry["version"] and 0 < entry["rank"] < 1 for entry in told["provenance"])
    assert len(told["provenance"]) == len(items)


def test_the_same_text_and_seed_give_the_same_bytes_under_any_hash_seed() -> None:
    command = [sys.executable, "-c", "from quizapp.cli import main; main()", "generate", "--seed", "s", "--json"]
    printed = {
        subprocess.run(
            command, input=ESPERANTO, capture_output=True, text=True, check=True,
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
        ).stdout
        for hash_seed in ("0", "1", "4711")
    }  # fmt: skip
    assert len(printed) == 1


def test_a_count_is_kept_and_lines_are_for_people(run: Run) -> None:
    ran = run("generate", "-", "--count", "1", stdin=ESPERANTO)
    assert ran.status == 0
    assert "1. " in ran.out
    assert "2. " not in ran.out


@pytest.mark.parametrize(
    ("text", "said"),
    [("Too short.", "40 or more"), ("Der Hund ist nicht in dem Haus und die Katze ist es auch nicht. " * 5, "English")],
)
def test_what_is_no_passage_is_refused_in_a_sentence(run: Run, text: str, said: str) -> None:
    ran = run("generate", "-", "--json", stdin=text)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err


def test_a_language_model_is_refused_while_there_is_none(run: Run) -> None:
    ran = run("generate", "-", "--provider", "llm", stdin=ESPERANTO)
    assert (ran.status, ran.out) == (1, "")
    assert "--provider" in ran.err
