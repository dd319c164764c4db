"""Refusals that a person can cause, as a tree; messages are sentences for the reader.

Nothing here knows HTTP: `web/errors.py` and the command line's edge decide how a refusal is told.
"""

from __future__ import annotations

import math
from datetime import timedelta


class QuizappError(Exception):
    """A refusal whose message can be shown to the person who caused it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(QuizappError):
    """What was asked for does not exist, or is not this person's to know of."""

    def __init__(self, message: str = "There is nothing here.") -> None:
        super().__init__(message)


class NotAllowed(QuizappError):
    """The person may know of it, but not do this to it."""


class Conflict(QuizappError):
    """The state changed since the person looked; what they sent was not applied."""


class Invalid(QuizappError):
    """A value does not fit; `field` names the form field, or is empty for the whole form."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class TooManyTries(Invalid):
    """Too much failed before; the try was not looked at and is welcome after `wait`."""

    def __init__(self, wait: timedelta) -> None:
        self.seconds = max(1, math.ceil(wait.total_seconds()))
        amount, unit = (self.seconds, "second") if self.seconds < 100 else (math.ceil(self.seconds / 60), "minute")
        super().__init__("", f"That was tried too often. Try again in {amount} {unit}{'' if amount == 1 else 's'}.")


class Unreadable(QuizappError):
    """A file or text can't be understood; `line` counts from 1, None when no line is to blame."""

    def __init__(self, line: int | None, reason: str) -> None:
        super().__init__(reason if line is None else f"Line {line}: {reason}")
        self.line = line
        self.reason = reason


class Misconfigured(QuizappError):
    """A setting is missing or wrong; the message names it and says what to set."""
