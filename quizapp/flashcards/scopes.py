"""What a session is about, as the address carries it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request


@dataclass(frozen=True)
class Scope:
    """Which cards a session is about; it travels in the address."""

    topic: str | None
    is_ahead: bool

    @property
    def args(self) -> dict[str, Any]:
        """The same as parts of an address."""
        return {"topic": self.topic, "ahead": 1 if self.is_ahead else None}


def scope() -> Scope:
    """Return the scope that the address names."""
    return Scope(request.args.get("topic") or None, request.args.get("ahead") == "1")
