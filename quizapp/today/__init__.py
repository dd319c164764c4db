"""The start page: what Quizapp is for a visitor, what today asks of a person."""

from __future__ import annotations

from flask import Flask

from quizapp.today.views import room


def init_app(app: Flask) -> None:
    """Add the pages of this room."""
    app.register_blueprint(room)
