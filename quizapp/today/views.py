"""The start page, for a visitor and for a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, render_template, url_for

from quizapp.core.fading import Standing
from quizapp.database import reading
from quizapp.learning.learners import learner_of
from quizapp.learning.recall import TopicToday
from quizapp.today.headlines import Source, due_heading, due_source, next_lead, time_needed
from quizapp.today.overviews import OpenAttempt, Overview, overview
from quizapp.today.samples import holdings, sample
from quizapp.web.access import Viewer, access, viewer
from quizapp.web.clock import now
from quizapp.web.findings import is_due_soon, number_word, outlook_note, recall_finding
from quizapp.web.guests import TryForm
from quizapp.web.rendering import count, moment_name

room = Blueprint("today", __name__)

_LOWEST = 5


@dataclass(frozen=True)
class RecallRow:
    """One topic in the list beside the page."""

    title: str
    url: str
    mean: float
    low: float
    high: float
    is_due: bool
    note: str


@dataclass(frozen=True)
class Slip:
    """A quiz to continue."""

    title: str
    done: str
    saved: str
    url: str


@dataclass(frozen=True)
class Step:
    """The one main button."""

    label: str
    url: str


@dataclass(frozen=True)
class Head:
    """The first words of the page, and what they lead to."""

    heading: str
    lead: str
    step: Step
    source: Source | None = None
    other: Step | None = None


@room.get("/")
@access("anyone")
def start() -> str:
    """Show what today asks; to a visitor, what this is."""
    person = viewer()
    session = reading()
    if person is None:
        trial = TryForm(formdata=None)
        return render_template("today/welcome.html", sample=sample(session), holdings=holdings(session), trial=trial)
    moment = now()
    found = overview(session, learner_of(person), moment)
    today = person.study_day(moment)
    lowest = found.lowest
    rows = [_recall_row(topic, today) for topic in lowest[:_LOWEST]]
    return render_template(
        "today/today.html",
        kicker=f"{today:%A} {today.day} {today:%B}",
        head=_head_of_newcomer(person) if found.is_new else _head(found, today),
        slips=[_slip(attempt, moment, person) for attempt in found.open_attempts],
        rows=rows,
        floor=50 if rows and min(row.low for row in rows) >= 0.5 else 0,
        finding=recall_finding([topic.outlook for topic in found.topics], today),
        all_topics=f"All {number_word(len(found.topics))} topics",
        unread=[topic.memory for topic in found.topics if not topic.memory.memories][: _LOWEST if found.is_new else 3],
        is_new=found.is_new,
    )


def _head(found: Overview, today: date) -> Head:
    if found.due:
        return Head(
            due_heading(found.due),
            time_needed(found.due, found.seconds_per_card),
            Step(f"Review {count(found.due, 'card')}", url_for("flashcards.review")),
            _source(found),
        )
    lead = next_lead(found.next_day, found.next_cards, today)
    ahead = Step("Study ahead", url_for("flashcards.review")) if found.next_cards else None
    if found.open_attempts:
        url = url_for("quizzes.attempt", attempt_id=found.open_attempts[0].id)
        return Head(due_heading(0), lead, Step("Continue the quiz", url), other=ahead)
    weakest = found.lowest[0].memory.slug if found.lowest else None
    return Head(due_heading(0), lead, Step("Take a quiz", url_for("quizzes.build", topic=weakest)), other=ahead)


def _head_of_newcomer(person: Viewer) -> Head:
    quiz = url_for("quizzes.build")
    if person.is_teacher:
        return Head(
            "Write questions, or answer some",
            "A set of questions is written in a few minutes, shared here or by link, and you see how it is answered.",
            Step("Go to Teach", url_for("authoring.home")),
            other=Step("Take a quiz", quiz),
        )
    return Head(
        "Start with one short quiz",
        "Every question you answer is remembered. What you miss comes back as a card, just before you would forget it.",
        Step("Take a first quiz", quiz),
        other=Step("Read a passage", url_for("topics.index")),
    )


def _source(found: Overview) -> Source | None:
    by_id = {topic.memory.topic_id: topic for topic in found.topics}
    faded = [
        topic
        for topic in found.lowest
        if topic.outlook.standing is Standing.FADED and found.due_by_topic[topic.memory.topic_id]
    ]
    fullest = [by_id[topic_id] for topic_id, _ in found.due_by_topic.most_common(1) if topic_id in by_id]
    for topic in [*faded, *fullest][:1]:
        number = found.due_by_topic[topic.memory.topic_id]
        return due_source(found.due, number, topic.memory.title, is_faded=bool(faded))
    return None


def _slip(attempt: OpenAttempt, moment: datetime, person: Viewer) -> Slip:
    saved = f"Saved {moment_name(attempt.saved_at, moment, person.zone)}"
    url = url_for("quizzes.attempt", attempt_id=attempt.id)
    return Slip(attempt.title, f"{attempt.answered}/{attempt.questions}", saved, url)


def _recall_row(topic: TopicToday, today: date) -> RecallRow:
    value, is_due = topic.mastery, is_due_soon(topic.outlook, today)
    note = outlook_note(topic.outlook, today) if is_due or topic.outlook.day is None else ""
    url = url_for("topics.topic", slug=topic.memory.slug)
    return RecallRow(topic.memory.title, url, value.mean, value.low, value.high, is_due, note)
