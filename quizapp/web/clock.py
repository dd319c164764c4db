"""The moment that a request runs at; the only clock that pages and actions know."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import cast

from flask import Flask, current_app

_EXTENSION = "quizapp.clock"


def init_app(app: Flask, clock: Callable[[], datetime] | None) -> None:
    """Give `app` its clock; None is the machine's."""
    app.extensions[_EXTENSION] = clock or _machine_clock


def now() -> datetime:
    """Return the present moment in UTC, to the microsecond."""
    return cast(Callable[[], datetime], current_app.extensions[_EXTENSION])()


def _machine_clock() -> datetime:
    return datetime.now(UTC)
