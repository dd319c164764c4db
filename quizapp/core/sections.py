"""Sections of a set, and the lots by which an attempt gets its questions: of a section's own, and from a pool."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from quizapp.core.selection import pick

if TYPE_CHECKING:
    from random import Random

_Enemies = Mapping[int, frozenset[int]]


@dataclass(frozen=True, kw_only=True)
class Pool:
    """What is drawn besides a section's own questions: `number` of those that fit.

    A question fits with one of the `topics`, one of the `kinds` and one of the `tags`; empty: with any.
    """

    number: int
    topics: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.number < 1:
            raise ValueError(f"nothing can be drawn by {self}")


@dataclass(frozen=True, kw_only=True)
class Lot:
    """What one section is drawn from; items by their topic, its own in their order.

    `drawn`: so many of its own; None is all. `number`: so many of the pool.
    """

    own: Mapping[int, int]
    drawn: int | None = None
    pool: Mapping[int, int]
    number: int = 0


@dataclass(frozen=True)
class Draw:
    """What one section got: of its own in their order, and from the pool in the order of the lot."""

    own: tuple[int, ...]
    pool: tuple[int, ...]


def draw(lots: Sequence[Lot], enemies: _Enemies, rng: Random) -> list[Draw]:
    """Draw for every section, in their order; no item comes twice, none by lot beside one that gives it away.

    Items that are always asked come first, whatever they give away: that is their author's choice. Then each section
    draws of its own, then from the pools, the one with the least to spare before the others. Each gets as many as
    there are.
    """
    own = [() if lot.drawn else tuple(lot.own) for lot in lots]
    asked = {item_id for items in own for item_id in items}
    for place, lot in enumerate(lots):
        if lot.drawn:
            picked = set(pick(_free(lot.own, asked, enemies), enemies, lot.drawn, rng))
            own[place] = tuple(item_id for item_id in lot.own if item_id in picked)
            asked |= picked
    held = {item_id for lot in lots for item_id in lot.own}
    others = [{item_id: topic for item_id, topic in lot.pool.items() if item_id not in held} for lot in lots]
    spare = {place: len(_free(others[place], asked, enemies)) - lot.number for place, lot in enumerate(lots)}
    pools: list[tuple[int, ...]] = [()] * len(lots)
    for place in sorted(spare, key=lambda place: (spare[place], place)):
        pools[place] = tuple(pick(_free(others[place], asked, enemies), enemies, lots[place].number, rng))
        asked |= set(pools[place])
    return [Draw(*both) for both in zip(own, pools, strict=True)]


def read_pool(stored: Mapping[str, Any]) -> Pool:
    """Return a stored pool."""
    return Pool(number=stored["number"], **{name: tuple(stored.get(name, ())) for name in ("topics", "tags", "kinds")})


def stored_pool(pool: Pool | None) -> dict[str, Any] | None:
    """Return a pool as it is stored; what fits with any is left out."""
    if pool is None:
        return None
    return {name: list(value) if name != "number" else value for name, value in asdict(pool).items() if value}


def tag_key(tag: str) -> str:
    """Return what a tag is found by: its letters without case and with single spaces; empty for no tag."""
    return " ".join(tag.casefold().split())


def _free(items: Mapping[int, int], asked: set[int], enemies: _Enemies) -> dict[int, int]:
    """Return the items that are not asked yet and give nothing away that is."""
    return {
        item_id: topic
        for item_id, topic in items.items()
        if item_id not in asked and not enemies.get(item_id, frozenset()) & asked
    }
