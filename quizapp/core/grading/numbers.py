"""Typed numbers: what a number may mean, however it is written, and whether an item accepts it."""

from __future__ import annotations

import math
import re
import unicodedata

from quizapp.core.grading.grades import Grade, PartReason, Verdict
from quizapp.core.grading.wording import plain_words
from quizapp.core.items import Accepted, Numeric
from quizapp.errors import Invalid

_SPACES = re.compile(r"[\s'’_]+")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s'’_]+(?=\d{3}(?!\d))")
_NUMBER = re.compile(r"[+-]?(?P<digits>\d[\d.,]*|[.,]\d+)(?P<power>e[+-]?\d{1,3})?")
_GROUPED = re.compile(r"[1-9]\d{0,2}(?P<mark>[.,])\d{3}(?:(?P=mark)\d{3})*")
_TIMES_TEN = re.compile(r"\s*[×x*·]\s*10\s*\^?\s*([+-]?\d{1,3})")
_PERCENT = ("%", "percent", "per cent")
_MINUS_SIGNS = str.maketrans("−–", "--")
_PRECISION = 1e-9  # of what binary fractions can't hold


def readings(typed: str, unit: str = "") -> tuple[float, ...]:
    """Return what a typed number may mean: 3.5 and 3,5 are one, 1,234 is 1234 or 1.234; nothing for no number.

    The unit may stand with it. Spaces and apostrophes may part thousands; powers of ten and number words are read.
    """
    text = _without_unit(_plain(typed), _plain(unit))
    text = _TIMES_TEN.sub(r"e\1", _BETWEEN_DIGITS.sub("", text))
    found = _NUMBER.fullmatch(_SPACES.sub("", text) if text[:1] in "+-" else text)
    if found is None:
        words = plain_words(text)
        is_written = len(words) == 1 and re.search(r"[^\W\d_]", text) and re.fullmatch(r"-?\d+(\.\d+)?", words[0])
        return (float(words[0]),) if is_written else ()
    sign = -1.0 if found[0].startswith("-") else 1.0
    power = found["power"] or ""
    numbers = [sign * float(digits + power) for digits in _decimals(found["digits"])]
    return tuple(number for number in numbers if math.isfinite(number))


def check_number(item: Numeric, typed: str) -> None:
    """Raise Invalid with what to write instead when a typed text is no number, or names another unit."""
    if not typed.strip() or readings(typed, item.unit):
        return
    if re.search(r"\d", typed) and re.search(r"[^\W\d_]", typed):
        wanted = f"Write the number in {item.unit}" if item.unit else "Write the number alone"
        raise Invalid("text", f"{wanted}, for example 12 or 3.5. You wrote “{_brief(typed)}”.")
    raise Invalid("text", f"Write a number, for example 12 or 3.5. “{_brief(typed)}” is none.")


def numeric_grade(item: Numeric, typed: object) -> Grade:
    """Return the grade of a typed number: of the accepted answers that it meets, the one of most weight counts."""
    if not isinstance(typed, str) or not typed.strip():
        return Grade(0.0, True, (PartReason("1", "missed", "Not answered."),))
    numbers = readings(typed, item.unit)
    met = [answer for answer in item.accepted if any(is_accepted(answer, number) for number in numbers)]
    if not met:
        text = "Not an accepted answer." if numbers else "This is not a number."
        return Grade(0.0, True, (PartReason("1", "wrong", text),))
    answer = max(met, key=lambda accepted: accepted.weight)
    verdict: Verdict
    if answer.weight >= 1:
        is_exact = answer.number is not None and is_close(answer.number, numbers)
        verdict, text = "right", "Right." if is_exact else "Within what is accepted."
    else:
        verdict, text = ("partly", "Partly right.") if answer.weight > 0 else ("wrong", "Not the answer.")
    return Grade(answer.weight, True, (PartReason("1", verdict, f"{text} {answer.feedback}".strip()),))


def is_accepted(answer: Accepted, number: float) -> bool:
    """Say whether a number lies in an accepted range, its ends included."""
    slack = _PRECISION * max(1.0, abs(number))
    if answer.number is not None:
        return abs(number - answer.number) <= (answer.tolerance or 0.0) + slack
    return (answer.min is None or number >= answer.min - slack) and (answer.max is None or number <= answer.max + slack)


def is_close(number: float, others: tuple[float, ...]) -> bool:
    """Say whether one of the others is the same number."""
    return any(math.isclose(number, other, rel_tol=_PRECISION, abs_tol=_PRECISION) for other in others)


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).translate(_MINUS_SIGNS)
    return text.casefold().strip().rstrip(".")


def _without_unit(text: str, unit: str) -> str:
    names = _PERCENT if unit in _PERCENT else (unit, unit.removesuffix("."), unit.removesuffix("s")) if unit else ()
    for name in filter(None, names):
        if text.endswith(name):
            return text.removesuffix(name).strip()
        if text.startswith(name):
            return text.removeprefix(name).strip()
    return text


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
