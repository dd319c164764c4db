"""The review session in a browser without a screen: asked, answered, rated, taken back."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from quizapp.authoring.items import set_enemies
from quizapp.core.items import (
    Accepted,
    Cloze,
    Criterion,
    Essay,
    Evidence,
    Flashcard,
    Gap,
    Item,
    Level,
    Matching,
    MultipleChoice,
    Numeric,
    Option,
    Ordering,
    Pair,
    ShortAnswer,
    SingleChoice,
    TrueFalse,
)
from quizapp.models import Card, PassageVersion, Review, Topic
from quizapp.models import Item as ItemRow
from tests.builders import counted_queries
from tests.conftest import Cast, Clock
from tests.flashcards.conftest import Stored, Study
from tests.pages import Page, Visitor

Open = Callable[..., Visitor]
QUERIES_MOST = 8

COMMON: dict[str, Any] = {
    "feedback": "CANARY explanation",
    "evidence": (Evidence(quote="intelligence sharing"),),
    "hints": ("CANARY hint",),
}
OPTIONS = (
    Option(id="a", text="The first", weight=1, feedback="CANARY why right"),
    Option(id="b", text="The second", feedback="CANARY why wrong", misconception="CANARY misconception"),
    Option(id="c", text="The third", feedback="CANARY why wrong too"),
)
FLASHCARD = Flashcard(stem="What is on the back?", answer="CANARY back", **COMMON)
SINGLE = SingleChoice(stem="Which is the first?", options=OPTIONS, **COMMON)
MULTIPLE = MultipleChoice(
    stem="Which come before the third?",
    options=(
        Option(id="a", text="The first", weight=0.5, feedback="CANARY one"),
        Option(id="b", text="The second", weight=0.5, feedback="CANARY two"),
        Option(id="c", text="The third", weight=-0.5, feedback="CANARY three"),
    ),
    **COMMON,
)
TRUTH = TrueFalse(
    stem="The first comes last.",
    options=(
        Option(id="true", text="True", feedback="CANARY true"),
        Option(id="false", text="False", weight=1, feedback="CANARY false"),
    ),
    **COMMON,
)
SHORT = ShortAnswer(stem="Who sings?", accepted=(Accepted(text="canary bird", feedback="CANARY note"),), **COMMON)
GAPS = Cloze(
    stem="The {{1}} comes before the {{2}} of them.",
    gaps=(
        Gap(kind="typed", accepted=(Accepted(text="canary"),)),
        Gap(kind="choice", options=(Option(id="x", text="last", weight=1), Option(id="y", text="next"))),
    ),
    **COMMON,
)  # fmt: skip
NUMBER = Numeric(stem="How many sing?", accepted=(Accepted(number=41, feedback="CANARY count"),), **COMMON)
PAIRS = Matching(
    stem="Which belong together?",
    pairs=(Pair(left="One", right="the first"), Pair(left="Two", right="the second"), Pair(right="the third")),
    **COMMON,
)
ORDER = Ordering(stem="Which comes first?", order=("Alpha", "Beta", "Gamma"), **COMMON)
ESSAY = Essay(
    stem="Why do they sing?",
    answer="CANARY: to be heard.",
    criteria=(Criterion(text="CANARY reasons", levels=(Level(text="none", points=0), Level(text="one", points=2))),),
    **COMMON,
)
IN_ORDER = {"order-1": "Alpha", "order-2": "Beta", "order-3": "Gamma", "is_ordered": "yes"}
RATINGS = select(Review.rating).where(Review.event == "review")
VOIDS = select(Review.names_id).where(Review.event == "void")
KINDS = pytest.mark.parametrize(
    "item", [FLASHCARD, SINGLE, MULTIPLE, TRUTH, SHORT, GAPS, NUMBER, PAIRS, ORDER, ESSAY], ids=lambda item: item.kind
)


def primary(page: Page) -> list[str]:
    """The names of the proposed ratings."""
    bar = next(form for form in page.all("form") if form.get("class") == "ratings")
    return [button.get("value", "") for button in bar.iter("button") if button.get("class") == "primary"]


def topic_of(page: Page) -> str:
    return next(element.text or "" for element in page.all("p") if element.get("class") == "kicker")


@KINDS
def test_a_question_gives_nothing_of_its_answer_away(study: Study, visitor: Open, cast: Cast, item: Item) -> None:
    study(item)
    page = visitor(cast.student).open("/cards")
    assert "canary" not in page.text.lower()
    assert "intelligence sharing" not in page.text
    assert "evidence" not in page.words.lower()


@KINDS
def test_the_answer_side_shows_key_reason_and_sentence_without_anything_typed(
    study: Study, visitor: Open, cast: Cast, item: Item, stored: Stored
) -> None:
    study(item)
    browser = visitor(cast.student)
    browser.open("/cards")
    page = browser.press("Show answer")
    assert "CANARY explanation" in page.words
    assert "intelligence sharing" in [mark.text for mark in page.all("mark")]
    assert "Read the whole passage" in page.words
    assert primary(page) == []
    assert "Not answered" not in page.words
    assert len(stored(RATINGS)) == 0


@pytest.mark.parametrize(
    ("item", "given", "verdict", "proposed"),
    [
        (SINGLE, {"choice": "a"}, "Right", "3"),
        (SINGLE, {"choice": "b"}, "Not right", "1"),
        (MULTIPLE, {"choice": ["a", "b"]}, "Right", "3"),
        (MULTIPLE, {"choice": ["a"]}, "Partly right", "2"),
        (TRUTH, {"choice": "true"}, "Not right", "1"),
        (SHORT, {"text": "Canary-bird"}, "Right", "3"),
        (SHORT, {"text": "a sparrow"}, "Not right", "1"),
        (GAPS, {"gap-1": "canary", "gap-2": "x"}, "Right", "3"),
        (GAPS, {"gap-1": "canary", "gap-2": ""}, "Partly right", "2"),
        (NUMBER, {"text": "41"}, "Right", "3"),
        (NUMBER, {"text": "40"}, "Not right", "1"),
        (PAIRS, {"match-1": "the first", "match-2": "the second"}, "Right", "3"),
        (PAIRS, {"match-1": "the first", "match-2": "the third"}, "Partly right", "2"),
        (ORDER, IN_ORDER, "Right", "3"),
        (ORDER, {**IN_ORDER, "order-2": "Gamma", "order-3": "Beta"}, "Partly right", "2"),
        (ORDER, {**IN_ORDER, "order-1": "Gamma", "order-3": "Alpha"}, "Not right", "1"),
    ],
)
def test_what_was_answered_is_judged_and_proposes_the_rating(
    study: Study, visitor: Open, cast: Cast, item: Item, given: dict[str, Any], verdict: str, proposed: str
) -> None:
    study(item)
    browser = visitor(cast.student)
    browser.open("/cards")
    page = browser.press("Show answer", **given)
    assert [element for element in page.all("p") if "verdict" in (element.get("class") or "")]
    assert verdict in page.words
    assert primary(page) == [proposed]


def test_an_essay_is_compared_with_the_model_answer_and_rated_by_its_learner(
    study: Study, visitor: Open, cast: Cast, stored: Stored
) -> None:
    study(ESSAY)
    browser = visitor(cast.student)
    browser.open("/cards")
    page = browser.press("Show answer", text="To please.\r\nOr so.")
    for words in ("Compare your answer, then rate it.", "To please. Or so.", "CANARY: to be heard.", "2 points one"):
        assert words in page.words, words
    assert primary(page) == []
    browser.press("Good")
    assert stored(RATINGS) == [3]


def test_the_four_intervals_are_printed_and_the_one_pressed_is_stored(
    study: Study, visitor: Open, cast: Cast, clock: Clock, stored: Stored
) -> None:
    (item_id,) = study(FLASHCARD)
    browser = visitor(cast.student)
    browser.open("/cards")
    page = browser.press("Show answer")
    buttons = [button for button in page.buttons() if button.startswith(("Again", "Hard", "Good", "Easy"))]
    assert buttons[:3] == ["Again 10 min", "Hard 10 min", "Good 10 min"]
    easy_days = int(buttons[3].removeprefix("Easy ").removesuffix(" days"))
    assert 6 <= easy_days <= 10  # 8, spread over the days around
    page = browser.press("Easy", question_milliseconds=4000, milliseconds=1500)
    facts = select(Review.item_id, Review.rating, Review.interval_days, Review.milliseconds)
    assert stored(facts.where(Review.event == "review")) == [(item_id, 4, float(easy_days), 5500)]
    assert page.heading == "1 review today, 1 recalled"


def test_time_that_no_script_measured_or_no_browser_sends_is_left_out(
    study: Study, visitor: Open, cast: Cast, stored: Stored
) -> None:
    study(FLASHCARD, SINGLE)
    browser = visitor(cast.student)
    for milliseconds in ("", "-5"):
        browser.open("/cards")
        browser.press("Show answer", milliseconds=milliseconds)
        browser.press("Easy", milliseconds=milliseconds)
    assert stored(select(Review.milliseconds).where(Review.event == "review")) == [None, None]


def test_options_keep_their_order_from_question_to_answer_and_change_it_with_each_review(
    study: Study, visitor: Open, cast: Cast, clock: Clock
) -> None:
    many = SingleChoice(
        stem="Which?", options=tuple(Option(id=f"o{n}", text=f"No. {n}", weight=float(n == 0)) for n in range(8))
    )
    study(many)
    browser = visitor(cast.student)
    orders = []
    for _ in range(3):
        page = browser.open("/cards")
        asked = [element.text for element in page.all("span") if element.get("class") == "text"]
        page = browser.press("Show answer")
        assert [element.text for element in page.all("span") if element.get("class") == "text"] == asked
        orders.append(asked)
        browser.press("Again")
        clock.advance(minutes=10)
    assert len({tuple(order) for order in orders}) == 3


def test_an_answer_that_no_page_offers_asks_again(study: Study, visitor: Open, cast: Cast) -> None:
    study(SINGLE)
    browser = visitor(cast.student)
    browser.open("/cards")
    page = browser.press("Show answer", status=422, choice="nowhere")
    assert "Choose one of the options shown." in page.words
    assert page.heading == SINGLE.stem


def test_a_stale_rating_counts_nothing_and_says_so(
    study: Study, visitor: Open, cast: Cast, clock: Clock, stored: Stored
) -> None:
    study(FLASHCARD, SINGLE)
    phone, desk = visitor(cast.student), visitor(cast.student)
    phone.open("/cards")
    phone.press("Show answer")
    desk.open("/cards")
    desk.press("Show answer")
    desk.press("Easy")
    page = phone.press("Again")
    assert "the second one was not counted" in page.words
    assert "Show answer" in page.words + " ".join(page.buttons())
    assert stored(RATINGS) == [4]


def test_an_answer_asked_for_after_a_review_elsewhere_goes_on_to_the_next_card(
    study: Study, visitor: Open, cast: Cast
) -> None:
    study(FLASHCARD)
    phone, desk = visitor(cast.student), visitor(cast.student)
    phone.open("/cards")
    desk.open("/cards")
    desk.press("Show answer")
    desk.press("Easy")
    page = phone.press("Show answer")
    assert "reviewed somewhere else" in page.words
    assert "CANARY back" not in page.text


def test_a_rating_sent_twice_counts_once(study: Study, visitor: Open, cast: Cast, stored: Stored) -> None:
    study(FLASHCARD, SINGLE)
    browser = visitor(cast.student)
    browser.open("/cards")
    answer = browser.press("Show answer")
    browser.press("Good")
    browser.page = answer
    page = browser.press("Good")
    assert "not counted" not in page.words
    assert len(stored(RATINGS)) == 1
    browser.page = answer
    page = browser.press("Easy")
    assert "the second one was not counted" in page.words
    assert len(stored(RATINGS)) == 1


def test_ratings_are_taken_back_one_after_the_other(
    study: Study, visitor: Open, cast: Cast, clock: Clock, stored: Stored
) -> None:
    study(count=12)
    browser = visitor(cast.student)
    asked = []
    for button in ("Good", "Again", "Easy"):
        asked.append(browser.open("/cards").heading)
        browser.press("Show answer")
        browser.press(button)
        clock.advance(seconds=20)
    for button, heading in zip(("Easy", "Again", "Good"), reversed(asked), strict=True):
        page = browser.press(f"Undo {button}")
        assert f"{button} taken back, “" in page.words
        assert page.heading == heading
        clock.advance(seconds=2)
    assert not [button for button in page.buttons() if button.startswith("Undo")]
    assert stored(select(func.sum(Card.reviews))) == [0]


def test_undo_twice_from_one_page_takes_one_rating_back(
    study: Study, visitor: Open, cast: Cast, clock: Clock, stored: Stored
) -> None:
    study(count=5)
    browser = visitor(cast.student)
    for _ in range(2):
        browser.open("/cards")
        browser.press("Show answer")
        browser.press("Good")
        clock.advance(seconds=9)
    page = browser.page
    browser.press("Undo Good")
    browser.page = page
    browser.press("Undo Good")
    assert len(stored(VOIDS)) == 1


def test_a_card_can_be_rated_again_after_its_rating_was_taken_back(
    study: Study, visitor: Open, cast: Cast, clock: Clock, stored: Stored
) -> None:
    (item_id,) = study(FLASHCARD)
    browser = visitor(cast.student)
    browser.open("/cards")
    browser.press("Show answer")
    browser.press("Again")
    clock.advance(seconds=5)
    browser.press("Undo Again")
    browser.press("Show answer")
    page = browser.press("Easy")
    assert stored(select(Card.reviews, Card.phase).where(Card.item_id == item_id)) == [(1, "review")]
    assert page.heading == "1 review today, 1 recalled"


def test_undo_is_offered_for_an_hour_and_not_for_a_card_reviewed_again_since(
    study: Study, visitor: Open, cast: Cast, clock: Clock
) -> None:
    study(count=6)
    browser = visitor(cast.student)
    browser.open("/cards")
    browser.press("Show answer")
    page = browser.press("Easy")
    assert "Undo Easy" in page.buttons()
    clock.advance(minutes=61)
    assert "Undo Easy" not in browser.open("/cards").buttons()


def test_a_stranger_finds_neither_card_nor_rating(
    study: Study, visitor: Open, cast: Cast, stored: Stored, clock: Clock
) -> None:
    (item_id,) = study(FLASHCARD)
    owner, stranger = visitor(cast.student), visitor(cast.classmate)
    study(SINGLE, learner_id=cast.classmate)
    stranger.open("/cards")
    stranger.press("Show answer", card=f"{item_id}.0", status=404)
    stranger.open("/cards")
    stranger.press("Show answer")
    stranger.press("Good", card=f"{item_id}.0", status=404)
    stranger.open("/cards")
    for label in ("Suspend", "Not today"):
        stranger.open("/cards")
        stranger.press(label, card=f"{item_id}.0", status=404)
    owner.open("/cards")
    owner.press("Show answer")
    owner.press("Good")
    (review_id,) = stored(select(Review.id).where(Review.event == "review"))
    stranger.open("/cards")
    stranger.press("Show answer")
    clock.advance(seconds=5)
    page = stranger.press("Good")
    for button in page.all("button", name="review_id"):
        button.set("value", str(review_id))
    stranger.press("Undo Good", status=404)
    assert stored(VOIDS) == []


def test_a_card_name_that_no_page_writes_is_not_found(study: Study, visitor: Open, cast: Cast) -> None:
    study(FLASHCARD)
    browser = visitor(cast.student)
    for name in ("", "12", "x.0", "1.-1", "99999999999.0", "¹.0"):
        browser.open("/cards")
        browser.press("Show answer", card=name, status=404)


def test_an_incomplete_page_is_refused_in_a_sentence(study: Study, visitor: Open, cast: Cast) -> None:
    study(FLASHCARD)
    browser = visitor(cast.student)
    browser.open("/cards")
    assert "incomplete" in browser.press("Show answer", seen_reviews="", status=422).words
    browser.open("/cards")
    browser.press("Show answer")
    assert "incomplete" in browser.press("Good", id="none", status=422).words


def test_the_address_of_an_answer_leads_back_to_the_question(study: Study, visitor: Open, cast: Cast) -> None:
    study(FLASHCARD)
    assert visitor(cast.student).open("/cards/answer").heading == FLASHCARD.stem


def test_signed_out_the_cards_lead_to_the_door(visitor: Open) -> None:
    response = visitor().client.get("/cards")
    assert response.status_code == 303
    assert response.headers["Location"] == "/sign-in?next=/cards"


def test_the_session_of_a_topic_stays_in_it(study: Study, visitor: Open, cast: Cast, stored: Stored) -> None:
    study(count=75)
    ((slug, title),) = stored(select(Topic.slug, Topic.title).where(Topic.position == 3))
    browser = visitor(cast.student)
    page = browser.open(f"/cards?topic={slug}")
    for _ in range(3):
        assert topic_of(page) == title
        browser.press("Show answer")
        page = browser.press("Easy")
    assert browser.press("Undo Easy").path.endswith(f"topic={slug}")
    browser.open("/cards?topic=no-such-topic", status=404)


def test_a_topic_that_is_not_listed_is_not_told_of(app: Flask, visitor: Open, cast: Cast, clock: Clock) -> None:
    with app.extensions["quizapp.database"].write_session() as session:
        session.add(Topic(slug="secret", title="Secret", created_at=clock.now))
    visitor(cast.student).open("/cards?topic=secret", status=404)


def test_neighbours_come_from_different_topics(study: Study, visitor: Open, cast: Cast, clock: Clock) -> None:
    study(count=5, topic="nato-role-in-ukraine")
    study(count=5, topic="security-guarantees")
    browser = visitor(cast.student)
    topics = []
    page = browser.open("/cards")
    while page.heading and "Show answer" in page.buttons():
        topics.append(topic_of(page))
        browser.press("Show answer")
        clock.advance(seconds=15)
        page = browser.press("Easy")
    assert len(topics) > 4
    more, fewer = sorted((topics.count(topic) for topic in set(topics)), reverse=True)
    alike = sum(one == other for one, other in itertools.pairwise(topics))
    assert alike == max(more - fewer - 1, 0)  # some of one topic may be enemies, and wait for another day


def test_enemies_never_meet_on_one_day(app: Flask, study: Study, visitor: Open, cast: Cast, clock: Clock) -> None:
    first, second, third = study(FLASHCARD, SINGLE, SHORT)
    with app.extensions["quizapp.database"].write_session() as session:
        set_enemies(session, [first, second, third], [(first, second)])
    browser = visitor(cast.student)
    days: list[set[str]] = []
    for _ in range(5):
        shown: set[str] = set()
        page = browser.open("/cards")
        while "Show answer" in page.buttons():
            rating = "Again" if not days and page.heading not in shown else "Good"
            shown.add(page.heading)
            browser.press("Show answer")
            page = browser.press(rating)
            clock.advance(minutes=6)
        days.append(shown)
        clock.advance(days=1)
    assert all(not {FLASHCARD.stem, SINGLE.stem} <= shown for shown in days)
    assert set().union(*days) == {FLASHCARD.stem, SINGLE.stem, SHORT.stem}


def test_the_whole_passage_opens_under_the_sentence(study: Study, visitor: Open, cast: Cast, stored: Stored) -> None:
    study(count=1, kind="flashcard")
    browser = visitor(cast.student)
    browser.open("/cards")
    page = browser.press("Show answer")
    texts = stored(select(PassageVersion.text))
    (whole,) = page.all("details", class_="reveal")
    words = "".join(whole.itertext())
    assert any(text in words for text in texts)


@pytest.mark.parametrize("number", [5, 60])
def test_pages_ask_few_questions_of_the_database(
    app: Flask, study: Study, visitor: Open, cast: Cast, clock: Clock, number: int
) -> None:
    study(count=number)
    browser = visitor(cast.student)
    browser.open("/cards")
    browser.press("Show answer")
    browser.press("Good")
    clock.advance(seconds=9)
    with counted_queries(app) as statements:
        browser.open("/cards")
    assert len(statements) == 6
    with counted_queries(app) as statements:
        browser.press("Show answer")
    assert len(statements) == 6  # how full the days ahead are is one
    with counted_queries(app) as statements:
        browser.open("/cards?topic=nato-role-in-ukraine")
    assert len(statements) == 6 <= QUERIES_MOST


def test_the_day_counts_down(study: Study, visitor: Open, cast: Cast, clock: Clock) -> None:
    study(FLASHCARD, SINGLE)
    browser = visitor(cast.student)
    assert "0 done, 2 left" in browser.open("/cards").text
    assert "0 done, 2 left" in browser.press("Show answer").text
    assert "1 done, 2 left" in browser.press("Again").text
    browser.press("Show answer")
    assert "2 done, 1 left" in browser.press("Easy").text


def test_a_retired_question_leaves_the_session(app: Flask, study: Study, visitor: Open, cast: Cast) -> None:
    (item_id,) = study(FLASHCARD)
    browser = visitor(cast.student)
    browser.open("/cards")
    with app.extensions["quizapp.database"].write_session() as session:
        session.get_one(ItemRow, item_id).status = "retired"
    browser.press("Show answer", status=404)
    assert browser.open("/cards").heading == "Your cards will live here"


def test_an_order_moves_by_its_buttons_without_scripts_and_untouched_is_no_answer(
    study: Study, visitor: Open, cast: Cast
) -> None:
    study(ORDER)
    browser = visitor(cast.student)
    page = browser.open("/cards")
    asked = [element.get("value", "") for element in page.all("input") if element.get("name", "").startswith("order-")]
    assert sorted(asked) == ["Alpha", "Beta", "Gamma"] != asked
    page = browser.press(f"Move down: {asked[0]}")
    moved = [element.get("value", "") for element in page.all("input") if element.get("name", "").startswith("order-")]
    assert moved == [asked[1], asked[0], asked[2]]
    assert page.all("input", name="is_ordered", checked="")
    browser.open("/cards")
    page = browser.press("Show answer")
    assert primary(page) == []
    assert "Right order" in page.words
    assert "Your order" not in page.words


def test_what_is_no_number_is_said_beside_what_was_typed(study: Study, visitor: Open, cast: Cast) -> None:
    study(NUMBER)
    browser = visitor(cast.student)
    browser.open("/cards")
    page = browser.press("Show answer", 422, text="forty birds or so")
    assert "“forty birds or so” is none" in page.words
    assert page.all("input", value="forty birds or so")


def test_a_card_is_asked_in_both_directions_and_each_has_its_own_memory(
    study: Study, visitor: Open, cast: Cast, clock: Clock, stored: Stored
) -> None:
    study(Flashcard(stem="Front side?", answer="Back side.", is_reversible=True))
    assert sorted(stored(select(Card.part))) == [0, 1]
    browser = visitor(cast.student)
    headings = []
    for rating in ("Easy", "Again"):
        headings.append(browser.open("/cards").heading)
        page = browser.press("Show answer")
        assert (
            page.all("p", class_="said")[0].text
            == {"Front side?": "Back side.", "Back side.": "Front side?"}[headings[-1]]
        )
        browser.press(rating)
        clock.advance(days=1)
    assert sorted(headings) == ["Back side.", "Front side?"]
    parts = select(Review.part, Review.rating).where(Review.event == "review").order_by(Review.reviewed_at)
    assert stored(parts) == [(0, 4), (1, 1)]
    page = browser.open("/cards/browse")
    assert "Front side?" in page.words
    assert "Back side." in page.words
