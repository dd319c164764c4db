"""A question as a page shows it: asked, answered, read from a form, and with its evidence in the passage."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from quizapp.core.grading import Grade, check_answer
from quizapp.core.items import (
    Cloze,
    Flashcard,
    Gap,
    Item,
    MultipleChoice,
    Option,
    ShortAnswer,
    SingleChoice,
    TrueFalse,
    key_text,
    split_stem,
)
from quizapp.core.sentences import sentences_around
from quizapp.models import Evidence, Passage, PassageVersion, Topic
from quizapp.web.rendering import Text, marked, rich

ASKABLE_KINDS = ("single_choice", "multiple_choice", "true_false", "short_answer", "cloze", "flashcard")
KIND_NAMES = {
    "single_choice": "One answer",
    "multiple_choice": "Several answers",
    "true_false": "True or false",
    "short_answer": "Short answer",
    "cloze": "Gaps",
    "flashcard": "Flashcard",
}
SELF_RATINGS = ((3, "I recalled it"), (2, "Only partly"), (1, "Not this time"))


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
class Question:
    """A question before its answer: nothing here gives the key away."""

    kind: str
    kind_name: str
    stem: Markup
    options: tuple[Choice, ...] = ()
    checked: tuple[str, ...] = ()
    text: str = ""
    parts: tuple[ClozePart, ...] = ()


@dataclass(frozen=True)
class AnsweredOption:
    """An option after the answer; `state` as the component `answered` knows it."""

    text: str
    state: str
    reason: str


@dataclass(frozen=True)
class Answered:
    """A question after its answer, with the key and the reasons."""

    kind: str
    state: str  # right partly wrong missed, or rated for a flashcard
    key: str
    explanation: Markup
    options: tuple[AnsweredOption, ...] = ()
    parts: tuple[ClozePart, ...] = ()
    given: str = ""
    keys: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class EvidenceView:
    """Where the answer stands: the sentence, and the whole passage with it marked."""

    topic_slug: str
    topic_title: str
    heading: str
    note: str
    brief: tuple[Text, ...]
    whole: tuple[Text, ...]
    quotes: tuple[str, ...] = field(default=())


def shuffled_options(item: Item, seed: str) -> list[Any]:
    """Return the order in which options are shown: ids, for a cloze one list a gap; empty where nothing is offered.

    The same seed gives the same order. True/false and items that forbid it keep theirs.
    """
    rng = random.Random(seed)  # noqa: S311  # order, not secrecy
    if isinstance(item, SingleChoice | MultipleChoice):
        return _shuffled(item.options, rng, is_fixed=not item.shuffle_options)
    if isinstance(item, TrueFalse):
        return [option.id for option in item.options]
    if isinstance(item, Cloze):
        return [_shuffled(gap.options, rng, is_fixed=False) for gap in item.gaps]
    return []


def question_view(item: Item, option_order: Sequence[Any], answer: dict[str, Any] | None = None) -> Question:
    """Return the question as asked, with `answer` (given or still being worked on) filled in."""
    answer = answer or {}
    view: dict[str, Any] = {
        "kind": item.kind,
        "kind_name": KIND_NAMES.get(item.kind, item.kind),
        "stem": rich(item.stem, item.stem_format),
    }
    match item:
        case SingleChoice() | MultipleChoice() | TrueFalse():
            checked = answer.get("choices") or [answer.get("choice", "")]
            options = tuple(Choice(option.id, option.text) for option in _ordered(item.options, option_order))
            return Question(**view, options=options, checked=tuple(checked))
        case ShortAnswer():
            return Question(**view, text=str(answer.get("text", "")))
        case Cloze():
            return Question(**view, parts=tuple(_cloze_parts(item, option_order, answer)))
    return Question(**view)


def answered_view(item: Item, option_order: Sequence[Any], answer: dict[str, Any] | None, grade: Grade) -> Answered:
    """Return the question as answered: what was given, what is right, and why."""
    reasons = {reason.part: reason for reason in grade.reasons}
    view: dict[str, Any] = {
        "kind": item.kind,
        "state": _state(answer, grade),
        "key": key_text(item),
        "explanation": rich(item.feedback, item.stem_format),
    }
    match item:
        case SingleChoice() | MultipleChoice() | TrueFalse():
            chosen = set((answer or {}).get("choices") or [(answer or {}).get("choice")])
            options = [
                AnsweredOption(option.text, _option_state(option, chosen, item), option.feedback)
                for option in _ordered(item.options, option_order)
            ]
            return Answered(**view, options=tuple(options))
        case ShortAnswer():
            given = str((answer or {}).get("text", ""))
            keys = () if view["state"] == "right" and _folded(given) == _folded(view["key"]) else (view["key"],)
            reason = next((part.text for part in grade.reasons if part.text != "Right."), "")
            return Answered(**view, given=given, keys=keys, reason=reason)
        case Cloze():
            verdicts = {part: reason.verdict for part, reason in reasons.items()}
            return Answered(**view, parts=tuple(_cloze_parts(item, option_order, answer or {}, verdicts)))
        case Flashcard():
            rating = (answer or {}).get("rating")
            return Answered(**view, given=dict(SELF_RATINGS).get(rating or 0, ""))
    return Answered(**view)


def read_answer(item: Item, form: MultiDict[str, str]) -> dict[str, Any] | None:
    """Return the answer that a form carries; None when nothing was chosen or typed. Raises Invalid for a broken one."""
    answer = _raw_answer(item, form)
    if answer is not None:
        check_answer(item, answer)
    return answer


def answer_fields(answer: dict[str, Any] | None) -> dict[str, Any]:
    """Return the form fields that carry an answer, as `read_answer` reads them."""
    if not answer:
        return {}
    if "gaps" in answer:
        return {f"gap-{number}": text for number, text in enumerate(answer["gaps"], start=1)}
    if "text" in answer:
        return {"text": answer["text"]}
    return {"choice": answer.get("choices", answer.get("choice", answer.get("rating")))}


def evidence_views(session: Session, item_version_ids: Iterable[int]) -> dict[int, EvidenceView]:
    """Return the evidence of item versions, in one query; versions without evidence are left out."""
    ids = sorted(set(item_version_ids))
    if not ids:
        return {}
    rows = session.execute(
        select(
            Evidence.item_version_id, Evidence.passage_version_id, Evidence.start, Evidence.end, Evidence.quote,
            PassageVersion.text, Passage.heading, Passage.note, Topic.slug, Topic.title,
        )
        .join(PassageVersion, PassageVersion.id == Evidence.passage_version_id)
        .join(Passage, Passage.id == PassageVersion.passage_id)
        .join(Topic, Topic.id == Passage.topic_id)
        .where(Evidence.item_version_id.in_(ids))
        .order_by(Evidence.item_version_id, Evidence.passage_version_id.desc(), Evidence.start)
    )  # fmt: skip
    grouped: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        group = grouped[row.item_version_id]
        if not group or group[0].passage_version_id == row.passage_version_id:  # the newest wording only
            group.append(row)
    return {version_id: _evidence_view(group) for version_id, group in grouped.items()}


def _evidence_view(rows: list[Any]) -> EvidenceView:
    first = rows[0]
    spans = [(row.start, row.end) for row in rows]
    brief: list[Text] = []
    for number, margin in enumerate(sentences_around(first.text, spans)):
        if number:
            brief.append(Text(" … ", False))
        brief += marked(first.text, spans, margin)
    return EvidenceView(
        topic_slug=first.slug,
        topic_title=first.title,
        heading=first.heading,
        note=first.note,
        brief=tuple(brief),
        whole=tuple(marked(first.text, spans)),
        quotes=tuple(row.quote for row in rows),
    )


def _raw_answer(item: Item, form: MultiDict[str, str]) -> dict[str, Any] | None:
    match item:
        case SingleChoice() | TrueFalse():
            choice = form.get("choice", "")
            return {"choice": choice} if choice else None
        case MultipleChoice():
            choices = form.getlist("choice")
            return {"choices": sorted(set(choices))} if choices else None
        case ShortAnswer():
            text = form.get("text", "").strip()
            return {"text": text} if text else None
        case Cloze():
            gaps = [form.get(f"gap-{number}", "").strip() for number in range(1, len(item.gaps) + 1)]
            return {"gaps": gaps} if any(gaps) else None
        case Flashcard():
            rating = form.get("choice", "")
            return {"rating": int(rating)} if rating.isdecimal() else None
    return None


def _shuffled(options: Sequence[Option], rng: random.Random, *, is_fixed: bool) -> list[str]:
    ids = [option.id for option in options]
    if not is_fixed:
        rng.shuffle(ids)
    return ids


def _ordered(options: Sequence[Option], order: Sequence[Any]) -> list[Option]:
    by_id = {option.id: option for option in options}
    named = [by_id.pop(option_id) for option_id in order if option_id in by_id]
    return named + list(by_id.values())


def _cloze_parts(
    item: Cloze, order: Sequence[Any], answer: dict[str, Any], verdicts: Mapping[str, str] | None = None
) -> list[ClozePart]:
    values = [*answer.get("gaps", []), *[""] * len(item.gaps)]
    parts: list[ClozePart] = []
    for run, number in split_stem(item.stem):
        if not number:
            parts.append(ClozePart(run))
            continue
        gap_order = order[number - 1] if number <= len(order) else []
        parts.append(_gap_part(item.gaps[number - 1], number, gap_order, values[number - 1], verdicts))
    return parts


def _gap_part(gap: Gap, number: int, order: Sequence[Any], value: str, verdicts: Mapping[str, str] | None) -> ClozePart:
    options = tuple(Choice(option.id, option.text) for option in _ordered(gap.options, order))
    if verdicts is None:
        return ClozePart(number=number, kind=gap.kind, options=options, value=value)
    given = next((option.text for option in gap.options if option.id == value), value)
    if gap.kind == "choice":
        key = next(option.text for option in gap.options if option.weight == 1)
    else:
        key = next((accepted.text or "" for accepted in gap.accepted if accepted.weight == 1), "")
    return ClozePart(number=number, kind=gap.kind, given=given, key=key, verdict=verdicts.get(str(number), "missed"))


def _state(answer: dict[str, Any] | None, grade: Grade) -> str:
    if answer is None:
        return "missed"
    if grade.score is None:
        return "rated"
    return "right" if grade.score >= 1 else "wrong" if grade.score <= 0 else "partly"


def _option_state(option: Option, chosen: set[Any], item: Item) -> str:
    is_key = option.weight > 0 if isinstance(item, MultipleChoice) else option.weight >= 1
    if option.id in chosen:
        return "chosen_right" if is_key else "partly" if option.weight > 0 else "wrong"
    if is_key:
        return "missed" if isinstance(item, MultipleChoice) and chosen - {None} else "right"
    return "other"


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
