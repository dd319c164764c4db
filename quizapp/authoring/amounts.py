"""Between accepted numbers as teachers write them, one a line, and those of the neutral item."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from werkzeug.datastructures import MultiDict

from quizapp.authoring.credits import split_credit, with_credit
from quizapp.core.grading import readings
from quizapp.core.items import Accepted, Numeric, Unit
from quizapp.errors import Invalid

_TOLERANCE = re.compile(r"\s*(?:±|\+/?-)\s*")
_RANGE = re.compile(r"\s+to\s+", re.IGNORECASE)


def read_amounts(text: str, unit: str, base: Sequence[Accepted] = ()) -> tuple[Accepted, ...]:
    """Return the numbers of a text: “10”, “10 ± 0.5”, “10 ± 5 %”, “9 to 11”, “at least 5”, “at most 5”, one a line.

    “= 50 %” behind one says its weight. Feedback stays where `base` had the same number. Raises Invalid for the field
    `accepted`.
    """
    feedback = {write_amount(answer, unit): answer.feedback for answer in base}
    found = []
    for line in dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()):
        amount, weight = split_credit(line, "accepted")
        answer = _amount(amount, unit)
        found.append(replace(answer, weight=weight, feedback=feedback.get(write_amount(answer, unit), "")))
    return tuple(found)


def fill_amounts(data: MultiDict[str, str], item: Numeric) -> None:
    """Show the numbers and units of an item as `read_amounts` and `read_units` read them."""
    data["accepted"] = "\n".join(
        with_credit(write_amount(answer, item.unit), answer.weight) for answer in item.accepted
    )
    data["unit"] = item.unit
    data["units"] = "\n".join(f"{unit.name} = {unit.factor:.15g}" for unit in item.units)
    if item.unit_credit < 1:
        data["is_unit_asked"] = "y"


def read_units(text: str) -> tuple[Unit, ...]:
    """Return units, one a line: “m = 0.001” where the question's own is km. Raises Invalid for the field `units`."""
    found = []
    for line in filter(None, map(str.strip, text.splitlines())):
        name, equals, factor = (part.strip() for part in line.rpartition("="))
        numbers = readings(factor) if equals and name else ()
        if not numbers or numbers[0] <= 0 or (len(numbers) > 1 and "," in factor):
            raise Invalid("units", f"Write “{line}” as a unit and what one of it is in the question’s: m = 0.001")
        found.append(Unit(name=name, factor=numbers[0]))
    return tuple(found)


def write_amount(answer: Accepted, unit: str = "") -> str:
    """Return an accepted number as it is written; for a percentage a relative tolerance stands as an amount."""
    if answer.number is not None and answer.relative_tolerance and not _is_percent(unit):
        return f"{answer.number:.15g} ± {100 * answer.relative_tolerance:.10g} %"
    if answer.number is not None:
        tolerance = answer.tolerance or abs(answer.number) * (answer.relative_tolerance or 0.0)
        return f"{answer.number:.15g}" + (f" ± {tolerance:.15g}" if tolerance else "")
    if answer.min is None:
        return f"at most {answer.max:.15g}"
    return f"at least {answer.min:.15g}" if answer.max is None else f"{answer.min:.15g} to {answer.max:.15g}"


def _amount(line: str, unit: str) -> Accepted:
    lowered = line.casefold()
    if lowered.startswith("at least "):
        return Accepted(min=_number(line[9:], unit, line))
    if lowered.startswith("at most "):
        return Accepted(max=_number(line[8:], unit, line))
    ends = _RANGE.split(line)
    if len(ends) == 2:
        least, most = (_number(end, unit, line) for end in ends)
        if least > most:
            raise Invalid("accepted", f"“{line}” begins with the larger number. Turn it round.")
        return Accepted(min=least, max=most)
    parts = _TOLERANCE.split(line)
    if len(parts) == 2 and parts[0]:
        share = parts[1].removesuffix("%")
        is_share = share != parts[1] and not _is_percent(unit)
        tolerance = _number(share if is_share else parts[1], unit, line)
        if tolerance < 0:
            raise Invalid("accepted", f"The tolerance in “{line}” is below zero. Write it without a minus sign.")
        if is_share:
            if tolerance > 100:
                raise Invalid("accepted", f"The tolerance in “{line}” is more than the number itself.")
            return Accepted(number=_number(parts[0], unit, line), relative_tolerance=tolerance / 100 or None)
        return Accepted(number=_number(parts[0], unit, line), tolerance=tolerance or None)
    return Accepted(number=_number(line, unit, line))


def _is_percent(unit: str) -> bool:
    return unit in ("%", "percent", "per cent")


def _number(text: str, unit: str, line: str) -> float:
    found = readings(text, unit)
    if not found:
        raise Invalid("accepted", f"“{line}” is not a number. Write it as 10, 10 ± 0.5, 10 ± 5 % or 9 to 11.")
    if len(found) > 1 and "," in text:
        raise Invalid("accepted", f"The comma in “{line}” can mean two things. Write 1234, or 1.234 for a fraction.")
    return found[0]
