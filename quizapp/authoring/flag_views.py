"""Flags through pages: a learner says what is wrong with a question, and whoever owns it answers."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from flask import flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from quizapp.authoring import flags
from quizapp.authoring.flag_lists import VERDICT_NAMES, flag_page
from quizapp.authoring.flags import Keeper, Verdict, flaggable
from quizapp.authoring.forms import FlagForm
from quizapp.authoring.views import room
from quizapp.database import reading, transaction
from quizapp.errors import NotFound
from quizapp.web.access import access, local_path, me
from quizapp.web.clock import now


def keeper() -> Keeper:
    """Return who looks, as one who looks after questions."""
    return Keeper(me().id, me().role == "admin")


@room.post("/questions/<int:version_id>/flag")
@access("person")
def flag_question(version_id: int) -> ResponseReturnValue:
    """Take what a learner says is wrong and bring them back to where they said it."""
    asked = flaggable(reading(), version_id, me().id)
    form = FlagForm()
    if not form.validate():
        return render_template("authoring/flag.html", form=form, asked=asked, version_id=version_id, back=_back()), 422
    with transaction() as session:
        flags.flag(session, version_id, me().id, form.reason.data or "", form.comment.data or "", now())
    return redirect(_back(), 303)


@room.post("/questions/<int:version_id>/flag/withdraw")
@access("person")
def withdraw_flag(version_id: int) -> ResponseReturnValue:
    """Take a learner's own flag back."""
    with transaction() as session:
        is_taken = flags.withdraw(session, version_id, me().id)
    if not is_taken:
        flash("There was no open flag to take back.", "due")
    return redirect(_back(), 303)


@room.get("/teach/flags")
@access("teacher")
def flag_list() -> ResponseReturnValue:
    """List what learners say is wrong with the questions that the person looks after."""
    page = flag_page(reading(), keeper(), now(), me().zone)
    return render_template("authoring/flags.html", page=page, undo=cookie.pop("settled", None))


@room.post("/teach/flags/<int:item_id>/settle")
@access("teacher")
def settle_flags(item_id: int) -> ResponseReturnValue:
    """Settle all open flags of a question."""
    verdict = request.form.get("verdict")
    if verdict not in VERDICT_NAMES:
        raise NotFound
    moment = now()
    with transaction() as session:
        number = flags.settle(session, item_id, keeper(), cast(Verdict, verdict), moment)
    if number:
        cookie["settled"] = [item_id, moment.isoformat(), VERDICT_NAMES[verdict]]
    else:
        flash("Its flags were settled already.", "due")
    return redirect(url_for("authoring.flag_list"), 303)


@room.post("/teach/flags/<int:item_id>/reopen")
@access("teacher")
def reopen_flags(item_id: int) -> ResponseReturnValue:
    """Open again what was settled together."""
    with transaction() as session:
        number = flags.reopen(session, item_id, keeper(), _settled_at(), now())
    if number:
        flash("Open again.", "right")
    else:
        flash("These flags are open already, or were sent again since.", "due")
    return redirect(url_for("authoring.flag_list", _anchor=f"question-{item_id}" if number else None), 303)


def _back() -> str:
    return local_path(request.form.get("next"), url_for("today.start"))


def _settled_at() -> datetime:
    try:
        moment = datetime.fromisoformat(request.form.get("settled_at", ""))
    except ValueError as error:
        raise NotFound from error
    if moment.tzinfo is None:
        raise NotFound
    return moment
