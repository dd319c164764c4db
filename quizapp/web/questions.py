"""A question as a page asks it: nothing here gives the key away."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from quizapp.core.items import (
    Cloze,
    Essay,
    Flashcard,
    Item,
    Matching,
    Media,
    MultipleChoice,
    Numeric,
    Option,
    Ordering,
    ShortAnswer,
    SingleChoice,
    TrueFalse,
    as_part,
    is_two_way,
    key_text,
    split_stem,
)
from quizapp.core.media import is_stored_name
from quizapp.web.rendering import rich

KIND_NAMES = {
    "single_choice": "One answer",
    "multiple_choice": "Several answers",
    "true_false": "True or false",
    "short_answer": "Short answer",
    "numeric": "Number",
    "cloze": "Gaps",
    "matching": "Matching",
    "ordering": "Ordering",
    "flashcard": "Flashcard",
    "essay": "Essay",
    "description": "Text",
}
ASKABLE_KINDS = tuple(kind for kind in KIND_NAMES if kind not in ("essay", "description"))  # drawn for anybody's quiz
CARD_KINDS = (*ASKABLE_KINDS, "essay")
CERTAINTY_NAMES = {"low": "Not sure", "mid": "Fairly sure", "high": "Sure"}  # what a learner says
SELF_RATINGS = ((3, "I recalled it"), (2, "Only partly"), (1, "Not this time"))
_POLICIES = {
    "partial": "Choose all that are right. Each earns a part of the mark, and a wrong one takes some away.",
    "right_minus_wrong": "Choose all that are right. A wrong one takes away as much as a right one earns.",
    "all_or_nothing": "Choose all that are right and no other: only the whole answer earns the mark.",
}
_WITH_UNIT = "Give the number with its unit."
_LEFT_OVER = "Choose one for each. Some answers are left over."
_EACH = "Choose one for each."
_IN_ORDER = "Move the entries until they stand in order."
_BACK_FIRST = "This is the answer. Recall what was asked."


@dataclass(frozen=True)
class Choice:
    """An option as it is offered."""

    id: str
    text: str


@dataclass(frozen=True)
class ClozePart:
    """A stretch of a sentence with gaps; `number` is 0 for plain text."""

    text: str = ""
    number: int = 0
    kind: str = ""
    options: tuple[Choice, ...] = ()
    value: str = ""  # what stands in the control
    given: str = ""  # the same in words
    key: str = ""
    verdict: str = ""


@dataclass(frozen=True)
class Left:
    """A left side to be matched; `value` is what is chosen for it."""

    number: int
    text: str
    value: str = ""


@dataclass(frozen=True)
class Question:
    """A question before its answer."""

    kind: str
    kind_name: str
    stem: Markup
    media: tuple[Media, ...] = ()
    hint: str = ""  # how it is answered and marked
    options: tuple[Choice, ...] = ()
    checked: tuple[str, ...] = ()
    text: str = ""
    unit: str = ""
    parts: tuple[ClozePart, ...] = ()
    lefts: tuple[Left, ...] = ()
    entries: tuple[str, ...] = ()  # as they stand now
    is_ordered: bool = False  # by the learner


def shuffled_options(item: Item, seed: str) -> list[Any]:  # noqa: PLR0911  # one line a kind
    """Return the order of what is shown: ids of options, of a cloze one list a gap; places of right sides or entries.

    The same seed gives the same order; empty where nothing is offered. True/false and items that forbid it keep
    theirs. Three or more entries never begin in the right order. For a card with two directions it is the part asked.
    """
    rng = random.Random(seed)  # noqa: S311  # order, not secrecy
    match item:
        case SingleChoice() | MultipleChoice():
            return _shuffled([option.id for option in item.options], rng, is_fixed=not item.shuffle_options)
        case TrueFalse():
            return [option.id for option in item.options]
        case Cloze():
            return [_shuffled([option.id for option in gap.options], rng) for gap in item.gaps]
        case Matching():
            return _shuffled(_alphabetical(_rights(item)), rng, is_fixed=not item.shuffle_options)
        case Ordering():
            places = list(range(len(item.order)))
            shuffled = _shuffled(places, rng)
            while shuffled == places and len(places) > 2:
                shuffled = _shuffled(places, rng)
            return shuffled
        case Flashcard() if is_two_way(item):
            return [rng.choice((0, 1))]
    return []


def asked_part(item: Item, option_order: Sequence[Any]) -> int:
    """Return which direction of a card is asked: 0, or 1 for its back first."""
    return 1 if is_two_way(item) and list(option_order) == [1] else 0


def question_view(item: Item, option_order: Sequence[Any], answer: dict[str, Any] | None = None) -> Question:
    """Return the question as asked, with `answer` (given or still being worked on) filled in."""
    answer = answer or {}
    part = asked_part(item, option_order)
    item = as_part(item, part)
    view: dict[str, Any] = {
        "kind": item.kind,
        "kind_name": KIND_NAMES.get(item.kind, item.kind),
        "stem": rich(item.stem, item.stem_format),
        "media": shown_media(item),
    }
    match item:
        case SingleChoice() | MultipleChoice() | TrueFalse():
            view["checked"] = tuple(answer.get("choices") or [answer.get("choice", "")])
            view["options"] = tuple(
                Choice(option.id, rich(option.text, item.stem_format))
                for option in in_order(item.options, option_order)
            )
            view["hint"] = _POLICIES[item.choice_policy] if isinstance(item, MultipleChoice) else ""
        case ShortAnswer() | Essay():
            view["text"] = str(answer.get("text", ""))
        case Numeric():
            is_shown = item.unit_credit == 1
            view |= {"text": str(answer.get("text", "")), "unit": item.unit if is_shown else ""}
            view["hint"] = "" if is_shown else _WITH_UNIT
        case Cloze():
            view["parts"] = tuple(_cloze_parts(item, option_order, answer))
        case Matching():
            view |= _matching(item, option_order, answer)
        case Ordering():
            view |= _ordering(item, option_order, answer)
        case Flashcard():
            view["hint"] = _BACK_FIRST if part else ""
    return Question(**view)


def shown_media(item: Item) -> tuple[Media, ...]:
    """Return the pictures and sounds of an item that are stored here."""
    return tuple(file for file in item.media if file.kind and is_stored_name(file.name))


def formatted_key(item: Item) -> Markup:
    """Return the key in words, formatted where its author could format it: options, a card, an essay."""
    is_formatted = isinstance(item, SingleChoice | MultipleChoice | TrueFalse | Flashcard | Essay)
    return rich(key_text(item), item.stem_format if is_formatted else "plain")


def in_order(options: Sequence[Option], order: Sequence[Any]) -> list[Option]:
    """Return options in the order of their ids; those it does not name come last."""
    by_id = {option.id: option for option in options}
    named = [by_id.pop(option_id) for option_id in order if option_id in by_id]
    return named + list(by_id.values())


def _shuffled(things: Sequence[Any], rng: random.Random, *, is_fixed: bool = False) -> list[Any]:
    shuffled = list(things)
    if not is_fixed:
        rng.shuffle(shuffled)
    return shuffled


def _rights(item: Matching) -> list[str]:
    return list(dict.fromkeys(pair.right for pair in item.pairs))


def _alphabetical(texts: Sequence[str]) -> list[int]:
    # As written, each answer would stand beside its left side.
    return sorted(range(len(texts)), key=lambda place: texts[place].casefold())


def _placed(texts: Sequence[str], order: Sequence[Any]) -> list[str]:
    is_whole = sorted(map(str, order)) == sorted(map(str, range(len(texts))))
    return [texts[place] for place in (order if is_whole else _alphabetical(texts))]


def _matching(item: Matching, order: Sequence[Any], answer: dict[str, Any]) -> dict[str, Any]:
    lefts = [pair.left for pair in item.pairs if pair.left is not None]
    values = [*answer.get("matches", []), *[""] * len(lefts)]
    rights = _placed(_rights(item), order)
    return {
        "hint": _LEFT_OVER if len(rights) > len(lefts) else _EACH,
        "options": tuple(Choice(text, text) for text in rights),
        "lefts": tuple(Left(number, text, values[number - 1]) for number, text in enumerate(lefts, start=1)),
    }


def _ordering(item: Ordering, order: Sequence[Any], answer: dict[str, Any]) -> dict[str, Any]:
    given = answer.get("order", [])
    is_whole = sorted(given) == sorted(item.order)
    entries = given if is_whole else _placed(item.order, order)
    return {"hint": _IN_ORDER, "entries": tuple(entries), "is_ordered": is_whole}


def _cloze_parts(item: Cloze, order: Sequence[Any], answer: dict[str, Any]) -> list[ClozePart]:
    values = [*answer.get("gaps", []), *[""] * len(item.gaps)]
    parts: list[ClozePart] = []
    for run, number in split_stem(item.stem):
        if not number:
            parts.append(ClozePart(rich(run, item.stem_format)))
            continue
        gap = item.gaps[number - 1]
        gap_order = order[number - 1] if number <= len(order) else []
        options = tuple(Choice(option.id, option.text) for option in in_order(gap.options, gap_order))
        parts.append(ClozePart(number=number, kind=gap.kind, options=options, value=values[number - 1]))
    return parts
