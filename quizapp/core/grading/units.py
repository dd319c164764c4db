"""Units of typed numbers: which one stands with a number, however it is spaced, raised or written out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache

from quizapp.core.items import Numeric, Unit

_PERCENT = ("%", "percent", "per cent")
_MINUS_SIGNS = str.maketrans("−–", "--")
_RAISED = re.compile("[⁺⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_BEFORE_WORDS = re.compile(r"(?<=[\d\s])(?=[^\d\s.,+\-'’_])")
_MOST_WORDS = 4  # of a unit that the question does not know


def plain(text: str) -> str:
    """Return a typed text in one form, its case kept: 10³ as 10^3, one kind of minus sign, no spaces around it."""
    raised = _RAISED.sub(lambda found: "^" + unicodedata.normalize("NFKC", found[0]), text)
    return unicodedata.normalize("NFKC", raised).translate(_MINUS_SIGNS).strip()


def accepted_units(item: Numeric) -> tuple[Unit, ...]:
    """Return the item's own unit, if it has one, and the others that may stand for it."""
    return (Unit(name=item.unit, factor=1.0), *item.units) if item.unit else ()


def with_units(text: str, units: Sequence[Unit]) -> Iterator[list[tuple[str, Unit]]]:
    """Give what is left of a plain text without a unit of the item, longer names first.

    Each list holds readings of one name as (rest, unit). First come units in the case they are written in; then
    without regard to case, where mW and MW would both be read, so that the caller can see the two apart.
    """
    for is_cased in (True, False):
        for length in sorted({len(unit.name) for unit in units}, reverse=True):
            found = [
                (rest, unit)
                for unit in units
                if len(unit.name) == length and (rest := without_unit(text, unit.name, is_cased=is_cased)) is not None
            ]
            if found:
                yield found


def without_unit(text: str, name: str, *, is_cased: bool = False) -> str | None:
    """Return a plain text without the unit before or after it; None when it stands at neither end."""
    for pattern in _patterns(name, is_cased=is_cased):
        found = pattern.search(text)
        if found and found[0]:
            return (text[: found.start()] + text[found.end() :]).strip()
    return None


def before_any_unit(text: str) -> Iterator[str]:
    """Give what may be the number of a plain text that ends in a unit which the question does not know."""
    for found in list(_BEFORE_WORDS.finditer(text))[::-1][:_MOST_WORDS]:
        yield text[: found.start()]


@lru_cache(maxsize=512)
def _patterns(name: str, *, is_cased: bool) -> tuple[re.Pattern[str], ...]:
    """Return what finds a unit at the end and at the start of a text; m^2, m2 and m² are one."""
    flags = re.NOFLAG if is_cased else re.IGNORECASE
    names = _PERCENT if name in _PERCENT else (plain(name),)
    written = []
    for each in names:
        body = "".join(_sign(character) for character in each.removesuffix(".") if character != "^")
        # “year” for years and “km.” for km, but no letters before or after that belong to another unit.
        last = "?" if len(each) > 2 and each.endswith("s") and each[-2].isalpha() else ""
        written.append(f"{body}{last}")
    either = "|".join(written)
    return (
        re.compile(rf"(?<![^\W\d_])(?<![/^])\s*(?:{either})\.?$", flags),
        re.compile(rf"^(?:{either})\.?\s*(?![^\W\d_])", flags),
    )


def _sign(character: str) -> str:
    if character.isdigit():
        return rf"\^?{character}"
    if character == "/":
        return r"\s?/\s?"
    if character in " ·*":
        return r"[\s·*]?"
    return re.escape(character)
