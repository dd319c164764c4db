"""What a backup says of itself: its versions, and what each of its files holds."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, field
from pathlib import PurePosixPath
from typing import Any

from quizapp.backup.columns import KINDS
from quizapp.backup.tables import PortableTable
from quizapp.errors import Misconfigured, Unreadable

FORMAT = 1
NAME = "manifest.json"


@dataclass(frozen=True)
class Content:
    """A file's size in bytes and its SHA-256, hexadecimal."""

    size: int
    sha256: str


@dataclass(frozen=True)
class StoredTable:
    """A table with its number of rows and the file that holds them."""

    table: PortableTable
    rows: int
    content: Content

    @property
    def member(self) -> str:
        """The file's name in the zip."""
        return f"tables/{self.table.name}.jsonl"


@dataclass(frozen=True)
class Manifest:
    """All that a backup holds; tables stand parents first, media by their paths below `media/`."""

    program: str
    schema: str
    made_at: str
    database: str
    tables: list[StoredTable] = field(default_factory=list)
    media: dict[str, Content] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """The rows of all tables."""
        return sum(stored.rows for stored in self.tables)

    @property
    def contents(self) -> dict[str, Content]:
        """What each file of the zip but the manifest must be, by its name there."""
        found = {stored.member: stored.content for stored in self.tables}
        return found | {f"media/{path}": content for path, content in self.media.items()}

    def to_json(self) -> str:
        """Write the manifest."""
        tables = {
            stored.table.name: {
                "rows": stored.rows, **asdict(stored.content),
                "key": stored.table.key, "columns": stored.table.columns,
            }
            for stored in self.tables
        }  # fmt: skip
        media = {path: asdict(content) for path, content in self.media.items()}
        whole = {
            "format": FORMAT, "program": self.program, "schema": self.schema, "made_at": self.made_at,
            "database": self.database, "tables": tables, "media": media,
        }  # fmt: skip
        return json.dumps(whole, indent=1) + "\n"


def read_manifest(text: bytes) -> Manifest:
    """Read a manifest. Raises Unreadable when it is none, Misconfigured when its format is newer than ours."""
    try:
        whole = json.loads(text)
        if _whole_number(whole["format"]) > FORMAT:
            raise Misconfigured(
                f"The backup was written by a newer version of Quizapp ({whole['program']}). Upgrade Quizapp."
            )
        return Manifest(
            program=_string(whole["program"]),
            schema=_string(whole["schema"]),
            made_at=_string(whole["made_at"]),
            database=_string(whole["database"]),
            tables=[_stored_table(name, entry) for name, entry in whole["tables"].items()],
            media={_safe_path(path): _content(entry) for path, entry in whole["media"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Unreadable(None, f"The backup’s {NAME} is damaged, so nothing can be restored from it.") from error


def _stored_table(name: str, entry: dict[str, Any]) -> StoredTable:
    columns = {_identifier(column): kind for column, kind in entry["columns"].items()}
    key = tuple(entry["key"])
    if not key or not set(key) <= set(columns) or not set(columns.values()) <= set(KINDS):
        raise ValueError("columns")
    return StoredTable(PortableTable(_identifier(name), columns, key), _whole_number(entry["rows"]), _content(entry))


def _content(entry: dict[str, Any]) -> Content:
    if not re.fullmatch(r"[0-9a-f]{64}", entry["sha256"]):
        raise ValueError("sha256")
    return Content(_whole_number(entry["size"]), entry["sha256"])


def _safe_path(path: str) -> str:
    pure = PurePosixPath(path)
    if (
        pure.is_absolute()
        or ".." in pure.parts
        or str(pure) != path
        or path == "."
        or re.search(r"[\\:\x00-\x1f]", path)
    ):
        raise ValueError("path")
    return path


def _identifier(name: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise ValueError("name")
    return name


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _whole_number(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("no number")
    return value
