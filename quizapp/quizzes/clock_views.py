"""The time left of a quiz: what its pages show, and what their script asks for every minute."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, Response, jsonify, url_for

from quizapp.database import reading
from quizapp.quizzes.sittings import Sitting, sitting
from quizapp.web.access import access, me
from quizapp.web.clock import now
from quizapp.web.rendering import moment_name


@dataclass(frozen=True)
class TimeLeft:
    """The time that is left, for a page."""

    milliseconds: int
    until: str
    url: str  # tells it again
    end_url: str  # where to go when none is left


def register(room: Blueprint) -> None:
    """Add this page to the room."""
    room.add_url_rule("/attempts/<uuid:attempt_id>/clock", "clock", clock)


@access("person")
def clock(attempt_id: uuid.UUID) -> Response:
    """Tell how many milliseconds are left by the server's clock; null without a limit, 0 when the time is up."""
    found = sitting(reading(), me().id, attempt_id)
    answer = jsonify(left=0 if found.is_over(now()) else _milliseconds(found))
    answer.headers["Cache-Control"] = "no-store"
    return answer


def time_left(found: Sitting) -> TimeLeft | None:
    """Return the time left of a sitting under way; None where there is no limit."""
    left = _milliseconds(found)
    if left is None or found.deadline_at is None or found.is_closed:
        return None
    return TimeLeft(
        left,
        moment_name(found.deadline_at, now(), me().zone),
        url_for("quizzes.clock", attempt_id=found.id),
        url_for("quizzes.attempt", attempt_id=found.id),
    )


def _milliseconds(found: Sitting) -> int | None:
    if found.deadline_at is None:
        return None
    return max(0, (found.deadline_at - now()) // timedelta(milliseconds=1))
