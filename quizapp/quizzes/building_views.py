"""Pages that start a quiz: the builder, a set's start, practising what was missed."""

from __future__ import annotations

import secrets
import uuid
from random import Random

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from quizapp.database import reading, transaction
from quizapp.errors import NotFound
from quizapp.quizzes import building
from quizapp.quizzes.attempts import start_practice, start_set
from quizapp.quizzes.building import TopicChoice
from quizapp.quizzes.forms import PracticeForm, StartForm, topic_choices
from quizapp.quizzes.reviewing import missed_item_ids
from quizapp.quizzes.sittings import sitting
from quizapp.web.access import access, me
from quizapp.web.clock import now
from quizapp.web.enemies import enemies_among
from quizapp.web.questions import ASKABLE_KINDS

Answer = str | tuple[str, int] | Response
NOTHING_LEFT = "What you missed can’t be practised now: it is gone, or in a quiz that you have begun."
_LARGEST_SEED = 2**31


def register(room: Blueprint) -> None:
    """Add these pages to the room."""
    room.add_url_rule("/quizzes/new", "build", build)
    room.add_url_rule("/quizzes/new", "start_practice", start_built, methods=["POST"])
    room.add_url_rule("/sets/<slug>/start", "start_set", start_from_set, methods=["POST"])
    room.add_url_rule("/attempts/<uuid:attempt_id>/missed", "practise_missed", practise_missed, methods=["POST"])


@access("person")
def build() -> Answer:
    """Choose topics, kinds, a number, and when to see the answers; says how many questions there can be."""
    topics = building.practice_topics(reading())
    known = {topic.slug for topic in topics}
    chosen = [slug for slug in request.args.getlist("topic") if slug in known]
    form = _practice_form(topics, chosen if request.args.get("topic") else sorted(known))
    return _builder(form, topics)


@access("person")
def start_built() -> Answer:
    """Start the quiz that was built, or show how many questions there are when asked."""
    session = reading()
    topics = building.practice_topics(session)
    form = _practice_form(topics)
    is_valid = form.validate_on_submit()
    if not is_valid or request.form.get("do") == "count":
        return _builder(form, topics, status=200 if is_valid else 422)
    kinds, number = form.kinds.data or [], form.number.data or 1
    questions = building.offer(session, me().id, _ids(form, topics), kinds).questions
    enemies = enemies_among(session, [question.item_id for question in questions])
    seed = secrets.randbelow(_LARGEST_SEED)
    rng = Random(seed)  # noqa: S311  # which questions, not secrecy
    if form.order.data == "least_known":
        picked = building.least_known_items(session, me().id, questions, enemies, number, rng, now())
    else:
        picked = building.picked_items(questions, enemies, number, rng)
    pinned = building.pinned_items(session, picked)
    if not pinned:
        form.kinds.errors = [
            *form.kinds.errors,
            "These topics have no questions of these kinds. Choose more of either.",
        ]
        return _builder(form, topics, status=422)
    titles = [topic.title for topic in topics if topic.slug in (form.topics.data or ())]
    rules = {"feedback": form.feedback.data, "topics": form.topics.data, "kinds": kinds}
    if form.asks_certainty.data:
        rules["asks_certainty"] = True
    if form.order.data != "mixed":
        rules["order"] = form.order.data
    with transaction() as writing:
        attempt_id = start_practice(
            writing, me().id, form.submission_id.uuid, pinned, title=_title(titles, len(topics)), rules=rules,
            seed=seed, now=now(),
        )  # fmt: skip
    if len(pinned) < number:
        flash(
            f"There are {len(pinned)} questions that do not give each other away, so this quiz has {len(pinned)}.",
            "due",
        )
    return redirect(url_for("quizzes.question", attempt_id=attempt_id, position=1), 303)


@access("person")
def start_from_set(slug: str) -> Answer:
    """Start a published set, or go on with the attempt that is open."""
    form = StartForm()
    if not form.validate_on_submit():
        raise NotFound
    with transaction() as session:
        attempt_id = start_set(
            session, me().id, slug, form.submission_id.uuid, seed=secrets.randbelow(_LARGEST_SEED), now=now()
        )
    return redirect(url_for("quizzes.attempt", attempt_id=attempt_id), 303)


@access("person")
def practise_missed(attempt_id: uuid.UUID) -> Answer:
    """Start practice with what a finished attempt missed, answers shown at once."""
    session = reading()
    earlier = sitting(session, me().id, attempt_id)
    form = StartForm()
    if "correctness" not in earlier.told or not form.validate_on_submit():
        raise NotFound
    missed = missed_item_ids(session, me().id, attempt_id)
    pinned = building.pinned_items(session, missed, learner_id=me().id)
    if not pinned:
        flash(NOTHING_LEFT if missed else "Nothing was missed, so there is nothing to practise again.", "right")
        return redirect(url_for("quizzes.review", attempt_id=attempt_id), 303)
    seed = secrets.randbelow(_LARGEST_SEED)
    with transaction() as writing:
        new_id = start_practice(
            writing, me().id, form.submission_id.uuid, pinned, title=_again(earlier.title),
            rules={"feedback": "at_once", "missed_in": str(attempt_id)}, seed=seed, now=now(),
        )  # fmt: skip
    return redirect(url_for("quizzes.question", attempt_id=new_id, position=1), 303)


def _practice_form(offered: list[TopicChoice], chosen: list[str] | None = None) -> PracticeForm:
    form = PracticeForm(data=None if chosen is None else {"topics": chosen})
    form.topics.choices = topic_choices((topic.slug, topic.title) for topic in offered)
    return form


def _builder(form: PracticeForm, topics: list[TopicChoice], status: int = 200) -> tuple[str, int]:
    session = reading()
    offer = building.offer(session, me().id, _ids(form, topics), form.kinds.data or ASKABLE_KINDS)
    enemies = enemies_among(session, [question.item_id for question in offer.questions])
    page = render_template(
        "quizzes/build.html",
        form=form,
        has_topics=bool(topics),
        most=building.how_many(offer.questions, enemies),
        available=len(offer.questions),
        withheld=offer.withheld,
    )
    return page, status


def _ids(form: PracticeForm, topics: list[TopicChoice]) -> list[int]:
    chosen = set(form.topics.data or ())
    return [topic.id for topic in topics if topic.slug in chosen]


def _title(titles: list[str], all_topics: int) -> str:
    if len(titles) == all_topics and all_topics > 1:
        return "Practice: all topics"
    if len(titles) > 2:
        return f"Practice: {titles[0]} and {len(titles) - 1} more topics"
    return "Practice: " + " and ".join(titles)


def _again(title: str) -> str:
    return title if title.startswith("Missed: ") else f"Missed: {title.removeprefix('Practice: ')}"[:200]
