"""What a scan found, and the table of all scans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

_HEAD = ("scanner", "persona", "pages", "forms", "requests", "findings", "planted", "seconds")


@dataclass
class Outcome:
    """One scanner as one persona."""

    scanner: str
    persona: str
    pages: int = 0
    forms: int = 0
    requests: int = 0
    seconds: float = 0.0
    findings: list[str] = field(default_factory=list)  # on the site itself
    planted: dict[str, bool] = field(default_factory=dict)  # hole: was it found

    @property
    def is_good(self) -> bool:
        """Whether nothing was found on the site and everything that was planted."""
        return not self.findings and bool(self.planted) and all(self.planted.values())

    @property
    def row(self) -> list[str]:
        """The cells of the table."""
        missed = [hole for hole, is_found in self.planted.items() if not is_found]
        told = f"NOT FOUND: {', '.join(missed)}" if missed else f"{len(self.planted)} of {len(self.planted)} found"
        return [
            self.scanner, self.persona, str(self.pages), str(self.forms), str(self.requests), str(len(self.findings)),
            told, f"{self.seconds:.1f}",
        ]  # fmt: skip


def table(outcomes: Sequence[Outcome]) -> str:
    """Return the table, and what was found below it."""
    rows = [_HEAD, *(outcome.row for outcome in outcomes)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(_HEAD))]
    lines = [
        "  ".join(
            cell.ljust(width) if column in (0, 1, 6) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    found = [f"{outcome.scanner}, {outcome.persona}: {line}" for outcome in outcomes for line in outcome.findings]
    return "\n".join([*lines, "", *found]).rstrip()
