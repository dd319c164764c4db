"""The README names every setting and every command, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from quizapp import config
from quizapp.cli import quizapp
from quizapp.config import read_settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_table_of_settings_names_every_variable_and_no_other() -> None:
    asked: set[str] = set()

    class Noted(dict[str, str]):
        def __contains__(self, name: object) -> bool:
            asked.add(str(name))
            return super().__contains__(name)

    read_settings(Noted(QUIZAPP_SECRET_KEY="s" * 40))
    assert set(re.findall(r"^\| `(QUIZAPP_[A-Z_]+)` \|", README, re.MULTILINE)) == asked
    elsewhere = {name.removesuffix("_FILE") for name in re.findall(r"QUIZAPP_[A-Z_]+[A-Z]", README)}
    assert elsewhere - {"QUIZAPP_TEST_POSTGRESQL_URL"} == asked
    written = {f"QUIZAPP_{name}" for name in re.findall(r'values\.\w+\("([A-Z_]+)"', Path(config.__file__).read_text())}
    assert written == asked


def commands() -> list[str]:
    """Return what the README says to run: each command of the table, and of the lines to copy."""
    table = README[README.index("## Commands") : README.index("## Running it for others")]
    cells = re.findall(r"^\| (`.+?`) \|", table, re.MULTILINE)
    spans = [span for cell in cells for span in re.findall(r"`([^`]+)`", cell) if not span.startswith("python")]
    lines = re.findall(r"(?:^    |&& |bin/|-m |`)quizapp ([a-z][^`&\n]+)", README, re.MULTILINE)
    return [*spans, *lines]


@pytest.mark.parametrize("words", sorted(set(commands())))
def test_a_command_that_it_names_is_there_with_its_options(words: str) -> None:
    command: click.Command = quizapp
    rest = words.replace("[", " ").replace("]", " ").split()
    while rest and isinstance(command, click.Group):
        found = command.get_command(click.Context(command), rest.pop(0))
        assert found is not None, words
        command = found
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in rest if word.startswith("-")} <= known | {"-"}
