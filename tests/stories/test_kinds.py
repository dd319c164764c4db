"""Every kind of question in one quiz, answered by keys alone on a small screen."""

from __future__ import annotations

from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from quizapp.authoring.items import current_source
from quizapp.authoring.publishing import publish
from quizapp.authoring.sets import add_to_set, create_set
from quizapp.core.items import read_item
from quizapp.learning.rebuilding import differences
from quizapp.models import Item, ItemVersion, Passage
from quizapp.web.questions import ASKABLE_KINDS, CARD_KINDS
from tests.chromium import OpenWindow
from tests.conftest import Cast, Clock
from tests.stories.answers import WITHOUT_ENTER, Stored, an_answer, answer_by_keys, item_before
from tests.stories.keys import Keys

TITLE = "Every kind"
ESSAY = read_item(
    {
        "kind": "essay",
        "stem": "Why has NATO’s presence grown?",
        "answer": "To reassure its members.",
        "criteria": [{"text": "Reasons", "levels": [{"text": "none", "points": 0}, {"text": "one", "points": 1}]}],
    }
)
TEXT = read_item({"kind": "description", "stem": "Take your time with the last one."})


def test_every_kind_is_answered_by_keys_alone_on_a_small_screen(
    app: Flask, open_window: OpenWindow, stored: Stored, cast: Cast, clock: Clock
) -> None:
    slug = publish_all(app, cast, clock)
    page = open_window(cast.student, width=390, height=844, has_touch=False)
    keys = Keys(page)
    keys.open(f"/sets/{slug}")
    keys.tab_to("Start quiz")
    keys.go()
    seen = []
    for number in range(1, len(CARD_KINDS) + 1):
        if page.title().startswith("A text to read"):
            expect(page.get_by_text(TEXT.stem)).to_be_visible()
            keys.go("Enter")
        expect(page).to_have_title(f"Question {number} of {len(CARD_KINDS)} · Quizapp")
        item = item_before(page, stored)
        seen.append(item.kind)
        answer_by_keys(keys, item, an_answer(item, is_right=True))
        if item.kind in WITHOUT_ENTER:
            if item.kind == "essay":
                expect(page.locator(".words")).to_have_text("11 words")
            keys.tab_to("To the overview" if number == len(CARD_KINDS) else "Next")
        keys.go("Enter")
    assert sorted(seen) == sorted(CARD_KINDS)
    expect(page.get_by_role("heading", level=1)).to_have_text("Every question is answered")
    keys.go("Enter")
    reviewed = page.locator(".reviewed > li")
    expect(reviewed).to_have_count(len(CARD_KINDS) + 1)
    expect(reviewed.locator(".verdict", has_text="Right")).to_have_count(len(CARD_KINDS) - 2)
    expect(reviewed.locator(".verdict", has_text="Waits for its mark")).to_have_count(1)
    expect(page.get_by_role("heading", level=1)).to_contain_text("so far")
    assert list(differences(stored())) == []


def publish_all(app: Flask, cast: Cast, clock: Clock) -> str:
    """Publish a set with one shipped question of each kind, an essay, and a text; return its address."""
    with app.extensions["quizapp.database"].write_session() as session:
        set_id = create_set(session, cast.teacher, TITLE, "One of each.", clock.now)
        passage_id = session.scalars(select(Passage.id).order_by(Passage.id)).first() or 0
        for kind in ASKABLE_KINDS:
            content = session.scalars(
                select(ItemVersion.content)
                .join(Item, Item.id == ItemVersion.item_id)
                .where(Item.kind == kind, Item.is_listed)
                .order_by(Item.id)
            ).first()
            copied = {"external_id", "enemies", "evidence"}
            item = read_item({name: value for name, value in (content or {}).items() if name not in copied})
            add_to_set(session, set_id, cast.teacher, item, current_source(session, passage_id), clock.now)
        for item in (TEXT, ESSAY):
            add_to_set(session, set_id, cast.teacher, item, current_source(session, passage_id), clock.now)
        return publish(session, set_id, cast.teacher, "here", clock.now)
