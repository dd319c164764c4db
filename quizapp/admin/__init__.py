"""Administration: people, the audit log, privacy requests, what is running.

This room reads, and settles privacy requests. What it changes about an account, `accounts` does: it owns those rules.
"""

from __future__ import annotations

from flask import Flask

from quizapp.admin import audit_views, people_views, privacy_views, views  # noqa: F401  # they add to the blueprint


def init_app(app: Flask) -> None:
    """Add the pages of this room."""
    app.register_blueprint(views.room)
