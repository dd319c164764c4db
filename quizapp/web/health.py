"""Whether this process is alive, and whether it can do its work."""

from __future__ import annotations

from flask import Blueprint, Flask
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from quizapp import __version__
from quizapp.database import reading
from quizapp.web.access import access

room = Blueprint("health", __name__)


@room.get("/healthz")
@access("anyone")
def healthz() -> tuple[dict[str, str], int]:
    """Answer 200 when the database answers, else 503."""
    try:
        reading().execute(text("SELECT 1"))
    except SQLAlchemyError:
        return {"status": "failing", "database": "not answering", "version": __version__}, 503
    return {"status": "ok", "database": "ok", "version": __version__}, 200


@room.get("/livez")
@access("anyone")
def livez() -> dict[str, str]:
    """Answer as long as the process does."""
    return {"status": "ok", "version": __version__}


def init_app(app: Flask) -> None:
    """Add the two pages."""
    app.register_blueprint(room)
