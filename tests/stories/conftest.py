"""What the stories share: questions drawn the same way each time."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from quizapp.quizzes import building_views


@pytest.fixture(autouse=True)
def _same_draw(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building_views, "secrets", SimpleNamespace(randbelow=lambda _limit: 11))
