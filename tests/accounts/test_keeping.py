"""Keeping what a guest did: nothing lost, nothing twice, and the memory is what its log makes of it."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from quizapp.accounts.guests import doings
from quizapp.accounts.keeping import keep
from quizapp.authoring.flags import flag
from quizapp.errors import Conflict
from quizapp.learning.cards import suspend
from quizapp.learning.corrections import undo
from quizapp.learning.rebuilding import differences
from quizapp.learning.reviews import rate
from quizapp.models import (
    Attempt,
    AttemptItem,
    AuditEntry,
    Card,
    DailyTotal,
    Flag,
    Person,
    Response,
    Review,
    SignIn,
    WorkingAnswer,
)
from quizapp.models import Item as ItemRow
from quizapp.quizzes.attempts import start_practice, start_set
from quizapp.quizzes.building import pinned_items
from quizapp.quizzes.claims import claim, withdraw
from quizapp.quizzes.finishing import finish, grade_attempt
from quizapp.quizzes.responses import Given, respond
from quizapp.web.guests import add_guest
from tests import histories
from tests.conftest import MONDAY, Cast, Clock

AT_ONCE = {"feedback": "at_once"}
AT_END = {"feedback": "at_end"}


@pytest.fixture
def guest(session: Session) -> int:
    return add_guest(session, sign_in_id=uuid.uuid4(), time_zone="Europe/Prague", device="A browser", now=MONDAY)


def start(
    session: Session, learner_id: int, *, rules: dict[str, Any] = AT_ONCE, attempt_id: uuid.UUID | None = None
) -> uuid.UUID:
    """Start practice on three questions."""
    questions = pinned_items(session, histories.items_of(session)[:3])
    return start_practice(
        session, learner_id, attempt_id or uuid.uuid4(), questions, title="Practice: a topic", rules=rules, seed=1,
        now=MONDAY,
    )  # fmt: skip


def give(session: Session, learner_id: int, attempt_id: uuid.UUID, position: int, response_id: uuid.UUID) -> None:
    """Answer a question with "I don't know"."""
    respond(session, learner_id, attempt_id, position, Given(response_id, None, 0, 5000), MONDAY)


def left_of(session: Session, guest_id: int) -> list[str]:
    """Return the tables that still know the guest."""
    session.flush()
    tables = (Attempt, AttemptItem, Response, WorkingAnswer, Card, Review, DailyTotal)
    return [
        table.__tablename__
        for table in tables
        if session.scalar(select(func.count()).where(table.learner_id == guest_id))
    ]


def test_a_quiz_under_way_goes_on_under_the_account(session: Session, cast: Cast, guest: int, clock: Clock) -> None:
    attempt_id = start(session, guest, rules=AT_END)
    respond(session, guest, attempt_id, 1, Given(uuid.uuid4(), {"choice": "a"}, 0), MONDAY)
    histories.type_answer(session, guest, attempt_id, 2, {"choice": "b"}, MONDAY)
    kept = keep(session, guest, cast.student, now=clock.now)
    assert kept is not None
    assert kept.words == "1 quiz, 1 answer"
    respond(session, cast.student, attempt_id, 3, Given(uuid.uuid4(), {"choice": "a"}, 0), clock.now)
    finish(session, cast.student, attempt_id, clock.now)
    grade_attempt(session, cast.student, attempt_id, clock.now)
    attempt = session.get_one(Attempt, (cast.student, attempt_id))
    assert (attempt.answered_count, attempt.outcome) == (3, "finished")
    assert session.scalar(select(func.count()).where(Review.learner_id == cast.student)) == 3
    assert list(differences(session)) == []
    assert left_of(session, guest) == []
    assert session.get(Person, guest) is None


def test_what_a_guest_said_was_right_stays_theirs_to_take_back(
    session: Session, cast: Cast, guest: int, clock: Clock
) -> None:
    typed = select(ItemRow.id).where(ItemRow.kind == "short_answer", ItemRow.is_listed).order_by(ItemRow.id).limit(1)
    attempt_id = start_practice(
        session, guest, uuid.uuid4(), pinned_items(session, session.scalars(typed).all()), title="Practice",
        rules={"feedback": "at_once"}, seed=1, now=MONDAY,
    )  # fmt: skip
    respond(session, guest, attempt_id, 1, Given(uuid.uuid4(), {"text": "a heron"}, 0), MONDAY)
    claim(session, guest, attempt_id, 1, MONDAY)
    keep(session, guest, cast.student, now=clock.now)
    assert list(differences(session)) == []
    row = session.get_one(AttemptItem, (cast.student, attempt_id, 1))
    assert row.score == 1
    withdraw(session, cast.student, attempt_id, 1, clock.now)
    assert row.score == 0
    assert list(differences(session)) == []


def test_a_device_of_the_guest_goes_with_the_guest(session: Session, cast: Cast, guest: int, clock: Clock) -> None:
    start(session, guest)
    keep(session, guest, cast.student, now=clock.now)
    assert session.scalar(select(func.count()).where(SignIn.person_id == guest)) == 0


def test_keeping_twice_is_keeping_once(session: Session, cast: Cast, guest: int, clock: Clock) -> None:
    give(session, guest, start(session, guest), 1, uuid.uuid4())
    assert keep(session, guest, cast.student, now=clock.now)
    assert keep(session, guest, cast.student, now=clock.now) is None
    assert doings(session, cast.student).quizzes == 1
    entries = session.scalars(select(AuditEntry.detail).where(AuditEntry.action == "guest.kept")).all()
    assert entries == [{"quizzes": 1, "answers": 1, "reviews": 0}]


def test_an_account_is_never_folded_into_another(session: Session, cast: Cast, clock: Clock) -> None:
    start(session, cast.classmate)
    with pytest.raises(Conflict, match="belong to an account"):
        keep(session, cast.classmate, cast.student, now=clock.now)
    assert doings(session, cast.classmate).quizzes == 1


def test_attempts_at_a_set_are_numbered_after_ones_own(session: Session, cast: Cast, guest: int, clock: Clock) -> None:
    item_set = histories.make_set(session, cast.teacher, "Treaties", MONDAY)
    own = [histories.make_attempt(session, cast.student, MONDAY, set_id=item_set.id, number=n) for n in (1, 2)]
    theirs = [histories.make_attempt(session, guest, MONDAY, set_id=item_set.id, number=n) for n in (1, 2)]
    going_on = start_set(session, guest, "treaties", uuid.uuid4(), seed=1, now=MONDAY)
    keep(session, guest, cast.student, now=clock.now)
    numbers = session.execute(
        select(Attempt.id, Attempt.number).where(Attempt.learner_id == cast.student).order_by(Attempt.number)
    )
    assert [tuple(row) for row in numbers] == list(zip([*own, *theirs, going_on], (1, 2, 3, 4, 5), strict=True))
    assert start_set(session, cast.student, "treaties", uuid.uuid4(), seed=1, now=clock.now) == going_on


def test_ids_that_the_account_has_used_too_are_replaced(session: Session, cast: Cast, guest: int, clock: Clock) -> None:
    same_attempt, same_answer, same_rating = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    item_id = histories.items_of(session)[3]
    for person in (cast.student, guest):
        start(session, person, attempt_id=same_attempt)
        give(session, person, same_attempt, 1, same_answer)
        histories.study(session, person, [item_id], MONDAY)
        rate(session, person, (item_id, 0), 3, review_id=same_rating, seen_reviews=0, milliseconds=1, now=MONDAY)
    undo(session, guest, same_rating, void_id=uuid.uuid4(), now=MONDAY)
    keep(session, guest, cast.student, now=clock.now)
    assert session.scalar(select(func.count()).where(Attempt.learner_id == cast.student)) == 2
    for table in (Response, Review):
        rows = session.execute(
            select(table.id, table.attempt_id).where(table.learner_id == cast.student, table.attempt_id.is_not(None))
        ).all()
        assert len({row.id for row in rows}) == len({row.attempt_id for row in rows}) == 2
    card = session.get_one(Card, (cast.student, item_id, 0))
    assert card.reviews == 1  # the account's own rating; the guest's was taken back
    assert list(differences(session)) == []


def test_a_card_on_the_schedule_stays_on_it(session: Session, cast: Cast, guest: int, clock: Clock) -> None:
    item_id, other = histories.items_of(session)[:2]
    histories.study(session, cast.student, [item_id], MONDAY)
    histories.review(session, cast.student, item_id, 4, MONDAY)
    clock.advance(days=1)
    histories.answer(session, guest, [item_id, other], 1.0, clock.now)
    keep(session, guest, cast.student, now=clock.now)
    assert session.get_one(Card, (cast.student, item_id, 0)).due_at is not None
    assert session.get_one(Card, (cast.student, other, 0)).due_at is None
    assert list(differences(session)) == []


def test_what_a_guest_chose_for_a_card_stays(session: Session, cast: Cast, guest: int, clock: Clock) -> None:
    first, second = histories.items_of(session)[:2]
    histories.study(session, guest, [first, second], MONDAY)
    histories.study(session, cast.student, [second], MONDAY + timedelta(hours=1))
    suspend(session, guest, [(first, 0)], MONDAY)
    keep(session, guest, cast.student, now=clock.now)
    assert session.get_one(Card, (cast.student, first, 0)).suspended_at == MONDAY
    assert session.get_one(Card, (cast.student, second, 0)).chosen_at == MONDAY


def test_flags_are_kept_but_for_one_that_the_account_has_open_already(
    session: Session, cast: Cast, guest: int, clock: Clock
) -> None:
    for person in (cast.student, guest):
        for position in (1, 2) if person == guest else (1,):
            give(session, person, start(session, person), position, uuid.uuid4())
    versions = session.scalars(
        select(AttemptItem.item_version_id).where(AttemptItem.learner_id == guest, AttemptItem.revision > 0)
    ).all()
    for version in versions:
        flag(session, version, guest, "unclear", "", MONDAY)
    shared = session.scalars(
        select(AttemptItem.item_version_id).where(AttemptItem.learner_id == cast.student, AttemptItem.revision > 0)
    ).one()
    flag(session, shared, cast.student, "mistake", "", MONDAY)
    keep(session, guest, cast.student, now=clock.now)
    said = Counter(session.scalars(select(Flag.person_id)))
    assert said == {cast.student: 2, None: 1}


Step = tuple[str, str, int, float, int]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["guest", "account"]),
        st.sampled_from(["answer", "study", "review"]),
        st.integers(0, 4),
        st.sampled_from([0.0, 0.5, 1.0]),
        st.integers(1, 40),
    ),
    max_size=25,
)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@hypothesis_settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, zones=st.permutations(["Pacific/Kiritimati", "Europe/Prague"]))
def test_any_two_histories_become_one_that_its_log_explains(
    session: Session, cast: Cast, steps: list[Step], zones: list[str]
) -> None:
    """Whatever both did in whatever order: no event lost, days of study kept, cards and totals as logged."""
    now = MONDAY
    guest_id = add_guest(session, sign_in_id=uuid.uuid4(), time_zone=zones[0], device="A browser", now=now)
    session.execute(update(Person).where(Person.id == cast.student).values(time_zone=zones[1]))
    session.flush()
    people = {"guest": guest_id, "account": cast.student}
    items = histories.items_of(session)[:5]
    for who, what, place, score, hours in steps:
        now += timedelta(hours=hours)
        act(session, people[who], what, items[place], score, now)
    before, days, due = events(session, people), totals(session, people), scheduled(session, people)
    keep(session, guest_id, cast.student, now=now)
    after = events(session, {"account": cast.student})
    assert [event for event in after if event not in before] == [
        event for event in after if event[1] == "chosen" and event not in before
    ]
    assert set(before) <= set(after)
    assert totals(session, {"account": cast.student}) == days
    assert scheduled(session, {"account": cast.student}) == due
    assert list(differences(session)) == []
    session.rollback()


def act(session: Session, learner_id: int, what: str, item_id: int, score: float, now: Any) -> None:
    """Do one thing; a review needs a card."""
    if what == "answer":
        histories.answer(session, learner_id, [item_id], score, now)
    elif what == "study":
        histories.study(session, learner_id, [item_id], now)
    elif session.get(Card, (learner_id, item_id, 0), populate_existing=True) is not None:
        histories.review(session, learner_id, item_id, Random(now.isoformat()).randint(1, 4), now)


def events(session: Session, people: dict[str, int]) -> list[Any]:
    """Return the log of these people, without whose it is."""
    rows = session.execute(
        select(
            Review.id,
            Review.event,
            Review.study_day,
            Review.reviewed_at,
            Review.rating,
            Review.due_at,
            Review.time_zone,
        ).where(Review.learner_id.in_(people.values()))
    )
    return [tuple(row) for row in rows]


def totals(session: Session, people: dict[str, int]) -> dict[Any, Any]:
    """Return what these people did on each day, together."""
    session.flush()
    rows = session.execute(
        select(
            DailyTotal.study_day, func.sum(DailyTotal.reviews), func.sum(DailyTotal.answers), func.sum(DailyTotal.score)
        )
        .where(DailyTotal.learner_id.in_(people.values()))
        .group_by(DailyTotal.study_day)
    )
    return {row[0]: tuple(row[1:]) for row in rows}


def scheduled(session: Session, people: dict[str, int]) -> set[int]:
    """Return the items that any of these people has on the schedule."""
    session.flush()
    return set(
        session.scalars(select(Card.item_id).where(Card.learner_id.in_(people.values()), Card.due_at.is_not(None)))
    )
