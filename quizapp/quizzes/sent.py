"""What the page of a question sent: whether it is whole, and what stood in its controls."""

from __future__ import annotations

from typing import Any

from flask import request

from quizapp.quizzes.sittings import OpenQuestion
from quizapp.web.answers import typed_answer


def missing_of(shown: OpenQuestion, do: str, answer: dict[str, Any] | None) -> str:
    """Say what an answer lacks to be given; empty when nothing."""
    is_checked = do == "check" and shown.sitting.is_at_once
    if answer is None:
        return _nothing_given(shown) if is_checked else ""
    if shown.asks_certainty and "certainty" not in answer:
        return "Say how sure you are, too."
    if is_checked and shown.wrong_tries and _bare(answer) == _bare(shown.answer):
        return "You have tried this answer. Change it first, or look at the right one."
    return ""


def form_answer(shown: OpenQuestion, stored: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return what stood in the controls of a page that is shown again."""
    sent = typed_answer(shown.item, request.form)
    certainty = request.form.get("certainty", "")
    return {**(sent or stored or {}), "certainty": certainty} if certainty else sent or stored


def _bare(answer: dict[str, Any] | None) -> dict[str, Any]:
    return {name: value for name, value in (answer or {}).items() if name != "certainty"}


def _nothing_given(shown: OpenQuestion) -> str:
    if shown.item.kind in ("short_answer", "numeric", "cloze", "essay"):
        return "Type an answer first, or press “I don’t know”."
    if shown.item.kind == "matching":
        return "Choose at least one answer first, or press “I don’t know”."
    if shown.item.kind == "flashcard":
        return "Say how well you recalled it."
    return "Choose an answer first, or press “I don’t know”."
