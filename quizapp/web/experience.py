"""What a student will experience in a quiz, said in a few sentences from its rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from quizapp.core.rules import Rules, Told
from quizapp.web.access import viewer
from quizapp.web.clock import now
from quizapp.web.findings import number_word
from quizapp.web.rendering import count, duration_name, moment_name
from quizapp.web.settings import settings_in_force

_TIMES = {1: "once", 2: "twice"}
_SHARES = {0.1: "a tenth", 0.25: "a quarter", 1 / 3: "a third", 0.5: "half", 1.0: "all"}


def experience(rules: Rules, questions: int, *, closes: str = "") -> str:
    """Say what taking a quiz of so many questions is like; `closes` is the moment it closes, in words."""
    if not questions:
        return "It holds no question at present."
    said = [_asked(rules, questions), *_answered(rules, questions), *_bounds(rules, closes)]
    return " ".join(f"{sentence}." for sentence in said)


def share_words(share: float) -> str:
    """Return a share 0..1 of a mark in words: a third, half, 15 %."""
    known = next((words for value, words in _SHARES.items() if abs(value - share) < 0.005), "")
    return known or f"{share * 100:.0f}\N{NO-BREAK SPACE}%"


def closes_in_words(closes_at: datetime | None) -> str:
    """Return when a quiz closes, in the viewer's zone, or the server's for a visitor; empty when it never does."""
    if closes_at is None:
        return ""
    person = viewer()
    zone = person.zone if person else ZoneInfo(settings_in_force().time_zone)
    named = moment_name(closes_at, now(), zone)
    return named if named.startswith(("today", "tomorrow", "yesterday")) else f"on {named}"


def _asked(rules: Rules, questions: int) -> str:
    asked = count(questions, "question")
    if rules.drawn is not None and rules.drawn < questions:
        asked = f"{count(rules.drawn, 'question')} of {questions}, drawn anew each time"
    elif rules.is_shuffled and questions > 1:
        asked += ", in a new order each time"
    if rules.navigation == "sequential" and questions > 1:
        asked += ", one after the other: what you have passed can’t be opened again"
    return asked


def _answered(rules: Rules, questions: int) -> list[str]:
    if not rules.is_at_once:
        return _told_later(rules)
    if rules.tries == 1:
        return ["You see what was right after each answer"]
    at = "at each question" if questions > 1 else "at it"
    hint = "a wrong one brings a hint, if there is one"
    if rules.asks_certainty:
        costs = "Only the first earns marks"
    else:
        costs = f"It costs {share_words(rules.penalty)} of the mark" if rules.penalty else "It costs nothing"
    return [
        f"You have {number_word(rules.tries)} tries {at}: {hint}",
        costs,
        "Then you see what was right",
    ]


def _told_later(rules: Rules) -> list[str]:
    after, closed = _shown(rules.told_after), _shown(rules.told_closed)
    if after == closed:
        return [f"When you have finished, you see {after}"]
    return [f"When you have finished, you see {after}; once the quiz has closed, {closed}"]


def _shown(told: Sequence[Told]) -> str:
    if "key" in told:
        return "what was right"
    if "correctness" in told:
        return "your score and which answers were right"
    return "your score" if "score" in told else "no results"


def _bounds(rules: Rules, closes: str) -> list[str]:
    said = []
    if rules.asks_certainty:
        said.append("You say how sure you are: the surer, the more a right answer earns and a wrong one costs")
    if rules.limit_seconds is not None:
        said.append(f"You have {duration_name(max(60, rules.limit_seconds))} from the start")
    if rules.attempts_allowed is not None:
        allowed = rules.attempts_allowed
        said.append(f"You can take it {_TIMES.get(allowed, f'{number_word(allowed)} times')}")
    if closes:
        said.append(f"It closes {closes}")
    return said
