"""A question after its answer: what was given, what is right, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from quizapp.core.grading import Grade, measure
from quizapp.core.items import (
    Cloze,
    Essay,
    Flashcard,
    Gap,
    Item,
    Matching,
    Media,
    MultipleChoice,
    Numeric,
    Option,
    Ordering,
    ShortAnswer,
    SingleChoice,
    TrueFalse,
    accepted_range,
    as_part,
    key_text,
    split_stem,
)
from quizapp.web.questions import SELF_RATINGS, ClozePart, asked_part, formatted_key, in_order, shown_media
from quizapp.web.rendering import rich


@dataclass(frozen=True)
class AnsweredOption:
    """An option after the answer; `state` as the component `answered` knows it."""

    text: str
    state: str
    reason: str


@dataclass(frozen=True)
class AnsweredRow:
    """A left side with what was matched to it, or an entry as it was placed; `key` is the right side or entry."""

    text: str
    given: str
    key: str
    verdict: str  # right wrong missed


@dataclass(frozen=True)
class AnsweredCriterion:
    """What an essay is marked by, and its levels as (points, words)."""

    text: str
    levels: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Answered:
    """A question after its answer, with the key and the reasons."""

    kind: str
    state: str  # right partly wrong missed; rated for a flashcard; waits for an essay
    key: str
    explanation: Markup
    media: tuple[Media, ...] = ()  # what was kept back before the answer
    share: str = ""  # of the mark, in words, where a part of it was earned
    options: tuple[AnsweredOption, ...] = ()
    parts: tuple[ClozePart, ...] = ()
    rows: tuple[AnsweredRow, ...] = ()
    given: str = ""
    keys: tuple[str, ...] = ()
    reason: str = ""
    also: str = ""  # what else counts as right
    rubric: str = ""
    criteria: tuple[AnsweredCriterion, ...] = ()


def answered_view(item: Item, option_order: Sequence[Any], answer: dict[str, Any] | None, grade: Grade) -> Answered:
    """Return the question as answered: what was given, what is right, and why."""
    whole, item = item, as_part(item, asked_part(item, option_order))
    state = _state(answer, grade)
    view: dict[str, Any] = {
        "kind": item.kind,
        "state": state,
        "key": formatted_key(item),
        "media": shown_media(whole) if item is not whole else (),
        "explanation": rich(item.feedback, item.stem_format),
        "share": _share(grade) if state == "partly" else "",
    }
    answer = answer or {}
    match item:
        case SingleChoice() | MultipleChoice() | TrueFalse():
            view["options"] = tuple(_options(item, option_order, answer))
        case ShortAnswer():
            view |= _typed(str(answer.get("text", "")), state, key_text(item), grade)
        case Numeric():
            number, also = accepted_range(item)
            given = str(answer.get("text", ""))
            view |= {**_typed(given, state, number, grade), "also": also}
            if given and item.unit_credit == 1 and not measure(item, given).unit:
                view["given"] = f"{given} {item.unit}".strip()
        case Cloze():
            view["parts"] = tuple(_cloze_parts(item, answer, grade))
        case Matching():
            view["rows"] = tuple(_matched(item, answer, grade))
        case Ordering():
            view["rows"] = tuple(_ordered(item, answer, grade))
        case Essay():
            view |= {"given": str(answer.get("text", "")), "rubric": item.rubric, "criteria": criteria_view(item)}
        case Flashcard():
            view["given"] = dict(SELF_RATINGS).get(answer.get("rating") or 0, "")
    return Answered(**view)


def criteria_view(item: Essay) -> tuple[AnsweredCriterion, ...]:
    """Return an essay's criteria, the points of their levels in words."""
    return tuple(
        AnsweredCriterion(
            criterion.text,
            tuple(
                (f"{level.points:g} {'point' if level.points == 1 else 'points'}", level.text)
                for level in criterion.levels
            ),
        )
        for criterion in item.criteria
    )


def _state(answer: dict[str, Any] | None, grade: Grade) -> str:
    if answer is None:
        return "missed"
    if grade.score is None:
        return "waits" if grade.waits else "rated"
    return "right" if grade.score >= 1 else "wrong" if grade.score <= 0 else "partly"


def _share(grade: Grade) -> str:
    """Return “2 of 3, 67 % of the mark”; only the mark where parts were chosen rather than filled."""
    share = f"{round(100 * (grade.score or 0.0))}\N{NO-BREAK SPACE}% of the mark"
    parts = [reason for reason in grade.reasons if reason.part.isdecimal()]
    if len(parts) < 2 or any(reason.verdict == "partly" for reason in parts):
        return share
    return f"{sum(reason.verdict == 'right' for reason in parts)} of {len(parts)}, {share}"


def _options(item: Any, order: Sequence[Any], answer: dict[str, Any]) -> list[AnsweredOption]:
    chosen = set(answer.get("choices") or [answer.get("choice")])
    return [
        AnsweredOption(
            rich(option.text, item.stem_format),
            _option_state(option, chosen, item),
            rich(option.feedback, item.stem_format),
        )
        for option in in_order(item.options, order)
    ]


def _option_state(option: Option, chosen: set[Any], item: Item) -> str:
    is_key = option.weight > 0 if isinstance(item, MultipleChoice) else option.weight >= 1
    if option.id in chosen:
        return "chosen_right" if is_key else "partly" if option.weight > 0 else "wrong"
    if is_key:
        return "missed" if isinstance(item, MultipleChoice) and chosen - {None} else "right"
    return "other"


def _typed(given: str, state: str, key: str, grade: Grade) -> dict[str, Any]:
    return {
        "given": given,
        "keys": () if state == "right" and _folded(given) == _folded(key) else (key,),
        "reason": next((part.text for part in grade.reasons if given and part.text != "Right."), ""),
    }


def _cloze_parts(item: Cloze, answer: dict[str, Any], grade: Grade) -> list[ClozePart]:
    values = [*answer.get("gaps", []), *[""] * len(item.gaps)]
    verdicts = {reason.part: reason.verdict for reason in grade.reasons}
    return [
        _gap_part(item.gaps[number - 1], number, values[number - 1], verdicts.get(str(number), "missed"))
        if number
        else ClozePart(rich(run, item.stem_format))
        for run, number in split_stem(item.stem)
    ]


def _gap_part(gap: Gap, number: int, value: str, verdict: str) -> ClozePart:
    given = next((option.text for option in gap.options if option.id == value), value)
    if gap.kind == "choice":
        key = next(option.text for option in gap.options if option.weight == 1)
    else:
        key = next((accepted.text or "" for accepted in gap.accepted if accepted.weight == 1), "")
    return ClozePart(number=number, kind=gap.kind, given=given, key=key, verdict=verdict)


def _matched(item: Matching, answer: dict[str, Any], grade: Grade) -> list[AnsweredRow]:
    pairs = [pair for pair in item.pairs if pair.left is not None]
    given = [*answer.get("matches", []), *[""] * len(pairs)]
    return [
        AnsweredRow(pair.left or "", text, pair.right, reason.verdict)
        for pair, text, reason in zip(pairs, given, grade.reasons, strict=False)
    ]


def _ordered(item: Ordering, answer: dict[str, Any], grade: Grade) -> list[AnsweredRow]:
    given = answer.get("order") or [""] * len(item.order)
    return [
        AnsweredRow(entry, entry, key, reason.verdict)
        for entry, key, reason in zip(given, item.order, grade.reasons, strict=False)
    ]


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
