"""Pairs and entries as rows of the editor's form."""

from __future__ import annotations

from typing import Any

from werkzeug.datastructures import MultiDict

from quizapp.core.items import Matching, Ordering, Pair
from quizapp.errors import Invalid


def written_pairs(form: Any) -> tuple[Pair, ...]:
    """Return the rows that say something as pairs; one without a left side is an answer that fits none.

    The form is blamed for flaws.
    """
    pairs = []
    lefts: set[str] = set()
    for row in form.row_numbers:
        left, right = form[f"pair_{row}_left"].data or "", form[f"pair_{row}_right"].data or ""
        if left and not right:
            form.blame(Invalid(f"pair_{row}_right", "Write what belongs to it, or remove its row."))
        if left and left.casefold() in lefts:
            form.blame(Invalid(f"pair_{row}_left", "This left side is there twice."))
        lefts.add(left.casefold())
        if right:
            pairs.append((row, Pair(left=left or None, right=right)))
    if sum(pair.left is not None for _, pair in pairs) < 2:
        form.blame(Invalid("pair_0_left", "Write at least two left sides with what belongs to them."))
    used = {pair.right for _, pair in pairs if pair.left is not None}
    for row, pair in pairs:
        if pair.left is None and pair.right in used:
            form.blame(Invalid(f"pair_{row}_right", "This belongs to a left side already, so it can’t fit none."))
    return tuple(pair for _, pair in pairs)


def written_entries(form: Any) -> tuple[str, ...]:
    """Return the entries in their order; the form is blamed for flaws."""
    entries: list[str] = []
    for row in form.row_numbers:
        text = form[f"entry_{row}_text"].data or ""
        if text.casefold() in (entry.casefold() for entry in entries):
            form.blame(Invalid(f"entry_{row}_text", "This entry is there twice."))
        if text:
            entries.append(text)
    if len(entries) < 2:
        form.blame(Invalid("entry_0_text", "Write at least two entries."))
    return tuple(entries)


def fill_lists(data: MultiDict[str, str], item: Matching | Ordering) -> None:
    """Show the pairs or entries of an item as rows."""
    if isinstance(item, Matching):
        data["rows"] = str(len(item.pairs))
        for row, pair in enumerate(item.pairs):
            data[f"pair_{row}_left"] = pair.left or ""
            data[f"pair_{row}_right"] = pair.right
    else:
        data["rows"] = str(len(item.order))
        for row, entry in enumerate(item.order):
            data[f"entry_{row}_text"] = entry
