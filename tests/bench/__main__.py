"""Measure pages beside their twins, in a browser, with a thousand people or a long log, or what models do; print it."""

from __future__ import annotations

import argparse
import gzip
import logging
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import repeat
from pathlib import Path

from quizapp.config import Settings
from quizapp.database import Database
from quizapp.serving import WORKERS
from tests.bench.bare import PREFIX
from tests.bench.generation import generation_rows
from tests.bench.growth import MOST, growth_rows
from tests.bench.load import Call, Connection, Sample, connections, load, percentile
from tests.bench.memory import memory_rows
from tests.bench.pages import HEAD, visits
from tests.bench.plan import plan_rows
from tests.bench.rival import SIZES, NotInstalled, rival_rows
from tests.bench.scene import Scene, Subject, prepare
from tests.bench.takers import HEAD as TAKERS_HEAD
from tests.bench.takers import measured, verdict
from tests.builders import counted_queries
from tests.faults.scene import fill, populate

_ROOT = Path(__file__).parents[2]
_SECRET = "b" * 40
_WRITES_A_SECOND = 60  # at most, on one connection
_HEAD = (
    "page", "req/s", "p50 ms", "p99 ms", "twin req/s", "ratio", "bytes", "gzip", "queries", "rest p50", "rest p99",
)  # fmt: skip


@dataclass
class Figures:
    """What was measured of one subject."""

    name: str
    size: int = 0
    compressed: int = 0
    queries: int = 0
    pages: list[Sample] = field(default_factory=list)
    twins: list[Sample] = field(default_factory=list)
    rest: Sample = field(default_factory=Sample)

    def row(self) -> list[str]:
        """Return the cells of its row; times in milliseconds."""
        rate, twin = (statistics.median(sample.rate for sample in side) for side in (self.pages, self.twins))
        times = [seconds * 1000 for sample in self.pages for seconds in sample.latencies]
        rest = [seconds * 1000 for seconds in self.rest.latencies]
        return [
            self.name, f"{rate:.0f}", f"{percentile(times, 50):.1f}", f"{percentile(times, 99):.1f}", f"{twin:.0f}",
            f"{rate / twin:.0%}", str(self.size), str(self.compressed), str(self.queries),
            f"{percentile(rest, 50):.1f}", f"{percentile(rest, 99):.1f}",
        ]  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> None:
    """Prepare a database, serve it, measure every page, print the table."""
    options = _options(arguments)
    if options.what == "pages":
        print(table([HEAD, *(found.row() for found in visits(options.rounds))]))
        return
    if options.what == "generation":
        print(table(generation_rows()))
        return
    if options.what == "memory":
        print(table(memory_rows(options.reviews)))
        return
    if options.what in ("takers", "anki"):
        (_let_people_take if options.what == "takers" else _study_as_in_anki)(options)
        return
    if options.what == "plan":
        rows, said = plan_rows()
        print(table(rows))
        print(f"\n{said}")
        return
    with tempfile.TemporaryDirectory(prefix="quizapp-bench-") as folder:
        url = options.database or f"sqlite:///{folder}/bench.sqlite3"
        settings = Settings(data_dir=Path(folder), database_url=url, secret_key=_SECRET)
        if options.what == "growth":
            rows, faults = growth_rows(settings, options.most or MOST, options.rounds)
            print("\n".join([table(rows), *(f"\n{fault}" for fault in faults)]))
            return
        writes = round(options.seconds * (options.rounds + 1) * _WRITES_A_SECOND) + 2
        scene = prepare(settings, options.connections, writes)
        with _server(settings, ["-m", "tests.bench.bare"]) as port:
            figures = [_measured(scene, subject, port, options) for subject in scene.subjects]
        scene.app.extensions["quizapp.database"].engine.dispose()
    print(table([_HEAD, *(found.row() for found in figures)]))
    print(
        f"\n{url.partition(':')[0]}, {WORKERS} workers, {options.connections} connections, {options.rounds} rounds of "
        f"{options.seconds:g} s; ratio of medians; rest: one connection."
    )


def _study_as_in_anki(options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory(prefix="quizapp-bench-") as name:
        folder = Path(name)
        try:
            print(table(rival_rows(folder, options.environment or folder / "anki", options.cards)))
        except NotInstalled as reason:
            print(reason, file=sys.stderr)
            raise SystemExit(2) from reason


def _let_people_take(options: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory(prefix="quizapp-bench-") as folder:
        url = options.database or f"sqlite:///{folder}/bench.sqlite3"
        database = Database(url)
        fill(database)
        database.engine.dispose()
        scene = populate(Path(folder), url, options.most or 2500, 0)
        with _server(scene.settings, ["-c", "from quizapp.cli import main; main()", "serve", "--port"]) as port:
            found = []
            for what, figures in measured(port, scene.people, options.people, options.minutes * 60):
                found.append((what, figures))
                print(table([TAKERS_HEAD, *figures.rows()]), flush=True)
                print(f"{url.partition(':')[0]}, {what}, {figures.seconds:.1f} s\n", flush=True)
    print(verdict(found))


def table(rows: Sequence[Sequence[str]]) -> str:
    """Set rows in columns, the first to the left and figures to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) if not column else cell.rjust(width)
                  for column, (cell, width) in enumerate(zip(row, widths, strict=True)))
        for row in rows
    )  # fmt: skip


def _measured(scene: Scene, subject: Subject, port: int, options: argparse.Namespace) -> Figures:
    found, seconds = Figures(subject.name), options.seconds
    before = scene.stored_reviews()
    _look(scene, subject, found)
    with ExitStack() as stack:
        opened = [stack.enter_context(connection) for connection in connections(port, options.connections, WORKERS)]
        twin = _twin(subject, opened[0], found.size)
        load(opened, subject.feeds, seconds / 4)  # templates compiled, statements cached
        warm = scene.stored_reviews() - before
        for _ in range(options.rounds):
            found.pages.append(load(opened, subject.feeds, seconds))
            found.twins.append(load(opened, [repeat(twin) for _ in opened], seconds))
        found.rest = load(opened[:1], subject.feeds[:1], seconds)
    wanted = {303 if subject.is_write else 200}
    for sample in [*found.pages, *found.twins, found.rest]:
        assert set(sample.statuses) == wanted, f"{subject.name} answered {dict(sample.statuses)}"
    if subject.is_write:
        told = sum(len(sample.latencies) for sample in [*found.pages, found.rest])
        stored = scene.stored_reviews() - before - warm
        assert stored == told, f"{subject.name}: {told} answers were acknowledged, {stored} are stored"
    return found


def _look(scene: Scene, subject: Subject, found: Figures) -> None:
    """Send one call inside this process, to count its queries and its bytes."""
    call = next(subject.feeds[0])
    client = scene.app.test_client(use_cookies=False)
    headers = {"Cookie": call.cookie, "Accept": "text/html"}
    with counted_queries(scene.app) as statements:
        if subject.is_write:
            answer = client.post(call.path, data=call.fields, headers=headers)
        else:
            answer = client.get(call.path, headers=headers)
    body = answer.get_data()
    found.size, found.compressed, found.queries = len(body), len(gzip.compress(body, 6)), len(statements)


def _twin(subject: Subject, connection: Connection, size: int) -> Call:
    if subject.is_write:
        return Call(f"{PREFIX}/write?bytes={size}", fields={"rating": "3"})
    path = f"{PREFIX}/read?layout={subject.layout}&bytes="
    _, body = connection.exchange(Call(f"{path}0").encoded())
    return Call(f"{path}{max(0, size - len(body))}")


@contextmanager
def _server(settings: Settings, program: Sequence[str]) -> Iterator[int]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    environ = {
        **os.environ,
        "QUIZAPP_DATA_DIR": str(settings.data_dir),
        "QUIZAPP_DATABASE_URL": settings.database_url,
        "QUIZAPP_SECRET_KEY": settings.secret_key,
    }
    log = settings.data_dir / "server.log"
    with log.open("wb") as errors:
        command = [sys.executable, *program, str(port)]
        server = subprocess.Popen(command, cwd=_ROOT, env=environ, stderr=errors)
        try:
            _wait(server, port, log)
            yield port
        finally:
            server.terminate()
            server.wait(30)


def _wait(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + 30
    while time.monotonic() < end and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"the server did not start: {log.read_text()[-2000:]}")


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    whats = ["server", "pages", "memory", "growth", "anki", "generation", "takers", "plan"]
    parser.add_argument("what", nargs="?", choices=whats, default="server")
    parser.add_argument("--seconds", type=float, default=2.0, help="of each stretch of load (default 2)")
    parser.add_argument("--rounds", type=int, default=5, help="of page and twin in turn (default 5)")
    parser.add_argument("--connections", type=int, default=8, help="kept open at once (default 8)")
    parser.add_argument(
        "--reviews", type=int, default=10_000, help="of the log that memory models read (default 10000)"
    )
    parser.add_argument("--people", type=int, default=1000, help="who take the quiz at first (default 1000)")
    parser.add_argument(
        "--most", type=int, help="people there are at all (default 2500), or reviews that a log grows to (ten millions)"
    )
    parser.add_argument("--environment", type=Path, help="with the anki package, or to make (default: temporary)")
    parser.add_argument("--cards", type=int, nargs="+", default=SIZES, help="of the collections compared with Anki's")
    parser.add_argument("--minutes", type=float, default=3.0, help="that they are measured for (default 3)")
    parser.add_argument("--database", default="", metavar="URL", help="an empty database (default: SQLite, temporary)")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    logging.disable(logging.INFO)  # a server may run in this process
    main()
