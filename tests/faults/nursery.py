"""Servers without the wait: one process imports the application once, and every server is forked from it.

`python -m tests.faults.nursery` reads an order a line, as JSON, and answers with a process id. At the end of its input
it kills the process group of every server that it started.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from quizapp.cli import main as quizapp
from tests.faults import planted

ROOT = Path(__file__).parents[2]


class Nursery:
    """The other side of this process: orders go in, process ids come out."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery"],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.communicate(timeout=30)

    def start(self, fault: str, port: int, environ: Mapping[str, str], log: Path) -> int:
        """Fork a server with a fault planted, or none (empty); return its process id, which is its group's too."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps([fault, port, dict(environ), str(log)]) + "\n")
        return int(self._process.stdout.readline())


def main() -> None:
    """Fork a server for every line until there is none."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them, so none stays as a zombie
    groups = []
    for line in sys.stdin:
        fault, port, environ, log = json.loads(line)
        pid = os.fork()
        if pid == 0:
            _become_server(fault, port, environ, log)
        groups.append(pid)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
    for group in groups:
        try:
            os.killpg(group, signal.SIGKILL)
        except ProcessLookupError:
            continue


def _become_server(fault: str, port: int, environ: dict[str, str], log: str) -> None:
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    target = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, descriptor in enumerate((nothing, target, target)):
        os.dup2(descriptor, number)
    if "LD_PRELOAD" in environ:  # taken note of by a new program only
        command = ["-m", "tests.faults.planted", fault] if fault else ["-m", "quizapp", "serve", "--port"]
        os.execve(sys.executable, [sys.executable, *command, str(port)], environ)  # noqa: S606  # our own interpreter
    os.environ.clear()
    os.environ.update(environ)
    if fault:
        planted.main(fault, str(port))
    else:
        sys.argv = ["quizapp", "serve", "--port", str(port)]
        quizapp()
    os._exit(0)


if __name__ == "__main__":
    main()
