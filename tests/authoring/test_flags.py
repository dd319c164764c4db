"""Flags: who may send one, that two clicks are one, taking back, settling, opening again."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from quizapp.authoring.flag_lists import FlagPage, flag_page, flagged_count
from quizapp.authoring.flags import Keeper, flag, reopen, settle, withdraw
from quizapp.authoring.publishing import close, publish
from quizapp.authoring.removing import remove_from_set
from quizapp.authoring.sets import correct_in_set
from quizapp.errors import NotFound
from quizapp.learning.reviews import choose
from quizapp.models import AuditEntry, Flag, Item, ItemVersion, Person
from quizapp.web.flags import flag_views
from tests.authoring.conftest import Made, choice
from tests.conftest import MONDAY, Cast

Take = Callable[..., None]
UTC = ZoneInfo("UTC")
LATER = MONDAY + timedelta(hours=1)


@pytest.fixture
def version_id(session: Session, cast: Cast, made: Made) -> int:
    """The wording in force of the teacher's published question."""
    publish(session, made.set_id, cast.teacher, "here", MONDAY)
    session.commit()
    return session.scalars(select(ItemVersion.id).where(ItemVersion.item_id == made.item_id)).one()


@pytest.fixture
def taken(take: Take, cast: Cast, made: Made, version_id: int) -> int:
    """The same, answered by the student and the classmate in attempts they may look back at."""
    for learner_id in (cast.student, cast.classmate):
        take(made.set_id, learner_id, {made.item_id: ({"choice": "b"}, 0.0)}, revision=1)
    return version_id


@pytest.fixture
def shipped(session: Session, cast: Cast) -> int:
    """A wording of a shipped question that the student has on a card."""
    row = session.execute(
        select(Item.id, ItemVersion.id)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .where(Item.owner_id.is_(None), Item.status == "published")
        .order_by(Item.id)
        .limit(1)
    ).one()
    choose(session, cast.student, [row[0]], submission_id=uuid.uuid4(), now=MONDAY)
    session.commit()
    return int(row[1])


def stored(session: Session) -> list[tuple[Any, ...]]:
    """Return what is stored: person, reason, comment, verdict."""
    session.expire_all()
    rows = session.execute(select(Flag.person_id, Flag.reason, Flag.comment, Flag.verdict).order_by(Flag.id))
    return [tuple(row) for row in rows]


def state(session: Session, person_id: int, version_id: int) -> str:
    return flag_views(session, person_id, [version_id])[version_id].state


class TestWhoMayFlag:
    def test_who_has_answered_it_in_a_closed_attempt(self, session: Session, cast: Cast, taken: int) -> None:
        flag(session, taken, cast.student, "unclear", "", MONDAY)
        assert stored(session) == [(cast.student, "unclear", "", None)]

    @pytest.mark.parametrize(
        ("taking", "may"),
        [
            ({"outcome": None, "revision": 1, "rules": {"feedback": "at_once"}}, True),
            ({"outcome": None, "revision": 1, "rules": {"feedback": "at_end"}}, False),
            ({"outcome": None, "revision": 0, "rules": {"feedback": "at_once"}}, False),
            ({"outcome": "finished", "revision": 0}, False),
            ({"outcome": "abandoned", "revision": 1}, True),
        ],
    )
    def test_only_where_its_answer_is_shown(
        self, session: Session, cast: Cast, made: Made, version_id: int, take: Take, taking: dict[str, Any], may: bool
    ) -> None:
        take(made.set_id, cast.student, {made.item_id: ({"choice": "b"}, None)}, **taking)
        if may:
            flag(session, version_id, cast.student, "unclear", "", MONDAY)
            return
        with pytest.raises(NotFound):
            flag(session, version_id, cast.student, "unclear", "", MONDAY)

    def test_not_another_wording_than_the_one_answered(
        self, session: Session, cast: Cast, made: Made, taken: int
    ) -> None:
        correct_in_set(
            session, made.set_id, made.item_id, cast.teacher, choice(stem="What has grown?"), made.source, LATER
        )
        newer = session.scalars(
            select(ItemVersion.id).where(ItemVersion.item_id == made.item_id, ItemVersion.number == 2)
        ).one()
        with pytest.raises(NotFound):
            flag(session, newer, cast.student, "unclear", "", LATER)
        flag(session, taken, cast.student, "unclear", "", LATER)

    def test_who_has_it_on_a_card(self, session: Session, cast: Cast, shipped: int) -> None:
        flag(session, shipped, cast.student, "mistake", "A comma", MONDAY)
        with pytest.raises(NotFound):
            flag(session, shipped, cast.classmate, "mistake", "A comma", MONDAY)
        assert stored(session) == [(cast.student, "mistake", "A comma", None)]

    def test_not_its_owner(self, session: Session, cast: Cast, made: Made, version_id: int, take: Take) -> None:
        take(made.set_id, cast.teacher, {made.item_id: ({"choice": "a"}, 1.0)}, revision=1)
        with pytest.raises(NotFound):
            flag(session, version_id, cast.teacher, "unclear", "", MONDAY)
        assert flag_views(session, cast.teacher, [version_id]) == {}

    @pytest.mark.parametrize("who", ["colleague", "admin"])
    def test_not_who_has_never_met_it(self, session: Session, cast: Cast, taken: int, who: str) -> None:
        with pytest.raises(NotFound):
            flag(session, taken, getattr(cast, who), "unclear", "", MONDAY)

    def test_not_a_question_that_is_not_there(self, session: Session, cast: Cast) -> None:
        with pytest.raises(NotFound):
            flag(session, 999_999, cast.student, "unclear", "", MONDAY)


class TestOneOpenFlag:
    def test_said_again_the_new_words_take_the_place_of_the_old(self, session: Session, cast: Cast, taken: int) -> None:
        flag(session, taken, cast.student, "unclear", "", MONDAY)
        flag(session, taken, cast.student, "other", "It names two.", LATER)
        assert stored(session) == [(cast.student, "other", "It names two.", None)]

    def test_sent_at_the_same_moment_it_is_one(self, app: Flask, session: Session, cast: Cast, taken: int) -> None:
        start = threading.Barrier(4)
        database = app.extensions["quizapp.database"]
        session.commit()

        def press() -> None:
            start.wait()
            with database.write_session() as writing:
                flag(writing, taken, cast.student, "unclear", "", MONDAY)

        threads = [threading.Thread(target=press) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert stored(session) == [(cast.student, "unclear", "", None)]

    def test_the_database_refuses_a_second(self, session: Session, cast: Cast, made: Made, taken: int) -> None:
        facts = {"item_id": made.item_id, "item_version_id": taken, "person_id": cast.student, "created_at": MONDAY}
        session.add_all([Flag(**facts, reason="unclear"), Flag(**facts, reason="mistake")])
        with pytest.raises(IntegrityError):
            session.flush()

    @pytest.mark.parametrize(
        "fields",
        [
            {"reason": "rude"},
            {"reason": "other"},
            {"reason": "unclear", "comment": "x" * 1001},
            {"reason": "unclear", "verdict": "fixed"},
            {"reason": "unclear", "settled_at": MONDAY},
            {"reason": "unclear", "settled_at": MONDAY, "verdict": "perhaps"},
        ],
    )
    def test_the_database_refuses_what_makes_no_sense(
        self, session: Session, cast: Cast, made: Made, version_id: int, fields: dict[str, Any]
    ) -> None:
        session.add(
            Flag(
                item_id=made.item_id, item_version_id=version_id, person_id=cast.student, created_at=MONDAY, **fields
            )
        )  # fmt: skip
        with pytest.raises(Exception, match=r"(?i)check|too long"):
            session.flush()


class TestTakingBack:
    def test_an_open_flag_is_gone(self, session: Session, cast: Cast, taken: int) -> None:
        flag(session, taken, cast.student, "unclear", "", MONDAY)
        flag(session, taken, cast.classmate, "unclear", "", MONDAY)
        assert state(session, cast.student, taken) == "open"
        assert withdraw(session, taken, cast.student)
        assert stored(session) == [(cast.classmate, "unclear", "", None)]
        assert state(session, cast.student, taken) == ""
        assert not withdraw(session, taken, cast.student)

    def test_a_settled_one_stays(self, session: Session, cast: Cast, made: Made, taken: int) -> None:
        flag(session, taken, cast.student, "unclear", "", MONDAY)
        settle(session, made.item_id, Keeper(cast.teacher, is_admin=False), "no_fault", LATER)
        assert not withdraw(session, taken, cast.student)
        assert stored(session) == [(cast.student, "unclear", "", "no_fault")]

    def test_a_stranger_learns_nothing(self, session: Session, cast: Cast, taken: int) -> None:
        with pytest.raises(NotFound):
            withdraw(session, taken, cast.colleague)


class TestSettling:
    @pytest.fixture
    def keeper(self, cast: Cast) -> Keeper:
        return Keeper(cast.teacher, is_admin=False)

    @pytest.fixture
    def flagged(self, session: Session, cast: Cast, made: Made, taken: int) -> int:
        flag(session, taken, cast.student, "wrong_key", "", MONDAY)
        flag(session, taken, cast.classmate, "wrong_key", "See the last sentence.", MONDAY)
        session.commit()
        return made.item_id

    def test_all_of_a_question_are_settled_at_once_and_that_is_on_record(
        self, session: Session, cast: Cast, keeper: Keeper, flagged: int, taken: int
    ) -> None:
        assert settle(session, flagged, keeper, "fixed", LATER) == 2
        assert settle(session, flagged, keeper, "no_fault", LATER) == 0
        assert [row[3] for row in stored(session)] == ["fixed", "fixed"]
        assert state(session, cast.student, taken) == "fixed"
        (entry,) = session.scalars(select(AuditEntry))
        assert (entry.actor_id, entry.action, entry.subject_id) == (cast.teacher, "flags.settled", str(flagged))
        assert entry.detail == {"verdict": "fixed", "flags": 2}

    @pytest.mark.parametrize("who", ["colleague", "student", "admin"])
    def test_nobody_else_settles_or_opens(
        self, session: Session, cast: Cast, keeper: Keeper, flagged: int, who: str
    ) -> None:
        stranger = Keeper(getattr(cast, who), is_admin=who == "admin")
        with pytest.raises(NotFound):
            settle(session, flagged, stranger, "fixed", LATER)
        settle(session, flagged, keeper, "fixed", LATER)
        with pytest.raises(NotFound):
            reopen(session, flagged, stranger, LATER, LATER)
        assert flag_page(session, stranger, LATER, UTC) == FlagPage((), ())

    def test_a_question_never_flagged_is_not_found(
        self, session: Session, keeper: Keeper, made: Made, version_id: int
    ) -> None:
        with pytest.raises(NotFound):
            settle(session, made.item_id, keeper, "fixed", LATER)

    def test_what_was_settled_together_opens_together(
        self, session: Session, cast: Cast, keeper: Keeper, flagged: int, taken: int
    ) -> None:
        settle(session, flagged, keeper, "no_fault", LATER)
        assert reopen(session, flagged, keeper, LATER + timedelta(seconds=1), LATER) == 0
        assert reopen(session, flagged, keeper, LATER, LATER) == 2
        assert reopen(session, flagged, keeper, LATER, LATER) == 0
        assert [row[3] for row in stored(session)] == [None, None]
        assert state(session, cast.student, taken) == "open"
        actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
        assert actions == ["flags.settled", "flags.reopened"]

    def test_who_flagged_again_since_keeps_one_open_flag(
        self, session: Session, cast: Cast, keeper: Keeper, flagged: int, taken: int
    ) -> None:
        settle(session, flagged, keeper, "no_fault", LATER)
        flag(session, taken, cast.student, "unclear", "Still", LATER)
        assert reopen(session, flagged, keeper, LATER, LATER) == 1
        assert stored(session) == [
            (cast.student, "wrong_key", "", "no_fault"),
            (cast.classmate, "wrong_key", "See the last sentence.", None),
            (cast.student, "unclear", "Still", None),
        ]

    def test_shipped_questions_are_an_administrators(
        self, session: Session, cast: Cast, keeper: Keeper, shipped: int
    ) -> None:
        flag(session, shipped, cast.student, "unclear", "", MONDAY)
        item_id = session.scalars(select(Flag.item_id)).one()
        with pytest.raises(NotFound):
            settle(session, item_id, keeper, "fixed", LATER)
        with pytest.raises(NotFound):
            settle(session, item_id, Keeper(cast.admin, is_admin=False), "fixed", LATER)
        assert flagged_count(session, Keeper(cast.admin, is_admin=True)) == 1
        assert settle(session, item_id, Keeper(cast.admin, is_admin=True), "fixed", LATER) == 1


class TestTheList:
    def test_it_groups_by_question_and_names_nobody(self, session: Session, cast: Cast, made: Made, taken: int) -> None:
        flag(session, taken, cast.student, "wrong_key", "", MONDAY)
        flag(session, taken, cast.classmate, "unclear", "Which presence?", LATER)
        correct_in_set(session, made.set_id, made.item_id, cast.teacher, choice(stem="Better?"), made.source, LATER)
        page = flag_page(session, Keeper(cast.teacher, is_admin=False), LATER, UTC)
        (question,) = page.waiting
        assert (question.stem, question.set_id, question.flags) == ("Better?", made.set_id, 2)
        assert dict(question.reasons) == {"The marked answer is wrong": 1, "I don’t understand the question": 1}
        (remark,) = question.remarks
        assert (remark.comment, remark.when, remark.is_earlier) == ("Which presence?", "today", True)
        assert "Mira" not in str(page)
        assert "Jon" not in str(page)
        assert page.settled == ()

    def test_a_question_out_of_its_set_stays_on_it_without_an_editor(
        self, session: Session, cast: Cast, made: Made, taken: int
    ) -> None:
        flag(session, taken, cast.student, "unclear", "", MONDAY)
        close(session, made.set_id, cast.teacher, LATER)
        remove_from_set(session, made.set_id, made.item_id, cast.teacher)
        page = flag_page(session, Keeper(cast.teacher, is_admin=False), LATER, UTC)
        assert [(question.set_id, question.is_retired) for question in page.waiting] == [(None, True)]

    def test_a_flag_outlives_the_person_without_their_name(self, session: Session, cast: Cast, taken: int) -> None:
        flag(session, taken, cast.student, "unclear", "", MONDAY)
        session.commit()
        session.execute(delete(Person).where(Person.id == cast.student))
        assert stored(session) == [(None, "unclear", "", None)]
        page = flag_page(session, Keeper(cast.teacher, is_admin=False), LATER, UTC)
        assert page.waiting[0].flags == 1
