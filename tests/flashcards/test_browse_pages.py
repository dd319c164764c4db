"""The list of all cards: filters, pages, and keeping cards out of sessions."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import func, select

from quizapp.core.items import Flashcard
from quizapp.learning.reviews import rate
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
    assert known[3].startswith("on ")
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
    browser.open("/cards")
    browser.press("Show answer")
    browser.press("Again")
    assert [row[2] for row in rows(browser.open("/cards/browse?state=learning"))] == ["Being learned"]
    assert len(rows(browser.open("/cards/browse?state=new"))) == 6
    assert len(rows(browser.open("/cards/browse?state=due"))) == 7
    assert len(rows(browser.open("/cards/browse?state=no-such-state"))) == 7


def test_cards_forgotten_often_are_found_and_say_so(
    app: Flask, study: Study, visitor: Open, cast: Cast, clock: Clock
) -> None:
    (item_id,) = study(count=1, kind="flashcard")
    study(count=3, topic="security-guarantees")
    for rating in (4, *[1, 3] * 8):
        with app.extensions["quizapp.database"].write_session() as session:
            seen = session.get_one(Card, (cast.student, item_id, 0)).reviews
            rate(
                session, cast.student, (item_id, 0), rating,
                review_id=uuid.uuid4(), seen_reviews=seen, milliseconds=None, now=clock.now,
            )  # fmt: skip
        clock.advance(days=30)
    (row,) = rows(visitor(cast.student).open("/cards/browse?state=leech"))
    assert "Often forgotten" in row[2]


def test_words_find_the_cards_whose_question_has_them_all(study: Study, visitor: Open, cast: Cast) -> None:
    study(Flashcard(stem="Who wrote 100 % of Dubliners?", answer="Joyce"), Flashcard(stem="Who sings?", answer="Birds"))
    browser = visitor(cast.student)
    browser.open("/cards/browse")
    assert [row[0] for row in rows(browser.press("Filter", q=" dubliners  WHO "))] == ["Who wrote 100 % of Dubliners?"]
    assert [row[0] for row in rows(browser.open("/cards/browse?q=100+%25"))] == ["Who wrote 100 % of Dubliners?"]
    assert "No card matches" in browser.open("/cards/browse?q=Who+Joyce").words
    assert "No card matches" in browser.open("/cards/browse?q=_").words


def test_chosen_cards_are_changed_together_and_all_of_it_is_taken_back(
    study: Study, visitor: Open, cast: Cast, stored: Stored
) -> None:
    ids = study(count=4, topic="nato-role-in-ukraine")
    suspended = select(Card.item_id).where(Card.suspended_at.is_not(None)).order_by(Card.item_id)
    flagged = select(Card.item_id).where(Card.flagged_at.is_not(None)).order_by(Card.item_id)
    browser = visitor(cast.student)
    place = browser.open("/cards/browse?topic=nato-role-in-ukraine").path
    page = browser.press("Suspend", card=[f"{ids[0]}.0", f"{ids[2]}.0"])
    assert page.path == place
    assert "Suspended: 2 cards." in page.words
    assert [row[4] for row in rows(page)].count("Suspended") == 2
    assert stored(suspended) == [ids[0], ids[2]]
    page = browser.press("Flag", card=f"{ids[1]}.0")
    assert "Flagged: “" in page.words
    assert stored(flagged) == [ids[1]]
    assert len(rows(browser.open("/cards/browse?state=flagged"))) == 1
    browser.open(place)
    page = browser.press("Undo flag")
    assert "Taken back: flag, “" in page.words
    page = browser.press("Undo suspending")
    assert "Taken back: suspending, 2 cards." in page.words
    assert (stored(suspended), stored(flagged)) == ([], [])
    assert not [button for button in page.buttons() if button.startswith("Undo")]


def test_all_of_a_page_are_chosen_by_one_box_and_not_those_of_the_next(
    study: Study, visitor: Open, cast: Cast, stored: Stored
) -> None:
    study(count=60)
    browser = visitor(cast.student)
    page = browser.open("/cards/browse")
    assert "Choose all 50 cards on this page" in page.words
    page = browser.press("Suspend", all="1")
    assert "Suspended: 50 cards." in page.words
    assert len(stored(select(Card.item_id).where(Card.suspended_at.is_not(None)))) == 50
    browser.press("Resume", all="1")
    assert stored(select(Card.item_id).where(Card.suspended_at.is_not(None))) == []


def test_without_a_card_chosen_nothing_changes(study: Study, visitor: Open, cast: Cast, stored: Stored) -> None:
    study(count=2)
    browser = visitor(cast.student)
    browser.open("/cards/browse")
    page = browser.press("Suspend")
    assert "choose at least one card first" in page.words
    assert stored(select(Card.item_id).where(Card.suspended_at.is_not(None))) == []


def test_one_card_of_somebody_else_s_among_them_changes_none(
    study: Study, visitor: Open, cast: Cast, stored: Stored
) -> None:
    ids = study(count=2, kind="true_false")
    (theirs,) = study(count=1, kind="cloze", learner_id=cast.classmate)
    browser = visitor(cast.student)
    browser.open("/cards/browse")
    browser.press("Suspend", 404, card=[f"{ids[0]}.0", f"{theirs}.0"])
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
        "/cards/change?next=https://elsewhere.example/",
        data={"card": f"{item_id}.0", "do": "suspend", "csrf_token": token},
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
