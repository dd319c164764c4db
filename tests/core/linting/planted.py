"""Items without a flaw, to plant one in each."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from quizapp.core.items import Evidence, Item, Option, SingleChoice
from quizapp.core.linting import Finding, lint

PASSAGE = (
    "The harbour of Senna grew quickly after the railway arrived in 1871. It brought coal, timber, and wool to the "
    "docks. The town council may widen the old canal, but it has not agreed on the cost. Fishermen fear that a wider "
    "canal could harm the salt marshes, where herring spawn. President Ostrova accused smugglers of attacking boats."
)


def choice(*texts: str, key: int = 0, **changes: Any) -> SingleChoice:
    """Make a choice of these options with its key at an index; other fields are sound unless changed."""
    options = tuple(
        Option(
            id="abcdefgh"[place],
            text=text,
            weight=float(place == key),
            feedback="The passage settles this in its first sentence.",
            misconception="" if place == key else "reads too fast",
        )
        for place, text in enumerate(texts)
    )
    item = SingleChoice(
        stem="According to the passage, what did the council leave open?",
        options=options,
        bloom="understand",
        feedback="The council has not agreed on it yet.",
        evidence=(Evidence(quote="it has not agreed on the cost"),),
        external_id="q1",
    )
    return replace(item, **changes)


def sound() -> SingleChoice:
    """Make an item without any finding on PASSAGE."""
    return choice("The price of the work", "The width of the docks", "The name of the port")


def codes(item: Item, passage: str | None = PASSAGE) -> set[str]:
    """Return the codes of an item's findings."""
    return {finding.code for finding in lint(item, passage)}


def only(item: Item, code: str, passage: str | None = PASSAGE) -> Finding:
    """Return the one finding of this code."""
    (finding,) = (finding for finding in lint(item, passage) if finding.code == code)
    return finding
