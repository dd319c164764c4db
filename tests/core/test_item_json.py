"""Items as JSON: the published schema as it stands, items of the first release, and any item there and back."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.core.items import KINDS, item_schema, read_item, write_item
from tests.core.test_items import COMMON_FIELDS, FILLED, TEXTS, fits, kind_of

KEPT = Path(__file__).parent / "items"
FIRST_RELEASE: list[dict[str, Any]] = json.loads((KEPT / "first_release.json").read_text("utf-8"))


def test_the_schema_is_the_one_that_is_published() -> None:
    published = json.loads((KEPT / "schema.json").read_text("utf-8"))
    assert item_schema() == published, "if it is meant: python -m quizapp schema item > tests/core/items/schema.json"


@pytest.mark.parametrize("data", FIRST_RELEASE, ids=kind_of)
def test_an_item_of_the_first_release_reads_as_ever_and_gains_nothing(data: dict[str, Any]) -> None:
    assert write_item(read_item(data)) == data
    assert fits(data, item_schema())


def test_the_first_release_had_every_kind() -> None:
    assert {data["kind"] for data in FIRST_RELEASE} == set(KINDS)


WEIGHTS = st.floats(-1, 0.99)
AMOUNTS = st.floats(-1e15, 1e15)
CREDITS = {"weight": st.floats(0, 1), "feedback": TEXTS}
IDS = st.text("abcdefghijklmnopqrstuvwxyz0123456789._-", min_size=1, max_size=5)
TYPED = st.lists(st.fixed_dictionaries({"text": FILLED}, optional=CREDITS), max_size=3).map(
    lambda answers: [{"text": "key"}, *answers]
)


@st.composite
def options(draw: st.DrawFn, weights: st.SearchStrategy[float] = WEIGHTS) -> list[dict[str, Any]]:
    """Return options of which the first alone has weight 1."""
    more = {"feedback": TEXTS, "misconception": TEXTS}
    listed = [
        draw(st.fixed_dictionaries({"id": st.just(option_id), "text": FILLED}, optional=more | {"weight": weights}))
        for option_id in draw(st.lists(IDS, min_size=2, max_size=5, unique=True))
    ]
    listed[0]["weight"] = 1.0
    return listed


@st.composite
def shares(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Return options whose positive weights sum to 1."""
    listed = draw(options(st.floats(-1, 0)))
    right = draw(st.integers(1, len(listed)))
    for option in listed[:right]:
        option["weight"] = 1 / right
    return listed


@st.composite
def numbers(draw: st.DrawFn) -> list[dict[str, Any]]:
    least, most = sorted((draw(AMOUNTS), draw(AMOUNTS)))
    kinds: list[dict[str, Any]] = [
        {"number": least},
        {"number": least, "tolerance": draw(st.floats(0, 1e15))},
        {"number": least, "relative_tolerance": draw(st.floats(0, 1))},
        {"min": least, "max": most},
        {"min": least},
        {"max": most},
    ]
    listed = [draw(st.sampled_from(kinds)) | draw(st.fixed_dictionaries({}, optional=CREDITS)) for _ in range(3)]
    return [{"number": 1.0}, *listed]


@st.composite
def cloze(draw: st.DrawFn) -> dict[str, Any]:
    gap = st.fixed_dictionaries({"kind": st.just("typed"), "accepted": TYPED}) | st.fixed_dictionaries(
        {"kind": st.just("choice"), "options": options()}
    )
    gaps = draw(st.lists(gap, min_size=1, max_size=4))
    return {"stem": " and ".join(f"{{{{{number}}}}}" for number in range(1, len(gaps) + 1)), "gaps": gaps}


LEVEL = st.fixed_dictionaries({"text": FILLED, "points": st.floats(0.1, 1000)})
CRITERION = st.fixed_dictionaries({"text": FILLED, "levels": st.lists(LEVEL, min_size=2, max_size=4)})
UNITS = st.lists(
    st.fixed_dictionaries(
        {"name": FILLED.map(str.strip).filter(lambda name: name not in ("", "km")), "factor": st.floats(1e-9, 1e9)}
    ),
    max_size=3,
    unique_by=lambda unit: unit["name"],
)
OWN: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "single_choice": st.fixed_dictionaries({"options": options()}, optional={"shuffle_options": st.booleans()}),
    "multiple_choice": st.fixed_dictionaries(
        {"options": shares()},
        optional={"choice_policy": st.sampled_from(["all_or_nothing", "partial", "right_minus_wrong"])},
    ),
    "true_false": st.fixed_dictionaries(
        {"options": st.permutations([{"id": "true", "text": "True", "weight": 1.0}, {"id": "false", "text": "False"}])}
    ),
    "short_answer": st.fixed_dictionaries({"accepted": TYPED}),
    "numeric": st.fixed_dictionaries(
        {"accepted": numbers(), "unit": st.just("km")}, optional={"units": UNITS, "unit_credit": st.floats(0, 1)}
    ),
    "cloze": cloze(),
    "matching": st.lists(FILLED, min_size=3, max_size=6, unique=True).map(
        lambda texts: {"pairs": [*({"left": text, "right": text} for text in texts[1:]), {"right": texts[0]}]}
    ),
    "ordering": st.fixed_dictionaries({"order": st.lists(FILLED, min_size=2, max_size=5, unique=True)}),
    "essay": st.fixed_dictionaries(
        {}, optional={"rubric": TEXTS, "answer": TEXTS, "criteria": st.lists(CRITERION, max_size=3)}
    ),
    "flashcard": st.fixed_dictionaries({"answer": FILLED}, optional={"is_reversible": st.booleans()}),
    "description": st.just({}),
}


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_any_item_of_each_kind_survives_the_way_to_json_and_back(kind: str, data: st.DataObject) -> None:
    common = data.draw(st.fixed_dictionaries({"stem": FILLED}, optional=COMMON_FIELDS))
    item = read_item({"kind": kind, **common, **data.draw(OWN[kind])})
    written = json.loads(json.dumps(write_item(item), allow_nan=False))
    assert read_item(written) == item
    assert write_item(read_item(written)) == written
    assert fits(written, item_schema())
    assert all(math.isfinite(mark) for mark in (item.max_mark, item.penalty))
