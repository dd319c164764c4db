"""Quizzes: building practice, taking an attempt, and reviewing it with its evidence."""

from flask import Flask

from quizapp.quizzes.attempt_views import room
from quizapp.quizzes.building_views import register

register(room)


def init_app(app: Flask) -> None:
    """Add the pages of this room."""
    app.register_blueprint(room)
