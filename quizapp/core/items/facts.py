"""What can be said about an item without an answer: its key in words, the chance of a guess, its evidence in a text."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from decimal import Decimal

from quizapp.core.items.checks import GAP_MARK
from quizapp.core.items.kinds import (
    Accepted,
    Cloze,
    Essay,
    Evidence,
    Flashcard,
    Gap,
    Item,
    Matching,
    MultipleChoice,
    Numeric,
    Option,
    Ordering,
    ShortAnswer,
    SingleChoice,
    TrueFalse,
)
from quizapp.errors import Unreadable


def locate(quote: str, text: str, start: int | None) -> Evidence:
    """Find the verbatim quote in a text.

    Without a start the quote must occur exactly once. Raises Unreadable when it is blank, absent, not at its start,
    or ambiguous.
    """
    if not quote.strip():
        raise Unreadable(None, "“quote” of the evidence must not be blank.")
    shown = quote if len(quote) <= 80 else quote[:79] + "…"
    if start is None:
        start = text.find(quote)
        if start < 0:
            raise Unreadable(None, f"The quote “{shown}” is not in the passage.")
        if text.find(quote, start + 1) >= 0:
            raise Unreadable(None, f"The quote “{shown}” occurs more than once, so it needs its “start”.")
    elif start < 0 or text[start : start + len(quote)] != quote:
        raise Unreadable(None, f"The quote “{shown}” does not begin at character {start} of the passage.")
    return Evidence(quote=quote, start=start, end=start + len(quote))


def plain_stem(stem: str) -> str:
    """Return a stem in one line; a gap {{1}} is shown as a line to write on."""
    return GAP_MARK.sub("____", stem)


def split_stem(stem: str) -> list[tuple[str, int]]:
    """Cut a stem at its gaps: runs of text with 0, and ("", number) for each gap {{number}}."""
    parts = GAP_MARK.split(stem)
    pieces = [(parts[0], 0)]
    for number, run in zip(parts[1::2], parts[2::2], strict=True):
        pieces += [("", int(number)), (run, 0)]
    return [piece for piece in pieces if piece[0] or piece[1]]


def is_two_way(item: Item) -> bool:
    """Say whether a card is asked in both directions, each a part with a memory of its own: 0 front, 1 back first."""
    return isinstance(item, Flashcard) and item.is_reversible


def as_part(item: Item, part: int) -> Item:
    """Return the item as one of its parts asks it: a card the other way round for part 1."""
    if part == 0 or not isinstance(item, Flashcard):
        return item
    # What belongs to the front would give it away.
    return replace(item, stem=item.answer, answer=item.stem, media=())


def as_typed(item: Item, part: int) -> Item:
    """Return a card, asked as this part asks it, as a question with a typed answer; other kinds as they are.

    A card whose answer holds a formula stays one: nobody types it as its author did.
    """
    card = as_part(item, part)
    if not isinstance(card, Flashcard) or (card.stem_format == "markdown" and "$" in card.answer):
        return item
    common = {field.name: getattr(card, field.name) for field in fields(Item)}
    return ShortAnswer(**common, accepted=(Accepted(text=card.answer.replace("*", r"\*")),))


def key_text(item: Item) -> str:
    """Return the key in words, for an explanation or a printed answer sheet; empty when the kind has none."""
    key = ""
    match item:
        case SingleChoice() | TrueFalse() | MultipleChoice():
            key = "; ".join(option.text for option in item.options if option.weight > 0 and _is_key(item, option))
        case ShortAnswer():
            key = _typed_key(item.accepted)
        case Numeric():
            key = _number_key(item)
        case Cloze():
            key = "; ".join(_gap_key(gap) for gap in item.gaps)
        case Matching():
            key = "; ".join(f"{pair.left} – {pair.right}" for pair in item.pairs if pair.left is not None)
        case Ordering():
            key = " → ".join(item.order)
        case Flashcard() | Essay():
            key = item.answer
    return key


def accepted_range(item: Numeric) -> tuple[str, str]:
    """Return the right number with its unit, and what else counts as right in a sentence; either may be empty."""
    answer = _full_credit(item)
    if answer.number is None:
        return f"{_range_words(answer.min, answer.max)} {item.unit}".strip(), ""
    number = f"{answer.number:.15g} {item.unit}".strip()
    tolerance = answer.tolerance or _times(abs(answer.number), answer.relative_tolerance or 0.0)
    if not tolerance:
        return number, ""
    span = _range_words(_sum(answer.number, -tolerance), _sum(answer.number, tolerance))
    return number, f"Anything from {span} {item.unit}".strip() + " counts as right."


def guess_chance(item: Item) -> float:
    """Return the chance that a learner who knows nothing is right; 0 where the answer must be produced."""
    match item:
        case SingleChoice() | TrueFalse():
            return 1 / len(item.options)
        case MultipleChoice():
            return 1 / ((1 << len(item.options)) - 1)
        case Matching():
            return 1 / len(item.pairs)
        case Ordering():
            return 1 / math.factorial(len(item.order))
        case Cloze():
            return math.prod(1 / len(gap.options) if gap.kind == "choice" else 0.0 for gap in item.gaps)
    return 0.0


def equal_answers(item: Item) -> int | None:
    """Return the number of equally likely answers among which a guesser picks; None for produced answers."""
    chance = guess_chance(item)
    return round(1 / chance) if chance else None


def option_count(item: Item) -> int | None:
    """Return the number of options shown, over all gaps of a cloze; None where the answer must be produced."""
    match item:
        case SingleChoice() | TrueFalse() | MultipleChoice():
            return len(item.options)
        case Matching():
            return len(item.pairs)
        case Ordering():
            return len(item.order)
        case Cloze() if is_recognition(item):
            return sum(len(gap.options) for gap in item.gaps)
    return None


def is_recognition(item: Item) -> bool:
    """Say whether the key is on the screen, so that it is recognised rather than produced."""
    return guess_chance(item) > 0


def _is_key(item: SingleChoice | TrueFalse | MultipleChoice, option: Option) -> bool:
    return isinstance(item, MultipleChoice) or option.weight == 1


def _typed_key(accepted: tuple[Accepted, ...]) -> str:
    texts = [answer.text for answer in accepted if answer.text is not None and answer.weight == 1]
    return min(texts, key=lambda text: "*" in text, default="")


def _number_key(item: Numeric) -> str:
    answer = _full_credit(item)
    amount = f"{answer.number:.15g}" if answer.number is not None else _range_words(answer.min, answer.max)
    if answer.number is not None and answer.tolerance:
        amount += f" ± {answer.tolerance:.15g}"
    elif answer.number is not None and answer.relative_tolerance:
        amount += f" ± {_times(abs(answer.number), answer.relative_tolerance):.15g}"
    return f"{amount} {item.unit}".strip()


def _sum(number: float, other: float) -> float:
    return float(Decimal(str(number)) + Decimal(str(other)))


def _times(number: float, other: float) -> float:
    return float(Decimal(str(number)) * Decimal(str(other)))


def _full_credit(item: Numeric) -> Accepted:
    return next(answer for answer in item.accepted if answer.weight == 1)


def _range_words(least: float | None, most: float | None) -> str:
    if most is None:
        return f"at least {least:.15g}"
    if least is None:
        return f"at most {most:.15g}"
    return f"{least:.15g} to {most:.15g}"


def _gap_key(gap: Gap) -> str:
    if gap.kind == "typed":
        return _typed_key(gap.accepted)
    return next(option.text for option in gap.options if option.weight == 1)
