"""Between gaps as teachers write them and gaps of the neutral item."""

from __future__ import annotations

from collections.abc import Sequence
from string import ascii_lowercase

from quizapp.authoring.credits import split_credit, with_credit
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
            tuple(with_credit(option.text, option.weight, usual=float(option.weight == 1)) for option in gap.options),
            next(place for place, option in enumerate(gap.options) if option.weight == 1),
        )
        if gap.kind == "choice"
        else TypedGap(tuple(with_credit(answer.text or "", answer.weight) for answer in gap.accepted))
        for gap in gaps
    ]


def _neutral(gap: WrittenGap, old: Gap | None) -> Gap:
    if isinstance(gap, TypedGap):
        feedback = {answer.text: answer.feedback for answer in old.accepted} if old else {}
        weights = dict(split_credit(answer, "stem") for answer in gap.answers)
        return Gap(
            kind="typed",
            accepted=tuple(
                Accepted(text=text, weight=weight, feedback=feedback.get(text, "")) for text, weight in weights.items()
            ),
        )
    return Gap(kind="choice", options=_choices(gap, old.options if old else ()))


def _choices(gap: ChoiceGap, old: Sequence[Option]) -> tuple[Option, ...]:
    weights = dict(
        split_credit(choice, "stem", usual=float(place == gap.right), least=-1.0)
        for place, choice in enumerate(gap.choices)
    )
    by_text = {option.text: option for option in old}
    ids = {text: by_text[text].id for text in weights if text in by_text}
    old_right = next((option.id for option in old if option.weight == 1), None)
    right = list(weights)[gap.right] if len(weights) == len(gap.choices) else ""
    if [text for text, weight in weights.items() if weight == 1] != [right]:
        raise Invalid("stem", f"In “{gap.choices[gap.right]}” and its other choices, one alone must earn all.")
    if right not in ids and old_right is not None and old_right not in ids.values():
        ids[right] = old_right  # the right choice, worded better
    fresh = (letter for letter in ascii_lowercase if letter not in {*ids.values(), *(option.id for option in old)})
    return tuple(
        Option(
            id=ids[text] if text in ids else next(fresh),
            text=text,
            weight=weight,
            feedback=by_text[text].feedback if text in by_text else "",
        )
        for text, weight in weights.items()
    )
