"""Progress: how each topic stands, what was done, what comes back when."""

from __future__ import annotations

from flask import Flask

from quizapp.progress.views import room


def init_app(app: Flask) -> None:
    """Add the pages of this room."""
    app.register_blueprint(room)
