"""The questions of an attempt at a set: section after section, by lot where that is said, in the attempt's order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.core.items import Description
from quizapp.core.rules import Rules, read_rules
from quizapp.core.sections import Lot, Pool, draw, read_pool
from quizapp.errors import NotAllowed
from quizapp.models import ItemSet, SetSection, is_withheld, pool_items
from quizapp.quizzes.building import Pinned, pinned_items, set_items
from quizapp.quizzes.sections import Part
from quizapp.web.enemies import enemies_among
from quizapp.web.questions import ASKABLE_KINDS

_Group = list[Pinned]  # a question with the texts that stand before it; or texts after the last question


@dataclass(frozen=True)
class _Section:
    """A section of a set as it is drawn from; the first one is what stands outside the sections."""

    title: str
    instruction: str
    groups: list[_Group]
    drawn: int | None
    pool: Pool | None


def drawn_questions(
    session: Session, item_set: ItemSet, learner_id: int, seed: int
) -> tuple[list[Pinned], tuple[Part, ...]]:
    """Return the questions of an attempt in its order, and its parts where the set has sections.

    The seed decides. What waits for another quiz of the learner is not drawn from a pool. Raises NotAllowed when there
    is nothing to ask.
    """
    rules = read_rules(item_set.rules)
    sections = _sections(session, item_set, rules)
    pools = _pools(session, item_set, sections, learner_id)
    lots = [
        Lot(
            own=_topics(section.groups),
            drawn=section.drawn,
            pool=pool,
            number=section.pool.number if section.pool else 0,
        )
        for section, pool in zip(sections, pools, strict=True)
    ]
    is_by_lot = any(lot.number or lot.drawn for lot in lots)
    enemies = enemies_among(session, [item for lot in lots for item in (*lot.own, *lot.pool)]) if is_by_lot else {}
    draws = draw(lots, enemies, Random(seed))  # noqa: S311  # which questions, not secrecy
    pinned = pinned_items(session, [item for drawn in draws for item in drawn.pool]) if any(pools) else []
    from_pool = {question.item_id: question for question in pinned}
    questions: list[Pinned] = []
    parts = []
    for place, (section, lot, drawn) in enumerate(zip(sections, lots, draws, strict=True)):
        is_whole = len(drawn.own) == len(lot.own)
        groups = [group for group in section.groups if _asks(group) in drawn.own or (is_whole and _asks(group) is None)]
        groups += [[from_pool[item_id]] for item_id in drawn.pool]
        if rules.is_shuffled:
            groups = _shuffled(groups, seed + place)
        asked = [question for group in groups for question in group]
        if asked:
            first, last = len(questions) + 1, len(questions) + len(asked)
            parts.append(
                Part(
                    title=section.title, instruction=section.instruction, first=first, last=last,
                    missing=lot.number - len(drawn.pool),
                )
            )  # fmt: skip
        questions += asked
    if not any(not isinstance(question.item, Description) for question in questions):
        raise NotAllowed("This quiz has no question to ask at present. Tell whoever gave it to you.")
    return questions, tuple(parts) if len(sections) > 1 else ()


def _sections(session: Session, item_set: ItemSet, rules: Rules) -> list[_Section]:
    rows = session.execute(
        select(SetSection.id, SetSection.title, SetSection.instruction, SetSection.drawn, SetSection.pool)
        .where(SetSection.item_set_id == item_set.id, SetSection.removed_items.is_(None))
        .order_by(SetSection.position, SetSection.id)
    ).all()
    own = set_items(session, item_set.id)
    outside = _Section("", "", _with_texts(own, None), rules.drawn, None)
    return [
        outside,
        *(
            _Section(
                row.title,
                row.instruction,
                _with_texts(own, row.id),
                row.drawn,
                read_pool(row.pool) if row.pool else None,
            )
            for row in rows
        ),
    ]


def _pools(session: Session, item_set: ItemSet, sections: Sequence[_Section], learner_id: int) -> list[dict[int, int]]:
    """Return what each pool holds that this learner may be asked now: items with their topics."""
    found: list[dict[int, int]] = [{} for _ in sections]
    pools = {place: section.pool for place, section in enumerate(sections) if section.pool}
    if pools:
        fitting = pool_items(item_set.owner_id, pools, ASKABLE_KINDS).subquery()
        free = select(fitting).where(~is_withheld(fitting.c.item_id, learner_id))
        for place, item_id, topic_id in session.execute(free):
            found[place][item_id] = topic_id
    return found


def _with_texts(questions: Iterable[Pinned], section_id: int | None) -> list[_Group]:
    groups: list[_Group] = [[]]
    for question in questions:
        if question.section_id == section_id:
            groups[-1].append(question)
            if not isinstance(question.item, Description):
                groups.append([])
    return [group for group in groups if group]


def _asks(group: _Group) -> int | None:
    """Return the question of a group; None for texts alone."""
    return None if isinstance(group[-1].item, Description) else group[-1].item_id


def _topics(groups: Sequence[_Group]) -> dict[int, int]:
    return {group[-1].item_id: group[-1].topic_id for group in groups if _asks(group) is not None}


def _shuffled(groups: list[_Group], seed: int) -> list[_Group]:
    """Shuffle questions; a text stays before the question that follows it, and after the last where none does."""
    asking = [group for group in groups if _asks(group) is not None]
    Random(seed).shuffle(asking)  # noqa: S311  # order, not secrecy
    return asking + [group for group in groups if _asks(group) is None]
