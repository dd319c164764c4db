"""Taking a backup: one snapshot whatever goes on, flat memory, and no file that only looks whole."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import tracemalloc
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
from sqlalchemy import Connection, insert, select, text

from quizapp.backup import taking
from quizapp.backup.manifest import Manifest
from quizapp.backup.restoring import restore
from quizapp.backup.tables import our_tables
from quizapp.backup.taking import Progress, back_up
from quizapp.database import Database
from quizapp.errors import Conflict, Misconfigured, QuizappError
from quizapp.learning.rebuilding import differences
from quizapp.models import AuditEntry, Person, Review
from quizapp.schema import migrate
from tests.backup.zips import Draft, digested
from tests.conftest import MONDAY
from tests.histories import answer, items_of

ROOT = Path(__file__).parents[2]


def quiet(_done: int, _total: int) -> None:
    """Show no progress."""


def take(
    database: Database, media: Path, file: Path, on_progress: Progress = quiet, *, force: bool = False
) -> Manifest:
    return back_up(database, media, file, now=MONDAY, is_forced=force, on_progress=on_progress)


def test_the_manifest_says_what_the_zip_holds(source: Database, media: Path, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    made = take(source, media, tmp_path / "b.zip", lambda done, total: seen.append((done, total)))
    draft = Draft.of(tmp_path / "b.zip")
    assert {name for name in draft.files if name.startswith("media/")} == {"media/empty.txt", "media/passages/map.png"}
    told = draft.manifest["tables"]
    assert list(told) == [table.name for table in our_tables()]
    for name, entry in told.items():
        content = draft.files[f"tables/{name}.jsonl"]
        assert {"size": entry["size"], "sha256": entry["sha256"]} == digested(content)
        assert entry["rows"] == len(draft.rows(name))
    assert {name for name, entry in told.items() if entry["rows"]} >= {
        "people",
        "reviews",
        "responses",
        "audit",
        "jobs",
    }
    assert seen[-1] == (made.rows, made.rows) == (sum(entry["rows"] for entry in told.values()),) * 2
    assert (draft.manifest["database"], draft.manifest["made_at"]) == (
        source.url.get_backend_name(),
        MONDAY.isoformat(),
    )


def test_only_its_owner_can_read_it_and_nothing_lies_beside_it(source: Database, media: Path, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    take(source, media, folder / "b.zip")
    assert [path.name for path in folder.iterdir()] == ["b.zip"]
    assert (folder / "b.zip").stat().st_mode & 0o777 == 0o600


def test_secrets_beside_the_database_are_not_in_it(source: Database, tmp_path: Path) -> None:
    for name in ("secret_key", "demo_accounts.json"):
        (tmp_path / name).write_text("canary-in-the-data-folder")
    take(source, tmp_path / "media", tmp_path / "b.zip")
    assert all(b"canary-in-the-data-folder" not in content for content in Draft.of(tmp_path / "b.zip").files.values())


def test_a_file_that_is_there_stays_unless_forced(source: Database, media: Path, tmp_path: Path) -> None:
    file = tmp_path / "b.zip"
    file.write_text("dear")
    with pytest.raises(Conflict, match=r"is there already\. Choose another name, or replace it with --force\.$"):
        take(source, media, file)
    assert file.read_text() == "dear"
    take(source, media, file, force=True)
    assert Draft.of(file).rows("people")


def test_places_that_no_backup_can_have_are_refused(source: Database, media: Path, tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="is a folder"):
        take(source, media, tmp_path)
    with pytest.raises(Conflict, match="inside the folder it saves"):
        take(source, media, media / "b.zip")
    with pytest.raises(QuizappError, match=r"could not be written .+ Nothing of it was kept\.$"):
        take(source, media, tmp_path / "nowhere" / "b.zip")


def test_another_schema_is_refused(source: Database, media: Path, tmp_path: Path) -> None:
    migrate(source, "20261122_first")
    with pytest.raises(Misconfigured, match=r"older schema 20261122_first\. Migrate it first"):
        take(source, media, tmp_path / "b.zip")
    migrate(source, "base")
    with pytest.raises(Misconfigured, match="is empty"):
        take(source, media, tmp_path / "b.zip")
    assert list(tmp_path.glob("b.zip*")) == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # PostgreSQL stores no such value
def test_a_value_that_could_not_be_restored_is_told_now(source: Database, media: Path, tmp_path: Path) -> None:
    with source.engine.begin() as connection:
        connection.execute(text("UPDATE topics SET position = 'first'"))
    with pytest.raises(QuizappError, match=r"A value of topics\.position is not what the column is for"):
        take(source, media, tmp_path / "b.zip")
    assert list(tmp_path.glob("b.zip*")) == []


def test_media_that_go_meanwhile_are_passed_over(
    source: Database, media: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = taking._files
    monkeypatch.setattr(taking, "_files", lambda folder: [*listed(folder), folder / "gone.png"])
    assert set(take(source, media, tmp_path / "b.zip").media) == {"empty.txt", "passages/map.png"}


class TestSnapshot:
    """What is written while the backup runs is either wholly in it or not at all."""

    def test_writes_between_two_tables_are_not_in_it(self, source: Database, media: Path, tmp_path: Path) -> None:
        before = take(source, media, tmp_path / "before.zip")
        assert take(source, media, tmp_path / "during.zip", self.writing(source)).tables == before.tables
        after = take(source, media, tmp_path / "after.zip")
        grown = {now.table.name for now, then in zip(after.tables, before.tables, strict=True) if now.rows > then.rows}
        assert grown == {"people", "audit"}

    @pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite has no weaker transaction
    def test_without_a_snapshot_they_would_be(
        self, source: Database, media: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def loose(database: Database) -> AbstractContextManager[Connection]:
            return database.engine.execution_options(isolation_level="READ COMMITTED").connect()

        before = take(source, media, tmp_path / "before.zip")
        monkeypatch.setattr(Database, "snapshot", loose)
        assert take(source, media, tmp_path / "during.zip", self.writing(source)).tables != before.tables

    def writing(self, source: Database) -> Progress:
        """Write to an early table and a late one whenever rows were read."""

        def write(done: int, _total: int) -> None:
            with source.write_session() as session:
                session.add(AuditEntry(at=MONDAY, action="meanwhile", subject="x", subject_id=str(done)))
                session.add(Person(shown_name="New", sign_in_name=f"new{done}", created_at=MONDAY))

        return write

    def test_while_people_answer_it_holds_whole_answers_and_every_earlier_one(
        self, source: Database, media: Path, tmp_path: Path, empty_file: Database
    ) -> None:
        with source.read_session() as session:
            people = list(session.scalars(select(Person.id).where(Person.role == "student")))
            items = items_of(session)
        stop, errors = threading.Event(), []
        acknowledged = dict.fromkeys(people, 0)

        def work(person_id: int) -> None:
            try:
                while not stop.is_set():
                    number = acknowledged[person_id]
                    with source.write_session() as session:
                        moment = MONDAY + timedelta(seconds=number)
                        answer(session, person_id, [items[number % len(items)]], 1.0, moment)
                    acknowledged[person_id] = number + 1
            except Exception as error:
                errors.append(error)
                raise

        with source.read_session() as session:
            reviews = {person_id: self.reviews(session.connection(), person_id) for person_id in people}
        threads = [threading.Thread(target=work, args=(person_id,)) for person_id in people]
        for thread in threads:
            thread.start()
        while min(acknowledged.values()) < 3 and not errors:
            stop.wait(0.01)
        promised = dict(acknowledged)
        take(source, media, tmp_path / "b.zip")
        at_the_end = dict(acknowledged)
        stop.set()
        for thread in threads:
            thread.join()
        assert errors == []
        assert sum(at_the_end.values()) > sum(promised.values())
        restore(empty_file, tmp_path / "target" / "media", tmp_path / "b.zip", on_progress=quiet)
        with empty_file.read_session() as session:
            assert list(differences(session)) == []
            for person_id in people:
                stored = self.reviews(session.connection(), person_id) - reviews[person_id]
                assert promised[person_id] <= stored <= at_the_end[person_id] + 1

    def reviews(self, connection: Connection, person_id: int) -> int:
        return len(connection.execute(select(Review.id).where(Review.learner_id == person_id)).all())


class TestMemory:
    """Rows pass through; they are never all there at once."""

    def test_ten_times_the_rows_take_no_more_memory(self, source: Database, tmp_path: Path) -> None:
        peaks = []
        for number in (600, 5_400):
            with source.engine.begin() as connection:
                rows = [
                    {"at": MONDAY, "action": "counted", "subject": "row", "subject_id": str(row), "detail": {"n": row}}
                    for row in range(number)
                ]
                connection.execute(insert(AuditEntry), rows)
            del rows
            tracemalloc.start()
            take(source, tmp_path / "none", tmp_path / f"{number}.zip")
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        assert peaks[1] < peaks[0] + 500_000  # all rows at once would be some millions

    def test_sqlite_sorts_no_table_in_memory(self, lived_in_template: Path) -> None:
        database = Database(f"sqlite:///{lived_in_template}")
        with database.snapshot() as connection:
            for table in our_tables():
                query = str(table.query(connection).compile(connection))
                plan = " ".join(row[-1] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}"))
                assert "TEMP B-TREE" not in plan, (table.name, plan)
        database.engine.dispose()


@pytest.mark.skipif(os.name != "posix", reason="limits the size of files, which Windows can't")
class TestFullDisk:
    """A disk that fills up, played by a limit on the size of files."""

    @pytest.mark.parametrize("share", [0.01, 0.5, 0.99])  # the last stops it among the names at the zip's end
    def test_nothing_is_kept_and_it_says_so(self, lived_in_template: Path, tmp_path: Path, share: float) -> None:
        database = Database(f"sqlite:///{lived_in_template}")
        take(database, tmp_path / "none", tmp_path / "measured.zip")
        database.engine.dispose()
        (tmp_path / "good.zip").write_text("of yesterday")
        limit = int((tmp_path / "measured.zip").stat().st_size * share)
        ran = self.run(lived_in_template, tmp_path / "good.zip", limit)
        assert ran.returncode == 1
        assert ran.stdout == ""
        assert ran.stderr == (
            "quizapp: The backup could not be written ([Errno 27] File too large). Nothing of it was kept.\n"
        )
        assert [path.name for path in tmp_path.glob("good*")] == ["good.zip"]
        assert (tmp_path / "good.zip").read_text() == "of yesterday"

    def test_with_room_the_same_command_succeeds(self, lived_in_template: Path, tmp_path: Path) -> None:
        ran = self.run(lived_in_template, tmp_path / "good.zip", 10_000_000)
        assert (ran.returncode, ran.stderr) == (0, "")
        assert ZipFile(tmp_path / "good.zip").testzip() is None

    def run(self, database: Path, file: Path, limit: int) -> subprocess.CompletedProcess[str]:
        program = (
            "import resource\n"
            "from quizapp.cli import main\n"
            "from quizapp.database import Database\n"
            f"opened = Database('sqlite:///{database}').engine.connect()\n"  # its WAL index is larger than some limits
            f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"
            f"main(['backup', '--force', {str(file)!r}])\n"
        )
        environ = {name: value for name, value in os.environ.items() if not name.startswith("QUIZAPP_")}
        environ |= {"QUIZAPP_DATABASE_URL": f"sqlite:///{database}", "QUIZAPP_DATA_DIR": str(file.parent)}
        return subprocess.run(
            [sys.executable, "-c", program], cwd=ROOT, env=environ, capture_output=True, text=True, check=False
        )
