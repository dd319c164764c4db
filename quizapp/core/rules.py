"""The rules of a quiz: how it is asked, timed, marked and shown. A set holds them; an attempt freezes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, Literal

Feedback = Literal["at_end", "at_once"]
Navigation = Literal["free", "by_section", "sequential"]
Told = Literal["score", "correctness", "key", "feedback", "evidence"]

TOLD: tuple[Told, ...] = ("score", "correctness", "key", "feedback", "evidence")
MOST_TRIES = 5
LONGEST_SECONDS = 24 * 3600
GRACE = timedelta(seconds=60)  # after the deadline, for answers that were on their way


@dataclass(frozen=True, kw_only=True)
class Band:
    """What is said at the end to who earned at least a share of the marks, 0..1."""

    least: float
    text: str


@dataclass(frozen=True, kw_only=True)
class Rules:
    """How a quiz is taken.

    `drawn`: so many of the questions outside sections, which have numbers of their own, by lot for each attempt and
    never two that give each other away; None is all.
    `feedback` comes after each answer or when all is finished. More than one of `tries` needs feedback at once; each
    wrong one costs `penalty`, a share 0..1 of the question's mark, and shows the next hint. `asks_certainty`: the
    learner says how sure they are, and marks follow it. `navigation`: sequential goes forward only, by section does so
    from section to section.
    `limit_seconds`: None is without limit. `attempts_allowed`: None is as many as one likes. `told_after` and
    `told_closed` say what is shown of a finished attempt, before and after the quiz closes for everybody.
    """

    feedback: Feedback = "at_end"
    is_shuffled: bool = True
    drawn: int | None = None
    tries: int = 1
    penalty: float = 1 / 3
    asks_certainty: bool = False
    navigation: Navigation = "free"
    limit_seconds: int | None = None
    attempts_allowed: int | None = None
    told_after: tuple[Told, ...] = TOLD
    told_closed: tuple[Told, ...] = TOLD
    bands: tuple[Band, ...] = ()

    def __post_init__(self) -> None:
        holds = (
            self.feedback in ("at_end", "at_once"),
            self.navigation in ("free", "by_section", "sequential"),
            1 <= self.tries <= (MOST_TRIES if self.is_at_once else 1),
            self.drawn is None or self.drawn >= 1,
            0 <= self.penalty <= 1,
            self.limit_seconds is None or 1 <= self.limit_seconds <= LONGEST_SECONDS,
            self.attempts_allowed is None or self.attempts_allowed >= 1,
        )
        if not all(holds):
            raise ValueError(f"no quiz can be taken by these rules: {self}")

    @property
    def is_at_once(self) -> bool:
        """Whether feedback comes after each answer."""
        return self.feedback == "at_once"

    @property
    def is_forward_only(self) -> bool:
        """Whether a question that was passed stays closed."""
        return self.navigation == "sequential"

    @property
    def key_told(self) -> Literal["closed", "never"] | None:
        """When the key is told, where that is not at the end of the attempt."""
        if "key" in self.told_after:
            return None
        return "closed" if "key" in self.told_closed else "never"


def read_rules(stored: Mapping[str, Any]) -> Rules:
    """Return the rules in a stored mapping; what it does not say has its default, what is no rule is left aside."""
    known: dict[str, Any] = {field.name: stored[field.name] for field in fields(Rules) if field.name in stored}
    for name in {"told_after", "told_closed"} & known.keys():
        known[name] = tuple(word for word in TOLD if word in known[name])
    if "bands" in known:
        known["bands"] = tuple(Band(**band) for band in known["bands"])
    return Rules(**known)


def stored_rules(rules: Rules) -> dict[str, Any]:
    """Return rules as they are stored; `feedback` always stands there, else only what differs from its default."""
    plain = Rules()
    told: dict[str, Any] = {"feedback": rules.feedback}
    for field in fields(rules):
        value = getattr(rules, field.name)
        if value != getattr(plain, field.name):
            told[field.name] = value
    for name in {"told_after", "told_closed"} & told.keys():
        told[name] = list(told[name])
    if rules.bands:
        told["bands"] = [{"least": band.least, "text": band.text} for band in rules.bands]
    return told


def deadline(
    rules: Rules, started_at: datetime, closes_at: datetime | None, factor: float | None = 1.0
) -> datetime | None:
    """Return when an attempt ends: min(start + limit × factor, close).

    `factor` is what the limit is multiplied by for the learner, at least 1; None takes the limit away for them.
    None: it never ends by itself.
    """
    ends = []
    if rules.limit_seconds is not None and factor is not None:
        ends.append(started_at + timedelta(seconds=rules.limit_seconds * factor))
    if closes_at is not None:
        ends.append(closes_at)
    return min(ends, default=None)
