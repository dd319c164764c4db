"""Flaws of matching and ordering: lists that solve themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from quizapp.core.items import Matching, Ordering
from quizapp.core.linting.findings import Finding, flaw
from quizapp.core.linting.sequences import place_in_time_or_size
from quizapp.core.linting.subjects import Subject
from quizapp.core.linting.wording import quoted

_SEQUENCE_WORD = re.compile(
    r"(?:\W*)(?:first|firstly|second|secondly|third|thirdly|fourth|fifth|next|then|later|afterwards?|finally|lastly"
    r"|initially|originally|eventually|at first|at last|in the end|to begin with|before that|after that"
    r"|step \d+|stage \d+|phase \d+|\d{1,2}[.):])(?!\w)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:1\d|20)\d\d\b")


def matching_lists(subject: Subject) -> Iterator[Finding]:
    """Find a matching whose last pair is left over, whose right sides repeat, or that mixes numbers with words."""
    if not isinstance(subject.item, Matching):
        return
    pairs = subject.item.pairs
    rights = [pair.right.strip().casefold() for pair in pairs]
    for place, right in enumerate(rights):
        if right in rights[:place]:
            message = f"{quoted([pairs[place].right])} stands on the right twice. Give each right side once."
            yield flaw("repeated-right", message, f"pairs.{place}")
    if len(set(rights)) == len(rights) and all(pair.left is not None for pair in pairs):
        message = "Both lists are equally long, so the last pair is left over. Add a right side that fits none."
        yield flaw("equal-lists", message, "pairs")
    for side in ([pair.left for pair in pairs if pair.left], [pair.right for pair in pairs]):
        if odd := _of_another_type(side):
            message = f"{quoted([odd])} is of another type than the rest of its list. Keep a list to one type."
            yield flaw("mixed-types", message, "pairs")


def telling_order(subject: Subject) -> Iterator[Finding]:
    """Find entries whose own words, dates or numbers tell where they belong."""
    if not isinstance(subject.item, Ordering):
        return
    order = subject.item.order
    for place, entry in enumerate(order):
        if found := _SEQUENCE_WORD.match(entry):
            message = f"{quoted([found[0].strip()])} tells where the entry belongs. Leave it out."
            yield flaw("order-given-away", message, f"order.{place}")
    dated = [(place, _YEAR.search(entry)) for place, entry in enumerate(order)]
    years = [(place, found[0]) for place, found in dated if found]
    if len({year for _, year in years}) > 1:
        message = f"The years {quoted(year for _, year in years)} tell the order. Leave them out."
        yield flaw("order-given-away", message, f"order.{years[0][0]}")


RULES = (matching_lists, telling_order)


def _of_another_type(texts: Sequence[str]) -> str:
    counted = [place_in_time_or_size(text) is not None for text in texts]
    if all(counted) or not any(counted):
        return ""
    return texts[counted.index(sum(counted) * 2 <= len(counted))]
