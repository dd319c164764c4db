"""A site with a person of every kind and a row of every kind for each, put back after every write."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from quizapp.accounts.links import make_reset_link
from quizapp.app import create_app
from quizapp.authoring.drafts import approve, store_drafts, workshop
from quizapp.authoring.flags import flag
from quizapp.authoring.items import current_source
from quizapp.authoring.passages import add_passage
from quizapp.authoring.publishing import publish
from quizapp.authoring.sections import add_section, remove_section
from quizapp.authoring.sets import add_to_set, create_set
from quizapp.authoring.uploads import keep_file
from quizapp.config import MailServer, Settings
from quizapp.core.items import Media, read_item
from quizapp.core.media import clean
from quizapp.learning.plans import make_plan
from quizapp.learning.reviews import choose, rate
from quizapp.marking.regrades import start_regrade
from quizapp.marking.taken import taken
from quizapp.models import AttemptItem, Item, ItemSet, ItemVersion, Person, PrivacyRequest, Regrade
from quizapp.models import Draft as ReviewedDraft
from quizapp.quizzes.attempts import start_set
from quizapp.quizzes.claims import claim
from quizapp.quizzes.finishing import finish, grade_attempt
from quizapp.quizzes.responses import Given, respond
from tests.builders import make_person, make_sign_in
from tests.conftest import MONDAY, Clock
from tests.core.media.files import picture
from tests.drafted import FOG, made_drafts
from tests.pages import Visitor

PERSONAS = ("nobody", "guest", "student", "classmate", "teacher", "colleague", "admin", "disabled")
ROLES = {"guest": "guest", "teacher": "teacher", "colleague": "teacher", "admin": "admin", "disabled": "admin"}
# Names that stand nowhere else; whoever finds one on a page has met the person.
NAMES = {
    "guest": "Guest Wrenfeather", "student": "Mira Quillfeather", "classmate": "Jon Larkspindle",
    "teacher": "Eva Thornwhistle", "colleague": "Paul Emberwick", "admin": "Ada Frostmantle",
    "disabled": "Gone Duskhollow",
}  # fmt: skip
SECRETS = ("Kestrelkey", "Plovergap", "Dunlinback", "Curlewreason", "Avocetwhy", "Godwitbelief", "Whimbrelquote",
           "4711.25", "Sandpiperpair")  # fmt: skip
MARKS = 4321.5  # of one question: a score that can't be mistaken
_SHIPPED = select(Item.id).where(Item.owner_id.is_(None), Item.kind == "single_choice").order_by(Item.id).limit(1)
PASSAGE = "Whimbrelquote says that a litre becomes larger as ice. " + "Water expands when it freezes. " * 6
SECRET_ITEMS: list[dict[str, Any]] = [
    {
        "kind": "short_answer", "stem": "Which bird is it?", "accepted": [{"text": "Kestrelkey"}],
        "feedback": "Curlewreason tells.", "evidence": [{"quote": "Whimbrelquote says that a litre"}],
    },
    {
        "kind": "single_choice", "stem": "Which of the two?", "feedback": "Curlewreason tells again.",
        "options": [
            {"id": "a", "text": "This one", "weight": 1, "feedback": "Avocetwhy it is."},
            {"id": "b", "text": "That one", "feedback": "Avocetwhy it is not.", "misconception": "Godwitbelief"},
        ],
    },
    {"kind": "numeric", "stem": "How many?", "accepted": [{"number": 4711.25, "feedback": "Avocetwhy many."}]},
    {
        "kind": "matching", "stem": "Which belong together?", "feedback": "Sandpiperpair: a to z.",
        "pairs": [{"left": "a", "right": "z"}, {"left": "b", "right": "y"}, {"right": "x"}],
    },
    {"kind": "cloze", "stem": "It is {{1}}.", "gaps": [{"kind": "typed", "accepted": [{"text": "Plovergap"}]}]},
]  # fmt: skip


@dataclass
class Scene:
    """The site, its people by persona (None: not signed in), and what each owns by the groups of OBJECTS."""

    app: Flask
    path: Path
    people: dict[str, int | None] = field(default_factory=dict)
    things: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    browsers: dict[str, Visitor] = field(default_factory=dict)
    unknown: dict[str, TestResponse] = field(default_factory=dict)  # how an address that does not exist answers to each

    def keep(self) -> None:
        """Remember the database as it stands."""
        self._live = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        self._live.execute("PRAGMA synchronous=OFF")
        self._kept = sqlite3.connect(":memory:", check_same_thread=False)
        self._live.backup(self._kept)
        self._version = self._data_version()

    def restore(self) -> bool:
        """Put the database back as it was kept; tell whether anything had been written."""
        if not self.is_changed():
            return False
        self._kept.backup(self._live)
        self._version = self._data_version()
        return True

    def copied(self) -> sqlite3.Connection:
        """Return the database as it stands now, to be put back."""
        copy = sqlite3.connect(":memory:", check_same_thread=False)
        self._live.backup(copy)
        return copy

    def put(self, copy: sqlite3.Connection) -> None:
        """Put a copy back, which is of no use afterwards."""
        copy.backup(self._live)
        copy.close()

    def is_changed(self) -> bool:
        """Tell whether anything was written since the database was kept."""
        return self._data_version() != self._version

    def rows(self, *, without: tuple[str, ...] = ()) -> dict[str, dict[tuple[Any, ...], dict[str, Any]]]:
        """Return every row of every table (`without` some), by primary key."""
        self._live.row_factory = sqlite3.Row
        names = [row[0] for row in self._live.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found: dict[str, dict[tuple[Any, ...], dict[str, Any]]] = {}
        for name in names:
            if name in without:
                continue
            keys = [row["name"] for row in self._live.execute(f'PRAGMA table_info("{name}")') if row["pk"]]
            rows = [dict(row) for row in self._live.execute(f'SELECT * FROM "{name}"')]  # noqa: S608  # its own name
            found[name] = {tuple(row[key] for key in keys): row for row in rows}
        return found

    def address(self, rule: Rule, values: dict[str, Any]) -> str:
        """Return the address of a route about the row that `values` name."""
        known = {"position": 1, "stamp": "0", "name": "page.css", **values}
        wanted = {name: known[name] for name in rule._converters}
        return self.app.url_map.bind("localhost").build(rule.endpoint, wanted)

    def token(self, persona: str) -> str:
        """Return a token that forms of this person carry."""
        raw = hashlib.sha1(persona.encode()).hexdigest()  # noqa: S324  # see above
        return str(URLSafeTimedSerializer(self.app.secret_key or "", salt="wtf-csrf-token").dumps(raw))

    def close(self) -> None:
        """Let the database go."""
        self._live.close()
        self._kept.close()
        self.app.extensions["quizapp.database"].engine.dispose()

    def _data_version(self) -> int:
        return int(self._live.execute("PRAGMA data_version").fetchone()[0])


@contextmanager
def make_scene(template: Path, folder: Path, base_url: str = "http://localhost") -> Iterator[Scene]:
    """Build the site on a copy of the seeded database; without a `base_url` it answers at every address."""
    path = folder / "quizapp.sqlite3"
    shutil.copyfile(template, path)
    settings = Settings(
        data_dir=folder, database_url=f"sqlite:///{path}", secret_key="k" * 40, teacher_sign_up="open",
        password_rounds=1, base_url=base_url,
        mail=MailServer(host="mail.example", port=587, sender="q@school.example"),
    )  # fmt: skip
    app = create_app(settings, now=Clock(MONDAY + timedelta(hours=2)))
    database = app.extensions["quizapp.database"]
    # Thousands of small writes: nothing here is about a power cut.
    event.listen(database.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    scene = Scene(app, path)
    with database.write_session() as session:
        _populate(session, scene)
    scene.browsers = {name: Visitor(app, person_id) for name, person_id in scene.people.items()}
    for name, browser in scene.browsers.items():
        with browser.client.session_transaction() as cookie:
            cookie["csrf_token"] = hashlib.sha1(name.encode()).hexdigest()  # noqa: S324  # as Flask-WTF makes it
    with database.write_session() as session:
        session.execute(update(Person).where(Person.id == scene.people["disabled"]).values(disabled_at=MONDAY))
    scene.keep()
    try:
        yield scene
    finally:
        scene.close()


def _populate(session: Session, scene: Scene) -> None:
    scene.people = {name: _person(session, name) if name != "nobody" else None for name in PERSONAS}
    waiting = make_person(session, "Waits Fernhollow", now=MONDAY, teacher_wanted_at=MONDAY)
    shared = _Set(session, scene.people["teacher"] or 0, "A set to take", is_secret=True)
    request = PrivacyRequest(person_id=waiting, person_number=waiting, made_at=MONDAY, due_at=MONDAY)
    session.add(request)
    session.flush()
    for name, person_id in scene.people.items():
        if person_id is None:
            continue
        scene.things[name] = {
            **_learned(session, person_id, shared),
            "own device": {"sign_in_id": make_sign_in(session, person_id, now=MONDAY)},
            "shared set": {"slug": shared.slug},
            "shared topic": {"slug": "nato-role-in-ukraine"},
            "shared picture": {"file_name": shared.picture},
            "shared file": {"stamp": "0", "name": "page.css"},
            "shared person": {"person_id": waiting},
            "shared request": {"request_id": request.id},
        }
        if name != "guest":
            secret = make_reset_link(session, NAMES[name].lower().replace(" ", "."), MONDAY)
            scene.things[name]["shared link"] = {"secret": secret}
    for name in ("teacher", "colleague", "admin"):
        scene.things[name] |= _taught(session, scene.people[name] or 0, waiting)
    scene.things["admin"]["own flagged question"] = _flagged_shipped(session, waiting)


def _person(session: Session, name: str) -> int:
    role = ROLES.get(name, "student")
    if role == "guest":
        person = Person(shown_name=NAMES[name], role="guest", created_at=MONDAY)
        session.add(person)
        session.flush()
        return person.id
    return make_person(session, NAMES[name], role=role, now=MONDAY)


class _Set:
    """A published set with the secret questions, or with plain ones, on a passage of its owner's."""

    def __init__(self, session: Session, owner_id: int, title: str, *, is_secret: bool = False) -> None:
        said = (lambda text: text) if is_secret else _plain
        self.owner_id = owner_id
        self.passage_id = add_passage(
            session, owner_id, heading="What does ice do?", text=said(PASSAGE), note="From a lesson.",
            submission=uuid.uuid4(), new_topic=f"Ice, {title}, {owner_id}", now=MONDAY,
        )  # fmt: skip
        self.id = create_set(session, owner_id, title, "For reading closely.", MONDAY)
        source = current_source(session, self.passage_id)
        file = clean(picture())
        keep_file(session, owner_id, self.id, file, MONDAY)
        self.picture = file.name
        items = [read_item(json.loads(said(json.dumps(content)))) for content in SECRET_ITEMS]
        shown = Media(name=file.name, kind="image", alt="A bird", width=file.width, height=file.height)
        items[0] = replace(items[0], media=(shown,))
        self.items = [add_to_set(session, self.id, owner_id, item, source, MONDAY) for item in items]
        from_set = update(ItemSet).where(ItemSet.id == self.id)
        session.execute(from_set.values(rules={"feedback": "at_end", "is_shuffled": False}))
        self.slug = publish(session, self.id, owner_id, "link", MONDAY)


def _learned(session: Session, person_id: int, shared: _Set) -> dict[str, dict[str, Any]]:
    """Let a person take the set twice, the second time still under way, and review a card."""
    later = MONDAY + timedelta(hours=1)
    closed, under_way = uuid.uuid4(), uuid.uuid4()
    card = session.scalars(_SHIPPED.offset(person_id)).first() or 0  # another one for each
    choose(session, person_id, [card], submission_id=uuid.uuid4(), now=MONDAY)
    review_id = uuid.uuid4()
    rate(session, person_id, (card, 0), 3, review_id=review_id, seen_reviews=0, milliseconds=900, now=later)
    answered = session.scalars(select(ItemVersion.id).where(ItemVersion.item_id == card)).first()
    for attempt_id in (closed, under_way):
        start_set(session, person_id, shared.slug, attempt_id, seed=7, now=MONDAY)
        given = Given(uuid.uuid4(), {"text": "no bird"}, 0, 1200)
        respond(session, person_id, attempt_id, 1, given, MONDAY)
        if attempt_id == closed:
            finish(session, person_id, attempt_id, later)
            grade_attempt(session, person_id, attempt_id, later)
    plan_id = uuid.uuid4()
    make_plan(
        session, person_id, plan_id, name="Exam", exam_on=MONDAY.date() + timedelta(days=21), minutes_per_day=20,
        topic_ids=[1], item_ids=[], now=MONDAY,
    )  # fmt: skip
    return {
        "own attempt": {"attempt_id": under_way, "position": 1},
        "own closed attempt": {"attempt_id": closed},
        "own wrong answer": {"attempt_id": closed, "position": 1},
        "own card": {"card": f"{card}.0", "seen_reviews": 1, "id": uuid.uuid4(), "rating": 3},
        "own plan": {"plan_id": plan_id},
        "own rating": {"review_id": review_id},
        "own answered question": {"version_id": answered},
    }


def _taught(session: Session, owner_id: int, taker_id: int) -> dict[str, dict[str, Any]]:
    """Give a teacher a draft, a published set that somebody took and flagged, and a passage without questions."""
    own = _Set(session, owner_id, "A set of mine")
    draft = create_set(session, owner_id, "A draft", "", MONDAY)
    source = current_source(session, own.passage_id)
    section, removed = (add_section(session, draft, owner_id, title) for title in ("A section", "Another"))
    remove_section(session, draft, removed, owner_id)
    add_to_set(session, draft, owner_id, read_item(json.loads(_plain(json.dumps(SECRET_ITEMS[1])))), source, MONDAY)
    attempt_id = uuid.uuid4()
    start_set(session, taker_id, own.slug, attempt_id, seed=7, now=MONDAY)
    respond(session, taker_id, attempt_id, 1, Given(uuid.uuid4(), {"text": "no bird"}, 0, 900), MONDAY)
    respond(session, taker_id, attempt_id, 2, Given(uuid.uuid4(), {"choice": "b"}, 0, 900), MONDAY)
    finish(session, taker_id, attempt_id, MONDAY)
    grade_attempt(session, taker_id, attempt_id, MONDAY)
    item_id, version_id = session.execute(
        select(AttemptItem.item_id, AttemptItem.item_version_id).where(
            AttemptItem.attempt_id == attempt_id, AttemptItem.position == 2
        )
    ).one()
    claim(session, taker_id, attempt_id, 1, MONDAY)
    of, typed = taken(session, own.id, owner_id), own.items[0]
    regrade_id = uuid.uuid4()
    start_regrade(
        session, of, item_id, "full", None, "Both are right.", submission_id=regrade_id, teacher_id=owner_id, now=MONDAY
    )
    regrade = session.scalars(select(Regrade.id).where(Regrade.submission_id == regrade_id)).one()
    flag(session, version_id, taker_id, "unclear", "Which of the two is meant?", MONDAY)
    empty = add_passage(
        session, owner_id, heading="What is steam?", text="Water boils and becomes steam. " * 9, note="",
        submission=uuid.uuid4(), new_topic=f"Steam, {owner_id}", now=MONDAY,
    )  # fmt: skip
    drafted = add_passage(
        session, owner_id, heading="What is fog?", text=FOG, note="", submission=uuid.uuid4(),
        new_topic=f"Fog, {owner_id}", now=MONDAY,
    )  # fmt: skip
    made_from = workshop(session, drafted, owner_id)
    store_drafts(session, made_from, owner_id, made_drafts(FOG), MONDAY, maker="rules")
    approved, waiting = session.scalars(
        select(ReviewedDraft.item_id).where(ReviewedDraft.passage_id == drafted).order_by(ReviewedDraft.position)
    ).all()
    approve(session, drafted, [approved], owner_id, MONDAY)
    session.execute(update(Item).where(Item.id == approved).values(is_stale=True))
    return {
        "own stale question": {"passage_id": drafted, "item_id": approved},
        "own drafted question": {"passage_id": drafted, "item_id": waiting},
        "own draft": {"set_id": draft},
        "own set": {"set_id": own.id},
        "own section": {"set_id": draft, "section_id": section},
        "own removed section": {"set_id": draft, "section_id": removed},
        "own set’s person": {"set_id": own.id, "person_id": taker_id},
        "own question": {"set_id": own.id, "item_id": own.items[0]},
        "own taken question": {"set_id": own.id, "item_id": typed},
        "own typed question": {"set_id": own.id, "item_id": typed, "text": "Osprey"},
        "own taken answer": {"set_id": own.id, "item_id": typed, "learner_id": taker_id, "number": 1},
        "own objection": {"set_id": own.id, "item_id": typed, "learner_id": taker_id, "number": 1},
        "own taken attempt": {"set_id": own.id, "learner_id": taker_id, "number": 1},
        "own regrade": {"set_id": own.id, "regrade_id": regrade},
        "own passage": {"passage_id": empty},
        "own flagged question": {"item_id": item_id, "settled_at": MONDAY.isoformat()},
    }


def _flagged_shipped(session: Session, person_id: int) -> dict[str, Any]:
    card = session.scalars(_SHIPPED.offset(person_id)).first() or 0
    choose(session, person_id, [card], submission_id=uuid.uuid4(), now=MONDAY)
    version_id = session.scalars(select(ItemVersion.id).where(ItemVersion.item_id == card)).first() or 0
    flag(session, version_id, person_id, "unclear", "", MONDAY)
    return {"item_id": card, "settled_at": MONDAY.isoformat()}


def _plain(text: str) -> str:
    for word in SECRETS:
        text = text.replace(word, word[:3])
    return text
