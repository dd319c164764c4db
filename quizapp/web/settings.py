"""The settings of the application that runs now."""

from __future__ import annotations

from typing import cast

from flask import Flask, current_app

from quizapp.config import Settings

_EXTENSION = "quizapp.settings"


def init_app(app: Flask, settings: Settings) -> None:
    """Give `app` its settings."""
    app.extensions[_EXTENSION] = settings


def settings_in_force() -> Settings:
    """Return the settings of the application that runs now."""
    return cast(Settings, current_app.extensions[_EXTENSION])
