"""The administrator's start page, and what is running."""

from __future__ import annotations

import shutil

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from quizapp import __version__
from quizapp.admin.machine import machine
from quizapp.admin.overviews import overview
from quizapp.background.running import running
from quizapp.database import reading
from quizapp.schema import schema_revision
from quizapp.web.access import access, me
from quizapp.web.clock import now
from quizapp.web.settings import settings_in_force

room = Blueprint("admin", __name__)
_LONGEST = 100  # of what anybody looks for


@room.get("/admin")
@access("admin")
def home() -> ResponseReturnValue:
    """Show what waits and how many people there are."""
    return render_template("admin/home.html", found=overview(reading()))


@room.get("/admin/running")
@access("admin")
def what_runs() -> ResponseReturnValue:
    """Show what runs outside requests, and on what."""
    settings = settings_in_force()
    state = running(reading(), now())
    return render_template(
        "admin/running.html",
        found=machine(
            state,
            now(),
            me().zone,
            version=__version__,
            schema=schema_revision(reading().connection()) or "",
            database=reading().get_bind().dialect.name,
            free_bytes=shutil.disk_usage(settings.data_dir).free,
            is_mail_on=settings.mail is not None,
        ),
    )


def asked(name: str) -> str:
    """Return what the address asks for by this name, without what no name contains."""
    return "".join(letter for letter in request.args.get(name, "")[:_LONGEST] if letter.isprintable()).strip()


def place(name: str) -> int | None:
    """Return the number in the address that a page begins at; None where there is none that could be one."""
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None
