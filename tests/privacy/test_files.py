"""Pictures and sounds of somebody: theirs to take along, and gone with them unless others' work rests on them."""

from __future__ import annotations

import io
import uuid
import zipfile

import pytest
from sqlalchemy import select

from quizapp.authoring.items import Source
from quizapp.authoring.publishing import publish
from quizapp.authoring.sets import add_to_set, create_set
from quizapp.authoring.uploads import keep_file
from quizapp.core.items import Flashcard
from quizapp.core.items import Media as NeutralMedia
from quizapp.core.media import clean
from quizapp.database import Database
from quizapp.learning.reviews import choose
from quizapp.models import ItemMedia, Media
from quizapp.privacy.erasing import erase
from quizapp.privacy.exporting import write_export
from tests.conftest import MONDAY, Cast, Clock
from tests.core.media.files import mp3, picture

PICTURE, SOUND = clean(picture()), clean(mp3())


@pytest.fixture
def item_id(database: Database, cast: Cast) -> int:
    """A published card of the teacher's with a picture; their sound is in no question."""
    with database.write_session() as session:
        set_id = create_set(session, cast.teacher, "Seen", "", MONDAY)
        for file in (PICTURE, SOUND):
            keep_file(session, cast.teacher, set_id, file, MONDAY)
        card = Flashcard(stem="What?", answer="That", media=(NeutralMedia(name=PICTURE.name, kind="image", alt="Map"),))
        item_id = add_to_set(session, set_id, cast.teacher, card, Source(1), MONDAY)
        publish(session, set_id, cast.teacher, "here", MONDAY)
        return item_id


def kept(database: Database) -> list[tuple[str, int | None]]:
    with database.read_session() as session:
        return [(row.digest, row.owner_id) for row in session.execute(select(Media.digest, Media.owner_id))]


def test_what_somebody_sent_is_in_their_copy_and_in_nobody_elses(
    database: Database, cast: Cast, clock: Clock, item_id: int
) -> None:
    for person_id, files in ((cast.teacher, {PICTURE, SOUND}), (cast.colleague, set())):
        target = io.BytesIO()
        with database.snapshot() as connection:
            write_export(connection, person_id, target, clock.now)
        with zipfile.ZipFile(target) as archive:
            found = {name: archive.read(name) for name in archive.namelist() if name.startswith("media/")}
        assert found == {f"media/{file.name}": file.content for file in files}


def test_files_go_with_their_person_and_their_questions(database: Database, cast: Cast, item_id: int) -> None:
    with database.write_session() as session:
        erase(session, [cast.teacher])
    assert kept(database) == []


def test_a_picture_that_others_learn_with_stays_without_a_name(
    database: Database, cast: Cast, clock: Clock, item_id: int
) -> None:
    with database.write_session() as session:
        choose(session, cast.student, [item_id], submission_id=uuid.uuid4(), now=clock.now)
    with database.write_session() as session:
        erase(session, [cast.teacher])
    assert kept(database) == [(PICTURE.digest, None)]
    with database.read_session() as session:
        assert session.scalars(select(ItemMedia.item_id)).all() == [item_id]
