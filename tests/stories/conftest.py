"""What the stories share: questions drawn the same way each time, of every kind."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from quizapp.quizzes import building_views

SEED = 4  # draws many kinds in the student's story


@pytest.fixture(autouse=True)
def _same_draw(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building_views, "secrets", SimpleNamespace(randbelow=lambda _limit: SEED))
