"""Pages of marking: what waits in a set, one answer after the other, and all answers of one attempt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.database import reading, transaction
from quizapp.errors import NotFound
from quizapp.learning.marks import Mark, Marked
from quizapp.marking.answers import (
    GivenMark,
    MarkedAnswer,
    Place,
    marked_answers,
    marked_questions,
    next_place,
    places,
)
from quizapp.marking.arrivals import Arrival, arrivals
from quizapp.marking.forms import MarkForm, mark_form, score_of
from quizapp.marking.marks import mark_answer, unmark_answer
from quizapp.marking.taken import Taken, taken
from quizapp.web.access import access, me
from quizapp.web.auditing import record
from quizapp.web.clock import now
from quizapp.web.rendering import moment_name

room = Blueprint("marking", __name__)

HIDDEN = "hidden"  # in the address: names are not shown, and stay so from answer to answer


@dataclass(frozen=True)
class MarkLine:
    """A mark in words."""

    id: str
    words: str
    comment: str
    is_standing: bool


@room.get("/teach/sets/<int:set_id>/marking")
@access("teacher")
def questions(set_id: int) -> ResponseReturnValue:
    """List the questions of a set with what waits for a mark."""
    session = reading()
    of = taken(session, set_id, me().id)
    return render_template("marking/questions.html", of=of, questions=marked_questions(session, of))


@room.get("/teach/sets/<int:set_id>/marking/<int:item_id>")
@access("teacher")
def question(set_id: int, item_id: int) -> ResponseReturnValue:
    """Lead to the first answer that waits, or else to the first."""
    session = reading()
    of = taken(session, set_id, me().id)
    row = places(session, of, item_id)
    if not row:
        raise NotFound
    return redirect(_address(of, item_id, next_place(row, None) or row[0]), 303)


@room.get("/teach/sets/<int:set_id>/marking/<int:item_id>/<int:learner_id>/<int:number>")
@access("teacher")
def answer(set_id: int, item_id: int, learner_id: int, number: int) -> ResponseReturnValue:
    """Show one answer with what counts, to be marked."""
    of = taken(reading(), set_id, me().id)
    found = marked_answers(reading(), of, learner_id, number, item_id)[0]
    return _answer_page(of, item_id, found, mark_form(found, is_sent=False))


@room.post("/teach/sets/<int:set_id>/marking/<int:item_id>/<int:learner_id>/<int:number>")
@access("teacher")
def mark(set_id: int, item_id: int, learner_id: int, number: int) -> ResponseReturnValue:
    """Give the answer a mark and go on to the next that waits; where somebody marked it meanwhile, show both."""
    of = taken(reading(), set_id, me().id)
    found = marked_answers(reading(), of, learner_id, number, item_id)[0]
    form = mark_form(found, is_sent=True)
    if not form.validate():
        return _answer_page(of, item_id, found, form), 422
    given = Mark(form.mark_id.uuid, score_of(form, found), form.seen_marks.data or 0, me().id, form.comment.data or "")
    try:
        with transaction() as session:
            mark_answer(session, of, (learner_id, number, item_id), given, now())
    except Marked:
        stored = marked_answers(reading(), of, learner_id, number, item_id)[0]
        return _answer_page(of, item_id, stored, form, is_conflict=True), 409
    row = places(reading(), of, item_id)
    here = _place(row, found)
    following = next_place(row, here)
    if following is None:
        flash("Marked. No other answer to this question waits.", "right")
        return redirect(url_for("marking.questions", set_id=set_id), 303)
    flash("Marked.", "right")
    return redirect(_address(of, item_id, following), 303)


@room.post("/teach/sets/<int:set_id>/marking/<int:item_id>/<int:learner_id>/<int:number>/take-back")
@access("teacher")
def take_back(set_id: int, item_id: int, learner_id: int, number: int) -> ResponseReturnValue:
    """Take a mark back."""
    of = taken(reading(), set_id, me().id)
    found = marked_answers(reading(), of, learner_id, number, item_id)[0]
    named = next((each.id for each in found.marks if str(each.id) == request.form.get("mark_id")), None)
    if named is None:
        flash("There is no such mark any more.", "due")
    else:
        with transaction() as session:
            unmark_answer(session, of, (learner_id, number, item_id), named, teacher_id=me().id, now=now())
        flash("The mark is taken back.", "right")
    return redirect(_address(of, item_id, Place(learner_id, number, False)), 303)


@room.get("/teach/sets/<int:set_id>/attempts/<int:learner_id>/<int:number>")
@access("teacher")
def attempt(set_id: int, learner_id: int, number: int) -> ResponseReturnValue:
    """Show all answers of one attempt with their marks."""
    return _attempt_page(taken(reading(), set_id, me().id), learner_id, number)


@room.post("/teach/sets/<int:set_id>/attempts/<int:learner_id>/<int:number>/log")
@access("teacher")
def attempt_log(set_id: int, learner_id: int, number: int) -> ResponseReturnValue:
    """Show what arrived when, and note in the audit log who looked."""
    of = taken(reading(), set_id, me().id)
    arrived = arrivals(reading(), of, learner_id, number)
    with transaction() as session:
        record(session, me().id, "record.seen", "person", learner_id, now=now(), item_set=set_id, attempt=number)
    return _attempt_page(of, learner_id, number, arrived)


def _attempt_page(of: Taken, learner_id: int, number: int, arrived: Sequence[Arrival] = ()) -> str:
    answers = marked_answers(reading(), of, learner_id, number)
    return render_template(
        "marking/attempt.html",
        of=of,
        answers=answers,
        head=answers[0],
        lines=_lines,
        arrived=[(each.at.astimezone(me().zone), each.words) for each in arrived],
    )


def _answer_page(of: Taken, item_id: int, found: MarkedAnswer, form: MarkForm, *, is_conflict: bool = False) -> str:
    row = places(reading(), of, item_id)
    here = _place(row, found)
    at = row.index(here)
    around = [row[at - 1] if at else None, row[at + 1] if at + 1 < len(row) else None]
    is_hidden = request.args.get("names") == HIDDEN
    return render_template(
        "marking/answer.html",
        of=of,
        item_id=item_id,
        found=found,
        form=form,
        is_conflict=is_conflict,
        mine=_points(score_of(form, found), found) if is_conflict else "",
        theirs=found.mark and _points(found.mark.score, found),
        is_hidden=is_hidden,
        who="" if is_hidden else found.name,
        at=at + 1,
        total=len(row),
        waiting=sum(bool(place.is_waiting) for place in row),
        earlier=_address(of, item_id, around[0]) if around[0] else "",
        later=_address(of, item_id, around[1]) if around[1] else "",
        lines=_lines(found),
        score=_points(found.score, found) if found.score is not None else "",
        here=_address(of, item_id, here),
        other_names=_address(of, item_id, here, names=None if is_hidden else HIDDEN),
    )


def _place(row: Sequence[Place], found: MarkedAnswer) -> Place:
    return next(place for place in row if (place.learner_id, place.number) == (found.learner_id, found.number))


def _address(of: Taken, item_id: int, place: Place, names: str | None = "") -> str:
    shown = request.args.get("names") if names == "" else names
    return url_for(
        "marking.answer", set_id=of.set_id, item_id=item_id, learner_id=place.learner_id, number=place.number,
        names=shown or None,
    )  # fmt: skip


def _lines(found: MarkedAnswer) -> list[MarkLine]:
    return [
        MarkLine(str(given.id), _words(given, found, now()), given.comment, given.is_standing) for given in found.marks
    ]


def _words(given: GivenMark, found: MarkedAnswer, moment: datetime) -> str:
    by = "Regrade" if given.is_regrade else given.by or "Somebody who has left"
    points = _points(given.score, found) if given.score is not None else "does not count"
    when = moment_name(given.at, moment, me().zone)
    return f"{by}: {points}, {when}" + ("" if given.is_standing else ", no longer in force")


def _points(score: float | None, found: MarkedAnswer) -> str:
    unit = "mark" if found.max_mark == 1 else "marks"
    return f"{round((score or 0.0) * found.max_mark, 2):g} of {found.max_mark:g} {unit}"
