"""Holes for the scanners to find, on pages below /planted: they are made here and nowhere else."""

from __future__ import annotations

from flask import Blueprint, Flask, redirect, request
from markupsafe import escape
from sqlalchemy import text
from werkzeug.wrappers import Response

from quizapp.database import reading
from quizapp.web.access import RULES, access

PREFIX = "/planted"
_PAGE = """<!doctype html><html lang="en"><head><title>Planted</title></head><body><main><h1>Planted</h1>{}</main>
</body></html>"""
_INDEX = """
<a href="/planted/search?slug=nato-role-in-ukraine">Search</a> <a href="/planted/echo?words=hello">Echo</a>
<a href="/planted/go?to=/topics">Go</a>
<form method="post" action="/planted/note">
  <input type="hidden" name="csrf_token" value="none"><label>Note <input name="note" value="hello"></label>
  <button type="submit">Keep</button>
</form>"""
blueprint = Blueprint("planted", __name__, url_prefix=PREFIX)


def init_app(app: Flask) -> None:
    """Plant the holes, for whom `open_to` says."""
    app.register_blueprint(blueprint)


def open_to(app: Flask, rule: str) -> None:
    """Open the holes to those whom a rule of the site admits, so that whoever finds them came in as such a person."""
    if rule not in RULES:
        raise ValueError(f"no access rule {rule!r}")
    for endpoint, view in app.view_functions.items():
        if endpoint.startswith("planted."):
            setattr(view, "access", rule)  # noqa: B010  # where `access` puts it; views have no such type


@blueprint.get("/")
@access("anyone")
def index() -> str:
    """Lead to the holes, as pages do: by links and a form."""
    return _PAGE.format(_INDEX)


@blueprint.get("/search")
@access("anyone")
def search() -> str:
    """Put what was typed into a statement: SQL injection."""
    statement = f"SELECT title FROM topics WHERE slug = '{request.args.get('slug', '')}'"  # noqa: S608  # the hole
    titles = reading().execute(text(statement.replace(":", r"\:"))).scalars().all()
    return _PAGE.format("".join(f"<p>{escape(title)} is one of the topics here.</p>" for title in titles) * 9)


@blueprint.get("/echo")
@access("anyone")
def echo() -> str:
    """Write what was typed into the page as it is: reflected script."""
    return _PAGE.format(f"<p>You said {request.args.get('words', '')}.</p>")


@blueprint.get("/go")
@access("anyone")
def go() -> Response:
    """Send people wherever the address says: an open redirect."""
    return redirect(request.args.get("to", "/"), 303)


@blueprint.get("/careless")
@access("anyone")
def careless() -> str:
    """Ask without saying what, and need a script that is not there."""
    return _PAGE.format('<input name="words"><script src="/planted/nowhere.js"></script>')


@blueprint.post("/note")
@access("anyone")
def note() -> str:
    """Break on a NUL."""
    if "\x00" in request.form.get("note", ""):
        raise ValueError("embedded null byte")
    return _PAGE.format("<p>Kept.</p>")
