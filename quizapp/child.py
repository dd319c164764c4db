"""A program that this one keeps running beside itself, and that never outlives it.

The child's standard input is a pipe whose other end only this process holds: however this process ends, the child
reads the end of its input and ends, too.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence

_FIRST_DELAY_SECONDS = 1.0
_LONGEST_DELAY_SECONDS = 60.0
_GRACE_SECONDS = 15.0


class Child:
    """A command that is started, started again when it dies, and ended."""

    def __init__(self, command: Sequence[str]) -> None:
        self.command = list(command)
        self.process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._delay_seconds = _FIRST_DELAY_SECONDS

    def keep(self) -> None:
        """Start the command unless it runs; to be called every second or so.

        One that died is started again after a second, and after twice as long each time it dies within a minute.
        """
        if self.process is None:
            self._start()
        elif self.process.poll() is not None:
            lived_seconds = time.monotonic() - self._started_at
            if lived_seconds < self._delay_seconds:
                return
            is_steady = lived_seconds > _LONGEST_DELAY_SECONDS
            self._delay_seconds = (
                _FIRST_DELAY_SECONDS if is_steady else min(2 * self._delay_seconds, _LONGEST_DELAY_SECONDS)
            )
            self.let_go()
            self._start()

    def end(self) -> None:
        """Let the command finish what it is at, and see that it ends."""
        if self.process is None:
            return
        process = self.process
        self.let_go()
        try:
            process.wait(_GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def let_go(self) -> None:
        """Close our end of the pipe; a fork of this process does so at once, so that it does not keep the child."""
        if self.process is not None and self.process.stdin is not None:
            self.process.stdin.close()

    def _start(self) -> None:
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE)  # noqa: S603  # our own command
        self._started_at = time.monotonic()
