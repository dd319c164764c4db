"""Accounts: signing up, in and out, the account page, one-time links."""

from __future__ import annotations

from flask import Flask

from quizapp.accounts import (  # noqa: F401  # the views add to the blueprint
    account_views,
    code_views,
    keeping_views,
    looking_after_views,
    passwords,
    privacy_views,
    views,
)
from quizapp.web.settings import settings_in_force


def init_app(app: Flask) -> None:
    """Add the pages of this room."""
    with app.app_context():
        passwords.warm_up(settings_in_force().password_rounds)
    app.register_blueprint(views.room)
