"""The bank's options in an attempt: every place holds the key as often, and some orders are kept."""

from __future__ import annotations

from collections import Counter

import pytest

from quizapp.core.items import Cloze, Item, MultipleChoice, Option, SingleChoice, TrueFalse
from quizapp.core.linting import lint
from quizapp.core.linting.sequences import in_sequence
from quizapp.web.questions import shuffled_options
from tests.seed.readings import bank

ALL = [asked.item for asked in bank()]
POSITIONS = {item.external_id: position for position, item in enumerate(ALL, 1)}
CHOICES = [item for item in ALL if isinstance(item, SingleChoice | MultipleChoice)]
# Chi-square at 0.001 by the degrees of freedom, one less than the number of places.
CRITICAL = {1: 10.83, 2: 13.82, 3: 16.27}
ATTEMPTS = 1_000


def test_over_a_thousand_attempts_a_key_stands_at_every_place_alike() -> None:
    places: dict[int, Counter[int]] = {}
    for item in (item for item in ALL if isinstance(item, SingleChoice) and item.shuffle_options):
        counts = places.setdefault(len(item.options), Counter())
        key = next(option.id for option in item.options if option.weight == 1)
        counts.update(shuffled_options(item, seed_of(attempt, item)).index(key) for attempt in range(ATTEMPTS))
    assert places
    for number, counts in places.items():
        expected = counts.total() / number
        assert sum((counts[place] - expected) ** 2 / expected for place in range(number)) < CRITICAL[number - 1]


@pytest.mark.parametrize("item", ALL, ids=lambda item: item.external_id)
def test_a_seed_gives_one_order_of_all_options(item: Item) -> None:
    assert shuffled_options(item, "7 1") == shuffled_options(item, "7 1")
    if isinstance(item, SingleChoice | MultipleChoice):
        assert sorted(shuffled_options(item, "7 1")) == sorted(option.id for option in item.options)
    if isinstance(item, Cloze):
        for order, gap in zip(shuffled_options(item, "7 1"), item.gaps, strict=True):
            assert sorted(order) == sorted(option.id for option in gap.options)


def test_seeds_give_more_than_one_order() -> None:
    for item in CHOICES:
        orders = {tuple(shuffled_options(item, seed_of(attempt, item))) for attempt in range(50)}
        assert (len(orders) > 1) == item.shuffle_options


def test_true_and_false_keep_their_order() -> None:
    for item in ALL:
        if isinstance(item, TrueFalse):
            orders = [shuffled_options(item, seed_of(attempt, item)) for attempt in range(50)]
            assert orders == [[option.id for option in item.options]] * 50


def test_numbers_and_dates_keep_theirs() -> None:
    years = tuple(
        Option(id=f"y{year}", text=str(year), weight=float(year == 2004), feedback="So it says.", misconception="slip")
        for year in (1991, 2004, 2014)
    )
    made = SingleChoice(
        stem="In which year was the harbour built?", options=years, shuffle_options=False, feedback="So it says."
    )
    assert lint(made) == ()
    for item in [
        made,
        *(item for item in CHOICES if in_sequence([option.text for option in item.options]) is not None),
    ]:
        orders = [shuffled_options(item, seed_of(attempt, item)) for attempt in range(50)]
        assert orders == [[option.id for option in item.options]] * 50


def seed_of(attempt: int, item: Item) -> str:
    """Return the text from which the order in an attempt is drawn: the attempt's seed and the question's position."""
    return f"{attempt} {POSITIONS.get(item.external_id, 0)}"
