"""A real server in a process group of its own: started, its workers found and killed, all of it gone at the end."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from random import Random

from quizapp.serving import WORKERS
from tests.faults.nursery import Nursery
from tests.faults.scene import Scene

_START_SECONDS = 30.0
_STOP_SECONDS = 10.0


class Server:
    """`quizapp serve`, or the same with a fault planted in it, on a port of its own."""

    def __init__(self, nursery: Nursery, scene: Scene, fault: str, environ: Mapping[str, str]) -> None:
        self.port = free_port()
        self.master = 0
        self._nursery = nursery
        self._fault = fault
        self._environ = {**os.environ, **scene.environ, **environ}
        self._log = scene.settings.data_dir / f"server-{self.port}.log"
        self._groups: list[int] = []

    def start(self) -> None:
        """Start, and return when a page is answered. A port still held by dying workers is waited for."""
        end = time.monotonic() + _START_SECONDS
        while time.monotonic() < end:
            self.master = self._nursery.start(self._fault, self.port, self._environ, self._log)
            self._groups.append(self.master)
            while time.monotonic() < end and _is_running(self.master):
                if len(self.workers()) >= WORKERS and self.answers():
                    return
                time.sleep(0.02)
        raise RuntimeError(f"the server did not start: {self._log.read_text()[-3000:]}")

    def answers(self, path: str = "/livez") -> bool:
        """Tell whether a page is answered with success now."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as line:
                line.sendall(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
                return b" 200 " in line.makefile("rb").readline()
        except OSError:
            return False

    def workers(self) -> list[int]:
        """Return the process ids of the workers."""
        return [pid for pid, parent in _running() if parent == self.master]

    def kill_worker(self, rng: Random) -> None:
        """Kill a worker that chance picks; without one at this moment, nobody."""
        if workers := self.workers():
            _kill(os.kill, rng.choice(workers))

    def kill_master(self) -> None:
        """Kill the master; its workers are left to find out."""
        _kill(os.kill, self.master)
        wait_until(lambda: not _is_running(self.master), _STOP_SECONDS, "the master outlived its kill")

    def stop(self) -> None:
        """Kill everything that was started here and wait until it is gone."""
        for group in self._groups:
            _kill(os.killpg, group)
        wait_until(lambda: not self._is_left(), _STOP_SECONDS, "processes stay behind")

    def _is_left(self) -> bool:
        return any(_group_of(pid) in self._groups for pid, _ in _running())


@contextmanager
def running_server(
    nursery: Nursery, scene: Scene, fault: str = "", environ: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Serve a scene while the block runs."""
    server = Server(nursery, scene, fault, environ or {})
    try:
        server.start()
        yield server
    finally:
        server.stop()


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(is_so: Callable[[], bool], seconds: float, otherwise: str) -> float:
    """Poll until something is so, and return the seconds that took. Raises AssertionError after `seconds`."""
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < seconds, otherwise
        time.sleep(0.02)
    return time.monotonic() - began


def _kill(kill: Callable[[int, int], None], target: int) -> None:
    try:
        kill(target, signal.SIGKILL)
    except ProcessLookupError:
        return  # it ended by itself


def _is_running(pid: int) -> bool:
    return any(running == pid for running, _ in _running())


def _group_of(pid: int) -> int:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0


def _running() -> Iterator[tuple[int, int]]:
    """Yield the id of every process and its parent's; those that only wait to be buried are left out."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                state, parent = (folder / "stat").read_text().rpartition(")")[2].split()[:2]
            except OSError:
                continue  # it ended meanwhile
            if state not in "ZX":
                yield int(folder.name), int(parent)
