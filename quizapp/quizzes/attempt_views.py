"""Pages of one attempt: a question, the overview before finishing, the review, and the list of mine."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from quizapp.database import reading, transaction
from quizapp.errors import Conflict, Invalid
from quizapp.learning.tries import hints_after
from quizapp.quizzes import attempts, finishing, responses, reviewing, sittings
from quizapp.quizzes.claims import may_claim
from quizapp.quizzes.clock_views import time_left
from quizapp.quizzes.forms import AnswerForm, StartForm
from quizapp.quizzes.part_views import by_part, part_view
from quizapp.quizzes.results import (
    again_in_words,
    band_text,
    by_section,
    by_topic,
    calibration,
    headline,
    later_in_words,
    listed,
    marks_in_words,
    returns_in_words,
    said_of,
    tries_in_words,
)
from quizapp.quizzes.sent import form_answer, missing_of
from quizapp.quizzes.sittings import OpenQuestion
from quizapp.quizzes.working_answers import Overtaken, Typed, keep_working_answer
from quizapp.quizzes.working_views import theirs
from quizapp.web.access import access, me
from quizapp.web.answered import answered_view
from quizapp.web.answers import read_answer
from quizapp.web.clock import now
from quizapp.web.evidence import evidence_views
from quizapp.web.flags import flag_views
from quizapp.web.questions import CERTAINTY_NAMES, SELF_RATINGS, question_view
from quizapp.web.rendering import moment_name

room = Blueprint("quizzes", __name__)

Answer = str | tuple[str, int] | Response
_LONGEST_MILLISECONDS = 24 * 3600 * 1000
_STAYING = ("passage", "move", "flag", "unflag")  # buttons that lead back to the question


@room.get("/attempts", endpoint="attempts")
@access("person")
def index() -> Answer:
    """List my attempts: go on, review, abandon."""
    before = _moment(request.args.get("before"))
    found = sittings.my_sittings(reading(), me().id, before)
    return render_template("quizzes/attempts.html", page=listed(found, me().zone, now()), start=StartForm())


@room.get("/attempts/<uuid:attempt_id>")
@access("person")
def attempt(attempt_id: uuid.UUID) -> Answer:
    """Go on where this attempt was left, or to its review when it is finished."""
    session = reading()
    found = sittings.sitting(session, me().id, attempt_id)
    if found.is_over(now()):
        return redirect(url_for("quizzes.review", attempt_id=attempt_id), 303)
    position = found.reached
    if not found.rules.is_forward_only:
        place = sittings.place_to_go_on(session, me().id, attempt_id)
        position = place if found.is_open_at(place) else position
    return redirect(url_for("quizzes.question", attempt_id=attempt_id, position=position), 303)


@room.get("/attempts/<uuid:attempt_id>/<int:position>")
@access("person")
def question(attempt_id: uuid.UUID, position: int) -> Answer:
    """Show one question: to be answered, or with its feedback where that has been earned."""
    shown = sittings.open_question(reading(), me().id, attempt_id, position)
    if shown.sitting.is_over(now()):
        return redirect(url_for("quizzes.review", attempt_id=attempt_id) + f"#question-{position}", 303)
    if not shown.sitting.is_open_at(position):
        return redirect(_reached(shown), 303)
    return _question_page(shown)


@room.post("/attempts/<uuid:attempt_id>/<int:position>")
@access("person")
def respond(attempt_id: uuid.UUID, position: int) -> Answer:
    """Take an answer; every button of the question page comes here and loses nothing."""
    shown = sittings.open_question(reading(), me().id, attempt_id, position)
    form = AnswerForm()
    do = "move" if "move" in request.form else request.form.get("do", "check")
    if elsewhere := _passing(shown, do):
        return redirect(elsewhere, 303)
    try:
        answer = _answer_of(shown, form, do)
    except Invalid as refusal:
        return _question_page(shown, error=refusal.message, status=422)
    try:
        _store(shown, form, do, answer)
    except Conflict as refusal:
        stored = sittings.open_question(reading(), me().id, attempt_id, position)
        if isinstance(refusal, Overtaken) and not stored.is_over:
            return _question_page(stored, status=409, overtaken=refusal.message)
        flash(refusal.message, "wrong")
        return redirect(url_for("quizzes.question", attempt_id=attempt_id, position=position), 303)
    return redirect(_after(shown, do), 303)


@room.get("/attempts/<uuid:attempt_id>/finish")
@access("person")
def overview(attempt_id: uuid.UUID) -> Answer:
    """Show what is answered and what is not, before finishing."""
    session = reading()
    found = sittings.sitting(session, me().id, attempt_id)
    if found.is_over(now()):
        return redirect(url_for("quizzes.review", attempt_id=attempt_id), 303)
    places = sittings.places(session, me().id, found)
    typed = [place for place in places if place.is_typed]
    asks = found.is_at_once and bool(typed)  # elsewhere finishing gives what is typed
    return render_template(
        "quizzes/overview.html",
        clock=time_left(found),
        sitting=found,
        parts=by_part(found, places, lambda place: place.position),
        open=sum(place.is_open for place in places),
        open_here=sum(place.is_open and found.is_open_at(place.position) for place in places),
        typed=len(typed),
        is_asked=asks,
        undone=sittings.undone(found, places, asks=asks),
        tried=sum(place.is_tried for place in places),
    )


@room.post("/attempts/<uuid:attempt_id>/finish")
@access("person")
def finish(attempt_id: uuid.UUID) -> Answer:
    """Close the attempt, then work out its marks; either may come twice. What is typed and not given is never lost."""
    gives_typed = {"give": True, "drop": False}.get(request.form.get("typed", ""))
    try:
        with transaction() as session:
            finishing.finish(session, me().id, attempt_id, now(), gives_typed=gives_typed)
    except Conflict as refusal:
        flash(refusal.message, "due")
        return redirect(url_for("quizzes.overview", attempt_id=attempt_id), 303)
    with transaction() as session:
        finishing.grade_attempt(session, me().id, attempt_id, now())
    return redirect(url_for("quizzes.review", attempt_id=attempt_id), 303)


@room.post("/attempts/<uuid:attempt_id>/abandon")
@access("person")
def abandon(attempt_id: uuid.UUID) -> Answer:
    """Close the attempt without marks."""
    with transaction() as session:
        finishing.finish(session, me().id, attempt_id, now(), outcome="abandoned")
    flash("Quiz abandoned. It has no marks, and its answers stay in your history.", "right")
    return redirect(url_for("quizzes.attempts"), 303)


@room.get("/attempts/<uuid:attempt_id>/review")
@access("person")
def review(attempt_id: uuid.UUID) -> Answer:
    """Show a finished attempt: results by topic, then every question with its reasons and its evidence."""
    session = reading()
    found = sittings.sitting(session, me().id, attempt_id)
    if not found.is_over(now()):
        return redirect(url_for("quizzes.attempt", attempt_id=attempt_id), 303)
    if not found.is_closed:
        return render_template("quizzes/time_up.html", sitting=found, is_settling=found.is_settling(now()))
    questions = reviewing.reviewed_questions(session, me().id, found)
    is_marked = found.is_graded and "correctness" in found.told
    return render_template(
        "quizzes/review.html",
        sitting=found,
        headline=headline(found, questions),
        topics=by_topic(questions) if "score" in found.told else [],
        calibration=calibration(found, questions) if "correctness" in found.told else [],
        said=said_of(found, questions) if "correctness" in found.told else {},
        marks=marks_in_words(questions),
        later=later_in_words(found),
        band=band_text(found),
        parts=by_part(found, questions, lambda question: question.position),
        sections=by_section(found, questions) if "score" in found.told else [],
        questions=questions,
        flags=flag_views(session, me().id, [question.version_id for question in questions if question.is_answered]),
        missed=len(reviewing.missed_item_ids(session, me().id, attempt_id)) if is_marked else 0,
        start=StartForm(),
    )


def _store(shown: OpenQuestion, form: AnswerForm, do: str, answer: dict[str, Any] | None) -> None:
    attempt_id, position, person_id = shown.sitting.id, shown.position, me().id
    is_unsure = shown.asks_certainty and "certainty" not in (answer or {})
    is_given = do in ("check", "skip") or not (shown.sitting.is_at_once or do in _STAYING or (answer and is_unsure))
    given = responses.Given(
        form.submission_id.uuid,
        None if do == "skip" else answer,
        form.base_revision.data or 0,
        _milliseconds(form),
        (answer or {}).get("certainty"),
    )
    with transaction() as session:
        if shown.is_over:
            return
        if do == "passage":
            attempts.look_at_passage(session, person_id, attempt_id, position)
        if is_given and (answer is not None or shown.sitting.is_at_once or shown.answer is not None):
            responses.respond(session, person_id, attempt_id, position, given, now())
        else:
            _keep(session, shown, form.typed(answer))
        if do in ("flag", "unflag"):
            attempts.flag(session, person_id, attempt_id, position, is_flagged=do == "flag")


def _keep(session: Session, shown: OpenQuestion, typed: Typed) -> None:
    try:
        keep_working_answer(session, me().id, shown.sitting.id, shown.position, typed, now())
    except Overtaken:
        if typed.answer is not None:  # an old page with nothing in it has nothing to lose
            raise


def _answer_of(shown: OpenQuestion, form: AnswerForm, do: str) -> dict[str, Any] | None:
    """Return the answer that was sent. Raises Invalid for a broken page, or an answer that is not whole."""
    if not form.validate_on_submit():
        raise Invalid("", "This page was incomplete. Choose your answer again.")
    answer = form.said(read_answer(shown.item, request.form, is_as_shown=do == "check"), shown.sitting.rules)
    if do in ("check", "next") and not shown.is_over and (missing := missing_of(shown, do, answer)):
        raise Invalid("", missing)
    return answer


def _passing(shown: OpenQuestion, do: str) -> str:
    """Return where to go when nothing is to be stored: from a question that is not open, or on from an answered one."""
    if shown.sitting.is_closed:
        return ""
    if not shown.sitting.is_open_at(shown.position):
        return _reached(shown)
    if do == "pass":
        return _on_to_next_part(shown)
    is_on = shown.is_over and do == "next" and shown.sitting.rules.is_forward_only
    return _after(shown, do) if is_on else ""


def _on_to_next_part(shown: OpenQuestion) -> str:
    """Leave a section for good and return the address of the next one's first question."""
    following = shown.sitting.next_part
    if following is None:
        return url_for("quizzes.overview", attempt_id=shown.sitting.id)
    with transaction() as session:
        attempts.pass_on(session, me().id, shown.sitting.id, shown.position)
    return url_for("quizzes.question", attempt_id=shown.sitting.id, position=following.first)


def _reached(shown: OpenQuestion) -> str:
    flash(attempts.PASSED, "due")
    return url_for("quizzes.question", attempt_id=shown.sitting.id, position=shown.sitting.reached)


def _after(shown: OpenQuestion, do: str) -> str:
    attempt_id, position = shown.sitting.id, shown.position
    if shown.sitting.rules.is_forward_only and do == "next":
        with transaction() as session:
            attempts.pass_on(session, me().id, attempt_id, position)
    if do == "leave":
        return url_for("quizzes.attempts")
    if do == "overview":
        return url_for("quizzes.overview", attempt_id=attempt_id)
    if do == "previous":
        return url_for("quizzes.question", attempt_id=attempt_id, position=max(1, position - 1))
    if do in _STAYING:
        anchor = "order" if do == "move" else None
        return url_for("quizzes.question", attempt_id=attempt_id, position=position, _anchor=anchor)
    if do in ("check", "skip") and shown.sitting.is_at_once:  # sent again too: every copy leads to the same feedback
        return url_for("quizzes.question", attempt_id=attempt_id, position=position)
    return next_url(shown)


def next_url(shown: OpenQuestion) -> str:
    """Return the address of what follows a question: the next one, or the overview after the last."""
    if shown.sitting.ends_at(shown.position):
        return url_for("quizzes.overview", attempt_id=shown.sitting.id)
    return url_for("quizzes.question", attempt_id=shown.sitting.id, position=shown.position + 1)


def _question_page(shown: OpenQuestion, error: str = "", status: int = 200, overtaken: str = "") -> tuple[str, int]:
    if shown.is_settled:
        return _answered_page(shown), status
    typed = shown.working if shown.working is not None else shown.answer
    if status != 200:
        typed = form_answer(shown, typed)
    evidence = evidence_views(reading(), [shown.version_id]).get(shown.version_id) if shown.is_open_book else None
    is_asked_for = request.args.get("show") == "1" or request.form.get("do") == "check"
    is_revealed = shown.item.kind == "flashcard" and is_asked_for and not shown.is_held_back
    page = render_template(
        "quizzes/question.html",
        clock=time_left(shown.sitting),
        shown=shown,
        question=question_view(shown.item, shown.option_order, typed),
        form=AnswerForm(formdata=None, base_revision=shown.revision, working_revision=shown.working_revision),
        error=error,
        certainty=(typed or {}).get("certainty", ""),
        certainties=CERTAINTY_NAMES,
        again=again_in_words(shown),
        hints=hints_after(shown.item, shown.wrong_tries),
        overtaken=f"{overtaken} {theirs(shown)}" if overtaken else "",
        pressed=request.form.get("do", "check"),
        saved=f"Saved {moment_name(shown.typed_at, now(), me().zone)}" if shown.working and shown.typed_at else "",
        passage=[(run.text, False) for run in evidence.whole] if evidence else None,
        note=evidence.note if evidence else "",
        back=_back_of(shown) if is_revealed else None,
        ratings=SELF_RATINGS,
        is_last=shown.sitting.ends_at(shown.position),
        section=part_view(shown.sitting, shown.position),
    )
    return page, status


def _answered_page(shown: OpenQuestion) -> str:
    view = answered_view(shown.item, shown.option_order, shown.answer, shown.grade())
    return render_template(
        "quizzes/answered.html",
        clock=time_left(shown.sitting),
        shown=shown,
        question=question_view(shown.item, shown.option_order, shown.answer),
        view=view,
        evidence=evidence_views(reading(), [shown.version_id]).get(shown.version_id),
        flag=flag_views(reading(), me().id, [shown.version_id]).get(shown.version_id),
        returns=returns_in_words(shown, now(), me()),
        tried=tries_in_words(shown),
        claim=_claim_of(shown),
        next_url=next_url(shown),
        is_last=shown.sitting.ends_at(shown.position),
        section=part_view(shown.sitting, shown.position),
    )


def _claim_of(shown: OpenQuestion) -> str:
    if shown.sitting.item_set_id is None and shown.marks and (shown.score or 0) >= 1:
        return "counted"
    if shown.claimed_at is not None:
        return "open"
    return "offered" if shown.answer is not None and may_claim(shown.item, shown.grade().score) else ""


def _back_of(shown: OpenQuestion) -> Any:
    return answered_view(shown.item, shown.option_order, None, shown.grade())


def _milliseconds(form: AnswerForm) -> int | None:
    text = form.milliseconds.data or ""
    return min(int(text), _LONGEST_MILLISECONDS) if text.isdecimal() else None


def _moment(text: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else None
