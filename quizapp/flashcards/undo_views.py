"""Taking back, one step after the other: ratings, and choices about cards."""

from __future__ import annotations

import uuid

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.core.memory.model import Rating
from quizapp.database import reading, transaction
from quizapp.errors import Conflict
from quizapp.flashcards.card_lists import named_cards
from quizapp.flashcards.changes import CHANGES, OPPOSITES
from quizapp.flashcards.forms import INCOMPLETE, card_name
from quizapp.flashcards.scopes import scope
from quizapp.flashcards.sessions import rating_given
from quizapp.flashcards.undoing import forget, last_choice
from quizapp.flashcards.views import room
from quizapp.learning import corrections
from quizapp.web.access import access, local_path, me
from quizapp.web.clock import now


@room.post("/cards/undo")
@access("person")
def undo() -> ResponseReturnValue:
    """Take a rating back and return to its card."""
    review_id, person_id, moment = _review_id(), me().id, now()
    rating = rating_given(reading(), person_id, review_id)
    try:
        with transaction() as session:
            # One id for all requests to take this rating back, so that two clicks are one.
            void_id = uuid.uuid5(review_id, "taken back")
            key = corrections.undo(session, person_id, review_id, void_id=void_id, now=moment)
    except Conflict as refusal:
        flash(refusal.message, "due")
        return redirect(url_for(".review", **scope().args), 303)
    _tell(f"{Rating(rating or Rating.AGAIN).name.capitalize()} taken back", (key,))
    return redirect(url_for(".review", card=card_name(key), **scope().args), 303)


@room.post("/cards/undo-change")
@access("person")
def undo_change() -> ResponseReturnValue:
    """Take back the last choice about cards; one that was taken back already stays so."""
    choice, moment = last_choice(now()), now()
    place = url_for(".review", **scope().args)
    if choice and choice.id == request.form.get("choice"):
        with transaction() as session:
            CHANGES[OPPOSITES[choice.what]](session, me(), choice.keys, moment)
        forget(choice)
        _tell(f"Taken back: {choice.name}", choice.keys)
        if len(choice.keys) == 1:
            place = url_for(".review", card=card_name(choice.keys[0]), **scope().args)
    return redirect(local_path(request.args.get("next"), place), 303)


def _tell(what: str, keys: tuple[tuple[int, int], ...]) -> None:
    flash(f"{what}, {named_cards(reading(), me().id, keys)}.", "right")


def _review_id() -> uuid.UUID:
    try:
        return uuid.UUID(request.form.get("review_id", ""))
    except ValueError as error:
        raise INCOMPLETE from error
