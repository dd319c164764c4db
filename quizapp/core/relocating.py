"""Finding words again in another wording of a text: exactly, else folded, else nearly and without doubt."""

from __future__ import annotations

import re
from difflib import SequenceMatcher

from rapidfuzz import fuzz

NEAR = 92.0  # partial ratio (0..100) of words that are taken for the same without asking
_FOLD = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "−": "-", "\u00a0": " "})
_TURNING = re.compile(r"\d+(?:[.,:]\d+)*|\b(?:no|not|never|none|neither|nor|without|cannot)\b|n['’]t\b", re.IGNORECASE)
_NAME = re.compile(r"\b[A-Z][\w’'-]*")


def relocate(quote: str, start: int, old: str, new: str) -> tuple[int, int] | None:
    """Return where the words at `start` of the old text stand in the new one, in code points; None when in doubt."""
    places = [found.start() for found in re.finditer(f"(?={re.escape(quote)})", new)]
    if len(places) == 1:
        return places[0], places[0] + len(quote)
    if places:
        moved = _moved(start, old, new)
        return (moved, moved + len(quote)) if moved in places else None
    return find_folded(quote, new) or find_near(quote, new)


def find_folded(quote: str, text: str) -> tuple[int, int] | None:
    """Return the one place where the words stand but for quotes, dashes, letter case and white space."""
    folded, places = fold(text)
    wanted = fold(quote)[0].strip()
    at = folded.find(wanted) if wanted else -1
    if at < 0 or folded.find(wanted, at + 1) >= 0:
        return None
    return places[at], places[at + len(wanted) - 1] + 1


def find_near(quote: str, text: str, least: float = NEAR, *, same_names: bool = False) -> tuple[int, int] | None:
    """Return the one place whose words resemble the quote, with the same numbers and negations, by whole words."""
    found = _alignment(quote, text, least)
    if found is None:
        return None
    start, end = found
    if _alignment(quote, text[:start], least) or _alignment(quote, text[end:], least):
        return None
    if _turning(quote) != _turning(text[start:end]) or (same_names and _names(quote) != _names(text[start:end])):
        return None
    return start, end


def fold(text: str) -> tuple[str, list[int]]:
    """Fold case, quotes, dashes and white space; the list says where each character left stood."""
    characters: list[str] = []
    places: list[int] = []
    for place, character in enumerate(text.translate(_FOLD)):
        # Folding may make two characters of one; each keeps the place of its origin.
        for part in " " if character.isspace() else character.casefold():
            if part == " " and characters[-1:] == [" "]:
                continue
            characters.append(part)
            places.append(place)
    return "".join(characters), places


def _alignment(quote: str, text: str, least: float) -> tuple[int, int] | None:
    if len(text) < len(quote) / 2:
        return None
    found = fuzz.partial_ratio_alignment(quote, text, score_cutoff=least)
    if found is None or found.score < least:
        return None
    start, end = found.dest_start, found.dest_end
    while start > 0 and text[start - 1].isalnum() and text[start : start + 1].isalnum():
        start -= 1
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    while start < end and not (text[start].isalnum() or text[start] in quote[:1]):
        start += 1
    while end > start and not (text[end - 1].isalnum() or text[end - 1] in quote[-1:]):
        end -= 1
    return (start, end) if start < end else None


def _moved(start: int, old: str, new: str) -> int | None:
    for block in SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks():
        if block.a <= start < block.a + block.size:
            return block.b + start - block.a
    return None


def _turning(text: str) -> list[str]:
    return sorted(found.lower().replace("’", "'") for found in _TURNING.findall(text))


def _names(text: str) -> list[str]:
    return sorted(_NAME.findall(text))
