"""Demo people with a believable past, made by the same actions people use, and taken away again with one call."""

from __future__ import annotations

import json
import secrets
import tomllib
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from quizapp.accounts.passwords import hash_password
from quizapp.accounts.people import add_person
from quizapp.authoring.items import current_source
from quizapp.authoring.publishing import publish
from quizapp.authoring.sets import add_to_set, create_set
from quizapp.config import shipped
from quizapp.core.items import (
    Cloze,
    Essay,
    Flashcard,
    Item,
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    ShortAnswer,
    SingleChoice,
    TrueFalse,
    read_item,
)
from quizapp.learning.cards import card_state
from quizapp.learning.learners import learner
from quizapp.learning.queue import due_cards
from quizapp.learning.recall import remembered
from quizapp.learning.reviews import choose, rate
from quizapp.models import (
    AttemptItem,
    Card,
    Flag,
    ItemVersion,
    Passage,
    Person,
    Topic,
)
from quizapp.privacy.erasing import erase
from quizapp.quizzes import building
from quizapp.quizzes.attempts import start_practice, start_set
from quizapp.quizzes.finishing import finish, grade_attempt
from quizapp.quizzes.responses import Given, respond
from quizapp.web.enemies import enemies_among
from quizapp.web.questions import ASKABLE_KINDS

ACCOUNTS_FILE = "demo_accounts.json"
DAYS = 21
_CARDS_A_DAY = 16
_PEOPLE = (("student", "Mira Okafor", "mira"), ("student", "Jon Vale", "jon"), ("teacher", "Eva Lindqvist", "eva"),
           ("admin", "Ada Brandt", "ada"))  # fmt: skip


@dataclass(frozen=True)
class DemoAccount:
    """One printed account."""

    role: str
    shown_name: str
    sign_in_name: str
    password: str


def new_accounts() -> list[tuple[DemoAccount, str]]:
    """Return the demo accounts with random passwords and their hashes; hashing is slow, so this comes first."""
    accounts = [DemoAccount(role, name, sign_in, secrets.token_urlsafe(9)) for role, name, sign_in in _PEOPLE]
    return [(account, hash_password(account.password, 1)) for account in accounts]


def keep_accounts(data_dir: Path, accounts: list[DemoAccount]) -> None:
    """Keep the printed passwords in the data folder, readable by its owner only, until the demo goes."""
    path = data_dir / ACCOUNTS_FILE
    path.touch(mode=0o600)
    path.write_text(json.dumps([vars(account) for account in accounts], indent=1), encoding="utf-8")


def kept_accounts(data_dir: Path) -> list[DemoAccount]:
    """Return the demo accounts that are kept; none when there is no demo."""
    path = data_dir / ACCOUNTS_FILE
    if not path.is_file():
        return []
    return [DemoAccount(**entry) for entry in json.loads(path.read_text(encoding="utf-8"))]


def has_people(session: Session) -> bool:
    """Tell whether anybody has an account."""
    return session.scalar(select(Person.id).where(Person.role != "guest").limit(1)) is not None


def make_demo(
    session: Session, accounts: list[tuple[DemoAccount, str]], time_zone: str, now: datetime, *, days: int = DAYS
) -> None:
    """Add the demo people, a published set, and three weeks of quizzes and cards that end just before `now`."""
    people: dict[str, int] = {}
    start = now - timedelta(days=days)
    for account, password_hash in accounts:
        person = add_person(
            session, shown_name=account.shown_name, sign_in_name=account.sign_in_name, role=account.role,
            password_hash=password_hash, time_zone=time_zone, is_demo=True, now=start,
        )  # fmt: skip
        people[account.sign_in_name] = person.id
    slug = _publish_set(session, people["eva"], start + timedelta(days=1))
    _Past(session, people["mira"], Random(3), diligence=0.85).live(start, now, slug, leaves_one_open=True)  # noqa: S311
    _Past(session, people["jon"], Random(4), diligence=0.45).live(start, now, slug)  # noqa: S311  # a made-up life


def remove_demo(session: Session, data_dir: Path) -> int:
    """Remove the demo people with all they did, and their sets; return how many people went.

    A set that somebody else has taken is closed instead, so that their attempts stay whole.
    """
    ids = list(session.scalars(select(Person.id).where(Person.is_demo)))
    session.execute(delete(Flag).where(Flag.person_id.in_(ids)))  # made up, so nobody is to look into them
    erase(session, ids)
    (data_dir / ACCOUNTS_FILE).unlink(missing_ok=True)
    return len(ids)


class _Past:
    """Three weeks of one learner, lived a moment at a time."""

    def __init__(self, session: Session, learner_id: int, rng: Random, *, diligence: float) -> None:
        self.session = session
        self.learner_id = learner_id
        self.rng = rng
        self.diligence = diligence
        self.has_taken_set = False
        self.topics = building.practice_topics(session)

    def live(self, start: datetime, end: datetime, set_slug: str, *, leaves_one_open: bool = False) -> None:
        day = start + timedelta(hours=self.rng.uniform(0, 3))
        number = 0
        while day < end - timedelta(hours=2):
            if number == 0 or self.rng.random() < self.diligence:
                self._study(day, number, end - timedelta(minutes=5), set_slug)
            day += timedelta(days=1)
            number += 1
        if leaves_one_open:
            evening = end - timedelta(hours=14)
            attempt_id = self._start(self.topics[7:8], 6, "at_once", evening)
            self._answer(attempt_id, evening, count=3)

    def _study(self, moment: datetime, number: int, end: datetime, set_slug: str) -> None:
        if number % 3 == 0:
            first = number * 2 // 3 % max(1, len(self.topics) - 1)
            attempt_id = self._start(self.topics[first : first + 2], 8, "at_once" if number else "at_end", moment)
            moment = self._answer(attempt_id, moment)
            self._close(attempt_id, moment)
            self._choose(self.topics[first].id, moment)
        if number >= 6 and not self.has_taken_set:
            self.has_taken_set = True
            attempt_id = start_set(
                self.session, self.learner_id, set_slug, self._uuid(), seed=self.rng.randrange(2**31), now=moment
            )
            moment = self._answer(attempt_id, moment)
            self._close(attempt_id, moment)
        person = learner(self.session, self.learner_id)
        for _ in range(_CARDS_A_DAY):
            queue = due_cards(self.session, person, moment)
            if not queue or moment > end:
                return
            moment = self._rate(queue[0].key, moment)

    def _rate(self, key: tuple[int, int], moment: datetime) -> datetime:
        card = self.session.get_one(Card, (self.learner_id, *key))
        state = card_state(card)
        recall = 0.6
        if state.memory is not None and state.last_reviewed_at is not None:
            recall = remembered(self.session, key[0], state.memory, state.last_reviewed_at).recall(moment)
        luck = self.rng.random()
        rating = 1 if luck > recall * 0.97 else self.rng.choices((2, 3, 4), weights=(15, 70, 15))[0]
        milliseconds = self.rng.randrange(3_000, 16_000)
        rate(
            self.session, self.learner_id, key, rating,
            review_id=self._uuid(), seen_reviews=card.reviews, milliseconds=milliseconds, now=moment,
        )  # fmt: skip
        return moment + timedelta(milliseconds=milliseconds + 1500)

    def _start(self, topics: list[building.TopicChoice], number: int, feedback: str, now: datetime) -> uuid.UUID:
        questions = building.available(self.session, [topic.id for topic in topics], ASKABLE_KINDS)
        enemies = enemies_among(self.session, [question.item_id for question in questions])
        picked = building.picked_items(questions, enemies, number, self.rng)
        return start_practice(
            self.session, self.learner_id, self._uuid(), building.pinned_items(self.session, picked),
            title="Practice: " + " and ".join(topic.title for topic in topics),
            rules={"feedback": feedback}, seed=self.rng.randrange(2**31), now=now,
        )  # fmt: skip

    def _answer(self, attempt_id: uuid.UUID, moment: datetime, count: int | None = None) -> datetime:
        rows = self.session.execute(
            select(AttemptItem.position, AttemptItem.item_id, ItemVersion.content)
            .join(ItemVersion, ItemVersion.id == AttemptItem.item_version_id)
            .where(AttemptItem.learner_id == self.learner_id, AttemptItem.attempt_id == attempt_id)
            .order_by(AttemptItem.position)
        ).all()
        for row in rows[:count]:
            is_right = self.rng.random() < self._chance(row.item_id, moment)
            milliseconds = self.rng.randrange(6_000, 40_000)
            moment += timedelta(milliseconds=milliseconds + 2000)
            given = Given(self._uuid(), made_up_answer(read_item(row.content), is_right, self.rng), 0, milliseconds)
            respond(self.session, self.learner_id, attempt_id, row.position, given, moment)
        return moment

    def _chance(self, item_id: int, moment: datetime) -> float:
        card = self.session.get(Card, (self.learner_id, item_id, 0))
        if card is None or card.last_reviewed_at is None:
            return 0.35 + 0.3 * self.diligence
        memory = card_state(card).memory
        recall = remembered(self.session, item_id, memory, card.last_reviewed_at).recall(moment) if memory else 0.5
        return 0.15 + 0.8 * recall

    def _close(self, attempt_id: uuid.UUID, moment: datetime) -> None:
        finish(self.session, self.learner_id, attempt_id, moment)
        grade_attempt(self.session, self.learner_id, attempt_id, moment)

    def _choose(self, topic_id: int, moment: datetime) -> None:
        questions = building.available(self.session, [topic_id], ASKABLE_KINDS)
        choose(
            self.session, self.learner_id, [question.item_id for question in questions],
            submission_id=self._uuid(), now=moment,
        )  # fmt: skip

    def _uuid(self) -> uuid.UUID:
        return uuid.UUID(int=self.rng.getrandbits(128), version=4)


def made_up_answer(item: Item, is_right: bool, rng: Random) -> dict[str, Any]:  # noqa: PLR0911  # one line a kind
    """Return an answer as a learner would give it, right or wrong."""
    match item:
        case SingleChoice() | TrueFalse():
            fitting = [option.id for option in item.options if (option.weight >= 1) is is_right]
            return {"choice": rng.choice(fitting)}
        case MultipleChoice():
            keys = [option.id for option in item.options if option.weight > 0]
            others = [option.id for option in item.options if option.weight <= 0]
            return {"choices": keys if is_right else sorted([*keys[:-1], others[0]] if others else keys[:-1])}
        case ShortAnswer():
            return {"text": item.accepted[0].text if is_right else "peace talks"}
        case Cloze():
            gaps = [
                (gap.accepted[0].text if gap.accepted else next(o.id for o in gap.options if o.weight == 1))
                if is_right
                else (next(o.id for o in gap.options if o.weight < 1) if gap.options else "economic")
                for gap in item.gaps
            ]
            return {"gaps": gaps}
        case Numeric():
            key = item.accepted[0]
            number = key.number if key.number is not None else key.min if key.min is not None else key.max or 0.0
            # Far from every accepted number, yet of the same kind.
            return {"text": f"{number if is_right else 2 * abs(number) + 97:.15g}"}
        case Matching():
            keys = [pair.right for pair in item.pairs if pair.left is not None]
            return {"matches": keys if is_right else [*keys[1:], keys[0]]}
        case Ordering():
            order = list(item.order)
            return {"order": order if is_right else [*order[1:], order[0]]}
        case Flashcard():
            return {"rating": rng.choice((3, 3, 2)) if is_right else 1}
        case Essay():
            return {"text": "It came in steps, and each made the next one easier." if is_right else "I do not know."}
    raise ValueError(f"no made-up answer for {item.kind}")


def _publish_set(session: Session, teacher_id: int, now: datetime) -> str:
    data = tomllib.loads((shipped("seed") / "demo_set.toml").read_text(encoding="utf-8"))
    set_id = create_set(session, teacher_id, data["title"], data["description"], now)
    for entry in data["items"]:
        topic_slug = entry.pop("topic")
        passage_id = session.scalars(
            select(Passage.id).join(Topic, Topic.id == Passage.topic_id).where(Topic.slug == topic_slug)
        ).one()
        add_to_set(session, set_id, teacher_id, read_item(entry), current_source(session, passage_id), now)
    return publish(session, set_id, teacher_id, "here", now)
