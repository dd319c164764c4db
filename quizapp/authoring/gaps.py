"""Between gaps as teachers write them and gaps of the neutral item."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_lowercase

from quizapp.authoring.notation import ChoiceGap, TypedGap, WrittenGap, read_gaps
from quizapp.core.items import Accepted, Gap, Option
from quizapp.errors import Invalid, Unreadable


def neutral_gaps(text: str, base: Sequence[Gap]) -> tuple[str, tuple[Gap, ...]]:
    """Return the stem and the gaps of a written text; ids and reasons stay where a gap of `base` had the same words.

    Raises Invalid for the field `stem`.
    """
    try:
        stem, written = read_gaps(text)
    except Unreadable as refusal:
        raise Invalid("stem", refusal.reason) from refusal
    known = [base[place] if place < len(base) else None for place in range(len(written))]
    return stem, tuple(_neutral(gap, old) for gap, old in zip(written, known, strict=True))


def written_gaps(gaps: Sequence[Gap]) -> list[WrittenGap]:
    """Return the gaps of an item as they are written."""
    return [
        ChoiceGap(
            tuple(option.text for option in gap.options),
            next(place for place, option in enumerate(gap.options) if option.weight == 1),
        )
        if gap.kind == "choice"
        else TypedGap(tuple(answer.text or "" for answer in gap.accepted))
        for gap in gaps
    ]


def _neutral(gap: WrittenGap, old: Gap | None) -> Gap:
    if isinstance(gap, TypedGap):
        known = {answer.text: answer for answer in old.accepted} if old else {}
        return Gap(kind="typed", accepted=tuple(known.get(text, Accepted(text=text)) for text in gap.answers))
    return Gap(kind="choice", options=_choices(gap, old.options if old else ()))


def _choices(gap: ChoiceGap, old: Sequence[Option]) -> tuple[Option, ...]:
    by_text = {option.text: option for option in old}
    ids = {text: by_text[text].id for text in gap.choices if text in by_text}
    old_right = next((option.id for option in old if option.weight == 1), None)
    right = gap.choices[gap.right]
    if right not in ids and old_right is not None and old_right not in ids.values():
        ids[right] = old_right  # the right choice, worded better
    fresh = (letter for letter in ascii_lowercase if letter not in {*ids.values(), *(option.id for option in old)})
    return tuple(
        Option(
            id=ids[text] if text in ids else next(fresh),
            text=text,
            weight=1.0 if text == right else 0.0,
            feedback=by_text[text].feedback if text in by_text else "",
        )
        for text in gap.choices
    )
