"""Typed numbers: what a number may mean, however it is written, and whether an item accepts it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from quizapp.core.grading.grades import Grade, PartReason, Verdict
from quizapp.core.grading.units import accepted_units, before_any_unit, plain, with_units, without_unit
from quizapp.core.grading.wording import plain_words
from quizapp.core.items import Accepted, Numeric
from quizapp.errors import Invalid

_SPACES = re.compile(r"[\s'’_]+")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s'’_]+(?=\d{3}(?!\d))")
_NUMBER = re.compile(r"[+-]?(?P<digits>\d[\d.,]*|[.,]\d+)(?P<power>e[+-]?\d{1,3})?")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?P<mark>[.,])\d{3}(?:(?P=mark)\d{3})*")
_TIMES_TEN = re.compile(r"\s*[×x*·]\s*10(?:(?:\^|\*\*)([+-]?\d{1,3})|([+-]\d{1,3}))(?!\d)")
_POWER_OF_TEN = re.compile(r"^([+-]?)10(?:\^|\*\*)([+-]?\d{1,3})$")
_PRECISION = 1e-9  # of what binary fractions can't hold


@dataclass(frozen=True)
class Measure:
    """What a typed number may mean, in the item's own unit, and the unit that it was given in."""

    numbers: tuple[float, ...] = ()
    unit: str = ""  # of the item's; empty: none was typed
    is_other_unit: bool = False  # one that the item does not know, so the numbers are in that


def readings(typed: str, unit: str = "") -> tuple[float, ...]:
    """Return what a typed number may mean: 3.5 and 3,5 are one, 1,234 is 1234 or 1.234; nothing for no number.

    The unit may stand with it. Spaces and apostrophes may part thousands; powers of ten and number words are read.
    """
    text = plain(typed)
    bare = without_unit(text, unit) if unit else None
    return _readings(text if bare is None else bare)


def measure(item: Numeric, typed: str) -> Measure:
    """Return what a typed number means for an item, whichever of its units it is in."""
    text = plain(typed)
    for found in with_units(text, accepted_units(item)):
        measured = {
            Measure(tuple(number * unit.factor for number in numbers), unit.name)
            for rest, unit in found
            if (numbers := _readings(rest))
        }
        if len({each.numbers for each in measured}) == 1:  # not: 5 mw, where mW and MW are both known
            return min(measured, key=lambda each: each.unit)
    if numbers := _readings(text):
        return Measure(numbers)
    if item.unit_credit < 1:
        for head in before_any_unit(text):
            if numbers := _readings(head):
                return Measure(numbers, is_other_unit=True)
    return Measure()


def check_number(item: Numeric, typed: str) -> None:
    """Raise Invalid with what to write instead when a typed text is no number, or names another unit."""
    if not typed.strip() or measure(item, typed).numbers:
        return
    if re.search(r"\d", typed) and re.search(r"[^\W\d_]", typed):
        raise Invalid("text", f"{_wanted(item)}, for example 12 or 3.5. You wrote “{_brief(typed)}”.")
    raise Invalid("text", f"Write a number, for example 12 or 3.5. “{_brief(typed)}” is none.")


def numeric_grade(item: Numeric, typed: object) -> Grade:
    """Return the grade of a typed number: of the accepted answers that it meets, the one of most weight counts.

    Where the unit is part of the answer, a right number without one, or in one that is not accepted, earns the item's
    `unit_credit` of that.
    """
    if not isinstance(typed, str) or not typed.strip():
        return Grade(0.0, True, (PartReason("1", "missed", "Not answered."),))
    given = measure(item, typed)
    met = [answer for answer in item.accepted if any(is_accepted(answer, number) for number in given.numbers)]
    if not met:
        text = "Not an accepted answer." if given.numbers else "This is not a number."
        return Grade(0.0, True, (PartReason("1", "wrong", text),))
    answer = max(met, key=lambda accepted: accepted.weight)
    lacks_unit = item.unit_credit < 1 and not given.unit
    score = answer.weight * (item.unit_credit if lacks_unit else 1.0)
    verdict: Verdict = "right" if score >= 1 else "partly" if score > 0 else "wrong"
    text = _reason(answer, given, lacks_unit=lacks_unit)
    return Grade(score, True, (PartReason("1", verdict, f"{text} {answer.feedback}".strip()),))


def is_accepted(answer: Accepted, number: float) -> bool:
    """Say whether a number lies in an accepted range, its ends included."""
    if answer.number is not None:
        tolerance = answer.tolerance or (answer.relative_tolerance or 0.0) * abs(answer.number)
        slack = _PRECISION * max(abs(number), abs(answer.number))
        return abs(number - answer.number) <= tolerance + slack
    slack = _PRECISION * abs(number)
    return (answer.min is None or number >= answer.min - slack) and (answer.max is None or number <= answer.max + slack)


def is_close(number: float, others: tuple[float, ...]) -> bool:
    """Say whether one of the others is the same number."""
    return any(math.isclose(number, other, rel_tol=_PRECISION) for other in others)


def _wanted(item: Numeric) -> str:
    if item.unit_credit < 1:
        return "Write a number, then its unit"
    return f"Write the number in {item.unit}" if item.unit else "Write the number alone"


def _reason(answer: Accepted, given: Measure, *, lacks_unit: bool) -> str:
    if answer.weight > 0 and lacks_unit:
        return (
            "The number is right, its unit is not." if given.is_other_unit else "The number is right without its unit."
        )
    if answer.weight >= 1:
        is_exact = answer.number is not None and is_close(answer.number, given.numbers)
        return "Right." if is_exact else "Within what is accepted."
    return "Partly right." if answer.weight > 0 else "Not the answer."


def _readings(text: str) -> tuple[float, ...]:
    text = _POWER_OF_TEN.sub(r"\g<1>1e\2", text.casefold().strip().rstrip("."))
    text = _TIMES_TEN.sub(r"e\1\2", _BETWEEN_DIGITS.sub("", text))
    found = _NUMBER.fullmatch(_SPACES.sub("", text) if text[:1] in "+-" else text)
    return tuple(_finite(found)) if found else _written_number(text)


def _finite(found: re.Match[str]) -> Iterator[float]:
    sign = -1.0 if found[0].startswith("-") else 1.0
    for digits in _decimals(found["digits"]):
        number = sign * float(digits + (found["power"] or ""))
        if math.isfinite(number):
            yield number


def _written_number(text: str) -> tuple[float, ...]:
    words = plain_words(text)
    is_written = len(words) == 1 and re.search(r"[^\W\d_]", text) and re.fullmatch(r"-?\d+(\.\d+)?", words[0])
    return (float(words[0]),) if is_written and math.isfinite(float(words[0])) else ()


def _decimals(digits: str) -> list[str]:
    """Return digits with at most a decimal point, in each way that their marks can be read."""
    marks = {mark for mark in ".," if mark in digits}
    if not marks:
        return [digits]
    if len(marks) == 2:
        decimal = max(marks, key=digits.rfind)
        whole, _, rest = digits.rpartition(decimal)
        grouped = _GROUPED.fullmatch(whole)
        return [re.sub(r"[.,]", "", whole) + "." + rest] if grouped and rest.isdigit() else []
    mark = marks.pop()
    found = []
    if _GROUPED.fullmatch(digits):
        found.append(digits.replace(mark, ""))
    if digits.count(mark) == 1:
        found.append(digits.replace(mark, ".").strip().rstrip(".") or "0")
    return found if mark == "," else found[::-1]


def _brief(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 30 else text[:29] + "…"
