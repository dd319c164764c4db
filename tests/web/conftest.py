"""What every page shares does not depend on the kind of database: one is enough here."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest


@pytest.fixture
def database_url(sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "quizapp.sqlite3"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"
