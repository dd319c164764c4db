"""What must be true of an item beyond the shape of its fields."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from quizapp.core.items.kinds import (
    TRUE_FALSE_IDS,
    Accepted,
    Cloze,
    Essay,
    Evidence,
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
from quizapp.errors import Unreadable

GAP_MARK = re.compile(r"\{\{(\d+)\}\}")


def check_item(item: Item) -> None:
    """Raise Unreadable with a sentence naming the field when parts of the item contradict each other."""
    for number, evidence in enumerate(item.evidence, 1):
        _check_evidence(evidence, f"“evidence” entry {number}")
    match item:
        case SingleChoice():
            _check_one_key(item.options, "“options”")
        case TrueFalse():
            if tuple(sorted(option.id for option in item.options)) != tuple(sorted(TRUE_FALSE_IDS)):
                raise Unreadable(None, "“options” of a true/false question must have the ids “true” and “false”.")
            _check_one_key(item.options, "“options”")
        case MultipleChoice():
            _check_shares(item.options)
        case ShortAnswer():
            _check_typed(item.accepted, "“accepted”")
        case Numeric():
            _check_numbers(item.accepted)
            _check_units(item)
        case Cloze():
            _check_gaps(item)
        case Matching():
            _check_pairs(item)
        case Ordering():
            _refuse_twins(item.order, "“order”", "entry")
        case Essay():
            _check_criteria(item)


def _check_evidence(evidence: Evidence, where: str) -> None:
    if evidence.end is None:
        return
    if evidence.start is None:
        raise Unreadable(None, f"{where} has an “end” without a “start”.")
    if evidence.end - evidence.start != len(evidence.quote):
        raise Unreadable(None, f"“start” and “end” of {where} do not span the length of its “quote”.")


def _check_one_key(options: tuple[Option, ...], where: str) -> None:
    _refuse_twins((option.id for option in options), where, "id")
    keys = sum(option.weight == 1 for option in options)
    if keys != 1:
        raise Unreadable(None, f"{where} must have exactly one option of “weight” 1, not {keys}.")


def _check_shares(options: tuple[Option, ...]) -> None:
    _refuse_twins((option.id for option in options), "“options”", "id")
    total = math.fsum(option.weight for option in options if option.weight > 0)
    if abs(total - 1) > 0.001:
        raise Unreadable(None, f"The positive “weight” values of “options” must sum to 1, not {total:g}.")


def _check_typed(accepted: tuple[Accepted, ...], where: str) -> None:
    for number, answer in enumerate(accepted, 1):
        if answer.text is None:
            raise Unreadable(None, f"“text” of {where} entry {number} is missing.")
        numbers = (answer.number, answer.tolerance, answer.relative_tolerance, answer.min, answer.max)
        if any(value is not None for value in numbers):
            raise Unreadable(None, f"{where} entry {number} is a text, so it can't have numbers.")
    _check_full_credit(accepted, where)


def _check_numbers(accepted: tuple[Accepted, ...]) -> None:
    for number, answer in enumerate(accepted, 1):
        where = f"“accepted” entry {number}"
        if answer.text is not None:
            raise Unreadable(None, f"{where} of a numeric question can't have a “text”.")
        has_range = answer.min is not None or answer.max is not None
        if has_range == (answer.number is not None):
            raise Unreadable(None, f"{where} must have either “number” or “min” and “max”.")
        tolerances = [value for value in (answer.tolerance, answer.relative_tolerance) if value is not None]
        if has_range and tolerances:
            raise Unreadable(None, f"{where} is a range, so it can't have a “tolerance”.")
        if len(tolerances) > 1:
            raise Unreadable(None, f"{where} must have either a “tolerance” or a “relative_tolerance”.")
        if answer.min is not None and answer.max is not None and answer.min > answer.max:
            raise Unreadable(None, f"“min” of {where} is larger than its “max”.")
    _check_full_credit(accepted, "“accepted”")


def _check_units(item: Numeric) -> None:
    if not item.unit.strip() and (item.units or item.unit_credit < 1):
        raise Unreadable(None, "“unit” is missing: “units” and “unit_credit” are about another way to give it.")
    _refuse_twins((item.unit.strip(), *(unit.name.strip() for unit in item.units)), "“units”", "name")


def _check_criteria(item: Essay) -> None:
    for number, criterion in enumerate(item.criteria, 1):
        if not any(level.points for level in criterion.levels):
            raise Unreadable(None, f"“criteria” entry {number} must have a level with points.")


def _check_full_credit(accepted: tuple[Accepted, ...], where: str) -> None:
    if all(answer.weight != 1 for answer in accepted):
        raise Unreadable(None, f"{where} must have at least one answer of “weight” 1.")


def _check_gaps(item: Cloze) -> None:
    marked = sorted(int(number) for number in GAP_MARK.findall(item.stem))
    if marked != list(range(1, len(item.gaps) + 1)):
        wanted = ", ".join(f"{{{{{number}}}}}" for number in range(1, len(item.gaps) + 1))
        raise Unreadable(None, f"“stem” must mark each entry of “gaps” once: {wanted}.")
    for number, gap in enumerate(item.gaps, 1):
        _check_gap(gap, f"“gaps” entry {number}")


def _check_gap(gap: Gap, where: str) -> None:
    if gap.kind == "typed":
        if gap.options or not gap.accepted:
            raise Unreadable(None, f"{where} is typed, so it must have “accepted” and no “options”.")
        _check_typed(gap.accepted, f"“accepted” of {where}")
    else:
        if gap.accepted or len(gap.options) < 2:
            raise Unreadable(None, f"{where} is a choice, so it must have two or more “options” and no “accepted”.")
        _check_one_key(gap.options, f"“options” of {where}")


def _check_pairs(item: Matching) -> None:
    lefts = [pair.left for pair in item.pairs if pair.left is not None]
    if len(lefts) < 2:
        raise Unreadable(None, "“pairs” must have at least two entries with a “left”.")
    _refuse_twins(lefts, "“pairs”", "left")
    used = {pair.right for pair in item.pairs if pair.left is not None}
    if any(pair.left is None and pair.right in used for pair in item.pairs):
        raise Unreadable(None, "“pairs” has a distractor that is also the right side of a pair.")


def _refuse_twins(values: Iterable[str], where: str, what: str) -> None:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise Unreadable(None, f"{where} has the {what} “{value}” twice.")
        seen.add(value)
