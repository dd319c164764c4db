"""Drafts of a passage: made outside of transactions, stored in a queue, decided on and counted by rule."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from quizapp.authoring.items import Source, add_item, placed_content, set_enemies
from quizapp.authoring.passages import source_at
from quizapp.authoring.sets import create_set, own_set, put_last
from quizapp.core.generation import Draft as MadeDraft
from quizapp.core.generation import Generated, generate
from quizapp.core.items import Item as NeutralItem
from quizapp.core.items import read_item
from quizapp.core.linting import Finding, lint
from quizapp.errors import Conflict, NotFound
from quizapp.models import (
    REJECTIONS,
    Draft,
    Item,
    ItemSet,
    ItemSetItem,
    ItemVersion,
    Passage,
    PassageVersion,
    RuleTotal,
)

MOST_DRAFTS = 200  # of one passage
_POOL = 20  # other passages whose terms may serve as wrong answers


@dataclass(frozen=True)
class Workshop:
    """What drafts are made from: a passage in its current wording, and what is known beside it."""

    passage_id: int
    source: Source
    existing: tuple[NeutralItem, ...]  # external ids are "item-" and their number
    priors: Mapping[str, tuple[int, int]]
    pool: tuple[str, ...]

    def drafts(self) -> Generated:
        """Make drafts by rule; takes up to a second. Raises Unreadable for a text that none can be made from."""
        return generate(self.source.text, existing=self.existing, priors=self.priors, pool=self.pool)


def workshop(session: Session, passage_id: int, owner_id: int) -> Workshop:
    """Return what drafts of the person's own passage are made from. Raises NotFound."""
    own = session.scalar(select(Passage.topic_id).where(Passage.id == passage_id, Passage.owner_id == owner_id))
    if own is None:
        raise NotFound
    known = session.execute(
        select(Item.id, ItemVersion.content)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .where(Item.passage_id == passage_id, ItemVersion.number == Item.version_number)
        .order_by(Item.id)
    )
    existing = tuple(replace(read_item(content), external_id=f"item-{item_id}") for item_id, content in known)
    others = session.scalars(
        select(PassageVersion.text)
        .join(Passage, Passage.id == PassageVersion.passage_id)
        .where(PassageVersion.number == Passage.version_number, Passage.owner_id == owner_id, Passage.id != passage_id)
        .order_by((Passage.topic_id == own).desc(), Passage.id.desc())
        .limit(_POOL)
    )
    return Workshop(
        passage_id,
        source_at(session, owner_id, passage_id=passage_id),
        existing,
        {rule: (accepted, judged) for rule, accepted, judged in session.execute(_TOTALS)},
        tuple(others),
    )


def store_drafts(
    session: Session, made_from: Workshop, owner_id: int, drafts: Sequence[MadeDraft], now: datetime, *, maker: str
) -> int:
    """Put drafts at the end of the passage's queue and return how many are new; what is there already stays once.

    Raises Conflict when the passage was changed meanwhile, or its queue holds too many.
    """
    passage_id = made_from.passage_id
    session.scalar(select(Passage.id).where(Passage.id == passage_id, Passage.owner_id == owner_id).with_for_update())
    if source_at(session, owner_id, passage_id=passage_id) != made_from.source:
        raise Conflict("The passage was changed while drafts were made. Ask for them again.")
    names = [f"made-{passage_id}-{draft.item.external_id.removeprefix('made-')}"[:120] for draft in drafts]
    known = set(session.scalars(select(Item.external_id).where(Item.external_id.in_(names))))
    fresh = [(name, draft) for name, draft in zip(names, drafts, strict=True) if name not in known]
    held, last = session.execute(
        select(func.count(), func.coalesce(func.max(Draft.position), 0)).where(Draft.passage_id == passage_id)
    ).one()
    if fresh and held + len(fresh) > MOST_DRAFTS:
        raise Conflict(f"This passage has {held} drafts, and {MOST_DRAFTS} is all there is room for.")
    ids = {item.external_id: int(item.external_id.removeprefix("item-")) for item in made_from.existing}
    for place, (name, draft) in enumerate(fresh, start=last + 1):
        item_id = add_item(
            session, replace(draft.item, external_id="", enemies=()), made_from.source,
            owner_id=owner_id, now=now, external_id=name,
        )  # fmt: skip
        ids[draft.item.external_id] = item_id
        row = {
            "item_id": item_id, "passage_id": passage_id, "position": place, "maker": maker, "rule": draft.rule[:120],
            "version": draft.version[:40], "seed": draft.seed[:120], "expected": draft.rank,
            "is_clean": not draft.findings, "is_counted_right": False,
        }  # fmt: skip
        session.execute(insert(Draft), [row])
    made = [ids[draft.item.external_id] for _, draft in fresh]
    pairs = [
        (ids[draft.item.external_id], ids[enemy]) for _, draft in fresh for enemy in draft.item.enemies if enemy in ids
    ]
    set_enemies(session, made, pairs)
    return len(fresh)


def approve(session: Session, passage_id: int, item_ids: Iterable[int], owner_id: int, now: datetime) -> int:
    """Take drafts into the set that the passage's questions gather in, and return its id; twice is once.

    Raises Conflict for one that a gate holds back, or that was rejected.
    """
    set_id = gathering_set(session, passage_id, owner_id, now)
    item_set = own_set(session, set_id, owner_id)
    for item_id in item_ids:
        draft, version_number = _held(session, passage_id, item_id, owner_id)
        if draft.decision == "approved":
            continue
        if draft.decision == "rejected":
            raise Conflict("This draft was rejected in another window. Undo that first.")
        if stops := [found for found in _findings(session, item_id) if found.severity == "error"]:
            raise Conflict(f"This can’t be approved yet. {stops[0].message}")
        draft.decision, draft.decided_by, draft.decided_at = "approved", owner_id, now
        draft.is_counted_right, draft.item_set_id = version_number == 1, set_id
        put_last(session, item_set, item_id)
        _count(session, draft.rule, judged=1, accepted=int(draft.is_counted_right))
    return set_id


def reject(session: Session, passage_id: int, item_id: int, owner_id: int, reason: str, now: datetime) -> None:
    """Put a draft aside for one of REJECTIONS; it can be taken back. Raises Conflict for one that was approved."""
    if reason not in REJECTIONS:
        raise NotFound
    draft, _ = _held(session, passage_id, item_id, owner_id)
    if draft.decision == "approved":
        raise Conflict("This draft was approved in another window. Undo that first.")
    if draft.decision is None:
        _count(session, draft.rule, judged=1, accepted=0)
    draft.decision, draft.reason, draft.decided_by, draft.decided_at = "rejected", reason, owner_id, now
    session.execute(update(Item).where(Item.id == item_id).values(status="rejected"))


def undo(session: Session, passage_id: int, item_id: int, owner_id: int) -> None:
    """Let a draft wait again. Raises Conflict when it is published by now."""
    draft, _ = _held(session, passage_id, item_id, owner_id)
    if draft.decision is None:
        return
    if session.scalar(select(Item.status).where(Item.id == item_id)) not in ("draft", "rejected"):
        raise Conflict("This question is published. Remove it from its set instead.")
    _count(session, draft.rule, judged=-1, accepted=-int(draft.is_counted_right))
    draft.decision = draft.reason = draft.decided_by = draft.decided_at = None
    draft.is_counted_right, set_id, draft.item_set_id = False, draft.item_set_id, None
    session.flush()
    session.execute(delete(ItemSetItem).where(ItemSetItem.item_id == item_id))
    session.execute(update(Item).where(Item.id == item_id).values(status="draft"))
    is_empty = ~select(ItemSetItem.item_id).where(ItemSetItem.item_set_id == set_id).exists()
    session.execute(delete(ItemSet).where(ItemSet.id == set_id, ItemSet.status == "draft", is_empty))


def check_again(session: Session, item_id: int) -> None:
    """Keep whether anything is found in a draft that was edited."""
    is_clean = not _findings(session, item_id)
    session.execute(update(Draft).where(Draft.item_id == item_id).values(is_clean=is_clean))


def gathering_set(session: Session, passage_id: int, owner_id: int, now: datetime) -> int:
    """Return the draft set that the passage's approved questions gather in, made when there is none."""
    found = session.scalar(
        select(ItemSet.id)
        .join(Draft, Draft.item_set_id == ItemSet.id)
        .where(Draft.passage_id == passage_id, ItemSet.owner_id == owner_id, ItemSet.status == "draft")
        .order_by(ItemSet.id.desc())
        .limit(1)
    )
    if found is not None:
        return found
    heading = session.scalar(select(Passage.heading).where(Passage.id == passage_id, Passage.owner_id == owner_id))
    if heading is None:
        raise NotFound
    return create_set(session, owner_id, heading[:120], "", now)


_TOTALS = select(RuleTotal.rule, RuleTotal.accepted, RuleTotal.judged).order_by(RuleTotal.rule)


def _held(session: Session, passage_id: int, item_id: int, owner_id: int) -> tuple[Draft, int]:
    """Return a draft, locked for the transaction, with its item's version number. Raises NotFound."""
    row = session.execute(
        select(Draft, Item.version_number)
        .join(Item, Item.id == Draft.item_id)
        .where(Draft.item_id == item_id, Draft.passage_id == passage_id, Item.owner_id == owner_id)
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound
    return row[0], row[1]


def _findings(session: Session, item_id: int) -> tuple[Finding, ...]:
    text = session.scalar(
        select(PassageVersion.text)
        .join(Passage, Passage.id == PassageVersion.passage_id)
        .join(Item, Item.passage_id == Passage.id)
        .where(Item.id == item_id, PassageVersion.number == Passage.version_number)
    )
    return tuple(lint(placed_content(session, item_id), text))


def _count(session: Session, rule: str, *, judged: int, accepted: int) -> None:
    values = {"judged": RuleTotal.judged + judged, "accepted": RuleTotal.accepted + accepted}
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    statement = dialect.insert(RuleTotal).values(rule=rule, judged=max(judged, 0), accepted=max(accepted, 0))
    session.execute(statement.on_conflict_do_update(index_elements=["rule"], set_=values))
