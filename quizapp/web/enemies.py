"""Questions that give each other away, among those of a page or a quiz."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.core.selection import enemies_of
from quizapp.models import ItemEnemy


def enemies_among(session: Session, item_ids: Collection[int]) -> dict[int, frozenset[int]]:
    """Return the enemies of each of these items among them."""
    pairs = session.execute(
        select(ItemEnemy.item_id, ItemEnemy.enemy_id).where(
            ItemEnemy.item_id.in_(item_ids), ItemEnemy.enemy_id.in_(item_ids)
        )
    )
    return enemies_of(pair for pair in pairs)
