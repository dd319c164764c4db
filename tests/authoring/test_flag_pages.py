"""Flags through pages: said where an answer is shown, and answered on the teacher's list."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.authoring.publishing import publish
from quizapp.authoring.sets import add_to_set
from quizapp.core.items import Item as NeutralItem
from quizapp.learning.reviews import choose
from quizapp.models import Attempt, Flag, Item, ItemSet, ItemVersion, Review
from tests.authoring.conftest import Made, choice, item_of
from tests.builders import counted_queries
from tests.conftest import MONDAY, Cast
from tests.pages import Page, Visitor

Open = Callable[..., Visitor]
Take = Callable[..., None]
Stored = Callable[[], Session]
SUMMARY = "Something is wrong with this question"
THANKS = "You flagged this. Thank you."


@pytest.fixture
def version_id(session: Session, cast: Cast, made: Made) -> int:
    """The wording in force of the teacher's published question."""
    publish(session, made.set_id, cast.teacher, "here", MONDAY)
    version_id = session.scalars(select(ItemVersion.id).where(ItemVersion.item_id == made.item_id)).one()
    session.commit()
    return version_id


@pytest.fixture
def review(take: Take, stored: Stored, cast: Cast, made: Made, version_id: int) -> str:
    """The address of the student's review of a set of one question, answered."""
    take(made.set_id, cast.student, {made.item_id: ({"choice": "b"}, 0.0)}, revision=1)
    return newest_review(stored)


@pytest.fixture
def carded(session: Session, cast: Cast, made: Made) -> Callable[[NeutralItem], int]:
    """Put a question of the teacher's on the student's schedule and return it."""

    def put(item: NeutralItem) -> int:
        item_id = add_to_set(session, made.set_id, cast.teacher, item, made.source, MONDAY)
        publish(session, made.set_id, cast.teacher, "here", MONDAY)
        choose(session, cast.student, [item_id], submission_id=uuid.uuid4(), now=MONDAY)
        session.commit()
        return item_id

    return put


def flags(stored: Stored) -> list[tuple[Any, ...]]:
    rows = stored().execute(select(Flag.person_id, Flag.reason, Flag.comment, Flag.verdict).order_by(Flag.id))
    return [tuple(row) for row in rows]


def newest_review(stored: Stored) -> str:
    """Return the address of the review of the latest attempt at a set."""
    return f"/attempts/{stored().scalars(select(Attempt.id).order_by(Attempt.number.desc()).limit(1)).one()}/review"


def ids(page: Page) -> set[str]:
    return {element.attrib["id"] for element in page.root.iter() if element.get("id")}


class TestOnTheReview:
    def test_it_is_said_and_taken_back_in_place(
        self, visitor: Open, cast: Cast, review: str, version_id: int, stored: Stored
    ) -> None:
        student = visitor(cast.student)
        page = student.open(review)
        assert SUMMARY in page.words
        assert "Your teacher sees the text, not your name." in page.words
        page = student.press("Send", reason="several_keys", comment=" Both\r\nstand there. ")
        assert page.path == f"{review}#flag-{version_id}"
        assert f"flag-{version_id}" in ids(page)
        assert THANKS in page.words
        assert SUMMARY not in page.words
        assert flags(stored) == [(cast.student, "several_keys", "Both\nstand there.", None)]
        page = student.press("Take it back")
        assert page.path == f"{review}#flag-{version_id}"
        assert SUMMARY in page.words
        assert flags(stored) == []

    def test_sent_twice_from_one_page_it_is_one(self, visitor: Open, cast: Cast, review: str, stored: Stored) -> None:
        student = visitor(cast.student)
        form = student.open(review)
        student.press("Send", reason="unclear")
        student.page = form
        page = student.press("Send", reason="mistake")
        assert flags(stored) == [(cast.student, "mistake", "", None)]
        student.press("Take it back")
        student.page = page
        page = student.press("Take it back")
        assert "There was no open flag to take back." in page.words

    @pytest.mark.parametrize(
        ("fields", "message"),
        [
            ({}, "Choose what is wrong."),
            ({"reason": "rude"}, "Not a valid choice"),
            ({"reason": "other", "comment": " "}, "Say in a few words what is wrong."),
            ({"reason": "unclear", "comment": "x" * 1001}, "Use at most 1000 characters."),
        ],
    )
    def test_what_is_incomplete_is_asked_again_and_leads_back(
        self, visitor: Open, cast: Cast, review: str, version_id: int, stored: Stored,
        fields: dict[str, str], message: str,
    ) -> None:  # fmt: skip
        student = visitor(cast.student)
        student.open(review)
        page = student.press("Send", status=422, **fields)
        assert message in page.words
        assert "What has NATO increased?" in page.words
        assert page.links()["Cancel"] == f"{review}#flag-{version_id}"
        assert flags(stored) == []
        page = student.press("Send", reason="other", comment="It is odd.")
        assert page.path == f"{review}#flag-{version_id}"
        assert flags(stored) == [(cast.student, "other", "It is odd.", None)]

    def test_a_question_left_open_offers_nothing(
        self, visitor: Open, cast: Cast, made: Made, version_id: int, take: Take, stored: Stored
    ) -> None:
        take(made.set_id, cast.student, {made.item_id: (None, 0.0)})
        assert SUMMARY not in visitor(cast.student).open(newest_review(stored)).words

    def test_an_owner_is_offered_nothing(
        self, visitor: Open, cast: Cast, made: Made, version_id: int, take: Take, stored: Stored
    ) -> None:
        take(made.set_id, cast.teacher, {made.item_id: ({"choice": "a"}, 1.0)}, revision=1)
        assert SUMMARY not in visitor(cast.teacher).open(newest_review(stored)).words

    @pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
    def test_it_leads_nowhere_else(self, visitor: Open, cast: Cast, review: str, target: str) -> None:
        student = visitor(cast.student)
        student.open(review)
        assert student.press("Send", reason="unclear", next=target).path == "/"


class TestOnAnAnswer:
    def test_in_a_quiz_with_feedback_at_once(
        self, visitor: Open, session: Session, cast: Cast, made: Made, stored: Stored
    ) -> None:
        session.get_one(ItemSet, made.set_id).rules = {"feedback": "at_once"}
        slug = publish(session, made.set_id, cast.teacher, "here", MONDAY)
        session.commit()
        student = visitor(cast.student)
        student.open(f"/sets/{slug}")
        page = student.press("Start quiz")
        assert SUMMARY not in page.words
        page = student.press("Check answer", choice="b")
        place = page.path
        page = student.press("Send", reason="wrong_key")
        assert page.path.startswith(f"{place}#flag-")
        assert THANKS in page.words
        assert flags(stored) == [(cast.student, "wrong_key", "", None)]

    @pytest.mark.parametrize(
        ("kind", "given", "shown"),
        [
            ("single_choice", {"choice": "b"}, "Your answer, not right"),
            ("multiple_choice", {"choice": ["a", "c"]}, "Your answer, not right"),
            ("true_false", {"choice": "true"}, "Your answer, not right"),
            ("short_answer", {"text": "Ünity & trust?"}, "Ünity & trust?"),
            ("short_answer", {}, "collective defense"),
            ("cloze", {"gap-1": "support", "gap-2": "b"}, "combat"),
            ("flashcard", {}, "In Eastern Europe"),
        ],
    )
    def test_a_card_comes_back_with_what_was_answered_and_can_be_rated(
        self, visitor: Open, cast: Cast, carded: Callable[[NeutralItem], int], stored: Stored,
        kind: str, given: dict[str, Any], shown: str,
    ) -> None:  # fmt: skip
        item_id = carded(item_of(kind) if kind != "single_choice" else choice(stem="Another?"))
        student = visitor(cast.student)
        page = student.open("/cards?topic=nato-role-in-ukraine")
        assert SUMMARY not in page.words
        before = student.press("Show answer", milliseconds="4000", **given)
        page = student.press("Send", reason="mistake")
        assert THANKS in page.words
        assert before.words.partition(SUMMARY)[0] == page.words.partition(THANKS)[0]
        assert shown in page.words
        page = student.press("Take it back")
        assert page.words == before.words
        bar = [form for form in page.all("form") if form.get("class") == "ratings"]
        assert page.values(bar[0])["question_milliseconds"] == ["4000"]
        student.press("Good")
        rating = select(Review.item_id, Review.rating).where(Review.event == "review")
        assert [tuple(row) for row in stored().execute(rating)] == [(item_id, 3)]

    def test_an_answer_too_long_for_an_address_is_left_out_of_it(
        self, visitor: Open, cast: Cast, carded: Callable[[NeutralItem], int]
    ) -> None:
        carded(item_of("short_answer"))
        student = visitor(cast.student)
        student.open("/cards")
        student.press("Show answer", text="Ж" * 500)
        page = student.press("Send", reason="mistake")
        assert THANKS in page.words
        assert "collective defense" in page.words
        assert len(page.path) < 4000

    def test_a_card_rated_elsewhere_meanwhile_goes_on(
        self, visitor: Open, cast: Cast, carded: Callable[[NeutralItem], int]
    ) -> None:
        carded(item_of("flashcard"))
        phone, desk = visitor(cast.student), visitor(cast.student)
        for browser in (phone, desk):
            browser.open("/cards")
            browser.press("Show answer")
        desk.press("Easy")
        assert "reviewed somewhere else" in phone.press("Send", reason="mistake").words

    def test_the_address_of_an_answer_shows_no_strangers_card(
        self, visitor: Open, cast: Cast, carded: Callable[[NeutralItem], int]
    ) -> None:
        item_id = carded(item_of("flashcard"))
        address = f"/cards/answer?card={item_id}.0&seen_reviews=0"
        assert visitor(cast.student).open(address).path == address
        visitor(cast.classmate).open(address, status=404)
        student = visitor(cast.student)
        assert student.open(f"/cards/answer?card={item_id}.0").path == "/cards"


class TestTheTeachersList:
    def test_from_the_empty_list_to_settled_and_back(
        self, visitor: Open, cast: Cast, made: Made, review: str, stored: Stored
    ) -> None:
        teacher, student = visitor(cast.teacher), visitor(cast.student)
        teacher.open("/teach")
        page = teacher.follow("Flags")
        assert page.heading == "No question is flagged"
        student.open(review)
        student.press("Send", reason="wrong_key", comment="See <b>the end</b>.")
        assert "1 question flagged" in teacher.open("/teach").words
        teacher.open(f"/teach/sets/{made.set_id}")
        page = teacher.follow("1 flag")
        assert page.path == f"/teach/flags#question-{made.item_id}"
        assert f"question-{made.item_id}" in ids(page)
        assert page.heading == "1 question is flagged"
        assert "“The marked answer is wrong”" in page.words
        assert "See <b>the end</b>.A student, today" in page.words
        assert "Mira" not in page.text
        assert teacher.follow("Edit the question").heading == "Edit question"
        teacher.open("/teach/flags")
        page = teacher.press("No fault")
        assert page.heading == "No question is flagged"
        assert "Settled: no fault." in page.words
        assert "No fault · 1 flag settled today" in page.words
        assert "no fault was found" in student.open(review).words
        page = teacher.press("Undo")
        assert page.heading == "1 question is flagged"
        assert THANKS in student.open(review).words
        teacher.press("Fixed")
        assert flags(stored)[0][3] == "fixed"
        assert "Undo" not in teacher.open("/teach/flags").buttons()
        page = teacher.press("Open again")
        assert page.heading == "1 question is flagged"

    def test_what_was_settled_or_opened_meanwhile_is_told(
        self, visitor: Open, cast: Cast, review: str, stored: Stored
    ) -> None:
        teacher, student = visitor(cast.teacher), visitor(cast.student)
        student.open(review)
        student.press("Send", reason="wrong_key")
        listed = teacher.open("/teach/flags")
        settled = teacher.press("Fixed")
        teacher.page = listed
        assert "Its flags were settled already." in teacher.press("No fault").words
        assert flags(stored)[0][3] == "fixed"
        teacher.page = settled
        teacher.press("Undo")
        teacher.page = settled
        assert "These flags are open already" in teacher.press("Undo").words

    @pytest.mark.parametrize("who", ["colleague", "admin", "student", None])
    def test_strangers_find_nothing_and_change_nothing(
        self, app: Flask, visitor: Open, cast: Cast, made: Made, review: str, version_id: int,
        stored: Stored, who: str | None,
    ) -> None:  # fmt: skip
        student = visitor(cast.student)
        student.open(review)
        student.press("Send", reason="wrong_key", comment="A secret")
        before = flags(stored)
        app.config["WTF_CSRF_ENABLED"] = False
        browser = visitor(getattr(cast, who) if who else None)
        expected = 303 if who is None else 404  # nobody is asked to sign in
        base = f"/teach/flags/{made.item_id}"
        moment = MONDAY.isoformat()
        own = [] if who == "student" else [f"/questions/{version_id}/flag", f"/questions/{version_id}/flag/withdraw"]
        for path in (f"{base}/settle", f"{base}/reopen", "/teach/flags/999999/settle", *own):
            data = {"verdict": "fixed", "settled_at": moment, "reason": "unclear"}
            assert browser.client.post(path, data=data).status_code == expected, path
        if who in ("colleague", "admin"):
            assert "A secret" not in browser.open("/teach/flags").text
            assert "flagged" not in browser.open("/teach").words
        assert flags(stored) == before

    @pytest.mark.parametrize(
        ("path", "data"),
        [
            ("settle", {"verdict": "perhaps"}),
            ("settle", {}),
            ("reopen", {"settled_at": "yesterday"}),
            ("reopen", {"settled_at": "2026-11-16T09:00:00"}),
            ("reopen", {}),
        ],
    )
    def test_what_no_page_sends_is_not_found(
        self, app: Flask, visitor: Open, cast: Cast, made: Made, path: str, data: dict[str, str]
    ) -> None:
        app.config["WTF_CSRF_ENABLED"] = False
        browser = visitor(cast.teacher)
        assert browser.client.post(f"/teach/flags/{made.item_id}/{path}", data=data).status_code == 404

    def test_shipped_questions_come_to_the_administrator(
        self, visitor: Open, session: Session, cast: Cast, stored: Stored
    ) -> None:
        shipped = select(Item.id).where(Item.owner_id.is_(None), Item.kind == "true_false").order_by(Item.id).limit(1)
        choose(session, cast.student, list(session.scalars(shipped)), submission_id=uuid.uuid4(), now=MONDAY)
        session.commit()
        student, admin, teacher = visitor(cast.student), visitor(cast.admin), visitor(cast.teacher)
        student.open("/cards")
        page = student.press("Show answer")
        assert "Whoever looks after these questions sees the text, not your name." in page.words
        student.press("Send", reason="unclear")
        assert teacher.open("/teach/flags").heading == "No question is flagged"
        admin.open("/teach")
        page = admin.follow("1 question flagged")
        assert page.heading == "1 question is flagged"
        assert "Edit the question" not in page.links()
        admin.press("Fixed")
        assert flags(stored) == [(cast.student, "unclear", "", "fixed")]


def test_the_number_of_queries_is_the_same_for_one_and_thirty(
    app: Flask,
    visitor: Open,
    session: Session,
    cast: Cast,
    made: Made,
    take: Take,
    version_id: int,
    stored: Stored,
) -> None:
    teacher, student = visitor(cast.teacher), visitor(cast.student)
    take(made.set_id, cast.student, {made.item_id: ({"choice": "b"}, 0.0)}, revision=1)
    flag_all(session, cast.student)

    def queries() -> list[int]:
        found = []
        for browser, path in (
            (teacher, "/teach"), (teacher, f"/teach/sets/{made.set_id}"), (teacher, "/teach/flags"),
            (student, newest_review(stored)),
        ):  # fmt: skip
            with counted_queries(app) as statements:
                browser.open(path)
            found.append(len(statements))
        return found

    few = queries()
    more = [
        add_to_set(session, made.set_id, cast.teacher, choice(stem=f"No. {number}?"), made.source, MONDAY)
        for number in range(29)
    ]
    session.commit()
    take(made.set_id, cast.student, dict.fromkeys([made.item_id, *more], ({"choice": "b"}, 0.0)), revision=1, number=2)
    flag_all(session, cast.student)
    assert queries() == few
    assert max(few) <= 8


def flag_all(session: Session, person_id: int) -> None:
    """Let a person flag every wording of a teacher's that they have not flagged yet."""
    flagged = select(Flag.item_version_id)
    rows = session.execute(
        select(Item.id, ItemVersion.id)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .where(Item.owner_id.is_not(None), ItemVersion.id.not_in(flagged))
    )
    session.add_all(
        [
            Flag(item_id=item_id, item_version_id=version_id, person_id=person_id, reason="unclear", created_at=MONDAY)
            for item_id, version_id in rows
        ]
    )
    session.commit()
