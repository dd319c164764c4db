"""The curve of one card: how recall fell between its reviews, and how it will fall until the card comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from quizapp.core.fading import whole_percent
from quizapp.learning.learners import Learner
from quizapp.learning.recall import Memory
from quizapp.web.drawing import LineDrawing
from quizapp.web.findings import share, short_day
from quizapp.web.rendering import count

_WIDTH, _HEIGHT, _LEFT, _TOP, _BASE = 400, 150, 28.0, 8.0, 120.0
_STEPS = 120  # points of the whole curve; each stretch has at least a few
_FEWEST_STEPS = 4
_AHEAD = timedelta(days=2)  # drawn at least, however soon the card is due
_ROOM = 48.0  # between the words under the curve


@dataclass(frozen=True)
class Stretch:
    """A review that moved the memory: what was expected just before, and the memory it left."""

    at: datetime
    recall_before: float | None  # None: the first
    memory: Memory


def card_curve(
    stretches: Sequence[Stretch], due_at: datetime | None, now: datetime, person: Learner
) -> LineDrawing | None:
    """Draw a card's recall from its first review, in order, to its due date; None without a review."""
    if not stretches:
        return None
    start, end = stretches[0].at, max(now + _AHEAD, due_at or now)

    def x(moment: datetime) -> float:
        return round(_LEFT + (moment - start) / (end - start) * (_WIDTH - _LEFT), 1)

    def y(value: float) -> float:
        return round(_BASE - (value - floor) / (1 - floor) * (_BASE - _TOP), 1)

    lows = [stretch.recall_before for stretch in stretches if stretch.recall_before is not None]
    floor = 0.5 if min([*lows, stretches[-1].memory.recall(end), person.target_retention]) >= 0.5 else 0.0

    def drawn(memory: Memory, first: datetime, last: datetime) -> list[tuple[float, float]]:
        steps = max(_FEWEST_STEPS, round((last - first) / (end - start) * _STEPS))
        moments = [first + (last - first) * step / steps for step in range(steps + 1)]
        return [(x(moment), y(memory.recall(moment))) for moment in moments]

    past = [
        point
        for one, other in pairwise([*stretches, None])
        if one is not None
        for point in drawn(one.memory, one.at, other.at if other else max(now, one.at))
    ]
    newest = stretches[-1].memory
    return LineDrawing(
        label=_label(stretches, newest, due_at, now, person),
        y_ticks=tuple((y(value), f"{whole_percent(value)}") for value in (1.0, (1 + floor) / 2, floor)),
        band="",
        curve=_path(past),
        ahead=_path(drawn(newest, max(now, stretches[-1].at), end)),
        goal_y=y(person.target_retention),
        points=tuple((x(stretch.at), y(stretch.recall_before or 1.0)) for stretch in stretches),
        x_ticks=_x_ticks(x(now), person.study_day(start), person.study_day(end)),
        width=_WIDTH,
        height=_HEIGHT,
    )


def _label(
    stretches: Sequence[Stretch], newest: Memory, due_at: datetime | None, now: datetime, person: Learner
) -> str:
    words = f"Chance of recalling this card over {count(len(stretches), 'review')}: {share(newest.recall(now))} today"
    if due_at is not None and due_at > now:
        words += f", {share(newest.recall(due_at))} when it comes back on {short_day(person.study_day(due_at))}"
    return words


def _x_ticks(today_x: float, first: date, last: date) -> tuple[tuple[float, str, str], ...]:
    ticks = [(_LEFT, short_day(first), "start")] if today_x - _LEFT >= _ROOM else []
    anchor = "start" if today_x - _LEFT < _ROOM else "end" if _WIDTH - today_x < _ROOM else "middle"
    ticks.append((today_x, "Today", anchor))
    if _WIDTH - today_x >= 2 * _ROOM:
        ticks.append((float(_WIDTH), short_day(last), "end"))
    return tuple(ticks)


def _path(points: Sequence[tuple[float, float]]) -> str:
    return "M" + " ".join(f"{x:g} {y:g}" for x, y in points)
