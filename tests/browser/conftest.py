"""A site with people and a past, made once on SQLite, for tests that only look."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from sqlalchemy import ScalarSelect, select
from sqlalchemy.orm import Session

from quizapp import demo
from quizapp.accounts.links import make_reset_link
from quizapp.accounts.passwords import hash_password
from quizapp.app import create_app
from quizapp.authoring.drafts import store_drafts, workshop
from quizapp.authoring.flags import Keeper, flag, settle
from quizapp.authoring.passages import add_passage
from quizapp.authoring.publishing import publish
from quizapp.authoring.sections import add_section, change_section
from quizapp.authoring.sets import create_set, describe_set
from quizapp.background import leases
from quizapp.config import Settings
from quizapp.core.items import Flashcard
from quizapp.core.rules import Rules
from quizapp.core.sections import Pool
from quizapp.learning.marks import Mark
from quizapp.learning.plans import make_plan
from quizapp.marking.marks import mark_answer
from quizapp.models import Attempt, AttemptItem, Card, Draft, Item, ItemSet, ItemSetItem, Person, Topic
from quizapp.privacy import requests
from quizapp.quizzes.attempts import start_practice, start_set
from quizapp.quizzes.building import pinned_items
from quizapp.quizzes.claims import claim
from quizapp.quizzes.finishing import finish, grade_attempt
from quizapp.quizzes.responses import Given, respond
from quizapp.today.samples import asked
from quizapp.web.questions import ASKABLE_KINDS
from tests.builders import make_guest, make_person, make_sign_in
from tests.chromium import OpenWindow, served, windows
from tests.conftest import MONDAY, Clock
from tests.drafted import FOG, made_drafts
from tests.histories import answer, items_of, review, study
from tests.taken_sets import make_taken_set

TRIAL = uuid.UUID(int=81)
PARTED = uuid.UUID(int=84)
PLAN = uuid.UUID(int=85)
ASKED, ANSWERED = uuid.UUID(int=82), uuid.UUID(int=83)
DAYS = 8  # enough for a taken set, a finished quiz and one left open
KIMS_PASSWORD = "quiet harbour at dawn"
OWN_PASSAGE = "Water expands when it freezes. A litre of water becomes about nine per cent larger as ice. " * 4


@dataclass(frozen=True)
class Town:
    """A served site: who lives there by name, and what pages need in their addresses."""

    app: Flask
    address: str
    people: dict[str, int]
    names: dict[str, str]


@pytest.fixture(scope="session")
def town(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """The site: demo people, somebody new in each role, and a teacher's own passage and draft."""
    yield from town_on(sqlite_template, tmp_path_factory.mktemp("town"))


def town_on(sqlite_template: Path, folder: Path) -> Iterator[Town]:
    """Let people live in a copy of the template, for as long as a fixture lasts."""
    shutil.copyfile(sqlite_template, folder / "quizapp.sqlite3")
    with settled(folder) as town:
        yield town


@contextmanager
def settled(folder: Path) -> Iterator[Town]:
    """Let people live in the seeded `quizapp.sqlite3` of a folder, and serve it."""
    settings = Settings(
        data_dir=folder, database_url=f"sqlite:///{folder / 'quizapp.sqlite3'}", secret_key="k" * 40,
        teacher_sign_up="open", password_rounds=1,
    )  # fmt: skip
    app = create_app(settings, now=Clock())
    app.config.update(TESTING=True)
    database = app.extensions["quizapp.database"]
    accounts = demo.new_accounts()
    with database.write_session() as session:
        demo.make_demo(session, accounts, "Europe/Prague", MONDAY, days=DAYS)
        people = _people(session)
        names = _names(session, people)
    with served(app) as address:
        yield Town(app, address, people, names)
    database.engine.dispose()


@pytest.fixture
def look(chromium: Browser, town: Town) -> Iterator[OpenWindow]:
    """Open windows on the town."""
    with windows(chromium, town.app, town.address) as opener:

        def open_as(who: str, **options: object) -> Page:
            return opener(town.people.get(who), **options)

        yield open_as


def _people(session: Session) -> dict[str, int]:
    found = {row.sign_in_name: row.id for row in session.execute(select(Person.sign_in_name, Person.id))}
    return {
        "student": found["mira"],
        "teacher": found["eva"],
        "guest": _guest(session),
        "kim": _with_codes(session),
        "admin": found["ada"],
        "beginner": _beginner(session, "Bea First", score=0.0),
        "waiting for cards": _beginner(session, "Bo Right", score=1.0),
        "done today": _beginner(session, "Dana Done", score=0.0, is_done=True),
        "nine": make_person(session, "Nia Nine", now=MONDAY),
        "new student": make_person(session, "Noor Haddad", now=MONDAY),
        "new teacher": make_person(session, "Tom Berg", role="teacher", now=MONDAY),
    }


def _with_codes(session: Session) -> int:
    return make_person(
        session, "Kim Stone", role="teacher", now=MONDAY, password_hash=hash_password(KIMS_PASSWORD, 1),
        totp_salt=bytes(16), totp_confirmed_at=MONDAY,
    )  # fmt: skip


def _guest(session: Session) -> int:
    guest_id = make_guest(session, now=MONDAY)
    questions = pinned_items(session, items_of(session)[:3])
    rules = {"feedback": "at_once"}
    attempt_id = start_practice(
        session, guest_id, TRIAL, questions, title="Practice: a topic", rules=rules, seed=1, now=MONDAY
    )
    for position in range(1, len(questions) + 1):
        respond(session, guest_id, attempt_id, position, Given(uuid.uuid4(), None, 0, 9000), MONDAY)
    finish(session, guest_id, attempt_id, MONDAY)
    grade_attempt(session, guest_id, attempt_id, MONDAY)
    return guest_id


def _beginner(session: Session, name: str, *, score: float, is_done: bool = False) -> int:
    """Add somebody after their first quiz, and after their first cards too when they are done for today."""
    person_id = make_person(session, name, now=MONDAY)
    item_ids = items_of(session)[:5]
    answer(session, person_id, item_ids, score, MONDAY)
    for item_id in item_ids if is_done else ():
        review(session, person_id, item_id, 4, MONDAY)
    return person_id


def _look_after(session: Session) -> int:
    """Give the administrators something to decide and to read; return somebody who waits."""
    waiting = make_person(session, "Wanda Wish", now=MONDAY, teacher_wanted_at=MONDAY)
    make_sign_in(session, waiting, now=MONDAY)
    requests.ask(session, waiting, MONDAY)
    leases.note(session, "attempts.close", "here", result={"closed": 3}, error=None, now=MONDAY)
    leases.note(session, "mail", "here", result={}, error="ConnectionRefusedError", now=MONDAY)
    return waiting


def _names(session: Session, people: dict[str, int]) -> dict[str, str]:
    mira = select(Person.id).where(Person.sign_in_name == "mira").scalar_subquery()
    eva = select(Person.id).where(Person.sign_in_name == "eva").scalar_subquery()
    eva_id = session.scalars(select(eva)).one()
    topic = session.scalars(select(Topic).order_by(Topic.position).limit(1)).one()
    published = session.scalars(select(ItemSet).where(ItemSet.owner_id == eva)).one()
    _flag(session, session.scalars(select(mira)).one(), eva_id, published.id)
    items = select(ItemSetItem.item_id).where(ItemSetItem.item_set_id == published.id)
    attempts = select(Attempt.id).where(Attempt.learner_id == mira)
    open_attempt = session.scalars(attempts.where(Attempt.closed_at.is_(None))).one()
    asked = (
        select(AttemptItem.position)
        .join(Item, Item.id == AttemptItem.item_id)
        .where(AttemptItem.attempt_id == open_attempt, AttemptItem.revision == 0, Item.kind != "flashcard")
        .order_by(AttemptItem.position)
    )
    passage_id = add_passage(
        session, eva_id, heading="What does ice do?", text=OWN_PASSAGE, note="From a lesson.",
        submission=uuid.uuid4(), new_topic="Ice", now=MONDAY,
    )  # fmt: skip
    mira_id, jon_id = (
        session.scalars(select(mira)).one(),
        session.scalars(select(Person.id).where(Person.sign_in_name == "jon")).one(),
    )
    marked = make_taken_set(session, eva_id, {mira_id: "Halcyon", jon_id: "kingfisher"}, MONDAY, visibility="link")
    claim(session, mira_id, marked.attempts[mira_id], 2, MONDAY)
    half = Mark(uuid.uuid4(), 0.5, 0, eva_id, "Say how much lighter.")
    mark_answer(session, marked.of, (mira_id, 1, marked.essay), half, MONDAY)
    return {
        "marked": str(marked.of.set_id),
        "essay": str(marked.essay),
        "typed": str(marked.typed),
        "taker": str(mira_id),
        "waits": str(jon_id),
        "marked attempt": str(marked.attempts[mira_id]),
        "topic": topic.slug,
        "slug": published.slug,
        "set": str(published.id),
        "item": str(session.scalars(items).first()),
        "open": str(open_attempt),
        "card": _reviewed_card(session, mira),
        "asked": str(session.scalars(asked).first()),
        "finished": str(session.scalars(attempts.where(Attempt.closed_at.is_not(None))).first()),
        "draft": str(create_set(session, eva_id, "A draft", "Not ready yet.", MONDAY)),
        "passage": str(passage_id),
        "trial": str(TRIAL),
        "sample": str(_sample(session)),
        "secret": make_reset_link(session, "jon", MONDAY),
        "waiting": str(_look_after(session)),
        **_every_kind(session, people["nine"]),
        **_in_sections(session, eva_id, people["nine"]),
        **_drafted(session, eva_id),
        "plan": _plan(session, people["nine"]),
    }


def _reviewed_card(session: Session, learner: ScalarSelect[int]) -> str:
    cards = select(Card).where(Card.learner_id == learner, Card.due_at.is_not(None)).order_by(Card.reviews.desc())
    card = session.scalars(cards.limit(1)).one()
    return f"{card.item_id}.{card.part}"


def _every_kind(session: Session, learner_id: int) -> dict[str, str]:
    """Ask somebody a question of each kind, twice and answered once; return where, and a card asked back first."""
    listed = select(Item.kind, Item.id).where(Item.is_listed, Item.status == "published").order_by(Item.id.desc())
    first = {row.kind: row.id for row in session.execute(listed)}
    questions = pinned_items(session, [first[kind] for kind in ASKABLE_KINDS if kind in first])
    for trial_id in (ASKED, ANSWERED):
        start_practice(
            session, learner_id, trial_id, questions, title="Practice: nine kinds", rules={"feedback": "at_once"},
            seed=1, now=MONDAY,
        )  # fmt: skip
    for position, question in enumerate(questions, start=1):
        given = demo.made_up_answer(question.item, position % 3 == 0, Random(1))
        response = Given(uuid.uuid5(ANSWERED, str(position)), given, 0, 9000)
        respond(session, learner_id, ANSWERED, position, response, MONDAY)
    asked = {f"asked {pinned.item.kind}": f"{ASKED}/{place}" for place, pinned in enumerate(questions, start=1)}
    answered = {name.replace("asked", "answered"): at.replace(str(ASKED), str(ANSWERED)) for name, at in asked.items()}
    turned = next(item_id for item_id, item in _flashcards(session) if item.is_reversible)
    study(session, learner_id, [turned], MONDAY)
    return {**asked, **answered, "turned": f"{turned}.1"}


def _in_sections(session: Session, owner_id: int, learner_id: int) -> dict[str, str]:
    """Give a teacher a set of two sections, the second from a pool that holds too little, and let somebody begin it."""
    set_id = create_set(session, owner_id, "Parted", "", MONDAY)
    sections = [add_section(session, set_id, owner_id, title) for title in ("At ease", "At random")]
    for section_id, pool in zip(
        sections, (Pool(number=2, tags=("nato",)), Pool(number=9, tags=("deterrence",))), strict=True
    ):
        change_section(
            session, set_id, section_id, owner_id, title="From the bank", instruction="Take your time.", drawn=None,
            pool=pool,
        )  # fmt: skip
    rules = Rules(navigation="by_section", feedback="at_once")  # which keeps no question from other quizzes
    describe_set(session, set_id, owner_id, title="Parted", description="", rules=rules, now=MONDAY)
    slug = publish(session, set_id, owner_id, "link", MONDAY)
    start_set(session, learner_id, slug, PARTED, seed=1, now=MONDAY)
    return {"parted": str(set_id), "section": str(sections[1]), "sat": str(PARTED), "sitter": str(learner_id)}


def _drafted(session: Session, owner_id: int) -> dict[str, str]:
    """Give a teacher a passage with two drafts that wait; return it and the first."""
    passage_id = add_passage(
        session, owner_id, heading="Where fog comes from", text=FOG, note="", submission=uuid.uuid4(),
        new_topic="Fog", now=MONDAY,
    )  # fmt: skip
    store_drafts(session, workshop(session, passage_id, owner_id), owner_id, made_drafts(), MONDAY, maker="rules")
    first = select(Draft.item_id).where(Draft.passage_id == passage_id).order_by(Draft.position).limit(1)
    return {"drafted": str(passage_id), "question": str(session.scalars(first).one())}


def _plan(session: Session, learner_id: int) -> str:
    """Let somebody plan the questions of a topic to a date in three weeks."""
    item_ids = items_of(session)[:5]
    topic_id = session.scalars(select(Item.topic_id).where(Item.id == item_ids[0])).one()
    make_plan(
        session, learner_id, PLAN, name="History exam", exam_on=MONDAY.date() + timedelta(days=21),
        minutes_per_day=20, topic_ids=[topic_id], item_ids=item_ids, now=MONDAY,
    )  # fmt: skip
    return str(PLAN)


def _flashcards(session: Session) -> Iterator[tuple[int, Flashcard]]:
    for question in pinned_items(session, session.scalars(select(Item.id).where(Item.kind == "flashcard")).all()):
        assert isinstance(question.item, Flashcard)
        yield question.item_id, question.item


def _sample(session: Session) -> int:
    """Return the question that visitors are asked today."""
    shown = asked(session, MONDAY.date(), "", "")
    assert shown is not None
    return shown.version_id


def _flag(session: Session, learner_id: int, owner_id: int, set_id: int) -> None:
    """Let a learner flag some of what they answered, and the owner settle one of those."""
    answered = (
        select(AttemptItem.item_id, AttemptItem.item_version_id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .where(Attempt.learner_id == learner_id, Attempt.closed_at.is_not(None), AttemptItem.revision > 0)
        .order_by(AttemptItem.position)
    )
    own = session.execute(answered.where(Attempt.item_set_id == set_id)).all()
    for _, version_id in own[:3]:
        flag(session, version_id, learner_id, "unclear", "Which of the two is meant?", MONDAY)
    settle(session, own[0].item_id, Keeper(owner_id, is_admin=False), "no_fault", MONDAY)
    first = session.scalars(select(Attempt.id).where(Attempt.learner_id == learner_id, Attempt.closed_at.is_not(None)))
    shown = session.execute(answered.where(Attempt.id == first.first())).first()
    assert shown is not None
    flag(session, shown.item_version_id, learner_id, "mistake", "", MONDAY)
