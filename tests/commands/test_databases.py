"""`status` and `migrate`, and what every command says of a database it can’t use."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp import __version__
from quizapp.core.items import KINDS
from quizapp.database import Database
from quizapp.models import Item
from quizapp.schema import migrate, newest_revision
from tests.builders import make_guest
from tests.command_line import Ran, Run
from tests.conftest import Cast, Clock
from tests.histories import answer, items_of


class TestStatus:
    def test_it_tells_what_was_shipped(self, run: Run, database_url: str) -> None:
        facts = json.loads(run("status", "--json").out)
        assert list(facts) == [
            "version", "database", "schema", "topics", "passages", "items", "users", "guests", "reviews", "responses",
        ]  # fmt: skip
        assert facts["version"] == __version__
        assert facts["database"] == database_url.partition(":")[0].partition("+")[0]
        assert facts["schema"] == newest_revision()
        assert (facts["topics"], facts["passages"]) == (10, 10)
        assert sum(facts["items"].values()) >= 50
        assert len(facts["items"]) >= 6
        assert set(facts["items"]) <= set(KINDS)
        assert (facts["users"], facts["reviews"], facts["responses"]) == ({}, 0, 0)

    def test_it_counts_people_and_what_they_did(self, run: Run, session: Session, cast: Cast, clock: Clock) -> None:
        answer(session, cast.student, items_of(session)[:3], 1.0, clock.now)
        make_guest(session, now=clock.now)
        session.commit()
        facts = json.loads(run("status", "--json").out)
        assert (facts["users"], facts["guests"]) == ({"admin": 1, "student": 2, "teacher": 2}, 1)
        assert facts["reviews"] == 3

    def test_for_readers_it_is_a_line_for_each_fact(self, run: Run) -> None:
        printed = run("status").out
        assert re.search(r"^topics +10$", printed, re.MULTILINE)
        assert re.search(r"^items +cloze \d+, flashcard \d+, ", printed, re.MULTILINE)


class TestData:
    def test_migrating_a_current_database_says_where_it_is(self, run: Run) -> None:
        assert run("migrate") == Ran(0, f"The schema is at {newest_revision()}.\n", "")

    def test_seeding_twice_adds_nothing(self, run: Run, stored: Callable[[], Session]) -> None:
        before = stored().scalar(select(func.count()).select_from(Item))
        first, second = run("seed"), run("seed")
        assert first == second
        assert re.fullmatch(r"\d+ questions are published from the seed files\.\n", first.out)
        assert stored().scalar(select(func.count()).select_from(Item)) == before

    def test_an_unknown_kind_of_database_is_told_in_a_sentence(self, run: Run) -> None:
        sentence = "quizapp: QUIZAPP_DATABASE_URL must start with sqlite:/// or postgresql://.\n"
        assert run("status", url="oracle://somewhere/quizapp") == Ran(2, "", sentence)

    def test_a_database_that_is_not_there_is_told_in_a_sentence(self, run: Run, tmp_path: Path) -> None:
        ran = run("status", url=f"sqlite:///{tmp_path / 'nowhere' / 'new.sqlite3'}")
        assert (ran.status, ran.out) == (2, "")
        assert re.fullmatch(r"quizapp: The database can't be used: .+\. Is it there\?\n", ran.err)

    def test_every_command_says_in_a_sentence_that_the_database_must_be_migrated(
        self, run: Run, app: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("QUIZAPP_SECRET_KEY", "s" * 40)
        used: Database = app.extensions["quizapp.database"]
        commands = (
            "status", "seed", "rebuild", "user add Noor --role student", "user reset noor", "demo remove",
            "retention --dry-run", "audit check", "worker --once",
        )  # fmt: skip
        for revision, words in (("20261122_first", "is at the older schema 20261122_first"), ("base", "is empty")):
            migrate(used, revision)
            sentence = f"quizapp: The database {words}. Migrate it first: python3 -m quizapp migrate\n"
            assert {command: run(*command.split()) for command in commands} == dict.fromkeys(
                commands, Ran(2, "", sentence)
            )
        assert run("migrate").status == run("status").status == 0
