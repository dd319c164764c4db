"""Typed answers: whether what was typed means an accepted answer, and how alike the two are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from rapidfuzz.distance import OSA

from quizapp.core.grading.opposites import are_opposed
from quizapp.core.grading.spelling import one_spelling
from quizapp.core.grading.wording import plain_words, symbols_only
from quizapp.core.items import Accepted

_LETTERS_PER_SLIP = 6
_NEGATIONS = frozenset(["neither", "never", "no", "nobody", "none", "nor", "not", "nothing", "nowhere", "without"])
_WILDCARD = re.compile(r"(?<!\\)\*")
_ROMAN = re.compile(r"[ivxlcdm]+")


class Likeness(IntEnum):
    """How a typed answer resembles an accepted one, from the faintest to the closest."""

    ANYTHING = 1  # the accepted answer is a lone asterisk
    SLIP = 2
    PATTERN = 3
    SPELLING = 4
    SAME = 5


@dataclass(frozen=True)
class Match:
    """The accepted answer that was meant."""

    accepted: Accepted
    likeness: Likeness


def best_match(accepted: Sequence[Accepted], typed: str) -> Match | None:
    """Return the accepted answer most like the typed one, of equals the one of most weight; None without any."""
    matches = []
    for answer in accepted:
        likeness = compare(answer.text or "", typed)
        if likeness is not None:
            matches.append(Match(answer, likeness))
    return max(matches, key=lambda match: (match.likeness, match.accepted.weight), default=None)


def compare(key: str, typed: str) -> Likeness | None:
    """Return how the typed text resembles the key, or None when it means something else.

    Case, accents, punctuation, articles, number words and US or UK spelling don't matter. A word may have one slip (a
    letter wrong, missing, too many, or two swapped) per six letters of the key, but not where digits are, not
    towards its opposite, and never by leaving out a word.
    """
    if _WILDCARD.search(key):
        return _compare_pattern(key, typed)
    key = key.replace(r"\*", "*")
    keeps_a = _names_a(key)
    wanted, given = plain_words(key, keeps_a=keeps_a), plain_words(typed, keeps_a=keeps_a)
    if not wanted:
        return Likeness.SAME if symbols_only(key) == symbols_only(typed) else None
    if wanted == given:
        return Likeness.SAME
    if _same_but_for_spelling(wanted, given):
        return Likeness.SPELLING
    if len(wanted) == len(given) and all(map(_is_slip, wanted, given)):
        return Likeness.SLIP
    return None


def _names_a(key: str) -> bool:
    """Say whether an A in the key is a name, as in “vitamin A”, and so no article."""
    return re.search(r"(?<=\S\s)A\b", key) is not None and key != key.upper()


def _same_but_for_spelling(wanted: Sequence[str], given: Sequence[str]) -> bool:
    wanted, given = [one_spelling(word) for word in wanted], [one_spelling(word) for word in given]
    if wanted == given:
        return True
    # “Ice cream” and “icecream” are one word; “not able” and “notable”, or “1 11” and “11 1”, are not.
    return (
        "".join(wanted) == "".join(given)
        and _numbers(wanted) == _numbers(given)
        and _negations(wanted) == _negations(given)
    )


def _is_slip(wanted: str, given: str) -> bool:
    if wanted == given or one_spelling(wanted) == one_spelling(given):
        return True
    if _has_digit(wanted) or _has_digit(given) or _ROMAN.fullmatch(wanted) or {wanted, given} & _NEGATIONS:
        return False
    allowed = len(wanted) // _LETTERS_PER_SLIP
    slips = min(
        OSA.distance(wanted, given, score_cutoff=allowed),
        OSA.distance(one_spelling(wanted), one_spelling(given), score_cutoff=allowed),
    )
    return slips <= allowed and not are_opposed(wanted, given)


def _compare_pattern(key: str, typed: str) -> Likeness | None:
    pieces = [_piece(piece) for piece in _WILDCARD.split(key)]
    given = plain_words(typed)
    if not any(piece.strip() for piece in pieces):
        return Likeness.ANYTHING if typed.strip() else None
    wanted_negations = _negations(" ".join(pieces).split())
    if _negations(given) != wanted_negations:
        return None
    spelled = " ".join(one_spelling(word) for word in given)
    return Likeness.PATTERN if _holds(" ".join(given), pieces) or _holds(spelled, pieces) else None


def _piece(raw: str) -> str:
    words = " ".join(plain_words(raw))
    return f"{' ' * raw.startswith(' ')}{words}{' ' * raw.endswith(' ')}" if words else ""


def _holds(text: str, pieces: Sequence[str]) -> bool:
    """Say whether the text begins with the first piece, ends with the last and has the others between, in order."""
    first, *middle, last = pieces
    if not text.startswith(first) or len(text) < len(first) + len(last) or not text.endswith(last):
        return False
    place, end = len(first), len(text) - len(last)
    for piece in middle:
        found = text.find(piece, place, end)
        if found < 0:
            return False
        place = found + len(piece)
    return True


def _negations(words: Sequence[str]) -> Counter[str]:
    return Counter(word for word in words if word in _NEGATIONS)


def _numbers(words: Sequence[str]) -> list[str]:
    return re.findall(r"\d+", " ".join(words))


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)
