"""Items without a flaw, to plant one in each."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from quizapp.core.items import (
    Accepted,
    Cloze,
    Evidence,
    Flashcard,
    Gap,
    Item,
    Matching,
    Option,
    Ordering,
    Pair,
    ShortAnswer,
    SingleChoice,
    TrueFalse,
)
from quizapp.core.linting import Finding, lint

PASSAGE = (
    "The harbour of Senna grew quickly after the railway arrived in 1871. It brought coal, timber, and wool to the "
    "docks. The town council may widen the old canal, but it has not agreed on the cost. Fishermen fear that a wider "
    "canal could harm the salt marshes, where herring spawn. President Ostrova accused smugglers of attacking boats "
    "from Norway."
)
COST = (Evidence(quote="it has not agreed on the cost"),)
CARGO = (Evidence(quote="It brought coal, timber, and wool to the docks"),)
MARSHES = (Evidence(quote="could harm the salt marshes, where herring spawn"),)
WHY = "The sentence about it says so."


def choice(*texts: str, key: int = 0, **changes: Any) -> SingleChoice:
    """Make a choice of these options with its key at an index; other fields are sound unless changed."""
    item = SingleChoice(
        stem="According to the passage, what did the council leave open?",
        options=options(*texts, key=key),
        bloom="understand",
        feedback=WHY,
        evidence=COST,
        external_id="q1",
    )
    return replace(item, **changes)


def options(*texts: str, key: int = 0) -> tuple[Option, ...]:
    """Make options with reasons, the key at an index."""
    return tuple(
        Option(
            id="abcdefgh"[place],
            text=text,
            weight=float(place == key),
            feedback=WHY,
            misconception="" if place == key else "reads too fast",
        )
        for place, text in enumerate(texts)
    )


def sound(**changes: Any) -> SingleChoice:
    """Make an item without any finding on PASSAGE, apart from what is changed."""
    return choice("The price of the work", "The width of the docks", "The name of the port", **changes)


def typed(stem: str, *answers: str, **changes: Any) -> ShortAnswer:
    """Make a short answer."""
    fields: dict[str, Any] = {"bloom": "remember", "feedback": WHY, "evidence": CARGO}
    return ShortAnswer(stem=stem, accepted=tuple(Accepted(text=answer) for answer in answers), **fields | changes)


def statement(stem: str, *, is_true: bool = True, **changes: Any) -> TrueFalse:
    """Make a true/false item."""
    judged = tuple(
        Option(
            id=id_,
            text=id_.title(),
            weight=float((id_ == "true") == is_true),
            feedback=WHY,
            misconception="" if (id_ == "true") == is_true else "reads too fast",
        )
        for id_ in ("true", "false")
    )
    fields: dict[str, Any] = {"bloom": "understand", "feedback": WHY, "evidence": COST}
    return TrueFalse(stem=stem, options=judged, **fields | changes)


def cloze(stem: str, *gaps: Gap | str, **changes: Any) -> Cloze:
    """Make a cloze; a text stands for a typed gap with that key."""
    made = tuple(Gap(kind="typed", accepted=(Accepted(text=gap),)) if isinstance(gap, str) else gap for gap in gaps)
    fields: dict[str, Any] = {"bloom": "remember", "feedback": WHY, "evidence": CARGO}
    return Cloze(stem=stem, gaps=made, **fields | changes)


def card(stem: str, answer: str, **changes: Any) -> Flashcard:
    """Make a flashcard."""
    fields: dict[str, Any] = {"bloom": "remember", "feedback": WHY, "evidence": CARGO}
    return Flashcard(stem=stem, answer=answer, **fields | changes)


def matching(*pairs: tuple[str | None, str], **changes: Any) -> Matching:
    """Make a matching; a pair without a left side is a distractor."""
    fields: dict[str, Any] = {"bloom": "understand", "feedback": WHY, "evidence": MARSHES}
    stem = "Match each of these with what the passage says of it."
    return Matching(stem=stem, pairs=tuple(Pair(left=left, right=right) for left, right in pairs), **fields | changes)


def ordering(*order: str, **changes: Any) -> Ordering:
    """Make an ordering."""
    fields: dict[str, Any] = {"bloom": "analyse", "feedback": WHY, "evidence": CARGO + COST}
    stem = "Put these in the order in which the passage presents them."
    return Ordering(stem=stem, order=order, **fields | changes)


def codes(item: Item, passage: str | None = PASSAGE) -> set[str]:
    """Return the codes of an item's findings."""
    return {finding.code for finding in lint(item, passage)}


def only(item: Item, code: str, passage: str | None = PASSAGE) -> Finding:
    """Return the one finding of this code."""
    (finding,) = (finding for finding in lint(item, passage) if finding.code == code)
    return finding
