"""A copy of one's own data: everything of theirs, nothing of others', no secret and no key of what is under way."""

from __future__ import annotations

import csv
import io
import json
import tempfile
import tracemalloc
import uuid
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from quizapp.database import Database
from quizapp.errors import NotFound
from quizapp.models import AttemptItem, Item, ItemVersion, Review
from quizapp.privacy import exporting
from quizapp.privacy.exporting import write_export
from quizapp.privacy.purposes import purposes
from quizapp.quizzes.finishing import finish, grade_attempt
from tests.conftest import Cast, Clock
from tests.histories import answer, items_of
from tests.privacy.conftest import Life

Zip = dict[str, str]


def exported(database: Database, person_id: int, clock: Clock) -> Zip:
    file = io.BytesIO()
    with database.snapshot() as connection:
        write_export(connection, person_id, file, clock.now)
    with zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode("utf-8") for name in archive.namelist()}


def rows(files: Zip, name: str) -> list[dict[str, Any]]:
    if name.endswith(".csv"):
        return list(csv.DictReader(io.StringIO(files[name])))
    found: list[dict[str, Any]] = json.loads(files[name])
    return found


def test_every_word_of_theirs_is_in_it(database: Database, noor: Life, clock: Clock) -> None:
    files = exported(database, noor.id, clock)
    everything = "\n".join(files.values())
    for word in (
        "Canary Noor", "canary.noor", "canary@example.org", "Test browser", "canary-title", "canary-answer",
        "canary-working", "canary-comment", "canary-settled", "canary-job", "Canary set", "canary-description",
        "Canary topic", "Canary heading", "canary-note", "A canary sings in the mine.", "What is a canary?",
    ):  # fmt: skip
        assert word in everything, word
    assert set(files) == {purpose.file for purpose in purposes().values() if purpose.file} | {"README.txt"}


def test_no_secret_and_nothing_of_others_is_in_it(database: Database, noor: Life, cast: Cast, clock: Clock) -> None:
    everything = "\n".join(exported(database, noor.id, clock).values())
    for word in ("$argon2", "canary-code", "Which water?", "Mira", "Jon Vale", "Ada Admin", "Steam vapour"):
        assert word not in everything, word
    other = "\n".join(exported(database, cast.classmate, clock).values())
    assert "canary" not in other.lower()
    assert "Which water?" in other


def test_an_answer_stands_in_words_with_its_question_and_result(database: Database, noor: Life, clock: Clock) -> None:
    files = exported(database, noor.id, clock)
    first = next(row for row in rows(files, "quiz_questions.json") if row["attempt_id"] == str(noor.finished))
    assert first["answer_in_words"] == "canary-answer"
    assert first["question"]
    assert first["score"] == 0.0
    given = [row for row in rows(files, "responses.csv") if row["attempt_id"] == str(noor.under_way)]
    assert [(row["question"], row["answer_in_words"]) for row in given] == [(given[0]["question"], "Ice vapour")]
    assert "hidden cloud?" in given[0]["question"]


def test_a_formula_is_text_to_a_spreadsheet(database: Database, noor: Life, clock: Clock) -> None:
    found = {row["answer_in_words"] for row in rows(exported(database, noor.id, clock), "responses.csv")}
    assert "'=canary-formula" in found


def test_moments_stand_in_their_zone_and_in_utc(database: Database, noor: Life, clock: Clock) -> None:
    (account,) = rows(exported(database, noor.id, clock), "account.json")
    assert account["created_at"] == "2026-11-16T10:00:00+01:00"
    assert account["created_at_utc"] == "2026-11-16T09:00:00+00:00"


def test_what_the_log_says_of_them_names_nobody_else(database: Database, noor: Life, cast: Cast, clock: Clock) -> None:
    mine = rows(exported(database, noor.id, clock), "audit.json")
    assert ("person.role_changed", "somebody else", str(noor.id)) in {
        (entry["action"], entry["by"], entry["subject_id"]) for entry in mine
    }
    admins = rows(exported(database, cast.admin, clock), "audit.json")
    assert ("person.role_changed", "you", "another person") in {
        (entry["action"], entry["by"], entry["subject_id"]) for entry in admins
    }


def under_way(database: Database, noor: Life) -> list[Any]:
    with database.read_session() as session:
        return list(session.scalars(select(AttemptItem.item_id).where(AttemptItem.attempt_id == noor.under_way)))


def test_results_wait_for_the_end_of_a_set_under_way(database: Database, noor: Life, clock: Clock) -> None:
    asked = under_way(database, noor)
    with database.write_session() as session:  # the same questions were answered before
        answer(session, noor.id, asked, 1.0, clock.now - timedelta(days=1))
    before = exported(database, noor.id, clock)
    assert {row["score"] for row in rows(before, "quiz_questions.json") if row["item_id"] in asked} == {None}
    assert not [row for row in rows(before, "cards.json") if row["item_id"] in asked]
    assert not [row for row in rows(before, "reviews.csv") if int(row["item_id"]) in asked]
    with database.write_session() as session:
        finish(session, noor.id, noor.under_way, clock.now)
        grade_attempt(session, noor.id, noor.under_way, clock.now)
    after = exported(database, noor.id, clock)
    assert {row["score"] for row in rows(after, "quiz_questions.json") if row["item_id"] in asked} == {0.0, 1.0}
    assert len([row for row in rows(after, "cards.json") if row["item_id"] in asked]) == 2


def test_results_that_do_not_wait_are_found(
    database: Database, noor: Life, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.write_session() as session:
        asked = under_way(database, noor)
        answer(session, noor.id, asked, 1.0, clock.now - timedelta(days=1))
    monkeypatch.setattr(exporting, "is_withheld", lambda item_id, _person: item_id.is_(None))
    leaky = exported(database, noor.id, clock)
    assert [row for row in rows(leaky, "cards.json") if row["item_id"] in asked]


def test_the_read_me_says_what_is_what(database: Database, noor: Life, clock: Clock) -> None:
    text = exported(database, noor.id, clock)["README.txt"]
    for purpose in purposes().values():
        assert (purpose.file or purpose.name) in text
    assert "16 November 2026, 10:00 (Europe/Prague)" in text
    assert "password_hash (a secret" in text


def test_nobody_has_no_data(database: Database, clock: Clock) -> None:
    with pytest.raises(NotFound):
        exported(database, 12345, clock)


def test_many_reviews_take_no_more_memory_than_some(database: Database, cast: Cast, clock: Clock) -> None:
    small, large = _peak(database, cast.student, clock, 1_000), _peak(database, cast.classmate, clock, 6_000)
    assert large < small + 500_000, (small, large)


def _peak(database: Database, person_id: int, clock: Clock, number: int) -> int:
    """Return the most bytes that an export with so many reviews holds at once."""
    with database.write_session() as session:
        _add_reviews(session.connection(), items_of(session)[:200], person_id, clock, number)
    with tempfile.TemporaryFile() as file, database.snapshot() as connection:
        tracemalloc.start()
        counts = write_export(connection, person_id, file, clock.now)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert counts["reviews.csv"] == number
    return peak


def _add_reviews(connection: Any, items: list[int], person_id: int, clock: Clock, number: int) -> None:
    versions = {
        row.item_id: row
        for row in connection.execute(
            select(ItemVersion.id, ItemVersion.item_id, Item.topic_id, Item.kind)
            .join(Item, Item.id == ItemVersion.item_id)
            .where(ItemVersion.item_id.in_(items))
        )
    }
    for start in range(0, number, 1_000):
        connection.execute(insert(Review), [
            {
                "learner_id": person_id, "id": uuid.uuid4(), "item_id": (item := items[place % len(items)]),
                "item_version_id": versions[item].id, "topic_id": versions[item].topic_id, "source": "card",
                "kind": versions[item].kind, "rating": 3, "reviewed_at": clock.now, "received_at": clock.now,
                "time_zone": "UTC", "study_day": clock.now.date(), "seen_reviews": place, "target_retention": 0.9,
                "phase_before": "new", "phase_after": "review", "event": "review", "part": 0, "guess": 0.0,
                "is_open_book": False,
            }
            for place in range(start, start + 1_000)
        ])  # fmt: skip
