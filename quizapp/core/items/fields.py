"""Fields of a JSON object: each reads, writes and describes its own values, so reader and schema can't disagree."""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from quizapp.errors import Unreadable

# Control characters and lone surrogates: databases and browsers refuse them.
UNPRINTABLE = r"[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff]"

_UNPRINTABLE = re.compile(UNPRINTABLE)


class Field(Protocol):
    """One value; `where` names it inside a sentence."""

    def read(self, value: object, where: str) -> object:
        """Check a JSON value and return it as the dataclass keeps it; raise Unreadable."""

    def write(self, value: Any) -> object:
        """Return the JSON value that read() turns back into `value`."""

    def schema(self) -> dict[str, object]:
        """Describe the accepted values as JSON Schema."""


@dataclass(frozen=True, kw_only=True)
class Text:
    """A string; pattern must match all of it, choices list the only values."""

    max_length: int = 20_000
    is_blank_allowed: bool = True
    pattern: str = ""
    choices: tuple[str, ...] = ()

    def read(self, value: object, where: str) -> str:
        if not isinstance(value, str):
            raise Unreadable(None, f"{where} must be a text.")
        if self.choices and value not in self.choices:
            raise Unreadable(None, f"{where} must be one of {_listed(self.choices)}.")
        if not self.is_blank_allowed and not value.strip():
            raise Unreadable(None, f"{where} must not be blank.")
        if len(value) > self.max_length:
            raise Unreadable(None, f"{where} must be at most {self.max_length} characters long.")
        if self.pattern and not re.fullmatch(self.pattern, value):
            raise Unreadable(None, f"{where} may hold only letters, digits, “_”, “.” and “-”.")
        if _UNPRINTABLE.search(value):
            raise Unreadable(None, f"{where} holds a control character.")
        return value

    def write(self, value: Any) -> object:
        return value

    def schema(self) -> dict[str, object]:
        if self.choices:
            return {"type": "string", "enum": list(self.choices)}
        described: dict[str, object] = {"type": "string", "maxLength": self.max_length, "not": {"pattern": UNPRINTABLE}}
        if self.pattern:
            described["pattern"] = f"^(?:{self.pattern})$"
        elif not self.is_blank_allowed:
            described["pattern"] = r"\S"
        return described


@dataclass(frozen=True, kw_only=True)
class Number:
    """A finite number from least to most; a whole one stays an int."""

    least: float | None = None
    most: float | None = None
    is_whole: bool = False

    def read(self, value: object, where: str) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise Unreadable(None, f"{where} must be a number.")
        if not math.isfinite(value) or abs(value) > 1e15:
            raise Unreadable(None, f"{where} is too large.")
        if self.is_whole and value != int(value):
            raise Unreadable(None, f"{where} must be a whole number.")
        if self.least is not None and value < self.least:
            raise Unreadable(None, f"{where} must be at least {self.least:g}.")
        if self.most is not None and value > self.most:
            raise Unreadable(None, f"{where} must be at most {self.most:g}.")
        return int(value) if self.is_whole else float(value)

    def write(self, value: Any) -> object:
        return value

    def schema(self) -> dict[str, object]:
        return {
            "type": "integer" if self.is_whole else "number",
            "minimum": -1e15 if self.least is None else self.least,
            "maximum": 1e15 if self.most is None else self.most,
        }


@dataclass(frozen=True)
class Flag:
    """True or false."""

    def read(self, value: object, where: str) -> bool:
        if not isinstance(value, bool):
            raise Unreadable(None, f"{where} must be true or false.")
        return value

    def write(self, value: Any) -> object:
        return value

    def schema(self) -> dict[str, object]:
        return {"type": "boolean"}


@dataclass(frozen=True, kw_only=True)
class ListOf:
    """A list of at least `least` and at most `most` entries."""

    entry: Field
    least: int = 0
    most: int = 100

    def read(self, value: object, where: str) -> tuple[object, ...]:
        if isinstance(value, (str, bytes)) or not isinstance(value, Sequence):
            raise Unreadable(None, f"{where} must be a list.")
        if len(value) < self.least:
            raise Unreadable(None, f"{where} must have at least {self.least} {_entries(self.least)}.")
        if len(value) > self.most:
            raise Unreadable(None, f"{where} must have at most {self.most} {_entries(self.most)}.")
        return tuple(self.entry.read(entry, f"{where} entry {number}") for number, entry in enumerate(value, 1))

    def write(self, value: Any) -> object:
        return [self.entry.write(entry) for entry in value]

    def schema(self) -> dict[str, object]:
        return {"type": "array", "items": self.entry.schema(), "minItems": self.least, "maxItems": self.most}


@dataclass(frozen=True)
class Record:
    """An object kept as a dataclass, whose defaults say what may be left out.

    `name` is its place among the schema's definitions; `constants` are fields that say what the object is.
    """

    name: str
    target: type[Any]
    fields: Mapping[str, Field]
    constants: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def read(self, value: object, where: str) -> Any:
        if not isinstance(value, Mapping):
            raise Unreadable(None, f"{where or 'A question'} must be an object with named fields.")
        for name in value:
            if name not in self.fields and name not in self.constants:
                raise Unreadable(None, f"{_named(str(name), where)} is not a field of {self.name.replace('_', ' ')}.")
        read: dict[str, Any] = {}
        for name, field in self.fields.items():
            if name in value:
                read[name] = field.read(value[name], _named(name, where))
            elif name in self._required:
                raise Unreadable(None, f"{_named(name, where)} is missing.")
        return self.target(**read)

    def write(self, value: Any) -> dict[str, object]:
        written: dict[str, object] = dict(self.constants)
        for field in dataclasses.fields(self.target):
            kept = getattr(value, field.name)
            if field.name in self._required or kept != field.default:
                written[field.name] = self.fields[field.name].write(kept)
        return written

    def schema(self) -> dict[str, object]:
        return {"$ref": f"#/$defs/{self.name}"}

    def definition(self) -> dict[str, object]:
        """Describe the whole object, for the schema's definitions."""
        properties: dict[str, object] = {name: {"const": constant} for name, constant in self.constants.items()}
        for name, field in self.fields.items():
            properties[name] = field.schema()
        return {
            "type": "object",
            "properties": properties,
            "required": [*self.constants, *self._required],
            "additionalProperties": False,
        }

    @cached_property
    def _required(self) -> list[str]:
        return [field.name for field in dataclasses.fields(self.target) if field.default is dataclasses.MISSING]


@dataclass(frozen=True, kw_only=True)
class NameOr:
    """An object with a name, or the name alone."""

    record: Record

    def read(self, value: object, where: str) -> Any:
        return self.record.read({"name": value} if isinstance(value, str) else value, where)

    def write(self, value: Any) -> object:
        written = self.record.write(value)
        return written["name"] if len(written) == 1 else written

    def schema(self) -> dict[str, object]:
        return {"oneOf": [self.record.fields["name"].schema(), self.record.schema()]}


def _named(name: str, where: str) -> str:
    return f"“{name}” of {where}" if where else f"“{name}”"


def _entries(count: int) -> str:
    return "entry" if count == 1 else "entries"


def _listed(choices: Sequence[str]) -> str:
    return ", ".join(f"“{choice}”" for choice in choices if choice)
