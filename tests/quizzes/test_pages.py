"""Taking a quiz through its pages: built, answered, left, resumed, finished, reviewed."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.authoring.items import set_enemies
from quizapp.core.items import read_item
from quizapp.demo import made_up_answer
from quizapp.learning.rebuilding import differences
from quizapp.models import Attempt, AttemptItem, Card, ItemVersion, Response, Review, WorkingAnswer
from quizapp.quizzes import building_views
from quizapp.web.answers import answer_fields
from tests.builders import counted_queries
from tests.conftest import Cast, Clock
from tests.histories import answer, items_of, topic_slug
from tests.pages import Page, Visitor

Browser = Callable[..., Visitor]
Stored = Callable[[], Session]


def build(person: Visitor, **fields: Any) -> Page:
    person.open("/quizzes/new")
    return person.press("Start quiz", **fields)


def pinned(stored: Stored, page: Page) -> tuple[AttemptItem, Any]:
    """Return the row and the item of the question that is open."""
    found = re.match(r"/attempts/([0-9a-f-]+)/(\d+)", page.path)
    assert found, page.path
    row, content = (
        stored()
        .execute(
            select(AttemptItem, ItemVersion.content)
            .join(ItemVersion, ItemVersion.id == AttemptItem.item_version_id)
            .where(AttemptItem.attempt_id == uuid.UUID(found[1]), AttemptItem.position == int(found[2]))
            .execution_options(populate_existing=True)
        )
        .one()
    )
    return row, read_item(content)


def right_fields(item: Any) -> dict[str, Any]:
    """Return the form fields of a right answer."""
    return answer_fields(made_up_answer(item, True, Random(1)))


def answer_right(person: Visitor, stored: Stored) -> Page:
    """Answer the open question rightly and stay where the application leads."""
    assert person.page is not None
    _, item = pinned(stored, person.page)
    if item.kind == "flashcard":
        if "Show answer" in person.page.links():
            person.follow("Show answer")
        label = "Save" if "Save" in person.page.buttons() else person.page.buttons()[-1]
        return person.press(label, choice="3")
    label = next(label for label in ("Check answer", "Next", "To the overview") if label in person.page.buttons())
    return person.press(label, **right_fields(item))


def test_a_quiz_with_feedback_at_once_is_answered_to_its_end(visitor: Browser, cast: Cast, stored: Stored) -> None:
    person = visitor(cast.student)
    page = build(person, number=6, feedback="at_once")
    for position in range(1, 7):
        assert page.path.endswith(f"/{position}")
        page = answer_right(person, stored)
        assert page.all("mark"), "the evidence is marked in the passage"
        page = person.follow("Next question") if position < 6 else person.press("Finish quiz")
    assert re.match(r"(All \d right|\d marks|Right|\d+ of \d+ right|\d+ cards? recalled and rated)", page.heading)
    attempt = stored().scalars(select(Attempt).execution_options(populate_existing=True)).one()
    assert attempt.score == attempt.max_score
    assert attempt.graded_at is not None
    assert list(differences(stored())) == []


def test_feedback_at_the_end_shows_no_key_before_it_and_moves_the_memory_then(
    visitor: Browser, cast: Cast, stored: Stored
) -> None:
    person = visitor(cast.student)
    page = build(person, number=5, feedback="at_end", kinds=["single_choice", "true_false"])
    for _ in range(5):
        _, item = pinned(stored, page)
        for option in item.options:
            assert option.feedback not in page.text
        assert stored().scalar(select(func.count()).select_from(Review)) == 0
        page = answer_right(person, stored)
    assert page.heading == "Every question is answered"
    page = person.press("Finish quiz")
    assert page.heading == "All 5 right"
    assert stored().scalar(select(func.count()).select_from(Review)) == 5
    assert len(page.all("mark")) >= 5
    assert list(differences(stored())) == []


def test_leaving_keeps_what_was_typed_and_an_earlier_answer_can_be_changed(
    visitor: Browser, cast: Cast, stored: Stored
) -> None:
    person = visitor(cast.student)
    page = build(person, number=3, feedback="at_end", kinds=["single_choice"])
    first = page.path
    row, item = pinned(stored, page)
    wrong = next(option.id for option in item.options if option.weight == 0)
    person.press("Next", choice=wrong)
    person.press("Back")
    page = person.open(first)
    assert page.all("input", value=wrong, checked="")
    answer_right(person, stored)
    person.open("/attempts")
    page = person.open(first.rsplit("/", 1)[0])
    assert page.path.endswith("/2"), "resumed at the first question without an answer"
    row, _ = pinned(stored, person.open(first))
    assert row.revision == 2
    assert stored().scalar(select(func.count()).select_from(Response).where(Response.position == 1)) == 2


def test_the_overview_counts_what_is_open_and_finishing_needs_a_second_word(
    visitor: Browser, cast: Cast, stored: Stored
) -> None:
    person = visitor(cast.student)
    page = build(person, number=4, feedback="at_end", kinds=["single_choice"])
    answer_right(person, stored)
    page = person.press("Overview")
    assert page.heading == "3 questions are not answered"
    assert any("You can’t answer them afterwards." in "".join(part.itertext()) for part in page.all("p"))
    page = person.press("Finish quiz")
    assert page.heading == "1 of 4 right"
    assert stored().scalar(select(func.count()).select_from(Review)) == 1, "questions left open say nothing of memory"


def test_the_same_form_sent_twenty_times_is_one_answer(visitor: Browser, cast: Cast, stored: Stored) -> None:
    person = visitor(cast.student)
    page = build(person, number=2, kinds=["single_choice"])
    _, item = pinned(stored, page)
    form = next(form for form in page.all("form") if form.get("id") == "answer")
    data = {**page.values(form), "do": ["check"], **{k: [v] for k, v in right_fields(item).items()}}
    answers = [person.client.post(page.path, data=data) for _ in range(20)]
    assert {answer.status_code for answer in answers} == {303}
    assert stored().scalar(select(func.count()).select_from(Response)) == 1
    assert stored().scalar(select(func.count()).select_from(Review)) == 1


@pytest.mark.parametrize("keeps_mine", [True, False])
def test_an_answer_from_an_old_page_does_not_replace_a_newer_one(
    visitor: Browser, cast: Cast, stored: Stored, keeps_mine: bool
) -> None:
    person, other_tab = visitor(cast.student), visitor(cast.student)
    page = build(person, number=2, feedback="at_end", kinds=["single_choice"])
    _, item = pinned(stored, page)
    first, second = item.options[:2]
    other_tab.open(page.path)
    person.press("Next", choice=first.id)
    page = other_tab.press("Next", status=409, choice=second.id)
    assert f"answered somewhere else in the meantime. There it says “{first.text}”." in page.text
    assert page.all("input", value=second.id, checked="")
    assert pinned(stored, page)[0].answer == {"choice": first.id}
    if keeps_mine:
        assert other_tab.press("Keep mine").path.endswith("/2")
    else:
        page = other_tab.follow("Take the other")
        assert page.all("input", value=first.id, checked="")
    assert pinned(stored, page)[0].answer == {"choice": (second if keeps_mine else first).id}


def test_every_button_of_a_question_keeps_what_stands_in_its_controls(
    visitor: Browser, cast: Cast, stored: Stored
) -> None:
    person = visitor(cast.student)
    page = build(person, number=2, kinds=["short_answer"])
    first = page.path
    for label, text in (("Flag", "one"), ("Flagged", "two"), ("Look at the passage", "three")):
        page = person.press(label, text=text)
        assert page.path == first
        assert page.all("input", name="text", value=text)
    person.press("Leave", text="four")
    assert person.follow("Continue").path == first
    page = person.open(first)
    assert page.all("input", name="text", value="four")
    assert "Saved today at 09:00" in page.text
    assert stored().scalars(select(Response)).all() == []


@pytest.mark.parametrize("do", ["give", "drop"])
def test_finishing_asks_what_becomes_of_what_is_typed(visitor: Browser, cast: Cast, stored: Stored, do: str) -> None:
    person = visitor(cast.student)
    page = build(person, number=1, kinds=["short_answer"], feedback="at_once")
    _, item = pinned(stored, page)
    person.press("Leave", **right_fields(item))
    path = f"{page.path.rpartition('/')[0]}/finish"
    page = person.open(path)
    assert page.heading == "1 answer is typed and not given yet"
    assert "Typed, not given yet" in page.words
    token = page.values(page.all("form")[0])["csrf_token"]
    assert person.client.post(path, data={"csrf_token": token}).headers["Location"] == path
    assert "Say whether it counts." in person.open(path).words
    page = person.press("Give it and finish" if do == "give" else "Finish without it")
    assert page.heading == ("1 of 1 right" if do == "give" else "0 of 1 right")
    assert stored().scalar(select(func.count()).select_from(Review).where(Review.event == "review")) == (do == "give")
    assert list(differences(stored())) == []


def test_where_answers_come_at_the_end_finishing_gives_what_is_typed(
    visitor: Browser, cast: Cast, stored: Stored
) -> None:
    person = visitor(cast.student)
    page = build(person, number=1, kinds=["short_answer"], feedback="at_end")
    _, item = pinned(stored, page)
    answer = autosave(person, page, right_fields(item))
    assert answer.status_code == 200
    page = person.open(f"{page.path.rpartition('/')[0]}/finish")
    assert page.heading == "Every question is answered"
    assert "1 answer is typed and not given yet. Finishing gives it." in page.words
    assert person.press("Finish quiz").heading == "1 of 1 right"


def autosave(person: Visitor, page: Page, fields: dict[str, Any], **besides: Any) -> Any:
    """Send what the script of a question's page sends."""
    data = {**page.values(page.all("form", id="answer")[0]), **fields, **besides}
    return person.client.post(f"{page.path}/working", data=data)


def test_autosave_answers_in_few_queries_with_the_time_or_what_came_between(
    app: Flask, visitor: Browser, cast: Cast, stored: Stored
) -> None:
    person, other = visitor(cast.student), visitor(cast.student)
    page = build(person, number=1, kinds=["short_answer"])
    theirs = other.open(page.path)
    with counted_queries(app) as queries:
        answer = autosave(person, page, {"text": "a"})
    assert len(queries) <= 4
    assert answer.get_json() == {"saved_at": "09:00:00", "revision": 1}
    with counted_queries(app) as queries:
        assert autosave(person, page, {"text": "ab"}, save_number=2).get_json()["revision"] == 2
    assert len(queries) <= 4
    assert autosave(person, page, {"text": "ab"}, save_number=2).get_json() == {"saved_at": "09:00:00", "revision": 2}
    refused = autosave(other, theirs, {"text": "b"})
    assert refused.status_code == 409
    assert refused.get_json() == {
        "message": "This answer was changed in another tab or on another device in the meantime. There it says “ab”.",
        "can_choose": True,
        "base_revision": 0,
        "working_revision": 2,
    }
    kept = autosave(other, theirs, {"text": "b"}, save_number=2, working_revision=2)
    assert kept.get_json()["revision"] == 3
    person.open(page.path)
    assert person.press("Check answer", text="c").status == 200
    over = autosave(other, theirs, {"text": "d"}, save_number=3, working_revision=2)
    assert (over.status_code, over.get_json()["can_choose"]) == (409, False)


@pytest.mark.parametrize(
    ("fields", "status", "told"),
    [
        ({"text": "x" * 501}, 422, "Keep your answer under 500 characters."),
        ({"text": "ok", "save_number": "NaN"}, 422, "This page is incomplete. Reload it and try again."),
        ({"text": "x" * 70_000}, 413, ""),
    ],
)
def test_autosave_refuses_what_can_not_be_kept(
    visitor: Browser, cast: Cast, stored: Stored, fields: dict[str, str], status: int, told: str
) -> None:
    person = visitor(cast.student)
    page = build(person, number=1, kinds=["short_answer"])
    answer = autosave(person, page, fields)
    assert answer.status_code == status
    assert not told or answer.get_json() == {"message": told}
    assert stored().scalars(select(WorkingAnswer)).all() == []


def test_enter_in_a_text_field_gives_the_answer(visitor: Browser, cast: Cast) -> None:
    page = build(visitor(cast.student), number=1, kinds=["short_answer"])
    form = page.all("form", id="answer")[0]
    inside = set(form.iter("button"))
    first = next(button for button in page.root.iter("button") if button in inside or button.get("form") == "answer")
    assert first.get("value") == "check"


def test_i_do_not_know_is_an_answer_without_credit(visitor: Browser, cast: Cast, stored: Stored) -> None:
    person = visitor(cast.student)
    page = build(person, number=1, kinds=["short_answer"])
    page = person.press("Check answer", status=422)
    assert "Type an answer first" in page.words
    page = person.press("I don’t know")
    assert "Not answered" in page.words
    assert page.all("mark")
    review = stored().scalars(select(Review)).one()
    assert (review.score, review.rating) == (0.0, 1)


def test_looking_at_the_passage_is_logged_and_moves_no_memory(visitor: Browser, cast: Cast, stored: Stored) -> None:
    person = visitor(cast.student)
    page = build(person, number=1, kinds=["single_choice"])
    page = person.press("Look at the passage")
    assert page.all("div", class_="passage") or "passage" in page.text
    assert not page.all("mark")
    answer_right(person, stored)
    review = stored().scalars(select(Review)).one()
    assert review.is_open_book
    assert stored().scalars(select(Card)).one().stability is None
    assert list(differences(stored())) == []


def test_a_flag_marks_a_question_to_come_back_to(visitor: Browser, cast: Cast) -> None:
    person = visitor(cast.student)
    build(person, number=2, feedback="at_end", kinds=["single_choice"])
    page = person.press("Flag")
    assert "Flagged" in page.buttons()
    page = person.press("Overview")
    assert "Flagged" in page.words


def test_what_was_missed_can_be_practised_again(visitor: Browser, cast: Cast, stored: Stored) -> None:
    person = visitor(cast.student)
    page = build(person, number=3, feedback="at_end", kinds=["single_choice"])
    _, item = pinned(stored, page)
    wrong = next(option.id for option in item.options if option.weight == 0)
    person.press("Next", choice=wrong)
    answer_right(person, stored)
    answer_right(person, stored)
    page = person.press("Finish quiz")
    assert page.heading == "2 of 3 right"
    page = person.press("Practise what I missed")
    _, again = pinned(stored, page)
    assert again == item
    assert "1 of 1" in page.text


def test_the_builder_says_how_many_questions_there_can_be(visitor: Browser, cast: Cast) -> None:
    person = visitor(cast.student)
    page = person.open("/quizzes/new?topic=public-opinion")
    found = re.search(r"There (?:can be|are) (\d+) questions?", page.words)
    assert found
    most = int(found[1])
    page = person.press("Start quiz", number=40)
    assert f"this quiz has {most}" in page.words
    assert f"1 of {most}" in page.text


def test_the_builder_tells_what_is_missing_and_keeps_the_rest(visitor: Browser, cast: Cast) -> None:
    person = visitor(cast.student)
    person.open("/quizzes/new")
    page = person.press("Start quiz", status=422, topics=[], number=99)
    assert "Choose at least one topic." in page.words
    assert "Choose a number from 1 to 50." in page.words
    assert page.all("input", name="number", value="99")


def test_an_abandoned_quiz_has_no_marks_and_can_be_read(visitor: Browser, cast: Cast, stored: Stored) -> None:
    person = visitor(cast.student)
    build(person, number=2, kinds=["single_choice"])
    answer_right(person, stored)
    person.open("/attempts")
    page = person.press("Abandon quiz")
    assert "Quiz abandoned" in page.words
    attempt = stored().scalars(select(Attempt).execution_options(populate_existing=True)).one()
    assert (attempt.outcome, attempt.score) == ("abandoned", None)
    page = person.open(f"/attempts/{attempt.id}")
    assert page.heading == "This quiz was abandoned"


@pytest.mark.parametrize("path", ["", "/1", "/finish", "/review"])
def test_a_stranger_finds_no_attempt(visitor: Browser, cast: Cast, stored: Stored, path: str) -> None:
    build(visitor(cast.student), number=2)
    attempt_id = stored().scalars(select(Attempt.id)).one()
    visitor(cast.classmate).open(f"/attempts/{attempt_id}{path}", status=404)
    page = visitor().open(f"/attempts/{attempt_id}{path}")
    assert page.path.startswith("/sign-in")


def test_a_stranger_can_change_nothing(visitor: Browser, cast: Cast, stored: Stored) -> None:
    build(visitor(cast.student), number=2)
    attempt_id = stored().scalars(select(Attempt.id)).one()
    stranger = visitor(cast.classmate)
    page = build(stranger, number=2)
    token = page.values(page.all("form", id="answer")[0])["csrf_token"]
    for path in ("1", "1/working", "finish", "abandon", "missed"):
        fields = {"csrf_token": token, "submission_id": str(uuid.uuid4()), "base_revision": "0"}
        answer = stranger.client.post(f"/attempts/{attempt_id}/{path}", data=fields)
        assert answer.status_code == 404, path
    assert stored().scalar(select(func.count()).select_from(Response)) == 0


@pytest.mark.parametrize("number", [2, 12])
def test_pages_take_few_queries_however_long_the_quiz(
    app: Flask, visitor: Browser, cast: Cast, stored: Stored, number: int
) -> None:
    person = visitor(cast.student)
    page = build(person, number=number, feedback="at_end", kinds=["single_choice", "true_false"])
    question = page.path
    base = question.rsplit("/", 1)[0]
    with counted_queries(app) as queries:
        person.open(question)
    assert len(queries) == 2
    with counted_queries(app) as queries:
        person.open(f"{base}/finish")
    assert len(queries) == 3
    person.press("Finish quiz")
    with counted_queries(app) as queries:
        person.open(f"{base}/review")
    assert len(queries) <= 6
    with counted_queries(app) as queries:
        person.open("/attempts")
    assert len(queries) == 2
    with counted_queries(app) as queries:
        person.open("/quizzes/new")
    assert len(queries) == 4


@pytest.mark.parametrize("kind", ["numeric", "matching", "ordering"])
def test_a_kind_is_asked_saved_resumed_and_reviewed(visitor: Browser, cast: Cast, stored: Stored, kind: str) -> None:
    person = visitor(cast.student)
    page = build(person, number=1, feedback="at_end", kinds=[kind])
    address = page.path
    row, item = pinned(stored, page)
    person.press("To the overview")
    row, _ = pinned(stored, person.open(address))
    assert (row.revision, row.answer) == (0, None), "nobody has answered yet"
    answer = made_up_answer(item, is_right=False, rng=Random(1))
    page = person.press("To the overview", **answer_fields(answer))
    assert page.heading == "Every question is answered"
    row, _ = pinned(stored, person.open(address))
    assert row.answer == answer
    person.press("To the overview", **answer_fields(made_up_answer(item, is_right=True, rng=Random(1))))
    page = person.press("Finish quiz")
    assert page.heading == "1 of 1 right"
    assert page.all("mark")


def test_one_step_of_an_order_without_scripts_is_kept_and_checks_as_it_stands(
    visitor: Browser, cast: Cast, stored: Stored
) -> None:
    person = visitor(cast.student)
    page = build(person, number=1, feedback="at_once", kinds=["ordering"])
    _, item = pinned(stored, page)
    form = page.form_of(next(button for button in page.all("button") if button.get("value") == "up-2"))
    asked = [page.values(form)[f"order-{number}"][0] for number in range(1, len(item.order) + 1)]
    page = person.press(f"Move up: {asked[1]}")
    assert page.path.endswith("/1#order")
    moved = [page.values(page.form_of(page.all("fieldset", id="order")[0]))[f"order-{number}"][0] for number in (1, 2)]
    assert moved == [asked[1], asked[0]]
    row, _ = pinned(stored, page)
    assert row.revision == 0, "a step is no answer"
    page = person.press("Check answer")
    row, _ = pinned(stored, page)
    assert row.answer == {"order": [asked[1], asked[0], *asked[2:]]}


def test_a_two_way_card_asked_back_first_moves_the_memory_of_that_direction(
    visitor: Browser, cast: Cast, stored: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = visitor(cast.student)
    for seed in range(12):
        monkeypatch.setattr(building_views, "secrets", SimpleNamespace(randbelow=lambda _limit, seed=seed: seed))
        page = build(person, number=1, feedback="at_once", kinds=["flashcard"])
        row, item = pinned(stored, page)
        key, is_back_first = row.item_id, row.option_order == [1]
        person.follow("Show answer")
        person.press("Save", choice="1")
        assert stored().get(Card, (cast.student, key, int(is_back_first))) is not None
        if is_back_first:
            assert page.heading == item.answer
            return
    pytest.fail("twelve cards, and none was asked back first")


def test_what_is_known_least_comes_first(
    app: Flask, visitor: Browser, cast: Cast, session: Session, stored: Stored, clock: Clock
) -> None:
    known, missed = items_of(session)[:2]
    answer(session, cast.student, [known], 1.0, clock.now)
    answer(session, cast.student, [missed], 0.0, clock.now)
    slug = topic_slug(session)
    set_enemies(session, items_of(session), [])
    session.commit()
    clock.advance(days=30)
    person = visitor(cast.student)
    person.open(f"/quizzes/new?topic={slug}")
    with counted_queries(app) as statements:
        page = person.press("Start quiz", number=50, order="least_known")
    assert sum(statement.startswith("SELECT") for statement in statements) <= 14
    attempt_id = uuid.UUID(page.path.split("/")[2])
    asked = select(AttemptItem.item_id).where(AttemptItem.attempt_id == attempt_id).order_by(AttemptItem.position)
    rows = list(stored().scalars(asked))
    assert rows.index(missed) < rows.index(known)
