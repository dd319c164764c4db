"""The verdicts of asvs.csv: each requirement once, with a reason where it is not met, and tests that are there."""

from __future__ import annotations

import ast
import csv
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
FILE = Path(__file__).with_name("asvs.csv")
VERDICTS = {"met", "not applicable", "not met"}
SHARE_WITH_A_TEST = 0.8
LEVELS = {"1": 70, "2": 183}  # how many requirements each level adds in version 5.0.0

Row = dict[str, str]


def read() -> list[Row]:
    lines = [line for line in FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines))


@cache
def names_in(path: Path) -> frozenset[str]:
    """Return the tests of a file as pytest calls them, without importing it."""
    return frozenset(_names(ast.parse(path.read_text(encoding="utf-8")))) if path.is_file() else frozenset()


def _names(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
            yield node.name
        elif isinstance(node, ast.ClassDef) and node.name.startswith("Test"):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef) and inner.name.startswith("test"):
                    yield f"{node.name}::{inner.name}"


def is_there(test: str) -> bool:
    path, _, name = test.partition("::")
    return path.startswith("tests/") and name in names_in(TESTS.parent / path)


def faults(rows: list[Row]) -> list[str]:
    """Return what is wrong with a table of verdicts, a line each."""
    found = [f"{row['id']} stands twice" for at, row in enumerate(rows) if row["id"] in {r["id"] for r in rows[:at]}]
    for row in rows:
        if not re.fullmatch(r"V([1-9]|1[0-7])(\.[1-9][0-9]?){2}", row["id"]):
            found.append(f"{row['id']} is no number of a requirement")
        if row["verdict"] not in VERDICTS or row["level"] not in LEVELS or not row["title"]:
            found.append(f"{row['id']} has no verdict, no level or no title")
        if row["verdict"] != "met" and not row["reason"]:
            found.append(f"{row['id']} is {row['verdict']} without a reason")
        if row["test"] and not is_there(row["test"]):
            found.append(f"{row['id']} names {row['test']}, which is not there")
    return found


def share_with_a_test(rows: list[Row]) -> float:
    applicable = [row for row in rows if row["verdict"] != "not applicable"]
    return sum(1 for row in applicable if row["test"]) / len(applicable)


def test_every_verdict_is_sound() -> None:
    assert faults(read()) == []


def test_every_requirement_of_both_levels_has_its_verdict() -> None:
    rows = read()
    assert {level: sum(1 for row in rows if row["level"] == level) for level in LEVELS} == LEVELS
    assert {row["id"].partition(".")[0] for row in rows} == {f"V{chapter}" for chapter in range(1, 18)}


def test_four_of_five_that_apply_have_a_test() -> None:
    assert share_with_a_test(read()) >= SHARE_WITH_A_TEST


SOUND = {"id": "V1.1.1", "level": "2", "verdict": "met", "title": "A", "reason": "", "test": ""}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"id": "V18.1.1"}, "is no number"),
        ({"verdict": "perhaps", "reason": "Why."}, "has no verdict"),
        ({"level": "3"}, "no level"),
        ({"verdict": "not met"}, "is not met without a reason"),
        ({"verdict": "not applicable"}, "is not applicable without a reason"),
        ({"test": "tests/web/test_asvs.py::test_nothing"}, "which is not there"),
        ({"test": "tests/web/test_nothing.py::test_every_verdict_is_sound"}, "which is not there"),
    ],
)
def test_a_planted_fault_is_found(change: Row, told: str) -> None:
    (found,) = faults([SOUND | change])
    assert told in found


def test_what_stands_twice_is_found() -> None:
    assert faults([SOUND, SOUND]) == ["V1.1.1 stands twice"]
    assert faults([SOUND | {"test": "tests/web/test_asvs.py::test_what_stands_twice_is_found"}]) == []
