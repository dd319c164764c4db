"""A backup that is torn, changed or made to harm is refused in a sentence, and nothing of it stays."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path
from random import Random
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZipFile

import pytest
from sqlalchemy import inspect

from quizapp.backup.archive import open_archive
from quizapp.backup.restoring import restore
from quizapp.database import Database
from quizapp.errors import Misconfigured, QuizappError, Unreadable
from tests.backup.zips import Draft, digested

Harm = Callable[[Draft], None]


def harm_digest(draft: Draft) -> None:
    entry = draft.manifest["tables"]["people"]
    entry["sha256"] = entry["sha256"][::-1]


def harm_row_changed(draft: Draft) -> None:
    draft.files["tables/people.jsonl"] = draft.files["tables/people.jsonl"].replace(b"Mira", b"Mara", 1)


def harm_row_removed(draft: Draft) -> None:
    draft.replace_rows("reviews", draft.rows("reviews")[1:])


def harm_row_removed_and_digest_made_right(draft: Draft) -> None:
    count = draft.manifest["tables"]["reviews"]["rows"]
    harm_row_removed(draft)
    draft.settle()
    draft.manifest["tables"]["reviews"]["rows"] = count


def harm_parent_removed_without_a_trace(draft: Draft) -> None:
    draft.replace_rows("people", draft.rows("people")[1:])
    draft.settle()


def harm_rows_in_another_order(draft: Draft) -> None:
    draft.replace_rows("topics", draft.rows("topics")[::-1])
    draft.settle()


def harm_row_twice(draft: Draft) -> None:
    draft.replace_rows("topics", [*draft.rows("topics"), draft.rows("topics")[0]])
    draft.settle()


def harm_value_of_another_kind(draft: Draft) -> None:
    rows = draft.rows("topics")
    rows[0][3] = "first"
    draft.replace_rows("topics", rows)
    draft.settle()


def harm_value_too_many(draft: Draft) -> None:
    draft.replace_rows("topics", [[*row, 1] for row in draft.rows("topics")])
    draft.settle()


def harm_row_cut(draft: Draft) -> None:
    draft.files["tables/topics.jsonl"] = draft.files["tables/topics.jsonl"][:-1]
    draft.settle()
    draft.manifest["tables"]["topics"]["rows"] += 1


def harm_row_that_is_none(draft: Draft) -> None:
    draft.files["tables/topics.jsonl"] += b"{}\n"
    draft.settle()


def harm_file_missing(draft: Draft) -> None:
    del draft.files["tables/reviews.jsonl"]


def harm_table_missing(draft: Draft) -> None:
    draft.drop_table("reviews")


def harm_table_too_many(draft: Draft) -> None:
    draft.manifest["tables"]["spies"] = dict(draft.manifest["tables"]["topics"])
    draft.files["tables/spies.jsonl"] = draft.files["tables/topics.jsonl"]


def harm_columns(draft: Draft) -> None:
    draft.drop_columns("topics", {"title"})
    draft.settle()


def harm_kinds(draft: Draft) -> None:
    draft.manifest["tables"]["topics"]["columns"]["slug"] = "json"


def harm_kind_unknown(draft: Draft) -> None:
    draft.manifest["tables"]["topics"]["columns"]["slug"] = "pickle"


def harm_name_of_a_table(draft: Draft) -> None:
    name = 'topics"; DROP TABLE people; --'
    draft.manifest["tables"][name] = draft.manifest["tables"].pop("topics")
    draft.files[f"tables/{name}.jsonl"] = draft.files.pop("tables/topics.jsonl")


def harm_file_too_many(draft: Draft) -> None:
    draft.files["tables/readme.txt"] = b"hello"


def harm_media_missing(draft: Draft) -> None:
    del draft.files["media/map.png"]


def harm_media_changed(draft: Draft) -> None:
    draft.files["media/map.png"] = draft.files["media/map.png"][::-1]


def harm_manifest(draft: Draft) -> None:
    draft.manifest = {"format": 1}


def harm_bomb(draft: Draft) -> None:
    draft.files["media/map.png"] = bytes(80 * 1024 * 1024)
    draft.settle()
    draft.files["tables/bomb"] = draft.files["media/map.png"]  # deflated, unlike media


FAULTS: dict[Harm, str] = {
    harm_digest: "tables/people.jsonl is not what was backed up: its digest differs.",
    harm_row_changed: "tables/people.jsonl is not what was backed up: its digest differs.",
    harm_row_removed: "tables/reviews.jsonl is not what was backed up: its digest differs.",
    harm_row_removed_and_digest_made_right: "rows; there must be",
    harm_parent_removed_without_a_trace: "people",
    harm_rows_in_another_order: "topics did not come back as it was backed up; nothing was restored.",
    harm_row_twice: "The database does not take what the backup holds: ",
    harm_value_of_another_kind: "Line 1: tables/topics.jsonl holds no row of its table here.",
    harm_value_too_many: "Line 1: tables/topics.jsonl holds no row of its table here.",
    harm_row_cut: "Line 10: tables/topics.jsonl ends in the middle of a row.",
    harm_row_that_is_none: "Line 11: tables/topics.jsonl holds no row of its table here.",
    harm_file_missing: "The backup is incomplete: tables/reviews.jsonl is missing.",
    harm_table_missing: "The backup is incomplete: it has no table reviews.",
    harm_table_too_many: "The backup holds a table spies, which schema ",
    harm_columns: "The backup’s table topics has other columns than schema ",
    harm_kinds: "The backup’s columns are of other kinds than its schema.",
    harm_kind_unknown: "The backup’s manifest.json is damaged, so nothing can be restored from it.",
    harm_name_of_a_table: "The backup’s manifest.json is damaged, so nothing can be restored from it.",
    harm_file_too_many: "The backup holds 'tables/readme.txt', which its manifest.json knows nothing of.",
    harm_media_missing: "The backup is incomplete: media/map.png is missing.",
    harm_media_changed: "media/map.png is not what was backed up: its digest differs.",
    harm_manifest: "The backup’s manifest.json is damaged, so nothing can be restored from it.",
    harm_bomb: "The file 'tables/bomb' would unpack to 83,886,080 bytes: no backup does.",
}


def refused(file: Path, target: Database, folder: Path) -> str:
    """Try to restore and return the refusal; nothing may be left of it."""
    with pytest.raises(QuizappError) as told:
        restore(target, folder / "new" / "media", file, on_progress=lambda _done, _total: None)
    assert isinstance(told.value, Unreadable | Misconfigured)
    with target.engine.connect() as connection:
        assert inspect(connection).get_table_names() == []
    assert not (folder / "new").exists() or list((folder / "new").iterdir()) == []
    return told.value.message


@pytest.fixture
def ready(empty_file: Database, tmp_path: Path) -> Database:
    (tmp_path / "target").mkdir()
    return empty_file


@pytest.mark.parametrize("harm", FAULTS, ids=lambda harm: harm.__name__.removeprefix("harm_"))
def test_a_planted_fault_is_found(whole: Path, ready: Database, tmp_path: Path, harm: Harm) -> None:
    draft = Draft.of(whole)
    harm(draft)
    message = refused(draft.write(tmp_path / "harmed.zip"), ready, tmp_path)
    assert FAULTS[harm] in message
    assert message.endswith(".")


@pytest.mark.parametrize("harm", [harm_parent_removed_without_a_trace, harm_rows_in_another_order])
def test_what_only_the_database_can_tell_is_found_by_either(
    whole: Path, target: Database, tmp_path: Path, harm: Harm
) -> None:
    if target.is_sqlite:
        (tmp_path / "target").mkdir()
    draft = Draft.of(whole)
    harm(draft)
    assert FAULTS[harm] in refused(draft.write(tmp_path / "harmed.zip"), target, tmp_path)


@pytest.mark.parametrize(
    "path",
    ["../outside", "/etc/outside", "a/../../outside", "..", ".", "", "a//b", "a\\..\\outside", "C:outside", "a\nb"],
)
def test_a_name_that_leads_out_of_the_folder_is_refused(
    whole: Path, ready: Database, tmp_path: Path, path: str
) -> None:
    draft = Draft.of(whole)
    draft.manifest["media"] = {path: digested(b"x")}
    del draft.files["media/map.png"]
    draft.files[f"media/{path}"] = b"x"
    message = refused(draft.write(tmp_path / "harmed.zip"), ready, tmp_path)
    assert message == "The backup’s manifest.json is damaged, so nothing can be restored from it."
    assert list(tmp_path.rglob("outside*")) == []


def test_files_that_are_no_backup_are_refused(ready: Database, tmp_path: Path) -> None:
    file = tmp_path / "other.zip"
    for content in (b"", b"hello", b"PK\x03\x04" + bytes(100)):
        file.write_bytes(content)
        assert refused(file, ready, tmp_path).startswith("The file is no backup, or a damaged one (")
    with ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "hello")
    assert refused(file, ready, tmp_path) == "This is no backup: it holds no manifest.json."


def test_other_ways_of_packing_are_refused(whole: Path, ready: Database, tmp_path: Path) -> None:
    draft = Draft.of(whole)
    file = draft.write(tmp_path / "harmed.zip")
    with ZipFile(file, "a", ZIP_LZMA) as archive:
        archive.writestr("tables/odd", b"hello")
    assert "packed in a way that no backup of Quizapp is" in refused(file, ready, tmp_path)
    with pytest.warns(UserWarning, match="Duplicate name"), ZipFile(draft.write(file), "a", ZIP_DEFLATED) as archive:
        archive.writestr("media/map.png", b"hello")
    assert refused(file, ready, tmp_path) == "The backup holds a file twice."
    content = bytearray(draft.write(file).read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1  # says that the first file is encrypted
    file.write_bytes(content)
    assert "packed in a way that no backup of Quizapp is" in refused(file, ready, tmp_path)


def test_a_size_that_is_a_lie_is_found(whole: Path, ready: Database, tmp_path: Path) -> None:
    content = bytearray(whole.read_bytes())
    entry = content.index(b"PK\x01\x02")
    (size,) = struct.unpack_from("<I", content, entry + 24)
    struct.pack_into("<I", content, entry + 24, size - 1)
    (tmp_path / "harmed.zip").write_bytes(content)
    assert refused(tmp_path / "harmed.zip", ready, tmp_path)


def test_a_file_cut_anywhere_is_refused(whole: Path, tmp_path: Path) -> None:
    content, rng = whole.read_bytes(), Random(1)
    for length in [*(rng.randrange(len(content)) for _ in range(60)), len(content) - 1]:
        (tmp_path / "cut.zip").write_bytes(content[:length])
        with pytest.raises(Unreadable):
            read_all(tmp_path / "cut.zip")


def test_a_bit_turned_anywhere_is_refused_or_changes_nothing(whole: Path, tmp_path: Path) -> None:
    content, rng, found = whole.read_bytes(), Random(2), 0
    as_it_was = read_all(whole)
    for _ in range(150):
        turned = bytearray(content)
        turned[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
        (tmp_path / "turned.zip").write_bytes(turned)
        try:
            assert read_all(tmp_path / "turned.zip") == as_it_was
        except (Unreadable, Misconfigured):
            found += 1
    assert found > 130  # the rest hit dates and other marks that nothing reads


def read_all(file: Path) -> list[bytes]:
    with open_archive(file) as archive:
        lines = [line for stored in archive.manifest.tables for batch in archive.batches(stored) for line in batch]
        for path in archive.manifest.media:
            with (file.parent / "unpacked").open("wb") as target:
                archive.unpack(path, target)
            lines.append((file.parent / "unpacked").read_bytes())
    return lines
