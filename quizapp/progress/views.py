"""Progress: all topics, and one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import Blueprint, render_template, url_for

from quizapp.core.fading import Standing, whole_percent
from quizapp.core.proportions import Tally, grouped
from quizapp.database import reading
from quizapp.errors import NotFound
from quizapp.learning.forecasts import FORECAST_DAYS, due_by_day
from quizapp.learning.learners import learner_of
from quizapp.learning.queue import coming_cards
from quizapp.learning.recall import CURVE_DAYS, TopicToday, recall_curve, topics_today
from quizapp.progress.history import TIMED_DAYS, WEEKS, DayDone, days_done, filled, minutes, year_done
from quizapp.progress.misses import Miss, last_misses
from quizapp.progress.recalls import WINDOWS, recalls
from quizapp.progress.rows import expected_rows, retention_rows, spent_by_topic, spent_rows, week_rows
from quizapp.web.access import Viewer, access, me
from quizapp.web.certainty import certainty_finding, certainty_lines, certainty_waits
from quizapp.web.clock import now
from quizapp.web.drawing import Spark, day_bars, day_squares, recall_chart, reliability_field, sparks
from quizapp.web.findings import (
    FEWEST_SHARED,
    curve_finding,
    days_finding,
    expected_finding,
    forecast_finding,
    is_due_soon,
    outlook_cell,
    outlook_note,
    recall_finding,
    recall_lead,
    retention_finding,
    short_day,
    studied_finding,
    time_finding,
)
from quizapp.web.rendering import Text, day_name, moment_name

room = Blueprint("progress", __name__)

_CHART_WIDTH = 480


@dataclass(frozen=True)
class Row:
    """A topic in the table."""

    title: str
    url: str
    mean: float
    low: float
    high: float
    is_due: bool
    below: str
    icon: str
    spark: Spark
    due: int
    last_seen: str


@dataclass(frozen=True)
class Slip:
    """A topic of which too little was answered to say more."""

    title: str
    slug: str
    met: int
    total: int


@dataclass(frozen=True)
class MissRow:
    """A missed question as the page tells it."""

    stem: str
    key: str
    when: str
    brief: tuple[Text, ...]
    url: str
    link_label: str


@room.get("/progress")
@access("person")
def overview() -> str:
    """Show how all topics stand, what comes back when, and what was done."""
    session, viewer, moment = reading(), me(), now()
    person, today = learner_of(viewer), viewer.study_day(moment)
    topics = topics_today(session, person, moment)
    coming = coming_cards(session, person, moment, FORECAST_DAYS)
    year = year_done(session, person.id, today)
    days = year.days
    retention, likely = recalls(session, person.id, today)
    due = [(today + timedelta(days=index), len(cards)) for index, cards in enumerate(coming)]
    outlooks = [topic.outlook for topic in topics]
    groups = grouped(likely, FEWEST_SHARED)
    said = certainty_lines(year.said)
    sayings = sum(line.answers for line in said)
    spent = spent_by_topic(year.milliseconds, {topic.memory.topic_id: topic.memory.title for topic in topics})
    timed = filled(days, today - timedelta(days=TIMED_DAYS - 1), today, minutes)
    return render_template(
        "progress/overview.html",
        kicker=f"{today:%A} {today.day} {today:%B}",
        printed_on=f"{today.day} {today:%B %Y}",
        heading=recall_finding(outlooks, today),
        lead=recall_lead(outlooks, len(coming[0]), today),
        is_empty=not (days or any(topic.memory.memories for topic in topics) or any(coming)),
        rows=_rows(topics, Counter(card.topic_id for card in coming[0]), viewer, moment),
        floor=_floor(topics),
        slips=_slips(topics),
        due=day_bars("Cards due, next 14 days", due, today, "card"),
        due_finding=forecast_finding(due, today),
        new_limit=person.new_cards_per_day,
        retention=retention_rows(retention),
        retention_finding=retention_finding(retention.all[-1], WINDOWS[-1], person.target_retention),
        target=whole_percent(person.target_retention),
        squares=day_squares({day.day: day.done for day in days}, today, WEEKS),
        studied=_studied(days, today),
        weeks=week_rows(days, today),
        expected=reliability_field(groups) if groups else None,
        expected_rows=expected_rows(groups),
        expected_finding=expected_finding(sum(likely, Tally())),
        fewest=FEWEST_SHARED,
        said=said if sayings >= FEWEST_SHARED else (),
        said_finding=certainty_finding(said, "you") if sayings >= FEWEST_SHARED else certainty_waits(sayings),
        time=day_bars("Minutes, last 14 days", timed, today, "minute"),
        time_finding=time_finding(spent, TIMED_DAYS),
        spent=spent_rows(spent),
    )


@room.get("/progress/<slug>")
@access("person")
def topic(slug: str) -> str:
    """Show one topic: its recall around today, what comes back, what was done and missed."""
    session, viewer, moment = reading(), me(), now()
    person, today = learner_of(viewer), viewer.study_day(moment)
    found = topics_today(session, person, moment, slug=slug)
    if not found:
        raise NotFound
    (shown,) = found
    memory, value = shown.memory, shown.mastery
    curve = recall_curve(session, person, memory, moment) if value.is_shown else []
    due = due_by_day(session, person, moment, topic_id=memory.topic_id)
    first = today - timedelta(days=CURVE_DAYS - 1)
    done = filled(days_done(session, person.id, first, topic_id=memory.topic_id), first, today)
    earlier = next(((day, past.mean) for day, past in curve if past.is_shown and day < today), None)
    return render_template(
        "progress/topic.html",
        topic=shown,
        note=outlook_note(shown.outlook, today),
        is_due=is_due_soon(shown.outlook, today),
        floor=_floor([shown]),
        last_seen=_last_seen(shown, viewer, today),
        chart=recall_chart(curve, today, width=_CHART_WIDTH) if curve else None,
        curve_finding=curve_finding(earlier, value.mean, curve[-1][1].mean, today) if curve else "",
        due=day_bars("Cards due, next 14 days", due, today, "card"),
        due_finding=forecast_finding(due, today),
        done=day_bars("Answered, last 14 days", done, today, "answer"),
        done_finding=days_finding([number for _, number in done]),
        misses=[
            _miss_row(miss, slug, moment, viewer) for miss in last_misses(session, person.id, memory.topic_id, today)
        ],
    )


def _rows(topics: list[TopicToday], due: Counter[int], viewer: Viewer, moment: datetime) -> list[Row]:
    today = viewer.study_day(moment)
    known = [topic for topic in topics if topic.outlook.standing is not Standing.UNKNOWN]
    known.sort(key=lambda topic: topic.mastery.mean)
    days = [moment + timedelta(days=day) for day in range(CURVE_DAYS + 1)]
    drawn = sparks([[topic.memory.share_at(day) for day in days] for topic in known])
    return [
        Row(
            title=topic.memory.title,
            url=url_for("progress.topic", slug=topic.memory.slug),
            mean=topic.mastery.mean,
            low=topic.mastery.low,
            high=topic.mastery.high,
            is_due=is_due_soon(topic.outlook, today),
            below=outlook_cell(topic.outlook, today, CURVE_DAYS),
            icon=_icon(topic, is_due_soon(topic.outlook, today)),
            spark=spark,
            due=due[topic.memory.topic_id],
            last_seen=_last_seen(topic, viewer, today),
        )
        for topic, spark in zip(known, drawn, strict=True)
    ]


def _icon(topic: TopicToday, is_soon: bool) -> str:
    if topic.outlook.standing is Standing.FADED:
        return "warn"
    return "clock" if is_soon else ""


def _slips(topics: list[TopicToday]) -> list[Slip]:
    return [
        Slip(topic.memory.title, topic.memory.slug, len(topic.memory.memories), topic.memory.total)
        for topic in topics
        if topic.outlook.standing is Standing.UNKNOWN
    ]


def _floor(topics: list[TopicToday]) -> int:
    lows = [topic.mastery.low for topic in topics if topic.mastery.is_shown]
    return 50 if lows and min(lows) >= 0.5 else 0


def _last_seen(topic: TopicToday, viewer: Viewer, today: date) -> str:
    seen_at = topic.memory.last_seen_at
    if seen_at is None:
        return "never"
    day = viewer.study_day(seen_at)
    return day_name(day, today) if (today - day).days < 2 else short_day(day)


def _studied(days: list[DayDone], today: date) -> str:
    start = today - timedelta(days=27)
    recent = sum(day.done for day in days if day.day >= start)
    before = sum(day.done for day in days if start - timedelta(days=28) <= day.day < start)
    return studied_finding(recent, before)


def _miss_row(miss: Miss, slug: str, moment: datetime, viewer: Viewer) -> MissRow:
    when = moment_name(miss.missed_at, moment, viewer.zone)
    if miss.attempt_id is None:
        return MissRow(
            miss.stem, miss.key, f"Card, {when}", miss.brief, url_for("flashcards.review", topic=slug), "Study cards"
        )
    url = url_for("quizzes.review", attempt_id=miss.attempt_id)
    return MissRow(miss.stem, miss.key, f"Quiz, {when}", miss.brief, url, "See the review")
