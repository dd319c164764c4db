"""What a learner may answer to each kind of item: its shape, and whether anything was answered at all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from quizapp.core.grading.numbers import check_number
from quizapp.core.items import (
    Cloze,
    Description,
    Essay,
    Flashcard,
    Gap,
    Item,
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    ShortAnswer,
    SingleChoice,
    TrueFalse,
)
from quizapp.errors import Invalid

LONGEST_TEXT = 500
LONGEST_ESSAY = 20_000
_RATINGS = (1, 2, 3, 4)


def is_answered(item: Item, answer: Mapping[str, object] | None) -> bool:
    """Say whether the answer holds anything; one filled gap is enough, and a description needs no answer."""
    if isinstance(item, Description):
        return True
    if not answer:
        return False
    return any(_is_filled(value) for value in answer.values())


def check_answer(item: Item, answer: Mapping[str, object] | None) -> None:
    """Raise Invalid when the answer has not the shape of its kind or names an option that the item lacks.

    An empty answer is a valid one, and the only one to a description.
    """
    if not answer:
        return
    field = _answer_field(item)
    if field is None or set(answer) != {field}:
        raise Invalid(field or "", "This answer does not fit the question.")
    value = answer[field]
    match item:
        case SingleChoice() | TrueFalse():
            _check_option({option.id for option in item.options}, value, field)
        case MultipleChoice():
            _check_options({option.id for option in item.options}, value, field)
        case ShortAnswer() | Essay():
            _check_text(value, field, LONGEST_ESSAY if isinstance(item, Essay) else LONGEST_TEXT)
        case Numeric():
            _check_text(value, field)
            check_number(item, str(value))
        case Cloze():
            _check_gaps(item.gaps, value, field)
        case Matching():
            _check_matches(item, value, field)
        case Ordering():
            if not isinstance(value, (list, tuple)) or sorted(map(str, value)) != sorted(item.order):
                raise Invalid(field, "Put each entry of the list in its place once.")
        case Flashcard():
            if type(value) is not int or value not in _RATINGS:
                raise Invalid(field, "A rating is a number from 1 to 4.")


def in_words(item: Item, answer: Mapping[str, Any] | None) -> str:
    """Return an answer as its learner saw it: the words of the options, or what was typed."""
    given = answer or {}
    match item:
        case SingleChoice() | TrueFalse() | MultipleChoice():
            chosen = given.get("choices") or [given.get("choice")]
            return "; ".join(option.text for option in item.options if option.id in chosen)
        case Cloze():
            words = []
            for gap, entry in zip(item.gaps, given.get("gaps") or (), strict=False):
                texts = {option.id: option.text for option in gap.options}
                words.append(texts.get(entry, str(entry or "")))
            return " | ".join(words)
        case Matching():
            lefts = [pair.left for pair in item.pairs if pair.left is not None]
            return "; ".join(
                f"{left} – {right}" for left, right in zip(lefts, given.get("matches") or (), strict=False)
            )
        case Ordering():
            return " → ".join(given.get("order") or ())
    return str(given.get("text", given.get("rating", "")))


def _is_filled(value: object) -> bool:
    if isinstance(value, str):
        return bool(value.strip())
    if isinstance(value, (list, tuple)):
        return any(_is_filled(entry) for entry in value)
    return value is not None


def _answer_field(item: Item) -> str | None:  # noqa: PLR0911  # one line a kind
    match item:
        case SingleChoice() | TrueFalse():
            return "choice"
        case MultipleChoice():
            return "choices"
        case ShortAnswer() | Numeric() | Essay():
            return "text"
        case Cloze():
            return "gaps"
        case Matching():
            return "matches"
        case Ordering():
            return "order"
        case Flashcard():
            return "rating"
    return None


def _check_option(ids: set[str], value: object, field: str) -> None:
    if not isinstance(value, str) or value not in ids:
        raise Invalid(field, "Choose one of the options shown.")


def _check_options(ids: set[str], value: Any, field: str) -> None:
    if not isinstance(value, (list, tuple)):
        raise Invalid(field, "Choose among the options shown.")
    for entry in value:
        _check_option(ids, entry, field)
    if len(set(value)) != len(value):
        raise Invalid(field, "Choose each option once.")


def _check_text(value: object, field: str, longest: int = LONGEST_TEXT) -> None:
    if not isinstance(value, str):
        raise Invalid(field, "Type your answer as text.")
    if len(value) > longest:
        raise Invalid(field, f"Keep your answer under {longest} characters.")
    if any((character < " " and character not in "\t\r\n") or "\ud800" <= character <= "\udfff" for character in value):
        raise Invalid(field, "Your answer holds a character that can't be kept.")


def _check_gaps(gaps: tuple[Gap, ...], value: Any, field: str) -> None:
    if not isinstance(value, (list, tuple)) or len(value) != len(gaps):
        raise Invalid(field, f"This question has {len(gaps)} gaps to fill.")
    for gap, entry in zip(gaps, value, strict=True):
        _check_text(entry, field)
        if gap.kind == "choice" and entry:
            _check_option({option.id for option in gap.options}, entry, field)


def _check_matches(item: Matching, value: Any, field: str) -> None:
    lefts = sum(pair.left is not None for pair in item.pairs)
    if not isinstance(value, (list, tuple)) or len(value) != lefts:
        raise Invalid(field, f"This question has {lefts} entries to match.")
    for entry in value:
        if entry:
            _check_option({pair.right for pair in item.pairs}, entry, field)
