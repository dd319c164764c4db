"""Tables as a backup sees them: names and kinds of columns, rows as lines of JSON in the order of the key."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Select, Table, Text, collate, func, insert, select

from quizapp.backup.columns import KINDS, kind_of, selected
from quizapp.errors import QuizappError, Unreadable
from quizapp.models import Person

LONGEST_LINE = 64 * 1024 * 1024  # bytes
_ROWS_AT_ONCE = 250
_LARGE = frozenset({"media"})  # a row may be megabytes

_to_json = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


@dataclass(frozen=True)
class PortableTable:
    """A table of one schema, ours or an older one."""

    name: str
    columns: dict[str, str]  # their kinds by their names
    key: tuple[str, ...]

    def count(self, connection: Connection) -> int:
        """Count the rows."""
        return connection.scalar(select(func.count()).select_from(self._table)) or 0

    def read(self, connection: Connection) -> Iterator[tuple[int, bytes]]:
        """Yield the rows as lines of JSON, some at a time, with their number; memory does not grow with the table."""
        encoders = [(name, KINDS[kind].encode) for name, kind in self.columns.items()]
        rows_at_once = 4 if self.name in _LARGE else _ROWS_AT_ONCE
        result = connection.execute(self.query(connection), execution_options={"yield_per": rows_at_once})
        for rows in result.partitions():
            lines = [_to_json(self._encoded(row, encoders)) for row in rows]
            if max(map(len, lines)) > LONGEST_LINE:
                raise QuizappError(f"A row of {self.name} is too long for a backup.")
            yield len(lines), ("\n".join(lines) + "\n").encode("ascii")

    def query(self, connection: Connection) -> Select[Any]:
        """Return the query behind `read`: all rows, in an order that both databases agree on."""
        order: list[Any] = [self._table.c[name] for name in self.key]
        if connection.dialect.name != "sqlite":
            order = [collate(column, "C") if isinstance(column.type, Text) else column for column in order]
        return select(*(selected(self._table.c[name], kind) for name, kind in self.columns.items())).order_by(*order)

    def write(self, connection: Connection, lines: Sequence[bytes], number: int) -> None:
        """Insert rows from lines, the first of which is the `number`th of the table. Raises Unreadable."""
        decoders = [(name, KINDS[kind].decode) for name, kind in self.columns.items()]
        rows = [self._decoded(line, decoders, number + place) for place, line in enumerate(lines)]
        connection.execute(insert(self._table), rows)

    def _encoded(self, row: Iterable[Any], encoders: list[tuple[str, Any]]) -> list[Any]:
        name = ""
        values = []
        try:
            for (name, encode), value in zip(encoders, row, strict=True):  # noqa: B007  # told below
                values.append(None if value is None else encode(value))
        except (ValueError, TypeError) as error:
            raise QuizappError(
                f"A value of {self.name}.{name} is not what the column is for ({error}); nothing was backed up."
            ) from error
        return values

    def _decoded(self, line: bytes, decoders: list[tuple[str, Any]], number: int) -> dict[str, Any]:
        try:
            values = json.loads(line)
            if not isinstance(values, list):
                raise ValueError("no row")  # noqa: TRY004, TRY301  # told like the others
            return {
                name: None if value is None else decode(value)
                for (name, decode), value in zip(decoders, values, strict=True)
            }
        except (ValueError, TypeError, OverflowError, RecursionError) as error:
            raise Unreadable(number, f"tables/{self.name}.jsonl holds no row of its table here.") from error

    @cached_property
    def _table(self) -> Table:
        columns = [Column(name, KINDS[kind].type) for name, kind in self.columns.items()]
        return Table(self.name, MetaData(), *columns)


def our_tables() -> list[PortableTable]:
    """Return the tables of this version, parents before children. Raises TypeError for a column of no known kind."""
    return [
        PortableTable(
            table.name,
            {column.name: kind_of(column) for column in table.columns},
            tuple(column.name for column in table.primary_key),
        )
        for table in Person.metadata.sorted_tables
    ]
