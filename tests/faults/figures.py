"""The option for the long form, and the table of figures at the end of a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from tests.faults.client import Traffic
from tests.faults.ledger import Ledger, Verdict

_HEAD = ("fault", "database", "planted", "requests", "answered", "writes told", "lost", "twice", "")
_PROPERTY = "figures"

Note = Callable[..., None]


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--long`."""
    parser.addoption("--long", action="store_true", help="run the long form of tests/faults (about fifteen minutes)")


@pytest.fixture
def is_long(request: pytest.FixtureRequest) -> bool:
    """Whether the long form is asked for."""
    return bool(request.config.getoption("--long"))


@pytest.fixture
def note(record_property: Callable[[str, object], None]) -> Note:
    """Enter a run in the table."""

    def enter(
        fault: str,
        database: str,
        traffic: Traffic,
        ledger: Ledger,
        verdict: Verdict,
        *,
        planted: str = "",
        more: str = "",
    ) -> None:
        found = len(verdict.lost) + len(verdict.twice)
        outcome = ("found" if found else "NOT FOUND") if planted else ("FAILED" if found else "")
        row = [
            fault, database, planted, str(traffic.sent), str(traffic.acknowledged), str(len(ledger.told)),
            str(len(verdict.lost)), str(len(verdict.twice)), "; ".join(filter(None, (outcome, more))),
        ]  # fmt: skip
        record_property(_PROPERTY, "\t".join(row))

    return enter


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table when there is something to put in it."""
    rows = [
        str(value).split("\t")
        for reports in terminalreporter.stats.values()
        for report in reports
        if isinstance(report, pytest.TestReport) and report.when == "call"
        for name, value in report.user_properties
        if name == _PROPERTY
    ]
    if rows:
        terminalreporter.section("nothing lost")
        for line in _lines([_HEAD, *sorted(rows, key=lambda row: (row[0], row[1], row[2]))]):
            terminalreporter.write_line(line)


def _lines(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  ".join(
            cell.rjust(width) if 3 <= column <= 7 else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
