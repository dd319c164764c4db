"""Drawing by lot for sections: never too many, never twice, never beside what gives it away."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.sections import Draw, Lot, Pool, draw, read_pool, stored_pool, tag_key
from quizapp.core.selection import enemies_of

ITEMS = st.integers(1, 14)


@st.composite
def lots(draw_: st.DrawFn) -> list[Lot]:
    """Two to four sections whose own questions differ and whose pools may overlap."""
    own = draw_(st.lists(st.lists(ITEMS, max_size=4), min_size=2, max_size=4))
    seen: set[int] = set()
    made = []
    for items in own:
        fresh = [item for item in dict.fromkeys(items) if item not in seen]
        seen |= set(fresh)
        pool = draw_(st.sets(ITEMS, max_size=10))
        made.append(
            Lot(
                own={item: item % 3 for item in fresh},
                drawn=draw_(st.none() | st.integers(1, 5)),
                pool={item: item % 3 for item in sorted(pool)},
                number=draw_(st.integers(0, 6)),
            )
        )
    return made


@given(lots(), st.lists(st.tuples(ITEMS, ITEMS), max_size=8), st.integers(0, 99))
def test_what_is_drawn_keeps_every_promise(sections: list[Lot], pairs: list[tuple[int, int]], seed: int) -> None:
    enemies = enemies_of((a, b) for a, b in pairs if a != b)
    drawn = draw(sections, enemies, Random(seed))
    assert drawn == draw(sections, enemies, Random(seed))
    every = [item for each in drawn for item in (*each.own, *each.pool)]
    assert len(every) == len(set(every))
    always = {item for lot in sections if lot.drawn is None for item in lot.own}
    by_lot = set(every) - always
    for item in by_lot:
        assert not enemies.get(item, frozenset()) & set(every)
    held = {item for lot in sections for item in lot.own}
    for lot, got in zip(sections, drawn, strict=True):
        assert set(got.own) <= set(lot.own)
        assert list(got.own) == [item for item in lot.own if item in got.own]
        assert len(got.own) == len(lot.own) if lot.drawn is None else len(got.own) <= lot.drawn
        assert len(got.pool) <= lot.number
        assert set(got.pool) <= set(lot.pool) - held
        if len(got.pool) < lot.number:  # each that was left out is there already, or gives something away
            for left in set(lot.pool) - held - set(got.pool):
                assert left in every or enemies.get(left, frozenset()) & set(every)


def test_the_pool_with_least_to_spare_is_served_first() -> None:
    wide, narrow = {1: 1, 2: 1, 3: 1}, {2: 1}
    sections = [Lot(own={}, pool=wide, number=2), Lot(own={}, pool=narrow, number=1)]
    for seed in range(20):
        first, second = draw(sections, {}, Random(seed))
        assert (sorted(first.pool), second) == ([1, 3], Draw((), (2,)))


def test_other_seeds_draw_others() -> None:
    sections = [Lot(own={}, pool=dict.fromkeys(range(20), 1), number=3)]
    assert len({draw(sections, {}, Random(seed))[0].pool for seed in range(10)}) > 5


@given(
    st.builds(
        Pool,
        number=st.integers(1, 50),
        topics=st.lists(st.integers(1), max_size=3).map(tuple),
        tags=st.lists(st.text(min_size=1), max_size=3).map(tuple),
        kinds=st.lists(st.sampled_from(["cloze", "numeric"]), max_size=2).map(tuple),
    )
)
def test_a_pool_is_read_as_it_was_stored(pool: Pool) -> None:
    assert read_pool(stored_pool(pool) or {}) == pool


def test_nothing_drawn_is_no_pool() -> None:
    with pytest.raises(ValueError, match="nothing can be drawn"):
        Pool(number=0)


@pytest.mark.parametrize(("tag", "key"), [(" Peace  Treaty ", "peace treaty"), ("STRASSE", "strasse"), ("  ", "")])
def test_a_tag_is_found_without_case_and_spaces(tag: str, key: str) -> None:
    assert tag_key(tag) == key
