"""What is said against the questions that somebody looks after: open and settled, question by question."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, distinct, func, select
from sqlalchemy.orm import Session

from quizapp.authoring.flags import Keeper
from quizapp.core.items import key_text, plain_stem, read_item
from quizapp.models import Flag, Item, ItemSet, ItemSetItem, ItemVersion, Topic
from quizapp.web.flags import REASON_NAMES
from quizapp.web.questions import KIND_NAMES
from quizapp.web.rendering import count, day_name

LISTED_FLAGS = 500  # open ones on the page, the newest
LISTED_SETTLED = 100
VERDICT_NAMES = {"fixed": "Fixed", "no_fault": "No fault"}


@dataclass(frozen=True)
class Remark:
    """What one learner wrote; never who they are."""

    comment: str
    when: str
    is_earlier: bool  # said of a wording that is not in force any more


@dataclass(frozen=True)
class FlaggedQuestion:
    """A question with what is said against it."""

    item_id: int
    stem: str
    key: str
    about: str  # kind and topic in words
    set_id: int | None  # a set of theirs to edit it in
    is_retired: bool
    flags: int
    reasons: tuple[tuple[str, int], ...]  # in words, the most frequent first
    remarks: tuple[Remark, ...]
    latest: str
    settled: str = ""  # when and how, in words
    settled_at: str = ""  # as the form that opens it again sends it


@dataclass(frozen=True)
class FlagPage:
    """All that is said, the most flagged questions first; settled ones by when they were settled, newest first."""

    waiting: tuple[FlaggedQuestion, ...]
    settled: tuple[FlaggedQuestion, ...]


def flag_page(session: Session, keeper: Keeper, now: datetime, zone: ZoneInfo) -> FlagPage:
    """Return the flags on the questions that somebody looks after, in three queries."""
    waiting = _flags(session, keeper, LISTED_FLAGS, is_settled=False)
    settled = _flags(session, keeper, LISTED_SETTLED, is_settled=True)
    questions = _questions(session, keeper, {flag.item_id for flag in (*waiting, *settled)})
    today = now.astimezone(zone).date()
    by_question = [_flagged(questions[flags[0].item_id], flags, today, zone) for flags in _grouped(waiting)]
    return FlagPage(
        tuple(sorted(by_question, key=lambda question: -question.flags)),
        tuple(_flagged(questions[flags[0].item_id], flags, today, zone) for flags in _grouped(settled)),
    )


def flagged_count(session: Session, keeper: Keeper) -> int:
    """Count the questions with open flags that somebody looks after."""
    return (
        session.scalar(
            select(func.count(distinct(Flag.item_id)))
            .join(Item, Item.id == Flag.item_id)
            .where(keeper.keeps, Flag.settled_at.is_(None))
        )
        or 0
    )


def _flags(session: Session, keeper: Keeper, most: int, *, is_settled: bool) -> list[Flag]:
    query = select(Flag).join(Item, Item.id == Flag.item_id).where(keeper.keeps).limit(most)
    if is_settled:
        query = query.where(Flag.settled_at.is_not(None)).order_by(Flag.settled_at.desc(), Flag.id.desc())
    else:
        query = query.where(Flag.settled_at.is_(None)).order_by(Flag.created_at.desc(), Flag.id.desc())
    return list(session.scalars(query))


def _questions(session: Session, keeper: Keeper, item_ids: set[int]) -> dict[int, Any]:
    own_set = (
        select(func.min(ItemSet.id))
        .join(ItemSetItem, ItemSetItem.item_set_id == ItemSet.id)
        .where(ItemSetItem.item_id == Item.id, ItemSet.owner_id == keeper.id)
        .correlate(Item)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Item.id, Item.status, ItemVersion.id.label("version_id"), ItemVersion.content, Topic.title,
               own_set.label("set_id"))
        .join(ItemVersion, and_(ItemVersion.item_id == Item.id, ItemVersion.number == Item.version_number))
        .join(Topic, Topic.id == Item.topic_id)
        .where(Item.id.in_(item_ids))
    )  # fmt: skip
    return {row.id: row for row in rows}


def _grouped(flags: Iterable[Flag]) -> list[list[Flag]]:
    groups: dict[tuple[int, datetime | None], list[Flag]] = defaultdict(list)
    for flag in flags:
        groups[flag.item_id, flag.settled_at].append(flag)
    return list(groups.values())


def _flagged(question: Any, flags: list[Flag], today: date, zone: ZoneInfo) -> FlaggedQuestion:
    item = read_item(question.content)
    counts = Counter(flag.reason for flag in flags)
    days = [day_name(flag.created_at.astimezone(zone).date(), today) for flag in flags]
    return FlaggedQuestion(
        item_id=question.id,
        stem=plain_stem(item.stem),
        key=key_text(item),
        about=f"{KIND_NAMES.get(item.kind, item.kind)} · {question.title}",
        set_id=question.set_id,
        is_retired=question.status == "retired",
        flags=len(flags),
        reasons=tuple((REASON_NAMES[reason], number) for reason, number in counts.most_common()),
        remarks=tuple(
            Remark(flag.comment, day, is_earlier=flag.item_version_id != question.version_id)
            for flag, day in zip(flags, days, strict=True)
            if flag.comment
        ),
        latest=days[0],
        **_settled(flags, today, zone),
    )


def _settled(flags: list[Flag], today: date, zone: ZoneInfo) -> dict[str, str]:
    moment, verdict = flags[0].settled_at, flags[0].verdict
    if moment is None or verdict is None:
        return {}
    day = day_name(moment.astimezone(zone).date(), today)
    words = f"{VERDICT_NAMES[verdict]} · {count(len(flags), 'flag')} settled {day}"
    return {"settled": words, "settled_at": moment.isoformat()}
