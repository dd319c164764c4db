"""A question as a student sees it, and as its teacher sees it answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.authoring.amounts import write_amount
from quizapp.core.items import (
    Accepted,
    Cloze,
    Essay,
    Flashcard,
    Gap,
    Item,
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    ShortAnswer,
    SingleChoice,
    TrueFalse,
    is_two_way,
    split_stem,
)
from quizapp.web.answered import AnsweredCriterion, AnsweredOption, AnsweredRow, criteria_view
from quizapp.web.evidence import marked_sentences
from quizapp.web.questions import ClozePart, Question, formatted_key, question_view
from quizapp.web.rendering import Text, marked, rich


@dataclass(frozen=True)
class Preview:
    """What the two views show: the question as asked; its options, gaps or back with the key; its evidence."""

    asked: Question
    options: tuple[AnsweredOption, ...]
    parts: tuple[ClozePart, ...]
    rows: tuple[AnsweredRow, ...]
    back: str  # of a card, or an essay's model answer
    rubric: str
    criteria: tuple[AnsweredCriterion, ...]
    is_two_way: bool
    explanation: str
    passage: Sequence[Text]
    brief: Sequence[Text]
    note: str

    @property
    def has_proof(self) -> bool:
        """Whether there is anything to show beside the answer."""
        return bool(self.explanation or self.passage)


def preview(item: Item, text: str = "", note: str = "") -> Preview:
    """Return both views of an item; `text` is the passage that its evidence stands in."""
    spans = []
    for evidence in item.evidence:
        start = evidence.start if evidence.start is not None else text.find(evidence.quote)
        if start >= 0:
            spans.append((start, start + len(evidence.quote)))
    return Preview(
        asked=question_view(item, []),
        options=_options(item),
        parts=_parts(item) if isinstance(item, Cloze) else (),
        rows=_rows(item),
        back=formatted_key(item) if isinstance(item, Flashcard | Essay) else "",
        rubric=item.rubric if isinstance(item, Essay) else "",
        criteria=criteria_view(item) if isinstance(item, Essay) else (),
        is_two_way=is_two_way(item),
        explanation=rich(item.feedback, item.stem_format),
        passage=marked(text, spans) if spans else (),
        brief=marked_sentences(text, spans),
        note=note if spans else "",
    )


def _options(item: Item) -> tuple[AnsweredOption, ...]:
    if isinstance(item, SingleChoice | MultipleChoice | TrueFalse):
        return tuple(
            AnsweredOption(
                rich(option.text, item.stem_format),
                "key" if option.weight > 0 else "plain",
                rich(option.feedback, item.stem_format),
            )
            for option in item.options
        )
    if isinstance(item, ShortAnswer):
        return tuple(
            AnsweredOption(answer.text or "", "key" if answer.weight == 1 else "plain", answer.feedback)
            for answer in item.accepted
        )
    if isinstance(item, Numeric):
        return tuple(
            AnsweredOption(_with_unit(answer, item.unit), "key" if answer.weight == 1 else "plain", answer.feedback)
            for answer in item.accepted
        )
    return ()


def _with_unit(answer: Accepted, unit: str) -> str:
    return f"{write_amount(answer, unit)} {unit}".strip()


def _rows(item: Item) -> tuple[AnsweredRow, ...]:
    if isinstance(item, Matching):
        pairs = [pair for pair in item.pairs if pair.left is not None]
        return tuple(AnsweredRow(pair.left or "", pair.right, pair.right, "right") for pair in pairs)
    if isinstance(item, Ordering):
        return tuple(AnsweredRow(entry, entry, entry, "right") for entry in item.order)
    return ()


def _parts(item: Cloze) -> tuple[ClozePart, ...]:
    return tuple(
        _filled_gap(number, item.gaps[number - 1]) if number else ClozePart(rich(run, item.stem_format))
        for run, number in split_stem(item.stem)
    )


def _filled_gap(number: int, gap: Gap) -> ClozePart:
    keys = [option.text for option in gap.options if option.weight == 1] or _texts(gap.accepted)
    return ClozePart(number=number, kind=gap.kind, given=keys[0], key=keys[0], verdict="right")


def _texts(accepted: Sequence[Accepted]) -> list[str]:
    return [answer.text or "" for answer in accepted]
