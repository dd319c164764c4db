"""What every table and column is for, as `models/purposes.toml` says: obeyed by export, erasure and retention."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Table

from quizapp import models
from quizapp.models import Person

TABLE_ACTIONS = (
    "row goes", "goes unless used", "goes with its parent", "row stays", "waiting mail goes", "no personal data",
)  # fmt: skip
COLUMN_ACTIONS = ("", "set null", "words go", "number stays")
WHEN_RELEASED = "when released"


@dataclass(frozen=True)
class ColumnPurpose:
    """One column; `export` is “yes”, “when released”, or the reason why it is left out."""

    name: str
    purpose: str
    export: str
    erase: str  # of COLUMN_ACTIONS; empty: as the table says
    shown_as: str  # how the export makes a number readable; empty: as it is

    @property
    def is_exported(self) -> bool:
        """Whether a person gets it."""
        return self.export in ("yes", WHEN_RELEASED)


@dataclass(frozen=True)
class Rule:
    """Rows that go, or lose their person, `days` after the moment in a column."""

    table: str
    after: str
    days: int
    spares: str = ""  # "newest": the newest row of each owner stays
    loses: str = ""  # "the person": the row stays, its "set null" and "words go" happen


@dataclass(frozen=True)
class TablePurpose:
    """One table."""

    name: str
    keep: str
    owner: tuple[str, ...]
    via: tuple[str, str] | None  # (column, table that knows the owner)
    file: str
    why_not: str
    erase: str
    rules: tuple[Rule, ...]
    is_withheld: bool  # its rows are left out of the export until the key of their question is told
    columns: tuple[ColumnPurpose, ...]

    @property
    def table(self) -> Table:
        """The table itself."""
        return Person.metadata.tables[self.name]

    def columns_that(self, action: str) -> list[str]:
        """Return the columns with this action."""
        return [column.name for column in self.columns if column.erase == action]


@cache
def purposes() -> dict[str, TablePurpose]:
    """Return every table's purpose by its name, in the order of the file. Raises ValueError for a word unknown here."""
    path = Path(models.__file__).with_name("purposes.toml")
    return {name: read(name, entry) for name, entry in tomllib.loads(path.read_text(encoding="utf-8")).items()}


def read(name: str, entry: Mapping[str, Any]) -> TablePurpose:
    """Read one table's entry. Raises ValueError."""
    owner = entry.get("owner", [])
    via = entry.get("via")
    if entry["erase"] not in TABLE_ACTIONS:
        raise ValueError(f"{name}: nothing is done as “{entry['erase']}”")
    if ("file" in entry) == ("why_not" in entry):
        raise ValueError(f"{name}: a file or a reason why there is none")
    return TablePurpose(
        name=name,
        keep=entry["keep"],
        owner=(owner,) if isinstance(owner, str) else tuple(owner),
        via=(via["column"], via["table"]) if via else None,
        file=entry.get("file", ""),
        why_not=entry.get("why_not", ""),
        erase=entry["erase"],
        rules=tuple(Rule(name, **rule) for rule in entry.get("retention", [])),
        is_withheld=entry.get("is_withheld", False),
        columns=tuple(_column(name, column, said) for column, said in entry["columns"].items()),
    )


def _column(table: str, name: str, said: str | Sequence[str] | Mapping[str, str]) -> ColumnPurpose:
    if isinstance(said, str):
        said = {"purpose": said}
    elif not isinstance(said, Mapping):
        said = {"purpose": said[0], "export": said[1]}
    erase = said.get("erase", "")
    if erase not in COLUMN_ACTIONS:
        raise ValueError(f"{table}.{name}: nothing is done as “{erase}”")
    return ColumnPurpose(name, said["purpose"], said.get("export", "yes"), erase, said.get("shown_as", ""))
