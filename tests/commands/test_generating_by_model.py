"""`generate --provider llm`: the model that the settings name, else a sentence and the rules."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from quizapp.commands.generating import generate_command
from tests.authoring.fake_model import FakeModel, serving
from tests.authoring.test_language_model import GOOD
from tests.drafted import FOG


@pytest.mark.parametrize(("script", "is_model"), [(GOOD, True), ([500, 500, 500], False)])
def test_the_model_is_asked_and_the_rules_step_in(
    script: list[str], is_model: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(FakeModel(script)) as address:
        monkeypatch.setenv("QUIZAPP_LLM_BASE_URL", address)
        monkeypatch.setenv("QUIZAPP_LLM_MODEL", "fake")
        done = CliRunner().invoke(generate_command, ["-", "--provider", "llm", "--json"], input=FOG)
    assert done.exit_code == 0
    assert "The passage is sent to 127.0.0.1." in done.stderr
    made = json.loads(done.stdout)
    assert (made["provenance"][0]["rule"] == "fake") is is_model
    notes = [row["message"] for row in made["report"] if row["code"] == "note"]
    assert any("The rules made these drafts instead." in note for note in notes) is not is_model
