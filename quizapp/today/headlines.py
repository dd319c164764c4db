"""What the start page says first: how things stand, what comes next, and how long it takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from quizapp.core.fading import Outlook, Standing
from quizapp.web.findings import number_word, on_day, recall_finding, sentence
from quizapp.web.rendering import count

USUAL_SECONDS = 10.0  # for a card, until the learner's own pace is known
_LONG_AWAY_DAYS = 14
_MANY_MINUTES = 30
_AS_CARDS = "Questions you miss become cards, and so do topics you choose to study."


class Next(StrEnum):
    """What the main button does."""

    FIRST_QUIZ = "first quiz"
    CONTINUE = "continue"  # the quiz left open last
    REVIEW = "review"  # the cards of today
    CHOOSE = "choose"  # cards to study, on a topic's page
    PRACTISE = "practise"  # another quiz


@dataclass(frozen=True)
class Source:
    """The topic that most of the due cards come from, in the words around its title."""

    before: str
    title: str
    after: str


@dataclass(frozen=True)
class Day:
    """What a person's day of study is made of."""

    today: date
    outlooks: Sequence[Outlook] = ()  # of all topics
    due: int = 0  # cards still to come today
    seconds_per_card: float = USUAL_SECONDS
    coming: Sequence[tuple[date, int]] = ()  # cards by day after today, as far as is looked ahead
    answered: tuple[int, int] | None = None  # of how many, in the quiz left open last
    has_met: bool = False  # whether any question was answered
    has_reviewed: bool = False  # whether a card was ever reviewed
    last_day: date | None = None  # on which anything was done
    source: Source | None = None

    @property
    def is_new(self) -> bool:
        """Whether nothing was done yet."""
        return not (self.has_met or self.due or self.answered or self.has_coming)

    @property
    def has_coming(self) -> bool:
        """Whether a card comes back after today, as far as is looked ahead."""
        return any(number for _, number in self.coming)

    @property
    def is_known(self) -> bool:
        """Whether there is a topic of which something can be said."""
        return any(outlook.standing is not Standing.UNKNOWN for outlook in self.outlooks)


@dataclass(frozen=True)
class Headline:
    """The first words of the page, and what they lead to; `is_finding`: the heading says how the topics stand."""

    heading: str
    lead: str
    next: Next
    source: Source | None = None
    is_finding: bool = False
    is_urgent: bool = True  # whether the next step is asked for, not only offered


def headline(day: Day) -> Headline:
    """Return what the start page says of a day."""
    if day.is_new:
        return Headline(
            "Start with one short quiz",
            "Five questions, about two minutes. What you miss comes back as a card, just before you would forget it.",
            Next.FIRST_QUIZ,
        )
    if not day.has_reviewed and (day.due or day.answered):
        return _first_steps(day)
    return _with_cards(day) if day.due else _with_nothing_due(day)


def time_needed(due: int, seconds_per_card: float) -> str:
    """Return about how long the due cards take: “about six minutes”."""
    minutes = round(due * seconds_per_card / 60)
    if minutes < 1:
        return "less than a minute"
    if minutes >= 90:
        return f"about {number_word(round(minutes / 60))} hours"
    return f"about {number_word(minutes)} {'minute' if minutes == 1 else 'minutes'}"


def due_source(due: int, from_topic: int, title: str, *, is_faded: bool) -> Source | None:
    """Return where the due cards mostly come from; None when no topic stands out."""
    if due < 2 or (from_topic < due and not is_faded and from_topic * 2 < due):
        return None
    if from_topic == due:
        return Source("Both come from" if due == 2 else "All of them come from", title, ".")
    verb = "comes" if from_topic == 1 else "come"
    after = ", the topic that has faded most." if is_faded else "."
    return Source(f"{sentence(number_word(from_topic))} {verb} from", title, after)


def next_cards(coming: Sequence[tuple[date, int]], today: date) -> str:
    """Return when cards come back after today: “4 cards come back tomorrow.”"""
    day, number = next(((day, number) for day, number in coming if number), (today, 0))
    if not number:
        return f"No card comes back in the next two weeks. {_AS_CARDS}"
    return f"{count(number, 'card comes', 'cards come')} back {on_day(day, today)}."


def _first_steps(day: Day) -> Headline:
    if day.answered:
        done, whole = day.answered
        given = (
            f"{sentence(number_word(done))} of {number_word(whole)} questions {'is' if done == 1 else 'are'} answered"
        )
        lead = f"{given}, and saved." if done else "No question is answered yet."
        return Headline("Your quiz is under way", lead, Next.CONTINUE)
    ready = "card is" if day.due == 1 else f"{number_word(day.due)} cards are"
    how = "Recall the answer, look, and say how well you knew it: that decides when each comes back."
    lead = f"{sentence(time_needed(day.due, day.seconds_per_card))}. {how}"
    return Headline(f"Your first {ready} ready", lead, Next.REVIEW)


def _with_cards(day: Day) -> Headline:
    time = time_needed(day.due, day.seconds_per_card)
    due = f"{count(day.due, 'card is', 'cards are')} due"
    rest = " Stop after any card: the rest waits." if day.due * day.seconds_per_card >= _MANY_MINUTES * 60 else ""
    if day.is_known:
        lead = f"{_welcome(day)}{due}, {time}.{rest}"
        return Headline(recall_finding(day.outlooks, day.today), lead, Next.REVIEW, day.source, is_finding=True)
    return Headline(f"{due} today", f"{_welcome(day)}{sentence(time)}.{rest}", Next.REVIEW, day.source)


def _with_nothing_due(day: Day) -> Headline:
    is_done = day.has_reviewed and day.last_day == day.today
    has_faded = any(outlook.standing is Standing.FADED for outlook in day.outlooks)
    is_finding = day.is_known and (has_faded or not is_done)
    lead = f"{_welcome(day)}{next_cards(day.coming, day.today)}"
    if is_finding:
        heading = recall_finding(day.outlooks, day.today)
        lead = f"{_welcome(day)}Nothing {'more ' if is_done else ''}is due today. {next_cards(day.coming, day.today)}"
    else:
        heading = "Done for today" if is_done else "Nothing is due today"
    if day.answered:
        return Headline(heading, lead, Next.CONTINUE, is_finding=is_finding)
    step = Next.PRACTISE if day.has_reviewed or day.has_coming else Next.CHOOSE
    return Headline(heading, lead, step, is_finding=is_finding, is_urgent=has_faded or not is_done)


def _welcome(day: Day) -> str:
    if day.last_day is None or (day.today - day.last_day).days < _LONG_AWAY_DAYS:
        return ""
    return f"Welcome back; the last time was {on_day(day.last_day, day.today)}. "
