"""Publishing, closing and opening again."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from quizapp.authoring.items import Source
from quizapp.authoring.passages import create_topic
from quizapp.authoring.publishing import close, publish, reopen
from quizapp.authoring.sets import add_to_set, create_set
from quizapp.authoring.slugs import slug_of
from quizapp.errors import Conflict, Invalid
from quizapp.models import Item, ItemSet, Topic
from tests.authoring.conftest import Made, item_of
from tests.conftest import MONDAY, Cast


def test_here_lists_the_set_its_questions_and_its_topic(session: Session, cast: Cast) -> None:
    topic = create_topic(session, cast.teacher, "Harbours", MONDAY)
    set_id = create_set(session, cast.teacher, "Harbours, a check", "", MONDAY)
    item_id = add_to_set(session, set_id, cast.teacher, item_of("flashcard"), Source(topic), MONDAY)
    assert publish(session, set_id, cast.teacher, "here", MONDAY) == "harbours-a-check"
    session.commit()
    session.expire_all()
    item_set, item = session.get_one(ItemSet, set_id), session.get_one(Item, item_id)
    assert (item_set.status, item_set.published_at) == ("published", MONDAY)
    assert (item.status, item.is_listed) == ("published", True)
    assert session.get_one(Topic, topic).is_listed


def test_a_link_lists_nothing_and_cannot_be_guessed(session: Session, cast: Cast) -> None:
    topic = create_topic(session, cast.teacher, "Harbours", MONDAY)
    set_id = create_set(session, cast.teacher, "Harbours, a check", "", MONDAY)
    item_id = add_to_set(session, set_id, cast.teacher, item_of("flashcard"), Source(topic), MONDAY)
    slug = publish(session, set_id, cast.teacher, "link", MONDAY)
    session.commit()
    session.expire_all()
    assert len(slug) == 16
    assert "harbour" not in slug
    item = session.get_one(Item, item_id)
    assert (item.status, item.is_listed) == ("published", False)
    assert not session.get_one(Topic, topic).is_listed


def test_an_empty_set_is_refused(session: Session, cast: Cast) -> None:
    set_id = create_set(session, cast.teacher, "Empty", "", MONDAY)
    with pytest.raises(Invalid, match="Add a question first"):
        publish(session, set_id, cast.teacher, "here", MONDAY)


def test_publishing_twice_changes_nothing(session: Session, cast: Cast, made: Made) -> None:
    slug = publish(session, made.set_id, cast.teacher, "here", MONDAY)
    assert publish(session, made.set_id, cast.teacher, "here", MONDAY + timedelta(days=1)) == slug
    assert session.get_one(ItemSet, made.set_id).published_at == MONDAY
    with pytest.raises(Conflict, match="published already"):
        publish(session, made.set_id, cast.teacher, "link", MONDAY)


def test_two_sets_of_one_title_get_two_addresses(session: Session, cast: Cast, made: Made) -> None:
    slugs = [publish(session, made.set_id, cast.teacher, "here", MONDAY)]
    for owner in (cast.teacher, cast.colleague):
        set_id = create_set(session, owner, "NATO: the basics", "", MONDAY)
        add_to_set(session, set_id, owner, item_of("flashcard"), made.source, MONDAY)
        slugs.append(publish(session, set_id, owner, "here", MONDAY))
    assert slugs == ["nato-the-basics", "nato-the-basics-2", "nato-the-basics-3"]


def test_pressing_publish_at_the_same_moment_publishes_once(app: Flask, cast: Cast, made: Made) -> None:
    database = app.extensions["quizapp.database"]
    slugs: list[str] = []
    start = threading.Barrier(4)

    def press() -> None:
        start.wait()
        with database.write_session() as session:
            slugs.append(publish(session, made.set_id, cast.teacher, "link", MONDAY))

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(slugs) == 4
    assert len(set(slugs)) == 1


def test_sets_of_one_title_published_at_the_same_moment_get_addresses(
    app: Flask, session: Session, cast: Cast, made: Made
) -> None:
    ids = []
    for _ in range(3):
        set_id = create_set(session, cast.teacher, "Race", "", MONDAY)
        add_to_set(session, set_id, cast.teacher, item_of("flashcard"), made.source, MONDAY)
        ids.append(set_id)
    session.commit()
    database = app.extensions["quizapp.database"]
    slugs: list[str] = []
    start = threading.Barrier(3)

    def press(set_id: int) -> None:
        start.wait()
        with database.write_session() as writing:
            slugs.append(publish(writing, set_id, cast.teacher, "here", MONDAY))

    threads = [threading.Thread(target=press, args=(set_id,)) for set_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(slugs) == ["race", "race-2", "race-3"]


def test_a_closed_set_opens_again_at_its_address(session: Session, cast: Cast, made: Made) -> None:
    with pytest.raises(Conflict, match="draft"):
        close(session, made.set_id, cast.teacher, MONDAY)
    with pytest.raises(Conflict, match="draft"):
        reopen(session, made.set_id, cast.teacher, MONDAY)
    slug = publish(session, made.set_id, cast.teacher, "link", MONDAY)
    close(session, made.set_id, cast.teacher, MONDAY)
    close(session, made.set_id, cast.teacher, MONDAY + timedelta(days=1))
    row = session.get_one(ItemSet, made.set_id)
    assert (row.status, row.closed_at, row.slug) == ("closed", MONDAY, slug)
    reopen(session, made.set_id, cast.teacher, MONDAY)
    assert (row.status, row.closed_at, row.slug) == ("published", None, slug)


def test_every_shipped_slug_is_untouched_by_a_draft(session: Session, cast: Cast) -> None:
    before = session.scalar(select(func.count()).select_from(Topic))
    create_set(session, cast.teacher, "Anything", "", MONDAY)
    assert session.scalar(select(func.count()).select_from(Topic)) == before


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("NATO, the basics", "nato-the-basics"),
        ("Élan vital: été", "elan-vital-ete"),
        ("Russia's stance", "russias-stance"),
        ("日本", "set"),
        ("--- ! ---", "set"),
        ("x" * 100, "x" * 60),
    ],
)
def test_a_title_becomes_an_address(title: str, slug: str) -> None:
    assert slug_of(title, "set") == slug
