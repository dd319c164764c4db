"""Questions in a file under the linter, for the command line: no database."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from quizapp.authoring.seed_files import item_lines, read_seed_text
from quizapp.core.items import Item, read_item
from quizapp.core.linting import Finding, lint, lint_together
from quizapp.errors import Unreadable


@dataclass(frozen=True)
class LintedFile:
    """Items of one file that belong together; `lines` says where each begins, None where that is unknown."""

    name: str
    items: tuple[Item, ...]
    lines: tuple[int | None, ...]
    findings: tuple[tuple[int, Finding], ...]  # (index of the item, finding), in the order of the items


def lint_path(path: Path, file_format: str = "") -> list[LintedFile]:
    """Lint a file, or every TOML file of a folder in name order; `file_format` is toml, json or by the file's name.

    Raises Unreadable, naming the file.
    """
    paths = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    if not paths:
        raise Unreadable(None, f"{path}: There is no .toml file in this folder.")
    linted = []
    for file in paths:
        try:
            content = file.read_text(encoding="utf-8")
        except (UnicodeDecodeError, OSError) as error:
            raise Unreadable(None, f"{file}: The file can't be read as text.") from error
        linted.append(lint_text(content, str(file), file_format or ("toml" if file.suffix == ".toml" else "json")))
    return linted


def lint_text(content: str, name: str, file_format: str) -> LintedFile:
    """Lint the content of a file, toml or json. Raises Unreadable, naming the file."""
    try:
        if file_format == "toml":
            file = read_seed_text(content, Path(name).stem)
            items, passage, lines = file.items, file.text, item_lines(content)
        else:
            items, passage, lines = _read_json(content), None, []
    except Unreadable as error:
        raise Unreadable(None, f"{name}: {error.reason}") from error
    alone = [(place, finding) for place, item in enumerate(items) for finding in lint(item, passage)]
    found = sorted([*alone, *lint_together(items, passage)], key=lambda placed: placed[0])
    known = tuple(lines) if len(lines) == len(items) else (None,) * len(items)
    return LintedFile(name, items, known, tuple(found))


def as_json(files: Sequence[LintedFile]) -> dict[str, object]:
    """Return the findings as one JSON object, with the number of items looked at."""
    return {"items": sum(len(file.items) for file in files), "findings": [entry for _, entry in _entries(files)]}


def as_lines(files: Sequence[LintedFile]) -> Iterator[str]:
    """Give a line for each finding and one with the counts."""
    entries = list(_entries(files))
    for place, entry in entries:
        yield f"{place}: {entry['code']}: {entry['message']}"
    looked_at = _counted(sum(len(file.items) for file in files), "question")
    if not entries:
        yield f"{looked_at}, no findings."
        return
    severities = Counter(str(entry["severity"]) for _, entry in entries)
    names = (("error", "error"), ("warning", "warning"), ("info", "hint"))
    counts = ", ".join(_counted(severities[severity], name) for severity, name in names if severities[severity])
    yield f"{looked_at}, {_counted(len(entries), 'finding')}: {counts}."


def _entries(files: Sequence[LintedFile]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Give each finding with its place in words: file, line where known, and item."""
    for file in files:
        for index, finding in file.findings:
            item, line = file.items[index], file.lines[index]
            where = file.name if line is None else f"{file.name}:{line}"
            place = f"{where}: {item.external_id or f'question {index + 1}'}"
            about = {"file": file.name, "line": line, "item": index, "external_id": item.external_id}
            yield place, about | asdict(finding)


def _read_json(content: str) -> tuple[Item, ...]:
    try:
        data = json.loads(content)
    except (json.JSONDecodeError, RecursionError) as error:
        raise Unreadable(None, f"It can't be read as JSON: {error}.") from error
    if isinstance(data, dict) and "kind" not in data:
        data = data.get("items")
    entries = data if isinstance(data, list) else [data]
    items = []
    for number, entry in enumerate(entries, 1):
        try:
            items.append(read_item(entry))
        except Unreadable as error:
            raise Unreadable(None, f"question {number}: {error.reason}") from error
    return tuple(items)


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
