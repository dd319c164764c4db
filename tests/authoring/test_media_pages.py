"""Pictures and sounds in the editor: added by a plain form, described, removed and put back, refused with a reason."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.authoring import attachments
from quizapp.authoring.items import current_content
from quizapp.core.items import Media as NeutralMedia
from quizapp.core.media import clean
from quizapp.models import Media
from tests.authoring.conftest import Made, order
from tests.conftest import Cast
from tests.core.media.files import mp3, picture, wav
from tests.pages import Page, Visitor, words

Open = Callable[..., Visitor]
Stored = Callable[[], Session]
PICTURE, SOUND = clean(picture()).name, clean(mp3()).name
CARD: dict[str, Any] = {"stem": "What is it?", "answer": "A map"}


@pytest.fixture
def teacher(visitor: Open, cast: Cast) -> Visitor:
    return visitor(cast.teacher)


@pytest.fixture
def editor(teacher: Visitor, made: Made) -> Visitor:
    """The editor of a new card, with its words."""
    teacher.open(f"/teach/sets/{made.set_id}/items/new?kind=flashcard")
    teacher.press("Show its passage", **CARD)
    return teacher


def sent(data: bytes, name: str = "holiday in Rome.jpg") -> list[Any]:
    return [(io.BytesIO(data), name)]


def shown(page: Page) -> list[str]:
    """Return the names of the pictures and sounds that a page shows, and how it says the pictures."""
    images = [f"{element.get('src')} {element.get('alt')}" for element in page.all("img")]
    return images + [element.get("src", "") for element in page.all("audio")]


def newest(session: Session, made: Made) -> tuple[NeutralMedia, ...]:
    return current_content(session, order(session, made.set_id)[-1]).media


def test_a_picture_and_a_sound_are_added_described_and_saved(editor: Visitor, made: Made, stored: Stored) -> None:
    page = editor.press("Add it", file=sent(picture()))
    assert shown(page) == [f"/media/{PICTURE} Not described yet"]
    assert page.values(page.all("form", id="editor")[0])["stem"] == ["What is it?"]
    page = editor.press("Add it", file=sent(mp3(), "x.exe"), media_0_alt="A map of Rome")
    assert shown(page) == [f"/media/{PICTURE} A map of Rome", f"/media/{SOUND}"]
    page = editor.press("Preview", media_1_alt="Silence.")
    assert shown(page)[0] == f"/media/{PICTURE} A map of Rome"
    assert "Read what is heard" in page.words
    assert "Silence." in page.words
    assert "holiday" not in page.text
    editor.press("Save")
    assert newest(stored(), made) == (
        NeutralMedia(name=PICTURE, kind="image", alt="A map of Rome", width=40, height=30),
        NeutralMedia(name=SOUND, kind="audio", alt="Silence."),
    )
    for address in ("preview?question=2", "preview?question=2&answer=1", "print"):
        page = editor.open(f"/teach/sets/{made.set_id}/{address}")
        (image,) = page.all("img")
        assert (image.get("width"), image.get("height"), image.get("alt")) == ("40", "30", "A map of Rome")
        assert page.all("audio")[0].get("controls") is not None
    assert "Audio: Silence." in page.words


@pytest.mark.parametrize(("file", "says"), [(picture(), "for those who can’t see it"), (mp3(), "who can’t hear it")])
def test_what_has_no_words_is_not_saved(editor: Visitor, made: Made, stored: Stored, file: bytes, says: str) -> None:
    editor.press("Add it", file=sent(file))
    page = editor.press("Save", status=422)
    assert says in words(page.all("p", id="media_0_alt-error")[0])
    assert len(order(stored(), made.set_id)) == 1


def test_a_decorative_picture_needs_none(editor: Visitor, made: Made, stored: Stored) -> None:
    editor.press("Add it", file=sent(picture()))
    editor.press("Save", media_0_alt="Typed before", media_0_is_decorative="y")
    (kept,) = newest(stored(), made)
    assert (kept.alt, kept.is_decorative) == ("", True)
    page = editor.open(f"/teach/sets/{made.set_id}/preview?question=2")
    assert page.all("img")[0].get("alt") == ""


def test_a_file_that_is_chosen_and_saved_at_once_waits_for_its_words(editor: Visitor, made: Made) -> None:
    page = editor.press("Save", status=422, file=sent(picture()))
    assert "Describe it, then save." in page.words
    page = editor.press("Save", media_0_alt="A map")
    assert page.heading == "NATO, the basics"


def test_a_removed_file_is_put_back_with_its_words(editor: Visitor, made: Made, stored: Stored) -> None:
    editor.press("Add it", file=sent(picture()))
    editor.press("Add it", file=sent(mp3()), media_0_alt="A map", media_0_is_decorative="y")
    page = editor.press("", do="detach-0", media_1_alt="Silence.")
    assert shown(page) == [f"/media/{SOUND}"]
    assert "Picture removed." in page.words
    page = editor.press("Undo")
    assert shown(page) == [f"/media/{PICTURE} A map", f"/media/{SOUND}"]
    editor.press("Save")
    assert [(file.name, file.is_decorative) for file in newest(stored(), made)] == [(SOUND, False), (PICTURE, True)]
    editor.open(f"/teach/sets/{made.set_id}/items/{order(stored(), made.set_id)[-1]}")
    editor.press("", do="detach-0")
    assert "Undo" not in editor.press("Preview").buttons()
    editor.press("Save")
    assert [file.name for file in newest(stored(), made)] == [PICTURE]


@pytest.mark.parametrize(
    ("data", "name", "says"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "map.png", "Save it as PNG"),
        (b"MZ" + bytes(99), "map.jpg", "This is no picture or sound"),
        (picture("JPEG", (300, 300))[:600], "map.jpg", "damaged or not complete"),
        (wav()[:-9], "a.wav", "damaged or not complete"),
        (b"", "a.wav", "This file is empty"),
    ],
)
def test_a_file_that_cannot_be_shown_is_refused_beside_its_field(
    editor: Visitor, stored: Stored, data: bytes, name: str, says: str
) -> None:
    page = editor.press("Add it", status=422, file=sent(data, name))
    assert says in words(page.all("p", id="file-error")[0])
    assert page.values(page.all("form", id="editor")[0])["answer"] == ["A map"]
    assert stored().scalars(select(Media.id)).all() == []


def test_without_a_file_there_is_nothing_to_add(editor: Visitor) -> None:
    assert "Choose a file first." in editor.press("Add it", status=422).words


def test_a_question_has_room_for_a_few(editor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    editor.press("Add it", file=sent(picture()))
    monkeypatch.setattr(attachments, "MOST_FILES", 1)
    page = editor.press("Add it", status=422, file=sent(mp3()))
    assert "room for 1 pictures" in page.words
    assert shown(page) == [f"/media/{PICTURE} Not described yet"]


def test_the_same_file_twice_is_one(editor: Visitor) -> None:
    editor.press("Add it", file=sent(picture()))
    assert len(shown(editor.press("Add it", file=sent(picture()), media_0_alt="A map"))) == 1


def test_advice_while_typing_stores_nothing(editor: Visitor, stored: Stored) -> None:
    assert editor.page is not None
    typed = editor.page.values(editor.page.all("form", id="editor")[0])
    answer = editor.client.post(editor.page.path, data={**typed, "do": "advise", "file": sent(picture())})
    assert answer.status_code == 200
    assert stored().scalars(select(Media.id)).all() == []


def test_a_copy_has_the_files_of_its_original(editor: Visitor, made: Made, stored: Stored) -> None:
    editor.press("Add it", file=sent(picture()))
    editor.press("Save", media_0_alt="A map")
    first = order(stored(), made.set_id)[-1]
    editor.open(f"/teach/sets/{made.set_id}/items/new?kind=flashcard&copy={first}")
    editor.press("Save", stem="And this?")
    copy = next(item_id for item_id in order(stored(), made.set_id)[1:] if item_id != first)
    assert current_content(stored(), copy).media == current_content(stored(), first).media
    assert len(stored().scalars(select(Media.id)).all()) == 1


def test_a_name_that_is_made_up_brings_nothing(
    editor: Visitor, app: Flask, visitor: Open, cast: Cast, made: Made
) -> None:
    editor.press("Add it", file=sent(picture()))
    stranger = visitor(cast.colleague)
    stranger.open("/teach")
    stranger.press("Make the first set", title="Mine")
    stranger.follow("Flashcard Front and back, rated by the learner.")
    page = stranger.press("Save", status=422, media_0_name=PICTURE, media_0_alt="A map", **CARD)
    assert "This file is not here any more." in page.words
    assert page.all("img") == []


@pytest.mark.parametrize(("page", "most"), [("settings", 2), ("items/new?kind=flashcard", 13)])
def test_only_the_editor_takes_what_is_large(editor: Visitor, made: Made, page: str, most: int) -> None:
    for megabytes, is_taken in ((most - 1, True), (most + 1, False)):
        body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n' + bytes(megabytes * 2**20)
        answer = editor.client.post(
            f"/teach/sets/{made.set_id}/{page}",
            data=body + b"\r\n--x--",
            content_type="multipart/form-data; boundary=x",
        )
        assert (answer.status_code == 413) is not is_taken
