"""Another wording of a passage of one's own, and the questions whose sentence it lost."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.authoring.forms import RewordForm
from quizapp.authoring.passages import PassagePage, passage_page
from quizapp.authoring.rewording import place_evidence, plan_rewording, retire_stale, reword, stale_questions
from quizapp.authoring.views import room
from quizapp.database import reading, transaction
from quizapp.errors import Conflict, Invalid, NotFound
from quizapp.web.access import access, me
from quizapp.web.clock import now
from quizapp.web.rendering import count


@room.get("/teach/passages/<int:passage_id>/edit")
@access("teacher")
def edit_passage(passage_id: int) -> ResponseReturnValue:
    """Offer the passage to be edited."""
    page = passage_page(reading(), passage_id, me().id)
    values = {"heading": page.heading, "text": page.text, "note": page.note, "seen_version": str(page.version_number)}
    return _form_page(page, RewordForm(formdata=None, data=values))


@room.post("/teach/passages/<int:passage_id>/edit")
@access("teacher")
def save_passage(passage_id: int) -> ResponseReturnValue:
    """Store the new wording; lead to what lost its sentence, if anything did."""
    page = passage_page(reading(), passage_id, me().id)
    form = RewordForm()
    if not form.validate():
        return _form_page(page, form), 422
    plan = plan_rewording(reading(), passage_id, me().id, form.text.data or "")
    seen = form.seen_version.data or ""
    try:
        with transaction() as session:
            reword(
                session, plan, me().id, heading=form.title, note=form.note.data or "",
                seen_version=int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 9 else 0, now=now(),
            )  # fmt: skip
    except Conflict as refusal:
        form.seen_version.data = str(passage_page(reading(), passage_id, me().id).version_number)
        form.blame(Invalid("", refusal.message))
        return _form_page(page, form), 409
    if plan.lost:
        flash(f"Passage saved. {count(plan.lost, 'question has', 'questions have')} lost the sentence.", "due")
        return redirect(url_for("authoring.passage", passage_id=passage_id, _anchor="stale"), 303)
    flash("Passage saved. Every question found its sentence again.", "right")
    return redirect(url_for("authoring.passage", passage_id=passage_id), 303)


@room.post("/teach/passages/<int:passage_id>/stale/<int:item_id>")
@access("teacher")
def settle_stale(passage_id: int, item_id: int) -> ResponseReturnValue:
    """Let a question rest on other words of the passage, or retire it."""
    do = request.form.get("do", "")
    if do not in ("place", "retire"):
        raise NotFound
    try:
        with transaction() as session:
            if do == "place":
                place_evidence(session, passage_id, item_id, me().id, request.form.get("quote", ""))
            else:
                retire_stale(session, passage_id, item_id, me().id)
    except (Invalid, Conflict) as refusal:
        return show_passage(passage_id, (item_id, refusal.message)), 422
    flash("The question rests on these words now." if do == "place" else "The question is retired.", "right")
    return redirect(url_for("authoring.passage", passage_id=passage_id), 303)


def show_passage(passage_id: int, refused: tuple[int, str] | None = None) -> str:
    """Show a passage of one's own with the questions whose sentence is gone."""
    page = passage_page(reading(), passage_id, me().id)
    stale = stale_questions(reading(), passage_id, me().id, page.text)
    typed = request.form.get("quote", "") if refused else ""
    return render_template("authoring/passage.html", page=page, stale=stale, refused=refused, typed=typed)


def _form_page(page: PassagePage, form: RewordForm) -> str:
    return render_template("authoring/edit_passage.html", page=page, form=form)
