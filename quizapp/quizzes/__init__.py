"""Quizzes: building practice, taking an attempt, and reviewing it with its evidence."""

from flask import Flask

from quizapp.quizzes import building_views, claim_views, clock_views, trying_views, working_views
from quizapp.quizzes.attempt_views import room

building_views.register(room)
claim_views.register(room)
clock_views.register(room)
trying_views.register(room)
working_views.register(room)


def init_app(app: Flask) -> None:
    """Add the pages of this room."""
    app.register_blueprint(room)
