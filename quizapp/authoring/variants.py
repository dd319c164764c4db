"""One more answer that counts as right: what learners typed and their teacher agreed to, as a correction."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from quizapp.authoring.editing import check_typed
from quizapp.authoring.items import Source, current_content, current_source
from quizapp.authoring.sets import correct_in_set, held
from quizapp.authoring.views import room
from quizapp.core.items import Accepted, ShortAnswer
from quizapp.database import transaction
from quizapp.errors import Invalid, NotFound
from quizapp.web.access import access, me
from quizapp.web.clock import now


@room.post("/teach/sets/<int:set_id>/items/<int:item_id>/variants")
@access("teacher")
def accept_variant(set_id: int, item_id: int) -> ResponseReturnValue:
    """Accept one more answer to a question, and lead to its regrade."""
    text = " ".join(request.form.get("text", "").split())
    try:
        with transaction() as session:
            accept_in_set(session, set_id, item_id, me().id, text, now())
    except Invalid as refusal:
        flash(refusal.message, "wrong")
        return redirect(url_for("authoring.item", set_id=set_id, item_id=item_id), 303)
    flash(f"“{text}” counts as right from now on. Regrade to count it for those who gave it already.", "right")
    return redirect(url_for("marking.regrade", set_id=set_id, item_id=item_id), 303)


def accept_in_set(session: Session, set_id: int, item_id: int, owner_id: int, text: str, now: datetime) -> None:
    """Let a typed question of the set accept one more answer; one that it accepts already changes nothing.

    Raises NotFound for a question of another kind, Invalid for an answer that can't be marked.
    """
    found, item = held(session, set_id, item_id, owner_id), current_content(session, item_id)
    if not isinstance(item, ShortAnswer):
        raise NotFound
    check_typed(text, "accepted")
    if any((answer.text or "").casefold() == text.casefold() for answer in item.accepted):
        return
    source = current_source(session, found.passage_id) if found.passage_id else Source(found.topic_id)
    wider = replace(item, accepted=(*item.accepted, Accepted(text=text)))
    correct_in_set(session, set_id, item_id, owner_id, wider, source, now)
