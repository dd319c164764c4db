"""What the faults strike: a scene on each database, and a PostgreSQL server that may be stopped."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import pytest

from quizapp.database import Database
from tests.conftest import skip_or_fail
from tests.faults.clusters import Cluster, find_programs, running_cluster
from tests.faults.nursery import Nursery
from tests.faults.scene import Scene, fill, populate
from tests.faults.servers import Server, running_server

MakeScene = Callable[..., Scene]
Serving = Callable[..., AbstractContextManager[Server]]
_TEMPLATE = "quizapp_faults"


@pytest.fixture(autouse=True)
def _needs_processes() -> None:
    if not Path("/proc/self/stat").exists():
        skip_or_fail("the workers of a server are found under /proc, which this system has not")


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL server of our own, with a seeded database to copy."""
    programs = find_programs()
    if programs is None:
        skip_or_fail("no PostgreSQL server is installed here (initdb)")
        raise AssertionError
    with running_cluster(programs) as cluster:
        cluster.execute(f"CREATE DATABASE {_TEMPLATE}")
        database = Database(cluster.url(_TEMPLATE))
        fill(database)
        database.engine.dispose()
        yield cluster


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    with Nursery() as nursery:
        yield nursery


@pytest.fixture
def serving(nursery: Nursery) -> Serving:
    """Serve a scene while a block runs: `with serving(scene) as server`, or with a fault of `planted` named second."""
    return partial(running_server, nursery)


@pytest.fixture
def cards(is_long: bool) -> int:
    """How many cards each person has on their schedule; putting them there takes longer than the short form."""
    return 60 if is_long else 10


@pytest.fixture
def make_sqlite_scene(sqlite_template: Path, tmp_path: Path, cards: int) -> MakeScene:
    """Make a scene of a number of people in a new SQLite file."""

    def make(number: int, folder: Path | None = None) -> Scene:
        folder = folder or tmp_path
        path = folder / f"{uuid.uuid4().hex[:8]}.sqlite3"
        shutil.copyfile(sqlite_template, path)
        return populate(tmp_path, f"sqlite:///{path}", number, cards)

    return make


@pytest.fixture
def make_postgresql_scene(cluster: Cluster, tmp_path: Path, cards: int) -> MakeScene:
    """Make a scene of a number of people in a new PostgreSQL database."""

    def make(number: int) -> Scene:
        name = f"scene_{uuid.uuid4().hex[:12]}"
        cluster.execute(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        return populate(tmp_path, cluster.url(name), number, cards)

    return make


@pytest.fixture(params=["sqlite", "postgresql"])
def make_scene(request: pytest.FixtureRequest) -> MakeScene:
    """Make a scene on each kind of database."""
    made: MakeScene = request.getfixturevalue(f"make_{request.param}_scene")
    return made
