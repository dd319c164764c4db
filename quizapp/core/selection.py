"""Choosing questions for a quiz: as many as possible without two that give each other away."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

_Enemies = Mapping[int, frozenset[int]]


def largest_without_enemies(item_ids: Sequence[int], enemies: _Enemies) -> list[int]:
    """Return a largest choice of items of which no two are enemies, in the given order.

    Where several are equally large, items that come earlier are preferred. Exact: enemies keep to one passage, so the
    groups that hang together stay small.
    """
    chosen: set[int] = set()
    for group in _groups(item_ids, enemies):
        chosen |= _largest(tuple(group), enemies)
    return [item_id for item_id in item_ids if item_id in chosen]


def pick(topics: Mapping[int, int], enemies: _Enemies, number: int, rng: Random) -> list[int]:
    """Pick `number` items, or as many as there are, without enemies and evenly over topics, in random order.

    `topics` maps each item to its topic. Every item has a chance, also one with many enemies: the largest choice,
    which would leave it out each time, is made only when a choice by lot falls short of the number.
    """
    shuffled = sorted(topics)
    rng.shuffle(shuffled)
    by_lot = _in_turn(shuffled, topics, enemies, number)
    if len(by_lot) == number:
        return by_lot
    return _in_turn(largest_without_enemies(shuffled, enemies), topics, enemies, number)


def pick_least_known(
    topics: Mapping[int, int], recalls: Mapping[int, float], enemies: _Enemies, number: int, rng: Random
) -> list[int]:
    """Pick `number` items, or as many as there are, without enemies: those least likely to be recalled, lowest first.

    `recalls` holds the chance 0..1 of recalling each item now; between equals the lot decides.
    """
    order = sorted(topics)
    rng.shuffle(order)
    order.sort(key=lambda item_id: recalls[item_id])
    picked: list[int] = []
    for item_id in order:
        if not enemies.get(item_id, frozenset()).intersection(picked):
            picked.append(item_id)
    if len(picked) < number:
        picked = largest_without_enemies(order, enemies)
    return picked[:number]


def _in_turn(item_ids: Sequence[int], topics: Mapping[int, int], enemies: _Enemies, number: int) -> list[int]:
    """Take items from one topic after the other, passing over enemies of what is taken."""
    left: dict[int, list[int]] = {}
    for item_id in item_ids:
        left.setdefault(topics[item_id], []).append(item_id)
    picked: list[int] = []
    barred: set[int] = set()
    while left and len(picked) < number:
        for topic_id in list(left)[: number - len(picked)]:
            free = next((item_id for item_id in left[topic_id] if item_id not in barred), None)
            if free is None:
                del left[topic_id]
                continue
            left[topic_id].remove(free)
            picked.append(free)
            barred |= enemies.get(free, frozenset())
    return picked


def enemies_of(pairs: Iterable[tuple[int, int]]) -> dict[int, frozenset[int]]:
    """Return each item's enemies from pairs stored once."""
    found: dict[int, set[int]] = {}
    for first, second in pairs:
        found.setdefault(first, set()).add(second)
        found.setdefault(second, set()).add(first)
    return {item_id: frozenset(others) for item_id, others in found.items()}


def _groups(item_ids: Sequence[int], enemies: _Enemies) -> list[list[int]]:
    """Return the items in groups, so that enemies always share one; the given order is kept inside."""
    left = dict.fromkeys(item_ids)
    groups = []
    while left:
        reached = {next(iter(left))}
        frontier = set(reached)
        while frontier:
            frontier = {enemy for item_id in frontier for enemy in enemies.get(item_id, ()) if enemy in left} - reached
            reached |= frontier
        groups.append([item_id for item_id in left if item_id in reached])
        for item_id in reached:
            del left[item_id]
    return groups


def _largest(group: tuple[int, ...], enemies: _Enemies) -> set[int]:
    """Return a largest choice from one group.

    An item with one enemy or none is always part of some largest choice; otherwise the first is tried in and out.
    """
    if not group:
        return set()
    members = frozenset(group)
    first = next((item_id for item_id in group if len(_among(item_id, enemies, members)) <= 1), group[0])
    theirs = _among(first, enemies, members)
    with_first = {first} | _largest(tuple(item_id for item_id in group if item_id not in theirs | {first}), enemies)
    if len(theirs) <= 1:
        return with_first
    without = _largest(tuple(item_id for item_id in group if item_id != first), enemies)
    return without if len(without) > len(with_first) else with_first


def _among(item_id: int, enemies: _Enemies, members: frozenset[int]) -> frozenset[int]:
    return enemies.get(item_id, frozenset()) & members
