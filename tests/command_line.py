"""The command line as tests use it: a command in this process, or a real server of its own."""

from __future__ import annotations

import io
import json
import os
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

from quizapp import cli

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it printed."""

    status: int
    out: str
    err: str


Run = Callable[..., Ran]


@pytest.fixture
def run_on(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command on a database and a data folder."""
    for name in list(os.environ):
        if name.startswith("QUIZAPP_") and "TEST" not in name:
            monkeypatch.delenv(name)
    monkeypatch.setenv("QUIZAPP_PASSWORD_ROUNDS", "1")

    def run_command(database_url: str, data_dir: Path, *arguments: object, stdin: str = "") -> Ran:
        monkeypatch.setenv("QUIZAPP_DATA_DIR", str(data_dir))
        monkeypatch.setenv("QUIZAPP_DATABASE_URL", database_url)
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


@pytest.fixture
def run(run_on: Run, database_url: str, tmp_path: Path) -> Run:
    """Run a command on this test's database; another one is named as `url`."""

    def run_command(*arguments: object, url: str = database_url, stdin: str = "") -> Ran:
        return run_on(url, tmp_path, *arguments, stdin=stdin)

    return run_command


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
