"""Backups taken apart and put together again, whole or with a fault."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile


@dataclass
class Draft:
    """The parts of a backup, to be changed by hand."""

    manifest: dict[str, Any]
    files: dict[str, bytes] = field(default_factory=dict)

    @classmethod
    def of(cls, path: Path) -> Self:
        """Take a backup apart."""
        with ZipFile(path) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
        return cls(json.loads(files.pop("manifest.json")), files)

    def rows(self, table: str) -> list[list[Any]]:
        """Return the rows of a table."""
        return [json.loads(line) for line in self.files[f"tables/{table}.jsonl"].splitlines()]

    def replace_rows(self, table: str, rows: list[list[Any]]) -> None:
        """Put other rows in, without a word of it in the manifest."""
        lines = (json.dumps(row, separators=(",", ":")) + "\n" for row in rows)
        self.files[f"tables/{table}.jsonl"] = "".join(lines).encode()

    def settle(self) -> None:
        """Make sizes, digests and counts in the manifest right for the files."""
        for name, entry in self.manifest["tables"].items():
            content = self.files[f"tables/{name}.jsonl"]
            entry.update({"rows": content.count(b"\n"), **digested(content)})
        for path, entry in self.manifest["media"].items():
            entry.update(digested(self.files[f"media/{path}"]))

    def drop_table(self, name: str) -> None:
        """Leave a table out, of the manifest too."""
        del self.manifest["tables"][name], self.files[f"tables/{name}.jsonl"]

    def drop_columns(self, table: str, names: set[str]) -> None:
        """Leave columns out, of the manifest too."""
        columns = list(self.manifest["tables"][table]["columns"])
        kept = [place for place, column in enumerate(columns) if column not in names]
        rows = [[row[place] for place in kept] for row in self.rows(table)]
        self.manifest["tables"][table]["columns"] = {
            columns[place]: self.manifest["tables"][table]["columns"][columns[place]] for place in kept
        }
        self.replace_rows(table, rows)

    def add_column(self, table: str, name: str, kind: str, value: Any) -> None:
        """Put a column in at the end, with the same value in every row."""
        self.manifest["tables"][table]["columns"][name] = kind
        self.replace_rows(table, [[*row, value] for row in self.rows(table)])

    def write(self, path: Path) -> Path:
        """Put the parts together."""
        with ZipFile(path, "w", ZIP_DEFLATED) as archive:
            for name, content in self.files.items():
                archive.writestr(name, content, ZIP_STORED if name.startswith("media/") else ZIP_DEFLATED)
            archive.writestr("manifest.json", json.dumps(self.manifest))
        return path


def digested(content: bytes) -> dict[str, Any]:
    """Return size and digest as a manifest tells them."""
    return {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
