"""Every column has a kind, and every kind's values come back as they were."""

from __future__ import annotations

import json
import math
from datetime import UTC
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import JSON, Column, DateTime, Enum, Numeric, Table

from quizapp.backup.columns import KINDS, kind_of
from quizapp.backup.tables import our_tables
from quizapp.database import Base

VALUES = {
    "integer": some.integers(-(2**63), 2**63 - 1),
    "boolean": some.booleans(),
    "float": some.floats(allow_nan=False),
    "text": some.text(),
    "moment": some.datetimes(timezones=some.just(UTC)),
    "date": some.dates(),
    "uuid": some.uuids(),
    "bytes": some.binary(),
}
DOCUMENTS = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False) | some.text(),
    lambda inner: some.lists(inner) | some.dictionaries(some.text(), inner),
    max_leaves=10,
)
NOT_OF_THE_KIND: dict[str, list[Any]] = {
    "integer": ["1", 1.0, True, 2**63],
    "boolean": [1, "true"],
    "float": ["much", 1, True],
    "text": [1, ["x"], "\ud800"],
    "moment": ["2026-11-16T09:00:00", "today", 0],
    "date": ["2026-11", 0],
    "uuid": ["4", 4],
    "bytes": ["*", 4],
    "json": [{}, [], [1, 2], "{}"],
}


def test_every_column_of_every_table_is_carried() -> None:
    tables = our_tables()
    assert {table.name: list(table.columns) for table in tables} == {
        name: [column.name for column in table.columns] for name, table in Base.metadata.tables.items()
    }
    assert {kind for table in tables for kind in table.columns.values()} == set(KINDS)
    assert all(table.key for table in tables)


@pytest.mark.parametrize("planted", [Numeric(), DateTime(), Enum("red", "green")])
def test_a_column_of_a_type_it_does_not_carry_is_found(planted: Any) -> None:
    column = Column("planted", planted)
    Table("planted", Base.metadata.__class__(), column)
    with pytest.raises(TypeError, match=r"planted\.planted is a .+ give it a kind in columns\.py"):
        kind_of(column)


@pytest.mark.parametrize("kind", VALUES)
@given(data=some.data())
def test_a_value_comes_back_as_it_was(kind: str, data: some.DataObject) -> None:
    value = data.draw(VALUES[kind])
    travelled = KINDS[kind].decode(json.loads(json.dumps(KINDS[kind].encode(value))))
    assert travelled == value
    assert type(travelled) is type(value)


@given(DOCUMENTS)
def test_a_document_comes_back_as_it_was(document: Any) -> None:
    travelled = KINDS["json"].decode(json.loads(json.dumps(KINDS["json"].encode(json.dumps(document)))))
    assert travelled == (JSON.NULL if document is None else document)


def test_numbers_that_json_has_no_word_for_are_carried() -> None:
    encode, decode = KINDS["float"].encode, KINDS["float"].decode
    assert [decode(json.loads(json.dumps(encode(value)))) for value in (math.inf, -math.inf)] == [math.inf, -math.inf]
    assert math.isnan(decode(encode(math.nan)))
    assert math.copysign(1, encode(-0.0)) == 1


@pytest.mark.parametrize(
    ("kind", "value"), [(kind, value) for kind, values in NOT_OF_THE_KIND.items() for value in values]
)
def test_a_value_of_another_kind_is_refused(kind: str, value: Any) -> None:
    with pytest.raises((ValueError, TypeError)):
        KINDS[kind].decode(value)
