"""Writing: passages, items and sets; what is published and what became of it."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Add the pages of this room."""
