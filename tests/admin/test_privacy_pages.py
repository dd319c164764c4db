"""Privacy requests and wishes to teach through pages: listed, settled, and noted without a name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.database import Database
from quizapp.models import AuditEntry, Person, PrivacyRequest
from quizapp.privacy import requests
from tests.builders import counted_queries, make_person
from tests.conftest import MONDAY, Cast
from tests.pages import Visitor

Stored = Callable[[], Session]


@pytest.fixture
def request_id(database: Database, cast: Cast) -> int:
    """The wish of the student to be erased."""
    with database.write_session() as session:
        requests.ask(session, cast.student, MONDAY)
        return session.scalars(select(PrivacyRequest.id)).one()


def entries(stored: Stored, action: str) -> list[tuple[int | None, str]]:
    rows = stored().scalars(select(AuditEntry).where(AuditEntry.action == action))
    return [(row.actor_id, row.subject_id) for row in rows]


class TestErasing:
    def test_an_empty_list_says_what_it_will_hold(self, ada: Visitor) -> None:
        assert ada.open("/admin/privacy").heading == "Nobody waits to be removed"

    def test_a_wish_stands_with_its_day(self, ada: Visitor, request_id: int, cast: Cast) -> None:
        page = ada.open("/admin/privacy")
        assert page.heading == "1 person waits to be removed"
        assert "Due 23 November" in page.words
        assert "asked today at 09:00" in page.words
        assert "Asked by themselves." in page.words
        assert "To be removed on 23 November" in ada.open(f"/admin/people/{cast.student}").words

    def test_it_is_carried_out_at_once(self, ada: Visitor, request_id: int, cast: Cast, stored: Stored) -> None:
        ada.open("/admin/privacy")
        page = ada.press("Remove Mira Okafor")
        assert page.heading == "Nobody waits to be removed"
        assert stored().get(Person, cast.student) is None
        assert entries(stored, "person.erased") == [(cast.admin, str(cast.student))]
        log = ada.open("/admin/audit")
        assert f"Number {cast.student} removed" in log.words
        assert "Mira" not in log.text

    def test_a_second_click_is_told_that_it_is_settled(self, app: Flask, ada: Visitor, request_id: int) -> None:
        app.config["WTF_CSRF_ENABLED"] = False
        path = f"/admin/privacy/{request_id}/carry-out"
        assert ada.client.post(path).status_code == 303
        assert ada.client.post(path).status_code == 409

    def test_a_refusal_needs_a_reason_and_reaches_the_person(
        self, ada: Visitor, request_id: int, cast: Cast, stored: Stored, visitor: Callable[..., Visitor]
    ) -> None:
        ada.open("/admin/privacy")
        page = ada.press("Refuse", 422, reason="  ")
        assert "Say why, in a sentence for the person who asked." in page.words
        assert ada.press("Refuse", 422, reason="x" * 1001).status == 422
        page = ada.press("Refuse", reason="The term’s marks are kept until July.")
        assert page.heading == "Nobody waits to be removed"
        assert entries(stored, "erasure.refused") == [(cast.admin, str(cast.student))]
        assert stored().get(Person, cast.student) is not None
        assert "The term’s marks are kept until July." in visitor(cast.student).open("/account/privacy").words

    def test_a_request_that_is_none_is_not_found(self, app: Flask, ada: Visitor) -> None:
        app.config["WTF_CSRF_ENABLED"] = False
        assert ada.client.post("/admin/privacy/77/carry-out").status_code == 404
        assert ada.client.post("/admin/privacy/77/refuse", data={"reason": "No."}).status_code == 404

    def test_the_only_administrator_is_not_removed(
        self, app: Flask, ada: Visitor, database: Database, cast: Cast, stored: Stored
    ) -> None:
        with database.write_session() as session:
            wish = PrivacyRequest(
                person_id=cast.admin, person_number=cast.admin, made_at=MONDAY, due_at=MONDAY + timedelta(days=7)
            )
            session.add(wish)
            session.flush()
            wish_id = wish.id
        page = ada.open("/admin/privacy")
        assert "This is you." in page.words
        assert page.buttons() == ["Close"]  # of the map of keys
        app.config["WTF_CSRF_ENABLED"] = False
        assert ada.client.post(f"/admin/privacy/{wish_id}/carry-out").status_code == 409
        assert stored().get(Person, cast.admin) is not None

    def test_it_costs_the_same_for_one_and_for_fifty(
        self, app: Flask, ada: Visitor, database: Database, request_id: int
    ) -> None:
        with counted_queries(app) as one:
            ada.open("/admin/privacy")
        with database.write_session() as session:
            for number in range(49):
                requests.ask(session, make_person(session, f"Kim {number}", now=MONDAY), MONDAY)
        with counted_queries(app) as many:
            assert ada.open("/admin/privacy").heading == "50 people wait to be removed"
        assert len(one) == len(many) <= 8


class TestTeaching:
    @pytest.fixture
    def waiting(self, database: Database, cast: Cast) -> int:
        with database.write_session() as session:
            session.get_one(Person, cast.student).teacher_wanted_at = MONDAY
        return cast.student

    def test_an_empty_list_says_what_it_will_hold(self, ada: Visitor) -> None:
        assert ada.open("/admin/approvals").heading == "Nobody waits to teach"

    def test_a_wish_is_granted(self, ada: Visitor, waiting: int, cast: Cast, stored: Stored) -> None:
        assert ada.open("/admin/approvals").heading == "1 person wants to teach"
        assert ada.press("Make a teacher: Mira Okafor").heading == "Nobody waits to teach"
        assert stored().get_one(Person, waiting).role == "teacher"
        assert entries(stored, "person.role_changed") == [(cast.admin, str(waiting))]

    def test_a_wish_is_refused(self, ada: Visitor, waiting: int, cast: Cast, stored: Stored) -> None:
        ada.open("/admin/approvals")
        assert ada.press("Leave a student").heading == "Nobody waits to teach"
        mira = stored().get_one(Person, waiting)
        assert (mira.role, mira.teacher_wanted_at) == ("student", None)
        assert entries(stored, "teacher.refused") == [(cast.admin, str(waiting))]

    def test_it_stands_on_their_page_too(self, ada: Visitor, waiting: int) -> None:
        page = ada.open(f"/admin/people/{waiting}")
        assert "Asked today at 09:00." in page.words
        assert ada.follow("Decide").path == "/admin/approvals"

    def test_what_was_settled_is_told_to_the_second(self, app: Flask, ada: Visitor, waiting: int) -> None:
        app.config["WTF_CSRF_ENABLED"] = False
        assert ada.client.post(f"/admin/approvals/{waiting}/approve").status_code == 303
        assert ada.client.post(f"/admin/approvals/{waiting}/refuse").status_code == 409

    def test_it_costs_the_same_for_one_and_for_fifty(
        self, app: Flask, ada: Visitor, database: Database, waiting: int
    ) -> None:
        with counted_queries(app) as one:
            ada.open("/admin/approvals")
        with database.write_session() as session:
            for number in range(49):
                make_person(session, f"Kim {number}", now=MONDAY, teacher_wanted_at=MONDAY)
        with counted_queries(app) as many:
            assert ada.open("/admin/approvals").heading == "50 people want to teach"
        assert len(one) == len(many) <= 8
