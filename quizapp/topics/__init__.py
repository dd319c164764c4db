"""Topics and question sets for those who read and take them."""

from __future__ import annotations

from flask import Flask

from quizapp.topics import set_views  # noqa: F401  # it adds its pages to the blueprint
from quizapp.topics.views import room


def init_app(app: Flask) -> None:
    """Add the pages of this room."""
    app.register_blueprint(room)
