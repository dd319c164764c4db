"""“I was right” through pages: from the feedback of a question, or from the review."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.core.grading import grade
from quizapp.database import reading, transaction
from quizapp.errors import Conflict, NotFound
from quizapp.quizzes import claims, sittings
from quizapp.web.access import access, me
from quizapp.web.clock import now


def register(room: Blueprint) -> None:
    """Add this page to the room."""
    room.post("/attempts/<uuid:attempt_id>/<int:position>/right")(claim)


@access("person")
def claim(attempt_id: uuid.UUID, position: int) -> ResponseReturnValue:
    """Say that an answer marked wrong was right, or take that back."""
    session = reading()
    shown = sittings.open_question(session, me().id, attempt_id, position)
    found = sittings.sitting(session, me().id, attempt_id)
    is_told = "correctness" in found.told if found.is_closed else shown.is_settled
    if not is_told or (not shown.marks and not claims.may_claim(shown.item, grade(shown.item, shown.answer).score)):
        raise NotFound
    do = claims.withdraw if request.form.get("do") == "withdraw" else claims.claim
    try:
        with transaction() as session:
            do(session, me().id, attempt_id, position, now())
    except Conflict as refusal:
        flash(refusal.message, "due")
    if found.is_closed:
        return redirect(url_for("quizzes.review", attempt_id=attempt_id, _anchor=f"question-{position}"), 303)
    return redirect(url_for("quizzes.question", attempt_id=attempt_id, position=position), 303)
