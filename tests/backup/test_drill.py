"""The drill as an operator does it: two commands, and the copy works like the original."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from quizapp.app import create_app
from quizapp.config import Settings
from quizapp.database import Database
from quizapp.schema import newest_revision
from tests.command_line import Ran, Run
from tests.pages import Visitor

PASSWORD = "quiet harbour at dawn"


def test_a_restored_installation_is_signed_in_to_as_before(
    run_on: Run, source: Database, media: Path, target: Database, tmp_path: Path
) -> None:
    old, new, file = media.parent, tmp_path / "new", tmp_path / "b.zip"
    run_on(
        url_of(source),
        old,
        "user",
        "add",
        "Noor Haddad",
        "--role",
        "teacher",
        "--password-stdin",
        stdin=f"{PASSWORD}\n",
    )
    saved = run_on(url_of(source), old, "backup", file)
    assert (saved.status, saved.err) == (0, "")
    assert re.search(r"^people +4$", saved.out, re.MULTILINE)
    told = re.search(r"^([\d,]+ rows in \d+ tables and 2 media files) are in .+ \([\d,]+ bytes; .+ rows a second\)\.$",
                     saved.out, re.MULTILINE)  # fmt: skip
    assert told
    assert saved.out.endswith("\nThe secret key is not in it: keep a copy of it in another place.\n")

    restored = run_on(url_of(target), new, "restore", file)
    assert (restored.status, restored.err) == (0, "")
    assert re.search(rf"^{told[1]} of 20\S+ are restored, digests equal; .+\.$", restored.out, re.MULTILINE)
    assert restored.out.endswith(f"\nThe schema is at {newest_revision()}.\n")
    counts = re.compile(r"^\w+ +[\d,]+$", re.MULTILINE)
    assert counts.findall(restored.out) == counts.findall(saved.out)

    assert run_on(url_of(target), new, "rebuild", "--check") == Ran(0, "0 differences in 2 learners.\n", "")
    with app_on(target, new) as app:
        browser = Visitor(app, None)
        browser.open("/sign-in")
        assert "Teach" in browser.press("Sign in", name="noor.haddad", password=PASSWORD).links()

    again = run_on(url_of(target), new, "restore", file)
    assert (again.status, again.out) == (1, "")
    assert again.err.startswith("quizapp: ")
    assert " is not empty" in again.err


def url_of(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


@contextmanager
def app_on(database: Database, data_dir: Path) -> Iterator[Flask]:
    app = create_app(Settings(data_dir=data_dir, database_url=url_of(database), secret_key="k" * 40, password_rounds=1))
    app.config.update(TESTING=True)
    yield app
    app.extensions["quizapp.database"].engine.dispose()


def test_refusals_are_one_sentence(run_on: Run, source: Database, whole: Path, tmp_path: Path) -> None:
    file = tmp_path / "b.zip"
    file.write_text("dear")
    there = run_on(url_of(source), tmp_path, "backup", file)
    sentence = f"quizapp: {file} is there already. Choose another name, or replace it with --force.\n"
    assert there == Ran(1, "", sentence)
    torn = run_on(url_of(source), tmp_path, "restore", file)
    assert torn == Ran(2, "", "quizapp: The file is no backup, or a damaged one (File is not a zip file).\n")
    missing = run_on(url_of(source), tmp_path, "restore", tmp_path / "nowhere.zip")
    assert missing.status == 2
    assert "does not exist" in missing.err
    filled = run_on(url_of(source), tmp_path, "restore", whole)
    assert filled.status == 1
    assert re.fullmatch(r"quizapp: The database is not empty: it holds \w+\. Restore into a new one\.\n", filled.err)


def test_a_terminal_sees_how_far_it_is(
    run_on: Run, whole: Path, empty_file: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for command, label in (("restore", "Restoring"), ("backup", "Backing up")):
        terminal = Terminal()
        monkeypatch.setattr(sys, "stderr", terminal)
        file = whole if command == "restore" else tmp_path / "again.zip"
        assert run_on(url_of(empty_file), tmp_path / "new", command, file).status == 0
        assert terminal.getvalue().count(label) > 1
        assert "100%" in terminal.getvalue()
