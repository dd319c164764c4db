"""The worker: which sweeps there are, and the loop that does them.

To add a sweep, write an action in the room whose rows it changes: it takes a session and `now`, changes a bounded
number of rows, can be done twice, and counts what it did. Then list it in `SWEEPS`:

    Sweep("tidying", in_batches(remove_old_things), every=timedelta(hours=1)),

`in_batches` calls it in one short transaction after another until it counts nothing; `one_by_one` gives every row
found a transaction of its own, so that one that fails does not stand in the way; a sweep that needs settings, or
works outside of transactions, takes a `Turn`. Long work that somebody asks for is a job: its kind goes into `JOBS`.
"""

from __future__ import annotations

import os
import secrets
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from queue import SimpleQueue
from random import Random, SystemRandom
from threading import Event, Thread

from quizapp.accounts.guests import remove_old_guests
from quizapp.accounts.resets import JOB as RESET_MAIL
from quizapp.accounts.resets import mail_links
from quizapp.authoring.publishing import close_due
from quizapp.authoring.uploads import remove_unused_files
from quizapp.background import leases
from quizapp.background.jobs import JobFunction, run_jobs
from quizapp.background.outbox import send_due
from quizapp.background.sealing import CHECK, check_audit, seal_audit
from quizapp.background.sealing import SWEEP as SEALING
from quizapp.background.sweeps import Counts, Sweep, Turn, failure_of, in_batches, one_by_one, report
from quizapp.config import Settings
from quizapp.database import Database
from quizapp.marking.regrades import JOB as REGRADE
from quizapp.marking.regrades import run_regrade
from quizapp.privacy.requests import due_requests, settle_due
from quizapp.privacy.retention import keep_to_retention
from quizapp.progress.fit_requests import JOB as FIT
from quizapp.progress.fit_requests import ask_for_fit, due_fits, fit_memory
from quizapp.quizzes.expiry import overdue_attempts, ungraded_attempts
from quizapp.quizzes.finishing import finish, grade_attempt
from quizapp.web.throttles import remove_old_throttles

JOBS: dict[str, JobFunction] = {FIT: fit_memory, RESET_MAIL: mail_links, REGRADE: run_regrade}

SWEEPS: tuple[Sweep, ...] = (
    Sweep("attempts.close", one_by_one("closed", overdue_attempts, finish), every=timedelta(seconds=10)),
    Sweep("attempts.grade", one_by_one("graded", ungraded_attempts, grade_attempt), every=timedelta(seconds=10)),
    Sweep("sets.close", in_batches(close_due), every=timedelta(seconds=10)),
    Sweep("erasures", one_by_one("settled", due_requests, settle_due), every=timedelta(minutes=10)),
    Sweep("retention", keep_to_retention, every=timedelta(hours=1)),
    Sweep("fits", one_by_one("asked", due_fits, ask_for_fit), every=timedelta(hours=6)),
    Sweep("throttles", in_batches(remove_old_throttles), every=timedelta(hours=1)),
    Sweep("files", in_batches(remove_unused_files), every=timedelta(hours=1)),
    Sweep("guests", in_batches(remove_old_guests), every=timedelta(hours=1)),
    Sweep(SEALING, seal_audit, every=timedelta(minutes=1)),
    Sweep(CHECK, check_audit, every=timedelta(days=1)),
    Sweep("mail", send_due, every=timedelta(seconds=2), is_shared=True),
    Sweep("jobs", partial(run_jobs, kinds=JOBS), every=timedelta(seconds=2), is_shared=True),
)

_REST_SECONDS = 2.0
_REST_AFTER_FAILURE_SECONDS = 5.0
_NOTE_EVERY = timedelta(minutes=1)  # of a shared sweep that had nothing to do
_GRACE_SECONDS = 10.0


class Worker:
    """Does sweeps on one database; any number of workers may."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        *,
        clock: Callable[[], datetime],
        rng: Random,
        holder: str,
    ) -> None:
        self.database = database
        self.settings = settings
        self.clock = clock
        self.rng = rng
        self.holder = holder
        self.ending = Event()
        self._noted: dict[str, datetime] = {}

    def run(self, sweep: Sweep, *, every: timedelta | None = None) -> tuple[Counts, str | None] | None:
        """Run the sweep when it is due and nobody else's; return its counts and what went wrong, None when not run.

        `every` replaces the sweep's own interval. The error is stored in the sweep's lease, too, and raised never.
        """
        if sweep.is_shared:
            return self._run_shared(sweep)
        taken_at, every = self.clock(), sweep.every if every is None else every
        with self.database.read_session() as session:
            if not leases.is_free(session, sweep.name, every, taken_at):
                return None
        with self.database.write_session() as session:
            if not leases.take(session, sweep.name, self.holder, every, taken_at):
                return None
        counts, error = self._outcome(sweep)
        with self.database.write_session() as session:
            leases.give_back(
                session, sweep.name, self.holder, taken_at=taken_at, result=dict(counts), error=error, now=self.clock()
            )
        return counts, error

    def keep_on(self, sweeps: Sequence[Sweep]) -> None:
        """Run these sweeps whenever they are due until the worker is told to end."""
        while not self.ending.is_set():
            rest = _REST_SECONDS
            for sweep in sweeps:
                if error := failure_of(partial(self.run, sweep)):  # not even the lease could be had
                    report(sweep.name, error)
                    rest = _REST_AFTER_FAILURE_SECONDS
            self.ending.wait(rest)

    def _run_shared(self, sweep: Sweep) -> tuple[Counts, str | None]:
        counts, error = self._outcome(sweep)
        now = self.clock()
        noted = self._noted.get(sweep.name)
        if any(counts.values()) or error or noted is None or now - noted >= _NOTE_EVERY:
            with self.database.write_session() as session:
                leases.note(session, sweep.name, self.holder, result=dict(counts), error=error, now=now)
            self._noted[sweep.name] = now
        return counts, error

    def _outcome(self, sweep: Sweep) -> tuple[Counts, str | None]:
        turn = Turn(sweep.name, self.database, self.settings, self.clock, self.rng, self.ending.is_set)
        counts: Counts = {}
        error = failure_of(lambda: counts.update(sweep.run(turn)))
        if error:
            turn.note(error)
        return counts, _joined(turn.failures)


def work(settings: Settings, *, until_input_ends: bool) -> None:
    """Do the sweeps until SIGTERM, SIGINT or, when so asked, the end of standard input.

    A program that keeps the other end of standard input open takes the worker with it however it dies.
    """
    reasons: SimpleQueue[str] = SimpleQueue()  # unlike an Event's, its lock may be met again by a signal's handler
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: reasons.put("told"))
    worker = _worker(settings)
    lanes = [[sweep for sweep in SWEEPS if not sweep.is_shared], *([sweep] for sweep in SWEEPS if sweep.is_shared)]
    threads = [Thread(target=_lane, args=(worker, lane, reasons), daemon=True) for lane in lanes]
    if until_input_ends:
        Thread(target=_watch_input, args=(reasons,), daemon=True).start()
    for thread in threads:
        thread.start()
    reason = reasons.get()
    worker.ending.set()
    for thread in threads:
        thread.join(_GRACE_SECONDS)
    worker.database.engine.dispose()
    if reason == "broken":
        raise RuntimeError("a lane of the worker ended by itself")


def work_once(settings: Settings) -> dict[str, tuple[Counts, str | None]]:
    """Do every sweep that nobody else is doing once, whenever it last ran; return counts and error by name."""
    worker = _worker(settings)
    outcomes = {sweep.name: worker.run(sweep, every=timedelta(0)) for sweep in SWEEPS}
    worker.database.engine.dispose()
    return {name: outcome for name, outcome in outcomes.items() if outcome is not None}


def _worker(settings: Settings) -> Worker:
    holder = f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(3)}"
    database = Database(settings.database_url)
    return Worker(database, settings, clock=lambda: datetime.now(UTC), rng=SystemRandom(), holder=holder)


def _lane(worker: Worker, sweeps: Sequence[Sweep], reasons: SimpleQueue[str]) -> None:
    try:
        worker.keep_on(sweeps)
    finally:
        reasons.put("broken")  # heard only when the worker was not told to end


def _watch_input(reasons: SimpleQueue[str]) -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    reasons.put("told")


def _joined(failures: Sequence[str]) -> str | None:
    """Return the failures of a run in a line: each once, three at most."""
    different = list(dict.fromkeys(failures))
    more = f" (and {len(different) - 3} more)" if len(different) > 3 else ""
    return "; ".join(different[:3]) + more if different else None
