"""A child that is kept running: it ends with its input, comes again after a rest, and is killed when it hangs."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from quizapp import child
from quizapp.child import Child

OBEDIENT = [sys.executable, "-c", "import sys; sys.stdin.read()"]
DEAF = [sys.executable, "-c", "import time; time.sleep(600)"]


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """The clock that decides when a dead child may come again."""
    now = [1000.0]
    monkeypatch.setattr("time.monotonic", lambda: now[0])
    yield now
    monkeypatch.undo()


def test_it_ends_when_its_input_does() -> None:
    kept = Child(OBEDIENT)
    kept.end()  # nothing was started
    kept.keep()
    process = kept.process
    kept.keep()
    assert kept.process is process
    kept.end()
    assert process is not None
    assert process.returncode == 0


def test_one_that_hangs_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_GRACE_SECONDS", 0.1)
    kept = Child(DEAF)
    kept.keep()
    kept.end()
    assert kept.process is not None
    assert kept.process.returncode == -9


def test_one_that_dies_comes_again_later_and_later_until_it_lives_a_while(seconds: list[float]) -> None:
    kept = Child(DEAF)
    kept.keep()
    rests = []
    for lives in (0.0, 0.0, 0.0, 61.0, 0.0):
        process = kept.process
        assert process is not None
        process.kill()
        process.wait()
        seconds[0] += lives
        died_at = seconds[0]
        kept.keep()
        while kept.process is process:
            seconds[0] += 0.5
            kept.keep()
        rests.append(seconds[0] - died_at)
    assert rests == [1.0, 2.0, 4.0, 0.0, 1.0]
    assert kept.process is not None
    kept.process.kill()
    kept.process.wait()
    kept.let_go()
