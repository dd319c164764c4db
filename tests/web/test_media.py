"""Pictures and sounds over HTTP: whoever may see the question gets them, in parts too, as nothing but themselves."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from quizapp.authoring.items import Source
from quizapp.authoring.publishing import publish
from quizapp.authoring.sets import add_to_set, create_set
from quizapp.authoring.uploads import keep_file
from quizapp.core.items import read_item
from quizapp.core.media import Cleaned, clean
from quizapp.models import ItemSet
from tests.builders import counted_queries
from tests.conftest import MONDAY, Cast
from tests.core.media.files import m4a, mp3, ogg, picture, wav
from tests.pages import Visitor

Open = Callable[..., Visitor]
FILES = {clean(data).name: clean(data) for data in (picture(), mp3(), wav(), ogg(), m4a())}
PICTURE = clean(picture())
SOUND = clean(mp3())


@pytest.fixture
def draft(app: Flask, cast: Cast) -> int:
    """A draft of the teacher's whose one card shows every file."""
    media = [{"name": name, "kind": file.kind, "alt": "What it is"} for name, file in FILES.items()]
    card = read_item(json.loads(json.dumps({"kind": "flashcard", "stem": "What?", "answer": "That", "media": media})))
    with app.extensions["quizapp.database"].write_session() as session:
        set_id = create_set(session, cast.teacher, "Seen and heard", "", MONDAY)
        for file in FILES.values():
            keep_file(session, cast.teacher, set_id, file, MONDAY)
        add_to_set(session, set_id, cast.teacher, card, Source(1), MONDAY)
        return set_id


def status(browser: Visitor, name: str) -> int:
    return browser.client.get(f"/media/{name}").status_code


def test_files_of_a_draft_are_its_owners_alone(visitor: Open, cast: Cast, draft: int) -> None:
    assert [status(visitor(cast.teacher), name) for name in FILES] == [200] * 5
    for stranger in (None, cast.student, cast.colleague, cast.admin):
        browser = visitor(stranger)
        assert [status(browser, name) for name in FILES] == [404] * 5
        refused, unknown = (browser.client.get(f"/media/{name}") for name in (PICTURE.name, "0" * 64 + ".webp"))
        assert refused.status_code == unknown.status_code == 404
        assert b"There is nothing here" in refused.data


@pytest.mark.parametrize("visibility", ["here", "link"])
def test_files_of_a_published_set_are_everybodys(
    app: Flask, visitor: Open, cast: Cast, draft: int, visibility: str
) -> None:
    with app.extensions["quizapp.database"].write_session() as session:
        publish(session, draft, cast.teacher, visibility, MONDAY)  # type: ignore[arg-type]
        assert session.scalar(select(ItemSet.status).where(ItemSet.id == draft)) == "published"
    for person in (None, cast.student, cast.colleague):
        assert [status(visitor(person), name) for name in FILES] == [200] * 5


@pytest.mark.parametrize("file", FILES.values(), ids=lambda file: file.extension)
def test_a_file_is_sent_as_what_it_is_and_as_nothing_else(visitor: Open, cast: Cast, draft: int, file: Cleaned) -> None:
    sent = visitor(cast.teacher).client.get(f"/media/{file.name}")
    types = {"webp": "image/webp", "mp3": "audio/mpeg", "wav": "audio/wav", "ogg": "audio/ogg", "m4a": "audio/mp4"}
    assert sent.data == file.content
    assert sent.mimetype == types[file.extension]
    assert sent.headers["X-Content-Type-Options"] == "nosniff"
    assert sent.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert sent.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert sent.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert sent.headers["Accept-Ranges"] == "bytes"
    assert "Set-Cookie" not in sent.headers


def test_a_part_of_a_sound_is_sent_alone(visitor: Open, cast: Cast, draft: int) -> None:
    client = visitor(cast.teacher).client
    part = client.get(f"/media/{SOUND.name}", headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.data) == (206, SOUND.content[10:20])
    assert part.headers["Content-Range"] == f"bytes 10-19/{len(SOUND.content)}"
    beyond = client.get(f"/media/{SOUND.name}", headers={"Range": "bytes=99999999-"})
    assert beyond.status_code == 416


def test_what_is_kept_already_is_not_sent_again(visitor: Open, cast: Cast, draft: int) -> None:
    client = visitor(cast.teacher).client
    etag = client.get(f"/media/{PICTURE.name}").headers["ETag"]
    assert etag == f'"{PICTURE.digest}"'
    again = client.get(f"/media/{PICTURE.name}", headers={"If-None-Match": etag})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize(
    "name",
    ["x.webp", *(f"{PICTURE.digest}{end}" for end in (".svg", ".html", ".mp3", ".webp.html", "")), "..%2fetc", "%00"],
)
def test_other_names_lead_nowhere(visitor: Open, cast: Cast, draft: int, name: str) -> None:
    assert status(visitor(cast.teacher), name) == 404


def test_a_file_takes_two_queries(app: Flask, visitor: Open, cast: Cast, draft: int) -> None:
    browser = visitor(cast.teacher)
    with counted_queries(app) as queries:
        assert status(browser, PICTURE.name) == 200
    assert len(queries) <= 2
