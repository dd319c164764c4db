"""Sheets for blind readers and what their marks come to, tried on the open paragraphs."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.generation.marks import Marked, kappa, record, recorded, report, wilson
from tests.generation.sheets import entries_of, write_sheets

ONE = Marked("p", "rules", "date", "1", "f", "accept", "", "accept", "")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sheets")
    write_sheets(path, "open", "1")
    return path


def write_marks(folder: Path, reader: int, refused: set[int]) -> None:
    with (folder / f"reader-{reader}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["number", "mark", "reason"])
        for entry in entries_of(folder):
            is_refused = entry.number in refused
            writer.writerow([entry.number, "reject" if is_refused else "accept", "wrong key: no" if is_refused else ""])


def test_both_readers_get_every_question_in_an_order_of_their_own_and_no_label(folder: Path) -> None:
    sheets = [(folder / f"reader-{reader}.md").read_text(encoding="utf-8") for reader in (1, 2)]
    numbers = [[int(number) for number in re.findall(r"^## (\d+)$", sheet, re.MULTILINE)] for sheet in sheets]
    entries = entries_of(folder)
    assert sorted(numbers[0]) == sorted(numbers[1]) == [entry.number for entry in entries]
    assert numbers[0] != numbers[1]
    assert {entry.origin for entry in entries} == {"rules", "hand", "naive"}
    for sheet in sheets:
        assert not re.search(r"naive-\d|hand-written|made-[0-9a-f]{8}|true-statement|term-gap", sheet)


def test_marks_are_kept_once_and_reported_by_rule(folder: Path, tmp_path: Path) -> None:
    made = [entry.number for entry in entries_of(folder) if entry.origin == "rules"]
    naive = {entry.number for entry in entries_of(folder) if entry.origin == "naive"}
    write_marks(folder, 1, naive | {made[0]})
    write_marks(folder, 2, naive)
    path = tmp_path / "marks.csv"
    marked = record(folder, path)
    assert record(folder, path) == marked
    assert len(recorded(path)) == len({mark.fingerprint for mark in marked})
    told = report(marked)
    assert re.search(r"^naive +\d+ +0\.0%", told, re.MULTILINE)
    assert re.search(r"^hand +\d+ +100\.0%", told, re.MULTILINE)
    assert re.search(r"^date +\d+", told, re.MULTILINE)
    assert "wrong key 1" in told


def test_a_missing_mark_or_an_unknown_one_is_told(folder: Path, tmp_path: Path) -> None:
    write_marks(folder, 1, set())
    write_marks(folder, 2, set())
    path = folder / "reader-2.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(lines[:-1]), encoding="utf-8")
    with pytest.raises(SystemExit, match="has no mark"):
        record(folder, tmp_path / "marks.csv")
    path.write_text("\n".join([*lines[:-1], "1,good,"]), encoding="utf-8")
    with pytest.raises(SystemExit, match="must be one of"):
        record(folder, tmp_path / "marks.csv")


def test_wilson_and_kappa_have_their_known_values() -> None:
    low, high = wilson(0.7, 10)
    assert (round(low, 3), round(high, 3)) == (0.397, 0.892)
    no = replace(ONE, first="reject", second="reject")
    split = replace(ONE, second="edit")
    # 45 of 60 agreed, 30 and 35 accepted: (0.75 - 0.5) / 0.5
    marks = [ONE] * 25 + [split] * 5 + [replace(ONE, first="reject")] * 10 + [no] * 20
    assert round(kappa(marks), 3) == 0.5
    assert kappa([ONE]) == 1
