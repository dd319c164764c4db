"""Score an answer against its item: a pure function, so that a mark can always be worked out again."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from quizapp.core.grading.grades import Grade, PartReason, Verdict
from quizapp.core.grading.lists import matching_grade, ordering_grade
from quizapp.core.grading.numbers import numeric_grade
from quizapp.core.grading.typed import Likeness, best_match
from quizapp.core.items import (
    Accepted,
    Cloze,
    Essay,
    Gap,
    Item,
    Matching,
    MultipleChoice,
    Numeric,
    Option,
    Ordering,
    ShortAnswer,
    SingleChoice,
    TrueFalse,
)

_POLICIES = ("all_or_nothing", "partial", "right_minus_wrong")


def grade(item: Item, answer: Mapping[str, object] | None, *, policy: str | None = None) -> Grade:  # noqa: PLR0911  # one line a kind
    """Return the grade of an answer; none or an empty one scores 0.

    `policy` replaces the item's own for multiple choice: all_or_nothing; partial, the sum of the weights chosen; or
    right_minus_wrong, the weights of the right ones chosen less 1/number of keys for each wrong one. No policy goes
    below 0. Options that the item lacks, and answers of another shape, earn nothing. An essay waits for a person,
    unless nothing was written; cards and descriptions carry no mark.
    """
    given: Mapping[str, object] = answer or {}
    match item:
        case SingleChoice() | TrueFalse():
            return _choice_grade(item.options, given.get("choice"))
        case MultipleChoice():
            return _choices_grade(item, given.get("choices"), policy or item.choice_policy)
        case ShortAnswer():
            score, reason = _typed_part("1", item.accepted, given.get("text"))
            return Grade(score, True, (reason,))
        case Numeric():
            return numeric_grade(item, given.get("text"))
        case Matching():
            return matching_grade(item, given.get("matches"))
        case Ordering():
            return ordering_grade(item, given.get("order"))
        case Cloze():
            return _cloze_grade(item, given.get("gaps"))
        case Essay():
            text = given.get("text")
            is_written = isinstance(text, str) and text.strip()
            return Grade(None, True, ()) if is_written else Grade(0.0, True, (_unanswered("1"),))
    return Grade(None, False, ())


def _choice_grade(options: tuple[Option, ...], choice: object) -> Grade:
    score, reasons = _choice_parts(options, choice)
    return Grade(score, True, reasons)


def _choice_parts(options: tuple[Option, ...], choice: object) -> tuple[float, tuple[PartReason, ...]]:
    score = 0.0
    reasons = []
    for option in options:
        if option.id == choice:
            score = max(0.0, option.weight)
            reasons.append(PartReason(option.id, *_credit(score)))
        elif option.weight == 1:
            reasons.append(PartReason(option.id, "missed", "This is the answer."))
    return score, tuple(reasons)


def _choices_grade(item: MultipleChoice, choices: Any, policy: str) -> Grade:
    if policy not in _POLICIES:
        raise ValueError(f"there is no choice policy {policy}")
    listed = choices if isinstance(choices, (list, tuple)) else ()
    chosen = {option.id for option in item.options if option.id in listed}
    keys = {option.id for option in item.options if option.weight > 0}
    if policy == "all_or_nothing":
        score = float(chosen == keys)
    elif policy == "right_minus_wrong":
        earned = math.fsum(option.weight for option in item.options if option.id in chosen & keys)
        score = earned - len(chosen - keys) / len(keys)
    else:
        weights = _partial_weights(item.options)
        score = math.fsum(weights[option_id] for option_id in chosen)
    reasons = tuple(
        _choices_reason(option, option.id in chosen) for option in item.options if option.id in chosen | keys
    )
    return Grade(_bounded(score), True, reasons)


def _partial_weights(options: tuple[Option, ...]) -> dict[str, float]:
    """Return each option's weight; where none is negative, wrong options share −1, or ticking all would earn all."""
    weights = {option.id: option.weight for option in options}
    wrong = [option.id for option in options if option.weight <= 0]
    if all(weights[option_id] == 0 for option_id in wrong):
        weights.update(dict.fromkeys(wrong, -1 / len(wrong) if wrong else 0.0))
    return weights


def _choices_reason(option: Option, is_chosen: bool) -> PartReason:
    if not is_chosen:
        return PartReason(option.id, "missed", "This belongs to the answer.")
    if option.weight > 0:
        return PartReason(option.id, "right", "This belongs to the answer.")
    return PartReason(option.id, "wrong", "This does not belong to the answer.")


def _cloze_grade(item: Cloze, gaps: Any) -> Grade:
    filled = list(gaps) if isinstance(gaps, (list, tuple)) else []
    filled += [None] * (len(item.gaps) - len(filled))
    parts = [
        _gap_part(str(number), gap, entry)
        for number, (gap, entry) in enumerate(zip(item.gaps, filled, strict=False), 1)
    ]
    score = math.fsum(score for score, _ in parts) / len(parts)
    return Grade(_bounded(score), True, tuple(reason for _, reason in parts))


def _gap_part(part: str, gap: Gap, entry: object) -> tuple[float, PartReason]:
    if gap.kind == "typed":
        return _typed_part(part, gap.accepted, entry)
    if not any(option.id == entry for option in gap.options):
        return 0.0, _unanswered(part)
    score, _ = _choice_parts(gap.options, entry)
    return score, PartReason(part, *_credit(score))


def _typed_part(part: str, accepted: tuple[Accepted, ...], typed: object) -> tuple[float, PartReason]:
    if not isinstance(typed, str) or not typed.strip():
        return 0.0, _unanswered(part)
    match = best_match(accepted, typed)
    if match is None:
        return 0.0, PartReason(part, "wrong", "Not an accepted answer.")
    verdict, text = _credit(match.accepted.weight)
    if verdict != "wrong" and match.likeness is Likeness.SPELLING:
        text = f"Counted as “{match.accepted.text}”, another spelling."
    elif verdict != "wrong" and match.likeness is Likeness.SLIP:
        text = f"Counted as “{match.accepted.text}”, with a slip in typing."
    return match.accepted.weight, PartReason(part, verdict, f"{text} {match.accepted.feedback}".rstrip())


def _unanswered(part: str) -> PartReason:
    return PartReason(part, "missed", "Not answered.")


def _credit(weight: float) -> tuple[Verdict, str]:
    if weight >= 1:
        return "right", "Right."
    return ("partly", "Partly right.") if weight > 0 else ("wrong", "Not the answer.")


def _bounded(score: float) -> float:
    """Keep a sum of weights within 0 and 1; thirds written as 0.333 still make a whole."""
    return 1.0 if score > 0.998 else max(0.0, score)
