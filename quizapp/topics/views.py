"""Topics: the list, one for reading, and putting its cards on one's schedule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from quizapp.database import reading, transaction
from quizapp.errors import Invalid
from quizapp.learning.learners import learner_of
from quizapp.topics.forms import OneButtonForm
from quizapp.topics.readings import OwnTopic, own_topic, question_count, topic_page
from quizapp.topics.study import study as put_on_schedule
from quizapp.topics.topic_lists import ListedTopic, listed_topics
from quizapp.web.access import access, me, viewer
from quizapp.web.clock import now
from quizapp.web.drawing import recall_chart
from quizapp.web.findings import curve_finding, is_due_soon, number_word, outlook_note, recall_finding, sentence
from quizapp.web.guests import TryForm
from quizapp.web.rendering import count

room = Blueprint("topics", __name__)


@dataclass(frozen=True)
class Row:
    """A topic in the list, with its standing in words."""

    topic: ListedTopic
    note: str
    is_due: bool


@room.get("/topics")
@access("anyone")
def index() -> str:
    """Show all topics."""
    person = viewer()
    moment = now()
    topics = listed_topics(reading(), learner_of(person) if person else None, moment)
    rows = [Row(topic, "", False) for topic in topics]
    lead = ""
    if person is not None:
        today = person.study_day(moment)
        rows = [Row(topic, outlook_note(topic.outlook, today), is_due_soon(topic.outlook, today)) for topic in topics]
        if any(topic.is_met for topic in topics):
            lead = recall_finding([topic.outlook for topic in topics], today)
    return render_template(
        "topics/index.html", rows=rows, heading=_index_heading(topics), lead=lead, floor=_floor(topics)
    )


@room.get("/topics/<slug>")
@access("anyone")
def topic(slug: str) -> str:
    """Show a topic for reading, for a person with what they would recall of it."""
    session, person, moment = reading(), viewer(), now()
    page = topic_page(session, slug)
    if person is None:
        questions, trial = question_count(session, page.id), TryForm(formdata=None, topic=page.slug)
        return render_template("topics/topic.html", page=page, questions=questions, own=None, trial=trial)
    own = own_topic(session, learner_of(person), page, moment)
    today = person.study_day(moment)
    return render_template(
        "topics/topic.html",
        page=page,
        questions=own.today.memory.total,
        own=own,
        note=outlook_note(own.today.outlook, today),
        finding=_finding(own, today),
        chart=recall_chart(own.curve, today) if own.curve else None,
        form=OneButtonForm(),
    )


@room.post("/topics/<slug>/study")
@access("person")
def study(slug: str) -> ResponseReturnValue:
    """Put the topic's questions on the schedule and go on to the cards."""
    form = OneButtonForm()
    if not form.validate():
        raise Invalid("", "This page is incomplete. Reload it and try again.")
    with transaction() as session:
        added = put_on_schedule(session, me().id, slug, submission_id=form.submission_id.uuid, now=now())
    if added:
        flash(f"{count(added, 'card')} added to your schedule.", "right")
    return redirect(url_for("flashcards.review", topic=slug), 303)


def _index_heading(topics: Sequence[ListedTopic]) -> str:
    met = sum(topic.is_met for topic in topics)
    whole = number_word(len(topics))
    if not topics:
        return "Topics will stand here"
    if not met:
        return sentence(f"{whole} {'topic' if len(topics) == 1 else 'topics'} to read and practise")
    if met == len(topics):
        return sentence(f"all {whole} topics started") if met > 1 else "One topic, started"
    return sentence(f"{number_word(met)} of {whole} topics started")


def _floor(topics: Sequence[ListedTopic]) -> int:
    lows = [topic.mastery.low for topic in topics if topic.is_known]
    return 50 if lows and min(lows) >= 0.5 else 0


def _finding(own: OwnTopic, today: date) -> str:
    if not own.curve:
        return ""
    earlier = next(((day, past.mean) for day, past in own.curve if past.is_shown and day < today), None)
    return curve_finding(earlier, own.today.mastery.mean, own.curve[-1][1].mean, today)
