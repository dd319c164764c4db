"""Number words as digits: “twenty-one” as 21, “the first” as 1th, “nineteen ninety-one” as 1991."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

_UNITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = ("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
_SMALL = {word: value for value, word in enumerate((*_UNITS, "ten", *_TEENS))}
_ROUND = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_TENS = {word: 10 * value for value, word in enumerate(_ROUND, 2)}
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_IRREGULAR = {"first": 1, "second": 2, "third": 3, "fifth": 5, "eighth": 8, "ninth": 9, "twelfth": 12}
_ORDINALS = (
    _IRREGULAR
    | {f"{word}th": value for word, value in _SMALL.items() if value not in {0, *_IRREGULAR.values()}}
    | {f"{word[:-1]}ieth": value for word, value in _TENS.items()}
)
_DIGITS = re.compile(r"\d+(?:\.\d+)?")


def numbers_as_digits(words: Sequence[str]) -> list[str]:
    """Return the words with each run of number words as one number; ordinals end in “th”."""
    written: list[str] = []
    place = 0
    while place < len(words):
        number = _Number()
        after = number.read(words, place)
        written.append(words[place] if after == place else str(number))
        place = max(after, place + 1)
    return _with_minus_signs(written)


def _with_minus_signs(words: Sequence[str]) -> list[str]:
    written: list[str] = []
    for word in words:
        if written[-1:] == ["minus"] and _DIGITS.fullmatch(word):
            written[-1] = f"-{word}"
        else:
            written.append(word)
    return written


def _in_full(value: Fraction) -> str:
    """Return a number that was written in decimals with all its digits, however many they are."""
    places = 0
    while value.denominator != 1:
        value, places = 10 * value, places + 1
    digits = str(value.numerator).zfill(places + 1)
    return f"{digits[:-places]}.{digits[-places:]}" if places else digits


class _Number:
    """A number being read word by word; `room` bounds what may still be added to the group of three digits."""

    def __init__(self) -> None:
        self.total = Fraction(0)
        self.group = Fraction(0)
        self.room = 100
        self.last_scale = 10**15
        self.is_year = False
        self.is_ordinal = False

    def __str__(self) -> str:
        return _in_full(self.total + self.group) + "th" * self.is_ordinal

    def read(self, words: Sequence[str], start: int) -> int:
        """Read as many words as make one number; return the place after the last."""
        place = start
        while place < len(words) and not self.is_ordinal:
            word = words[place]
            following = words[place + 1] if place + 1 < len(words) else ""
            if word == "and" and place > start and self.room == 100 and following in _SMALL | _TENS | _ORDINALS:
                place += 1
                continue
            if not self._take(word, following, is_first=place == start):
                break
            place += 1
        return place

    def _take(self, word: str, following: str, *, is_first: bool) -> bool:
        if is_first and _DIGITS.fullmatch(word):
            self.group, self.room = Fraction(word), 0
            return following == "hundred" or following in _SCALES
        if word in _ORDINALS and self._add(_ORDINALS[word]):
            self.is_ordinal = True
            return True
        if word in _SMALL or word in _TENS:
            return self._add(_SMALL.get(word, _TENS.get(word, 0)))
        name = word.removesuffix("th")
        if name == "hundred" or name in _SCALES:
            self.is_ordinal = name != word
            return self._multiply(name, is_first=is_first)
        return False

    def _add(self, value: int) -> bool:
        if value < self.room:
            self.group += value
            # After “twenty” comes a unit, after a unit or a teen nothing, and after “zero” neither.
            self.room = 10 if value >= 20 else 0
            return True
        if value >= 10 and 10 <= self.group < 100 and not self.total and not self.is_year:
            self.is_year = True
            self.group = 100 * self.group + value
            self.room = 10 if value >= 20 else 0
            return True
        return False

    def _multiply(self, name: str, *, is_first: bool) -> bool:
        if name == "hundred":
            if self.group >= 100 or (self.group == 0 and not is_first and self.room != 100):
                return False
            self.group = Fraction(100) if is_first else 100 * self.group
            self.room = 100
            return True
        scale = _SCALES[name]
        if scale >= self.last_scale or (self.group == 0 and not is_first):
            return False
        self.total += Fraction(scale) if is_first else scale * self.group
        self.group, self.room, self.last_scale = Fraction(0), 100, scale
        return True
