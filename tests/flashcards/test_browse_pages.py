"""The list of all cards: filters, pages, and keeping cards out of sessions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from quizapp.models import Card, Item, Topic
from tests.builders import counted_queries
from tests.conftest import Cast, Clock
from tests.flashcards.conftest import Stored, Study
from tests.pages import Page, Visitor, words

Open = Callable[..., Visitor]


def rows(page: Page) -> list[list[str]]:
    return [[words(cell) for cell in row] for row in page.all("tr")][1:]


def test_without_cards_the_list_leads_to_a_topic(visitor: Open, cast: Cast) -> None:
    assert visitor(cast.student).open("/cards/browse").links()["Choose a topic"] == "/topics"


def test_a_row_says_what_is_asked_where_it_stands_and_when_it_comes(
    study: Study, visitor: Open, cast: Cast, clock: Clock
) -> None:
    study(count=2, kind="true_false")
    browser = visitor(cast.student)
    heading = browser.open("/cards").heading
    browser.press("Show answer")
    browser.press("Easy")
    clock.advance(days=3)
    listed = {row[0]: row[1:] for row in rows(browser.open("/cards/browse"))}
    known = listed.pop(heading)
    assert known[1] == "Remembered"
    assert known[2].endswith(" %")
    assert 90 < int(known[2].split()[0]) < 100
    assert known[3] == "on Tuesday"
    (new,) = listed.values()
    assert new[1:4] == ["New", "–", "now"]


def test_gaps_are_blanks_in_the_list(study: Study, visitor: Open, cast: Cast) -> None:
    study(count=3, kind="cloze")
    page = visitor(cast.student).open("/cards/browse")
    assert "____" in page.words
    assert "{{" not in page.text


def test_filters_by_topic_and_state(study: Study, visitor: Open, cast: Cast, stored: Stored) -> None:
    study(count=4, topic="nato-role-in-ukraine")
    study(count=3, topic="security-guarantees")
    browser = visitor(cast.student)
    browser.open("/cards/browse")
    page = browser.press("Filter", topic="security-guarantees")
    assert {row[1] for row in rows(page)} == {"Security guarantees"}
    assert len(rows(page)) == 3
    page = browser.press("Suspend")
    assert len(rows(page)) == 3
    assert "Card suspended." in page.words
    page = browser.press("Filter", state="suspended")
    assert [row[4] for row in rows(page)] == ["Suspended"]
    page = browser.press("Resume")
    assert "No card matches" in page.words
    assert stored(select(Card.item_id).where(Card.suspended_at.is_not(None))) == []
    browser.open("/cards")
    browser.press("Show answer")
    browser.press("Again")
    assert [row[2] for row in rows(browser.open("/cards/browse?state=learning"))] == ["Being learned"]
    assert len(rows(browser.open("/cards/browse?state=due"))) == 7
    assert len(rows(browser.open("/cards/browse?state=no-such-state"))) == 7


def test_a_suspension_is_taken_back_from_the_list(study: Study, visitor: Open, cast: Cast, stored: Stored) -> None:
    study(count=4, topic="nato-role-in-ukraine")
    browser = visitor(cast.student)
    browser.open("/cards/browse?topic=nato-role-in-ukraine")
    browser.press("Suspend")
    page = browser.press("Bring it back")
    assert page.path == "/cards/browse?topic=nato-role-in-ukraine"
    assert stored(select(Card.item_id).where(Card.suspended_at.is_not(None))) == []


def test_the_list_goes_on_and_back_a_page_at_a_time(study: Study, visitor: Open, cast: Cast, stored: Stored) -> None:
    study(count=75)
    (cards,) = stored(select(func.count()).select_from(Card))
    browser = visitor(cast.student)
    first = rows(browser.open("/cards/browse"))
    second = rows(browser.follow("More"))
    assert (len(first), len(second)) == (50, cards - 50)
    assert "More" not in browser.page.links()  # type: ignore[union-attr]
    assert rows(browser.follow("Back")) == first
    assert "Back" not in browser.page.links()  # type: ignore[union-attr]
    browser.open("/cards/browse?after=nonsense", status=404)


def test_nobody_else_s_cards_are_listed_and_no_card_that_only_a_quiz_knows(
    app: Flask, study: Study, visitor: Open, cast: Cast, stored: Stored
) -> None:
    study(count=2, learner_id=cast.classmate)
    assert "No cards yet" in visitor(cast.student).open("/cards/browse").words
    (topic_id,) = stored(select(Topic.id).where(Topic.position == 1))
    with app.extensions["quizapp.database"].write_session() as session:
        session.add(Card(learner_id=cast.student, item_id=1, part=0, topic_id=topic_id, phase="new"))
    assert "No cards yet" in visitor(cast.student).open("/cards/browse").words


def test_a_way_back_stays_on_this_site(study: Study, visitor: Open, cast: Cast, stored: Stored) -> None:
    (item_id,) = study(count=1)
    browser = visitor(cast.student)
    browser.open("/cards")
    token = browser.page.all("input", name="csrf_token")[0].get("value")  # type: ignore[union-attr]
    response = browser.client.post(
        "/cards/suspend?next=https://elsewhere.example/", data={"card": f"{item_id}.0", "csrf_token": token}
    )
    assert response.headers["Location"] == "/cards"
    assert len(stored(select(Card.item_id).where(Card.suspended_at.is_not(None)))) == 1


@pytest.mark.parametrize("number", [5, 60])
def test_the_list_asks_three_questions_of_the_database(
    app: Flask, study: Study, visitor: Open, cast: Cast, number: int
) -> None:
    study(count=number)
    browser = visitor(cast.student)
    with counted_queries(app) as statements:
        browser.open("/cards/browse")
    assert len(statements) == 3


def test_a_retired_question_is_not_listed(app: Flask, study: Study, visitor: Open, cast: Cast) -> None:
    (item_id,) = study(count=1)
    with app.extensions["quizapp.database"].write_session() as session:
        session.get_one(Item, item_id).status = "retired"
    assert rows(visitor(cast.student).open("/cards/browse")) == []
