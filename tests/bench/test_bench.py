"""The bench runs and prints its table; how fast it finds the pages is nobody's verdict."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from quizapp.database import Database
from quizapp.schema import migrate
from tests.bench import takers
from tests.bench.__main__ import main, table
from tests.bench.plans import Sent, faults

ANKI = os.environ.get("QUIZAPP_TEST_ANKI", "")


def test_the_bench_prints_a_row_for_every_page(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--seconds", "0.2", "--rounds", "1", "--connections", "2"])
    head, *rows = capsys.readouterr().out.split("\n\n")[0].splitlines()
    assert head.split()[:2] == ["page", "req/s"]
    names = ["topic page", "progress", "due queue", "question", "quiz answer", "card rating"]
    assert [row[: len(name)] for row, name in zip(rows, names, strict=True)] == names
    for row in rows:
        figures = row[12:].split()
        assert len(figures) == 10
        assert figures[4].endswith("%")
        assert all(float(figure.rstrip("%")) > 0 for figure in figures)


def test_generation_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    main(["generation"])
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split() == ["generation", "words", "drafts", "seconds"]
    assert "median" in "".join(rows)


def test_the_memory_models_are_measured(capsys: pytest.CaptureFixture[str]) -> None:
    main(["memory", "--reviews", "200"])
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split() == ["memory", "reviews", "seconds", "a", "second"]
    assert [row.partition("  ")[0] for row in rows[3:]] == [
        "FSRS-6 replay",
        "FSRS-7 replay",
        "FSRS-6 fit",
        "FSRS-7 fit",
    ]
    assert all(int(row.split()[-1]) > 0 for row in rows)


def test_costs_are_compared_as_the_log_grows(capsys: pytest.CaptureFixture[str]) -> None:
    main(["growth", "--most", "12000", "--rounds", "1"])
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.split("  ")[-1].strip() == "× at 12,000"
    names = [row.partition("  ")[0] for row in rows]
    assert {"due queue", "next card", "progress", "set results", "card history", "autosave"} <= set(names)
    for row in rows:
        statements, faults, steps, *costs = row.split()[-5:]
        assert int(statements) > 0
        assert faults == "0"
        assert 0 < float(steps) < 1.5  # counted, not timed
        assert all(float(cost) > 0 for cost in costs)


def test_scans_and_sorts_of_many_rows_are_found(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/bench.sqlite3")
    migrate(database)
    scan = Sent("SELECT id FROM reviews AS reviews_1 WHERE rating = ?", (1,))
    many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) SELECT i FROM n ORDER BY -i"
    search = Sent("SELECT rating FROM reviews WHERE learner_id = ? ORDER BY rating", (1,))
    found = faults(database, [scan, Sent(many, (20_000,)), Sent(many, (20,)), search], {"reviews"})
    database.engine.dispose()
    assert [fault.split(": ")[0].split(" in ")[0] for fault in found] == ["SCAN reviews_1", "sort"]


@pytest.mark.skipif(not ANKI, reason="QUIZAPP_TEST_ANKI names no environment with the anki package")
def test_the_same_cards_are_studied_here_and_in_anki(capsys: pytest.CaptureFixture[str]) -> None:
    main(["anki", "--cards", "300", "--environment", ANKI])
    head, *rows = capsys.readouterr().out.splitlines()
    assert head.startswith("cards")
    names = ("due queue", "ratings", "statistics", "fit", "sweep")
    for row, name in zip(rows, names, strict=True):
        assert name in row
        assert all(float(figure) > 0 for figure in row.split()[-3:])


def test_without_anki_the_bench_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tests.bench.rival.find_pip", lambda _: ["false"])
    with pytest.raises(SystemExit) as ended:
        main(["anki", "--environment", str(tmp_path / "anki")])
    assert ended.value.code == 2
    assert "Anki could not be installed" in capsys.readouterr().err


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    assert table([["page", "req/s"], ["a", "12"], ["long name", "7"]]) == (
        "page       req/s\na             12\nlong name      7"
    )


def test_pages_are_measured_in_a_browser(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("tests.bench.pages.PAGES", (("nobody", "/sign-up"),))
    with ThreadPoolExecutor(1) as thread:  # other tests in a browser leave an event loop running in the first one
        thread.submit(main, ["pages", "--rounds", "1"]).result()
    head, row = capsys.readouterr().out.splitlines()
    assert head.split() == [
        "page",
        "lcp",
        "ms",
        "inp",
        "ms",
        "cls",
        "html",
        "css",
        "js",
        "requests",
        "over",
        "its",
        "budget",
    ]
    painted, _answered, _shifted, *sizes = (float(figure) for figure in row.split()[2:9])
    assert all(figure > 0 for figure in (painted, *sizes))


def test_a_few_take_a_quiz(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(takers, "THINKING", (0.2, 0.4))
    monkeypatch.setattr(takers, "SAVED_EACH", 0.1)
    with ThreadPoolExecutor(1) as thread:  # as above
        thread.submit(main, ["takers", "--people", "2", "--most", "2", "--minutes", "0.1"]).result()
    start, quiz, told = capsys.readouterr().out.split("\n\n")
    kinds = [line.split()[1] for line in (*start.splitlines(), *quiz.splitlines()) if line.split()[0] == "2"]
    assert kinds == ["start", "question", "all", "start", "question", "save", "answer", "finish", "all"]
    assert all(line.split()[-1] == "0" for line in quiz.splitlines()[1:-1])
    assert told.startswith("2 people who start at one moment")
