"""Seed files to rows: loaded once, brought up to date, refused by name, safe when processes come together."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from quizapp.authoring.items import Source, add_item, current_content
from quizapp.authoring.seed_files import SeedFile, read_seed_files
from quizapp.authoring.seeding import seed
from quizapp.config import shipped
from quizapp.core.items import ShortAnswer, read_item
from quizapp.database import Database
from quizapp.errors import Unreadable
from quizapp.models import Evidence, Item, ItemEnemy, ItemVersion, Passage, PassageVersion, Topic
from tests.conftest import MONDAY

Write = Callable[..., Path]

FILE = """
topic = "Harbours"
slug = "harbours"
heading = "What is a harbour for?"
text = "A harbour shelters ships. Its walls break the waves. Pilots know its channels."
note = "Written for a test."

[[key_facts]]
text = "Harbours shelter ships."
quote = "A harbour shelters ships."

[[items]]
external_id = "t-walls"
kind = "short_answer"
stem = "What breaks the waves?"
accepted = [{ text = "walls" }]
evidence = [{ quote = "Its walls break the waves." }]
enemies = ["t-pilots"]

[[items]]
external_id = "t-pilots"
kind = "flashcard"
stem = "Who knows the channels?"
answer = "Pilots"
evidence = [{ quote = "Pilots know its channels." }]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "seeds" / "passages").mkdir(parents=True)
    return tmp_path / "seeds"


@pytest.fixture
def write(folder: Path) -> Write:
    def write_file(*changes: tuple[str, str], name: str = "91-harbours") -> Path:
        content = FILE
        for old, new in changes:
            assert old in content
            content = content.replace(old, new)
        path = folder / "passages" / f"{name}.toml"
        path.write_text(content, encoding="utf-8")
        return path

    return write_file


def load(session: Session, folder: Path) -> int:
    count = seed(session, read_seed_files(folder), MONDAY)
    session.commit()
    return count


def rows(session: Session) -> dict[str, int]:
    tables: tuple[Any, ...] = (Topic, Passage, PassageVersion, Item, ItemVersion, Evidence, ItemEnemy)
    return {table.__tablename__: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def item(session: Session, external_id: str) -> Item:
    return session.scalars(select(Item).where(Item.external_id == external_id)).one()


def test_the_shipped_files_are_loaded_once(session: Session) -> None:
    before = rows(session)
    assert before["topics"] == before["passages"] == 10
    count = load(session, shipped("seed"))
    assert count == before["items"] >= 50
    assert rows(session) == before


def test_a_file_becomes_a_topic_a_passage_and_items(session: Session, folder: Path, write: Write) -> None:
    write()
    assert load(session, folder) == 2
    topic = session.scalars(select(Topic).where(Topic.slug == "harbours")).one()
    assert (topic.title, topic.is_listed, topic.owner_id) == ("Harbours", True, None)
    walls = item(session, "t-walls")
    assert (walls.status, walls.is_listed, walls.version_number) == ("published", True, 1)
    version = session.scalars(select(PassageVersion).join(Passage).where(Passage.external_id == "91-harbours")).one()
    evidence = session.scalars(select(Evidence).where(Evidence.passage_version_id == version.id)).all()
    assert {version.text[span.start : span.end] for span in evidence} == {span.quote for span in evidence}
    assert len(evidence) == 2
    pair = session.scalars(select(ItemEnemy).where(ItemEnemy.item_id.in_([walls.id, walls.id + 1]))).one()
    assert {pair.item_id, pair.enemy_id} == {walls.id, item(session, "t-pilots").id}


def test_another_wording_is_another_version(session: Session, folder: Path, write: Write) -> None:
    write()
    load(session, folder)
    write(("What breaks the waves?", "What stands against the waves?"))
    load(session, folder)
    walls = item(session, "t-walls")
    assert walls.version_number == 2
    assert item(session, "t-pilots").version_number == 1
    assert current_content(session, walls.id).stem == "What stands against the waves?"
    versions = session.scalars(select(ItemVersion).where(ItemVersion.item_id == walls.id)).all()
    assert sorted(version.content["stem"] for version in versions)[0] == "What breaks the waves?"


def test_an_added_variant_is_a_correction(session: Session, folder: Path, write: Write) -> None:
    write()
    load(session, folder)
    write(('{ text = "walls" }', '{ text = "walls" }, { text = "its walls" }'))
    load(session, folder)
    content = current_content(session, item(session, "t-walls").id)
    assert isinstance(content, ShortAnswer)
    assert [answer.text for answer in content.accepted] == ["walls", "its walls"]


@pytest.mark.parametrize(
    "change",
    [('text = "walls" }', 'text = "piers" }'), ('kind = "short_answer"', 'kind = "numeric"')],
    ids=["key", "kind"],
)
def test_another_key_or_kind_is_a_new_question_that_retires_the_old(
    session: Session, folder: Path, write: Write, change: tuple[str, str]
) -> None:
    write()
    load(session, folder)
    old = item(session, "t-walls").id
    write(change, *([('text = "walls"', "number = 2")] if "numeric" in change[1] else []))
    load(session, folder)
    session.expire_all()
    new = item(session, "t-walls")
    assert (new.replaces_id, new.version_number, new.status) == (old, 1, "published")
    assert new.is_listed
    retired = session.get_one(Item, old)
    assert (retired.status, retired.is_listed, retired.external_id) == ("retired", False, None)
    enemies = session.execute(select(ItemEnemy.item_id, ItemEnemy.enemy_id)).all()
    assert {new.id, item(session, "t-pilots").id} in [set(pair) for pair in enemies]


def test_another_text_is_another_passage_version(session: Session, folder: Path, write: Write) -> None:
    write()
    load(session, folder)
    write(("A harbour shelters ships. Its", "A harbour shelters ships and boats. Its"),
          ('quote = "A harbour shelters ships."', 'quote = "A harbour shelters ships and boats."'))  # fmt: skip
    load(session, folder)
    passage = session.scalars(select(Passage).where(Passage.external_id == "91-harbours")).one()
    assert passage.version_number == 2
    assert item(session, "t-walls").version_number == 2  # its evidence was found again
    texts = session.scalars(select(PassageVersion.text).where(PassageVersion.passage_id == passage.id)).all()
    assert len(texts) == 2


def test_an_item_that_left_its_file_retires_and_may_return(session: Session, folder: Path, write: Write) -> None:
    write()
    load(session, folder)
    parts = FILE.partition('[[items]]\nexternal_id = "t-pilots"')
    path = write()
    path.write_text(parts[0].replace('enemies = ["t-pilots"]\n', ""), encoding="utf-8")
    assert load(session, folder) == 1
    assert (item(session, "t-pilots").status, item(session, "t-pilots").is_listed) == ("retired", False)
    write()
    assert load(session, folder) == 2
    session.expire_all()
    assert (item(session, "t-pilots").status, item(session, "t-pilots").is_listed) == ("published", True)


def test_what_a_teacher_wrote_on_a_shipped_passage_stays(
    session: Session, folder: Path, write: Write, cast: Any
) -> None:
    write()
    load(session, folder)
    passage = session.scalars(select(Passage).where(Passage.external_id == "91-harbours")).one()
    mine = add_item(
        session,
        read_item({"kind": "flashcard", "stem": "Front", "answer": "Back"}),
        Source(passage.topic_id, passage.id),
        owner_id=cast.teacher,
        now=MONDAY,
        status="published",
        external_id="form-1",
    )
    session.commit()
    load(session, folder)
    session.expire_all()
    assert session.get_one(Item, mine).status == "published"


def test_a_topic_of_a_person_with_the_same_address_is_left_alone(
    session: Session, folder: Path, write: Write, cast: Any
) -> None:
    session.add(Topic(slug="harbours", title="My harbours", owner_id=cast.teacher, created_at=MONDAY))
    session.commit()
    write()
    load(session, folder)
    load(session, folder)
    titles = {topic.slug: topic.title for topic in session.scalars(select(Topic).where(Topic.slug.like("harbours%")))}
    assert titles == {"harbours": "My harbours", "harbours-2": "Harbours"}


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ([('topic = "Harbours"\n', "")], "“topic” must be a text"),
        ([('slug = "harbours"', "slug = 4")], "“slug” must be a text"),
        ([('note = "Written for a test."', "note = [")], "it can't be read as TOML"),
        ([('quote = "A harbour shelters ships."', 'quote = "A harbour shelters boats."')], "is not in the passage"),
        ([('quote = "Pilots know its channels."', 'quote = "Pilots know."')], "item t-pilots: The quote"),
        ([('kind = "flashcard"', 'kind = "riddle"')], "item t-pilots: “kind” must be one of"),
        ([('external_id = "t-pilots"\n', ""), ('enemies = ["t-pilots"]\n', "")], "item ?: “external_id” must be"),
        ([('external_id = "t-pilots"', 'external_id = "t-walls"'), ('["t-pilots"]', "[]")], "two items have"),
        ([('["t-pilots"]', '["t-boats"]')], "item t-walls: its enemy t-boats is not in this file"),
        ([("[[key_facts]]", "[key_facts]")], "“key_facts” must be tables, each under [[key_facts]]"),
    ],
)
def test_a_bad_file_is_refused_by_name(folder: Path, write: Write, changes: list[tuple[str, str]], reason: str) -> None:
    write(*changes)
    with pytest.raises(Unreadable) as refusal:
        read_seed_files(folder)
    assert refusal.value.message.startswith("91-harbours.toml: ")
    assert reason in refusal.value.message


def test_a_file_in_another_encoding_is_refused_by_name(folder: Path, write: Write) -> None:
    path = write()
    path.write_bytes(FILE.replace("waves?", "wäves?").encode("latin-1"))
    with pytest.raises(Unreadable, match=r"91-harbours.toml: it can't be read"):
        read_seed_files(folder)


def test_one_id_in_two_files_is_refused_by_name(folder: Path, write: Write) -> None:
    write()
    write(name="92-harbours")
    with pytest.raises(Unreadable, match=r"92-harbours.toml: item t-walls is in 91-harbours.toml already"):
        read_seed_files(folder)


def test_an_empty_folder_seeds_nothing(session: Session, folder: Path) -> None:
    before = rows(session)
    assert load(session, folder) == 0
    assert rows(session) == before


def test_files_are_read_in_order_and_frozen() -> None:
    files = read_seed_files(shipped("seed"))
    assert [file.name for file in files] == sorted(file.name for file in files)
    assert isinstance(replace(files[0], note="Another"), SeedFile)


PROCESS = """
import sys
from quizapp.authoring.seed_files import read_seed_files
from quizapp.authoring.seeding import seed
from quizapp.config import shipped
from quizapp.database import Database
from quizapp.schema import migrate
from tests.conftest import MONDAY

database = Database(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
migrate(database)
with database.write_session() as session:
    print(seed(session, read_seed_files(shipped("seed")), MONDAY))
database.engine.dispose()
"""


def test_four_processes_migrate_and_seed_at_once(database_url: str, tmp_path: Path) -> None:
    url = emptied(database_url, tmp_path)
    root = Path(__file__).parents[2]
    processes = [
        subprocess.Popen(
            [sys.executable, "-W", "error", "-c", PROCESS, url],
            cwd=root,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:  # all wait at the same line; now they run
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    results = [process.communicate(timeout=120) for process in processes]
    assert [process.returncode for process in processes] == [0] * 4, [errors for _, errors in results]
    counts = {output.strip() for output, _ in results}
    database = Database(url)
    with Session(database.engine) as session:
        found = rows(session)
    database.engine.dispose()
    assert counts == {str(found["items"])}
    assert found["items"] == found["item_versions"] >= 50
    assert found["topics"] == found["passages"] == found["passage_versions"] == 10


def emptied(url: str, tmp_path: Path) -> str:
    """Return the address of a database of the same kind without a table in it."""
    database = Database(url)
    if database.is_sqlite:
        return f"sqlite:///{tmp_path / 'empty.sqlite3'}"
    with database.engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    database.engine.dispose()
    return url
