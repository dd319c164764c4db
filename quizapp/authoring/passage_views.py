"""Pasting a passage of one's own, reading it, removing it while nothing rests on it."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.authoring.documents import passage_text
from quizapp.authoring.draft_views import add_rule_drafts
from quizapp.authoring.forms import NEW_TOPIC, PassageForm, topic_choices
from quizapp.authoring.overviews import set_title
from quizapp.authoring.passages import add_passage, delete_passage, known_text, own_topics
from quizapp.authoring.reword_views import show_passage
from quizapp.authoring.views import room
from quizapp.database import reading, transaction
from quizapp.errors import Invalid, NotFound, Unreadable
from quizapp.web.access import access, me
from quizapp.web.clock import now
from quizapp.web.media import takes_files


@room.get("/teach/passages/new")
@access("teacher")
def new_passage() -> ResponseReturnValue:
    """Offer the form for a passage."""
    return _form_page(_form())


@room.post("/teach/passages/new")
@access("teacher")
@takes_files
def add_own_passage() -> ResponseReturnValue:
    """Store the passage; lead back to the set it was wanted for, when one is named."""
    form = _form()
    if not _read_file(form) or not form.validate():
        return _form_page(form), 422
    do = request.form.get("do", "save")
    if do != "again" and (twin := known_text(reading(), me().id, form.text.data or "")):
        return _form_page(form, twin), 422
    try:
        with transaction() as session:
            passage_id = add_passage(
                session,
                me().id,
                heading=form.title,
                text=form.text.data or "",
                note=form.note.data or "",
                submission=form.submission.uuid,
                now=now(),
                topic_id=None if form.topic.data == NEW_TOPIC else int(form.topic.data),
                new_topic=form.new_topic.data or "",
            )
    except Invalid as refusal:
        form.blame(refusal)
        return _form_page(form), 422
    return _draft(passage_id) if do == "drafts" else _leave(passage_id)


@room.get("/teach/passages/<int:passage_id>")
@access("teacher")
def passage(passage_id: int) -> ResponseReturnValue:
    """Show a passage of one's own."""
    return show_passage(passage_id)


@room.post("/teach/passages/<int:passage_id>/delete")
@access("teacher")
def remove_passage(passage_id: int) -> ResponseReturnValue:
    """Delete a passage that no question rests on."""
    with transaction() as session:
        delete_passage(session, passage_id, me().id)
    flash("The passage is deleted.", "right")
    return redirect(url_for("authoring.home"), 303)


def _read_file(form: PassageForm) -> bool:
    """Put the text of a file that was sent into the form, to be seen and mended there; say whether all is well."""
    sent = request.files.get("file")
    if sent and not form.text.data:
        try:
            form.text.data = passage_text(sent.read(), sent.filename or "")
        except Invalid as refusal:
            form.validate()
            form.text.errors = []
            form.blame(refusal)
            return False
    return True


def _leave(passage_id: int) -> ResponseReturnValue:
    flash("Passage saved. Its sentences can be quoted as evidence.", "right")
    if set_id := _wanted_set():
        return redirect(url_for("authoring.item_set", set_id=set_id), 303)
    return redirect(url_for("authoring.passage", passage_id=passage_id), 303)


def _draft(passage_id: int) -> ResponseReturnValue:
    try:
        made = add_rule_drafts(passage_id)
    except Unreadable as refusal:
        flash(f"Passage saved. {refusal.reason}", "due")
        return redirect(url_for("authoring.passage", passage_id=passage_id), 303)
    if not made:
        flash("Passage saved. The rules found nothing to ask in it.", "due")
    return redirect(url_for("authoring.drafts", passage_id=passage_id), 303)


def _form() -> PassageForm:
    form = PassageForm()
    topics = own_topics(reading(), me().id)
    form.topic.choices = topic_choices(topics)
    return form


def _form_page(form: PassageForm, twin: tuple[int, str] | None = None) -> str:
    return render_template("authoring/new_passage.html", form=form, set_id=_wanted_set(), twin=twin)


def _wanted_set() -> int | None:
    set_id = request.args.get("set", None, int)
    if set_id is not None:
        try:
            set_title(reading(), set_id, me().id)
        except NotFound:
            return None
    return set_id
