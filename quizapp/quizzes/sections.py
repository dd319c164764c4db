"""The sections of a sitting: where each begins and ends, and which questions are open where one goes forward only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from quizapp.core.rules import Rules

SECTIONS = "sections"  # in the rules that an attempt freezes: its parts, in order


@dataclass(frozen=True, kw_only=True)
class Part:
    """A section of a sitting, or what stands before the first; its positions from `first` to `last`."""

    title: str  # empty: outside the sections
    instruction: str = ""
    first: int
    last: int
    missing: int = 0  # questions that its pool should have given and did not hold


def read_parts(stored: Mapping[str, Any]) -> tuple[Part, ...]:
    """Return the parts in an attempt's stored rules, in order; none for a set without sections."""
    return tuple(Part(**part) for part in stored.get(SECTIONS, ()))


def stored_parts(parts: Sequence[Part]) -> list[dict[str, Any]]:
    """Return parts as an attempt stores them."""
    return [asdict(part) for part in parts]


def part_at(parts: Sequence[Part], position: int) -> Part | None:
    """Return the part that a position lies in; None without sections."""
    return next((part for part in parts if part.first <= position <= part.last), None)


def open_span(rules: Rules, parts: Sequence[Part], reached: int) -> tuple[int, int] | None:
    """Return the first and the last position that are open once `reached` is; None where all are."""
    if rules.navigation == "sequential":
        return reached, reached
    part = part_at(parts, reached) if rules.navigation == "by_section" else None
    return (part.first, part.last) if part else None


def is_open_at(rules: Rules, parts: Sequence[Part], reached: int, position: int) -> bool:
    """Tell whether the question at a position may be opened and answered."""
    span = open_span(rules, parts, reached)
    return span is None or span[0] <= position <= span[1]
