"""The review of drafts: one a screen beside the passage, each decision a key or a button; published in one step."""

from __future__ import annotations

from typing import cast

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.authoring.drafts import approve, check_again, reject, store_drafts, undo, workshop
from quizapp.authoring.forms import PublishForm
from quizapp.authoring.item_views import Desk, answer_desk, editor_page
from quizapp.authoring.passages import places
from quizapp.authoring.previews import preview
from quizapp.authoring.publishing import Visibility, publish
from quizapp.authoring.queues import (
    REASONS,
    Mark,
    Queue,
    drafted_question,
    gathered,
    provenance,
    queue,
    sentence_place,
)
from quizapp.authoring.views import LARGEST_ID, room
from quizapp.core.linting import lint
from quizapp.database import reading, transaction
from quizapp.errors import Conflict, Invalid, NotFound, Unreadable
from quizapp.web.access import access, me
from quizapp.web.clock import now
from quizapp.web.media import takes_files
from quizapp.web.rendering import count, moment_name


@room.get("/teach/passages/<int:passage_id>/drafts")
@access("teacher")
def drafts(passage_id: int) -> ResponseReturnValue:
    """Show the first draft that waits; without one, or when asked to finish, what there is to publish."""
    shown = queue(reading(), passage_id, me().id)
    if shown.waiting and "finish" not in request.args:
        return _draft_page(shown, shown.waiting[0])
    return _finish_page(shown)


@room.post("/teach/passages/<int:passage_id>/drafts")
@access("teacher")
def make_drafts(passage_id: int) -> ResponseReturnValue:
    """Make drafts of the passage, or more of them."""
    try:
        made = add_rule_drafts(passage_id)
    except Unreadable as refusal:
        return _finish_page(queue(reading(), passage_id, me().id), refusal.reason), 422
    if not made:
        flash("The rules found nothing more to ask in this passage.", "due")
    return redirect(url_for("authoring.drafts", passage_id=passage_id, finish=None if made else 1), 303)


@room.get("/teach/passages/<int:passage_id>/drafts/<int:item_id>")
@access("teacher")
def draft(passage_id: int, item_id: int) -> ResponseReturnValue:
    """Show one draft, decided or not."""
    shown = queue(reading(), passage_id, me().id)
    return _draft_page(shown, _mark(shown, item_id))


@room.post("/teach/passages/<int:passage_id>/drafts/<int:item_id>")
@access("teacher")
def decide(passage_id: int, item_id: int) -> ResponseReturnValue:
    """Approve, reject for a reason, or take a decision back; lead on to the next draft that waits."""
    do = request.form.get("do", "")
    action, _, reason = do.partition("-")
    try:
        with transaction() as session:
            if action == "approve":
                approve(session, passage_id, [item_id], me().id, now())
            elif action == "reject":
                reject(session, passage_id, item_id, me().id, reason, now())
            elif action == "undo":
                undo(session, passage_id, item_id, me().id)
            else:
                raise NotFound
    except Conflict as refusal:
        shown = queue(reading(), passage_id, me().id)
        return _draft_page(shown, _mark(shown, item_id), refusal.message), 422
    if action == "undo":
        return redirect(url_for("authoring.draft", passage_id=passage_id, item_id=item_id), 303)
    shown = queue(reading(), passage_id, me().id)
    following = shown.after(_mark(shown, item_id).number)
    if following is None:
        return redirect(url_for("authoring.drafts", passage_id=passage_id, finish=1, decided=item_id), 303)
    address = url_for("authoring.draft", passage_id=passage_id, item_id=following.item_id, decided=item_id)
    return redirect(address, 303)


@room.post("/teach/passages/<int:passage_id>/drafts/approve")
@access("teacher")
def approve_drafts(passage_id: int) -> ResponseReturnValue:
    """Approve all that wait and in which nothing was found."""
    clean = queue(reading(), passage_id, me().id).clean
    if clean:
        with transaction() as session:
            approve(session, passage_id, [mark.item_id for mark in clean], me().id, now())
        flash(f"{count(len(clean), 'draft is', 'drafts are')} approved.", "right")
    return redirect(url_for("authoring.drafts", passage_id=passage_id), 303)


@room.post("/teach/passages/<int:passage_id>/drafts/publish")
@access("teacher")
def publish_drafts(passage_id: int) -> ResponseReturnValue:
    """Publish the set that approved drafts gathered in."""
    shown = queue(reading(), passage_id, me().id)
    found = gathered(reading(), shown, me().id)
    form = PublishForm()
    if found is None:
        raise NotFound
    if not form.validate():
        return _finish_page(shown, form=form), 422
    try:
        with transaction() as session:
            publish(session, found.set_id, me().id, cast(Visibility, form.visibility.data), now())
    except Invalid as refusal:
        form.blame(refusal)
        return _finish_page(shown, form=form), 422
    flash("Published. Send the address to those who should take it.", "right")
    return redirect(url_for("authoring.item_set", set_id=found.set_id), 303)


@room.get("/teach/passages/<int:passage_id>/drafts/<int:item_id>/edit")
@access("teacher")
def edit_draft(passage_id: int, item_id: int) -> ResponseReturnValue:
    """Offer the editor for a draft, its passage beside it."""
    return editor_page(_desk(passage_id, item_id))


@room.post("/teach/passages/<int:passage_id>/drafts/<int:item_id>/edit")
@access("teacher")
@takes_files
def save_draft(passage_id: int, item_id: int) -> ResponseReturnValue:
    """Preview, check or save what was edited."""
    return answer_desk(_desk(passage_id, item_id))


def add_rule_drafts(passage_id: int) -> int:
    """Make drafts by rule outside of any transaction, store them, and return how many are new. Raises Unreadable."""
    made_from = workshop(reading(), passage_id, me().id)
    made = made_from.drafts()
    with transaction() as session:
        return store_drafts(session, made_from, me().id, made.drafts, now(), maker="rules")


def _desk(passage_id: int, item_id: int) -> Desk:
    session = reading()
    shown = queue(session, passage_id, me().id)
    question = drafted_question(session, shown, item_id, me().id)
    if question.status != "draft":
        raise NotFound
    return Desk(
        0, shown.heading, question.content.kind, question, places(session, me().id),
        draft_of=passage_id, then=check_again,
    )  # fmt: skip


def _mark(shown: Queue, item_id: int) -> Mark:
    found = next((mark for mark in shown.marks if mark.item_id == item_id), None)
    if found is None:
        raise NotFound
    return found


def _draft_page(shown: Queue, mark: Mark, refusal: str = "") -> str:
    session = reading()
    question = drafted_question(session, shown, mark.item_id, me().id)
    item = question.content
    spans = [
        (evidence.start, evidence.start + len(evidence.quote))
        for evidence in item.evidence
        if evidence.start is not None
    ]
    made_by = provenance(session, mark.item_id)
    return render_template(
        "authoring/draft.html",
        queue=shown,
        draft=mark,
        question=question,
        view=preview(item, shown.text, shown.note),
        place=sentence_place(shown.text, spans),
        findings=lint(item, shown.text),
        made_by=made_by,
        reasons=REASONS,
        refusal=refusal,
        decided=_decided(shown),
        decided_at=moment_name(made_by.decided_at, now(), me().zone) if made_by and made_by.decided_at else "",
        following=shown.after(mark.number),
    )


def _finish_page(shown: Queue, refusal: str = "", form: PublishForm | None = None) -> str:
    return render_template(
        "authoring/drafts.html",
        queue=shown,
        gathered=gathered(reading(), shown, me().id),
        form=form or PublishForm(formdata=None, data={"visibility": "link"}),
        refusal=refusal,
        decided=_decided(shown),
    )


def _decided(shown: Queue) -> Mark | None:
    """Return the draft that was decided on just before, to offer undoing it."""
    item_id = request.args.get("decided", 0, int)
    known = {mark.item_id: mark for mark in shown.marks if mark.decision}
    return known.get(item_id) if 0 < item_id < LARGEST_ID else None
