"""What EXPLAIN says of statements: a table that grows is searched, never scanned, and never are many rows sorted."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Connection

from quizapp.database import Database

_MANY = 5_000  # rows sorted
_FEW = 1_000  # rows of a table that PostgreSQL rightly reads as a whole
_STEPS_A_ROW = 25  # of SQLite's machine, to read and to sort one
_TICK = 10
_SCAN = re.compile(r"SCAN (\w+?)(?:_\d+)?\b")  # of a table, or of its alias


@dataclass(frozen=True)
class Sent:
    """A statement as the driver got it."""

    statement: str
    parameters: Any

    @property
    def is_read(self) -> bool:
        """Whether it can be sent again without changing anything."""
        return self.statement.startswith(("SELECT", "WITH"))


@contextmanager
def sent(database: Database) -> Iterator[list[Sent]]:
    """Collect the statements sent to the database, with what they were given."""
    found: list[Sent] = []

    def note(_connection: Connection, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            found.append(Sent(statement, parameters[0] if many else parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def scans(lines: Iterable[str], growing: Collection[str]) -> list[str]:
    """Return which lines of SQLite's plans scan one of these tables."""
    found = [(line, _SCAN.match(line)) for line in lines]
    return [line for line, match in found if match and match[1] in growing]


def faults(database: Database, statements: Collection[Sent], growing: Collection[str]) -> list[str]:
    """Return each scan of a growing table and each sort of many rows that the statements need."""
    connection = database.engine.raw_connection()
    try:
        cursor = connection.cursor()
        explain = _sqlite_faults if database.is_sqlite else _postgresql_faults
        return list(dict.fromkeys(fault for one in statements for fault in explain(cursor, one, growing)))
    finally:
        connection.close()


def steps(database: Database, statements: Collection[Sent]) -> int:
    """Return about how many instructions SQLite's machine needs to answer the reads among the statements."""
    connection = database.engine.raw_connection()
    try:
        cursor = connection.cursor()
        return sum(_steps(cursor, one) for one in statements if one.is_read)
    finally:
        connection.close()


def _sqlite_faults(cursor: Any, one: Sent, growing: Collection[str]) -> Iterator[str]:
    cursor.execute(f"EXPLAIN QUERY PLAN {one.statement}", one.parameters)
    details = [str(row[3]) for row in cursor.fetchall()]
    for line in scans(details, growing):
        yield f"{line}: {_short(one.statement)}"
    if any("TEMP B-TREE" in detail for detail in details) and one.is_read:
        taken = _steps(cursor, one)
        if taken > _MANY * _STEPS_A_ROW:
            yield f"sort in {taken} steps: {_short(one.statement)}"


def _steps(cursor: Any, one: Sent) -> int:
    ticks = 0

    def tick() -> int:
        nonlocal ticks
        ticks += 1
        return 0

    cursor.connection.set_progress_handler(tick, _TICK)
    try:
        cursor.execute(one.statement, one.parameters)
        cursor.fetchall()
    finally:
        cursor.connection.set_progress_handler(None, 0)
    return ticks * _TICK


def _postgresql_faults(cursor: Any, one: Sent, growing: Collection[str]) -> Iterator[str]:
    cursor.execute("SELECT relname FROM pg_class WHERE reltuples >= %s", (_FEW,))
    large = {row[0] for row in cursor.fetchall()}
    cursor.execute(f"EXPLAIN (FORMAT JSON) {one.statement}", one.parameters)
    plan = cursor.fetchone()[0]
    waiting = [(json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]]
    while waiting:
        node = waiting.pop()
        below = node.get("Plans", [])
        waiting += below
        kind, table = node["Node Type"], node.get("Relation Name")
        # The whole of an index is read at little cost where it is a partial one of few rows.
        is_whole_index = "Index Cond" not in node and node.get("Index Name") in large
        if table in large and table in growing and (kind == "Seq Scan" or is_whole_index):
            yield f"{kind} {table}: {_short(one.statement)}"
        if kind in ("Sort", "Incremental Sort") and below[0]["Plan Rows"] > _MANY:
            yield f"{kind} of {below[0]['Plan Rows']} rows: {_short(one.statement)}"


def _short(statement: str) -> str:
    return " ".join(statement.split())
