"""Autosave: what stands in the controls of a question, sent by its page while somebody types; answers are JSON."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, request
from werkzeug.exceptions import RequestEntityTooLarge

from quizapp.core.grading import in_words
from quizapp.database import reading, transaction
from quizapp.errors import Conflict, Invalid
from quizapp.quizzes import sittings
from quizapp.quizzes.forms import WorkingForm
from quizapp.quizzes.sittings import OpenQuestion
from quizapp.quizzes.working_answers import Overtaken, keep, take_place
from quizapp.web.access import access, me
from quizapp.web.answers import read_answer
from quizapp.web.clock import now

MOST_BYTES = 64 * 1024  # what a browser sends at most while its page closes


def register(room: Blueprint) -> None:
    """Add this page to the room."""
    room.add_url_rule("/attempts/<uuid:attempt_id>/<int:position>/working", "keep_typed", keep_typed, methods=["POST"])


@access("person")
def keep_typed(attempt_id: uuid.UUID, position: int) -> tuple[dict[str, Any], int]:
    """Keep what is typed and not given; tells when it was saved, or what another page saved or gave instead."""
    if (request.content_length or 0) > MOST_BYTES:
        raise RequestEntityTooLarge
    form, moment = WorkingForm(), now()
    if not form.validate_on_submit():
        sittings.open_question(reading(), me().id, attempt_id, position)  # a stranger's is not found, whatever is sent
        return {"message": "This page is incomplete. Reload it and try again."}, 422
    try:
        with transaction() as session:
            place = take_place(session, me().id, attempt_id, position, moment)
            answer = form.said(read_answer(place.item, request.form), place.rules)
            saved = keep(session, place, form.typed(answer), moment)
    except Invalid as refusal:
        return {"message": refusal.message}, 422
    except Conflict as refusal:
        shown = sittings.open_question(reading(), me().id, attempt_id, position)
        return _refused(shown, refusal), 409
    return {"saved_at": f"{saved.saved_at.astimezone(me().zone):%H:%M:%S}", "revision": saved.revision}, 200


def theirs(shown: OpenQuestion) -> str:
    """Say what is stored of a question, for whoever typed something else."""
    stored = shown.working if shown.working is not None else shown.answer
    return f"There it says “{in_words(shown.item, stored)}”." if stored else "There it was left empty."


def _refused(shown: OpenQuestion, refusal: Conflict) -> dict[str, Any]:
    can_choose = isinstance(refusal, Overtaken) and not shown.is_over
    return {
        "message": f"{refusal.message} {theirs(shown)}" if can_choose else refusal.message,
        "can_choose": can_choose,
        "base_revision": shown.revision,
        "working_revision": shown.working_revision,
    }
