"""Criteria of an essay as rows of the editor's form, their levels one a line: “2: names both causes”."""

from __future__ import annotations

import re
from typing import Any

from werkzeug.datastructures import MultiDict

from quizapp.core.items import Criterion, Essay, Level
from quizapp.errors import Invalid

FEWEST_LEVELS = 2
_LEVEL = re.compile(r"^(?P<points>\d{1,3}(?:[.,]\d{1,6})?)(?:\s*points?)?\s*[:–-]?\s+(?P<text>.+)$")


def written_criteria(form: Any) -> tuple[Criterion, ...]:
    """Return the rows that say something as criteria; the form is blamed for flaws."""
    criteria = []
    for row in form.row_numbers:
        text, lines = form[f"criterion_{row}_text"].data or "", form[f"criterion_{row}_levels"].data or ""
        if lines and not text:
            form.blame(Invalid(f"criterion_{row}_text", "Write what these levels are about, or remove the row."))
        if text:
            try:
                criteria.append(Criterion(text=text, levels=_levels(lines)))
            except ValueError as flaw:
                form.blame(Invalid(f"criterion_{row}_levels", str(flaw)))
    return tuple(criteria)


def fill_essay(data: MultiDict[str, str], item: Essay) -> None:
    """Show an essay's model answer, what to look for in it, and its criteria as rows."""
    data["answer"], data["rubric"] = item.answer, item.rubric
    data["rows"] = str(len(item.criteria))
    for row, criterion in enumerate(item.criteria):
        data[f"criterion_{row}_text"] = criterion.text
        data[f"criterion_{row}_levels"] = "\n".join(f"{level.points:.10g}: {level.text}" for level in criterion.levels)


def _levels(lines: str) -> tuple[Level, ...]:
    levels = []
    for line in filter(None, map(str.strip, lines.splitlines())):
        found = _LEVEL.match(line)
        if found is None:
            raise ValueError(f"Begin “{line}” with its points: 2: names both causes")
        levels.append(Level(text=found["text"], points=float(found["points"].replace(",", "."))))
    if len(levels) < FEWEST_LEVELS:
        raise ValueError("Write two or more levels, one a line with its points.")
    if not any(level.points for level in levels):
        raise ValueError("Give points to at least one level.")
    return tuple(levels)
