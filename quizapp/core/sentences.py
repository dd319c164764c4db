"""Where the sentences of a passage begin and end."""

from __future__ import annotations

import re
from collections.abc import Sequence

# A stop, perhaps a closing quote or bracket, then space before a capital, a digit or an opening quote; or a blank line.
_STOP = re.compile(r"[.!?…][\"'”’)\]]*(?=\s+[\"'“‘(\[]?[A-Z0-9])|\S(?=[ \t]*\n\s*\n)")
_ABBREVIATED = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|St|Gen|Col|Sen|Rep|Gov|No|vs|etc|e\.g|i\.e|cf|approx|Jan|Feb|Mar|Apr|Jun|Jul|Aug"
    r"|Sept|Sep|Oct|Nov|Dec)|(?<!°)\b[A-Z]|\b(?:[A-Z]\.)+[A-Z])\.$"
)
_LIST_NUMBER = re.compile(r"\d{1,2}\.")
_UNIT = re.compile(r"\d (?:in|ft|oz|lb)\.$")  # 4.8 in. (12.2 cm)


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Return (start, end) of each sentence in code points, without the space between them; blank text has none."""
    spans = []
    start = 0
    for stop in _STOP.finditer(text):
        if not _is_inside(text, start, stop):
            spans.append((start, stop.end()))
            start = stop.end()
    spans.append((start, len(text)))
    return [trimmed for trimmed in (_trimmed(text, *span) for span in spans) if trimmed[0] < trimmed[1]]


def sentences_around(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the sentences that the given spans touch, in order."""
    return [
        (start, end)
        for start, end in sentence_spans(text)
        if any(begin < end and stop > start for begin, stop in spans)
    ]


def _is_inside(text: str, start: int, stop: re.Match[str]) -> bool:
    """Say whether a stop belongs to an abbreviation, to a number in a list, or to a unit before a bracket."""
    end = stop.start() + 1
    if _ABBREVIATED.search(text, start, end) or _LIST_NUMBER.fullmatch(text[start:end].strip()):
        return True
    return text[end:].lstrip().startswith("(") and _UNIT.search(text, start, end) is not None


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
