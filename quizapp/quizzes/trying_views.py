"""A short quiz in one click: for a visitor, who becomes a guest with it, and for a person on their start page."""

from __future__ import annotations

import secrets
import uuid
from random import Random

from flask import Blueprint, redirect, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from quizapp.database import reading, transaction
from quizapp.errors import NotFound
from quizapp.models import Attempt
from quizapp.quizzes import building
from quizapp.quizzes.attempts import start_practice, start_set
from quizapp.quizzes.building import Pinned, TopicChoice
from quizapp.web import throttles
from quizapp.web.access import Viewer, access, start_sign_in, viewer
from quizapp.web.clock import now
from quizapp.web.devices import this_device
from quizapp.web.enemies import enemies_among
from quizapp.web.guests import TryForm, add_guest, guest_signed_in_as
from quizapp.web.questions import ASKABLE_KINDS
from quizapp.web.settings import settings_in_force
from quizapp.web.zones import known_zone

QUESTIONS = 5
_LARGEST_SEED = 2**31


def register(room: Blueprint) -> None:
    """Add this page to the room."""
    room.add_url_rule("/try", "start_trial", start_trial, methods=["POST"])


@access("anyone")
def start_trial() -> Response:
    """Start a short quiz, for a visitor as a new guest; sent twice it is one guest and one attempt."""
    form = TryForm()
    if not form.validate_on_submit():
        raise NotFound
    sign_in_id = form.submission_id.uuid
    attempt_id = uuid.uuid5(sign_in_id, "attempt")  # the address of an attempt must not tell the id of the sign-in
    person = viewer()
    if person is not None:
        return redirect(_quiz_of(person, attempt_id, form), 303)
    slug, seed = form.item_set.data or "", secrets.randbelow(_LARGEST_SEED)
    topic, questions = (None, []) if slug else _questions(reading(), None, form.topic.data or "", seed)
    settings = settings_in_force()
    throttle = throttles.of_address("guest")
    throttles.check(reading(), throttle, now())
    with transaction() as session:
        if guest_signed_in_as(session, sign_in_id) is None:
            throttles.fail(session, throttle, now())
        guest_id = add_guest(
            session,
            sign_in_id=sign_in_id,
            time_zone=known_zone(form.time_zone.data, settings.time_zone),
            device=this_device(),
            now=now(),
        )
        if topic is None:
            attempt_id = start_set(session, guest_id, slug, attempt_id, seed=seed, now=now())
        else:
            _start(session, guest_id, attempt_id, topic, questions, seed)
    start_sign_in(sign_in_id)
    return redirect(url_for("quizzes.question", attempt_id=attempt_id, position=1), 303)


def _quiz_of(person: Viewer, attempt_id: uuid.UUID, form: TryForm) -> str:
    """Start the quiz of somebody who is signed in, and return where it is; a set is started on its own page."""
    if reading().get(Attempt, (person.id, attempt_id)) is not None:
        return url_for("quizzes.attempt", attempt_id=attempt_id)
    if form.item_set.data:
        return url_for("topics.item_set", slug=form.item_set.data)
    seed = secrets.randbelow(_LARGEST_SEED)
    topic, questions = _questions(reading(), person.id, form.topic.data or "", seed)
    if not questions:  # all of them wait for a set that this person is taking
        return url_for("quizzes.build")
    with transaction() as session:
        _start(session, person.id, attempt_id, topic, questions, seed)
    return url_for("quizzes.question", attempt_id=attempt_id, position=1)


def _questions(session: Session, learner_id: int | None, slug: str, seed: int) -> tuple[TopicChoice, list[Pinned]]:
    """Return a topic, the first one for no slug, and a few of its questions that are graded.

    A learner gets none that is withheld from them. Raises NotFound when there is nothing to ask a visitor.
    """
    topic = next((topic for topic in building.practice_topics(session) if slug in ("", topic.slug)), None)
    if topic is None:
        raise NotFound
    graded = [kind for kind in ASKABLE_KINDS if kind != "flashcard"]
    if learner_id is None:
        questions = building.available(session, [topic.id], graded)
    else:
        questions = building.offer(session, learner_id, [topic.id], graded).questions
    enemies = enemies_among(session, [question.item_id for question in questions])
    rng = Random(seed)  # noqa: S311  # which questions, not secrecy
    picked = building.picked_items(questions, enemies, QUESTIONS, rng)
    if not picked and learner_id is None:
        raise NotFound
    return topic, building.pinned_items(session, picked)


def _start(
    session: Session, learner_id: int, attempt_id: uuid.UUID, topic: TopicChoice, questions: list[Pinned], seed: int
) -> None:
    start_practice(
        session, learner_id, attempt_id, questions, title=f"Practice: {topic.title}",
        rules={"feedback": "at_once", "topics": [topic.slug]}, seed=seed, now=now(),
    )  # fmt: skip
