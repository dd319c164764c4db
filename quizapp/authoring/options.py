"""Options as rows of the editor's form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from string import ascii_lowercase
from typing import Any

from werkzeug.datastructures import MultiDict

from quizapp.authoring.forms import FEWEST_OPTIONS, MOST_OPTIONS, row_count
from quizapp.core.items import Item, MultipleChoice, Option, SingleChoice
from quizapp.errors import Invalid


def option_rows(form: Any, base: Item | None) -> list[tuple[int, Option]]:
    """Return the rows that say something by number, each with its option not weighed yet; the form is blamed for flaws.

    A row that came from `base` keeps its id, so that answers and statistics still find it.
    """
    known = {option.id: option for option in base.options} if isinstance(base, SingleChoice | MultipleChoice) else {}
    rows = []
    seen: set[str] = set()
    for row in range(row_count({"rows": form.rows.data or ""})):
        text, reason = form[f"option_{row}_text"].data or "", form[f"option_{row}_reason"].data or ""
        is_marked = f"option_{row}_is_right" in form and form[f"option_{row}_is_right"].data
        if not text and (reason or is_marked):
            form.blame(Invalid(f"option_{row}_text", "Write this option, or remove its row."))
        if not text:
            continue
        if text.casefold() in seen:
            form.blame(Invalid(f"option_{row}_text", "This option is there twice."))
        seen.add(text.casefold())
        rows.append((row, text, reason, form[f"option_{row}_id"].data or ""))
    if len(rows) < FEWEST_OPTIONS:
        form.blame(Invalid("option_0_text", "Write at least two options."))
    given = [option_id for *_, option_id in rows if option_id in known]
    fresh = _fresh_ids({*known, *given})
    taken: set[str] = set()
    options = []
    for row, text, reason, option_id in rows:
        if option_id in known and option_id not in taken:
            taken.add(option_id)
            option = replace(known[option_id], text=text, feedback=reason)
        else:
            option = Option(id=next(fresh), text=text, feedback=reason)
        options.append((row, option))
    return options


def weighed(base: Item | None, options: list[Option], right: set[str], gain: float, loss: float) -> tuple[Option, ...]:
    """Weigh the options: right ones `gain`, others `loss`.

    Where the right ones are those of `base`, options that stay keep their weight.
    """
    known: dict[str, float] = {}
    if isinstance(base, SingleChoice | MultipleChoice):
        known = {option.id: option.weight for option in base.options}
    is_same = right == {option_id for option_id, weight in known.items() if weight > 0}
    return tuple(
        replace(
            option,
            weight=known[option.id] if is_same and option.id in known else (gain if option.id in right else loss),
        )
        for option in options
    )


def fill_options(data: MultiDict[str, str], item: SingleChoice | MultipleChoice) -> None:
    """Show the options of an item as rows."""
    data["rows"] = str(len(item.options))
    for row, option in enumerate(item.options):
        data[f"option_{row}_id"] = option.id
        data[f"option_{row}_text"] = option.text
        data[f"option_{row}_reason"] = option.feedback
        if option.weight > 0 and isinstance(item, MultipleChoice):
            data[f"option_{row}_is_right"] = "y"
        if option.weight == 1 and isinstance(item, SingleChoice):
            data["right"] = str(row)


def rearrange(data: MultiDict[str, str], do: str) -> MultiDict[str, str]:
    """Return what was typed with an option row added or removed, or offered words put into the evidence."""
    data = MultiDict(data)
    action, _, which = do.partition("-")
    number = int(which) if which.isascii() and which.isdecimal() else -1
    rows = row_count(data)
    if action == "add":
        data["rows"] = str(min(rows + 1, MOST_OPTIONS))
    elif action == "remove" and 0 <= number < rows:
        _remove_row(data, number, rows)
    elif action == "use":
        lines = data.get("quote", "").splitlines()
        if 0 <= number < len(lines):
            lines[number] = data.get(f"offer_{number}", lines[number])
            data["quote"] = "\n".join(lines)
    return data


def _fresh_ids(taken: set[str]) -> Iterator[str]:
    letters = (letter for letter in ascii_lowercase if letter not in taken)
    yield from letters
    yield from (f"o{number}" for number in range(1000) if f"o{number}" not in taken)


def _remove_row(data: MultiDict[str, str], removed: int, rows: int) -> None:
    for part in ("id", "text", "reason", "is_right"):
        for row in range(removed, rows):
            _move(data, row + 1, row, part)
    right = data.get("right", "")
    if right == str(removed):
        del data["right"]
    elif right.isdecimal() and int(right) > removed:
        data["right"] = str(int(right) - 1)
    data["rows"] = str(max(rows - 1, FEWEST_OPTIONS))


def _move(data: MultiDict[str, str], old: int, new: int, part: str) -> None:
    value = data.get(f"option_{old}_{part}")
    if value is None:
        data.pop(f"option_{new}_{part}", None)
    else:
        data[f"option_{new}_{part}"] = value
