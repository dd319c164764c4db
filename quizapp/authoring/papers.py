"""A set on paper: its questions to be answered with a pencil, and the key apart from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from quizapp.core.items import Description, Essay, Matching, MultipleChoice, SingleChoice, read_item
from quizapp.core.items import Item as NeutralItem
from quizapp.models import Item, ItemSetItem, ItemVersion
from quizapp.web.answered import AnsweredCriterion, criteria_view
from quizapp.web.evidence import EvidenceView, evidence_views
from quizapp.web.questions import Question, formatted_key, question_view, shuffled_options
from quizapp.web.rendering import rich
from quizapp.web.sections import Asked


@dataclass(frozen=True)
class PaperQuestion:
    """One question on paper, with what its key says."""

    number: int  # 0: a text between questions
    asked: Question
    lettered: tuple[tuple[str, str], ...]  # options or right sides with their letters
    key: str
    explanation: str
    quotes: tuple[str, ...]
    heading: str  # of the passage they stand in
    criteria: tuple[AnsweredCriterion, ...] = ()


@dataclass(frozen=True)
class PaperSection:
    """A section on paper; without a title what stands outside the sections."""

    title: str
    instruction: str
    questions: tuple[PaperQuestion, ...]


def paper(session: Session, set_id: int, sections: Sequence[Asked]) -> list[PaperSection]:
    """Return a set as it is printed: all its own questions, and of each pool one draw.

    Options and draws stand as if by lot, the same each time.
    """
    rows = session.execute(
        select(Item.id, ItemVersion.id, ItemVersion.content, ItemSetItem.section_id)
        .join(ItemVersion, and_(ItemVersion.item_id == Item.id, ItemVersion.number == Item.version_number))
        .outerjoin(ItemSetItem, and_(ItemSetItem.item_id == Item.id, ItemSetItem.item_set_id == set_id))
        .where(
            or_(
                ItemSetItem.item_set_id == set_id,
                Item.id.in_({item_id for section in sections for item_id in section.example}),
            )
        )
        .order_by(ItemSetItem.position, Item.id)
    ).all()
    from_pool = {item_id: section.id for section in sections for item_id in section.example}
    by_section: dict[int, list[tuple[int, int, NeutralItem]]] = defaultdict(list)
    for item_id, version_id, content, section_id in rows:
        by_section[from_pool.get(item_id, section_id or 0)].append((item_id, version_id, read_item(content)))
    evidence = evidence_views(session, [version_id for _, version_id, _, _ in rows])
    printed, number = [], 0
    for section in sections:
        questions = _questions(by_section[section.id], evidence, number)
        number = max([number, *(question.number for question in questions)])
        if questions:
            printed.append(PaperSection(section.title, section.instruction, tuple(questions)))
    return printed


def _questions(
    rows: Iterable[tuple[int, int, NeutralItem]], evidence: Mapping[int, EvidenceView], number: int
) -> list[PaperQuestion]:
    """Return questions on paper, numbered on after `number`."""
    questions = []
    for item_id, version_id, item in rows:
        number += not isinstance(item, Description)
        order = [] if item.kind == "flashcard" else shuffled_options(item, f"paper-{item_id}")
        asked = question_view(item, order)
        shown = evidence.get(version_id)
        is_lettered = isinstance(item, SingleChoice | MultipleChoice | Matching)
        letters = {option.id: _letter(place) for place, option in enumerate(asked.options)} if is_lettered else {}
        questions.append(
            PaperQuestion(
                number=0 if isinstance(item, Description) else number,
                asked=asked,
                lettered=tuple((letters[option.id], option.text) for option in asked.options) if is_lettered else (),
                key=_key(item, letters),
                explanation=rich(item.feedback, item.stem_format),
                quotes=shown.quotes if shown else (),
                heading=shown.heading if shown else "",
                criteria=criteria_view(item) if isinstance(item, Essay) else (),
            )
        )
    return questions


def _letter(place: int) -> str:
    return ascii_uppercase[place % 26] * (place // 26 + 1)


def _key(item: NeutralItem, letters: dict[str, str]) -> str:
    if isinstance(item, SingleChoice | MultipleChoice):
        right = sorted((letters[option.id], option.text) for option in item.options if option.weight > 0)
        return rich("; ".join(f"{letter} – {text}" for letter, text in right), item.stem_format)
    if isinstance(item, Matching):
        lefts = [pair for pair in item.pairs if pair.left is not None]
        return "; ".join(f"{pair.left}: {letters[pair.right]} – {pair.right}" for pair in lefts)
    return formatted_key(item)
