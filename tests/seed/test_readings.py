"""The second reading: every question stands after somebody else answered it, and its record is of today's wording."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest

from quizapp.core.items import Cloze, Item, Matching, MultipleChoice, Ordering, SingleChoice, TrueFalse, key_text
from tests.seed import readings
from tests.seed.reading import LETTERS, main, mixed_places, shuffled_options
from tests.seed.readings import Asked, bank, figures, is_right, read_questions

ASKED = bank()


def test_every_question_has_been_read_as_it_is_worded_now_and_stands() -> None:
    read = read_questions()
    unread = {asked.item.external_id for asked in ASKED} - {entry.item.external_id for entry in read}
    assert not unread, f"python -m tests.seed.reading closed FOLDER makes the sheet for: {sorted(unread)}"
    assert not [entry.item.external_id for entry in read if entry.has_fallen]


def test_the_record_holds_no_question_that_has_gone() -> None:
    assert set(readings.readings()) <= {asked.item.external_id for asked in ASKED}


def test_readers_are_right_with_the_passage_open_and_near_chance_with_it_closed() -> None:
    found = figures(read_questions())
    assert found.open_right >= 0.98
    assert found.closed_right <= found.chance + 0.15
    assert found.bloom_agreement >= 0.8


@pytest.mark.parametrize(
    "change", [{"stem": "Another?"}, {"feedback": "Another."}, {"bloom": "apply"}, {"evidence": ()}]
)
def test_another_wording_asks_for_another_reading(change: dict[str, object]) -> None:
    asked = ASKED[0]
    assert Asked(replace(asked.item, **change), asked.passage, 0).fingerprint != asked.fingerprint  # type: ignore[arg-type]


def test_a_title_a_tag_or_an_enemy_asks_for_none() -> None:
    asked = ASKED[0]
    renamed = replace(asked.item, title="Another", tags=("another",), enemies=("another",))
    assert Asked(renamed, asked.passage, 0).fingerprint == asked.fingerprint


def test_a_reader_who_answers_with_every_key_is_right_throughout(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readings, "RECORD", tmp_path / "readings.csv")
    run(monkeypatch, "closed", tmp_path)
    numbered = dict(enumerate(read_in_order(tmp_path), 1))
    sheet = (tmp_path / "1-closed.md").read_text(encoding="utf-8")
    assert not [asked.passage for asked in ASKED if asked.passage in sheet]
    with pytest.raises(SystemExit, match=r"1-closed\.csv is not there"):
        run(monkeypatch, "open", tmp_path)
    write(tmp_path / "1-closed.csv", ["answer"], {number: [key_letters(item)] for number, item in numbered.items()})
    run(monkeypatch, "open", tmp_path)
    opened = {number: [key_letters(item), item.bloom] for number, item in numbered.items()}
    write(tmp_path / "2-open.csv", ["answer", "bloom"], opened)
    run(monkeypatch, "keys", tmp_path)
    judged = {number: ["yes", "stands", ""] for number in numbered}
    write(tmp_path / "3-keys.csv", ["agrees", "verdict", "note"], judged)
    run(monkeypatch, "record", tmp_path)
    found = figures(read_questions())
    assert found.number == len(ASKED)
    assert found.open_right == found.closed_right == found.bloom_agreement == 1
    assert found.chance < 0.5


def test_an_answer_left_out_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readings, "RECORD", tmp_path / "readings.csv")
    run(monkeypatch, "closed", tmp_path)
    items = read_in_order(tmp_path)
    answers = {number: [key_letters(item)] for number, item in enumerate(items[:-1], 1)}
    write(tmp_path / "1-closed.csv", ["answer"], answers)
    with pytest.raises(SystemExit, match=f"question {len(items)} .* needs answer"):
        run(monkeypatch, "open", tmp_path)


def test_a_wrong_letter_is_not_right() -> None:
    item = next(asked.item for asked in ASKED if isinstance(asked.item, SingleChoice))
    assert isinstance(item, SingleChoice)
    assert [is_right(item, option.id) for option in item.options].count(True) == 1


def run(monkeypatch: pytest.MonkeyPatch, step: str, folder: Path) -> None:
    monkeypatch.setattr("sys.argv", ["reading", step, str(folder)])
    main()


def read_in_order(folder: Path) -> list[Item]:
    """Return the items as the first sheet numbers them."""
    known = {asked.item.external_id: asked.item for asked in ASKED}
    return [known[item] for item in json.loads((folder / "questions.json").read_text())]


def write(path: Path, columns: list[str], rows: dict[int, list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["number", *columns])
        writer.writerows([number, *values] for number, values in rows.items())


def key_letters(item: Item) -> str:
    """Return the key as a reader would write it on the sheet."""
    match item:
        case TrueFalse():
            return key_text(item).lower()
        case SingleChoice() | MultipleChoice():
            shown = shuffled_options(item, item.options)
            return " ".join(LETTERS[place] for place, option in enumerate(shown) if option.weight > 0)
        case Cloze():
            return " | ".join(
                next(
                    LETTERS[place]
                    for place, option in enumerate(shuffled_options(item, gap.options))
                    if option.weight == 1
                )
                if gap.options
                else gap.accepted[0].text or ""
                for gap in item.gaps
            )
        case Matching():
            mixed = mixed_places(item, len(item.pairs))
            lefts = [place for place, pair in enumerate(item.pairs) if pair.left is not None]
            return " ".join(f"{place + 1}{LETTERS[mixed.index(place)]}" for place in lefts)
        case Ordering():
            mixed = mixed_places(item, len(item.order))
            return " ".join(LETTERS[mixed.index(place)] for place in range(len(item.order)))
    return key_text(item)
