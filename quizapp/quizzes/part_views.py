"""Sections as the pages of a sitting show them: where one is, how far, and what to do there."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from markupsafe import Markup

from quizapp.quizzes.sections import Part, part_at
from quizapp.quizzes.sittings import Sitting
from quizapp.web.rendering import count, rich

_Row = TypeVar("_Row")


@dataclass(frozen=True)
class PartView:
    """A section as a question of it tells."""

    title: str
    place: str  # “Section 2 of 3”
    how_far: str  # “question 1 of 4 in it”; empty beside a text
    instruction: Markup
    missing: str  # what its pool did not hold, in words
    is_begun: bool  # whether the question is not its first


def part_view(sitting: Sitting, position: int) -> PartView | None:
    """Return the section of a question; None outside the sections."""
    part = part_at(sitting.parts, position)
    if part is None or not part.title:
        return None
    named = [each for each in sitting.parts if each.title]
    before, here = sitting.number(part.first - 1), sitting.number(position)
    is_text = position in sitting.texts
    return PartView(
        title=part.title,
        place=f"Section {named.index(part) + 1} of {len(named)}",
        how_far="" if is_text else f"question {here - before} of {sitting.number(part.last) - before} in it",
        instruction=rich(part.instruction, "markdown") if part.instruction else Markup(),
        missing=_missing(part),
        is_begun=position > part.first,
    )


def by_part(
    sitting: Sitting, rows: Iterable[_Row], position: Callable[[_Row], int]
) -> list[tuple[Part | None, list[_Row]]]:
    """Return rows, each at a position of the sitting, under the parts they lie in; all under None without sections."""
    groups: list[tuple[Part | None, list[_Row]]] = []
    for row in rows:
        part = part_at(sitting.parts, position(row))
        if not groups or groups[-1][0] is not part:
            groups.append((part, []))
        groups[-1][1].append(row)
    return groups


def _missing(part: Part) -> str:
    if not part.missing:
        return ""
    return f"{count(part.missing, 'question')} fewer than planned: no more could be drawn for you at present."
