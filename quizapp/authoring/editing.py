"""Between the editor's form and the neutral item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from werkzeug.datastructures import MultiDict

from quizapp.authoring.amounts import fill_amounts, read_amounts, read_units
from quizapp.authoring.attachments import fill_files, read_files
from quizapp.authoring.credits import split_credit, with_credit
from quizapp.authoring.essays import fill_essay, written_criteria
from quizapp.authoring.gaps import neutral_gaps, written_gaps
from quizapp.authoring.items import Source
from quizapp.authoring.lists import fill_lists, written_entries, written_pairs
from quizapp.authoring.notation import write_gaps
from quizapp.authoring.options import fill_options, option_rows, weighed
from quizapp.authoring.quotes import NotVerbatim, check_quote
from quizapp.core.items import (
    KINDS,
    Accepted,
    Cloze,
    Essay,
    Evidence,
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
    read_item,
    write_item,
)
from quizapp.core.items.kinds import StemFormat
from quizapp.errors import Invalid, Unreadable

MOST_TYPED_WORDS = 4  # longer answers differ in too many right ways to be marked
HALF = 0.5  # what a right number keeps of its credit where its unit was asked for and is missing


@dataclass(frozen=True)
class Offer:
    """Words of the passage that a pasted line of evidence may mean."""

    line: int
    words: str


def read_form(
    form: Any, kind: str, base: Item | None, source: Source, files: Mapping[str, Media] = MappingProxyType({})
) -> tuple[Item | None, list[Offer]]:
    """Return the item that the form describes, or None with the refusals beside their fields.

    What the form does not show (title, ids and weights of options that stay) is kept from `base`. `files` are
    those stored that the form may name.
    """
    form.validate()
    values: dict[str, Any] = {"feedback": form.explanation.data or "", "stem_format": _format(form, base)}
    values["evidence"], offers = _evidence(form, base, source)
    values["media"] = read_files(form, base, files)
    values["tags"] = tuple(dict.fromkeys(tag for part in (form.tags.data or "").split(",") if (tag := part.strip())))
    try:
        values |= _OWN[kind](form, base)
        if form.errors:
            return None, offers
        item = replace(base, **values) if base is not None else KINDS[kind](source="teacher", **values)
        return read_item(write_item(item)), offers
    except Invalid as refusal:
        form.blame(refusal)
    except Unreadable as refusal:
        form.blame(Invalid("", refusal.reason))
    return None, offers


def fill_form(item: Item, place: str, version: int) -> MultiDict[str, str]:
    """Return what the form shows for an item."""
    data: MultiDict[str, str] = MultiDict(
        {
            "stem": item.stem,
            "explanation": item.feedback,
            "place": place,
            "quote": "\n".join(evidence.quote for evidence in item.evidence),
            "seen_version": str(version),
        }
    )
    fill_files(data, item)
    data["tags"] = ", ".join(item.tags)
    if item.stem_format == "markdown":
        data["is_formatted"] = "y"
    match item:
        case SingleChoice() | MultipleChoice():
            fill_options(data, item)
        case TrueFalse():
            for option in item.options:
                data[f"reason_{option.id}"] = option.feedback
                if option.weight == 1:
                    data["right"] = option.id
        case ShortAnswer():
            data["accepted"] = "\n".join(with_credit(answer.text or "", answer.weight) for answer in item.accepted)
        case Cloze():
            data["stem"] = write_gaps(item.stem, written_gaps(item.gaps))
        case Numeric():
            fill_amounts(data, item)
        case Matching() | Ordering():
            fill_lists(data, item)
        case Flashcard():
            data["answer"] = item.answer
            if item.is_reversible:
                data["is_reversible"] = "y"
        case Essay():
            fill_essay(data, item)
    return data


def _format(form: Any, base: Item | None) -> StemFormat:
    if base is not None and base.stem_format == "html":  # from elsewhere; the editor writes none
        return "html"
    return "markdown" if form.is_formatted.data else "plain"


def _evidence(form: Any, base: Item | None, source: Source) -> tuple[tuple[Evidence, ...], list[Offer]]:
    found: list[Evidence] = []
    offers: list[Offer] = []
    known = {evidence.quote: evidence.start for evidence in base.evidence} if base else {}
    for number, line in enumerate((form.quote.data or "").splitlines()):
        quote = line.strip()
        if not quote:
            continue
        if source.passage_version_id is None:
            form.blame(
                Invalid("quote", "This topic has no passage to quote. Choose a passage, or leave the evidence empty.")
            )
            break
        start = known.get(quote)
        if start is not None and source.text[start : start + len(quote)] != quote:
            start = None
        try:
            check_quote(quote, source.text, start)
            found.append(Evidence(quote=quote, start=start))
        except NotVerbatim as refusal:
            form.blame(refusal)
            if refusal.nearest:
                offers.append(Offer(number, refusal.nearest))
    return tuple(dict.fromkeys(found)), offers


def _single_choice(form: Any, base: Item | None) -> dict[str, Any]:
    rows = option_rows(form, base)
    if form.right.data is None:
        return {}  # the form has said so
    right = next((option for row, option in rows if str(row) == form.right.data), None)
    if right is None:
        raise Invalid("right", "The option marked as right is empty. Write it, or mark another.")
    return {"stem": form.stem.data, "options": weighed(form, base, rows, {right.id})}


def _multiple_choice(form: Any, base: Item | None) -> dict[str, Any]:
    rows = option_rows(form, base)
    right = {option.id for row, option in rows if form[f"option_{row}_is_right"].data}
    if not right:
        raise Invalid("option_0_text", "Mark at least one option as right.")
    if len(right) == len(rows):
        raise Invalid("option_0_text", "Every option is marked as right. Leave at least one unmarked.")
    return {
        "stem": form.stem.data,
        "options": weighed(form, base, rows, right),
        "choice_policy": form.choice_policy.data,
    }


def _true_false(form: Any, base: Item | None) -> dict[str, Any]:
    known = {option.id: option for option in base.options} if isinstance(base, TrueFalse) else {}
    return {
        "stem": form.stem.data,
        "options": tuple(
            replace(
                known.get(key, Option(id=key, text=text)),
                weight=1.0 if form.right.data == key else 0.0,
                feedback=form[f"reason_{key}"].data or "",
            )
            for key, text in (("true", "True"), ("false", "False"))
        ),
    }


def _short_answer(form: Any, base: Item | None) -> dict[str, Any]:
    feedback = {answer.text: answer.feedback for answer in base.accepted} if isinstance(base, ShortAnswer) else {}
    lines = (line.strip() for line in (form.accepted.data or "").splitlines())
    weights = dict(split_credit(line, "accepted") for line in lines if line)
    for text in weights:
        check_typed(text, "accepted")
    accepted = tuple(
        Accepted(text=text, weight=weight, feedback=feedback.get(text, "")) for text, weight in weights.items()
    )
    check_whole(accepted, "accepted")
    return {"stem": form.stem.data, "accepted": accepted}


def _cloze(form: Any, base: Item | None) -> dict[str, Any]:
    if not form.stem.data:
        return {}
    stem, gaps = neutral_gaps(form.stem.data, base.gaps if isinstance(base, Cloze) else ())
    for gap in gaps:
        for answer in gap.accepted:
            check_typed(answer.text or "", "stem")
        check_whole(gap.accepted, "stem")
    return {"stem": stem, "gaps": gaps}


def _numeric(form: Any, base: Item | None) -> dict[str, Any]:
    unit = form.unit.data or ""
    known = base if isinstance(base, Numeric) else None
    accepted = read_amounts(form.accepted.data or "", unit, known.accepted if known else ())
    check_whole(accepted, "accepted")
    units = read_units(form.units.data or "")
    if not unit and (units or form.is_unit_asked.data):
        raise Invalid("unit", "Write the unit of the accepted numbers.")
    if twin := next(
        (other.name for other in units if [unit, *(each.name for each in units)].count(other.name) > 1), ""
    ):
        raise Invalid("units", f"The unit “{twin}” is there twice.")
    asked = known.unit_credit if known and known.unit_credit < 1 else HALF
    return {
        "stem": form.stem.data,
        "unit": unit,
        "units": units,
        "unit_credit": asked if form.is_unit_asked.data else 1.0,
        "accepted": accepted,
    }


def _matching(form: Any, _base: Item | None) -> dict[str, Any]:
    return {"stem": form.stem.data, "pairs": written_pairs(form)}


def _ordering(form: Any, _base: Item | None) -> dict[str, Any]:
    return {"stem": form.stem.data, "order": written_entries(form)}


def _flashcard(form: Any, _base: Item | None) -> dict[str, Any]:
    return {"stem": form.stem.data, "answer": form.answer.data, "is_reversible": bool(form.is_reversible.data)}


def _essay(form: Any, _base: Item | None) -> dict[str, Any]:
    return {
        "stem": form.stem.data,
        "answer": form.answer.data or "",
        "rubric": form.rubric.data or "",
        "criteria": written_criteria(form),
    }


def _description(form: Any, _base: Item | None) -> dict[str, Any]:
    return {"stem": form.stem.data}


_OWN = {
    "single_choice": _single_choice,
    "multiple_choice": _multiple_choice,
    "true_false": _true_false,
    "short_answer": _short_answer,
    "numeric": _numeric,
    "cloze": _cloze,
    "matching": _matching,
    "ordering": _ordering,
    "flashcard": _flashcard,
    "essay": _essay,
    "description": _description,
}
EDITED_KINDS = tuple(_OWN)


def check_typed(text: str, field: str) -> None:
    """Raise Invalid for an answer that can't be marked when somebody types it."""
    words = len(text.split())
    if words > MOST_TYPED_WORDS:
        raise Invalid(
            field,
            f"“{text}” has {words} words. Typed answers are marked up to {MOST_TYPED_WORDS}; "
            "ask for less, or make it a flashcard.",
        )
    if not text.strip("* "):
        raise Invalid(field, "A star alone would count every answer as right. Write some letters with it.")


def check_whole(accepted: Sequence[Accepted], field: str) -> None:
    """Raise Invalid when answers are accepted and none of them earns the whole mark."""
    if accepted and all(answer.weight < 1 for answer in accepted):
        raise Invalid(field, f"“{accepted[0].text or 'The first'}” earns a part of the mark. One must earn all of it.")
