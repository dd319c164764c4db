"""Whether an edited item is still the same question."""

from __future__ import annotations

from quizapp.core.items.kinds import (
    Accepted,
    Cloze,
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


def same_key(old: Item, new: Item) -> bool:  # noqa: PLR0911  # one line a kind
    """Tell whether `new` can be a correction of `old`: the same kind, and whoever was right before still is.

    Wording may change, wrong answers may come and go; what earns credit may only gain accepted variants. Pairs and
    orders are their own key. A flashcard marks nothing and an essay is marked by a person, so any edit keeps it.
    """
    if old.kind != new.kind:
        return False
    match old, new:
        case (SingleChoice() | TrueFalse() | MultipleChoice(), SingleChoice() | TrueFalse() | MultipleChoice()):
            return _weights(old.options) == _weights(new.options)
        case ShortAnswer(), ShortAnswer():
            return _keeps(old.accepted, new.accepted)
        case Numeric(), Numeric():
            return (
                _keeps(old.accepted, new.accepted)
                and set(old.units) <= set(new.units)
                and old.unit_credit <= new.unit_credit
            )
        case Cloze(), Cloze():
            return len(old.gaps) == len(new.gaps) and all(map(_same_gap, old.gaps, new.gaps))
        case Matching(), Matching():
            return old.pairs == new.pairs
        case Ordering(), Ordering():
            return old.order == new.order
    return True


def _weights(options: tuple[Option, ...]) -> dict[str, float]:
    return {option.id: option.weight for option in options if option.weight > 0}


def _keeps(old: tuple[Accepted, ...], new: tuple[Accepted, ...]) -> bool:
    return {_credit(answer) for answer in old} <= {_credit(answer) for answer in new}


def _credit(answer: Accepted) -> tuple[object, ...]:
    text = answer.text.casefold() if answer.text is not None else None
    tolerances = answer.tolerance, answer.relative_tolerance
    return text, answer.number, *tolerances, answer.min, answer.max, answer.weight


def _same_gap(old: Gap, new: Gap) -> bool:
    return (
        old.kind == new.kind and _weights(old.options) == _weights(new.options) and _keeps(old.accepted, new.accepted)
    )
