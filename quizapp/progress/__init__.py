"""Progress: how each topic stands, what was done, what comes back when."""

from __future__ import annotations

from flask import Flask

from quizapp.progress import plan_views, prediction_views, views  # noqa: F401  # the first two add to the blueprint


def init_app(app: Flask) -> None:
    """Add the pages of this room."""
    app.register_blueprint(views.room)
