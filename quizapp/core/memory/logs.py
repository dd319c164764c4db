"""A log of reviews as the memory models read it, from the application or from a CSV file."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from quizapp.core.memory.model import Rating
from quizapp.errors import Unreadable

_NEEDED = ("card", "rating", "elapsed_days")
_KNOWN = (*_NEEDED, "kind", "options")
_LONGEST_DAYS = 36_500
_MOST_OPTIONS = 20
# Of the kinds whose key is on the screen: how many answers are equally likely, by the number of options shown.
_EQUAL_ANSWERS: dict[str, Callable[[int], int]] = {
    "single_choice": lambda options: options,
    "true_false": lambda _: 2,
    "multiple_choice": lambda options: 2**options - 1,
    "matching": lambda options: options,
    "ordering": math.factorial,
    "cloze": lambda options: options,
}
_PRODUCED = ("short_answer", "numeric", "essay", "flashcard")


@dataclass(frozen=True, slots=True)
class LoggedReview:
    """One review, in a log that is in the order of time.

    `elapsed_days` is the time since the card's review before, `study_days` the days of study between them; both are 0
    for a card's first. `options` is the number of equally likely answers, None where the answer was produced.
    """

    card: str
    rating: Rating
    elapsed_days: float
    study_days: int
    options: int | None = None

    @property
    def is_right(self) -> bool:
        """Whether the card was recalled, or seemed so."""
        return self.rating is not Rating.AGAIN

    @property
    def guessed_among(self) -> int | None:
        """The number of answers that a right answer may be a guess among; None where it counts in full."""
        return self.options if self.rating >= Rating.GOOD else None


def read_log(text: str) -> list[LoggedReview]:
    """Read CSV with the columns card, rating, elapsed_days and, if wanted, kind and options, named in the first row.

    Without that row the columns have this order. Raises Unreadable, naming the line.
    """
    log: list[LoggedReview] = []
    seen: set[str] = set()
    names: Sequence[str] = ()
    reader = csv.reader(text.removeprefix("\ufeff").splitlines())
    try:
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if not names:
                names = _names(row, reader.line_num)
                if names is not _KNOWN:
                    continue
            review = _review(dict(zip(names, (cell.strip() for cell in row), strict=False)), reader.line_num)
            if review.card not in seen and review.elapsed_days:
                raise Unreadable(
                    reader.line_num, f"This is the first review of card “{review.card}”; its elapsed_days must be 0."
                )
            seen.add(review.card)
            log.append(review)
    except csv.Error as error:
        raise Unreadable(reader.line_num, f"The line is not CSV: {error}.") from error
    if not log:
        raise Unreadable(None, "There is no review in this file.")
    return log


def _names(row: Sequence[str], line: int) -> Sequence[str]:
    names = tuple(cell.strip().lower() for cell in row)
    if "rating" not in names and len(names) >= len(_NEEDED) and names[1] in ("1", "2", "3", "4"):
        return _KNOWN
    missing = [name for name in _NEEDED if name not in names]
    if missing:
        raise Unreadable(
            line, f"The first row must name the columns: card, rating, elapsed_days. No {missing[0]} there."
        )
    return names


def _review(cells: dict[str, str], line: int) -> LoggedReview:
    card = cells.get("card", "")
    if not card:
        raise Unreadable(line, "There is no card in this row.")
    if cells.get("rating") not in ("1", "2", "3", "4"):
        raise Unreadable(line, f"The rating is “{cells.get('rating', '')}”; it must be 1, 2, 3 or 4.")
    days = _number(cells.get("elapsed_days", ""))
    if not 0 <= days <= _LONGEST_DAYS:
        raise Unreadable(
            line, f"elapsed_days is “{cells.get('elapsed_days', '')}”; it must be a number from 0 to {_LONGEST_DAYS}."
        )
    options = _equal_answers(cells.get("kind", ""), cells.get("options", ""), line)
    return LoggedReview(card, Rating(int(cells["rating"])), days, int(days), options)


def _equal_answers(kind: str, options: str, line: int) -> int | None:
    if kind not in ("", *_PRODUCED, *_EQUAL_ANSWERS):
        raise Unreadable(line, f"“{kind}” is not a kind of question.")
    if options and not (options.isdecimal() and 1 <= int(options) <= _MOST_OPTIONS):
        raise Unreadable(line, f"options is “{options}”; it must be a whole number from 1 to {_MOST_OPTIONS}.")
    if kind in _PRODUCED or not (options or kind == "true_false"):
        return None
    equal = _EQUAL_ANSWERS[kind or "single_choice"](int(options or 2))
    return equal if equal > 1 else None


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
