"""The command line: what it prints, how it ends, and a real server that starts, answers and stops."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from quizapp import __version__, cli
from quizapp.config import Settings
from quizapp.core.items import KINDS
from quizapp.database import Database
from quizapp.models import Card, DailyTotal, Item, OneTimeLink, Person
from quizapp.schema import migrate, newest_revision
from tests.builders import make_guest, make_person
from tests.conftest import Cast, Clock
from tests.histories import answer, items_of
from tests.pages import Visitor

ROOT = Path(__file__).parents[1]
PASSWORD = "quiet harbour at dawn"


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it printed."""

    status: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command against this test's database."""
    for name in list(os.environ):
        if name.startswith("QUIZAPP_") and "TEST" not in name:
            monkeypatch.delenv(name)
    monkeypatch.setenv("QUIZAPP_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("QUIZAPP_DATABASE_URL", database_url)
    monkeypatch.setenv("QUIZAPP_PASSWORD_ROUNDS", "1")

    def run_command(*arguments: str, stdin: str = "") -> Ran:
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        capsys.readouterr()
        status = 0
        try:
            cli.main(arguments)
        except SystemExit as end:
            status = int(end.code or 0)
        printed = capsys.readouterr()
        return Ran(status, printed.out, printed.err)

    return run_command


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


class TestPeople:
    def test_an_account_with_a_password_from_standard_input_opens(
        self, run: Run, visitor: Callable[..., Visitor]
    ) -> None:
        ran = run("user", "add", "Noor Haddad", "--role", "teacher", "--password-stdin", stdin=f"{PASSWORD}\n")
        assert ran == Ran(0, "Noor Haddad can sign in as noor.haddad.\n", "")
        browser = visitor()
        browser.open("/sign-in")
        page = browser.press("Sign in", name="noor.haddad", password=PASSWORD)
        assert "Teach" in page.links()

    def test_without_a_password_a_link_sets_one(self, run: Run, visitor: Callable[..., Visitor]) -> None:
        ran = run("user", "add", "Noor Haddad", "--role", "student")
        assert ran.status == 0
        link = re.search(r"http://127\.0\.0\.1:5000(/reset/\S+)", ran.out)
        assert link
        assert "password" in visitor().open(link[1]).words.lower()

    def test_the_link_has_the_public_address(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("QUIZAPP_BASE_URL", "https://quiz.school.example/")
        assert " https://quiz.school.example/reset/" in run("user", "add", "Noor Haddad", "--role", "student").out

    def test_a_weak_password_is_refused_and_nobody_added(self, run: Run, stored: Callable[[], Session]) -> None:
        ran = run("user", "add", "Noor Haddad", "--role", "student", "--password-stdin", stdin="short\n")
        assert ran.status == 1
        assert ran.out == ""
        assert re.fullmatch(r"quizapp: [A-Z].+\.\n", ran.err)
        assert stored().scalar(select(func.count()).select_from(Person)) == 0

    def test_a_reset_makes_a_link_that_only_its_reader_knows(
        self, run: Run, cast: Cast, stored: Callable[[], Session]
    ) -> None:
        ran = run("user", "reset", "mira.okafor")
        secret = ran.out.strip().rpartition("/")[2]
        assert len(secret) >= 32
        row = stored().scalars(select(OneTimeLink)).one()
        assert row.person_id == cast.student
        assert secret.encode() not in row.secret_hash

    def test_a_reset_for_nobody_says_so(self, run: Run) -> None:
        ran = run("user", "reset", "nobody")
        assert (ran.status, ran.out) == (1, "")
        assert ran.err.startswith("quizapp: ")

    def test_a_role_that_is_none_is_a_usage_error(self, run: Run) -> None:
        ran = run("user", "add", "Noor Haddad", "--role", "wizard")
        assert ran.status == 2
        assert "student" in ran.err


class TestRebuild:
    @pytest.fixture
    def learned(self, session: Session, cast: Cast, clock: Clock) -> Cast:
        answer(session, cast.student, items_of(session)[:4], 1.0, clock.now)
        session.commit()
        return cast

    def test_a_log_that_makes_what_is_stored_has_no_difference(self, run: Run, learned: Cast) -> None:
        assert run("rebuild", "--check") == Ran(0, "0 differences in 1 learners.\n", "")

    def test_a_planted_difference_is_found_and_mended(self, run: Run, learned: Cast, app: Flask) -> None:
        with app.extensions["quizapp.database"].write_session() as session:
            session.execute(update(Card).where(Card.item_id == items_of(session)[0]).values(stability=99.0))
            session.execute(update(DailyTotal).values(answers=40))
        found = run("rebuild", "--check")
        assert found.status == 1
        assert "stability is 99.0, the log makes " in found.out
        assert "answers is 40, the log makes 4" in found.out
        assert found.out.endswith("2 differences in 1 learners.\n")
        assert run("rebuild") == Ran(0, "0 differences in 1 learners.\n", "")
        assert run("rebuild", "--check").status == 0


class TestData:
    def test_migrating_a_current_database_says_where_it_is(self, run: Run) -> None:
        assert run("migrate") == Ran(0, f"The schema is at {newest_revision()}.\n", "")

    def test_seeding_twice_adds_nothing(self, run: Run, stored: Callable[[], Session]) -> None:
        before = stored().scalar(select(func.count()).select_from(Item))
        first, second = run("seed"), run("seed")
        assert first == second
        assert re.fullmatch(r"\d+ questions are published from the seed files\.\n", first.out)
        assert stored().scalar(select(func.count()).select_from(Item)) == before

    def test_the_schema_of_an_item_is_a_json_schema_of_every_kind(self, run: Run) -> None:
        published = json.loads(run("schema", "item").out)
        assert published["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        text = json.dumps(published)
        assert all(f'"{kind}"' in text for kind in KINDS)
        for reference in re.findall(r'"\$ref": "#/([^"]+)"', text):
            node = published
            for part in reference.split("/"):
                node = node[part]

    def test_an_unmigrated_database_is_told_in_a_sentence(
        self, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("QUIZAPP_DATABASE_URL", f"sqlite:///{tmp_path / 'new.sqlite3'}")
        ran = run("status")
        assert ran.status == 2
        assert re.fullmatch(r"quizapp: The database can't be used: .+ Is it there, and migrated\?\n", ran.err)

    def test_an_unknown_kind_of_database_is_told_in_a_sentence(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("QUIZAPP_DATABASE_URL", "oracle://somewhere/quizapp")
        sentence = "quizapp: QUIZAPP_DATABASE_URL must start with sqlite:/// or postgresql://.\n"
        assert run("status") == Ran(2, "", sentence)


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

    def test_it_runs_where_the_database_can_not_be_used(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("QUIZAPP_DATABASE_URL", "oracle://somewhere/quizapp")
        assert run("lint", "-", stdin=self.CARD).status == 0


class TestUp:
    """What `up` does before it serves; serving itself is noted and not done."""

    @pytest.fixture(autouse=True)
    def served(self, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Settings, str, int]]:
        served: list[tuple[Settings, str, int]] = []
        monkeypatch.setattr(cli, "serve", lambda *given, **_: served.append(given))
        return served

    @pytest.fixture
    def port(self) -> str:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            return str(probe.getsockname()[1])

    def test_without_demo_it_serves_with_a_secret_of_its_own(
        self, run: Run, served: list[tuple[Settings, str, int]], port: str, tmp_path: Path
    ) -> None:
        ran = run("up", "--no-demo", "--port", port)
        assert ran.status == 0
        assert f"Quizapp is at http://127.0.0.1:{port}\n" in ran.out
        assert "Demo accounts" not in ran.out
        run("up", "--no-demo", "--port", port)
        (first, host, _), (second, _, _) = served
        assert host == "127.0.0.1"
        assert first.secret_key == second.secret_key == (tmp_path / "secret_key").read_text()
        assert len(first.secret_key) >= 32
        assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0
        assert first.teacher_sign_up == "open"

    def test_the_demo_is_made_once_and_printed_every_time(
        self, run: Run, port: str, tmp_path: Path, stored: Callable[[], Session]
    ) -> None:
        first, second = run("up", "--port", port), run("up", "--port", port)
        accounts = [line for line in first.out.splitlines() if " password " in line]
        assert len(accounts) == 4
        assert second.out == first.out
        assert "Making demo accounts" in first.err
        assert second.err == ""
        assert stored().scalar(select(func.count()).select_from(Person)) == 4
        assert (tmp_path / "demo_accounts.json").stat().st_mode & 0o077 == 0
        refused = run("up", "--host", "0.0.0.0", "--port", port)  # noqa: S104  # refused
        assert refused.status == 2
        assert refused.err.endswith("Remove them first: python3 -m quizapp demo remove\n")
        assert run("demo", "remove").out == "4 demo accounts removed.\n"
        assert run("demo", "remove").out == "There are no demo accounts.\n"

    def test_no_demo_is_made_among_real_people(self, run: Run, port: str, app: Flask, clock: Clock) -> None:
        with app.extensions["quizapp.database"].write_session() as session:
            make_person(session, "Real Person", now=clock.now)
        assert "Demo accounts" not in run("up", "--port", port).out

    def test_a_port_in_use_is_told_before_anything_is_done(
        self, run: Run, served: list[tuple[Settings, str, int]], tmp_path: Path
    ) -> None:
        with socket.socket() as other:
            other.bind(("127.0.0.1", 0))
            other.listen()
            port = other.getsockname()[1]
            for command in ("up", "serve"):
                ran = run(command, "--port", str(port))
                sentence = f"Port {port} is in use by another program. Stop it, or choose another port: --port"
                assert (ran.status, ran.err) == (2, f"quizapp: {sentence} {port + 1}.\n")
        assert served == []
        assert not (tmp_path / "secret_key").exists()

    def test_serve_has_no_secret_of_its_own(
        self, run: Run, served: list[tuple[Settings, str, int]], port: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ran = run("serve", "--port", port)
        assert ran.status == 2
        assert ran.err.startswith("quizapp: QUIZAPP_SECRET_KEY is not set. Set it to at least 32 random characters")
        monkeypatch.setenv("QUIZAPP_SECRET_KEY", "short")
        assert run("serve", "--port", port).err == (
            "quizapp: QUIZAPP_SECRET_KEY is too short: use at least 32 random characters.\n"
        )
        assert served == []
        monkeypatch.setenv("QUIZAPP_SECRET_KEY", "s" * 32)
        assert run("serve", "--port", port).status == 0
        assert [used.teacher_sign_up for used, _, _ in served] == ["approval"]

    def test_a_schema_that_is_not_this_versions_is_not_served(
        self, run: Run, served: list[tuple[Settings, str, int]], port: str, app: Flask, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("QUIZAPP_SECRET_KEY", "s" * 32)
        used: Database = app.extensions["quizapp.database"]
        migrate(used, "20261122_first")
        older = run("serve", "--port", port)
        assert older.status == 2
        assert older.err.startswith("quizapp: The database is at the older schema 20261122_first. Migrate it first: ")
        migrate(used, "base")
        assert run("serve", "--port", port).err.startswith("quizapp: The database is empty. Migrate it first: ")
        migrate(used)
        with used.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '20991231_later'"))
        sentence = "The database was written by a newer version of Quizapp (schema 20991231_later). Upgrade Quizapp."
        for command in ("serve", "up", "migrate"):
            port_of = () if command == "migrate" else ("--port", port)
            assert run(command, *port_of) == Ran(2, "", f"quizapp: {sentence}\n")
        assert served == []


class TestServer:
    """A real server, started as people start it."""

    def test_it_starts_answers_logs_and_ends_what_it_began(self, tmp_path: Path) -> None:
        with server(tmp_path) as (process, port, log):
            assert get(port, "/healthz") == (200, {"status": "ok", "database": "ok", "version": __version__})
            assert get(port, "/livez")[0] == 200
            body = b"name=canary-name&password=canary-password"
            with socket.create_connection(("127.0.0.1", port), timeout=20) as slow:
                slow.sendall(
                    b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                    b"Content-Length: %d\r\n\r\n%b" % (len(body), body[:10])
                )
                wait_for(lambda: get(port, "/livez")[0] == 200)  # the slow one was accepted before this
                asked = time.monotonic()
                process.send_signal(signal.SIGTERM)
                slow.sendall(body[10:])
                assert slow.makefile("rb").readline().startswith(b"HTTP/1.1 400 ")  # it has no token
            assert process.wait(20) == 0
            assert time.monotonic() - asked < 20
            with socket.socket() as probe:
                assert probe.connect_ex(("127.0.0.1", port)) != 0
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        requests = [line for line in lines if line["message"] == "request"]
        assert {line["route"] for line in requests} == {"/healthz", "/livez", "/sign-in"}
        assert all(re.fullmatch(r"[0-9a-f]{16}", line["request_id"]) for line in requests)
        assert "canary" not in log.read_text()


@contextmanager
def server(data_dir: Path) -> Iterator[tuple[subprocess.Popen[str], int, Path]]:
    """Run `up --no-demo` on a free port until the block ends."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("QUIZAPP_")}
    command = [sys.executable, "-c", "from quizapp.cli import main; main()", "up", "--no-demo", "--port", str(port)]
    log = data_dir / "server.log"
    with (
        log.open("w") as errors,
        subprocess.Popen(
            command, cwd=ROOT, env={**environ, "QUIZAPP_DATA_DIR": str(data_dir)}, stdout=subprocess.PIPE,
            stderr=errors, text=True,
        ) as process,
    ):  # fmt: skip
        try:
            assert process.stdout is not None
            welcome = iter(process.stdout.readline, "")
            assert any("Stop with Ctrl+C." in line for line in welcome), log.read_text()
            wait_for(lambda: is_open(port))
            yield process, port, log
        finally:
            if process.poll() is None:
                process.kill()


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_for(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.05)


def get(port: int, path: str) -> tuple[int, object]:
    connection = HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", path)
    response = connection.getresponse()
    body = response.read()
    connection.close()
    return response.status, json.loads(body)
