"""Pictures and sounds as rows of the editor's form: added, described, removed and put back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FileField, HiddenField, TextAreaField
from wtforms.validators import Length

from quizapp.core.items import Item, Media
from quizapp.core.media import is_stored_name
from quizapp.errors import Invalid

MOST_FILES = 4  # of a question
_DETACHED = "detached_"  # begins the names of the fields that keep a removed row
_PARTS = ("name", "alt", "is_decorative")
Data = MultiDict[str, str]


@dataclass(frozen=True)
class Detached:
    """A file just removed, with its row as fields of the form."""

    noun: str
    values: Mapping[str, str]


def file_fields(data: Data) -> dict[str, Any]:
    """Return the fields for the files that the form holds, and for one more."""
    fields: dict[str, Any] = {"file": FileField("File"), "file_numbers": range(len(_rows(data)))}
    long = Length(max=2000, message="Use at most 2000 characters.")
    for number, row in enumerate(_rows(data)):
        fields[f"media_{number}_name"] = HiddenField()
        if noun_of(row["name"]) == "Picture":
            fields[f"media_{number}_alt"] = TextAreaField("What the picture shows", [long])
            fields[f"media_{number}_is_decorative"] = BooleanField("It is decoration")
        else:
            fields[f"media_{number}_alt"] = TextAreaField("What is heard, word for word", [long])
    return fields


def attach(data: Data, name: str) -> int:
    """Add a file to the form's rows and return its number. Raises Invalid for "file" when there is no room for it."""
    rows = _rows(data)
    if name in (names := [row["name"] for row in rows]):
        return names.index(name)
    if len(rows) >= MOST_FILES:
        raise Invalid("file", f"A question has room for {MOST_FILES} pictures and sounds. Remove one first.")
    _write(data, [*rows, {"name": name}])
    return len(rows)


def rearrange_files(data: Data, do: str) -> Detached | None:
    """Remove a row, and return it, or put the removed one back, as the button says; change nothing for any other."""
    rows = _rows(data)
    removed = {part: data.pop(_DETACHED + part, "") for part in _PARTS}
    action, _, which = do.partition("-")
    if action == "reattach" and is_stored_name(removed["name"]) and len(rows) < MOST_FILES:
        _write(data, [*rows, removed])
    if action != "detach" or which not in map(str, range(len(rows))):
        return None
    gone = rows.pop(int(which))
    _write(data, rows)
    return Detached(noun_of(gone["name"]), {_DETACHED + part: value for part, value in gone.items()})


def read_files(form: Any, base: Item | None, found: Mapping[str, Media]) -> tuple[Media, ...]:
    """Return the files as the item names them, those of another program first; the form is blamed for flaws.

    `found` holds the stored files by name.
    """
    media = [file for file in base.media if not is_stored_name(file.name)] if base is not None else []
    for number in form.file_numbers:
        alt = form[f"media_{number}_alt"]
        file = found.get(form[f"media_{number}_name"].data)
        if file is None:
            form.blame(Invalid(alt.name, "This file is not here any more. Remove it and add it again."))
            continue
        is_decorative = file.kind == "image" and bool(form[f"media_{number}_is_decorative"].data)
        if not is_decorative and not alt.data:
            form.blame(Invalid(alt.name, _MISSING[file.kind]))
        media.append(replace(file, alt="" if is_decorative else alt.data or "", is_decorative=is_decorative))
    return tuple(media)


def fill_files(data: Data, item: Item) -> None:
    """Show the files of an item as rows."""
    shown = [file for file in item.media if is_stored_name(file.name)]
    _write(data, [
        {"name": file.name, "alt": file.alt, **({"is_decorative": "y"} if file.is_decorative else {})}
        for file in shown
    ])  # fmt: skip


def file_names(data: Data) -> list[str]:
    """Return the names of the files that the form holds."""
    return [row["name"] for row in _rows(data)]


def noun_of(name: str) -> str:
    """Return what a page calls a stored file."""
    return "Picture" if name.endswith(".webp") else "Sound"


_MISSING = {
    "image": "Say what the picture shows, for those who can’t see it; or mark it as decoration.",
    "audio": "Write down what is heard, for those who can’t hear it.",
}


def _rows(data: Data) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    for number in range(MOST_FILES):
        name = data.get(f"media_{number}_name", "")
        if is_stored_name(name) and name not in (row["name"] for row in rows):
            rows.append({part: data[key] for part in _PARTS if (key := f"media_{number}_{part}") in data})
    return rows


def _write(data: Data, rows: Sequence[Mapping[str, str]]) -> None:
    for number in range(MOST_FILES):
        for part in _PARTS:
            data.pop(f"media_{number}_{part}", None)
    for number, row in enumerate(rows):
        for part, value in row.items():
            if value:
                data[f"media_{number}_{part}"] = value
