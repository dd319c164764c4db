"""Items as JSON: the tables of fields, from which the reader, the writer and the published schema are made."""

from __future__ import annotations

from collections.abc import Mapping

from quizapp.core.items import kinds
from quizapp.core.items.checks import check_item
from quizapp.core.items.fields import Field, Flag, ListOf, NameOr, Number, Record, Text
from quizapp.core.items.kinds import KINDS, Item
from quizapp.errors import Unreadable


def read_item(data: Mapping[str, object]) -> Item:
    """Return the item that a JSON object describes.

    Raises Unreadable with a sentence that names the field when one is unknown, missing, of the wrong shape, or
    contradicts another.
    """
    if not isinstance(data, Mapping):
        raise Unreadable(None, "A question must be an object with named fields.")
    kind = data.get("kind")
    if not isinstance(kind, str) or kind not in _RECORDS:
        raise Unreadable(None, f"“kind” must be one of {', '.join(KINDS)}.")
    item: Item = _RECORDS[kind].read(data, "")
    check_item(item)
    return item


def write_item(item: Item) -> dict[str, object]:
    """Return the item as a JSON-ready object; fields at their default are left out."""
    return _RECORDS[item.kind].write(item)


def item_schema() -> dict[str, object]:
    """Return the JSON Schema (2020-12) of an item; sums of weights and uniqueness of ids are beyond it."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Quizapp item",
        "description": "One question, of the kind that “kind” names.",
        "oneOf": [record.schema() for record in _RECORDS.values()],
        "$defs": {record.name: record.definition() for record in (*_PARTS, *_RECORDS.values())},
    }


_LINE = Text(max_length=300)
_PARAGRAPH = Text(max_length=5_000)
_FILLED_PARAGRAPH = Text(max_length=5_000, is_blank_allowed=False)
_IDENTIFIER = Text(max_length=60, is_blank_allowed=False, pattern=r"[A-Za-z0-9_.-]+")
_OPTION_WEIGHT = Number(least=-1, most=1)
_AMOUNT = Number()

_OPTION = Record(
    "option",
    kinds.Option,
    {
        "id": _IDENTIFIER,
        "text": _FILLED_PARAGRAPH,
        "weight": _OPTION_WEIGHT,
        "feedback": _PARAGRAPH,
        "misconception": _LINE,
    },
)
_ACCEPTED = Record(
    "accepted",
    kinds.Accepted,
    {
        "text": Text(max_length=500, is_blank_allowed=False),
        "number": _AMOUNT,
        "tolerance": Number(least=0),
        "relative_tolerance": Number(least=0, most=1),
        "min": _AMOUNT,
        "max": _AMOUNT,
        "weight": Number(least=0, most=1),
        "feedback": _PARAGRAPH,
    },
)
_OPTIONS = ListOf(entry=_OPTION, least=2, most=50)
_ACCEPTED_ANSWERS = ListOf(entry=_ACCEPTED, least=1)
_GAP = Record(
    "gap",
    kinds.Gap,
    {
        "kind": Text(choices=("typed", "choice")),
        "accepted": ListOf(entry=_ACCEPTED),
        "options": ListOf(entry=_OPTION, most=50),
    },
)
_PAIR = Record("pair", kinds.Pair, {"left": _FILLED_PARAGRAPH, "right": _FILLED_PARAGRAPH})
_EVIDENCE = Record(
    "evidence",
    kinds.Evidence,
    {"quote": _FILLED_PARAGRAPH, "start": Number(least=0, is_whole=True), "end": Number(least=1, is_whole=True)},
)
_UNIT = Record("unit", kinds.Unit, {"name": Text(max_length=60, is_blank_allowed=False), "factor": Number(least=1e-15)})
_LEVEL = Record("level", kinds.Level, {"text": _FILLED_PARAGRAPH, "points": Number(least=0, most=1_000)})
_CRITERION = Record(
    "criterion", kinds.Criterion, {"text": _FILLED_PARAGRAPH, "levels": ListOf(entry=_LEVEL, least=2, most=10)}
)
_FILE_NAME = Text(max_length=500, is_blank_allowed=False)
_SIDE = Number(least=0, most=100_000, is_whole=True)
_MEDIA = Record(
    "media",
    kinds.Media,
    {
        "name": _FILE_NAME,
        "kind": Text(choices=("", "image", "audio")),
        "alt": _PARAGRAPH,
        "is_decorative": Flag(),
        "width": _SIDE,
        "height": _SIDE,
    },
)
_PARTS = (_OPTION, _ACCEPTED, _GAP, _PAIR, _EVIDENCE, _UNIT, _LEVEL, _CRITERION, _MEDIA)

_COMMON: dict[str, Field] = {
    "stem": Text(is_blank_allowed=False),
    "title": _LINE,
    "stem_format": Text(choices=("plain", "markdown", "html")),
    "topic": _LINE,
    "tags": ListOf(entry=Text(max_length=100, is_blank_allowed=False)),
    "bloom": Text(choices=("", "remember", "understand", "apply", "analyse", "evaluate", "create")),
    "feedback": Text(),
    "hints": ListOf(entry=_FILLED_PARAGRAPH, most=20),
    "evidence": ListOf(entry=_EVIDENCE, most=20),
    "external_id": Text(max_length=200),
    "source": _LINE,
    "enemies": ListOf(entry=Text(max_length=200, is_blank_allowed=False)),
    "max_mark": Number(least=0, most=1_000),
    "penalty": Number(least=0, most=1),
    "media": ListOf(entry=NameOr(record=_MEDIA)),
}
_OWN: dict[type[Item], dict[str, Field]] = {
    kinds.SingleChoice: {"options": _OPTIONS, "shuffle_options": Flag()},
    kinds.MultipleChoice: {
        "options": _OPTIONS,
        "shuffle_options": Flag(),
        "choice_policy": Text(choices=("all_or_nothing", "partial", "right_minus_wrong")),
    },
    kinds.TrueFalse: {"options": ListOf(entry=_OPTION, least=2, most=2)},
    kinds.ShortAnswer: {"accepted": _ACCEPTED_ANSWERS},
    kinds.Numeric: {
        "accepted": _ACCEPTED_ANSWERS,
        "unit": Text(max_length=60),
        "units": ListOf(entry=_UNIT, most=20),
        "unit_credit": Number(least=0, most=1),
    },
    kinds.Cloze: {"gaps": ListOf(entry=_GAP, least=1, most=50)},
    kinds.Matching: {"pairs": ListOf(entry=_PAIR, least=2, most=50), "shuffle_options": Flag()},
    kinds.Ordering: {"order": ListOf(entry=_FILLED_PARAGRAPH, least=2, most=20)},
    kinds.Essay: {"rubric": Text(), "criteria": ListOf(entry=_CRITERION, most=20), "answer": Text()},
    kinds.Flashcard: {"answer": Text(is_blank_allowed=False), "is_reversible": Flag()},
    kinds.Description: {},
}
_RECORDS = {
    item_class.kind: Record(item_class.kind, item_class, {**_COMMON, **own}, {"kind": item_class.kind})
    for item_class, own in _OWN.items()
}
