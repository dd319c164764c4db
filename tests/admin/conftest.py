"""An administrator at work."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from quizapp.database import Database
from tests.conftest import Cast
from tests.pages import Visitor


@pytest.fixture
def database(app: Flask) -> Database:
    used: Database = app.extensions["quizapp.database"]
    return used


@pytest.fixture
def ada(visitor: Callable[..., Visitor], cast: Cast) -> Visitor:
    return visitor(cast.admin)
