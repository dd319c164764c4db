"""Choosing questions: never two enemies, never fewer than there could be, evenly over topics."""

from __future__ import annotations

from itertools import combinations
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.selection import enemies_of, largest_without_enemies, pick, pick_least_known

pairs = st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)).filter(lambda pair: pair[0] != pair[1]), max_size=14)


def clash(items: list[int], pairs: list[tuple[int, int]]) -> bool:
    return any(first in items and second in items for first, second in pairs)


@given(pairs=pairs, size=st.integers(0, 9))
def test_the_choice_is_as_large_as_any_without_enemies(pairs: list[tuple[int, int]], size: int) -> None:
    items = list(range(1, size + 1))
    chosen = largest_without_enemies(items, enemies_of(pairs))
    assert not clash(chosen, pairs)
    best = max(
        (number for number in range(size + 1) for some in combinations(items, number) if not clash(list(some), pairs)),
    )
    assert len(chosen) == best


@given(pairs=pairs, number=st.integers(1, 12), seed=st.integers(0, 99))
def test_a_pick_gives_the_number_asked_or_all_there_are(pairs: list[tuple[int, int]], number: int, seed: int) -> None:
    topics = {item: item % 3 for item in range(1, 10)}
    picked = pick(topics, enemies_of(pairs), number, Random(seed))
    assert len(picked) == len(set(picked)) == min(number, len(largest_without_enemies(list(topics), enemies_of(pairs))))
    assert not clash(picked, pairs)


def test_a_pick_is_even_over_topics_and_the_same_for_the_same_seed() -> None:
    topics = dict.fromkeys(range(1, 9), 1) | dict.fromkeys(range(11, 19), 2)
    picked = pick(topics, {}, 6, Random(4))
    assert sum(topics[item] == 1 for item in picked) == 3
    assert picked == pick(topics, {}, 6, Random(4))
    assert picked != pick(topics, {}, 6, Random(5))


def test_an_item_with_many_enemies_has_its_chance() -> None:
    enemies = enemies_of((1, other) for other in range(2, 8))
    picks = [pick(dict.fromkeys(range(1, 12), 1), enemies, 3, Random(seed)) for seed in range(200)]
    assert 20 <= sum(1 in picked for picked in picks) <= 80
    assert all(len(picked) == 3 for picked in picks)
    assert len(pick(dict.fromkeys(range(1, 12), 1), enemies, 10, Random(1))) == 10


def test_a_group_of_forty_enemies_is_still_quick() -> None:
    chain = [(number, number + 1) for number in range(1, 40)]
    assert len(largest_without_enemies(list(range(1, 41)), enemies_of(chain))) == 20


def test_the_least_known_come_first_and_no_two_enemies() -> None:
    topics = dict.fromkeys(range(1, 6), 1)
    recalls = {1: 0.9, 2: 0.2, 3: 0.25, 4: 0.5, 5: 0.6}
    enemies = enemies_of([(2, 3)])
    assert pick_least_known(topics, recalls, enemies, 3, Random(1)) == [2, 4, 5]
    assert pick_least_known(topics, recalls, enemies, 9, Random(1)) == [2, 4, 5, 1]
    hub = enemies_of([(2, 3), (2, 4), (2, 5)])  # the least known one would leave two, without it there are four
    assert pick_least_known(topics, recalls, hub, 4, Random(1)) == [3, 4, 5, 1]
    assert pick_least_known({}, {}, {}, 3, Random(1)) == []
