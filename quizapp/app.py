"""Put the application together: settings, database, what pages share, rooms."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from quizapp import accounts, admin, authoring, database, flashcards, marking, progress, quizzes, today, topics
from quizapp.config import Settings, read_settings
from quizapp.web import access, addresses, assets, clock, errors, health, hosts, logs, media, rendering
from quizapp.web import settings as app_settings
from quizapp.web.forms import csrf

ROOMS = (accounts, today, topics, quizzes, flashcards, progress, authoring, marking, admin)
_MEGABYTE = 1024 * 1024


def create_app(settings: Settings | None = None, *, now: Callable[[], datetime] | None = None) -> Flask:
    """Make the WSGI application; settings come from the environment unless given, `now` replaces the clock."""
    settings = settings or read_settings(os.environ)
    app = Flask("quizapp", static_folder=None)
    app.config.update(_flask_settings(settings))
    app_settings.init_app(app, settings)
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    logs.init_app(app, settings.log_format)
    addresses.init_app(app)
    database.init_app(app, settings.database_url)
    clock.init_app(app, now)
    hosts.init_app(app)
    media.init_app(app)
    csrf.init_app(app)
    access.init_app(app)
    rendering.init_app(app)
    assets.init_app(app)
    errors.init_app(app)
    health.init_app(app)
    for room in ROOMS:
        room.init_app(app)
    return app


def _flask_settings(settings: Settings) -> dict[str, object]:
    return {
        "SECRET_KEY": settings.secret_key,
        "SESSION_COOKIE_NAME": "__Host-quizapp" if settings.is_secure else "quizapp",
        "SESSION_COOKIE_SECURE": settings.is_secure,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": timedelta(days=90),
        "WTF_CSRF_TIME_LIMIT": None,  # an hour would fail a long quiz
        "MAX_CONTENT_LENGTH": 2 * _MEGABYTE,
        "MAX_FORM_PARTS": 2000,
    }
