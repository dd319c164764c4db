"""All of a learner's cards: the list, and what can be done with cards besides rating them."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.database import reading, transaction
from quizapp.flashcards.card_lists import PAGE_SIZE, STATES, Filters, card_list, named_cards
from quizapp.flashcards.changes import CHANGES, TOLD
from quizapp.flashcards.forms import INCOMPLETE, read_card_name
from quizapp.flashcards.histories import card_history
from quizapp.flashcards.scopes import scope
from quizapp.flashcards.undoing import next_step, remember
from quizapp.flashcards.views import room
from quizapp.learning.cards import Key
from quizapp.learning.learners import learner_of
from quizapp.web.access import access, local_path, me
from quizapp.web.clock import now

_LONGEST_SEARCH = 100  # characters


@room.get("/cards/browse")
@access("person")
def browse() -> ResponseReturnValue:
    """List the learner's cards."""
    filters = _filters()
    found = card_list(
        reading(), learner_of(me()), now(), filters, before=_place("before"), after=_place("after")
    )  # fmt: skip
    return render_template(
        "flashcards/browse.html",
        found=found,
        states=STATES,
        filters=filters,
        list_address=request.full_path.rstrip("?"),
        step=next_step(None, now()),
    )


@room.get("/cards/<card>")
@access("person")
def card(card: str) -> ResponseReturnValue:
    """Show one card of the learner's: where it stands, its reviews and the curve of its recall."""
    return render_template(
        "flashcards/card.html",
        card=card_history(reading(), learner_of(me()), read_card_name(card), now()),
        here=url_for(".card", card=card),
        step=next_step(None, now()),
    )


@room.post("/cards/change")
@access("person")
def change() -> ResponseReturnValue:
    """Suspend, resume, put off or flag one card or several, and say how many."""
    what = request.form.get("do", "")
    names = request.form.get("page", "").split() if "all" in request.form else request.form.getlist("card")
    if what not in TOLD or len(names) > PAGE_SIZE:
        raise INCOMPLETE
    keys = sorted(set(map(read_card_name, names)))
    if not keys:
        flash("Nothing was changed: choose at least one card first.", "due")
        return redirect(_back(), 303)
    with transaction() as session:
        CHANGES[what](session, me(), keys, now())
    remember(what, keys, now())
    flash(f"{TOLD[what]}: {named_cards(reading(), me().id, keys)}.", "right")
    return redirect(_back(), 303)


def _filters() -> Filters:
    state = request.args.get("state", "")
    words = " ".join(request.args.get("q", "").split())[:_LONGEST_SEARCH]
    return Filters(words, request.args.get("topic", ""), state if state in STATES else "")


def _back() -> str:
    return local_path(request.args.get("next"), url_for(".review", **scope().args))


def _place(name: str) -> Key | None:
    text = request.args.get(name)
    return read_card_name(text) if text else None
