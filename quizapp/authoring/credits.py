"""Part of the mark for an answer, written behind it: “support = 50 %”."""

from __future__ import annotations

import re

from quizapp.errors import Invalid

_CREDIT = re.compile(r"^(?P<answer>.*\S)\s*=\s*(?P<share>[-−]?\d{1,3}(?:[.,]\d{1,9})?)\s*%$", re.DOTALL)


def split_credit(line: str, field: str, *, usual: float = 1.0, least: float = 0.0) -> tuple[str, float]:
    """Return an answer and its weight, `least`..1; without a share behind it, its `usual` one. Raises Invalid."""
    found = _CREDIT.match(line)
    if found is None:
        return line, usual
    weight = round(float(found["share"].replace(",", ".").replace("−", "-")) / 100, 12)
    if not least <= weight <= 1:
        raise Invalid(field, f"The share in “{line}” must be from {100 * least:.0f} to 100 %.")
    return found["answer"], weight


def with_credit(answer: str, weight: float, *, usual: float = 1.0) -> str:
    """Return the line that `split_credit` reads as this answer and weight."""
    return answer if weight == usual and not _CREDIT.match(answer) else f"{answer} = {100 * weight:.10g} %"
