"""Seed files as they are written: TOML to passages with their items, without a database."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from quizapp.core.items import Item, locate, read_item
from quizapp.errors import Unreadable

_ITEM_HEADER = re.compile(r"\s*\[\[\s*items\s*\]\]\s*(?:#.*)?")


@dataclass(frozen=True)
class SeedFile:
    """One passage with its items, as its file says."""

    name: str
    topic: str
    slug: str
    heading: str
    note: str
    text: str
    key_facts: list[dict[str, Any]]  # {"text", "start", "end"}
    items: tuple[Item, ...]


def read_seed_files(folder: Path) -> list[SeedFile]:
    """Read `passages/*.toml` in name order. Raises Unreadable, naming the file and what is wrong.

    Ids are unique among all files, enemies are in their file, and evidence is found in the passage.
    """
    files = [_checked(path) for path in sorted((folder / "passages").glob("*.toml"))]
    homes: dict[str, str] = {}
    for file in files:
        for item in file.items:
            if (home := homes.setdefault(item.external_id, file.name)) != file.name:
                raise Unreadable(None, f"{file.name}.toml: item {item.external_id} is in {home}.toml already.")
    return files


def read_seed_text(content: str, name: str) -> SeedFile:
    """Read the content of one seed file; ids, enemies and evidence are left unchecked. Raises Unreadable."""
    try:
        data = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise Unreadable(None, f"it can't be read as TOML: {error}") from error
    text = _text(data, "text")
    return SeedFile(
        name=name,
        topic=_text(data, "topic"),
        slug=_text(data, "slug"),
        heading=_text(data, "heading"),
        note=_text(data, "note") if "note" in data else "",
        text=text,
        key_facts=[_key_fact(fact, text) for fact in _tables(data, "key_facts")],
        items=tuple(_read_seed_item(entry) for entry in _tables(data, "items")),
    )


def item_lines(content: str) -> list[int]:
    """Return the line, from 1, of each [[items]] header in the content of a seed file."""
    return [number for number, line in enumerate(content.splitlines(), 1) if _ITEM_HEADER.fullmatch(line)]


def _checked(path: Path) -> SeedFile:
    try:
        file = read_seed_text(path.read_text(encoding="utf-8"), path.stem)
        _check_ids(file)
        for item in file.items:
            _check_evidence(item, file.text)
    except (UnicodeDecodeError, OSError) as error:
        raise Unreadable(None, f"{path.name}: it can't be read as TOML: {error}") from error
    except Unreadable as error:
        raise Unreadable(None, f"{path.name}: {error.reason}") from error
    return file


def _text(table: Mapping[str, Any], name: str) -> str:
    value = table.get(name)
    if not isinstance(value, str) or not value.strip():
        raise Unreadable(None, f"“{name}” must be a text that is not empty.")
    return value


def _tables(data: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    entries = data.get(name, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise Unreadable(None, f"“{name}” must be tables, each under [[{name}]].")
    return entries


def _key_fact(fact: Mapping[str, Any], text: str) -> dict[str, Any]:
    span = locate(_text(fact, "quote"), text, fact.get("start"))
    return {"text": _text(fact, "text"), "start": span.start, "end": span.end}


def _read_seed_item(entry: Mapping[str, object]) -> Item:
    try:
        item = read_item(entry)
        _text(entry, "external_id")
    except Unreadable as error:
        raise Unreadable(None, f"item {entry.get('external_id', '?')}: {error.reason}") from error
    return item


def _check_ids(file: SeedFile) -> None:
    ids = [item.external_id for item in file.items]
    if twin := next((id_ for id_ in ids if ids.count(id_) > 1), ""):
        raise Unreadable(None, f"two items have the external_id {twin}.")
    for item in file.items:
        if lost := next((enemy for enemy in item.enemies if enemy not in ids), ""):
            raise Unreadable(None, f"item {item.external_id}: its enemy {lost} is not in this file.")


def _check_evidence(item: Item, text: str) -> None:
    try:
        for evidence in item.evidence:
            locate(evidence.quote, text, evidence.start)
    except Unreadable as error:
        raise Unreadable(None, f"item {item.external_id}: {error.reason}") from error
