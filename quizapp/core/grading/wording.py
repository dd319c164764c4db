"""A typed text as plain words: without case, accents, punctuation and articles, numbers as digits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from quizapp.core.grading.numerals import numbers_as_digits

_LATIN_WITHOUT_MARKS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"}
)
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ`´", "'") | {"−": "-"})

# In order: each sees what the one before left.
_REWRITES: list[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]] = [
    (re.compile(r"\b(?:can't|cannot)\b"), "can not"),
    (re.compile(r"\bwon't\b"), "will not"),
    (re.compile(r"n't\b"), " not"),
    (re.compile(r"\b(are|could|did|do|does|had|has|have|is|must|should|was|were|would)nt\b"), r"\1 not"),
    (re.compile(r"(?<=\d)'s\b"), "s"),
    (re.compile(r"'s\b|'"), ""),
    (re.compile(r"\b((?:[^\W\d_]\.){2,})"), lambda found: found[1].replace(".", "")),  # U.S.A.
    (re.compile(r"(?<![\d.,])\d{1,3}(?:[, ]\d{3})+(?![\d])"), lambda found: re.sub(r"[, ]", "", found[0])),  # 1,000,000
    (re.compile(r"(?<=\d),(?=\d)"), "."),  # 3,14
    (re.compile(r"%|\bper cent\b"), " percent "),
    (re.compile(r"&"), " and "),
    (re.compile(r"\b(\d+)(?:st|nd|rd|th)\b"), r"\1th"),
    (re.compile(r"(?<![^\W_])(\d+(?:\.\d+)?)(?!th\b)([^\W\d_])"), r"\1 \2"),  # 5km
]


def plain_words(text: str, *, keeps_a: bool = False) -> list[str]:
    """Return the words that carry the meaning, in order; with `keeps_a`, “a” and “an” are among them."""
    text = unicodedata.normalize("NFKC", text).casefold().translate(_APOSTROPHES)
    text = _without_accents(text)
    for pattern, written in _REWRITES:
        text = pattern.sub(written, text)
    words = _separated(text).split()
    articles = {"the"} if keeps_a else {"the", "a", "an"}
    # A last “a” is no article but a name or a letter.
    words = [word for word in words[:-1] if word not in articles] + words[-1:]
    return numbers_as_digits(words)


def symbols_only(text: str) -> str:
    """Return a text that is all symbols in one form, without spaces."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _without_accents(text: str) -> str:
    """Take the accents off Latin and Greek letters; in other scripts a mark makes another letter."""
    kept = []
    base = ""
    for character in unicodedata.normalize("NFD", text):
        if unicodedata.category(character) != "Mn":
            base = character
            kept.append(character)
        elif not (base < "\u0250" or "\u0370" <= base <= "\u03ff" or "\u1e00" <= base <= "\u1fff"):
            kept.append(character)
    return unicodedata.normalize("NFC", "".join(kept)).translate(_LATIN_WITHOUT_MARKS)


def _separated(text: str) -> str:
    """Put a space for all punctuation but a decimal point, a minus sign, and the signs of C++ and C#."""
    kept = []
    for place, character in enumerate(text):
        before, after = text[place - 1 : place], text[place + 1 : place + 2]
        is_sign = (
            (character == "." and before.isdigit() and after.isdigit())
            or (character == "-" and after.isdigit() and not before.isalnum())
            or (character in "+#" and (before.isalpha() or (before == "+" and text[place - 2 : place - 1].isalpha())))
        )
        is_letter = character.isalnum() or unicodedata.category(character).startswith("M")
        kept.append(character if is_letter or is_sign else " ")
    return "".join(kept)
