"""A picture and a sound in a browser: added by their teacher, seen, told and heard by a student with a phone."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # the package ships no types
from flask import Flask
from playwright.sync_api import expect

from quizapp.authoring.sets import create_set
from tests.chromium import OpenWindow
from tests.conftest import MONDAY, Cast
from tests.core.media.files import picture, wav


def test_a_teacher_adds_a_picture_and_a_sound_and_a_student_gets_them(
    open_window: OpenWindow, app: Flask, cast: Cast
) -> None:
    with app.extensions["quizapp.database"].write_session() as session:
        set_id = create_set(session, cast.teacher, "Maps", "", MONDAY)
    page = open_window(cast.teacher, java_script_enabled=False)
    page.goto(f"/teach/sets/{set_id}/items/new?kind=true_false")
    page.get_by_role("textbox", name="Statement").fill("This is a map.")
    page.get_by_role("radio", name="True").check()
    for file, kind, label, said in (
        ("map.png", "image/png", "What the picture shows", "A map of Rome"),
        ("rome.wav", "audio/wav", "What is heard, word for word", "This is Rome."),
    ):
        if kind == "image/png":
            page.get_by_text("Add a picture or a sound").click()
        content = picture(size=(1200, 800)) if kind == "image/png" else wav()
        page.get_by_label("File", exact=True).set_input_files({"name": file, "mimeType": kind, "buffer": content})
        page.get_by_role("button", name="Add it").click()
        page.get_by_label(label).fill(said)
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("radio", name="Everyone").check()
    page.get_by_role("button", name="Publish").click()

    phone = open_window(cast.student, width=390, height=844)
    phone.goto("/sets/maps")
    phone.get_by_role("button", name="Start").click()
    shown = phone.get_by_role("img", name="A map of Rome")
    expect(shown).to_be_visible()
    expect(shown).to_have_js_property("naturalWidth", 1200)
    box = shown.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    sound = phone.get_by_label("Sound")
    sound.focus()
    expect(sound).to_be_focused()
    phone.keyboard.press("Space")
    expect(sound).to_have_js_property("ended", True)
    phone.get_by_text("Read what is heard").click()
    expect(phone.get_by_text("This is Rome.", exact=True)).to_be_visible()
    assert Axe().run(phone).response["violations"] == []
