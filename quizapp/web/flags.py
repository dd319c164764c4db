"""What a learner has said is wrong with a question, as the pages that show its answer tell it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import BindParameter, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from quizapp.models import Flag, Item, ItemVersion

REASON_NAMES = {
    "wrong_key": "The marked answer is wrong",
    "several_keys": "More than one answer is right",
    "unclear": "I don’t understand the question",
    "not_in_passage": "The passage does not say this",
    "mistake": "There is a typing or language mistake",
    "other": "Something else",
}
_PERSON_ID: BindParameter[Any] = bindparam("person_id")
# Made once: putting this statement together costs more than running it.
_FLAGS = (
    select(ItemVersion.id, Item.owner_id, Flag.id.label("flag_id"), Flag.settled_at, Flag.verdict)
    .join(Item, Item.id == ItemVersion.item_id)
    .outerjoin(Flag, and_(Flag.item_version_id == ItemVersion.id, Flag.person_id == _PERSON_ID))
    .where(
        ItemVersion.id.in_(bindparam("version_ids", expanding=True)),
        or_(Item.owner_id.is_(None), Item.owner_id != _PERSON_ID),
    )
)


@dataclass(frozen=True)
class FlagView:
    """A question that a learner may flag, and how what they said of it stands."""

    version_id: int
    is_shipped: bool  # an administrator reads what is said, not a teacher
    state: str  # open, fixed or no_fault; empty: nothing was said yet

    reasons: ClassVar[tuple[tuple[str, str], ...]] = tuple(REASON_NAMES.items())


def flag_views(session: Session, person_id: int, version_ids: Iterable[int]) -> dict[int, FlagView]:
    """Return how a learner's flags on these wordings stand, in one query; their own questions are left out."""
    ids = sorted(set(version_ids))
    if not ids:
        return {}
    grouped: dict[int, list[Any]] = defaultdict(list)
    for row in session.execute(_FLAGS, {"person_id": person_id, "version_ids": ids}):
        grouped[row.id].append(row)
    return {
        version_id: FlagView(version_id, rows[0].owner_id is None, _state(rows)) for version_id, rows in grouped.items()
    }


def _state(rows: list[Any]) -> str:
    flags = [row for row in rows if row.flag_id is not None]
    if any(row.settled_at is None for row in flags):
        return "open"
    return str(max(flags, key=lambda row: row.settled_at).verdict) if flags else ""
