"""All rules over one item, and over items that are asked together."""

from __future__ import annotations

from collections.abc import Sequence

from quizapp.core.items import Description, Item
from quizapp.core.linting import between, gates, grammar, keys, lists, options, sensitive, standing, stems, surface
from quizapp.core.linting.findings import Finding
from quizapp.core.linting.subjects import Subject

_RULES = (
    *gates.RULES,
    *standing.RULES,
    *surface.RULES,
    *sensitive.RULES,
    *stems.RULES,
    *options.RULES,
    *grammar.RULES,
    *keys.RULES,
    *lists.RULES,
)


def lint(item: Item, passage: str | None = None) -> tuple[Finding, ...]:
    """Return what is wrong with one item, gates first; rules that need the passage are silent without it."""
    if isinstance(item, Description):
        return ()
    subject = Subject(item, passage)
    found = [finding for rule in _RULES for finding in rule(subject)]
    return tuple(sorted(found, key=lambda finding: finding.severity != "error"))


def lint_together(items: Sequence[Item], passage: str | None = None) -> tuple[tuple[int, Finding], ...]:
    """Return what is wrong between items of one passage or set: (index, finding), in the order of the items."""
    found = [placed for rule in between.RULES for placed in rule(items)]
    found += between.same_facts(items, passage)
    return tuple(sorted(found, key=lambda placed: (placed[0], placed[1].severity != "error")))
