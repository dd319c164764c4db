"""What an address may name: numbers that the database can hold; any other address is of nothing."""

from __future__ import annotations

from flask import Flask
from werkzeug.routing import IntegerConverter, ValidationError

_LARGEST = 2**31 - 1  # of the columns that rows are numbered in


def init_app(app: Flask) -> None:
    """Let `<int:…>` in routes match what a column takes; before any route is there."""
    app.url_map.converters["int"] = _Number


class _Number(IntegerConverter):
    def to_python(self, value: str) -> int:
        # Of thousands of digits Python makes no number at all, and refuses with an error of its own.
        if len(value) > len(str(_LARGEST)):
            raise ValidationError
        number: int = super().to_python(value)
        if number > _LARGEST:
            raise ValidationError
        return number
