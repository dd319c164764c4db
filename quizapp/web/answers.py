"""Answers as forms carry them: one truth for quiz, card and preview, both ways."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import MultiDict

from quizapp.core.grading import check_answer
from quizapp.core.items import (
    Cloze,
    Essay,
    Flashcard,
    Item,
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    ShortAnswer,
    SingleChoice,
    TrueFalse,
)


def read_answer(item: Item, form: MultiDict[str, str], *, is_as_shown: bool = False) -> dict[str, Any] | None:
    """Return the answer that a form carries; None when nothing was chosen or typed. Raises Invalid for a broken one.

    An order that nobody touched is no answer, unless `is_as_shown` says that it is meant as it stands.
    """
    answer = typed_answer(item, form, is_as_shown=is_as_shown)
    if answer is not None:
        check_answer(item, answer)
    return answer


def typed_answer(item: Item, form: MultiDict[str, str], *, is_as_shown: bool = False) -> dict[str, Any] | None:  # noqa: PLR0911  # one line a kind
    """Return what a form carries as it was typed, broken or not, so that a page can show it again."""
    match item:
        case SingleChoice() | TrueFalse():
            choice = form.get("choice", "")
            return {"choice": choice} if choice else None
        case MultipleChoice():
            choices = form.getlist("choice")
            return {"choices": sorted(set(choices))} if choices else None
        case ShortAnswer() | Numeric() | Essay():
            text = form.get("text", "").strip().replace("\r\n", "\n")  # as browsers send the end of a line
            return {"text": text} if text else None
        case Cloze():
            return _filled("gaps", [form.get(f"gap-{number}", "").strip() for number in _numbers(item.gaps)])
        case Matching():
            lefts = [pair for pair in item.pairs if pair.left is not None]
            rights = [pair.right for pair in item.pairs]
            return _filled(
                "matches", [_as_written(form.get(f"match-{number}", ""), rights) for number in _numbers(lefts)]
            )
        case Ordering():
            return _order(item, form, is_as_shown=is_as_shown)
        case Flashcard():
            rating = form.get("choice", "")
            return {"rating": int(rating)} if rating.isascii() and rating.isdecimal() else None
    return None


def answer_fields(answer: dict[str, Any] | None) -> dict[str, Any]:
    """Return the form fields that carry an answer, as `read_answer` reads them."""
    if not answer:
        return {}
    for part, field in (("gaps", "gap"), ("matches", "match"), ("order", "order")):
        if part in answer:
            fields = {f"{field}-{number}": text for number, text in enumerate(answer[part], start=1)}
            return fields | {"is_ordered": "yes"} if part == "order" else fields
    if "text" in answer:
        return {"text": answer["text"]}
    return {"choice": answer.get("choices", answer.get("choice", answer.get("rating")))}


def _numbers(parts: Any) -> range:
    return range(1, len(parts) + 1)


def _filled(name: str, values: list[str]) -> dict[str, Any] | None:
    return {name: values} if any(values) else None


def _as_written(sent: str, texts: Any) -> str:
    """Return which of the texts was sent; a browser changes line breaks on the way."""
    return next((text for text in texts if text.split() == sent.split()), sent.strip())


def _order(item: Ordering, form: MultiDict[str, str], *, is_as_shown: bool) -> dict[str, Any] | None:
    order = [_as_written(form.get(f"order-{number}", ""), item.order) for number in _numbers(item.order)]
    direction, _, place = form.get("move", "").partition("-")
    is_touched = bool(direction or form.get("is_ordered"))
    if not any(order) or not (is_touched or is_as_shown):
        return None
    at = int(place) - 1 if place.isascii() and place.isdecimal() and len(place) < 4 else -1
    to = at + {"up": -1, "down": 1}.get(direction, 0)
    if 0 <= at < len(order) and 0 <= to < len(order):
        order[at], order[to] = order[to], order[at]
    return {"order": order}
