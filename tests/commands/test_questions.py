"""`lint` and `schema`: questions without a database."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from quizapp.core.items import KINDS
from tests.command_line import ROOT, Run


class TestLint:
    """The linter needs no database and no settings."""

    CARD = '{"kind": "flashcard", "stem": "What floats?", "answer": "Ships", "feedback": "They are hollow."}'

    def test_the_shipped_passages_have_no_finding(self, run: Run) -> None:
        ran = run("lint", str(ROOT / "seed" / "passages"))
        assert (ran.status, ran.err) == (0, "")
        assert re.fullmatch(r"\d+ questions, no findings\.\n", ran.out)

    def test_findings_are_listed_and_make_the_status_one(self, run: Run) -> None:
        ran = run("lint", "-", stdin=self.CARD.replace("What floats?", "What do you see?"))
        assert ran.status == 1
        assert re.fullmatch(
            r"standard input: question 1: second-person: .+\n1 question, 1 finding: 1 error\.\n", ran.out
        )

    def test_as_json_they_are_one_object(self, run: Run, tmp_path: Path) -> None:
        path = tmp_path / "cards.json"
        path.write_text(self.CARD.replace("What floats?", "What do you see?"), encoding="utf-8")
        ran = run("lint", str(path), "--json")
        told = json.loads(ran.out)
        assert (ran.status, told["items"]) == (1, 1)
        (finding,) = told["findings"]
        assert (finding["file"], finding["line"], finding["code"]) == (str(path), None, "second-person")
        assert json.loads(run("lint", "-", "--json", stdin=self.CARD).out) == {"items": 1, "findings": []}

    def test_toml_can_come_from_standard_input(self, run: Run) -> None:
        content = next((ROOT / "seed" / "passages").glob("*.toml")).read_text(encoding="utf-8")
        assert run("lint", "-", "--format", "toml", stdin=content).status == 0

    @pytest.mark.parametrize("arguments", [("no-such-file.toml",), ("-", "--format", "docx"), ()])
    def test_a_wrong_call_is_a_usage_error(self, run: Run, arguments: tuple[str, ...]) -> None:
        ran = run("lint", *arguments)
        assert (ran.status, ran.out) == (2, "")

    def test_what_can_not_be_read_is_told_in_a_sentence(self, run: Run) -> None:
        ran = run("lint", "-", stdin="{}")
        assert (ran.status, ran.out) == (2, "")
        assert re.fullmatch(r"quizapp: standard input: .+\.\n", ran.err)

    def test_it_runs_where_the_database_can_not_be_used(self, run: Run) -> None:
        assert run("lint", "-", url="oracle://somewhere/quizapp", stdin=self.CARD).status == 0


class TestSchema:
    def test_the_schema_of_an_item_is_a_json_schema_of_every_kind(self, run: Run) -> None:
        published = json.loads(run("schema", "item").out)
        assert published["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        text = json.dumps(published)
        assert all(f'"{kind}"' in text for kind in KINDS)
        for reference in re.findall(r'"\$ref": "#/([^"]+)"', text):
            node = published
            for part in reference.split("/"):
                node = node[part]
