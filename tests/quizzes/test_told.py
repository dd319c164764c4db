"""What is told of a finished quiz, and when; going forward only; words for a score."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.authoring.flags import flaggable
from quizapp.authoring.items import Source, set_enemies
from quizapp.authoring.publishing import close, publish, reopen
from quizapp.authoring.sets import add_to_set, create_set, describe_set
from quizapp.core.items import read_item
from quizapp.core.rules import Band, Rules
from quizapp.errors import Conflict, NotFound
from quizapp.models import AttemptItem, Card, ItemSet, ItemSetItem, Topic, is_withheld
from quizapp.quizzes.attempts import start_set
from quizapp.quizzes.finishing import finish, grade_attempt
from quizapp.quizzes.responses import Given, respond
from tests.conftest import MONDAY, Cast, Clock
from tests.pages import Visitor

Browser = Callable[..., Visitor]
Stored = Callable[[], Session]
LATE = Rules(told_after=())
KEY, REASON = "The Kestrelkey", "Curlewreason tells."


@pytest.fixture
def make(session: Session, cast: Cast) -> Callable[[Rules], tuple[int, str]]:
    """Publish a set of two questions with rules; its number and its address."""

    topic_id = session.scalars(select(Topic.id)).first() or 0

    def make_set(rules: Rules) -> tuple[int, str]:
        set_id = create_set(session, cast.teacher, "Birds", "", MONDAY)
        for stem in ("Which bird?", "Which other?"):
            options = [{"id": "a", "text": KEY, "weight": 1}, {"id": "b", "text": "The rook"}]
            item = read_item({"kind": "single_choice", "stem": stem, "options": options, "feedback": REASON})
            add_to_set(session, set_id, cast.teacher, item, Source(topic_id=topic_id), MONDAY)
        describe_set(session, set_id, cast.teacher, title="Birds", description="", rules=rules, now=MONDAY)
        slug = publish(session, set_id, cast.teacher, "link", MONDAY)
        session.commit()
        return set_id, slug

    return make_set


def taken(session: Session, learner_id: int, slug: str, clock: Clock, *choices: str) -> uuid.UUID:
    """Take a set to its end with these choices."""
    attempt_id = start_set(session, learner_id, slug, uuid.uuid4(), seed=1, now=clock.now)
    for position, choice in enumerate(choices, start=1):
        given = Given(uuid.uuid4(), {"choice": choice}, 0)
        respond(session, learner_id, attempt_id, position, given, clock.now)
    finish(session, learner_id, attempt_id, clock.now)
    grade_attempt(session, learner_id, attempt_id, clock.now)
    session.commit()
    return attempt_id


def withheld(session: Session, learner_id: int) -> set[int]:
    return set(session.scalars(select(Card.item_id).where(is_withheld(Card.item_id, learner_id))))


class TestTold:
    def test_nothing_before_the_set_is_closed_and_all_of_it_then(
        self, visitor: Browser, cast: Cast, make: Any, session: Session, clock: Clock
    ) -> None:
        set_id, slug = make(LATE)
        attempt_id = taken(session, cast.student, slug, clock, "a", "b")
        person = visitor(cast.student)
        page = person.open(f"/attempts/{attempt_id}/review")
        assert page.heading == "Finished, and your answers are kept"
        assert "You see your score and what was right and the right answers when the quiz has closed." in page.words
        assert "You answered: The Kestrelkey" in page.words  # their own answer
        for word in (REASON, "Right", "Not right", "Practise what I missed"):
            assert word not in page.words.replace("right answers", "")
        assert "told later" in person.open("/attempts").words
        assert "1 of 2" not in person.open(f"/sets/{slug}").words
        close(session, set_id, cast.teacher, clock.now)
        session.commit()
        page = person.open(f"/attempts/{attempt_id}/review")
        assert page.heading == "1 of 2 right"
        assert REASON in page.words
        assert "Practise what I missed" in page.words
        assert "1 of 2" in person.open(f"/sets/{slug}").words
        reopen(session, set_id, cast.teacher, clock.now)
        session.commit()
        assert REASON not in person.open(f"/attempts/{attempt_id}/review").words

    @pytest.mark.parametrize(
        ("told", "sees", "sees_not"),
        [
            (("score",), ["1 of 2 right"], ["Not right", REASON]),
            (("score", "correctness"), ["1 of 2 right", "Not right", "You answered: The rook"], [REASON]),
        ],
    )
    def test_as_much_as_the_rules_say(
        self, visitor: Browser, cast: Cast, make: Any, session: Session, clock: Clock, told: Any, sees: list[str],
        sees_not: list[str],
    ) -> None:  # fmt: skip
        _, slug = make(Rules(told_after=told))
        attempt_id = taken(session, cast.student, slug, clock, "a", "b")
        words = visitor(cast.student).open(f"/attempts/{attempt_id}/review").words
        assert [word for word in sees if word not in words] == []
        assert [word for word in sees_not if word in words] == []

    def test_a_question_whose_key_is_still_to_be_told_waits_everywhere(
        self, cast: Cast, make: Any, session: Session, clock: Clock
    ) -> None:
        set_id, slug = make(LATE)
        taken(session, cast.student, slug, clock, "b", "b")
        items = set(session.scalars(select(AttemptItem.item_id)))
        version_id = session.scalars(select(AttemptItem.item_version_id)).first() or 0
        assert withheld(session, cast.student) == items
        assert withheld(session, cast.classmate) == set()
        with pytest.raises(NotFound):
            flaggable(session, version_id, cast.student)
        close(session, set_id, cast.teacher, clock.now)
        assert withheld(session, cast.student) == set()
        assert flaggable(session, version_id, cast.student)

    def test_a_key_that_is_never_told_waits_for_good(
        self, cast: Cast, make: Any, session: Session, clock: Clock
    ) -> None:
        set_id, slug = make(Rules(told_after=(), told_closed=("score",)))
        taken(session, cast.student, slug, clock, "b", "b")
        close(session, set_id, cast.teacher, clock.now)
        assert len(withheld(session, cast.student)) == 2

    def test_rules_changed_later_do_not_tell_of_an_earlier_attempt(
        self, visitor: Browser, cast: Cast, make: Any, session: Session, clock: Clock
    ) -> None:
        set_id, slug = make(LATE)
        attempt_id = taken(session, cast.student, slug, clock, "a", "b")
        describe_set(session, set_id, cast.teacher, title="Birds", description="", rules=Rules(), now=MONDAY)
        session.commit()
        assert REASON not in visitor(cast.student).open(f"/attempts/{attempt_id}/review").words


class TestForwardOnly:
    def test_a_question_that_was_passed_stays_closed(
        self, visitor: Browser, cast: Cast, make: Any, stored: Stored
    ) -> None:
        _, slug = make(Rules(navigation="sequential", is_shuffled=False))
        person = visitor(cast.student)
        page = person.open(f"/sets/{slug}")
        assert "what you have passed can’t be opened again" in page.words
        page = person.press("Start quiz")
        first = page.path
        assert "Overview" not in page.buttons()
        page = person.open(first.removesuffix("1") + "2")
        assert page.path == first
        page = person.press("Next", choice="a")
        second = page.path
        assert second.endswith("/2")
        assert "Back" not in page.buttons()
        assert person.open(first).path == second
        assert "Which bird?" not in person.open(first.removesuffix("/1")).words
        person.open(second)
        person.press("To the overview", choice="b")
        assert person.page is not None
        assert first not in person.page.links().values()
        assert second in person.page.links().values()
        page = person.press("Finish quiz")
        assert page.heading == "1 of 2 right"

    def test_nothing_else_than_the_open_question_takes_an_answer(
        self, cast: Cast, make: Any, session: Session, clock: Clock, visitor: Browser
    ) -> None:
        _, slug = make(Rules(navigation="sequential", feedback="at_once"))
        attempt_id = start_set(session, cast.student, slug, uuid.uuid4(), seed=1, now=clock.now)
        with pytest.raises(Conflict, match="forward only"):
            respond(session, cast.student, attempt_id, 2, Given(uuid.uuid4(), {"choice": "a"}, 0), clock.now)
        session.commit()
        person = visitor(cast.student)
        person.open(f"/attempts/{attempt_id}")
        person.press("Check answer", choice="a")
        page = person.press("Next question")
        assert page.path.endswith("/2")
        assert person.open(f"/attempts/{attempt_id}/1").path.endswith("/2")


def test_questions_drawn_by_lot_are_other_ones_each_time_and_never_enemies(
    visitor: Browser, cast: Cast, make: Any, session: Session, clock: Clock
) -> None:
    _, slug = make(Rules(drawn=1))
    assert "1 question of 2, drawn anew each time." in visitor(cast.student).open(f"/sets/{slug}").words
    asked = set()
    for seed in range(12):
        attempt_id = start_set(session, cast.student, slug, uuid.uuid4(), seed=seed, now=clock.now)
        asked.add(tuple(session.scalars(select(AttemptItem.item_id).where(AttemptItem.attempt_id == attempt_id))))
        finish(session, cast.student, attempt_id, clock.now)
    assert sorted(map(len, asked)) == [1, 1]
    _, both = make(Rules(drawn=2))
    items = list(session.scalars(select(ItemSetItem.item_id).join(ItemSet).where(ItemSet.slug == both)))
    set_enemies(session, items, [(items[0], items[1])])
    attempt_id = start_set(session, cast.student, both, uuid.uuid4(), seed=1, now=clock.now)
    assert len(session.scalars(select(AttemptItem.item_id).where(AttemptItem.attempt_id == attempt_id)).all()) == 1


@pytest.mark.parametrize(("choices", "said"), [("aa", "Very good."), ("ab", "Half of it."), ("bb", "")])
def test_words_for_a_score(
    visitor: Browser, cast: Cast, make: Any, session: Session, clock: Clock, choices: str, said: str
) -> None:
    bands = (Band(least=0.9, text="Very good."), Band(least=0.5, text="Half of it."))
    _, slug = make(Rules(bands=bands))
    attempt_id = taken(session, cast.student, slug, clock, *choices)
    words = visitor(cast.student).open(f"/attempts/{attempt_id}/review").words
    assert [band.text for band in bands if band.text in words] == ([said] if said else [])


@pytest.mark.parametrize("is_told", [True, False])
def test_feedback_of_the_option_the_question_and_the_score_comes_as_far_as_it_is_told(
    visitor: Browser, cast: Cast, session: Session, is_told: bool
) -> None:
    set_id = create_set(session, cast.teacher, "Birds", "", MONDAY)
    options = [
        {"id": "a", "text": KEY, "weight": 1, "feedback": "Swiftreason."},
        {"id": "b", "text": "The rook", "feedback": "Rookreason."},
    ]
    item = read_item({"kind": "single_choice", "stem": "Which bird?", "options": options, "feedback": REASON})
    source = Source(topic_id=session.scalars(select(Topic.id)).first() or 0)
    add_to_set(session, set_id, cast.teacher, item, source, MONDAY)
    bands = (Band(least=0.8, text="Sharp eyes."), Band(least=0.0, text="Look again."))
    rules = Rules(bands=bands) if is_told else Rules(bands=bands, told_after=("score",))
    describe_set(session, set_id, cast.teacher, title="Birds", description="", rules=rules, now=MONDAY)
    slug = publish(session, set_id, cast.teacher, "link", MONDAY)
    session.commit()
    person = visitor(cast.student)
    person.open(f"/sets/{slug}")
    person.press("Start quiz")
    person.press("To the overview", choice="b")
    page = person.press("Finish quiz")
    assert "Look again." in page.words
    assert "Sharp eyes." not in page.words
    assert [words in page.words for words in ("Rookreason.", REASON, KEY)] == [is_told] * 3
