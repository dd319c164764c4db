"""Restoring: into either database all comes back, and goes on working; what is not empty or too new is refused."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, inspect, select, text

from quizapp.app import create_app
from quizapp.backup import restoring
from quizapp.backup.manifest import Manifest
from quizapp.backup.restoring import restore
from quizapp.backup.taking import back_up
from quizapp.config import Settings
from quizapp.database import Database
from quizapp.errors import Conflict, Misconfigured, QuizappError
from quizapp.learning.rebuilding import differences
from quizapp.models import AuditEntry, Person
from quizapp.schema import differences as schema_differences
from quizapp.schema import migrate, newest_revision, schema_revision
from tests.backup.conftest import PICTURE
from tests.backup.zips import Draft
from tests.builders import make_person
from tests.conftest import MONDAY
from tests.histories import answer, items_of
from tests.pages import Visitor

FIRST = "20261122_first"


def quiet(_done: int, _total: int) -> None:
    """Show no progress."""


def give_back(database: Database, folder: Path, file: Path) -> Manifest:
    return restore(database, folder / "media", file, on_progress=quiet)


def take(database: Database, media: Path, file: Path) -> Manifest:
    return back_up(database, media, file, now=MONDAY, on_progress=quiet)


def is_empty(database: Database) -> bool:
    with database.engine.connect() as connection:
        return inspect(connection).get_table_names() == []


class TestDrill:
    """From either database into either."""

    @pytest.fixture
    def restored(self, source: Database, media: Path, target: Database, tmp_path: Path) -> tuple[Manifest, Database]:
        made = take(source, media, tmp_path / "b.zip")
        assert give_back(target, tmp_path / "new", tmp_path / "b.zip") == made
        return made, target

    def test_a_backup_of_the_restored_is_the_same(
        self, restored: tuple[Manifest, Database], tmp_path: Path, source: Database
    ) -> None:
        made, database = restored
        again = take(database, tmp_path / "new" / "media", tmp_path / "again.zip")
        assert again.tables == made.tables
        assert again.media == made.media
        assert (tmp_path / "new" / "media" / "passages" / "map.png").read_bytes() == PICTURE
        assert [path.name for path in (tmp_path / "new").iterdir() if ".partial" in path.name] == []
        with source.engine.connect() as before, database.engine.connect() as after:
            assert nulls(before) == nulls(after)
            assert schema_differences(after) == []
            assert schema_revision(after) == newest_revision()

    def test_it_goes_on_from_there(self, restored: tuple[Manifest, Database], tmp_path: Path) -> None:
        _, database = restored
        with database.read_session() as session:
            assert list(differences(session)) == []
            eva = session.scalars(select(Person).where(Person.sign_in_name == "eva")).one()
            assert eva.target_retention == 0.1 + 0.8
            newest = max(session.scalars(select(Person.id)))
            mira = session.scalars(select(Person.id).where(Person.sign_in_name == "mira")).one()
            items = items_of(session)[:3]
        with database.write_session() as session:
            assert make_person(session, "New Pupil", now=MONDAY) == newest + 1
            answer(session, mira, items, 1.0, MONDAY + timedelta(hours=1))
        url = database.url.render_as_string(hide_password=False)
        app = create_app(
            Settings(data_dir=tmp_path / "new", database_url=url, secret_key="k" * 40, password_rounds=1),
            now=lambda: MONDAY + timedelta(hours=2),
        )
        app.config.update(TESTING=True)
        assert "Mira" in Visitor(app, mira).open("/account").text
        assert Visitor(app, mira).open("/progress").status == 200
        app.extensions["quizapp.database"].engine.dispose()


def nulls(connection: Connection) -> list[Any]:
    """Return which documents are missing and which are JSON's `null`, which look alike once they are read."""
    query = "SELECT result IS NULL, CAST(result AS TEXT) = 'null' FROM jobs ORDER BY id"
    found = [tuple(row) for row in connection.execute(text(query))]
    assert len(found) == 2
    return found


class TestEmptiness:
    def test_a_database_that_was_just_migrated_will_do(self, whole: Path, target: Database, tmp_path: Path) -> None:
        migrate(target)
        give_back(target, tmp_path, whole)
        with target.read_session() as session:
            assert session.scalar(select(Person.id).limit(1))

    def test_a_database_with_a_row_is_refused(self, whole: Path, target: Database, tmp_path: Path) -> None:
        migrate(target)
        with target.write_session() as session:
            session.add(AuditEntry(at=MONDAY, action="here", subject="x", subject_id="1"))
        with pytest.raises(Conflict, match=r"^The database is not empty: it holds audit\. Restore into a new one\.$"):
            give_back(target, tmp_path, whole)
        with target.read_session() as session:
            assert session.scalars(select(Person.id)).all() == []
            assert session.scalars(select(AuditEntry.action)).all() == ["here"]
        assert not (tmp_path / "media").exists()

    def test_a_database_of_another_program_is_refused(self, whole: Path, target: Database, tmp_path: Path) -> None:
        if target.is_sqlite:
            (tmp_path / "target").mkdir()
        with target.engine.begin() as connection:
            connection.execute(text("CREATE TABLE invoices (id INTEGER)"))
        with pytest.raises(Conflict, match="holds invoices"):
            give_back(target, tmp_path, whole)

    def test_a_media_folder_with_a_file_is_refused(self, whole: Path, empty_file: Database, tmp_path: Path) -> None:
        (tmp_path / "media").mkdir()
        (tmp_path / "media" / "mine.png").touch()
        with pytest.raises(Conflict, match=r"media is not empty\. Restore into a new data folder\.$"):
            give_back(empty_file, tmp_path, whole)
        (tmp_path / "media" / "mine.png").unlink()
        give_back(empty_file, tmp_path, whole)
        assert [path.name for path in (tmp_path / "media").iterdir()] == ["map.png"]


class TestVersions:
    def test_an_older_backup_is_restored_and_migrated(self, whole: Path, target: Database, tmp_path: Path) -> None:
        draft = Draft.of(whole)
        make_older(draft, tmp_path)
        give_back(target, tmp_path, draft.write(tmp_path / "older.zip"))
        with target.engine.connect() as connection:
            assert schema_revision(connection) == newest_revision()
            assert schema_differences(connection) == []
        again = take(target, tmp_path / "media", tmp_path / "again.zip")
        counts = {stored.table.name: stored.rows for stored in again.tables}
        assert counts.pop("recall_totals") > 0  # filled from the log
        assert counts.pop("item_tags") > 0  # filled from the questions
        assert counts == {
            name: draft.manifest["tables"].get(name, {"rows": 0})["rows"] for name in counts
        }  # other tables that came later are empty
        with target.read_session() as session:
            assert list(differences(session)) == []

    def test_a_newer_schema_is_refused(self, whole: Path, empty_file: Database, tmp_path: Path) -> None:
        draft = Draft.of(whole)
        draft.manifest |= {"schema": "20991231_later", "program": "9.1"}
        sentence = r"^The backup was written by a newer version of Quizapp \(9\.1, schema 20991231_later\)\. Upgrade"
        with pytest.raises(Misconfigured, match=sentence):
            give_back(empty_file, tmp_path, draft.write(tmp_path / "newer.zip"))

    def test_a_newer_format_is_refused(self, whole: Path, empty_file: Database, tmp_path: Path) -> None:
        draft = Draft.of(whole)
        draft.manifest = {"format": 2, "program": "9.1", "shards": []}
        with pytest.raises(
            Misconfigured, match=r"^The backup was written by a newer version of Quizapp \(9\.1\)\. Upg"
        ):
            give_back(empty_file, tmp_path, draft.write(tmp_path / "newer.zip"))

    def test_a_target_of_a_newer_version_is_refused(self, whole: Path, target: Database, tmp_path: Path) -> None:
        migrate(target)
        with target.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '20991231_later'"))
        with pytest.raises(Misconfigured, match="The database was written by a newer version"):
            give_back(target, tmp_path, whole)


def make_older(draft: Draft, folder: Path) -> None:
    """Make a backup what the first version of the program would have written."""
    old = Database(f"sqlite:///{folder / 'old.sqlite3'}")
    migrate(old, FIRST)
    with old.engine.connect() as connection:
        inspector = inspect(connection)
        known = {
            name: {column["name"] for column in inspector.get_columns(name)} for name in inspector.get_table_names()
        }
    old.engine.dispose()
    draft.manifest["schema"] = FIRST
    for name, entry in list(draft.manifest["tables"].items()):
        if name not in known:
            draft.drop_table(name)
        elif newer := set(entry["columns"]) - known[name]:
            draft.drop_columns(name, newer)
    draft.add_column("item_sets", "feedback", "text", "at_end")  # they became a part of the rules
    draft.add_column("item_sets", "is_shuffled", "boolean", True)
    draft.settle()


class TestFailures:
    """Whatever goes wrong at the end, nothing of it stays, and the next try succeeds."""

    @pytest.mark.parametrize("broken", ["place", "unpack"])
    def test_media_that_can_not_be_written_take_everything_back(
        self, whole: Path, target: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
    ) -> None:
        place = restoring._NewMedia.place

        def place_and_fail(folder: Any, archive: Any) -> None:
            if broken == "unpack":
                monkeypatch.setattr(archive, "unpack", fail)
            place(folder, archive)
            fail()

        def fail(*_: Any) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(restoring._NewMedia, "place", place_and_fail)
        with pytest.raises(QuizappError, match=r"^Nothing was restored, for media can't be written: No space left"):
            give_back(target, tmp_path / "new", whole)
        assert is_empty(target)
        assert list((tmp_path / "new").iterdir()) == []
        monkeypatch.undo()
        give_back(target, tmp_path / "new", whole)

    def test_media_larger_than_the_disk_are_told_before_they_are_unpacked(
        self, whole: Path, empty_file: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=1))
        with pytest.raises(QuizappError, match=r"media need 10,240 bytes, and 1 are free\.$"):
            give_back(empty_file, tmp_path / "new", whole)
        assert is_empty(empty_file)

    @pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
    def test_text_that_postgresql_can_not_hold_is_told(self, whole: Path, database_url: str, tmp_path: Path) -> None:
        draft = Draft.of(whole)
        rows = draft.rows("topics")
        rows[0][2] = "nul \x00"
        draft.replace_rows("topics", rows)
        draft.settle()
        target = emptied(database_url)
        with pytest.raises(QuizappError, match=r"^The database does not take what the backup holds: .+NUL"):
            give_back(target, tmp_path / "new", draft.write(tmp_path / "nul.zip"))
        assert is_empty(target)
        target.engine.dispose()


def emptied(url: str) -> Database:
    engine = create_engine(Database(url).url)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return Database(url)
