"""Accounts: signing up, in and out, the account page, one-time links."""

from __future__ import annotations

from typing import cast

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
from quizapp.config import Settings


def init_app(app: Flask) -> None:
    """Add the pages of this room."""
    passwords.warm_up(cast(Settings, app.extensions["quizapp.settings"]).password_rounds)
    app.register_blueprint(views.room)
