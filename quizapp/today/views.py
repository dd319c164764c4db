"""The start page, for a visitor and for a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import Blueprint, render_template, request, url_for

from quizapp.core.fading import Standing
from quizapp.database import reading
from quizapp.learning.learners import learner_of
from quizapp.learning.plans import FollowedPlan
from quizapp.learning.recall import TopicToday
from quizapp.today.headlines import Headline, Next, Source, headline
from quizapp.today.overviews import OpenAttempt, Overview, Shelf, overview
from quizapp.today.samples import asked, topic_lines
from quizapp.web.access import Viewer, access, viewer
from quizapp.web.clock import now
from quizapp.web.findings import is_due_soon, number_word, outlook_note, recall_finding, week_finding
from quizapp.web.guests import TryForm
from quizapp.web.rendering import count, exam_words, moment_name

room = Blueprint("today", __name__)

_LOWEST = 5
_UNMET = 3
_TEASERS = 6
_WEEK_DAYS = 7
_BAR = 40  # height of the fullest day


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
class ComingDay:
    """One of the days ahead, with its bar."""

    name: str
    short: str
    number: int
    height: int


@dataclass(frozen=True)
class Step:
    """A button of the head: a link, or with a form the start of a short quiz."""

    label: str
    url: str = ""
    kind: str = "primary"
    form: TryForm | None = None


@dataclass(frozen=True)
class Head:
    """The first words of the page, the main button, and another one."""

    said: Headline
    step: Step
    source: Source | None = None
    other: Step | None = None


@room.get("/")
@access("anyone")
def start() -> str:
    """Show what today asks; to a visitor, what this is."""
    person = viewer()
    return _welcome() if person is None else _today(person)


def _welcome() -> str:
    session = reading()
    sample = asked(session, now().date(), request.args.get("question", ""), request.args.get("choice", ""))
    topics = topic_lines(session)
    return render_template(
        "today/welcome.html",
        sample=sample,
        passage="".join(run.text for run in sample.evidence.whole) if sample else "",
        topics=topics[:_TEASERS],
        all_topics=f"All {number_word(len(topics))} topics",
        trial=TryForm(formdata=None),
    )


def _today(person: Viewer) -> str:
    moment = now()
    found = overview(reading(), learner_of(person), moment, is_teacher=person.is_teacher)
    day = found.day
    head = _head(found, person)
    outlooks, today = day.outlooks, day.today
    rows = [_recall_row(topic, today) for topic in found.lowest[:_LOWEST]]
    is_continued = head.said.next is Next.CONTINUE
    return render_template(
        "today/today.html",
        kicker=f"{today:%A} {today.day} {today:%B}",
        head=head,
        plans=[_plan_line(plan, number, today) for plan, number in found.plans],
        slips=[_slip(attempt, moment, person) for attempt in found.open_attempts[1 if is_continued else 0 :]],
        week=_week(day.coming[:_WEEK_DAYS]),
        week_finding=week_finding(day.coming[:_WEEK_DAYS], today),
        rows=rows,
        floor=50 if rows and min(row.low for row in rows) >= 0.5 else 0,
        finding="" if head.said.is_finding else recall_finding(outlooks, today),
        all_topics=f"All {number_word(len(found.topics))} topics",
        unmet=[topic.memory for topic in found.unmet[: _LOWEST if day.is_new else _UNMET]],
        is_new=day.is_new,
        is_new_teacher=day.is_new and person.is_teacher,
        is_author=found.shelf is not None,
    )


def _plan_line(plan: FollowedPlan, number: int, today: date) -> tuple[str, str, str]:
    """Return a plan's name, its address, and what it asks today."""
    asked = f"{count(number, 'card')} for it today" if number else "nothing is left for it today"
    address = url_for("progress.plan", plan_id=plan.id)
    return plan.name, address, f"{exam_words(plan.exam_on, today)}; {asked}."


def _head(found: Overview, person: Viewer) -> Head:
    day = found.day
    if day.is_new and person.is_teacher:
        return _head_of_author(found.shelf) if found.shelf else _head_of_new_teacher()
    said = headline(day)
    if said.next is Next.FIRST_QUIZ:
        build = Step("Build your own quiz", url_for("quizzes.build"))
        return Head(said, Step("Take a first quiz", form=TryForm(formdata=None)), other=build)
    if said.next is Next.REVIEW:
        return Head(said, Step(f"Review {count(day.due, 'card')}", url_for("flashcards.review")), said.source)
    ahead = Step("Study ahead", url_for("flashcards.review")) if day.has_coming else None
    if said.next is Next.CONTINUE:
        opened = found.open_attempts[0]
        url = url_for("quizzes.attempt", attempt_id=opened.id)
        return Head(said, Step("Continue the quiz", url), Source("It is", opened.title, "."), ahead)
    return _head_with_practice(found, said, ahead)


def _head_with_practice(found: Overview, said: Headline, ahead: Step | None) -> Head:
    build = Step("Build a quiz", url_for("quizzes.build"))
    topic = _next_topic(found)
    if topic is None:
        return Head(said, build, None, ahead)
    memory = topic.memory
    if said.next is Next.CHOOSE:
        return Head(said, Step("Choose cards to study", url_for("topics.topic", slug=memory.slug)), None, build)
    would = "show what is left of it" if topic.outlook.standing is Standing.FADED else "come next"
    source = Source("A short quiz on", memory.title, f" would {would}.")
    kind = "primary" if said.is_urgent else ""
    return Head(
        said, Step("Take a short quiz", kind=kind, form=TryForm(formdata=None, topic=memory.slug)), source, ahead
    )


def _head_of_new_teacher() -> Head:
    said = Headline(
        "Your first set, in a few minutes",
        "Write three questions, publish them here or by link, and see how each one is answered.",
        Next.PRACTISE,
    )
    look = Step("Look around first", url_for("topics.index"))
    return Head(said, Step("Write a set", url_for("authoring.home")), None, look)


def _head_of_author(shelf: Shelf) -> Head:
    taken = f"{count(shelf.takers, 'person has', 'people have')} taken your sets"
    said = Headline(
        taken if shelf.takers else "Nobody has taken your sets yet",
        f"{count(shelf.open, 'set')} open to take, {count(shelf.drafts, 'draft')}.",
        Next.PRACTISE,
    )
    practise = Step("Study a topic yourself", url_for("topics.index"))
    return Head(said, Step("Go to your sets", url_for("authoring.home")), None, practise)


def _next_topic(found: Overview) -> TopicToday | None:
    """Return what to practise next: what has faded most, else what is new, else what is weakest."""
    faded = [topic for topic in found.lowest if topic.outlook.standing is Standing.FADED]
    met = [topic for topic in found.topics if topic.memory.memories]
    choices: Sequence[Any] = [*faded, *found.unmet, *found.lowest, *met]
    if not found.day.has_reviewed and not found.day.has_coming:
        choices = [*met, *choices]  # their cards are to be chosen
    return next(iter(choices), None)


def _week(coming: Sequence[tuple[date, int]]) -> list[ComingDay]:
    most = max((number for _, number in coming), default=0) or 1
    return [ComingDay(f"{day:%A}", f"{day:%a}", number, round(number / most * _BAR)) for day, number in coming]


def _slip(attempt: OpenAttempt, moment: datetime, person: Viewer) -> Slip:
    saved = f"Saved {moment_name(attempt.saved_at, moment, person.zone)}"
    url = url_for("quizzes.attempt", attempt_id=attempt.id)
    return Slip(attempt.title, f"{attempt.answered}/{attempt.questions}", saved, url)


def _recall_row(topic: TopicToday, today: date) -> RecallRow:
    value, is_due = topic.mastery, is_due_soon(topic.outlook, today)
    note = outlook_note(topic.outlook, today) if is_due or topic.outlook.day is None else ""
    url = url_for("topics.topic", slug=topic.memory.slug)
    return RecallRow(topic.memory.title, url, value.mean, value.low, value.high, is_due, note)
