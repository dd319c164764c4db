"""Topics and sets in the browser: for a visitor, a newcomer, somebody with a history, and a stranger."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from quizapp.core.items import key_text, read_item
from quizapp.models import Item, ItemVersion, Passage, PassageVersion, Topic
from tests.builders import card_count, counted_queries
from tests.conftest import Cast, Clock
from tests.histories import answer, items_of, make_attempt, make_set, study, topic_slug
from tests.pages import Visitor

Browser = Callable[..., Visitor]


def test_a_visitor_reads_the_list_and_a_passage(visitor: Browser, session: Session) -> None:
    browser = visitor()
    page = browser.open("/topics")
    assert page.heading == "Ten topics to read and practise"
    assert "Not started" not in page.words
    titles = session.scalars(select(Topic.title).order_by(Topic.position)).all()
    assert all(title in page.links() for title in titles)
    page = browser.follow(titles[4])
    heading, text = session.execute(
        select(Passage.heading, PassageVersion.text)
        .join(PassageVersion)
        .join(Topic, Topic.id == Passage.topic_id)
        .where(Topic.title == titles[4])
    ).one()
    assert page.heading == heading
    assert text in page.words
    assert page.links()["Sentence 1"] == "#s1"
    assert page.all("span", id="s1")
    assert page.links()["Study cards"] == f"/sign-in?next=/topics/{topic_slug(session, 4)}"
    assert "Try a quiz" in page.buttons()


def test_each_key_fact_leads_to_the_sentence_that_states_it(visitor: Browser, session: Session) -> None:
    for place in range(10):
        page = visitor().open(f"/topics/{topic_slug(session, place)}")
        facts, text = session.execute(
            select(Passage.key_facts, PassageVersion.text)
            .join(PassageVersion)
            .join(Topic, Topic.id == Passage.topic_id)
            .where(Topic.slug == topic_slug(session, place))
        ).one()
        shown = page.all("ol", class_="facts")[0]
        links = [element.get("href", "") for element in shown.iter("a")]
        assert len(links) == len(facts)
        for fact, link in zip(facts, links, strict=True):
            (sentence,) = page.all("span", id=link.removeprefix("#"))
            assert sentence.text is not None
            start = text.index(sentence.text)
            assert start <= fact["start"] < start + len(sentence.text)


def test_a_topic_page_gives_no_key_away(visitor: Browser, session: Session, cast: Cast) -> None:
    text = visitor(cast.student).open(f"/topics/{topic_slug(session)}").text
    contents = session.scalars(
        select(ItemVersion.content).join(Item).where(Item.id.in_(items_of(session)), Item.kind == "single_choice")
    )
    for content in contents:
        item = read_item(content)
        assert key_text(item) not in text
        assert item.feedback not in text


def test_a_newcomer_sees_no_number(visitor: Browser, session: Session, cast: Cast, clock: Clock) -> None:
    answer(session, cast.student, items_of(session)[:2], 1.0, clock.now)
    session.commit()
    page = visitor(cast.student).open("/topics")
    assert page.heading == "One of ten topics started"
    assert "Not enough answers yet: 2 of" in page.words
    page = visitor(cast.student).open(f"/topics/{topic_slug(session)}")
    assert "You have met 2 of" in page.words
    assert "%" not in page.words
    assert not page.all("svg", class_="chart")


def test_somebody_with_a_history_sees_how_each_topic_stands(
    visitor: Browser, session: Session, cast: Cast, clock: Clock
) -> None:
    answer(session, cast.student, items_of(session), 1.0, clock.now)
    answer(session, cast.student, items_of(session, 1), 0.0, clock.now)
    session.commit()
    clock.advance(days=12)
    page = visitor(cast.student).open("/topics")
    assert page.heading == "Two of ten topics started"
    assert "One topic has faded." in page.words
    assert "Faded. Below 80\u00a0% since" in page.text
    assert "Not at 80\u00a0% yet." in page.text
    assert "cards due" in page.words
    page = visitor(cast.student).open(f"/topics/{topic_slug(session)}")
    assert "Likely to recall today" in page.words
    assert "Without a review it would fall to" in page.words
    (chart,) = page.all("svg", class_="chart")
    assert "per cent today" in chart.get("aria-label", "")
    assert [cell.text for cell in page.all("th", scope="row")][-1] == "12 Dec"


def test_study_cards_leads_to_the_cards_of_the_topic(visitor: Browser, session: Session, cast: Cast) -> None:
    slug = topic_slug(session)
    session.commit()
    browser = visitor(cast.student)
    browser.open(f"/topics/{slug}")
    page = browser.press("Study cards")
    assert page.path == f"/cards?topic={slug}"
    assert f"{card_count(session, slug)} cards added to your schedule." in page.words
    page = browser.open(f"/topics/{slug}")
    assert "All its questions are on your schedule." in page.words
    assert page.links()["Study cards"] == f"/cards?topic={slug}"


def test_the_same_form_sent_twice_adds_once(visitor: Browser, session: Session, cast: Cast) -> None:
    slug = topic_slug(session)
    session.commit()
    browser = visitor(cast.student)
    page = browser.open(f"/topics/{slug}")
    browser.press("Study cards")
    browser.page = page
    assert "added to your schedule" not in browser.press("Study cards").words


def test_a_broken_or_signed_out_study_form_changes_nothing(visitor: Browser, session: Session, cast: Cast) -> None:
    slug = topic_slug(session)
    session.commit()
    browser = visitor(cast.student)
    browser.open(f"/topics/{slug}")
    page = browser.press("Study cards", status=422, submission_id="no-uuid")
    assert "Reload it" in page.words
    client = visitor().client
    assert client.post(f"/topics/{slug}/study").status_code == 400


def test_a_topic_with_two_passages_numbers_its_sentences_through(
    visitor: Browser, session: Session, clock: Clock
) -> None:
    topic_id = session.scalar(select(Topic.id).where(Topic.slug == topic_slug(session)))
    assert topic_id is not None
    passage = Passage(topic_id=topic_id, heading="What else?", created_at=clock.now)
    session.add(passage)
    session.flush()
    session.add(PassageVersion(passage_id=passage.id, number=1, text="One.\n\nTwo.", sha256="0", created_at=clock.now))
    session.commit()
    page = visitor().open(f"/topics/{topic_slug(session)}")
    assert page.heading == session.scalar(select(Topic.title).where(Topic.id == topic_id))
    assert page.all("span", id="s5")[0].text == "One."
    assert "</span>\n\n<span" in page.text


def test_a_topic_without_passage_or_questions_says_so(visitor: Browser, session: Session, clock: Clock) -> None:
    session.add(Topic(slug="bare", title="Bare", is_listed=True, created_at=clock.now))
    session.commit()
    assert "No questions yet" in visitor().open("/topics").words
    page = visitor().open("/topics/bare")
    assert page.heading == "Bare"
    assert "No questions on it yet." in page.words


def test_without_topics_the_list_says_what_it_will_hold(visitor: Browser, session: Session) -> None:
    session.execute(update(Topic).values(is_listed=False))
    session.commit()
    assert "No topic is open yet" in visitor().open("/topics").words


def test_a_topic_that_is_not_listed_is_not_found(visitor: Browser, session: Session, cast: Cast) -> None:
    slug = topic_slug(session)
    session.execute(update(Topic).where(Topic.slug == slug).values(is_listed=False))
    session.commit()
    for person in (None, cast.student, cast.teacher):
        visitor(person).open(f"/topics/{slug}", status=404)
        visitor(person).open("/topics/no-such-topic", status=404)


def test_a_published_set_is_found_read_and_its_attempts_are_the_viewers_own(
    visitor: Browser, session: Session, cast: Cast, clock: Clock
) -> None:
    item_set = make_set(session, cast.teacher, "Reading week", clock.now)
    make_attempt(session, cast.student, clock.now - timedelta(days=1), set_id=item_set.id)
    make_attempt(session, cast.classmate, clock.now, set_id=item_set.id, number=3)
    session.commit()
    browser = visitor(cast.student)
    page = browser.open("/sets")
    assert page.heading == "One question set to take"
    assert "3 questions, by Eva Lindqvist" in page.words
    page = browser.follow("Reading week")
    assert "3 questions, in a new order each time." in page.words
    assert "Start quiz" in page.buttons()
    assert "Attempt 1" in page.words
    assert "7 of 10" in page.words
    assert "Yesterday at 09:00" in page.words
    assert "Attempt 3" not in page.words
    assert "Your attempts" not in visitor().open("/sets/reading-week").words


def test_an_open_attempt_is_continued(visitor: Browser, session: Session, cast: Cast, clock: Clock) -> None:
    item_set = make_set(session, cast.teacher, "Reading week", clock.now)
    attempt_id = make_attempt(session, cast.student, clock.now, is_closed=False, set_id=item_set.id)
    session.commit()
    page = visitor(cast.student).open("/sets/reading-week")
    assert page.links()["Continue"] == f"/attempts/{attempt_id}"
    assert "Start quiz" not in page.buttons()


@pytest.mark.parametrize(("status", "visibility", "is_in_list", "answer_status"), [
    ("draft", "here", False, 404),
    ("published", "link", False, 200),
    ("closed", "here", False, 200),
])  # fmt: skip
def test_a_set_is_reached_as_its_state_allows(
    visitor: Browser, session: Session, cast: Cast, clock: Clock,
    status: str, visibility: str, is_in_list: bool, answer_status: int,
) -> None:  # fmt: skip
    make_set(session, cast.teacher, "Quiet set", clock.now, status=status, visibility=visibility)
    session.commit()
    for person in (None, cast.student, cast.colleague):
        page = visitor(person).open("/sets")
        assert ("Quiet set" in page.links()) == is_in_list
        page = visitor(person).open("/sets/quiet-set", status=answer_status)
        assert ("This set is closed." in page.words) == (status == "closed")
        assert (("Start quiz" if person else "Try a quiz") in page.buttons()) == (status == "published")


def test_without_sets_the_list_leads_to_the_topics(visitor: Browser) -> None:
    page = visitor().open("/sets")
    assert "No set is published yet" in page.words
    assert page.links()["Browse topics"] == "/topics"


def test_pages_cost_the_same_however_much_there_is(
    app: Flask, visitor: Browser, session: Session, cast: Cast, clock: Clock
) -> None:
    slug = topic_slug(session)
    paths = ("/topics", f"/topics/{slug}", "/sets", "/sets/reading-week")
    item_set = make_set(session, cast.teacher, "Reading week", clock.now)
    answer(session, cast.student, items_of(session)[:3], 0.0, clock.now)
    make_attempt(session, cast.student, clock.now, set_id=item_set.id)
    session.commit()
    few = costs(app, visitor(cast.student), paths)
    for place in range(10):
        answer(session, cast.student, items_of(session, place), 0.0, clock.now)
        study(session, cast.student, items_of(session, place), clock.now)
        make_set(session, cast.teacher, f"Set {place} {uuid.uuid4().hex}", clock.now)
        make_attempt(session, cast.student, clock.now, set_id=item_set.id, number=place + 2)
    session.commit()
    assert costs(app, visitor(cast.student), paths) == few
    assert dict(zip(paths, few, strict=True)) == {
        "/topics": 7, f"/topics/{slug}": 6, "/sets": 2, "/sets/reading-week": 5,
    }  # fmt: skip
    assert costs(app, visitor(), paths) == [2, 2, 1, 3]


def costs(app: Flask, browser: Visitor, paths: tuple[str, ...]) -> list[int]:
    found = []
    for path in paths:
        with counted_queries(app) as statements:
            browser.open(path)
        found.append(len(statements))
    return found


def test_the_navigation_marks_where_the_reader_is(visitor: Browser, session: Session) -> None:
    slug = topic_slug(session)
    for path, name in (("/topics", "Topics"), (f"/topics/{slug}", "Topics"), ("/sets", "Question sets")):
        page = visitor().open(path)
        assert [(link[0].tail or "").strip() for link in page.all("a", aria_current="page")] == [name]
