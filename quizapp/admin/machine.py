"""What is running, in words: for whoever looks after the installation and never saw its code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from quizapp.background.running import Running, SweepState
from quizapp.web.rendering import count, moment_name

SILENT_AFTER = timedelta(minutes=10)  # the shortest sweeps run every few seconds, and note that they did
LITTLE_DISK = 1_000_000_000
_DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
_SWEEPS = {
    "attempts.close": "Ends quizzes whose time is over",
    "attempts.grade": "Marks what was handed in",
    "audit": "Seals the audit log",
    "audit.check": "Compares the audit log with its seals",
    "erasures": "Erases whose day has come",
    "guests": "Removes guests who did not sign up",
    "jobs": "Does long work",
    "mail": "Sends mail",
    "retention": "Removes what was kept long enough",
    "throttles": "Forgets old failed tries",
}
_PLACES = ("last_id", "broken_id")  # numbers of entries, not counts
_JOBS = {"waiting": "waiting", "running": "running", "done": "done", "failed": "failed"}


@dataclass(frozen=True)
class Line:
    """One sweep."""

    name: str
    title: str
    when: str
    result: str
    error: str
    is_running: bool


@dataclass(frozen=True)
class Machine:
    """The page's figures, ready to show."""

    version: str
    schema: str
    database: str
    size: str
    free: str
    is_disk_low: bool
    is_mail_on: bool
    mail_waiting: int
    mail_given_up: int
    jobs: tuple[tuple[str, int], ...]
    lines: tuple[Line, ...]
    silence: str  # since when the worker was not heard of; empty: it works

    @property
    def failing(self) -> int:
        """How many sweeps went wrong when they last ran."""
        return sum(1 for line in self.lines if line.error)

    @property
    def heading(self) -> str:
        """The finding of the page."""
        if self.silence:
            return "The worker is not running"
        if self.failing:
            return f"{count(self.failing, 'part', 'parts')} of the worker went wrong"
        if self.mail_given_up:
            return f"{count(self.mail_given_up, 'mail')} could not be sent"
        return "The disk is nearly full" if self.is_disk_low else "Everything runs"


def machine(
    state: Running,
    now: datetime,
    zone: ZoneInfo,
    *,
    version: str,
    schema: str,
    database: str,
    free_bytes: int,
    is_mail_on: bool,
) -> Machine:
    """Put the state of the installation into words."""
    heard = [sweep.ran_at for sweep in state.sweeps if sweep.ran_at is not None]
    is_busy = any(sweep.is_running for sweep in state.sweeps)
    if not heard and not is_busy:
        silence = "It was never heard of."
    elif is_busy or now - max(heard) < SILENT_AFTER:
        silence = ""
    else:
        silence = f"It was last heard of {moment_name(max(heard), now, zone)}."
    return Machine(
        version=version,
        schema=schema,
        database=_DATABASES.get(database, database),
        size=size_name(state.database_bytes),
        free=size_name(free_bytes),
        is_disk_low=free_bytes < LITTLE_DISK,
        is_mail_on=is_mail_on,
        mail_waiting=state.mail_waiting,
        mail_given_up=state.mail_given_up,
        jobs=tuple((_JOBS.get(status, status), number) for status, number in state.jobs.items()),
        lines=tuple(_line(sweep, now, zone) for sweep in state.sweeps),
        silence=silence,
    )


def size_name(octets: int) -> str:
    """Return “412 kB”, “1.3 GB”: powers of a thousand, as disks are sold."""
    size, units = float(octets), ["bytes", "kB", "MB", "GB", "TB"]
    while size >= 999.5 and len(units) > 1:
        size, units = size / 1000, units[1:]
    return f"{size:.1f} {units[0]}" if size < 9.95 and units[0] != "bytes" else f"{size:.0f} {units[0]}"


def _line(sweep: SweepState, now: datetime, zone: ZoneInfo) -> Line:
    counts = [f"{word.replace('_', ' ')} {number}" for word, number in sweep.result.items()
              if number and word not in _PLACES]  # fmt: skip
    return Line(
        name=sweep.name,
        title=_SWEEPS.get(sweep.name, ""),
        when=moment_name(sweep.ran_at, now, zone) if sweep.ran_at else "never",
        result=", ".join(counts) or "nothing to do",
        error=sweep.error or "",
        is_running=sweep.is_running,
    )
