"""The queue of a session: judged against every possible order of small queues."""

from __future__ import annotations

import itertools
import random
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from quizapp.core.scheduling import Queued, order_queue, worth_most

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def card(item: int, topic: int = 1, *, minutes: int = 0, is_new: bool = False, enemies: tuple[int, ...] = ()) -> Queued:
    return Queued((item, 0), topic, NOW + timedelta(minutes=minutes), is_new, frozenset(enemies))


def items(queue: list[Queued]) -> list[int]:
    return [queued.key[0] for queued in queue]


def meetings(queue: tuple[Queued, ...] | list[Queued]) -> int:
    return sum(one.topic_id == other.topic_id for one, other in itertools.pairwise(queue))


def test_due_cards_come_by_date_and_new_ones_after_up_to_the_limit() -> None:
    cards = [card(1, 1, is_new=True), card(2, 2, minutes=5), card(3, 3, minutes=-5), card(4, 4, is_new=True, minutes=1)]
    assert items(order_queue(cards, seen_item_ids=frozenset(), new_limit=5)) == [3, 2, 1, 4]
    assert items(order_queue(cards, seen_item_ids=frozenset(), new_limit=1)) == [3, 2, 1]
    assert items(order_queue(cards, seen_item_ids=frozenset(), new_limit=0)) == [3, 2]
    assert items(order_queue(cards, seen_item_ids=frozenset(), new_limit=-1)) == [3, 2]


def test_no_cards_make_an_empty_queue() -> None:
    assert order_queue([], seen_item_ids=frozenset(), new_limit=5) == []


def test_an_enemy_of_what_was_seen_today_waits() -> None:
    cards = [card(1, enemies=(9,)), card(2, enemies=(8,))]
    assert items(order_queue(cards, seen_item_ids=frozenset({9, 2}), new_limit=0)) == [2]


def test_of_two_enemies_the_earlier_is_shown_whichever_names_the_other() -> None:
    assert items(order_queue([card(1), card(2, enemies=(1,))], seen_item_ids=frozenset(), new_limit=0)) == [1]
    assert items(order_queue([card(1, enemies=(2,)), card(2)], seen_item_ids=frozenset(), new_limit=0)) == [1]


def test_a_new_card_left_out_for_its_enemy_takes_no_place_of_the_limit() -> None:
    cards = [card(1), card(2, is_new=True, enemies=(1,)), card(3, is_new=True, minutes=1)]
    assert items(order_queue(cards, seen_item_ids=frozenset(), new_limit=1)) == [1, 3]


def test_two_parts_of_one_item_do_not_share_a_queue() -> None:
    parts = [Queued((1, part), 1, NOW, False, frozenset()) for part in (0, 1)]
    assert [queued.key for queued in order_queue(parts, seen_item_ids=frozenset({1}), new_limit=0)] == [(1, 0)]


def test_the_order_changes_no_more_than_mixing_needs() -> None:
    cards = [card(number, topic, minutes=number) for number, topic in enumerate([1, 1, 2, 2, 3])]
    assert items(order_queue(cards, seen_item_ids=frozenset(), new_limit=0)) == [0, 2, 1, 3, 4]
    apart = [card(number, topic, minutes=number) for number, topic in enumerate([1, 2, 1, 3, 2])]
    assert items(order_queue(apart, seen_item_ids=frozenset(), new_limit=0)) == [0, 1, 2, 3, 4]


def test_neighbours_share_a_topic_only_as_often_as_in_the_best_possible_order() -> None:
    dice = random.Random(7)
    for _ in range(250):
        cards = [
            card(number, dice.randint(1, 3), minutes=dice.randint(0, 50), is_new=dice.random() < 0.5)
            for number in range(dice.randint(0, 6))
        ]
        queue = order_queue(cards, seen_item_ids=frozenset(), new_limit=99)
        due = [one for one in cards if not one.is_new]
        new = [one for one in cards if one.is_new]
        best = min(
            meetings(first + second) for first in itertools.permutations(due) for second in itertools.permutations(new)
        )
        assert sorted(items(queue)) == list(range(len(cards)))
        assert [one.is_new for one in queue] == sorted(one.is_new for one in queue)
        assert meetings(queue) == best


def test_the_topic_of_the_card_shown_last_is_a_neighbour_too() -> None:
    dice = random.Random(5)
    before = card(99, 1)
    for _ in range(150):
        cards = [card(number, dice.randint(1, 3), is_new=dice.random() < 0.5) for number in range(dice.randint(1, 5))]
        queue = order_queue(cards, seen_item_ids=frozenset(), new_limit=99, last_topic_id=1)
        due = [one for one in cards if not one.is_new]
        new = [one for one in cards if one.is_new]
        best = min(
            meetings((before, *first, *second))
            for first in itertools.permutations(due)
            for second in itertools.permutations(new)
        )
        assert meetings([before, *queue]) == best


def test_the_queue_does_not_depend_on_the_order_in_which_cards_arrive() -> None:
    dice = random.Random(11)
    cards = [
        card(number, dice.randint(1, 4), minutes=dice.randint(0, 9), is_new=number % 3 == 0, enemies=(number + 7,))
        for number in range(40)
    ]
    queue = order_queue(cards, seen_item_ids=frozenset({3}), new_limit=5)
    for _ in range(20):
        dice.shuffle(cards)
        assert order_queue(cards, seen_item_ids=frozenset({3}), new_limit=5) == queue
    shown = set(items(queue))
    assert all(not one.enemies & shown for one in queue)
    assert sum(one.is_new for one in queue) <= 5


def test_a_long_queue_is_ordered_in_a_fraction_of_a_second() -> None:
    cards = [card(number, number // 50, minutes=number) for number in range(1_000)]
    started = time.thread_time()
    queue = order_queue(cards, seen_item_ids=frozenset(), new_limit=20)
    assert time.thread_time() - started < 0.5
    assert meetings(queue) == 0


def test_a_day_with_little_room_shows_steps_then_what_loses_most_then_new_cards() -> None:
    cards = [card(1, 1, minutes=1), card(2, 1, minutes=2), card(3, 1, minutes=3), card(4, 1, is_new=True)]
    cards = [replace(one, loss=loss) for one, loss in zip(cards, (0.01, 0.05, 0.02, 0.0), strict=True)]
    step = replace(card(5, 1, minutes=9), is_step=True)
    kept = [[one.key[0] for one in worth_most([*cards, step], most)] for most in (0, 1, 2, 3, 5)]
    assert kept == [[5], [5], [2, 5], [2, 3, 5], [1, 2, 3, 4, 5]]
