"""How values travel: each kind of column as JSON that reads the same whichever database wrote it."""

from __future__ import annotations

import json
import math
import uuid
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    Double,
    Float,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Text,
    cast,
)
from sqlalchemy.types import TypeEngine

from quizapp.database import UtcDateTime, Uuid16


@dataclass(frozen=True)
class Kind:
    """One kind of column. `encode` and `decode` never see NULL, and raise ValueError for what is not of the kind."""

    type: TypeEngine[Any]
    encode: Callable[[Any], Any]
    decode: Callable[[Any], Any]


def kind_of(column: Column[Any]) -> str:
    """Return the name of a column's kind. Raises TypeError for a type that no backup carries yet."""
    kind = _KIND_OF_TYPE.get(type(column.type))
    if kind is None:
        raise TypeError(f"{column} is a {column.type!r}, which a backup does not carry: give it a kind in columns.py")
    return kind


def selected(column: Column[Any], kind: str) -> ColumnElement[Any]:
    """Return what to select so that `encode` gets it: JSON as its text, where `null` is not NULL."""
    return cast(column, Text) if kind == "json" else column


def _exactly(expected: type) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if type(value) is not expected:  # isinstance would take True for a number
            raise ValueError(f"no {expected.__name__}")
        return value

    return check


_text = _exactly(str)


def _decode_text(value: Any) -> str:
    text: str = _text(value)
    text.encode()  # half a surrogate pair is no text to a database
    return text


def _integer(value: Any) -> int:
    number: int = _exactly_int(value)
    if not -(2**63) <= number < 2**63:
        raise ValueError("no integer of 64 bits")
    return number


_exactly_int = _exactly(int)


def _encode_float(value: Any) -> float | str:
    if not isinstance(value, float):
        raise ValueError("no float")  # noqa: TRY004  # what this function promises
    return value + 0.0 if math.isfinite(value) else str(value)  # SQLite keeps no negative zero


def _decode_float(value: Any) -> float:
    if value in ("inf", "-inf", "nan"):
        return float(value)
    return float(_exactly(float)(value))


def _decode_moment(value: Any) -> datetime:
    moment = datetime.fromisoformat(_text(value))
    if moment.tzinfo is None:
        raise ValueError("no zone")
    return moment.astimezone(UTC)


def _decode_json(value: Any) -> Any:
    (document,) = _exactly(list)(value)
    return JSON.NULL if document is None else document


KINDS: dict[str, Kind] = {
    "integer": Kind(BigInteger(), _exactly(int), _integer),
    "boolean": Kind(Boolean(), _exactly(bool), _exactly(bool)),
    "float": Kind(Double(), _encode_float, _decode_float),
    "text": Kind(Text(), _text, _decode_text),
    "moment": Kind(UtcDateTime(), datetime.isoformat, _decode_moment),
    "date": Kind(Date(), date.isoformat, lambda value: date.fromisoformat(_text(value))),
    "uuid": Kind(Uuid16(), str, lambda value: uuid.UUID(_text(value))),
    "bytes": Kind(
        LargeBinary(), lambda value: b64encode(value).decode(), lambda value: b64decode(value, validate=True)
    ),
    # In a list of one, so that a stored `null` is told from a column without a value.
    "json": Kind(JSON(none_as_null=True), lambda value: [json.loads(value)], _decode_json),
}

# By exact type: a subclass, such as Enum of String, may carry values of its own.
_KIND_OF_TYPE: dict[type[Any], str] = {
    BigInteger: "integer",
    Integer: "integer",
    SmallInteger: "integer",
    Boolean: "boolean",
    Double: "float",
    Float: "float",
    String: "text",
    Text: "text",
    UtcDateTime: "moment",
    Date: "date",
    Uuid16: "uuid",
    LargeBinary: "bytes",
    JSON: "json",
}
