"""“I was right” through a teacher's pages: the list, and the answer."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.database import reading, transaction
from quizapp.errors import Conflict
from quizapp.marking.claims import answer_claim
from quizapp.marking.claims import claims as claim_list
from quizapp.marking.forms import ReplyForm
from quizapp.marking.taken import taken
from quizapp.marking.views import room
from quizapp.web.access import access, me
from quizapp.web.clock import now
from quizapp.web.rendering import moment_name


@room.get("/teach/sets/<int:set_id>/objections")
@access("teacher")
def claims(set_id: int) -> ResponseReturnValue:
    """List what learners say of marks that they got; after one was accepted, offer to count it for everybody."""
    of = taken(reading(), set_id, me().id)
    place = request.args.get("accepted", "")
    accepted = next(iter(claim_list(reading(), of, answered=place)), None) if place else None
    found = claim_list(reading(), of)
    moments = {claim.place: moment_name(claim.claimed_at, now(), me().zone) for claim in found}
    return render_template(
        "marking/claims.html", of=of, claims=found, moments=moments, accepted=accepted, form=ReplyForm()
    )


@room.post("/teach/sets/<int:set_id>/objections/<int:item_id>/<int:learner_id>/<int:number>")
@access("teacher")
def settle_claim(set_id: int, item_id: int, learner_id: int, number: int) -> ResponseReturnValue:
    """Accept what a learner says, or decline it with a word."""
    of = taken(reading(), set_id, me().id)
    key = learner_id, number, item_id
    verdict = "accepted" if request.form.get("verdict") == "accepted" else "declined"
    form = ReplyForm()
    if not form.validate():
        flash("A word of at most 500 letters, please. Nothing was decided yet.", "wrong")
        return redirect(url_for("marking.claims", set_id=set_id), 303)
    try:
        with transaction() as session:
            answer_claim(session, of, key, verdict, form.reply.data or "", teacher_id=me().id, now=now())
    except Conflict as refusal:
        flash(refusal.message, "due")
        return redirect(url_for("marking.claims", set_id=set_id), 303)
    if verdict == "declined":
        flash("Declined. The mark stays, and the learner reads your word.", "right")
        return redirect(url_for("marking.claims", set_id=set_id), 303)
    flash("Accepted: this answer has full marks now.", "right")
    return redirect(url_for("marking.claims", set_id=set_id, accepted=f"{item_id}.{learner_id}.{number}"), 303)
