"""Numbers and dates that stand in a natural order."""

from __future__ import annotations

import re
from collections.abc import Sequence

from quizapp.core.grading.wording import plain_words
from quizapp.core.linting.wording import word_set

_MONTHS = {
    month: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
            "september sept sep", "october oct", "november nov", "december dec",
        ),
        1,
    )
    for month in names.split()
}  # fmt: skip
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?=(?:st|nd|rd|th|s)?$)")
# What may stand beside the number or date without making it a phrase.
_BESIDE = word_set("""
    in on about around c ca of the year years day days week weeks month months hour hours minute minutes second seconds
    percent century bc ad bce ce km m cm mm kg g mg metres metre meters meter miles mile kilometres kilometers tonnes
    tons litres million billion thousand hundred euros dollars pounds degrees times people s
    """)


def place_in_time_or_size(text: str) -> tuple[float, ...] | None:
    """Return where a number, year or date stands among others; None for a text that says more than that."""
    numbers: list[float] = []
    month = 0
    before_christ = False
    for word in plain_words(text):
        if word in _MONTHS and not month:
            month = _MONTHS[word]
        elif found := _NUMBER.match(word):
            numbers.append(float(found[0]))
        elif word in {"bc", "bce"}:
            before_christ = True
        elif word not in _BESIDE:
            return None
    return _placed(numbers, month, is_before_christ=before_christ) if numbers or month else None


def _placed(numbers: list[float], month: int, *, is_before_christ: bool) -> tuple[float, ...] | None:
    if not month:
        return (-numbers[0] if is_before_christ else numbers[0], *numbers[1:])
    year = next((number for number in numbers if number > 31), 0.0)
    day = next((number for number in numbers if number <= 31), 0.0)
    return (-year if is_before_christ else year, float(month), day)


def in_sequence(texts: Sequence[str]) -> bool | None:
    """Say whether numbers or dates are in order, up or down; None when not all texts are numbers or dates."""
    places = []
    for text in texts:
        place = place_in_time_or_size(text)
        if place is None:
            return None
        places.append(place)
    return places in (sorted(places), sorted(places, reverse=True))
