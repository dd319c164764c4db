"""A copy of one's own data: a zip with a file a table, as the purposes say, in memory that does not grow with it."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from io import TextIOWrapper
from typing import IO, Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, and_, or_, select

from quizapp.database import UtcDateTime
from quizapp.errors import NotFound
from quizapp.models import Attempt, Media, Person, is_key_told, is_withheld
from quizapp.privacy.purposes import WHEN_RELEASED, ColumnPurpose, TablePurpose, purposes
from quizapp.privacy.readable import Names

_ROWS_AT_ONCE = 500
_NEEDING_CARE = (str, dict, list)


def write_export(connection: Connection, person_id: int, target: IO[bytes], now: datetime) -> dict[str, int]:
    """Write the zip into `target`, a seekable binary file; return the number of rows by file.

    `connection` should see one moment (`Database.snapshot`). Raises NotFound.
    """
    zone_name = connection.scalar(select(Person.time_zone).where(Person.id == person_id))
    if zone_name is None:
        raise NotFound
    zone, names, counts = ZoneInfo(zone_name), Names(connection, person_id), dict[str, int]()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for purpose in purposes().values():
            if not purpose.file:
                continue
            rows = _rows(connection, purpose, person_id, names, zone)
            with archive.open(purpose.file, "w", force_zip64=True) as file, TextIOWrapper(file, "utf-8") as text:
                write = _write_csv if purpose.file.endswith(".csv") else _write_json
                counts[purpose.file] = write(text, rows, _headings(purpose))
        for name, content in _media(connection, person_id):
            archive.writestr(zipfile.ZipInfo(f"media/{name}"), content)  # packed already
        archive.writestr("README.txt", read_me(counts, zone_name, now))
    return counts


def _media(connection: Connection, person_id: int) -> Iterator[tuple[str, bytes]]:
    query = select(Media.digest, Media.extension, Media.content).where(Media.owner_id == person_id).order_by(Media.id)
    for digest, extension, content in connection.execute(query, execution_options={"yield_per": 1}):
        yield f"{digest}.{extension}", content


def read_me(counts: Mapping[str, int], zone: str, now: datetime) -> str:
    """Say what is in the zip: each file, what its columns are for, what was left out and why."""
    lines = [
        f"Your data in Quizapp, as of {now.astimezone(ZoneInfo(zone)):%d %B %Y, %H:%M} ({zone}).",
        "",
        f"Moments stand twice: in your time zone ({zone}), and in UTC under the name with “_utc”.",
        "The right answers of quizzes are not in it: you see them on the pages when they are released.",
        "Until a set that you take or took tells its answers, its results and cards and reviews of them are left out.",
        "Pictures and sounds that you sent are in the folder media.",
        "JSON files can be opened in any browser, CSV files in any spreadsheet.",
    ]
    for purpose in purposes().values():
        if purpose.file:
            lines += ["", f"{purpose.file} – {counts[purpose.file]} rows. Kept {purpose.keep}."]
            lines += [f"    {column.name}: {column.purpose}" for column in purpose.columns if column.is_exported]
            left_out = [f"{column.name} ({column.export})" for column in purpose.columns if not column.is_exported]
            if left_out:
                lines.append(f"    Left out: {'; '.join(left_out)}.")
    lines += ["", "Not in this file:"]
    lines += [f"    {purpose.name}: {purpose.why_not}." for purpose in purposes().values() if not purpose.file]
    return "\n".join(lines) + "\n"


def _rows(
    connection: Connection, purpose: TablePurpose, person_id: int, names: Names, zone: ZoneInfo
) -> Iterator[list[Any]]:
    """Yield the values of the person's rows as a reader sees them, under the names of `_headings`."""
    places = {name: place for place, name in enumerate(purpose.table.columns.keys())}
    columns = [(column, places[column.name]) for column in purpose.columns if column.is_exported]
    moments = {column.name for column, _ in columns if _is_moment(purpose, column)}
    result = connection.execute(_query(purpose, person_id), execution_options={"yield_per": _ROWS_AT_ONCE})
    for part in result.partitions():
        names.look_up(purpose, [row._mapping for row in part])
        for row in part:
            values: list[Any] = []
            for column, place in columns:
                value = row[place]
                if column.export == WHEN_RELEASED and not row[-1]:
                    value = None
                if column.shown_as:
                    values += names.shown(column, row._mapping)
                elif column.name in moments:
                    values += _moment(value, zone)
                else:
                    values.append(value)
            yield values


def _query(purpose: TablePurpose, person_id: int) -> Select[Any]:
    table = purpose.table
    query = select(table)
    if any(column.export == WHEN_RELEASED for column in purpose.columns):
        released = is_key_told(Attempt)
        if "item_id" in table.c:
            released = and_(released, ~is_withheld(cast(Any, table.c.item_id), person_id))
        query = select(table, released.label("is_released"))
        if purpose.name != "attempts":
            query = query.join(
                Attempt, and_(Attempt.learner_id == table.c.learner_id, Attempt.id == table.c.attempt_id)
            )
    if purpose.is_withheld:
        query = query.where(~is_withheld(cast(Any, table.c.item_id), person_id))
    if purpose.via:
        column, parent = purpose.via[0], purposes()[purpose.via[1]]
        owned = select(parent.table.c.id).where(parent.table.c[parent.owner[0]] == person_id)
        query = query.where(table.c[column].in_(owned))
    elif purpose.name == "audit":
        about = and_(table.c.subject == "person", table.c.subject_id == str(person_id))
        query = query.where(or_(table.c.actor_id == person_id, about))
    else:
        query = query.where(table.c[purpose.owner[0]] == person_id)
    return query.order_by(*table.primary_key.columns)


def _headings(purpose: TablePurpose) -> list[str]:
    found: list[str] = []
    for column in purpose.columns:
        if column.is_exported:
            found += _names_of(purpose, column)
    return found


def _names_of(purpose: TablePurpose, column: ColumnPurpose) -> list[str]:
    if column.shown_as:
        return Names.headings(column)
    return [column.name, f"{column.name}_utc"] if _is_moment(purpose, column) else [column.name]


def _is_moment(purpose: TablePurpose, column: ColumnPurpose) -> bool:
    return isinstance(purpose.table.c[column.name].type, UtcDateTime)


def _moment(value: datetime | None, zone: ZoneInfo) -> tuple[str | None, str | None]:
    if value is None:
        return None, None
    return value.astimezone(zone).isoformat(timespec="seconds"), value.astimezone(UTC).isoformat(timespec="seconds")


def _write_csv(text: TextIOWrapper, rows: Iterable[list[Any]], headings: list[str]) -> int:
    writer = csv.writer(text)
    writer.writerow(headings)
    number = 0
    for number, row in enumerate(rows, start=1):  # noqa: B007  # how many there were
        writer.writerow([_cell(value) if type(value) in _NEEDING_CARE else value for value in row])
    return number


def _write_json(text: TextIOWrapper, rows: Iterable[list[Any]], headings: list[str]) -> int:
    number = 0
    text.write("[")
    for number, row in enumerate(rows, start=1):
        record = dict(zip(headings, row, strict=True))
        text.write(("\n" if number == 1 else ",\n") + json.dumps(record, ensure_ascii=False, indent=1, default=str))
    text.write("\n]\n")
    return number


def _cell(value: Any) -> str:
    """Return what a spreadsheet shows as text: what begins like a formula gets an apostrophe."""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
    return json.dumps(value, ensure_ascii=False)
