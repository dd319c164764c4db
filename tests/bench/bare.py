"""The bare twins, and the server of both: `python -m tests.bench.bare PORT` serves pages, and their twins under /bare.

A twin is a Flask page on the same server, database and connections and in the same layout. It reads one row by its key
through SQLAlchemy Core, or commits one INSERT, and answers as many bytes as the page it is compared with. It knows no
sign-in, no tokens, no rules of access and no logs.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache

from flask import Flask, Response, get_flashed_messages, render_template, request, url_for
from jinja2 import StrictUndefined
from markupsafe import Markup
from sqlalchemy import insert, select
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from quizapp.app import create_app
from quizapp.config import Settings, read_settings
from quizapp.database import Database
from quizapp.models import AuditEntry, PassageVersion
from quizapp.serving import run
from quizapp.web import assets
from quizapp.web.rendering import Link, count

PREFIX = "/bare"
_PAGE = """{% extends layout %}
{% block title %}Bare{% endblock %}
{% block main %}<h1>Bare</h1><p>{{ text }}</p>{{ padding }}{% endblock %}
"""
_NAVIGATION = (("Today", "today"), ("Topics", "book"), ("Cards", "cards"), ("Progress", "curve"))


def bench_app(settings: Settings) -> Callable[..., object]:
    """Make the application with its twins beside it, on one engine."""
    app = create_app(settings)
    twins = bare_app(app.extensions["quizapp.database"])
    return DispatcherMiddleware(app.wsgi_app, {PREFIX: twins.wsgi_app})


def bare_app(database: Database) -> Flask:
    """Make the twins: `/read` and `/write`, with `bytes` of padding, and `/process`."""
    app = Flask("quizapp", static_folder=None)
    _furnish(app)
    page = app.jinja_env.from_string(_PAGE)
    reader = database.engine.execution_options(quizapp_reads=True, postgresql_readonly=True)

    @app.get("/read")
    def read() -> str:
        with reader.connect() as connection:
            text = connection.execute(select(PassageVersion.text).where(PassageVersion.id == 1)).scalar_one()
        layout = f"layouts/{request.args['layout']}.html"
        return render_template(page, layout=layout, text=text, padding=_padding(int(request.args["bytes"])))

    @app.post("/write")
    def write() -> Response:
        entry = {"at": datetime.now(UTC), "action": "bench.written", "subject": "bench", "subject_id": "1"}
        with database.engine.begin() as connection:
            connection.execute(insert(AuditEntry).values(**entry, detail={}))
        return Response(_padding(int(request.args["bytes"])), 303, {"Location": PREFIX + "/read"}, mimetype="text/html")

    @app.get("/process")
    def process() -> str:
        return str(os.getpid())

    return app


def _furnish(app: Flask) -> None:
    """Give the layouts what they ask for, without asking who looks."""
    app.add_url_rule("/sign-in", "accounts.sign_in")
    app.add_url_rule("/sign-up", "accounts.sign_up")
    assets.init_app(app)
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.globals.update(count=count, get_flashed_messages=get_flashed_messages, url_for=url_for)
    links = [Link(label, "/", icon, False) for label, icon in _NAVIGATION]
    app.context_processor(lambda: {"viewer": None, "nav": links})
    app.config["SECRET_KEY"] = "k" * 40


@lru_cache
def _padding(size: int) -> Markup:
    return Markup("x" * size)  # noqa: S704  # our own


if __name__ == "__main__":
    used = read_settings(os.environ)
    run(lambda: bench_app(used), "127.0.0.1", int(sys.argv[1]))
