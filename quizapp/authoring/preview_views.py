"""A set as others meet it: tried by its teacher with every answer judged and nothing kept, or printed on paper."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from quizapp.authoring.overviews import Question, SetPage, question, set_page
from quizapp.authoring.papers import paper
from quizapp.authoring.previews import preview
from quizapp.authoring.views import room
from quizapp.core.grading import grade
from quizapp.database import reading
from quizapp.errors import Invalid, NotFound
from quizapp.web.access import access, me
from quizapp.web.answered import answered_view
from quizapp.web.answers import read_answer, typed_answer
from quizapp.web.questions import question_view, shuffled_options
from quizapp.web.sections import asked_sections


@room.get("/teach/sets/<int:set_id>/preview")
@access("teacher")
def preview_set(set_id: int) -> ResponseReturnValue:
    """Show one question of the set as a student meets it, or with its answer."""
    page, number, shown = _open(set_id)
    return _asked(page, number, shown, is_key_shown=request.args.get("answer") == "1")


@room.post("/teach/sets/<int:set_id>/preview")
@access("teacher")
def judge_preview(set_id: int) -> ResponseReturnValue:
    """Judge an answer to a question of the set; nothing is written."""
    page, number, shown = _open(set_id)
    item = shown.content
    if item.kind == "flashcard":
        return _asked(page, number, shown, is_key_shown=True)
    typed = typed_answer(item, request.form, is_as_shown=True)
    if "move" in request.form:
        return _asked(page, number, shown, typed)
    try:
        answer = read_answer(item, request.form, is_as_shown=True)
    except Invalid as refusal:
        return _asked(page, number, shown, typed, error=refusal.message), 422
    if answer is None:
        return _asked(page, number, shown, error="Answer first, or press “Show answer”."), 422
    order = _order(shown)
    return render_template(
        "authoring/judged.html",
        page=page,
        number=number,
        question=question_view(item, order, answer),
        answered=answered_view(item, order, answer, grade(item, answer)),
        view=preview(item, shown.text, shown.note),
    )


@room.get("/teach/sets/<int:set_id>/print")
@access("teacher")
def print_set(set_id: int) -> ResponseReturnValue:
    """Show the set as a paper quiz, its key on a page of its own."""
    session = reading()
    page = set_page(session, set_id, me().id)
    asked = asked_sections(session, set_id, me().id, page.rules)
    sections = paper(session, set_id, asked)
    if not sections:
        raise NotFound
    has_pool = any(section.pool for section in asked)
    return render_template("authoring/print.html", page=page, sections=sections, has_pool=has_pool)


def _open(set_id: int) -> tuple[SetPage, int, Question]:
    session = reading()
    page = set_page(session, set_id, me().id)
    if not page.questions:
        raise NotFound
    number = min(max(request.args.get("question", 1, int), 1), len(page.questions))
    return page, number, question(session, set_id, page.questions[number - 1].item_id, me().id)


def _order(shown: Question) -> list[Any]:
    """Return an order of the options that stays the same from page to page; a card is asked front first."""
    return [] if shown.content.kind == "flashcard" else shuffled_options(shown.content, f"preview-{shown.item_id}")


def _asked(
    page: SetPage,
    number: int,
    shown: Question,
    typed: dict[str, Any] | None = None,
    *,
    is_key_shown: bool = False,
    error: str = "",
) -> str:
    return render_template(
        "authoring/preview.html",
        page=page,
        number=number,
        question=question_view(shown.content, _order(shown), typed),
        view=preview(shown.content, shown.text, shown.note),
        is_answered=is_key_shown,
        error=error,
    )
