"""Between accepted numbers as teachers write them, one a line, and those of the neutral item."""

from __future__ import annotations

import re
from collections.abc import Sequence

from quizapp.core.grading import readings
from quizapp.core.items import Accepted
from quizapp.errors import Invalid

_TOLERANCE = re.compile(r"\s*(?:±|\+/?-)\s*")
_RANGE = re.compile(r"\s+to\s+", re.IGNORECASE)


def read_amounts(text: str, unit: str, base: Sequence[Accepted] = ()) -> tuple[Accepted, ...]:
    """Return the numbers of a text: “10”, “10 ± 0.5”, “9 to 11”, “at least 5”, “at most 5”, one a line.

    Weight and feedback stay where `base` had the same number. Raises Invalid for the field `accepted`.
    """
    lines = dict.fromkeys(line.strip() for line in text.splitlines() if line.strip())
    known = {write_amount(answer): answer for answer in base}
    found = (_amount(line, unit) for line in lines)
    return tuple(known.get(write_amount(answer), answer) for answer in found)


def write_amount(answer: Accepted) -> str:
    """Return an accepted number as it is written."""
    if answer.number is not None:
        return f"{answer.number:.15g}" + (f" ± {answer.tolerance:.15g}" if answer.tolerance else "")
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
        tolerance = _number(parts[1], unit, line)
        if tolerance < 0:
            raise Invalid("accepted", f"The tolerance in “{line}” is below zero. Write it without a minus sign.")
        return Accepted(number=_number(parts[0], unit, line), tolerance=tolerance or None)
    return Accepted(number=_number(line, unit, line))


def _number(text: str, unit: str, line: str) -> float:
    found = readings(text, unit)
    if not found:
        raise Invalid("accepted", f"“{line}” is not a number. Write it as 10, as 10 ± 0.5, or as 9 to 11.")
    if len(found) > 1 and "," in text:
        raise Invalid("accepted", f"The comma in “{line}” can mean two things. Write 1234, or 1.234 for a fraction.")
    return found[0]
