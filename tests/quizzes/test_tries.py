"""Several tries at a question and certainty: what is told, what is earned, and what the memory hears, once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.authoring.items import Source
from quizapp.authoring.publishing import publish
from quizapp.authoring.sets import add_to_set, create_set, describe_set
from quizapp.core.items import read_item
from quizapp.core.rules import Rules
from quizapp.errors import Conflict
from quizapp.learning.rebuilding import differences
from quizapp.learning.tries import earned
from quizapp.models import Attempt, AttemptItem, Response, Review, Topic
from quizapp.quizzes.attempts import start_set
from quizapp.quizzes.finishing import finish, grade_attempt
from quizapp.quizzes.responses import Given, respond
from tests.conftest import MONDAY, Cast, Clock
from tests.pages import Visitor

Browser = Callable[..., Visitor]
Stored = Callable[[], Session]
THREE = Rules(feedback="at_once", tries=3, is_shuffled=False)
CHOICE: dict[str, Any] = {
    "kind": "single_choice",
    "stem": "Which bird?",
    "hints": ["It is small.", "It sings."],
    "options": [
        {"id": "a", "text": "The wren", "weight": 1},
        {"id": "b", "text": "The rook"},
        {"id": "c", "text": "The crow", "weight": 0.5},
        {"id": "d", "text": "The kite"},
    ],
}
A, B, C, D = ({"choice": letter} for letter in "abcd")
GAVE_UP = None


@pytest.fixture
def made(session: Session, cast: Cast) -> Callable[..., str]:
    """Publish a set of two such questions with rules and return its address."""

    def make(rules: Rules, **changes: Any) -> str:
        topic_id = session.scalars(select(Topic.id)).first() or 0
        set_id = create_set(session, cast.teacher, "Birds", "", MONDAY)
        for stem in ("Which bird?", "Which other?"):
            item = read_item({**CHOICE, "stem": stem, **changes})
            add_to_set(session, set_id, cast.teacher, item, Source(topic_id=topic_id), MONDAY)
        describe_set(session, set_id, cast.teacher, title="Birds", description="", rules=rules, now=MONDAY)
        slug = publish(session, set_id, cast.teacher, "link", MONDAY)
        session.commit()
        return slug

    return make


class Taker:
    """A learner at work, below the pages."""

    def __init__(self, session: Session, learner_id: int, slug: str, clock: Clock) -> None:
        self.session, self.learner_id, self.clock = session, learner_id, clock
        self.id = start_set(session, learner_id, slug, uuid.uuid4(), seed=1, now=clock.now)

    def gives(self, *answers: dict[str, Any] | None, position: int = 1, certainty: str | None = None) -> AttemptItem:
        for answer in answers:
            given = Given(uuid.uuid4(), answer, self.row(position).revision, certainty=certainty)
            respond(self.session, self.learner_id, self.id, position, given, self.clock.now)
        return self.row(position)

    def row(self, position: int = 1) -> AttemptItem:
        return self.session.get_one(AttemptItem, (self.learner_id, self.id, position), populate_existing=True)

    def ends(self) -> Attempt:
        finish(self.session, self.learner_id, self.id, self.clock.now)
        grade_attempt(self.session, self.learner_id, self.id, self.clock.now)
        return self.session.get_one(Attempt, (self.learner_id, self.id))

    def reviews(self) -> list[tuple[float | None, str | None]]:
        return [
            (score, certainty)
            for score, certainty in self.session.execute(
                select(Review.score, Review.certainty).where(Review.event == "review").order_by(Review.item_id)
            )
        ]


@pytest.fixture
def take(session: Session, cast: Cast, clock: Clock, made: Callable[..., str]) -> Callable[..., Taker]:
    return lambda rules, **changes: Taker(session, cast.student, made(rules, **changes), clock)


@pytest.mark.parametrize(
    ("answers", "score"),
    [
        ((A,), 1), ((B, A), 2 / 3), ((B, D, A), 1 / 3), ((B, D, B), 0), ((C, A), 2 / 3), ((C, B, GAVE_UP), 0.5),
        ((GAVE_UP,), 0), ((B, GAVE_UP), 0), ((C, D, A), 0.5),
    ],
)  # fmt: skip
def test_each_wrong_try_costs_and_a_further_one_never_takes_away(
    take: Callable[..., Taker], answers: tuple[Any, ...], score: float
) -> None:
    taker = take(THREE)
    row = taker.gives(*answers)
    assert row.score == pytest.approx(score)
    with pytest.raises(Conflict, match="already answered"):
        taker.gives(A)
    attempt = taker.ends()
    assert attempt.score == pytest.approx(score)
    assert attempt.answered_count == 1
    assert taker.row().score == pytest.approx(score)


def test_a_questions_own_penalty_comes_first() -> None:
    item = read_item({**CHOICE, "penalty": 0.1})
    assert earned(THREE, item, [B, A]) == pytest.approx(0.9)
    assert earned(replace(THREE, penalty=1), read_item(CHOICE), [B, A]) == 0


def test_the_memory_hears_the_first_try_once(take: Callable[..., Taker], session: Session) -> None:
    taker = take(THREE)
    row = taker.gives(B)
    assert (row.score, taker.reviews()) == (None, [(0, None)])
    taker.gives(A)
    taker.gives(A, position=2)
    taker.ends()
    assert taker.reviews() == [(0, None), (1, None)]
    tries = session.execute(select(Response.position, Response.revision, Response.answer).order_by(Response.revision))
    assert sorted(map(tuple, tries), key=str) == sorted([(1, 1, B), (1, 2, A), (2, 1, A)], key=str)
    assert list(differences(session)) == []


def test_a_question_left_between_two_tries_is_marked_at_the_end(take: Callable[..., Taker]) -> None:
    taker = take(THREE)
    taker.gives(C)
    assert taker.row().score is None
    assert taker.ends().score == 0.5


@pytest.mark.parametrize(
    ("answer", "certainty", "mark"),
    [(A, "low", 1 / 3), (A, "mid", 2 / 3), (A, "high", 1), (B, "low", 0), (B, "mid", -2 / 3), (B, "high", -2)],
)
@pytest.mark.parametrize("feedback", ["at_end", "at_once"])
def test_marks_follow_certainty(
    take: Callable[..., Taker], answer: dict[str, Any], certainty: str, mark: float, feedback: Any
) -> None:
    taker = take(Rules(feedback=feedback, asks_certainty=True, is_shuffled=False))
    taker.gives(answer, certainty=certainty)
    attempt = taker.ends()
    assert attempt.score == pytest.approx(mark)
    assert taker.row().score == (1 if answer == A else 0)
    assert taker.reviews() == [(1 if answer == A else 0, certainty)]


def test_with_certainty_only_the_first_try_earns(take: Callable[..., Taker]) -> None:
    taker = take(replace(THREE, asks_certainty=True))
    taker.gives(B, certainty="mid")
    taker.gives(A)
    assert taker.ends().score == pytest.approx(-2 / 3)


def test_the_pages_say_try_again_with_the_next_hint_and_no_key(
    visitor: Browser, cast: Cast, made: Callable[..., str], stored: Stored
) -> None:
    person = visitor(cast.student)
    person.open(f"/sets/{made(THREE)}")
    page = person.press("Start quiz")
    assert "It is small." not in page.words
    page = person.press("Check answer", choice="b")
    assert "Not right. You have two more tries." in page.words
    assert "It is small." in page.words
    assert "It sings." not in page.words
    assert not page.all("mark")
    assert "You have tried this answer." in person.press("Check answer", status=422, choice="b").words
    page = person.press("Check answer", choice="c")
    assert "Partly right. You have one more try." in page.words
    assert "It sings." in page.words
    person.open(page.path.rsplit("/", 1)[0] + "/finish")
    assert person.page is not None
    assert "Not right yet" in person.page.words
    person.open(page.path)
    page = person.press("Show answer")
    assert "33 % of the mark earned" in page.words.replace("\N{NO-BREAK SPACE}", " ")
    page = person.follow("Next question")
    page = person.press("Check answer", choice="a")
    assert "One try: 100 % of the mark" in page.words.replace("\N{NO-BREAK SPACE}", " ")
    person.follow("To the overview")
    page = person.press("Finish quiz")
    assert page.heading == "1.3 of 2 marks"
    assert stored().scalar(select(Attempt.score)) == pytest.approx(4 / 3)


@pytest.mark.parametrize("feedback", ["at_end", "at_once"])
def test_certainty_is_asked_kept_required_and_reviewed(
    visitor: Browser, cast: Cast, made: Callable[..., str], stored: Stored, feedback: Any
) -> None:
    person = visitor(cast.student)
    person.open(f"/sets/{made(Rules(feedback=feedback, asks_certainty=True, is_shuffled=False))}")
    page = person.press("Start quiz")
    label = "Check answer" if feedback == "at_once" else "Next"
    page = person.press(label, status=422, choice="b")
    assert "Say how sure you are, too." in page.words
    page = person.press("Flag", choice="b", certainty="high")
    assert [box.get("value") for box in page.all("input", name="certainty") if box.get("checked") is not None] == [
        "high"
    ]
    person.press(label)
    if feedback == "at_once":
        person.follow("Next question")
    person.press("Check answer" if feedback == "at_once" else "To the overview", choice="a", certainty="mid")
    page = person.press("Finish quiz")
    assert page.heading == "−1.3 of 2 marks"
    assert "Sure 1 time right 0 times" in page.words
    assert "Fairly sure 1 time right 1 time" in page.words
    assert "You were sure: −2 marks" in page.words
    assert sorted(certainty or "" for certainty in stored().scalars(select(Response.certainty))) == ["high", "mid"]


def test_practice_asks_how_sure_and_its_score_stays_the_credit(visitor: Browser, cast: Cast, stored: Stored) -> None:
    person = visitor(cast.student)
    person.open("/quizzes/new")
    page = person.press("Start quiz", number=1, kinds=["true_false"], feedback="at_end", asks_certainty="y")
    choice = next(box.get("value") for box in page.all("input", name="choice"))
    person.press("To the overview", choice=choice, certainty="high")
    page = person.press("Finish quiz")
    assert page.heading in ("1 of 1 right", "0 of 1 right", "All 1 right")
    assert stored().scalar(select(Attempt.score)) in (0, 1)
    assert "Sure 1 time" in page.words
