"""Options as rows of the editor's form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from string import ascii_lowercase
from typing import Any

from werkzeug.datastructures import MultiDict

from quizapp.authoring.forms import FEWEST_OPTIONS
from quizapp.core.items import Item, MultipleChoice, Option, SingleChoice
from quizapp.errors import Invalid

Choices = SingleChoice | MultipleChoice
_SHARE = re.compile(r"-?\d{1,3}(?:[.,]\d{1,9})?")
_SLACK = 0.001  # of shares that don't come out even, as thirds


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


def weighed(form: Any, base: Item | None, rows: Sequence[tuple[int, Option]], right: set[str]) -> tuple[Option, ...]:
    """Weigh the options by the shares in the form, in per cent; the form is blamed for flaws.

    Without shares the one key of a single choice earns all and the rest nothing; of several, right ones earn alike and
    wrong ones take as much away in all. Where the right ones are those of `base`, weights that come to the same stay.
    """
    known = {option.id: option.weight for option in base.options} if isinstance(base, Choices) else {}
    is_same = right == {option_id for option_id, weight in known.items() if weight > 0}
    is_single = "right" in form
    weights: dict[str, float] = {}
    for is_right in (True, False):
        group = [(row, option) for row, option in rows if (option.id in right) == is_right]
        usual = _usual(len(group), is_right=is_right, is_single=is_single)
        shares = {option.id: _share(form, row, known.get(option.id)) for row, option in group}
        stays = is_same and _is_usual([known[option.id] for _, option in group if option.id in known], usual)
        for row, option in group:
            weight = shares[option.id]
            if weight is None:
                is_left_out = any(share is not None for share in shares.values())
                weight = 0.0 if is_left_out else known.get(option.id, usual) if stays else usual
            _check_share(form, row, weight, is_right=is_right, is_single=is_single)
            weights[option.id] = weight
    total = sum(weights[option_id] for option_id in right & weights.keys())
    if abs(total - 1) > _SLACK and not form.errors:
        first = next(row for row, option in rows if option.id in right)
        form.blame(
            Invalid(f"option_{first}_share", f"The right answers earn {100 * total:.4g} % in all. Make it 100 %.")
        )
    return tuple(replace(option, weight=weights[option.id]) for _, option in rows)


def fill_options(data: MultiDict[str, str], item: SingleChoice | MultipleChoice) -> None:
    """Show the options of an item as rows; shares only where they are not the usual ones."""
    data["rows"] = str(len(item.options))
    is_single = isinstance(item, SingleChoice)
    shown: set[bool] = set()
    for is_right in (True, False):
        group = [option.weight for option in item.options if _is_right(option, is_single=is_single) == is_right]
        if not _is_usual(group, _usual(len(group), is_right=is_right, is_single=is_single)):
            shown.add(is_right)
    for row, option in enumerate(item.options):
        is_right = _is_right(option, is_single=is_single)
        data[f"option_{row}_id"] = option.id
        data[f"option_{row}_text"] = option.text
        data[f"option_{row}_reason"] = option.feedback
        if is_right in shown and (option.weight or not is_single):
            data[f"option_{row}_share"] = _in_per_cent(option.weight)
        if is_right:
            data.update({"right": str(row)} if is_single else {f"option_{row}_is_right": "y"})
    if isinstance(item, MultipleChoice):
        data["choice_policy"] = item.choice_policy


def _is_right(option: Option, *, is_single: bool) -> bool:
    return option.weight == 1 if is_single else option.weight > 0


def _usual(number: int, *, is_right: bool, is_single: bool) -> float:
    if is_single:
        return float(is_right)
    return (1 if is_right else -1) / number if number else 0.0


def _is_usual(weights: Sequence[float], usual: float) -> bool:
    """Say whether weights come to the usual one; wrong ones without any share it alike when they are marked."""
    return all(abs(weight - usual) < _SLACK for weight in weights) or (usual <= 0 and not any(weights))


def _share(form: Any, row: int, known: float | None) -> float | None:
    text = (form[f"option_{row}_share"].data or "").replace("−", "-").removesuffix("%").strip()
    if not text:
        return None
    if known is not None and text == _in_per_cent(known):
        return known
    if not _SHARE.fullmatch(text):
        form.blame(Invalid(f"option_{row}_share", "Write a share as a number of per cent, for example 50 or -25."))
        return None
    return round(float(text.replace(",", ".")) / 100, 12)


def _check_share(form: Any, row: int, weight: float, *, is_right: bool, is_single: bool) -> None:
    name = f"option_{row}_share"
    if is_right and weight <= 0:
        form.blame(Invalid(name, "A right answer earns something. Give it a share above 0."))
    elif is_single and not is_right and weight >= 1:
        form.blame(Invalid(name, "Only the right answer earns all. Use less than 100 %."))
    elif not is_single and not is_right and weight > 0:
        form.blame(Invalid(name, "This option is not marked as right, so its share is 0 or below."))
    elif not -1 <= weight <= 1:
        form.blame(Invalid(name, "Use a share from -100 to 100."))


def _in_per_cent(weight: float) -> str:
    return f"{100 * weight:.10g}"


def _fresh_ids(taken: set[str]) -> Iterator[str]:
    letters = (letter for letter in ascii_lowercase if letter not in taken)
    yield from letters
    yield from (f"o{number}" for number in range(1000) if f"o{number}" not in taken)
