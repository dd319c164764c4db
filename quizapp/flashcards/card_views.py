"""All of a learner's cards: the list, and keeping cards out of sessions for good or for today."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask import session as cookie
from flask.typing import ResponseReturnValue

from quizapp.database import reading, transaction
from quizapp.flashcards.card_lists import STATES, card_list
from quizapp.flashcards.forms import read_card_name
from quizapp.flashcards.views import room, scope
from quizapp.learning import cards
from quizapp.learning.cards import Key
from quizapp.learning.learners import learner_of
from quizapp.web.access import access, local_path, me
from quizapp.web.clock import now


@room.get("/cards/browse")
@access("person")
def browse() -> ResponseReturnValue:
    """List the learner's cards."""
    topic = request.args.get("topic", "")
    state = request.args.get("state", "")
    state = state if state in STATES else ""
    found = card_list(
        reading(),
        learner_of(me()),
        now(),
        topic_slug=topic,
        state=state,
        before=_place("before"),
        after=_place("after"),
    )
    return render_template(
        "flashcards/browse.html",
        found=found,
        states=STATES,
        topic=topic,
        state=state,
        list_address=request.full_path.rstrip("?"),
        suspended=cookie.pop("suspended", None),
    )


@room.post("/cards/suspend")
@access("person")
def suspend() -> ResponseReturnValue:
    """Keep a card out of every session until it is resumed."""
    key = read_card_name(request.form.get("card"))
    with transaction() as session:
        cards.suspend(session, me().id, key, now())
    cookie["suspended"] = request.form["card"]
    return redirect(_back(), 303)


@room.post("/cards/resume")
@access("person")
def resume() -> ResponseReturnValue:
    """Let a suspended card come back when it is due."""
    key = read_card_name(request.form.get("card"))
    with transaction() as session:
        cards.resume(session, me().id, key)
    cookie.pop("suspended", None)
    flash("Card resumed.", "right")
    return redirect(_back(), 303)


@room.post("/cards/bury")
@access("person")
def bury() -> ResponseReturnValue:
    """Keep a card out of sessions for the rest of the day."""
    key = read_card_name(request.form.get("card"))
    with transaction() as session:
        cards.bury(session, me().id, key, me().study_day(now()))
    flash("Put off. The card comes back tomorrow.", "right")
    return redirect(_back(), 303)


def _back() -> str:
    return local_path(request.args.get("next"), url_for(".review", **scope().args))


def _place(name: str) -> Key | None:
    text = request.args.get(name)
    return read_card_name(text) if text else None
