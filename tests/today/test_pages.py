"""The start page: for a visitor, a newcomer, a teacher, and somebody with cards, quizzes and topics."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from quizapp.core.fading import Outlook
from quizapp.core.items import SingleChoice, read_item
from quizapp.learning.learners import learner
from quizapp.learning.recall import topics_today
from quizapp.models import Card, Evidence, ItemVersion, Person, Review, Topic
from quizapp.web.findings import recall_finding
from tests.builders import counted_queries
from tests.conftest import Cast, Clock
from tests.histories import answer, items_of, make_attempt, make_set, review, study, topic_slug
from tests.pages import Page, Visitor

Browser = Callable[..., Visitor]


def asked_in(page: Page) -> tuple[str, list[str]]:
    """Return the question that the page for visitors asks: its number and its choices."""
    (field,) = page.all("input", name="question")
    return field.get("value", ""), [option.get("value", "") for option in page.all("input", type="radio")]


def key_of(session: Session, version_id: str) -> SingleChoice:
    item = read_item(session.get_one(ItemVersion, int(version_id)).content)
    assert isinstance(item, SingleChoice)
    return item


def test_a_visitor_is_asked_a_real_question_and_told_nothing_before(visitor: Browser, session: Session) -> None:
    page = visitor().open("/")
    assert page.heading == "Learn what you read, and keep it"
    assert {"Sign up", "Sign in", "Sign up to teach", "See question sets"} <= set(page.links())
    assert {"Check answer", "Take a quiz of five"} <= set(page.buttons())
    version_id, choices = asked_in(page)
    item = key_of(session, version_id)
    assert sorted(choices) == [option.id for option in item.options]
    assert item.stem in page.words
    assert not page.all("mark")
    assert item.feedback not in page.text
    assert not any(option.feedback and option.feedback in page.text for option in item.options)


def test_the_answer_is_judged_in_place_and_its_sentence_marked(visitor: Browser, session: Session) -> None:
    browser = visitor()
    version_id, choices = asked_in(browser.open("/"))
    item = key_of(session, version_id)
    right = next(option.id for option in item.options if option.weight == 1)
    quotes = set(session.scalars(select(Evidence.quote).where(Evidence.item_version_id == int(version_id))))
    for choice in choices:
        page = browser.open(f"/?question={version_id}&choice={choice}")
        assert ("Your answer, right" in page.words) == (choice == right)
        assert ("Your answer, not right" in page.words) == (choice != right)
        assert {mark.text for mark in page.all("mark")} == quotes
        assert item.feedback in page.words
        assert "Take a quiz of five" in page.buttons()
        assert "Check answer" not in page.buttons()


def test_nothing_is_stored_of_it(visitor: Browser, session: Session) -> None:
    browser = visitor()
    version_id, choices = asked_in(browser.open("/"))
    browser.open(f"/?question={version_id}&choice={choices[0]}")
    assert session.scalar(select(func.count()).select_from(Person).where(Person.role == "guest")) == 0
    assert session.scalar(select(func.count()).select_from(Review)) == 0


def test_a_form_without_a_choice_says_so(visitor: Browser) -> None:
    browser = visitor()
    version_id, _ = asked_in(browser.open("/"))
    for query in (f"question={version_id}", f"question={version_id}&choice=nonsense"):
        page = browser.open(f"/?{query}")
        assert "Choose an answer first." in page.words
        assert not page.all("mark")


def test_only_the_question_of_the_day_is_answered(visitor: Browser, session: Session) -> None:
    browser = visitor()
    version_id, _ = asked_in(browser.open("/"))
    for other in session.scalars(select(ItemVersion.id).where(ItemVersion.id != int(version_id))).all()[:40]:
        page = browser.open(f"/?question={other}&choice=a")
        if page.all("mark"):
            assert other == yesterdays(browser, version_id)
        else:
            assert asked_in(page)[0] == version_id
    for nonsense in ("0", "x", "", "9" * 40, "²"):
        assert asked_in(browser.open(f"/?question={nonsense}&choice=a"))[0] == version_id


def yesterdays(browser: Visitor, version_id: str) -> int:
    """Return which question but today’s is answered."""
    return next(
        number for number in range(1, 200)
        if str(number) != version_id and browser.open(f"/?question={number}&choice=a").all("mark")
    )  # fmt: skip


def test_the_question_changes_by_the_day_and_is_answered_past_midnight(visitor: Browser, clock: Clock) -> None:
    browser = visitor()
    seen = set()
    for _ in range(8):
        version_id, choices = asked_in(browser.open("/"))
        seen.add(version_id)
        clock.advance(days=1)
        assert browser.open(f"/?question={version_id}&choice={choices[0]}").all("mark")
    assert len(seen) > 3


def test_without_passages_the_page_for_visitors_still_stands(visitor: Browser, session: Session) -> None:
    session.execute(update(Topic).values(is_listed=False))
    session.commit()
    page = visitor().open("/?question=1&choice=a")
    assert not page.all("mark")
    assert page.links()["Sign up to teach"] == "/sign-up?role=teacher"
    assert "topics" not in page.words.split("For teachers")[0]


def test_who_comes_to_teach_has_that_chosen_already(visitor: Browser) -> None:
    for asked_for, chosen in (("teacher", "teacher"), ("admin", "student"), ("", "student")):
        radios = visitor().open(f"/sign-up?role={asked_for}").all("input", type="radio")
        assert [radio.get("value") for radio in radios if radio.get("checked") is not None] == [chosen]


def test_a_newcomer_is_one_click_from_a_first_quiz(visitor: Browser, cast: Cast) -> None:
    browser = visitor(cast.student)
    page = browser.open("/")
    assert page.heading == "Start with one short quiz"
    assert "Go to Teach" not in page.links()
    assert page.links()["Build your own quiz"] == "/quizzes/new"
    assert "%" not in page.words
    assert "1 of 5" in browser.press("Take a first quiz").text
    page = browser.open("/")
    assert page.heading == "Your quiz is under way"
    assert "Continue the quiz" in page.links()
    assert "Take a first quiz" not in page.buttons()


def test_a_new_teacher_is_led_to_writing(visitor: Browser, cast: Cast) -> None:
    page = visitor(cast.teacher).open("/")
    assert page.heading == "Your first set, in a few minutes"
    assert page.links()["Write a set"] == "/teach"


def test_a_teacher_who_does_not_study_reads_what_became_of_their_sets(
    visitor: Browser, session: Session, cast: Cast, clock: Clock
) -> None:
    made = make_set(session, cast.teacher, "First", clock.now)
    make_set(session, cast.teacher, "Second", clock.now, status="draft")
    session.commit()
    browser = visitor(cast.teacher)
    page = browser.open("/")
    assert page.heading == "Nobody has taken your sets yet"
    assert "1 set open to take, 1 draft." in page.words
    assert page.links()["Go to your sets"] == "/teach"
    for learner_id in (cast.student, cast.classmate):
        make_attempt(session, learner_id, clock.now, set_id=made.id)
    make_attempt(session, cast.colleague, clock.now, set_id=made.id, is_closed=False)
    session.commit()
    assert browser.open("/").heading == "2 people have taken your sets"


def test_a_day_with_cards_says_what_faded_how_long_it_takes_and_what_comes(
    visitor: Browser, session: Session, cast: Cast, clock: Clock
) -> None:
    known = items_of(session)
    answer(session, cast.student, known, 1.0, clock.now)
    for item_id in known:
        study(session, cast.student, [item_id], clock.now)
        review(session, cast.student, item_id, 4, clock.now)
    for place in (1, 2):
        study(session, cast.student, items_of(session, place), clock.now)
    clock.advance(days=6)
    review(session, cast.student, known[0], 3, clock.now)
    make_attempt(session, cast.student, clock.now, is_closed=False)
    make_attempt(session, cast.classmate, clock.now, is_closed=False)
    session.commit()
    clock.advance(days=2)
    page = visitor(cast.student).open("/")
    due = int(page.words.partition(" cards are due, ")[0].split()[-1])
    assert page.words.startswith("Tuesday 24 November")
    assert page.links()[f"Review {due} cards"] == "/cards"
    assert page.heading == recall_finding(outlooks(session, cast.student, clock), clock.now.date())
    assert page.words.count(page.heading) == 1
    assert page.words.count("4/10 answered") == 1
    assert "Saved 22 November at 09:00" in page.words
    assert page.links()["All ten topics"] == "/progress"
    assert len(page.all("svg", class_="recall")) + len(page.all("svg", class_="recall is-due")) == 1
    assert "Not started yet" in page.words


def outlooks(session: Session, learner_id: int, clock: Clock) -> list[Outlook]:
    return [topic.outlook for topic in topics_today(session, learner(session, learner_id), clock.now)]


def test_the_days_ahead_count_the_cards(visitor: Browser, session: Session, cast: Cast, clock: Clock) -> None:
    items = items_of(session)
    study(session, cast.student, items, clock.now)
    for item_id in items:
        review(session, cast.student, item_id, 4, clock.now)
    for day, item_id in enumerate(items, start=1):
        at = Card.learner_id == cast.student, Card.item_id == item_id
        session.execute(update(Card).where(*at).values(due_at=clock.now + timedelta(days=1 if day < 4 else day)))
    session.commit()
    page = visitor(cast.student).open("/")
    whole = 3 + len(range(4, min(len(items), 7) + 1))
    assert f"{whole} cards in the next seven days, 3 of them tomorrow." in page.words
    assert "Tuesday: 3 cards" in page.words
    assert "Wednesday: none" in page.words


def test_the_minutes_come_from_the_learners_own_pace(
    visitor: Browser, session: Session, cast: Cast, clock: Clock
) -> None:
    item_ids = items_of(session)
    study(session, cast.student, item_ids, clock.now)
    for item_id in item_ids[:4]:
        for _ in range(3):  # 12 seconds each
            review(session, cast.student, item_id, 3, clock.now)
            clock.advance(minutes=11)
    for place in (1, 2, 3):
        study(session, cast.student, items_of(session, place), clock.now)
    session.execute(update(Person).where(Person.id == cast.student).values(new_cards_per_day=200))
    session.commit()
    page = visitor(cast.student).open("/")
    due = next(int(link.split()[1]) for link in page.links() if link.startswith("Review "))
    assert round(due * 12 / 60) != round(due * 10 / 60)
    names = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}
    assert f"about {names[round(due * 12 / 60)]} minutes." in page.words.lower()


def test_after_the_first_cards_the_page_says_when_they_come_back(
    visitor: Browser, session: Session, cast: Cast, clock: Clock
) -> None:
    (item_id, other, *_) = items_of(session)
    study(session, cast.student, [item_id], clock.now)
    review(session, cast.student, item_id, 4, clock.now)
    answer(session, cast.student, [other], 1.0, clock.now)
    session.commit()
    browser = visitor(cast.student)
    page = browser.open("/")
    assert page.heading == "Done for today"
    assert "1 card comes back" in page.words
    assert "Study ahead" in page.links()
    assert "1 of 5" in browser.press("Take a short quiz").text


def test_with_nothing_due_an_open_quiz_is_the_next_step(
    visitor: Browser, session: Session, cast: Cast, clock: Clock
) -> None:
    attempt_id = make_attempt(session, cast.student, clock.now, is_closed=False)
    session.commit()
    page = visitor(cast.student).open("/")
    assert page.heading == "Your quiz is under way"
    assert "Four of ten questions are answered, and saved. It is Practice: a topic." in page.words
    assert page.links()["Continue the quiz"] == f"/attempts/{attempt_id}"
    assert "Pick up where you stopped" not in page.words


def test_a_first_quiz_without_a_miss_leads_to_its_topic(
    visitor: Browser, session: Session, cast: Cast, clock: Clock
) -> None:
    answer(session, cast.student, items_of(session, 3)[:2], 1.0, clock.now)
    session.commit()
    page = visitor(cast.student).open("/")
    assert page.heading == "Nothing is due today"
    assert page.links()["Choose cards to study"] == f"/topics/{topic_slug(session, 3)}"


def test_who_comes_back_after_long_is_welcome(visitor: Browser, session: Session, cast: Cast, clock: Clock) -> None:
    study(session, cast.student, items_of(session)[:3], clock.now)
    for item_id in items_of(session)[:3]:
        review(session, cast.student, item_id, 3, clock.now)
    session.commit()
    clock.advance(days=30)
    assert "Welcome back; the last time was on 16 November." in visitor(cast.student).open("/").words


def test_the_day_is_the_learners_day(visitor: Browser, session: Session, cast: Cast, clock: Clock) -> None:
    session.execute(update(Person).where(Person.id == cast.student).values(time_zone="Pacific/Auckland"))
    session.commit()
    clock.advance(hours=8)  # 17:00 UTC is 06:00 on Tuesday there
    assert visitor(cast.student).open("/").words.startswith("Tuesday 17 November")
    assert visitor(cast.classmate).open("/").words.startswith("Monday 16 November")


def test_the_page_costs_the_same_however_much_there_is(
    app: Flask, visitor: Browser, session: Session, cast: Cast, clock: Clock
) -> None:
    study(session, cast.student, items_of(session)[:2], clock.now)
    answer(session, cast.student, items_of(session)[2:], 0.0, clock.now - timedelta(days=1))
    make_attempt(session, cast.student, clock.now, is_closed=False)
    session.commit()
    counts = [cost(app, visitor(cast.student))]
    for place in range(10):
        answer(session, cast.student, items_of(session, place), 0.0, clock.now)
        study(session, cast.student, items_of(session, place), clock.now)
        make_attempt(session, cast.student, clock.now, is_closed=False)
    session.commit()
    clock.advance(hours=1)
    counts.append(cost(app, visitor(cast.student)))
    assert counts == [8, 8]
    assert cost(app, visitor(cast.classmate)) == 6
    assert cost(app, visitor()) == 4


def cost(app: Flask, browser: Visitor) -> int:
    with counted_queries(app) as statements:
        browser.open("/")
    return len(statements)
