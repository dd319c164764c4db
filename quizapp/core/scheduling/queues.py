"""The order in which cards are shown: due before new, enemies apart, neighbours from different topics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Queued:
    """A card that could be shown; `key` is (item id, part) and `enemies` are ids of items that give it away."""

    key: tuple[int, int]
    topic_id: int
    due_at: datetime
    is_new: bool
    enemies: frozenset[int]
    loss: float = 0.0  # what a day's wait costs: recall now less recall a day later
    is_step: bool = False  # in its learning steps: begun, and finished before others are begun


def worth_most(cards: Sequence[Queued], most: int) -> list[Queued]:
    """Return the cards to show on a day that has room for so many: steps under way, then what loses most by waiting.

    New cards lose nothing yet and take the room that is left, in their order. The order of `cards` stays.
    """
    by_worth = sorted(cards, key=lambda card: (not card.is_step, card.is_new, -card.loss, card.due_at, card.key))
    steps = sum(card.is_step for card in cards)
    kept = {card.key for card in by_worth[: max(most, steps)]}
    return [card for card in cards if card.key in kept]


def order_queue(
    cards: Sequence[Queued], *, seen_item_ids: frozenset[int], new_limit: int, last_topic_id: int | None = None
) -> list[Queued]:
    """Return the cards to show, in order: due ones by due date, then up to `new_limit` new ones.

    Left out are cards with an enemy among `seen_item_ids` (seen today) or already chosen, and further parts of an
    item already chosen. Within the due and within the new cards the order changes as little as keeps neighbours from
    one topic apart, as far as any order can, beginning with the topic of the card shown last. The same cards always
    give the same queue.
    """
    by_date = sorted(cards, key=lambda card: (card.is_new, card.due_at, card.key))
    picked = _without_enemies(by_date, seen_item_ids, new_limit)
    due, new = [card for card in picked if not card.is_new], [card for card in picked if card.is_new]
    return _interleaved(due, new, last_topic_id)


def days_of_cards(
    today: Sequence[Queued], later: Sequence[Sequence[Queued]], *, new_left_today: int, new_limit: int
) -> list[list[Queued]]:
    """Return the cards of today and of each later day, if every day's queue is worked off.

    `later` holds the cards that fall due on each day, or may be shown only from then on. A card that an enemy or the
    limit of new cards keeps from one day waits for the next.
    """
    waiting: list[Queued] = []
    days = []
    for number, arriving in enumerate([today, *later]):
        ready = sorted([*waiting, *arriving], key=lambda card: (card.is_new, card.due_at, card.key))
        picked = _without_enemies(ready, frozenset(), new_limit if number else new_left_today)
        keys = {card.key for card in picked}
        waiting = [card for card in ready if card.key not in keys]
        days.append(picked)
    return days


def _without_enemies(cards: Sequence[Queued], seen_item_ids: frozenset[int], new_limit: int) -> list[Queued]:
    picked: list[Queued] = []
    picked_items: set[int] = set()
    their_enemies: set[int] = set()
    new_left = new_limit
    for card in cards:
        item_id = card.key[0]
        if card.is_new and new_left <= 0:
            continue
        if item_id in picked_items or item_id in their_enemies:
            continue
        if card.enemies & seen_item_ids or card.enemies & picked_items:
            continue
        picked.append(card)
        picked_items.add(item_id)
        their_enemies |= card.enemies
        new_left -= card.is_new
    return picked


def _interleaved(due: Sequence[Queued], new: Sequence[Queued], before: int | None) -> list[Queued]:
    arranged = _arranged(due, before=before, after=_majority(new))
    return arranged + _arranged(new, before=arranged[-1].topic_id if arranged else before, after=None)


def _arranged(cards: Sequence[Queued], *, before: int | None, after: int | None) -> list[Queued]:
    """Place the earliest card each time that still allows the fewest meetings of one topic.

    `before` is the topic shown before these cards, `after` the one that should not end them.
    """
    counts = Counter(card.topic_id for card in cards)
    left = list(cards)
    arranged: list[Queued] = []
    while left:
        topic = _next_topic(left, counts, before, after)
        card = next(card for card in left if card.topic_id == topic)
        counts[topic] -= 1
        left.remove(card)
        arranged.append(card)
        before = topic
    return arranged


def _next_topic(left: Sequence[Queued], counts: Counter[int], before: int | None, after: int | None) -> int:
    fewest = _fewest_meetings(counts, before, after)
    for topic in dict.fromkeys(card.topic_id for card in left):
        rest = counts - Counter({topic: 1})
        if (topic == before) + _fewest_meetings(rest, topic, after) == fewest:
            return topic
    raise ValueError("some topic must reach the fewest meetings")


def _fewest_meetings(counts: Counter[int], before: int | None, after: int | None) -> int:
    """Return how often, at least, one topic must follow itself, its neighbours at both ends included.

    A topic with c cards among n − c others has n − c + 1 gaps, less those at an end where it already stands.
    """
    size = counts.total()
    fewest = max(0, 2 * max(counts.values(), default=0) - size - 1)
    for topic in (before, after):
        if topic is not None:
            ends = (topic == before) + (topic == after)
            fewest = max(fewest, 2 * counts[topic] - size - 1 + ends)
    return fewest


def _majority(cards: Sequence[Queued]) -> int | None:
    """Return the topic of more than half of the cards: standing right before them it would meet itself once more."""
    counts = Counter(card.topic_id for card in cards)
    return next((topic for topic, count in counts.items() if 2 * count > len(cards)), None)
