"""Marking: what no machine marks, what a teacher marks otherwise, what learners say against a mark, regrades."""

from flask import Flask

from quizapp.marking import claim_views, regrade_views  # noqa: F401  # they add their pages to the blueprint
from quizapp.marking.views import room


def init_app(app: Flask) -> None:
    """Add the pages of this room."""
    app.register_blueprint(room)
