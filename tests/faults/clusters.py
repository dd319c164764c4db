"""A PostgreSQL server of our own in a temporary folder, to be stopped and started at will."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text

from tests.faults.servers import free_port

_SETTINGS = "listen_addresses=127.0.0.1", "max_connections=120", "shared_buffers=64MB"


class Cluster:
    """One server with one superuser, who needs no password."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self.programs = programs
        self.folder = folder
        self.port = free_port()

    def create(self) -> None:
        """Make the cluster's files."""
        self._run("initdb", "-D", "data", "-U", "quizapp", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "-N")

    def start(self) -> None:
        """Start the server; it answers when this returns."""
        options = " ".join(f"-c {setting}" for setting in _SETTINGS)
        self._control("start", "-l", "server.log", "-o", f"-p {self.port} -k '{self.folder}' {options}")

    def stop(self, mode: str) -> None:
        """Stop the server: `fast` ends what is under way, `immediate` is a crash."""
        self._control("stop", "-m", mode)

    @contextmanager
    def kept_running(self) -> Iterator[None]:
        """Start the server again at the end of the block if what happened in it left it stopped."""
        try:
            yield
        finally:
            if not self.is_running:
                self.start()

    @property
    def is_running(self) -> bool:
        """Whether the server runs; an orderly stop and a crash both take its file away."""
        return (self.folder / "data" / "postmaster.pid").exists()

    def url(self, name: str) -> str:
        """Return the address of a database."""
        return f"postgresql+psycopg://quizapp@127.0.0.1:{self.port}/{name}"

    def execute(self, statement: str) -> None:
        """Run a statement that wants no transaction."""
        engine = create_engine(self.url("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def _control(self, *arguments: str) -> None:
        self._run("pg_ctl", "-D", "data", "-w", "-s", *arguments)

    def _run(self, program: str, *arguments: str) -> None:
        # The programs refuse root.
        as_owner = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        command = [*as_owner, str(self.programs / program), *arguments]
        done = subprocess.run(
            command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
            text=True, check=False, timeout=60,
        )  # fmt: skip
        if done.returncode:
            log = self.folder / "server.log"
            raise RuntimeError(f"{program}: {done.stderr} {log.read_text()[-2000:] if log.exists() else ''}")


def find_programs() -> Path | None:
    """Return the folder of the newest PostgreSQL server's programs; None without one."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


@contextmanager
def running_cluster(programs: Path) -> Iterator[Cluster]:
    """Serve a new cluster while the block runs."""
    with tempfile.TemporaryDirectory(prefix="quizapp-faults-") as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
        cluster = Cluster(programs, folder)
        cluster.create()
        cluster.start()
        try:
            yield cluster
        finally:
            if cluster.is_running:
                cluster.stop("immediate")
