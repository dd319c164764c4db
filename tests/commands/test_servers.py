"""`up` and `serve`: what they do first, and a real server that starts, answers and stops."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from quizapp import __version__
from quizapp.commands import servers
from quizapp.config import Settings
from quizapp.database import Database
from quizapp.models import Person
from quizapp.schema import migrate
from quizapp.serving import WORKERS
from tests.builders import make_person
from tests.command_line import Ran, Run, get, is_open, server, wait_for
from tests.conftest import Clock


class TestUp:
    """What `up` does before it serves; serving itself is noted and not done."""

    @pytest.fixture(autouse=True)
    def served(self, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Settings, str, int]]:
        served: list[tuple[Settings, str, int]] = []
        monkeypatch.setattr(servers, "serve", lambda *given, **_: served.append(given))
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
            assert post(port, {"Origin": f"http://127.0.0.1:{port}", "X-Forwarded-Proto": "https"}) == 400  # no token
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

    @pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
    def test_who_came_before_it_was_told_to_end_is_answered_and_later_ones_are_refused(self, tmp_path: Path) -> None:
        asked = b"GET /livez HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        with server(tmp_path) as (process, port, _), ExitStack() as lines:

            def line() -> socket.socket:
                return lines.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20))

            wait_for(lambda: len(servers_of(process.pid)) == WORKERS)
            get(port, "/livez")
            slow = line()
            slow.sendall(b"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1\r\n\r\n")
            get(port, "/livez")  # the slow one was accepted before this
            for pid in servers_of(process.pid):
                os.kill(pid, signal.SIGSTOP)
            waiting = [line() for _ in range(20)]
            for one in waiting:
                one.sendall(asked)
            process.send_signal(signal.SIGTERM)
            for pid in servers_of(process.pid):
                os.kill(pid, signal.SIGCONT)
            answers = []
            for one in waiting:
                answers.append(one.makefile("rb").readline())
                one.close()  # else the server waits for it, a while each
            assert answers == [b"HTTP/1.1 200 OK\r\n"] * len(waiting)
            wait_for(lambda: not is_open(port))
            slow.sendall(b"x")
            assert slow.makefile("rb").readline().startswith(b"HTTP/1.1 400 ")


def servers_of(parent: int) -> list[int]:
    """Return the processes that serve for `parent`, without its worker."""
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    return [int(pid) for pid in children if "--until-input-ends" not in Path(f"/proc/{pid}/cmdline").read_text()]


def post(port: int, headers: dict[str, str]) -> int:
    with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("POST", "/sign-in", headers=headers)
        return connection.getresponse().status
