"""Rows of the editor's form, whatever their kind: added, removed, moved, with what was typed in them."""

from __future__ import annotations

from werkzeug.datastructures import MultiDict

from quizapp.authoring.forms import FEWEST_OPTIONS, MOST_OPTIONS, ROWS, row_count

Data = MultiDict[str, str]


def rearrange(data: Data, kind: str, do: str) -> Data:
    """Return what was typed with a row added, removed or moved, or offered words put into the evidence."""
    data = MultiDict(data)
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
    elif action in ("up", "down") and 0 <= number < rows:
        other = number + (1 if action == "down" else -1)
        if 0 <= other < rows:
            _swap(data, kind, number, other)
    return data


def _remove(data: Data, kind: str, removed: int, rows: int) -> None:
    for row in range(removed, rows - 1):
        _swap(data, kind, row, row + 1)
    for part in _parts(kind, rows - 1):
        data.pop(part, None)
    if data.get("right") == str(rows - 1):
        del data["right"]
    data["rows"] = str(max(rows - 1, FEWEST_OPTIONS))


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
