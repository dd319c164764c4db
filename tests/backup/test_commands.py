"""The drill as an operator does it: two commands, and the copy works like the original."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from quizapp import cli
from quizapp.app import create_app
from quizapp.config import Settings
from quizapp.database import Database
from quizapp.schema import newest_revision
from tests.pages import Visitor

PASSWORD = "quiet harbour at dawn"


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it printed."""

    status: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on a database and a data folder."""

    def run_command(database: Database, data_dir: Path, *arguments: object, stdin: str = "") -> Ran:
        monkeypatch.setenv("QUIZAPP_DATA_DIR", str(data_dir))
        monkeypatch.setenv("QUIZAPP_DATABASE_URL", database.url.render_as_string(hide_password=False))
        monkeypatch.setenv("QUIZAPP_PASSWORD_ROUNDS", "1")
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        capsys.readouterr()
        status = 0
        try:
            cli.main([str(argument) for argument in arguments])
        except SystemExit as end:
            status = int(end.code or 0)
        printed = capsys.readouterr()
        return Ran(status, printed.out, printed.err)

    return run_command


def test_a_restored_installation_is_signed_in_to_as_before(
    run: Run, source: Database, media: Path, target: Database, tmp_path: Path
) -> None:
    old, new, file = media.parent, tmp_path / "new", tmp_path / "b.zip"
    run(source, old, "user", "add", "Noor Haddad", "--role", "teacher", "--password-stdin", stdin=f"{PASSWORD}\n")
    saved = run(source, old, "backup", file)
    assert (saved.status, saved.err) == (0, "")
    assert re.search(r"^people +4$", saved.out, re.MULTILINE)
    told = re.search(r"^([\d,]+ rows in \d+ tables and 2 media files) are in .+ \([\d,]+ bytes; .+ rows a second\)\.$",
                     saved.out, re.MULTILINE)  # fmt: skip
    assert told
    assert saved.out.endswith("\nThe secret key is not in it: keep a copy of it in another place.\n")

    restored = run(target, new, "restore", file)
    assert (restored.status, restored.err) == (0, "")
    assert re.search(rf"^{told[1]} of 20\S+ are restored, digests equal; .+\.$", restored.out, re.MULTILINE)
    assert restored.out.endswith(f"\nThe schema is at {newest_revision()}.\n")
    counts = re.compile(r"^\w+ +[\d,]+$", re.MULTILINE)
    assert counts.findall(restored.out) == counts.findall(saved.out)

    assert run(target, new, "rebuild", "--check") == Ran(0, "0 differences in 2 learners.\n", "")
    with app_on(target, new) as app:
        browser = Visitor(app, None)
        browser.open("/sign-in")
        assert "Teach" in browser.press("Sign in", name="noor.haddad", password=PASSWORD).links()

    again = run(target, new, "restore", file)
    assert (again.status, again.out) == (1, "")
    assert again.err.startswith("quizapp: ")
    assert " is not empty" in again.err


@contextmanager
def app_on(database: Database, data_dir: Path) -> Iterator[Flask]:
    url = database.url.render_as_string(hide_password=False)
    app = create_app(Settings(data_dir=data_dir, database_url=url, secret_key="k" * 40, password_rounds=1))
    app.config.update(TESTING=True)
    yield app
    app.extensions["quizapp.database"].engine.dispose()


def test_refusals_are_one_sentence(run: Run, source: Database, whole: Path, tmp_path: Path) -> None:
    file = tmp_path / "b.zip"
    file.write_text("dear")
    there = run(source, tmp_path, "backup", file)
    sentence = f"quizapp: {file} is there already. Choose another name, or replace it with --force.\n"
    assert there == Ran(1, "", sentence)
    torn = run(source, tmp_path, "restore", file)
    assert torn == Ran(2, "", "quizapp: The file is no backup, or a damaged one (File is not a zip file).\n")
    missing = run(source, tmp_path, "restore", tmp_path / "nowhere.zip")
    assert missing.status == 2
    assert "does not exist" in missing.err
    filled = run(source, tmp_path, "restore", whole)
    assert filled.status == 1
    assert re.fullmatch(r"quizapp: The database is not empty: it holds \w+\. Restore into a new one\.\n", filled.err)


def test_a_terminal_sees_how_far_it_is(
    run: Run, whole: Path, empty_file: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for command, label in (("restore", "Restoring"), ("backup", "Backing up")):
        terminal = Terminal()
        monkeypatch.setattr(sys, "stderr", terminal)
        file = whole if command == "restore" else tmp_path / "again.zip"
        assert run(empty_file, tmp_path / "new", command, file).status == 0
        assert terminal.getvalue().count(label) > 1
        assert "100%" in terminal.getvalue()
