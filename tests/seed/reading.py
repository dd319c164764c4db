"""The second reading of the bank: every question answered by somebody who did not write it, passage closed, then open.

    python -m tests.seed.reading closed FOLDER --share 1/3    a sheet of questions that have no valid reading yet
    python -m tests.seed.reading open FOLDER                  the same with their passages, once the first is answered
    python -m tests.seed.reading keys FOLDER                  the same with keys and reasons, to be judged
    python -m tests.seed.reading record FOLDER                what the reader wrote, put into readings.csv
    python -m tests.seed.reading report                       the figures, and what has fallen

`closed` asks for the questions whose record does not count: changed since, never read, or fallen.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

from quizapp.core.items import (
    Cloze,
    Item,
    Matching,
    MultipleChoice,
    Option,
    Ordering,
    ShortAnswer,
    SingleChoice,
    TrueFalse,
    key_text,
    plain_stem,
)
from tests.seed.readings import (
    VERDICTS,
    Asked,
    Reading,
    bank,
    read_questions,
    readings,
    report,
    write_readings,
)

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

_CLOSED = """Answer every question without having seen its passage. Write 1-closed.csv with the columns number,answer.
- single choice: the letter. multiple choice: the letters of all that are right, “A C”. true false: true or false.
- short answer, numeric, flashcard: the words or the number. cloze: what fills each gap, joined by “ | ” (a letter
  where there is a list). matching: “1B 2A”, a letter for each number. ordering: all letters, first to last, “C A B”.
Where you don't know, choose what seems likeliest; a guess is what is wanted."""
_OPEN = """Now answer every question again with its passage before you. Write 2-open.csv with the columns
number,answer,bloom. Answer in the form of the first sheet. bloom is the level that the question asks for:
remember (the words of the key stand in one sentence), understand (a paraphrase of one sentence),
apply (a case that is not in the passage), analyse (joins two sentences, or asks for a relation between facts)."""
_KEYS = """Here are the keys and reasons. Write 3-keys.csv with the columns number,agrees,verdict,note.
agrees: yes, when the key is what you answered with the passage open, or in other words the same; else no.
verdict: stands, or second key (another answer can be defended from the passage: argue it in the note), wrong key,
unclear, trivial (nobody needs to know it), giveaway (the wording tells the answer to somebody who has not read the
passage), not neutral. Try hard to find a second key. A short note says why, wherever the verdict is not “stands”."""


def write_closed(folder: Path, share: int, shares: int) -> int:
    """Write the first sheet with one share of the questions that need a reading, passages mixed; return how many."""
    standing = {entry.item.external_id for entry in read_questions() if not entry.has_fallen}
    wanted = [asked for asked in bank() if asked.item.external_id not in standing]
    mine = _shares(wanted, shares)[share - 1]
    Random(f"share {share} of {shares}").shuffle(mine)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "questions.json").write_text(json.dumps([asked.item.external_id for asked in mine]))
    lines = [_CLOSED]
    for number, asked in enumerate(mine, 1):
        lines += ["", f"## {number}", *as_asked(asked.item)]
    (folder / "1-closed.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(mine)


def write_open(folder: Path) -> None:
    """Write the second sheet: the questions with their passages. Needs a whole set of answers to the first."""
    mine = _mine(folder)
    _answers(folder, "1-closed.csv", mine, ("answer",))
    lines = [_OPEN]
    for number, asked in _by_passage(mine, lines):
        lines += ["", f"## {number}", *as_asked(asked.item)]
    (folder / "2-open.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_keys(folder: Path) -> None:
    """Write the third sheet: keys and reasons. Needs a whole set of answers to the second."""
    mine = _mine(folder)
    given = _answers(folder, "2-open.csv", mine, ("answer", "bloom"))
    lines = [_KEYS]
    for number, asked in _by_passage(mine, lines):
        lines += ["", f"## {number}", *as_asked(asked.item), "", f"You answered: {given[number]['answer']}"]
        lines += _with_key(asked.item)
    (folder / "3-keys.md").write_text("\n".join(lines) + "\n", encoding="utf-8")


def record(folder: Path) -> int:
    """Put a reader's three sheets into the record and return how many questions they read."""
    mine = _mine(folder)
    closed = _answers(folder, "1-closed.csv", mine, ("answer",))
    opened = _answers(folder, "2-open.csv", mine, ("answer", "bloom"))
    judged = _answers(folder, "3-keys.csv", mine, ("agrees", "verdict", "note"))
    found = readings()
    for number, asked in enumerate(mine, 1):
        verdict = judged[number]["verdict"].strip().lower()
        if verdict not in VERDICTS:
            sys.exit(f"{folder}/3-keys.csv: {number}: the verdict must be one of: {', '.join(VERDICTS)}.")
        found[asked.item.external_id] = Reading(
            item=asked.item.external_id,
            fingerprint=asked.fingerprint,
            closed=_as_recorded(asked.item, closed[number]["answer"]),
            open=_as_recorded(asked.item, opened[number]["answer"]),
            bloom=opened[number]["bloom"].strip().lower(),
            agrees=judged[number]["agrees"].strip().lower(),
            verdict=verdict,
            note=judged[number]["note"].strip(),
        )
    write_readings(found)
    return len(mine)


def _shares(wanted: Sequence[Asked], number: int) -> list[list[Asked]]:
    """Deal the questions so that each reader gets as few enemies, and as even a share, as can be."""
    hands: list[list[Asked]] = [[] for _ in range(number)]
    for asked in sorted(wanted, key=lambda asked: (asked.place, -len(asked.item.enemies), asked.item.external_id)):
        foes = set(asked.item.enemies)
        hand = min(
            hands,
            key=lambda hand: (sum(other.item.external_id in foes for other in hand), len(hand), hands.index(hand)),
        )
        hand.append(asked)
    return hands


def _by_passage(mine: Sequence[Asked], lines: list[str]) -> Iterable[tuple[int, Asked]]:
    shown = -1
    for number, asked in sorted(enumerate(mine, 1), key=lambda entry: entry[1].place):
        if asked.place != shown:
            shown = asked.place
            lines += ["", f"# Passage {shown + 1}", "", asked.passage]
        yield number, asked


def as_asked(item: Item) -> list[str]:
    lines = [f"[{item.kind.replace('_', ' ')}] {plain_stem(item.stem)}"]
    match item:
        case SingleChoice() | MultipleChoice():
            lines += _lettered(option.text for option in shuffled_options(item, item.options))
        case Cloze():
            for gap in item.gaps:
                if gap.options:
                    lines += ["choose:", *_lettered(option.text for option in shuffled_options(item, gap.options))]
                else:
                    lines += ["type it"]
        case Matching():
            lines += [f"{number}. {pair.left}" for number, pair in enumerate(item.pairs, 1) if pair.left is not None]
            lines += ["with", *_lettered(item.pairs[index].right for index in mixed_places(item, len(item.pairs)))]
        case Ordering():
            lines += _lettered(item.order[index] for index in mixed_places(item, len(item.order)))
    return lines


def _with_key(item: Item) -> list[str]:
    key = "; ".join(answer.text or "" for answer in item.accepted) if isinstance(item, ShortAnswer) else key_text(item)
    lines = [f"Key: {key}", f"Why: {item.feedback}"]
    if isinstance(item, SingleChoice | MultipleChoice | TrueFalse):
        lines += [f"- {option.text}: {option.feedback}" for option in item.options]
    return lines


def _as_recorded(item: Item, answer: str) -> str:
    """Turn letters of a sheet into ids and places of the item, which stay when options are shuffled otherwise."""
    text = answer.strip()
    match item:
        case TrueFalse():
            return text.lower()
        case SingleChoice() | MultipleChoice():
            return " ".join(sorted(_picked(shuffled_options(item, item.options), text)))
        case Cloze():
            parts = [part.strip() for part in text.split("|")]
            return " | ".join(
                "".join(_picked(shuffled_options(item, gap.options), part)) if gap.options else part
                for part, gap in zip(parts, item.gaps, strict=False)
            )
        case Matching():
            mixed = mixed_places(item, len(item.pairs))
            pairs = sorted((int(pair[:-1]) - 1, mixed[LETTERS.index(pair[-1].upper())]) for pair in text.split())
            return " ".join(f"{left}-{right}" for left, right in pairs)
        case Ordering():
            mixed = mixed_places(item, len(item.order))
            return " ".join(str(mixed[LETTERS.index(letter.upper())]) for letter in text.split())
    return text


def _picked(options: Sequence[Option], text: str) -> list[str]:
    return [options[LETTERS.index(letter)].id for letter in text.upper() if letter in LETTERS[: len(options)]]


def _lettered(texts: Iterable[str]) -> list[str]:
    return [f"{LETTERS[index]}. {text}" for index, text in enumerate(texts)]


def shuffled_options(item: Item, options: Sequence[Option]) -> list[Option]:
    return [options[index] for index in mixed_places(item, len(options))]


def mixed_places(item: Item, count: int) -> list[int]:
    places = list(range(count))
    Random(f"{item.external_id} {count}").shuffle(places)
    return places


def _mine(folder: Path) -> list[Asked]:
    known = {asked.item.external_id: asked for asked in bank()}
    return [known[item] for item in json.loads((folder / "questions.json").read_text())]


def _answers(folder: Path, name: str, mine: Sequence[Asked], columns: Sequence[str]) -> dict[int, dict[str, str]]:
    path = folder / name
    if not path.exists():
        sys.exit(f"{path} is not there. It needs the columns number, {', '.join(columns)}.")
    with path.open(encoding="utf-8", newline="") as file:
        rows = {int(row["number"]): row for row in csv.DictReader(file, skipinitialspace=True)}
    for number, asked in enumerate(mine, 1):
        row = rows.get(number, {})
        if any(row.get(column) is None or (column != "note" and not row[column].strip()) for column in columns):
            sys.exit(f"{path}: question {number} ({asked.item.kind}) needs {', '.join(columns)}.")
        if columns[0] == "answer":
            try:
                _as_recorded(asked.item, row["answer"])
            except (ValueError, IndexError):
                sys.exit(f"{path}: the answer to question {number} is not of the form that its kind asks for.")
    return rows


def main() -> None:
    """Read the command line and do it."""
    parser = argparse.ArgumentParser(prog="python -m tests.seed.reading", description=__doc__.splitlines()[0])
    parser.add_argument("step", choices=["closed", "open", "keys", "record", "report"])
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--share", default="1/1", help="which share of the questions, such as 2/3")
    chosen = parser.parse_args()
    if chosen.step == "report":
        sys.stdout.write(report() + "\n")
        return
    if chosen.folder is None:
        parser.error("name the reader's folder")
    if chosen.step == "closed":
        share, _, shares = chosen.share.partition("/")
        number = write_closed(chosen.folder, int(share), int(shares))
        sys.stdout.write(f"{number} questions are in {chosen.folder}/1-closed.md\n")
    elif chosen.step == "open":
        write_open(chosen.folder)
    elif chosen.step == "keys":
        write_keys(chosen.folder)
    else:
        sys.stdout.write(f"{record(chosen.folder)} readings are in the record\n")


if __name__ == "__main__":
    main()
