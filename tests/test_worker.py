"""The worker: expired attempts end with their marks, a failure stays alone, a killed one is followed by the next."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import uuid
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.background.leases import LEASE
from quizapp.background.sweeps import Counts, Sweep, Turn
from quizapp.config import Settings
from quizapp.core.items import read_item
from quizapp.database import Database
from quizapp.learning.rebuilding import differences
from quizapp.models import Attempt, AttemptItem, ItemVersion, Lease, Response, Review
from quizapp.quizzes.responses import Given, respond
from quizapp.web.auditing import record
from quizapp.worker import SWEEPS, Worker
from tests.command_line import Run, is_open, server, wait_for
from tests.conftest import MONDAY, Cast, Clock
from tests.histories import start_timed, type_answer

LIMIT = timedelta(minutes=10)
CLOSING, GRADING = SWEEPS[:2]


class Killed(BaseException):
    """The process went away: nothing after it ran."""


@pytest.fixture
def database(app: Flask) -> Database:
    used: Database = app.extensions["quizapp.database"]
    return used


@pytest.fixture
def hire(database: Database, settings: Settings, clock: Clock) -> Callable[..., Worker]:
    def make(holder: str = "first", used: Database = database) -> Worker:
        return Worker(used, settings, clock=clock, rng=Random(1), holder=holder)

    return make


Hire = Callable[..., Worker]


def sit(database: Database, learner_id: int, clock: Clock) -> uuid.UUID:
    """Start a timed attempt, answer one question, leave another typed and not given, one untouched."""
    with database.write_session() as session:
        attempt_id = start_timed(session, learner_id, clock.now, deadline_at=clock.now + LIMIT)
        right = [_right(session, attempt_id, position) for position in (1, 2)]
        respond(session, learner_id, attempt_id, 1, Given(uuid.uuid4(), right[0], 0), clock.now)
        type_answer(session, learner_id, attempt_id, 2, right[1], clock.now)
    return attempt_id


def _right(session: Session, attempt_id: uuid.UUID, position: int) -> dict[str, str]:
    content = session.scalars(
        select(ItemVersion.content)
        .join(AttemptItem, AttemptItem.item_version_id == ItemVersion.id)
        .where(AttemptItem.attempt_id == attempt_id, AttemptItem.position == position)
    ).one()
    item = read_item(content)
    return {"choice": next(option.id for option in getattr(item, "options", ()) if option.weight == 1)}


def stored_lease(database: Database, name: str) -> Lease:
    with database.read_session() as session:
        return session.get_one(Lease, name)


class TestAttempts:
    def test_one_whose_time_is_up_is_closed_then_graded_then_known_to_the_memory(
        self, database: Database, cast: Cast, clock: Clock, hire: Hire
    ) -> None:
        attempt_id = sit(database, cast.student, clock)
        worker = hire()
        clock.advance(minutes=10, seconds=59)
        assert [worker.run(sweep) for sweep in (CLOSING, GRADING)] == [({"closed": 0}, None), ({"graded": 0}, None)]
        clock.advance(seconds=10)
        assert worker.run(CLOSING) == ({"closed": 1}, None)
        with database.read_session() as session:
            row = session.get_one(Attempt, (cast.student, attempt_id))
            assert (row.outcome, row.closed_at, row.graded_at) == ("expired", row.deadline_at, None)
            assert session.scalar(select(func.count()).select_from(Review)) == 0
        other = hire("second")  # the first died here
        assert other.run(GRADING) == ({"graded": 1}, None)
        with database.read_session() as session:
            row = session.get_one(Attempt, (cast.student, attempt_id))
            assert (row.graded_at, row.score, row.max_score) == (clock.now, 2.0, 3.0)
            assert session.scalar(select(func.count()).select_from(Review).where(Review.event == "review")) == 2
            assert list(differences(session)) == []
        clock.advance(minutes=1)
        assert [worker.run(sweep) for sweep in (CLOSING, GRADING)] == [({"closed": 0}, None), ({"graded": 0}, None)]

    def test_two_workers_at_once_end_each_attempt_once(
        self, database: Database, cast: Cast, clock: Clock, hire: Hire
    ) -> None:
        for _ in range(15):
            sit(database, cast.student, clock)
            sit(database, cast.classmate, clock)
        clock.advance(hours=1)

        def work(worker: Worker) -> None:  # without leases: both at the same rows
            turn = Turn("test", database, worker.settings, clock, worker.rng, lambda: False)
            for sweep in (CLOSING, GRADING):
                sweep.run(turn)
            failures.extend(turn.failures)

        failures: list[str] = []
        threads = [Thread(target=work, args=(hire(holder),)) for holder in ("first", "second")]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failures == []
        with database.read_session() as session:
            assert session.execute(select(Attempt.outcome, Attempt.score, func.count()).group_by(
                Attempt.outcome, Attempt.score)).all() == [("expired", 2.0, 30)]  # fmt: skip
            assert session.scalar(select(func.count()).select_from(Response)) == 60
            assert session.scalar(select(func.count()).select_from(Review).where(Review.event == "review")) == 60
            assert list(differences(session)) == []


class TestSweeps:
    def sweep(self, run: Callable[[Turn], Counts], *, is_shared: bool = False) -> Sweep:
        return Sweep("test", run, every=timedelta(seconds=10), is_shared=is_shared)

    def test_each_has_a_name_of_its_own_that_fits(self) -> None:
        names = [sweep.name for sweep in SWEEPS]
        assert len(set(names)) == len(names)
        assert all(0 < len(name) <= 40 for name in names)

    def test_it_runs_when_due_and_stores_what_it_came_to(self, database: Database, clock: Clock, hire: Hire) -> None:
        sweep = self.sweep(lambda _: {"done": 3})
        assert hire("first").run(sweep) == ({"done": 3}, None)
        assert hire("second").run(sweep) is None
        assert hire("second").run(sweep, every=timedelta(0)) == ({"done": 3}, None)
        clock.advance(seconds=10)
        assert hire("third").run(sweep) == ({"done": 3}, None)
        row = stored_lease(database, "test")
        assert (row.holder, row.until, row.ran_at, row.result, row.error) == (
            "third", clock.now, clock.now, {"done": 3}, None,
        )  # fmt: skip

    @pytest.mark.parametrize("is_shared", [False, True])
    def test_one_that_fails_stores_its_error_and_the_next_runs(
        self, database: Database, clock: Clock, hire: Hire, is_shared: bool
    ) -> None:
        def fail(turn: Turn) -> Counts:
            turn.note(LookupError("canary"))
            raise ValueError("canary")

        worker = hire()
        ran = worker.run(self.sweep(fail, is_shared=is_shared))
        assert ran is not None
        row = stored_lease(database, "test")
        assert row.error == ran[1]
        assert (row.error or "").startswith("LookupError; ValueError at ")
        assert worker.run(CLOSING) == ({"closed": 0}, None)
        clock.advance(seconds=10)
        assert worker.run(self.sweep(lambda _: {"done": 1}, is_shared=is_shared)) == ({"done": 1}, None)
        assert stored_lease(database, "test").error is None

    def test_one_whose_worker_is_killed_in_it_is_taken_over_when_its_lease_ends(
        self, database: Database, clock: Clock, hire: Hire
    ) -> None:
        def die(_: Turn) -> Counts:
            raise Killed

        with pytest.raises(Killed):
            hire("killed").run(self.sweep(die))
        assert stored_lease(database, "test").holder == "killed"
        sweep = self.sweep(lambda _: {"done": 1})
        clock.now += LEASE - timedelta(seconds=1)
        assert hire("second").run(sweep) is None
        clock.advance(seconds=1)
        assert hire("second").run(sweep) == ({"done": 1}, None)

    def test_a_shared_one_with_nothing_to_do_writes_once_a_minute(
        self, database: Database, clock: Clock, hire: Hire
    ) -> None:
        worker, sweep = hire(), self.sweep(lambda _: {}, is_shared=True)
        for seconds in (0, 59):
            clock.advance(seconds=seconds)
            assert worker.run(sweep) == ({}, None)
            assert stored_lease(database, "test").ran_at == MONDAY
        clock.advance(seconds=1)
        worker.run(sweep)
        assert stored_lease(database, "test").ran_at == clock.now

    def test_the_loop_goes_on_until_it_is_told_to_end(self, clock: Clock, hire: Hire) -> None:
        worker, order = hire(), []

        def end(_: Turn) -> Counts:
            order.append("second")
            worker.ending.set()
            return {}

        def first(_: Turn) -> Counts:
            order.append("first")
            raise ValueError

        worker.keep_on([Sweep("1", first, every=LIMIT), Sweep("2", end, every=LIMIT)])
        assert order == ["first", "second"]

    def test_a_database_that_is_away_does_not_end_the_loop(
        self, tmp_path: Path, settings: Settings, caplog: pytest.LogCaptureFixture
    ) -> None:
        away = Database(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
        times = []

        def end_at_the_second() -> object:
            times.append(1)
            if len(times) == 2:
                worker.ending.set()
            return MONDAY

        worker = Worker(away, settings, clock=end_at_the_second, rng=Random(1), holder="first")  # type: ignore[arg-type]
        worker.keep_on(SWEEPS[:2])
        away.engine.dispose()
        assert [record.message for record in caplog.records] == ["failed", "failed"]


class TestCommands:
    def test_once_does_every_sweep_and_says_so(
        self, run: Run, database: Database, cast: Cast, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("QUIZAPP_SECRET_KEY", "s" * 40)
        sit(database, cast.student, clock)  # long ago by the machine's clock
        with database.write_session() as session:
            record(session, None, "person.added", "person", cast.student, now=clock.now)
        ran = run("worker", "--once")
        told = dict(line.split(maxsplit=1) for line in ran.out.splitlines())
        assert (ran.status, list(told)) == (0, [sweep.name for sweep in SWEEPS])
        assert {told.pop(name) for name in ("attempts.close", "attempts.grade", "audit", "audit.check")} == {
            "closed 1", "graded 1", "sealed 1, last_id 1", "whole 1",
        }  # fmt: skip
        assert set(told.values()) == {"nothing to do"}
        checked = run("audit", "check")
        assert checked.status == 0
        assert checked.out.startswith("1 sealed entries are whole; 0 wait to be sealed.\nThe last seal is of entry 1: ")
        monkeypatch.setenv("QUIZAPP_SECRET_KEY", "t" * 40)
        assert run("audit", "check").status == 1
        assert run("audit", "check").out == (
            "Entry 1 does not fit its seal: it was changed or added, or one just before it was removed. "
            "0 entries before it are whole.\n"
        )

    def test_without_the_secret_key_nothing_is_sealed_or_checked(self, run: Run) -> None:
        for command in (("worker", "--once"), ("audit", "check")):
            assert run(*command).err.startswith("quizapp: QUIZAPP_SECRET_KEY is not set. ")

    def test_a_mail_address_that_is_none_is_told_without_repeating_it(
        self, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("QUIZAPP_SECRET_KEY", "s" * 40)
        monkeypatch.setenv("QUIZAPP_MAIL_URL", "imap://quizapp:hunter2@mail.example")
        ran = run("worker", "--once")
        assert (ran.status, ran.err) == (
            2, "quizapp: QUIZAPP_MAIL_URL must start with smtp:// or smtps:// and name a host.\n",
        )  # fmt: skip


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks for processes in /proc")
class TestUp:
    """Real processes: `up`, its servers and its worker."""

    def test_the_worker_sweeps_and_is_followed_by_another_when_it_is_killed(self, tmp_path: Path) -> None:
        with server(tmp_path) as (process, _, log):
            wait_for(lambda: has_swept(tmp_path, log))
            (first,) = workers_of(process.pid)
            os.kill(first, signal.SIGKILL)
            wait_for(lambda: workers_of(process.pid) not in ([], [first]))
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
            assert worker_pids(tmp_path) == []

    @pytest.mark.parametrize("end", ["SIGTERM", "Ctrl+C", "kill -9"])
    def test_nothing_is_left_when_it_ends(self, tmp_path: Path, end: str) -> None:
        with server(tmp_path) as (process, port, _):
            wait_for(lambda: workers_of(process.pid) != [])
            (worker,) = workers_of(process.pid)
            if end == "Ctrl+C":  # goes to every process at the terminal
                os.kill(worker, signal.SIGINT)
            process.send_signal({"SIGTERM": signal.SIGTERM, "Ctrl+C": signal.SIGINT, "kill -9": signal.SIGKILL}[end])
            assert process.wait(30) == (-signal.SIGKILL if end == "kill -9" else 0)
            wait_for(lambda: not worker_pids(tmp_path) and not is_open(port))

    def test_a_worker_by_itself_ends_when_it_is_told(self, tmp_path: Path) -> None:
        environ = {name: value for name, value in os.environ.items() if not name.startswith("QUIZAPP_")}
        environ |= {"QUIZAPP_DATA_DIR": str(tmp_path), "QUIZAPP_SECRET_KEY": "s" * 40}
        command = [sys.executable, "-c", "from quizapp.cli import main; main()"]
        subprocess.run([*command, "migrate"], env=environ, check=True, capture_output=True)
        with subprocess.Popen([*command, "worker"], env=environ, stdin=subprocess.DEVNULL) as process:
            wait_for(lambda: has_swept(tmp_path, tmp_path / "none"))
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0


def has_swept(data_dir: Path, log: Path) -> bool:
    """Tell whether a worker has finished a sweep; show what it logged when it can't."""
    with closing(sqlite3.connect(data_dir / "quizapp.sqlite3")) as connection:
        found = connection.execute("SELECT error FROM leases WHERE ran_at IS NOT NULL").fetchall()
    assert all(error is None for (error,) in found), log.read_text()
    return bool(found)


def workers_of(parent: int) -> list[int]:
    return [pid for pid in _pids() if "--until-input-ends" in _read(pid, "cmdline") and _parent_of(pid) == parent]


def worker_pids(data_dir: Path) -> list[int]:
    """Return every process, orphans too, that has this test's data folder in its environment."""
    return [pid for pid in _pids() if pid != os.getpid() and f"QUIZAPP_DATA_DIR={data_dir}\0" in _read(pid, "environ")]


def _pids() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()]


def _parent_of(pid: int) -> int:
    fields = _read(pid, "stat").rpartition(")")[2].split()
    return int(fields[1]) if fields else 0


def _read(pid: int, name: str) -> str:
    try:
        return Path(f"/proc/{pid}/{name}").read_text(errors="replace")
    except OSError:  # it ended meanwhile, or is not ours
        return ""
