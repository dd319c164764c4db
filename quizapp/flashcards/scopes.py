"""What a session is about, as the address carries it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import request

from quizapp.models import SESSION_LENGTHS

_LONGEST_SECONDS = 43_200  # after half a day it is another session
_DIGITS = 12
_MINUTES = re.compile(r"[1-9][0-9]{0,2}m")


@dataclass(frozen=True)
class Scope:
    """Which cards a session is about; it travels in the address."""

    topic: str | None
    is_ahead: bool
    length: str = ""  # of SESSION_LENGTHS or some minutes, “25m”; empty: not said
    is_beyond: bool = False  # past the limit of the day
    since: int | None = None  # seconds since 1970: when a session of some length began

    @property
    def args(self) -> dict[str, Any]:
        """The same as parts of an address."""
        return {
            "topic": self.topic,
            "ahead": 1 if self.is_ahead else None,
            "more": 1 if self.is_beyond else None,
            "length": self.length or None,
            "since": self.since,
        }

    def begun(self, usual: str, now: datetime) -> Scope | None:
        """Return the scope of a session that begins now, of the usual length unless another is named; None: goes on."""
        length = self.length or usual
        if length == "all" or (self.since and 0 <= now.timestamp() - self.since < _LONGEST_SECONDS):
            return None
        return replace(self, length=length, since=int(now.timestamp()))


def scope() -> Scope:
    """Return the scope that the address names."""
    length, since = request.args.get("length", ""), request.args.get("since", "")
    is_length = length in SESSION_LENGTHS or _MINUTES.fullmatch(length) is not None
    is_time = since.isascii() and since.isdecimal() and len(since) < _DIGITS
    return Scope(
        topic=request.args.get("topic") or None,
        is_ahead=request.args.get("ahead") == "1",
        is_beyond=request.args.get("more") == "1",
        length=length if is_length else "",
        since=int(since) if is_time and is_length else None,
    )
