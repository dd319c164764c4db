"""The teacher's pages: the whole way to a published set, what is refused, who finds nothing, how many queries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from quizapp.authoring.items import current_content
from quizapp.authoring.publishing import publish
from quizapp.authoring.sets import add_to_set, correct_in_set
from quizapp.core.items import Item as NeutralItem
from quizapp.core.items import SingleChoice
from quizapp.models import Item, ItemSet, Passage, PassageVersion, Topic
from tests.authoring.conftest import Made, choice, item_of, order
from tests.builders import counted_queries
from tests.conftest import MONDAY, Cast
from tests.pages import Page, Visitor, words

Open = Callable[..., Visitor]
NATO = "01-nato-role-in-ukraine"
FORM: dict[str, Any] = {
    "option_0_text": "Support",
    "option_1_text": "Combat",
    "option_1_reason": "Not in combat roles.",
    "right": "0",
}


class Look:
    """What is stored now, read so that it keeps nobody from writing."""

    def __init__(self, app: Flask) -> None:
        self.read_session = app.extensions["quizapp.database"].read_session

    def first(self, query: Select[Any]) -> Any:
        with self.read_session() as session:
            return session.scalars(query).first()

    def item(self, item_id: int) -> Item:
        found: Item = self.first(select(Item).where(Item.id == item_id))
        return found

    def item_set(self) -> ItemSet:
        found: ItemSet = self.first(select(ItemSet).order_by(ItemSet.id.desc()))
        return found

    def content(self, item_id: int) -> NeutralItem:
        with self.read_session() as session:
            return current_content(session, item_id)

    def order(self, set_id: int) -> list[int]:
        with self.read_session() as session:
            return order(session, set_id)

    def place(self, name: str) -> str:
        return f"p{self.first(select(Passage.id).where(Passage.external_id == name))}"


@pytest.fixture
def look(app: Flask) -> Look:
    return Look(app)


@pytest.fixture
def teacher(visitor: Open, cast: Cast) -> Visitor:
    return visitor(cast.teacher)


def test_from_the_empty_shelf_to_a_published_set(teacher: Visitor, look: Look) -> None:
    page = teacher.open("/teach")
    assert page.heading == "Your first set"
    assert "Give the set a title." in teacher.press("Make the first set", status=422, title="").words
    teacher.open("/teach")
    page = teacher.press("Make the first set", title="NATO, a check")
    assert page.heading == "NATO, a check"
    assert "No question yet" in page.words
    teacher.follow("One answer One of several options is right.")
    fields: dict[str, Any] = {"stem": "What does the role involve?", "place": look.place(NATO), **FORM}
    page = teacher.press("Save", **fields, quote="providing support and reassurance")
    assert "What does the role involve?" in page.words
    assert "Key: Support" in page.words
    page = teacher.press("Publish", visibility="here")
    assert "Published here" in page.words
    assert "/sets/nato-a-check" in page.words
    page = teacher.open("/teach")
    assert "1 set open to take, 0 drafts." in page.words
    assert "Send its address" in page.words


def test_sets_lead_to_the_shelf(teacher: Visitor) -> None:
    assert teacher.open("/teach/sets").path == "/teach"


def test_a_first_question_needs_no_more_than_its_words(teacher: Visitor, session: Session, look: Look) -> None:
    teacher.open("/teach")
    teacher.press("Make the first set", title="Ice and water")
    teacher.follow("One answer One of several options is right.")
    for stem in ("What does water do when it freezes?", "How much larger is ice?"):
        page = teacher.press("Save, then another", stem=stem, **FORM)
    assert page.heading == "New question"
    topics = session.scalars(select(Topic.title).join(Item, Item.topic_id == Topic.id).where(Item.status == "draft"))
    assert topics.all() == ["Ice and water"] * 2


def test_a_set_called_like_a_topic_starts_on_that_topic(teacher: Visitor, look: Look) -> None:
    teacher.open("/teach")
    teacher.press("Make the first set", title="nato’s ROLE in Ukraine")
    teacher.follow("One answer One of several options is right.")
    page = teacher.press("Save", stem="What does the role involve?", **FORM)
    assert "One answer · NATO’s role in Ukraine" in page.words


PAIRS = {
    "pair_0_left": "Its first part", "pair_0_right": "Support",
    "pair_1_left": "Its second part", "pair_1_right": "Reassurance",
    "pair_2_right": "Combat",
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "fields", "shown"),
    [
        ("single_choice", FORM, "Not in combat roles."),
        (
            "multiple_choice",
            {**FORM, "option_0_is_right": "y"},
            "Each earns a part of the mark",
        ),
        ("true_false", {"right": "true", "reason_true": "The passage says so."}, "The passage says so."),
        ("short_answer", {"accepted": "support\nreassurance"}, "Also accepted"),
        ("cloze", {"stem": "It is [[support]] and [[*reassurance / combat]]."}, "Fill the gaps"),
        ("numeric", {"accepted": "10 ± 0.5\n9 to 11", "unit": "km"}, "10 ± 0.5 km"),
        ("matching", PAIRS, "Choose one for each. Some answers are left over."),
        ("ordering", {"entry_0_text": "Support", "entry_1_text": "Reassurance"}, "Right order"),
        ("flashcard", {"answer": "Support and reassurance", "is_reversible": "y"}, "Also asked the other way round"),
    ],
)
def test_every_kind_is_previewed_and_saved(
    teacher: Visitor, made: Made, kind: str, fields: dict[str, Any], shown: str, look: Look
) -> None:
    teacher.open(f"/teach/sets/{made.set_id}/items/new?kind={kind}")
    fields = {"stem": "What is it?", "explanation": "It is said first.", **fields}
    page = teacher.press("Preview", **fields, quote="providing support and reassurance")
    assert shown in page.words
    assert "It is said first." in page.words
    assert page.all("mark")[0].text == "providing support and reassurance"
    assert len(look.order(made.set_id)) == 1
    page = teacher.press("Save")
    assert page.heading == "NATO, the basics"
    new = look.order(made.set_id)[-1]
    assert look.item(new).kind == kind
    page = teacher.open(f"/teach/sets/{made.set_id}/preview?question=2")
    assert "Preview, 2 of 2" in "".join(page.root.itertext())
    teacher.open(f"/teach/sets/{made.set_id}/preview?question=2&answer=1")
    page = teacher.open(f"/teach/sets/{made.set_id}/items/{new}")
    teacher.press("Save")
    assert look.item(new).version_number == 1


def test_findings_stand_beside_the_field_they_are_about(teacher: Visitor, made: Made, look: Look) -> None:
    page = teacher.open(f"/teach/sets/{made.set_id}/items/new?kind=single_choice")
    assert advice_of(page) == {}
    long = "Support, reassurance, training and the sharing of intelligence with the government"
    asked = {**FORM, "stem": "What does the passage NOT name?", "option_2_text": long, "right": 2}
    previewed = advice_of(teacher.press("Preview", **asked))
    assert "longer than" in previewed["option_2_text"]
    assert previewed["stem"]
    advised = teacher.press("Preview", do="advise")
    assert advice_of(advised) == previewed
    assert not advised.all("h2", id="preview")
    teacher.press("Save")
    item_id = look.order(made.set_id)[-1]
    assert advice_of(teacher.open(f"/teach/sets/{made.set_id}/items/{item_id}")) == previewed


def test_advice_waits_until_a_question_can_be_read(teacher: Visitor, made: Made) -> None:
    page = teacher.open(f"/teach/sets/{made.set_id}/items/new?kind=single_choice")
    answer = teacher.client.post(page.path, data={**page.values(page.all("form", id="editor")[0]), "do": "advise"})
    assert answer.status_code == 204


def test_what_was_typed_stays_when_something_is_wrong(teacher: Visitor, made: Made) -> None:
    teacher.open(f"/teach/sets/{made.set_id}/items/new?kind=single_choice")
    typed = {
        "stem": "",
        "option_0_text": "Typed <b>",
        "option_2_reason": "Why",
        "quote": "bananas",
        "explanation": "So",
    }
    page = teacher.press("Save", status=422, **typed)
    values = page.values(next(form for form in page.root.iter("form") if form.get("id") == "editor"))
    assert {name: values[name][0] for name in typed} == typed
    assert "Write the question." in page.words
    assert "These words are not in the passage as pasted." in page.words


def test_rows_are_added_and_removed_without_losing_anything(teacher: Visitor, made: Made) -> None:
    teacher.open(f"/teach/sets/{made.set_id}/items/new?kind=multiple_choice")
    page = teacher.press("Add option", stem="Which?", option_1_text="Two", option_1_is_right="y", option_3_text="Four")
    assert [bool(page.all("button", aria_label=f"Remove option {row}")) for row in (5, 6)] == [True, False]
    page = teacher.press("Remove option 1")
    values = page.values(next(form for form in page.root.iter("form") if form.get("id") == "editor"))
    assert (values["stem"], values["option_0_text"], values["option_2_text"]) == (["Which?"], ["Two"], ["Four"])
    assert values["option_0_is_right"] == ["y"]
    assert "option_2_is_right" not in values
    teacher.press("Remove option 1")
    assert typed_in(teacher.press("Undo")) == typed_in(page)


@pytest.mark.parametrize("kind", ["single_choice", "matching", "ordering"])
def test_a_removed_row_comes_back_where_it_was(teacher: Visitor, made: Made, kind: str) -> None:
    name = {"single_choice": "option_{}_text", "matching": "pair_{}_left", "ordering": "entry_{}_text"}[kind]
    noun = name.partition("_")[0]
    page = teacher.open(f"/teach/sets/{made.set_id}/items/new?kind={kind}")
    typed: dict[str, Any] = {name.format(row): f"Row {row}" for row in range(4)} | (
        {"right": "1"} if kind == "single_choice" else {}
    )
    before = typed_in(teacher.press(f"Move {noun} 3 up", **typed))
    assert before[name.format(1)] == ["Row 2"]
    page = teacher.press(f"Remove {noun} 3")
    assert f"{noun.capitalize()} 3 removed." in page.words
    page = teacher.press("Undo")
    assert typed_in(page) == before
    assert "Undo" not in page.buttons()


def test_a_made_up_removed_row_does_no_harm(teacher: Visitor, made: Made) -> None:
    page = teacher.open(f"/teach/sets/{made.set_id}/items/new?kind=ordering")
    for row in ("", "x", "²", "9" * 40, "999"):
        data = {**page.values(page.all("form", id="editor")[0]), "do": "restore", "gone_row": row, "gone_0": "Typed"}
        assert teacher.client.post(page.path, data=data).status_code == 200


def test_a_nearly_right_quote_is_offered_and_taken(teacher: Visitor, made: Made, look: Look) -> None:
    teacher.open(f"/teach/sets/{made.set_id}/items/new?kind=flashcard")
    page = teacher.press("Save", status=422, stem="Front", answer="Back", quote="NATO’s  current role in Ukraine")
    assert "Did you mean these words of the passage? NATO's current role in Ukraine" in page.words
    teacher.press("Use these words")
    teacher.press("Save")
    new = look.order(made.set_id)[-1]
    assert look.content(new).evidence[0].quote == "NATO's current role in Ukraine"


def test_the_passage_of_another_topic_is_shown_on_request(teacher: Visitor, made: Made, look: Look) -> None:
    page = teacher.open(f"/teach/sets/{made.set_id}/items/new?kind=flashcard")
    assert "NATO's current role in Ukraine primarily involves" in page.words
    page = teacher.press("Show its passage", stem="Typed", place=look.place("09-public-opinion"))
    assert "NATO's current role in Ukraine primarily involves" not in page.words
    assert "public opinion" in page.words.lower()
    assert page.all("textarea", id="stem")[0].text.strip() == "Typed"  # type: ignore[union-attr]


def test_a_new_topic_is_made_with_its_question(teacher: Visitor, made: Made, look: Look) -> None:
    teacher.open(f"/teach/sets/{made.set_id}/items/new?kind=flashcard")
    page = teacher.press("Save", status=422, stem="F", answer="B", place="new", new_topic="Public opinion")
    assert "Choose it from the list." in page.words
    teacher.press("Save", new_topic="Harbours")
    topic = look.first(select(Topic).where(Topic.title == "Harbours"))
    assert (topic.slug, topic.is_listed) == ("harbours", False)


def test_saving_a_question_twice_saves_it_once(teacher: Visitor, made: Made, look: Look) -> None:
    form = teacher.open(f"/teach/sets/{made.set_id}/items/new?kind=flashcard")
    teacher.press("Save", stem="F", answer="B", place="new", new_topic="Harbours")
    teacher.page = form
    teacher.press("Save", stem="F", answer="B", place="new", new_topic="Harbours")
    assert len(look.order(made.set_id)) == 2


def test_save_then_another_opens_the_same_kind(teacher: Visitor, made: Made) -> None:
    teacher.open(f"/teach/sets/{made.set_id}/items/new?kind=flashcard")
    page = teacher.press("Save, then another", stem="F", answer="B")
    assert page.heading == "New question"
    assert page.all("textarea", id="answer")


def test_a_published_question_is_corrected_or_replaced(
    teacher: Visitor, session: Session, cast: Cast, made: Made, look: Look
) -> None:
    publish(session, made.set_id, cast.teacher, "link", MONDAY)
    session.commit()
    path = f"/teach/sets/{made.set_id}/items/{made.item_id}"
    teacher.open(path)
    page = teacher.press("Save", status=422, stem="What has the alliance increased?")
    assert "Say whether it is still the same question." in page.words
    teacher.press("Preview")  # asks nothing
    teacher.press("Save", change="correction")
    assert look.item(made.item_id).version_number == 2
    teacher.open(path)
    page = teacher.press("Save", status=422, right="1", change="correction")
    assert "it is a new question. Replace the question instead." in page.words
    teacher.press("Save", change="replacement")
    (new,) = look.order(made.set_id)
    assert look.item(new).replaces_id == made.item_id
    assert look.item(made.item_id).status == "retired"
    teacher.open(path, status=404)


def test_a_change_in_another_window_is_told_and_not_overwritten(
    teacher: Visitor, session: Session, cast: Cast, made: Made, look: Look
) -> None:
    teacher.open(f"/teach/sets/{made.set_id}/items/{made.item_id}")
    correct_in_set(session, made.set_id, made.item_id, cast.teacher, choice(stem="Theirs"), made.source, MONDAY)
    session.commit()
    page = teacher.press("Save", status=409, stem="Mine")
    assert "changed in another window" in page.words
    assert look.content(made.item_id).stem == "Theirs"
    teacher.press("Save")
    assert look.content(made.item_id).stem == "Mine"


def test_questions_are_moved_and_removed(
    teacher: Visitor, session: Session, cast: Cast, made: Made, look: Look
) -> None:
    second = add_to_set(session, made.set_id, cast.teacher, item_of("flashcard"), made.source, MONDAY)
    session.commit()
    teacher.open(f"/teach/sets/{made.set_id}")
    teacher.press("Move question 2 up")
    assert look.order(made.set_id) == [second, made.item_id]
    teacher.press("Remove question 1")
    assert look.order(made.set_id) == [made.item_id]
    page = teacher.press("Undo")
    assert look.order(made.set_id) == [second, made.item_id]
    assert "Undo" not in page.buttons()
    teacher.open(f"/teach/sets/{made.set_id}?removed={'9' * 30}&place=x")


def test_a_script_says_which_place_a_question_moves_to(
    app: Flask, teacher: Visitor, session: Session, cast: Cast, made: Made, look: Look
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    others = [
        add_to_set(session, made.set_id, cast.teacher, item_of("flashcard"), made.source, MONDAY) for _ in range(2)
    ]
    session.commit()
    move = f"/teach/sets/{made.set_id}/items/{made.item_id}/move"
    assert teacher.client.post(move, data={"do": "3"}).status_code == 204
    assert look.order(made.set_id) == [*others, made.item_id]
    for do in ("0", "", "sideways", "99999999999999999999"):
        assert teacher.client.post(move, data={"do": do}).status_code == 404


def test_a_duplicate_is_a_question_of_its_own_after_the_first(
    teacher: Visitor, session: Session, cast: Cast, made: Made, look: Look
) -> None:
    last = add_to_set(session, made.set_id, cast.teacher, item_of("flashcard"), made.source, MONDAY)
    session.commit()
    page = teacher.open(f"/teach/sets/{made.set_id}")
    href = page.all("a", aria_label="Duplicate question 1")[0].get("href")
    page = teacher.open(str(href))
    assert page.heading == "New question"
    assert look.order(made.set_id) == [made.item_id, last]  # nothing is stored before it is saved
    teacher.press("Save", stem="What has the alliance increased?")
    first, copy, third = look.order(made.set_id)
    assert (first, third) == (made.item_id, last)
    row = look.item(copy)
    assert (row.status, row.version_number, row.replaces_id) == ("draft", 1, None)
    assert look.content(copy) == choice(stem="What has the alliance increased?")
    assert look.content(first) == choice()


def test_a_copy_outlives_its_original(teacher: Visitor, made: Made, look: Look) -> None:
    path = f"/teach/sets/{made.set_id}/items/new?kind=single_choice&copy={made.item_id}"
    form = teacher.open(path)
    teacher.open(f"/teach/sets/{made.set_id}")
    teacher.press("Remove question 1")
    teacher.page = form
    teacher.press("Save")
    assert len(look.order(made.set_id)) == 1
    teacher.open(path, status=404)
    for wrong in ("x", "0", "9" * 30):
        teacher.open(f"/teach/sets/{made.set_id}/items/new?kind=single_choice&copy={wrong}", status=404)


def test_publishing_is_refused_and_done_once(teacher: Visitor, made: Made, look: Look) -> None:
    form = teacher.open(f"/teach/sets/{made.set_id}")
    page = teacher.press("Publish", status=422)
    assert "Choose who can find the set." in page.words
    teacher.press("Publish", visibility="link")
    slug = look.item_set().slug
    teacher.page = form
    teacher.press("Publish", visibility="link")
    assert look.item_set().slug == slug
    teacher.page = form
    page = teacher.press("Publish", status=409, visibility="here")
    assert "published already" in page.words


def test_an_emptied_draft_can_not_be_published(teacher: Visitor, made: Made) -> None:
    form = teacher.open(f"/teach/sets/{made.set_id}")
    teacher.press("Remove question 1")
    teacher.page = form
    page = teacher.press("Publish", status=422, visibility="here")
    assert "Add a question first." in page.words


def test_a_set_is_closed_and_opened_again(teacher: Visitor, made: Made, look: Look) -> None:
    teacher.open(f"/teach/sets/{made.set_id}")
    teacher.press("Publish", visibility="here")
    page = teacher.press("Close it")
    assert "Closed" in page.words
    assert look.item_set().status == "closed"
    page = teacher.press("Open it again")
    assert look.item_set().status == "published"


def test_a_draft_is_deleted(teacher: Visitor, made: Made) -> None:
    teacher.open(f"/teach/sets/{made.set_id}")
    page = teacher.press("Delete draft")
    assert page.path == "/teach"
    teacher.open(f"/teach/sets/{made.set_id}", status=404)


def test_results_are_shown(
    teacher: Visitor, session: Session, cast: Cast, made: Made, take: Callable[..., None]
) -> None:
    publish(session, made.set_id, cast.teacher, "here", MONDAY)
    session.commit()
    page = teacher.open(f"/teach/sets/{made.set_id}/results")
    assert page.heading == "No results yet"
    take(made.set_id, cast.student, {made.item_id: ({"choice": "b"}, 0.0)})
    page = teacher.open(f"/teach/sets/{made.set_id}/results")
    assert page.heading == "1 person has taken it, with 0 % on average"
    assert "1 of 1 answered “Its budget”" in page.words
    assert "Mira Okafor" in page.words


def test_a_passage_of_ones_own_is_pasted_asked_about_and_kept(teacher: Visitor, made: Made, look: Look) -> None:
    text = "A harbour shelters ships. " + "Its walls break the waves of the sea. " * 6
    teacher.open(f"/teach/passages/new?set={made.set_id}")
    page = teacher.press("Save passage", status=422, topic="new", text="Too short.", heading="What is it for?")
    assert "This has 2 words. A passage needs at least 40." in page.words
    page = teacher.press("Save passage", text="word " * 1501, new_topic="Harbours", status=422)
    assert "This has 1501 words." in page.words
    page = teacher.press("Save passage", text=text, new_topic="")
    assert look.first(select(Topic).where(Topic.title == "What is it for?"))  # called as its passage
    assert page.heading == "NATO, the basics"
    passage = look.first(select(Passage).where(Passage.heading == "What is it for?"))
    version = look.first(select(PassageVersion).where(PassageVersion.passage_id == passage.id))
    assert version.text == text.strip()
    teacher.open(f"/teach/sets/{made.set_id}/items/new?kind=flashcard&place=p{passage.id}")
    teacher.press("Save", stem="F", answer="B", quote="A harbour shelters ships.")
    page = teacher.open(f"/teach/passages/{passage.id}")
    assert "1 question on it" in page.words
    assert "Delete passage" not in page.buttons()


def test_an_unused_passage_is_deleted(teacher: Visitor, look: Look) -> None:
    teacher.open("/teach/passages/new")
    teacher.press("Save passage", topic="new", new_topic="Piers", heading="What is a pier?", text="pier " * 40)
    page = teacher.press("Delete passage")
    assert "What is a pier?" not in page.words
    assert look.first(select(Topic).where(Topic.title == "Piers")) is None


@pytest.mark.parametrize("path", ["/teach/sets/new?x=1", "/teach/passages/new?set=9", "/teach/passages/new?set=x"])
def test_needless_arguments_do_no_harm(teacher: Visitor, path: str) -> None:
    teacher.open(path)


@pytest.mark.parametrize("kind", ["", "riddle"])
def test_a_kind_without_an_editor_is_not_found(teacher: Visitor, made: Made, kind: str) -> None:
    teacher.open(f"/teach/sets/{made.set_id}/items/new?kind={kind}", status=404)


@pytest.mark.parametrize("stranger", ["colleague", "admin", "student", None])
def test_strangers_find_nothing_and_change_nothing(
    app: Flask, visitor: Open, cast: Cast, made: Made, stranger: str | None, look: Look
) -> None:
    app.config["WTF_CSRF_ENABLED"] = False
    browser = visitor(getattr(cast, stranger) if stranger else None)
    base = f"/teach/sets/{made.set_id}"
    reads = [
        base,
        f"{base}/preview",
        f"{base}/print",
        f"{base}/results",
        f"{base}/items/{made.item_id}",
        f"{base}/items/new?kind=cloze",
    ]
    data: dict[str, Any] = {
        "title": "T", "feedback": "at_end", "visibility": "here", "do": "up", "stem": "S", "answer": "B",
        "submission": "6f1d6c8e-6a3e-4d0c-9a0f-000000000001", "place": look.place(NATO), "right": "0", **FORM,
    }  # fmt: skip
    writes = [
        "settings", "publish", "close", "reopen", "delete", f"items/{made.item_id}/move",
        f"items/{made.item_id}/remove", f"items/{made.item_id}/put-back", f"items/{made.item_id}",
        "items/new?kind=flashcard",
    ]  # fmt: skip
    expected = 303 if stranger is None else 404  # nobody is asked to sign in
    for path in reads:
        assert browser.client.get(path).status_code == expected, path
    for path in writes:
        assert browser.client.post(f"{base}/{path}", data=data).status_code == expected, path
    row = look.item_set()
    assert (row.title, row.status) == ("NATO, the basics", "draft")
    assert look.order(made.set_id) == [made.item_id]
    assert look.content(made.item_id) == choice()


def test_a_student_finds_no_teachers_page(visitor: Open, cast: Cast) -> None:
    browser = visitor(cast.student)
    for path in ("/teach", "/teach/sets", "/teach/sets/new", "/teach/passages/new"):
        browser.open(path, status=404)


def test_an_admin_sees_only_their_own_sets(visitor: Open, cast: Cast, made: Made) -> None:
    assert "Make the first set" in visitor(cast.admin).open("/teach").buttons()


def test_the_number_of_queries_is_the_same_for_one_and_fifty(
    app: Flask, teacher: Visitor, session: Session, cast: Cast, made: Made
) -> None:
    base = f"/teach/sets/{made.set_id}"
    paths = [
        "/teach",
        base,
        f"{base}/preview",
        f"{base}/print",
        f"{base}/items/{made.item_id}",
        f"{base}/items/new?kind=cloze",
    ]

    def queries() -> list[int]:
        found = []
        for path in paths:
            with counted_queries(app) as statements:
                teacher.open(path)
            found.append(len(statements))
        return found

    few = queries()
    for _ in range(49):
        add_to_set(session, made.set_id, cast.teacher, item_of("multiple_choice"), made.source, MONDAY)
    session.commit()
    assert queries() == few
    assert max(few) <= 8


def test_markup_in_what_a_teacher_writes_is_text(teacher: Visitor, made: Made, look: Look) -> None:
    teacher.open(f"/teach/sets/{made.set_id}/items/{made.item_id}")
    teacher.press("Save", stem="<script>alert(1)</script>", option_0_text="<img src=x onerror=alert(1)>")
    content = look.content(made.item_id)
    assert isinstance(content, SingleChoice)
    for path in ("", "/preview", "/preview?answer=1", f"/items/{made.item_id}"):
        page = teacher.open(f"/teach/sets/{made.set_id}{path}")
        assert "<script>alert" not in page.text
        assert "<img" not in page.text


def typed_in(page: Page) -> dict[str, list[str]]:
    """Return what stands in the editor's form, without its token and what it keeps for undoing."""
    values = page.values(page.all("form", id="editor")[0])
    return {name: value for name, value in values.items() if name != "csrf_token" and not name.startswith("gone_")}


def advice_of(page: Page) -> dict[str, str]:
    """Return what the linter says, by the field it stands beside."""
    found = {box.get("id", "").removesuffix("-advice"): words(box) for box in page.root.iter("div") if is_advice(box)}
    return {name: text for name, text in found.items() if text}


def is_advice(box: Element) -> bool:
    return box.get("data-advice") is not None


FORMULAS: dict[str, Any] = {
    "stem": "What is $x^2$ for *three*?", "explanation": "As $3 \\cdot 3 = 9$.", "is_formatted": "y",
    "option_0_text": "$9$", "option_1_text": "$\\frac{9}{3}$", "option_1_reason": "That is $3$.", "right": "0",
}  # fmt: skip


def formulas_of(page: Page) -> list[str]:
    return [element.get("alttext", "") for element in page.root.iter() if str(element.tag).endswith("math")]


def test_formulas_are_shown_wherever_the_question_is(teacher: Visitor, made: Made, look: Look) -> None:
    teacher.open(f"/teach/sets/{made.set_id}/items/new?kind=single_choice")
    page = teacher.press("Preview", **FORMULAS)
    sources = formulas_of(page)
    assert sources.count("x^2") == 1
    assert sources.count("9") == 2  # as asked, and with its key
    assert sources.count("3 \\cdot 3 = 9") == 1
    teacher.press("Save")
    new = look.order(made.set_id)[-1]
    assert look.content(new).stem_format == "markdown"
    for address in ("preview?question=2", "preview?question=2&answer=1", "print"):
        page = teacher.open(f"/teach/sets/{made.set_id}/{address}")
        assert {"x^2", "9", "\\frac{9}{3}"} <= set(formulas_of(page))
    page = teacher.open(f"/teach/sets/{made.set_id}/items/{new}")
    assert page.values(page.all("form", id="editor")[0])["is_formatted"] == ["y"]


def test_a_formula_that_cannot_be_read_is_refused_beside_its_field(teacher: Visitor, made: Made, look: Look) -> None:
    page = teacher.open(f"/teach/sets/{made.set_id}/items/new?kind=single_choice")
    wrong = {**FORMULAS, "option_1_text": "$\\frac{9}$"}
    shown = teacher.press("Preview", **wrong)
    assert "can’t be read" in advice_of(shown)["option_1_text"]
    page = teacher.press("Save", status=422)
    assert "The formula “\\frac{9}” can’t be read" in words(page.all("p", id="option_1_text-error")[0])
    assert len(look.order(made.set_id)) == 1
    teacher.press("Save", option_1_text="$3$")
    assert len(look.order(made.set_id)) == 2


def test_without_formatting_a_dollar_is_a_dollar(teacher: Visitor, made: Made, look: Look) -> None:
    teacher.open(f"/teach/sets/{made.set_id}/items/new?kind=flashcard")
    teacher.press("Save", stem="What is $x$ *here*?", answer="$\\frac{1}$")
    content = look.content(look.order(made.set_id)[-1])
    assert (content.stem, content.stem_format) == ("What is $x$ *here*?", "plain")
    page = teacher.open(f"/teach/sets/{made.set_id}/preview?question=2")
    assert page.heading == "What is $x$ *here*?"
