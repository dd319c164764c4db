"""Question sets: the list of those published here, and one with its rules and one's attempts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import render_template, url_for

from quizapp.database import reading
from quizapp.topics.forms import OneButtonForm
from quizapp.topics.question_sets import OwnAttempt, SetPage, listed_sets, own_attempts, set_page
from quizapp.topics.views import room
from quizapp.web.access import Viewer, access, viewer
from quizapp.web.clock import now
from quizapp.web.deadlines import time_factor
from quizapp.web.experience import closes_in_words, experience
from quizapp.web.findings import number_word, sentence
from quizapp.web.guests import TryForm
from quizapp.web.rendering import count, duration_name, moment_name
from quizapp.web.sections import asked_sections

_STATES = {
    None: "Time is up",  # and nobody closed it yet
    "finished": "Finished",
    "abandoned": "Left unfinished",
    "expired": "Time ran out",
}


@dataclass(frozen=True)
class AttemptRow:
    """An attempt as the page tells it."""

    name: str
    when: str
    state: str
    score: str
    link: str
    link_label: str


@room.get("/sets")
@access("anyone")
def sets() -> str:
    """Show the sets published here."""
    found = listed_sets(reading(), now())
    heading = "Question sets will stand here"
    if found:
        heading = sentence(f"{number_word(len(found))} question {'set' if len(found) == 1 else 'sets'} to take")
    return render_template("topics/sets.html", sets=found, heading=heading)


@room.get("/sets/<slug>")
@access("anyone")
def item_set(slug: str) -> str:
    """Show one set: what it asks, its rules, and one's attempts at it."""
    session, person = reading(), viewer()
    page = set_page(session, slug, now(), person.id if person else None)
    sections = asked_sections(session, page.id, page.owner_id, page.rules)
    attempts = own_attempts(session, person.id, page.id) if person else []
    unfinished = next((attempt for attempt in attempts if not _is_over(attempt, now())), None)
    return render_template(
        "topics/item_set.html",
        page=page,
        has_questions=any(section.number for section in sections),
        rules=experience(page.rules, sections, closes=closes_in_words(page.closes_at)),
        time=_time(page, person),
        left=_left(page, len(attempts)),
        rows=[_attempt_row(attempt, now(), person) for attempt in attempts] if person else [],
        continue_url=url_for("quizzes.attempt", attempt_id=unfinished.id) if unfinished else "",
        form=OneButtonForm() if person else TryForm(formdata=None, item_set=page.slug),
    )


def _time(page: SetPage, person: Viewer | None) -> str:
    """Say what the limit is for whoever has extra time, and what happens when the time is up."""
    limit = page.rules.limit_seconds
    factor = time_factor(reading(), person.id) if person and limit else 1.0
    factor = None if factor is None or page.factor is None else max(factor, page.factor)
    parts = []
    if limit and factor is None:
        parts.append("For you it has no time limit.")
    elif limit and factor and factor > 1:
        parts.append(f"With your extra time you have {duration_name(limit * factor)}.")
    if page.closes_at or (limit and factor):
        parts.append("When the time is up, what is saved counts.")
    return " ".join(parts)


def _left(page: SetPage, taken: int) -> str:
    """Say how often it can still be started; empty where that is as often as one likes."""
    allowed = page.rules.attempts_allowed
    if allowed is None or not taken:
        return ""
    if taken >= allowed:
        return "You have taken it as often as it can be taken."
    return f"You can start it {count(allowed - taken, 'time')} more."


def _is_over(attempt: OwnAttempt, moment: datetime) -> bool:
    return attempt.closed_at is not None or (attempt.deadline_at is not None and attempt.deadline_at <= moment)


def _attempt_row(attempt: OwnAttempt, moment: datetime, person: Viewer) -> AttemptRow:
    zone = person.zone
    name = f"Attempt {attempt.number}"
    if not _is_over(attempt, moment):
        return AttemptRow(
            name,
            f"Saved {moment_name(attempt.saved_at, moment, zone)}",
            f"{attempt.answered} of {attempt.questions} answered",
            "",
            url_for("quizzes.attempt", attempt_id=attempt.id),
            "Continue",
        )
    state = {None: "Time is up", "finished": "Finished", "abandoned": "Left unfinished", "expired": "Time ran out"}[
        attempt.outcome
    ]
    score = ""
    if attempt.score is not None and attempt.max_score:
        score = f"{attempt.score:.3g} of {attempt.max_score:.3g}"
    return AttemptRow(
        name,
        sentence(moment_name(attempt.closed_at or attempt.deadline_at or attempt.saved_at, moment, zone)),
        state,
        score,
        url_for("quizzes.review", attempt_id=attempt.id),
        "Review",
    )
