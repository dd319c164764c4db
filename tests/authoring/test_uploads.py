"""Files of authors: kept once, for a set only so much, linked to the items that show them, swept when none does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.authoring import uploads
from quizapp.authoring.items import Source
from quizapp.authoring.removing import delete_set, remove_from_set
from quizapp.authoring.sets import add_to_set, correct_in_set, create_set
from quizapp.authoring.uploads import UNUSED_FOR, files_by_name, keep_file, remove_unused_files
from quizapp.core.items import Item as NeutralItem
from quizapp.core.items import Media as NeutralMedia
from quizapp.core.media import Cleaned, clean
from quizapp.errors import Invalid
from quizapp.models import ItemMedia, Media
from tests.authoring.conftest import Made, choice
from tests.conftest import MONDAY, Cast
from tests.core.media.files import mp3, picture

LATER = MONDAY + UNUSED_FOR + timedelta(minutes=1)
PICTURE, SOUND = clean(picture()), clean(mp3())


def showing(*files: Cleaned, stem: str = "What has NATO increased?") -> NeutralItem:
    return choice(
        stem=stem,
        media=[{"name": file.name, "kind": file.kind, "alt": "A map", "width": file.width} for file in files],
    )


def names(session: Session) -> list[str]:
    return [f"{row.digest}.{row.extension}" for row in session.execute(select(Media.digest, Media.extension))]


def test_a_file_is_kept_once_for_each_person(session: Session, cast: Cast, made: Made) -> None:
    for owner_id in (cast.teacher, cast.teacher, cast.colleague):
        keep_file(session, owner_id, made.set_id, PICTURE, MONDAY)
    rows = session.execute(select(Media.owner_id, Media.kind, Media.width, Media.height, Media.size, Media.content))
    kept = ("image", 40, 30, len(PICTURE.content), PICTURE.content)
    assert sorted(map(tuple, rows)) == sorted([(cast.teacher, *kept), (cast.colleague, *kept)])


def test_a_set_has_room_for_so_much(
    session: Session, cast: Cast, made: Made, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST_OF_A_SET", len(PICTURE.content) + len(SOUND.content) - 1)
    keep_file(session, cast.teacher, made.set_id, PICTURE, MONDAY)
    with pytest.raises(Invalid, match="hold 0 MB, which is all there is room for"):
        keep_file(session, cast.teacher, made.set_id, SOUND, MONDAY)
    add_to_set(session, made.set_id, cast.teacher, showing(PICTURE), source, MONDAY)
    with pytest.raises(Invalid):
        keep_file(session, cast.teacher, made.set_id, SOUND, MONDAY)
    other = create_set(session, cast.teacher, "Another", "", MONDAY)
    keep_file(session, cast.teacher, other, SOUND, MONDAY)
    assert len(names(session)) == 2


def test_an_item_is_linked_to_its_files_by_every_version(
    session: Session, cast: Cast, made: Made, source: Source
) -> None:
    keep_file(session, cast.teacher, made.set_id, PICTURE, MONDAY)
    keep_file(session, cast.teacher, made.set_id, SOUND, MONDAY)
    item_id = add_to_set(session, made.set_id, cast.teacher, showing(PICTURE), source, MONDAY)
    correct_in_set(session, made.set_id, item_id, cast.teacher, showing(PICTURE, SOUND), source, MONDAY)
    correct_in_set(session, made.set_id, item_id, cast.teacher, showing(), source, MONDAY)
    assert len(session.scalars(select(ItemMedia.media_id).where(ItemMedia.item_id == item_id)).all()) == 2


def test_somebody_elses_file_and_one_that_is_gone_are_refused(
    session: Session, cast: Cast, made: Made, source: Source
) -> None:
    keep_file(session, cast.colleague, made.set_id, PICTURE, MONDAY)
    for file in (PICTURE, SOUND):
        assert files_by_name(session, cast.teacher, [file.name]) == {}
        with pytest.raises(Invalid, match="not here any more"):
            add_to_set(session, made.set_id, cast.teacher, showing(file), source, MONDAY)
        session.rollback()


def test_files_are_found_by_name_with_their_sides(session: Session, cast: Cast, made: Made) -> None:
    keep_file(session, cast.teacher, made.set_id, PICTURE, MONDAY)
    found = files_by_name(session, cast.teacher, [PICTURE.name, "map.png", "../" + SOUND.name])
    assert found == {PICTURE.name: NeutralMedia(name=PICTURE.name, kind="image", width=40, height=30)}


def test_names_of_another_program_are_kept_and_linked_to_nothing(
    session: Session, cast: Cast, made: Made, source: Source
) -> None:
    item_id = add_to_set(session, made.set_id, cast.teacher, choice(media=["map.png"]), source, MONDAY)
    assert session.scalars(select(ItemMedia.media_id).where(ItemMedia.item_id == item_id)).all() == []


def test_what_no_question_shows_is_swept_after_some_days(
    session: Session, cast: Cast, made: Made, source: Source
) -> None:
    keep_file(session, cast.teacher, made.set_id, PICTURE, MONDAY)
    keep_file(session, cast.teacher, made.set_id, SOUND, MONDAY)
    add_to_set(session, made.set_id, cast.teacher, showing(PICTURE), source, MONDAY)
    assert remove_unused_files(session, LATER - timedelta(minutes=2)) == {"files": 0}
    assert remove_unused_files(session, LATER) == {"files": 1}
    assert names(session) == [PICTURE.name]


def test_a_file_sent_again_is_not_swept_just_then(session: Session, cast: Cast, made: Made) -> None:
    keep_file(session, cast.teacher, made.set_id, PICTURE, MONDAY)
    keep_file(session, cast.teacher, made.set_id, PICTURE, LATER)
    assert remove_unused_files(session, LATER) == {"files": 0}


def test_files_of_a_deleted_draft_are_swept(session: Session, cast: Cast, source: Source) -> None:
    set_id = create_set(session, cast.teacher, "A draft", "", MONDAY)
    keep_file(session, cast.teacher, set_id, PICTURE, MONDAY)
    first = add_to_set(session, set_id, cast.teacher, showing(PICTURE), source, MONDAY)
    add_to_set(session, set_id, cast.teacher, showing(PICTURE, stem="And this?"), source, MONDAY)
    remove_from_set(session, set_id, first, cast.teacher)
    assert remove_unused_files(session, LATER) == {"files": 0}
    delete_set(session, set_id, cast.teacher)
    assert remove_unused_files(session, LATER) == {"files": 1}
