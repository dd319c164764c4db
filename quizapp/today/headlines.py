"""What the start page says first: what is due, how long it takes, what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from quizapp.web.findings import number_word, on_day, sentence
from quizapp.web.rendering import count

USUAL_SECONDS = 10.0  # for a card, until the learner's own pace is known


@dataclass(frozen=True)
class Source:
    """The topic that most of the due cards come from, in the words around its title."""

    before: str
    title: str
    after: str


def due_heading(due: int) -> str:
    """Return “18 cards are due today”."""
    return f"{count(due, 'card is', 'cards are')} due today" if due else "Nothing is due today"


def time_needed(due: int, seconds_per_card: float) -> str:
    """Return about how long the due cards take: “About six minutes.”"""
    minutes = round(due * seconds_per_card / 60)
    if minutes < 1:
        return "Less than a minute."
    if minutes >= 90:
        return f"About {number_word(round(minutes / 60))} hours."
    return f"About {number_word(minutes)} {'minute' if minutes == 1 else 'minutes'}."


def due_source(due: int, from_topic: int, title: str, *, is_faded: bool) -> Source | None:
    """Return where the due cards mostly come from; None when no topic stands out."""
    if due < 2 or (from_topic < due and not is_faded and from_topic * 2 < due):
        return None
    if from_topic == due:
        return Source("Both come from" if due == 2 else "All of them come from", title, ".")
    verb = "comes" if from_topic == 1 else "come"
    after = ", the topic that has faded most." if is_faded else "."
    return Source(f"{sentence(number_word(from_topic))} {verb} from", title, after)


def next_lead(next_day: date | None, number: int, today: date) -> str:
    """Return when cards come back, while none is due."""
    if next_day is None:
        return (
            "No card is on your schedule. Questions you miss come back as cards, and so do topics you choose to study."
        )
    if number == 1:
        return f"The next card comes back {on_day(next_day, today)}."
    return f"The next {number} cards come back {on_day(next_day, today)}."
