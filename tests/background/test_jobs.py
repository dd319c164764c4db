"""Jobs: each done once by whoever claims it, with progress, put back at the end, begun again after a crash."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from threading import Lock, Thread

import pytest
from sqlalchemy import func, select

from quizapp.background.jobs import JOB_LEASE, MOST_TRIES, JobLost, JobRun, add_job, run_jobs
from quizapp.background.sweeps import Turn
from quizapp.database import Database
from quizapp.errors import Unreadable
from quizapp.models import Job
from tests.conftest import Cast, Clock

Turns = Callable[..., Turn]


class Killed(BaseException):
    """The process went away: nothing after it ran."""


def add(database: Database, clock: Clock, kind: str = "count", **payload: int) -> int:
    with database.write_session() as session:
        return add_job(session, kind, payload, now=clock.now)


def stored(database: Database, job_id: int) -> Job:
    with database.read_session() as session:
        return session.get_one(Job, job_id)


def test_a_job_is_done_with_its_payload_and_keeps_progress_and_result(
    database: Database, turn_of: Turns, clock: Clock, cast: Cast
) -> None:
    with database.write_session() as session:
        job_id = add_job(session, "count", {"to": 3}, owner_id=cast.teacher, now=clock.now)
    seen = []

    def count(run: JobRun) -> None:
        for done in range(1, run.payload["to"] + 1):
            run.progress(done, 3)
            row = stored(database, run.id)
            seen.append((row.status, row.done_count, row.total_count, row.leased_until == clock.now + JOB_LEASE))
            clock.advance(minutes=1)
        run.result = {"owner": run.owner_id or 0}

    assert run_jobs(turn_of(), {"count": count}) == {"done": 1}
    assert seen == [("running", done, 3, True) for done in (1, 2, 3)]
    row = stored(database, job_id)
    assert (row.status, row.result, row.finished_at, row.tries) == ("done", {"owner": cast.teacher}, clock.now, 1)
    assert run_jobs(turn_of(), {"count": count}) == {}


def test_jobs_of_an_unknown_kind_and_of_a_later_time_wait(database: Database, turn_of: Turns, clock: Clock) -> None:
    other = add(database, clock, "other")
    with database.write_session() as session:
        add_job(session, "count", {}, now=clock.now, run_at=clock.now + timedelta(hours=1))
    assert run_jobs(turn_of(), {"count": lambda _: None}) == {}
    clock.advance(hours=1)
    assert run_jobs(turn_of(), {"count": lambda _: None}) == {"done": 1}
    assert stored(database, other).status == "waiting"


def test_a_failure_is_recorded_without_what_people_wrote_and_does_not_stop_the_next(
    database: Database, turn_of: Turns, clock: Clock
) -> None:
    def fail(run: JobRun) -> None:
        if run.payload["number"] == 1:
            raise ValueError("canary of a person")
        if run.payload["number"] == 2:
            raise Unreadable(7, "A stem is missing.")

    jobs = [add(database, clock, number=number) for number in (1, 2, 3)]
    assert run_jobs(turn_of(), {"count": fail}) == {"failed": 2, "done": 1}
    first, second, third = (stored(database, job_id) for job_id in jobs)
    assert (first.status, second.status, third.status) == ("failed", "failed", "done")
    assert first.error is not None
    assert first.error.startswith("ValueError at background/")
    assert second.error == "Line 7: A stem is missing."


def test_a_job_whose_worker_is_killed_is_begun_again_three_times_and_then_fails(
    database: Database, turn_of: Turns, clock: Clock
) -> None:
    job_id = add(database, clock)

    def die(_: JobRun) -> None:
        raise Killed

    for tries in range(1, MOST_TRIES + 1):
        with pytest.raises(Killed):
            run_jobs(turn_of(), {"count": die})
        assert (stored(database, job_id).status, stored(database, job_id).tries) == ("running", tries)
        assert run_jobs(turn_of(), {"count": die}) == {}  # its lease still runs
        clock.now += JOB_LEASE
    run_jobs(turn_of(), {"count": die})
    row = stored(database, job_id)
    assert (row.status, row.tries, row.error) == ("failed", 4, "The worker died or hung 4 times in it.")


def test_a_worker_that_slept_over_its_lease_can_neither_go_on_nor_finish(
    database: Database, turn_of: Turns, clock: Clock
) -> None:
    job_id = add(database, clock)
    lost = []

    def sleep_over(run: JobRun) -> None:
        clock.now += JOB_LEASE
        assert run_jobs(turn_of(), {"count": lambda _: None}) == {"begun_again": 1, "done": 1}
        try:
            run.progress(1, 1)
        except JobLost:
            lost.append(run.id)
            raise

    assert run_jobs(turn_of(), {"count": sleep_over}) == {"lost": 1}
    assert lost == [job_id]
    assert (stored(database, job_id).status, stored(database, job_id).done_count) == ("done", 0)


def test_a_worker_that_is_told_to_end_puts_its_job_back_without_counting_the_try(
    database: Database, turn_of: Turns, clock: Clock
) -> None:
    job_id = add(database, clock)
    told: list[bool] = []

    def work(run: JobRun) -> None:
        run.progress(1, 2)
        told.append(True)
        run.progress(2, 2)

    assert run_jobs(turn_of(is_ending=lambda: bool(told)), {"count": work}) == {"put_back": 1}
    row = stored(database, job_id)
    assert (row.status, row.tries, row.done_count, row.leased_until) == ("waiting", 0, 1, None)
    assert run_jobs(turn_of(is_ending=lambda: True), {"count": work}) == {}
    assert run_jobs(turn_of(), {"count": lambda _: None}) == {"done": 1}


def test_two_workers_do_six_hundred_jobs_once_each(database: Database, turn_of: Turns, clock: Clock) -> None:
    with database.write_session() as session:
        session.add_all(Job(kind="count", payload={}, created_at=clock.now, run_at=clock.now) for _ in range(600))
    done: Counter[int] = Counter()
    totals: Counter[str] = Counter()
    lock = Lock()

    def note(run: JobRun) -> None:
        with lock:
            done[run.id] += 1

    def work() -> None:
        while counts := run_jobs(turn_of(), {"count": note}):
            with lock:
                totals.update(counts)

    workers = [Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert totals == {"done": 600}
    assert (len(done), set(done.values())) == (600, {1})
    with database.read_session() as session:
        assert session.execute(select(Job.status, Job.tries, func.count()).group_by(Job.status, Job.tries)).all() == [
            ("done", 1, 600)
        ]
