"""Rows of the editor's form, whatever their kind: added, removed, moved, with what was typed in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from quizapp.authoring.forms import FEWEST_OPTIONS, MOST_OPTIONS, MOST_ROWS, ROWS, row_count

Data = MultiDict[str, str]
_GONE = "gone_"  # begins the names of the fields that keep a removed row


@dataclass(frozen=True)
class Gone:
    """A row just removed (from 0), with what stood in it as fields of the form."""

    row: int
    values: Mapping[str, str]


def rearrange(data: Data, kind: str, do: str) -> Data:
    """Return what was typed with a row added, removed, put back or moved, or offered words put into the evidence."""
    data = MultiDict(data)
    was_gone = {name: data.pop(name) for name in list(data) if name.startswith(_GONE)}
    action, _, which = do.partition("-")
    number = int(which) if which.isascii() and which.isdecimal() and len(which) < 4 else -1
    rows = row_count(data)
    if action == "use":
        lines = data.get("quote", "").splitlines()
        if 0 <= number < len(lines):
            lines[number] = data.get(f"offer_{number}", lines[number])
            data["quote"] = "\n".join(lines)
    elif action == "add":
        data["rows"] = str(min(rows + 1, MOST_OPTIONS))
    elif action == "remove" and 0 <= number < rows:
        _remove(data, kind, number, rows)
    elif action == "restore":
        _restore(data, kind, was_gone, rows)
    elif action in ("up", "down") and 0 <= number < rows:
        other = number + (1 if action == "down" else -1)
        if 0 <= other < rows:
            _swap(data, kind, number, other)
    return data


def gone(data: Data) -> Gone | None:
    """Return the row that `rearrange` removed, or None."""
    row = data.get(_GONE + "row", "")
    if not row.isdecimal():
        return None
    return Gone(int(row), {name: data[name] for name in data if name.startswith(_GONE)})


def _remove(data: Data, kind: str, removed: int, rows: int) -> None:
    for row in range(removed, rows - 1):
        _swap(data, kind, row, row + 1)
    data[_GONE + "row"] = str(removed)
    for number, part in enumerate(_parts(kind, rows - 1)):
        if (value := data.pop(part, None)) is not None:
            data[f"{_GONE}{number}"] = value
    if data.get("right") == str(rows - 1):
        data[_GONE + "right"] = data.pop("right")
    data["rows"] = str(max(rows - 1, FEWEST_OPTIONS))


def _restore(data: Data, kind: str, was_gone: Mapping[str, str], rows: int) -> None:
    place = was_gone.get(_GONE + "row", "")
    if rows >= MOST_ROWS or not place.isascii() or not place.isdecimal() or len(place) > 3:
        return
    for number, part in enumerate(_parts(kind, rows)):
        if (value := was_gone.get(f"{_GONE}{number}")) is not None:
            data[part] = value
    if _GONE + "right" in was_gone and "right" not in data:
        data["right"] = str(rows)
    data["rows"] = str(rows + 1)
    for row in range(rows, int(place), -1):
        _swap(data, kind, row, row - 1)


def _swap(data: Data, kind: str, one: int, other: int) -> None:
    for first, second in zip(_parts(kind, one), _parts(kind, other), strict=True):
        values = data.get(first), data.get(second)
        for name, value in zip((second, first), values, strict=True):
            data.pop(name, None)
            if value is not None:
                data[name] = value
    swapped = {str(one): str(other), str(other): str(one)}
    if "right" in data and kind == "single_choice":
        data["right"] = swapped.get(data["right"], data["right"])


def _parts(kind: str, row: int) -> list[str]:
    name, parts = ROWS.get(kind, ("", ()))
    return [f"{name}_{row}_{part}" for part in parts]
