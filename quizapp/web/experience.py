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
from quizapp.web.sections import Asked
from quizapp.web.settings import settings_in_force

_TIMES = {1: "once", 2: "twice"}
_SHARES = {0.1: "a tenth", 0.25: "a quarter", 1 / 3: "a third", 0.5: "half", 1.0: "all"}


def experience(rules: Rules, sections: Sequence[Asked], *, closes: str = "") -> str:
    """Say what taking a quiz is like, from its sections; `closes` is the moment it closes, in words."""
    sections = [section for section in sections if section.number]
    questions = sum(section.number for section in sections)
    if not questions:
        return "It holds no question at present."
    said = [*_asked(rules, sections, questions), *_answered(rules, questions), *_bounds(rules, closes)]
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


def _asked(rules: Rules, sections: Sequence[Asked], questions: int) -> list[str]:
    named = [section for section in sections if section.title]
    if not named:
        return [_order(rules, questions, sections[0])]
    outside = sum(section.number for section in sections if not section.title)
    first = f"{count(outside, 'question')}, then {questions - outside}" if outside else count(questions, "question")
    parts = ", ".join(f"“{section.title}” ({_of_section(section)})" for section in named)
    said = [f"{first} in {count(len(named), 'section')}: {parts}"]
    if any(section.is_by_lot for section in sections):
        said.append("What comes by lot is drawn anew each time")
    if rules.is_shuffled and max(section.number for section in sections) > 1:
        said.append("Sections keep their order; in each, questions come in a new order each time")
    if rules.navigation == "by_section" and len(sections) > 1:
        said.append("In a section you move freely; one that you have left can’t be opened again")
    elif rules.navigation == "sequential" and questions > 1:
        said.append("Questions come one after the other: what you have passed can’t be opened again")
    return said


def _of_section(section: Asked) -> str:
    own = section.number - section.most
    parts = []
    if own:
        parts.append(f"{own} of {section.own} by lot" if own < section.own else str(own))
    if section.most:
        fits = len(section.fits)
        parts.append(f"{section.most} of {fits} by lot" if section.most < fits else str(section.most))
    return " and ".join(parts)


def _order(rules: Rules, questions: int, outside: Asked) -> str:
    asked = count(questions, "question")
    if questions < outside.own:
        asked = f"{asked} of {outside.own}, drawn anew each time"
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
