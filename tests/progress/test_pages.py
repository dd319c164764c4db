"""Progress in the browser: empty, too little to tell, full, and somebody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from quizapp.learning.rebuilding import differences
from quizapp.models import RecallTotal, Topic
from tests.builders import counted_queries, listed_count
from tests.conftest import Cast, Clock
from tests.histories import answer, items_of, make_attempt, review, study, topic_slug
from tests.pages import Visitor

Browser = Callable[..., Visitor]


def full_history(session: Session, learner_id: int, clock: Clock) -> None:
    """Two weeks: a topic known and faded, one never known, one studied with cards, one hardly met."""
    attempt_id = make_attempt(session, learner_id, clock.now)
    answer(session, learner_id, items_of(session), 1.0, clock.now)
    answer(session, learner_id, items_of(session, 1), 0.0, clock.now, attempt_id=attempt_id)
    answer(session, learner_id, items_of(session, 3)[:1], 1.0, clock.now)
    study(session, learner_id, items_of(session, 2), clock.now)
    for item_id in items_of(session, 2):
        review(session, learner_id, item_id, 4, clock.now)
    session.commit()
    clock.advance(days=9)


def test_a_newcomer_is_told_what_the_page_will_hold(visitor: Browser, cast: Cast) -> None:
    page = visitor(cast.student).open("/progress")
    assert page.heading == "Progress starts with one quiz"
    assert page.links()["Take a first quiz"] == "/quizzes/new"
    assert not page.all("svg", class_="chart")


def test_a_few_answers_give_no_number(visitor: Browser, session: Session, cast: Cast, clock: Clock) -> None:
    answer(session, cast.student, items_of(session)[:2], 1.0, clock.now)
    session.commit()
    browser = visitor(cast.student)
    page = browser.open("/progress")
    assert page.heading == "A few more answers will tell what you would recall."
    assert f"2 of {listed_count(session, topic_slug(session))} questions met" in page.words
    assert not page.all("table", class_="topics")
    page = browser.open(f"/progress/{topic_slug(session)}")
    assert "Not enough answers yet" in page.words
    assert "%" not in page.words


def test_all_topics_are_told_and_drawn(visitor: Browser, session: Session, cast: Cast, clock: Clock) -> None:
    full_history(session, cast.student, clock)
    page = visitor(cast.student).open("/progress")
    assert page.heading.startswith("One topic has faded.")
    assert "too few answers to tell." in page.words
    (table,) = page.all("table", class_="topics")
    assert len(list(table.iter("tr"))) == 4
    assert len(page.all("svg", class_="spark chart")) == 3
    assert "Cards due, next 14 days" in page.words
    assert "in the last four weeks." in page.words
    squares = page.all("svg", class_="chart heat")[0]
    assert sum(1 for _ in squares.iter("rect")) == 1
    assert "No due card was reviewed in the last 30 days." in page.words
    assert "From 20 reviews on this shows" in page.words
    assert "in the last 14 days, most on" in page.words
    labels = [svg.get("aria-label") for svg in page.all("svg", role="img")]
    assert all(labels)
    assert len(page.all("details")) == len(labels)


def test_the_cards_due_are_those_that_today_announces(
    visitor: Browser, session: Session, cast: Cast, clock: Clock
) -> None:
    full_history(session, cast.student, clock)
    browser = visitor(cast.student)
    due = browser.open("/").words.partition(" cards are due")[0].split()[-1]
    page = browser.open("/progress")
    assert f"{due} cards are due today." in page.words
    cells = [cell.text for cell in page.all("td", class_="num duecell")]
    assert sum(int(cell or "") for cell in cells) <= int(due)
    assert page.all("rect", class_="at")
    figure, *_ = [text.text for text in page.all("text", class_="strong")]
    assert figure == due


def test_what_was_recalled_when_due_is_told_beside_what_was_expected(
    visitor: Browser, session: Session, cast: Cast, clock: Clock
) -> None:
    full_history(session, cast.student, clock)
    day = clock.now.date() - timedelta(days=3)
    for twentieth, recalled in ((16, 20), (18, 29)):
        session.add(
            RecallTotal(
                learner_id=cast.student, study_day=day, is_due=True, is_mature=False, twentieth=twentieth,
                reviews=30, recalled=recalled, expected=30 * (twentieth + 0.5) / 20,
            )
        )  # fmt: skip
    session.commit()
    page = visitor(cast.student).open("/progress")
    assert "82\u00a0% of 60 due cards recalled in the last 30 days. You aim at 90\u00a0%." in page.text
    assert "When we said 88\u00a0%, you recalled 82\u00a0% (60 reviews). The difference may be chance." in page.text
    assert [cell for cell in page.all("small", class_="under") if cell.text == "71–90\u00a0%"]
    assert page.all("svg", class_="chart field")


def test_own_certainty_is_told_beside_what_was_right_once_there_is_enough(
    visitor: Browser, session: Session, cast: Cast, clock: Clock
) -> None:
    full_history(session, cast.student, clock)
    items = items_of(session, 2)[:5]

    def one_day(score: float) -> None:
        answer(session, cast.student, items, score, clock.now, certainty="high")
        answer(session, cast.student, items[:2], 0.5, clock.now, certainty="low")
        answer(session, cast.student, items, 1.0, clock.now, certainty="high", is_open_book=True)
        clock.advance(days=1)
        session.commit()

    one_day(0.0)
    one_day(1.0)
    page = visitor(cast.student).open("/progress")
    assert "how right that was. So far there are 14." in page.words
    one_day(1.0)
    answer(session, cast.student, items[:2], 0.0, clock.now, certainty="high")
    assert list(differences(session)) == []
    session.commit()
    page = visitor(cast.student).open("/progress")
    assert "Of 17 answers that you were sure of, 59\u00a0% were right; of 6 answers that you were not sure" in page.text
    assert "You are sure too often." in page.words
    table = next(table for table in page.all("table") if table.get("aria-label", "").startswith("You said"))
    assert "0–33" in " ".join(table.itertext())


def test_one_topic_is_told_before_and_after_today(visitor: Browser, session: Session, cast: Cast, clock: Clock) -> None:
    full_history(session, cast.student, clock)
    browser = visitor(cast.student)
    title = session.scalars(select(Topic.title).where(Topic.slug == topic_slug(session))).one()
    browser.open("/progress")
    page = browser.follow(title)
    assert page.heading == title
    assert "Faded. Below 80\u00a0% since" in page.text
    assert "Down from" in page.words
    assert page.all("path", class_="curve ahead")[0].get("d", "").startswith("M")
    assert "Questions met" in page.words
    assert "Nothing missed in the last two months." in page.words
    assert page.links()["Read the passage"] == f"/topics/{topic_slug(session)}"


def test_what_was_missed_stands_with_its_sentence_and_leads_to_the_review(
    visitor: Browser, session: Session, cast: Cast, clock: Clock
) -> None:
    full_history(session, cast.student, clock)
    page = visitor(cast.student).open(f"/progress/{topic_slug(session, 1)}")
    (misses,) = page.all("ul", class_="misses")
    assert len(list(misses.iter("h3"))) == 5
    assert len(page.all("mark")) >= 5
    assert any(link.startswith("/attempts/") for link in page.links().values())
    assert "on one of the last 14 days." in page.words


def test_progress_is_ones_own(visitor: Browser, session: Session, cast: Cast, clock: Clock) -> None:
    full_history(session, cast.student, clock)
    assert visitor(cast.classmate).open("/progress").heading == "Progress starts with one quiz"
    page = visitor(cast.classmate).open(f"/progress/{topic_slug(session, 1)}")
    assert "Nothing missed in the last two months." in page.words
    page = visitor().open("/progress")
    assert page.path.startswith("/sign-in")
    assert visitor().open(f"/progress/{topic_slug(session)}").path.startswith("/sign-in")


def test_a_topic_that_is_not_listed_is_not_found(visitor: Browser, session: Session, cast: Cast) -> None:
    slug = topic_slug(session)
    session.execute(update(Topic).where(Topic.slug == slug).values(is_listed=False))
    session.commit()
    visitor(cast.student).open(f"/progress/{slug}", status=404)
    visitor(cast.student).open("/progress/no-such-topic", status=404)


def test_pages_cost_the_same_however_much_there_is(
    app: Flask, visitor: Browser, session: Session, cast: Cast, clock: Clock
) -> None:
    paths = ("/progress", f"/progress/{topic_slug(session, 1)}")
    full_history(session, cast.student, clock)
    few = costs(app, visitor(cast.student), paths)
    for place in range(10):
        for days in (1, 2, 3):
            answer(session, cast.student, items_of(session, place), 0.0, clock.now + timedelta(days=days))
        study(session, cast.student, items_of(session, place), clock.now)
    session.commit()
    clock.advance(days=4)
    assert costs(app, visitor(cast.student), paths) == few == [8, 8]


def costs(app: Flask, browser: Visitor, paths: tuple[str, ...]) -> list[int]:
    found = []
    for path in paths:
        with counted_queries(app) as statements:
            browser.open(path)
        found.append(len(statements))
    return found
