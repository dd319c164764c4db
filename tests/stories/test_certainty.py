"""A set with tries, hints and certainty, taken by keys alone on a small screen."""

from __future__ import annotations

from flask import Flask
from playwright.sync_api import expect
from sqlalchemy import select

from quizapp.authoring.items import Source
from quizapp.authoring.publishing import publish
from quizapp.authoring.sets import add_to_set, create_set, describe_set
from quizapp.core.items import read_item
from quizapp.core.rules import Band, Rules
from quizapp.learning.rebuilding import differences
from quizapp.models import Response, Topic
from tests.chromium import OpenWindow
from tests.conftest import Cast, Clock
from tests.stories.answers import Stored
from tests.stories.keys import Keys

RULES = Rules(
    feedback="at_once", tries=3, asks_certainty=True, is_shuffled=False, navigation="sequential",
    bands=(Band(least=0.3, text="You know your birds."),),
)  # fmt: skip


def test_hints_and_certainty_by_keys_alone_on_a_small_screen(
    app: Flask, open_window: OpenWindow, stored: Stored, cast: Cast, clock: Clock
) -> None:
    slug = publish_birds(app, cast, clock)
    page = open_window(cast.student, width=390, height=844, has_touch=False)
    keys = Keys(page)
    keys.open(f"/sets/{slug}")
    expect(page.locator(".say")).to_contain_text("You have three tries at each question")
    keys.tab_to("Start quiz")
    keys.go()
    expect(page).to_have_title("Question 1 of 2 · Quizapp")
    keys.press(str(keys.place_of("The rook")))
    keys.press("w")
    expect(page.get_by_label("Fairly sure")).to_be_checked()
    keys.go()
    expect(page.get_by_role("status").filter(has_text="Not right")).to_contain_text("two more tries")
    expect(page.get_by_text("It is small.")).to_be_visible()
    expect(page.get_by_text("How sure are you?")).to_have_count(0)
    page.wait_for_load_state()
    keys.press(str(keys.place_of("The wren")))
    keys.go()
    expect(page).to_have_title("Question 1 of 2, answered · Quizapp")
    page.wait_for_load_state()
    keys.go()
    expect(page).to_have_title("Question 2 of 2 · Quizapp")
    page.wait_for_load_state()
    keys.press(str(keys.place_of("The wren")))
    keys.press("r")
    keys.go()
    expect(page).to_have_title("Question 2 of 2, answered · Quizapp")
    page.wait_for_load_state()
    keys.go()
    page.wait_for_load_state()
    keys.go()
    expect(page.get_by_role("heading", level=1)).to_have_text("0.3 of 2 marks")
    expect(page.locator(".facts", has_text="Fairly sure 1 time")).to_contain_text("right 0 times")
    given = [tuple(row) for row in stored().execute(select(Response.position, Response.revision, Response.certainty))]
    assert sorted(given, key=str) == [(1, 1, "mid"), (1, 2, None), (2, 1, "high")]
    assert list(differences(stored())) == []


def publish_birds(app: Flask, cast: Cast, clock: Clock) -> str:
    """Publish a set of two questions with hints; return its address."""
    with app.extensions["quizapp.database"].write_session() as session:
        source = Source(topic_id=session.scalars(select(Topic.id)).first() or 0)
        set_id = create_set(session, cast.teacher, "Birds", "Two of them.", clock.now)
        for stem in ("Which bird sings loudest for its size?", "Which bird is the smallest of these?"):
            texts = ["The wren", "The rook", "The kite"]
            options = [
                {"id": letter, "text": text, "weight": int(text == "The wren")}
                for letter, text in zip("abc", texts, strict=True)
            ]
            item = {"kind": "single_choice", "stem": stem, "hints": ["It is small."], "options": options}
            add_to_set(session, set_id, cast.teacher, read_item(item), source, clock.now)
        describe_set(
            session, set_id, cast.teacher, title="Birds", description="Two of them.", rules=RULES, now=clock.now
        )
        return publish(session, set_id, cast.teacher, "link", clock.now)
