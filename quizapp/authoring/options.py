"""Options as rows of the editor's form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from string import ascii_lowercase
from typing import Any

from werkzeug.datastructures import MultiDict

from quizapp.authoring.forms import FEWEST_OPTIONS
from quizapp.core.items import Item, MultipleChoice, Option, SingleChoice
from quizapp.errors import Invalid


def option_rows(form: Any, base: Item | None) -> list[tuple[int, Option]]:
    """Return the rows that say something by number, each with its option not weighed yet; the form is blamed for flaws.

    A row that came from `base` keeps its id, so that answers and statistics still find it.
    """
    known = {option.id: option for option in base.options} if isinstance(base, SingleChoice | MultipleChoice) else {}
    rows = []
    seen: set[str] = set()
    for row in form.row_numbers:
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


def _fresh_ids(taken: set[str]) -> Iterator[str]:
    letters = (letter for letter in ascii_lowercase if letter not in taken)
    yield from letters
    yield from (f"o{number}" for number in range(1000) if f"o{number}" not in taken)
