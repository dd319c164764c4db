"""Question sets: the list of those published here, and one with its rules and one's attempts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import render_template, url_for

from quizapp.database import reading
from quizapp.topics.forms import OneButtonForm
from quizapp.topics.question_sets import OwnAttempt, listed_sets, own_attempts, set_page
from quizapp.topics.views import room
from quizapp.web.access import Viewer, access, viewer
from quizapp.web.clock import now
from quizapp.web.experience import closes_in_words, experience
from quizapp.web.findings import number_word, sentence
from quizapp.web.guests import TryForm
from quizapp.web.rendering import moment_name


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
    found = listed_sets(reading())
    heading = "Question sets will stand here"
    if found:
        heading = sentence(f"{number_word(len(found))} question {'set' if len(found) == 1 else 'sets'} to take")
    return render_template("topics/sets.html", sets=found, heading=heading)


@room.get("/sets/<slug>")
@access("anyone")
def item_set(slug: str) -> str:
    """Show one set: what it asks, its rules, and one's attempts at it."""
    session, person = reading(), viewer()
    page = set_page(session, slug)
    attempts = own_attempts(session, person.id, page.id) if person else []
    unfinished = next((attempt for attempt in attempts if attempt.closed_at is None), None)
    return render_template(
        "topics/item_set.html",
        page=page,
        rules=experience(page.rules, page.questions, closes=closes_in_words(page.closes_at)),
        rows=[_attempt_row(attempt, now(), person) for attempt in attempts] if person else [],
        continue_url=url_for("quizzes.attempt", attempt_id=unfinished.id) if unfinished else "",
        form=OneButtonForm() if person else TryForm(formdata=None, item_set=page.slug),
    )


def _attempt_row(attempt: OwnAttempt, moment: datetime, person: Viewer) -> AttemptRow:
    zone = person.zone
    name = f"Attempt {attempt.number}"
    if attempt.closed_at is None:
        return AttemptRow(
            name,
            f"Saved {moment_name(attempt.saved_at, moment, zone)}",
            f"{attempt.answered} of {attempt.questions} answered",
            "",
            url_for("quizzes.attempt", attempt_id=attempt.id),
            "Continue",
        )
    state = {"finished": "Finished", "abandoned": "Left unfinished", "expired": "Time ran out"}[attempt.outcome or ""]
    score = ""
    if attempt.score is not None and attempt.max_score:
        score = f"{attempt.score:.3g} of {attempt.max_score:.3g}"
    return AttemptRow(
        name,
        sentence(moment_name(attempt.closed_at, moment, zone)),
        state,
        score,
        url_for("quizzes.review", attempt_id=attempt.id),
        "Review",
    )
