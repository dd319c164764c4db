"""What the linter says of a question, put beside the fields of the editor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from quizapp.core.items import Item, MultipleChoice, SingleChoice, TrueFalse
from quizapp.core.linting import Finding, lint
from quizapp.errors import Invalid

Advice = Mapping[str, Sequence[Finding]]

_FIELDS = {
    "stem": "stem",
    "gaps": "stem",
    "options": "options",
    "accepted": "accepted",
    "pairs": "pairs",
    "order": "order",
    "answer": "answer",
    "criteria": "criteria",
    "evidence": "quote",
    "feedback": "explanation",
}
_ELSEWHERE = frozenset({"no-misconception"})  # what the editor has no field for


def advice(item: Item, passage: str, form: Any) -> dict[str, list[Finding]]:
    """Return the findings of an item by the name of the form's field that each is about; "" for the whole question.

    What is about all options, pairs or entries has the name "options", "pairs" or "order".
    """
    names = _FIELDS | _row_fields(item, form)
    found: dict[str, list[Finding]] = {}
    for finding in lint(item, passage or None):
        if finding.code not in _ELSEWHERE:
            name = names.get(finding.target) or names.get(finding.target.partition(".")[0], "")
            found.setdefault(name, []).append(finding)
    return found


def refuse_formulas(said: Advice, form: Any) -> bool:
    """Blame the form for formulas that can't be read, each beside its field, and say whether there are any."""
    broken = [
        Invalid(name, finding.message)
        for name, findings in said.items()
        for finding in findings
        if finding.code == "unreadable-formula"
    ]
    for refusal in broken:
        form.blame(refusal)
    return bool(broken)


def _row_fields(item: Item, form: Any) -> dict[str, str]:
    if isinstance(item, TrueFalse):
        return {f"options.{option.id}": f"reason_{option.id}" for option in item.options}
    if isinstance(item, SingleChoice | MultipleChoice):
        written = _written(form, "option_{}_text")
        return {f"options.{option.id}": name for option, name in zip(item.options, written, strict=False)}
    name = {"matching": "pair_{}_right", "ordering": "entry_{}_text"}.get(item.kind)
    target = "pairs" if item.kind == "matching" else "order"
    return {f"{target}.{place}": row for place, row in enumerate(_written(form, name))} if name else {}


def _written(form: Any, name: str) -> list[str]:
    """Return the names of the fields that say something, row by row."""
    names = [name.format(row) for row in form.row_numbers]
    return [field for field in names if form[field].data]
