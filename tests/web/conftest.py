"""What every page shares does not depend on the kind of database: one is enough here."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.scene import Scene, make_scene


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "quizapp.sqlite3"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture(scope="session")
def shared_scene(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with make_scene(sqlite_template, tmp_path_factory.mktemp("scene")) as scene:
        yield scene


@pytest.fixture
def scene(shared_scene: Scene) -> Iterator[Scene]:
    """A site with a row of every kind for a person of every kind, as it was made."""
    shared_scene.restore()
    yield shared_scene
    shared_scene.restore()
