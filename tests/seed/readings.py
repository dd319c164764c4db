"""The record of the second reading: what somebody answered who did not write the bank, and what it comes to.

A reading is of one wording: when a question changes in anything but its title, tags or enemies, its record no longer
counts. The sheets are written and read by `python -m tests.seed.reading`.
"""

from __future__ import annotations

import csv
import json
import math
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from hashlib import sha256
from pathlib import Path

from quizapp.core.grading import grade
from quizapp.core.items import (
    Cloze,
    Flashcard,
    Item,
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    ShortAnswer,
    SingleChoice,
    TrueFalse,
    guess_chance,
    is_recognition,
    read_item,
    write_item,
)

PASSAGES = Path(__file__).parents[2] / "seed" / "passages"
RECORD = Path(__file__).with_name("readings.csv")
STANDS = "stands"
VERDICTS = (STANDS, "second key", "wrong key", "unclear", "trivial", "giveaway", "not neutral")
_BOOKKEEPING = frozenset({"external_id", "title", "tags", "enemies", "source"})


@dataclass(frozen=True)
class Asked:
    """A question of the bank with the text it is about."""

    item: Item
    passage: str
    place: int  # of the passage in the bank, from 0

    @property
    def fingerprint(self) -> str:
        """What a reading is of: the passage and all that a learner is shown."""
        content = {name: value for name, value in write_item(self.item).items() if name not in _BOOKKEEPING}
        return sha256(json.dumps([content, self.passage], sort_keys=True).encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Reading:
    """What a reader made of a question: both answers, the Bloom level they gave it unasked, and their verdict."""

    item: str
    fingerprint: str
    closed: str
    open: str
    bloom: str
    agrees: str  # yes, when the reader holds the key to be what they answered, or should have
    verdict: str
    note: str = ""


@dataclass(frozen=True)
class Read:
    """A question with its reading."""

    item: Item
    reading: Reading

    @property
    def is_open_right(self) -> bool:
        """Whether the answer with the passage open was right; on a flashcard the reader says so."""
        if isinstance(self.item, Flashcard):
            return self.reading.agrees == "yes"
        return is_right(self.item, self.reading.open)

    @property
    def is_guessed(self) -> bool:
        """Whether the key was on the screen and found with the passage closed."""
        return is_recognition(self.item) and is_right(self.item, self.reading.closed)

    @property
    def has_fallen(self) -> bool:
        """Whether the question is to be written again."""
        return self.reading.verdict != STANDS or self.reading.agrees != "yes"


@dataclass(frozen=True)
class Figures:
    """What readings come to; shares from 0 to 1, `closed_right` and `chance` of questions with their key on screen."""

    number: int
    open_right: float
    closed_right: float
    chance: float
    bloom_agreement: float


def bank() -> list[Asked]:
    """Return every shipped question, in the order of the files."""
    questions = []
    for place, path in enumerate(sorted(PASSAGES.glob("*.toml"))):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        questions += [Asked(read_item(entry), data["text"], place) for entry in data["items"]]
    return questions


def readings() -> dict[str, Reading]:
    """Return the record by external id."""
    if not RECORD.exists():
        return {}
    with RECORD.open(encoding="utf-8", newline="") as file:
        return {row["item"]: Reading(**row) for row in csv.DictReader(file)}


def write_readings(found: Mapping[str, Reading]) -> None:
    """Write the record, in the order of the bank."""
    with RECORD.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [field.name for field in fields(Reading)], lineterminator="\n")
        writer.writeheader()
        writer.writerows(asdict(found[asked.item.external_id]) for asked in bank() if asked.item.external_id in found)


def read_questions() -> list[Read]:
    """Return the questions that are still worded as they were read."""
    found = readings()
    return [
        Read(asked.item, found[asked.item.external_id])
        for asked in bank()
        if asked.item.external_id in found and found[asked.item.external_id].fingerprint == asked.fingerprint
    ]


def figures(read: Sequence[Read]) -> Figures:
    """Return what some readings come to."""
    choice = [entry for entry in read if is_recognition(entry.item)]
    return Figures(
        number=len(read),
        open_right=_mean(entry.is_open_right for entry in read),
        closed_right=_mean(entry.is_guessed for entry in choice),
        chance=_mean(full_mark_chance(entry.item) for entry in choice),
        bloom_agreement=_mean(entry.item.bloom == entry.reading.bloom for entry in read),
    )


def report() -> str:
    """Return the figures in words, and a line for every question that leaves something to be said."""
    read = read_questions()
    lines = [_line("all", figures(read))]
    for kind in dict.fromkeys(entry.item.kind for entry in read):
        lines.append(_line(kind, figures([entry for entry in read if entry.item.kind == kind])))
    for entry in read:
        if remarks := list(_remarks(entry)):
            lines.append(f"  {entry.item.external_id}: {'; '.join(remarks)}")
    known = {entry.item.external_id for entry in read}
    unread = [asked.item.external_id for asked in bank() if asked.item.external_id not in known]
    return "\n".join([*lines, f"{len(unread)} without a reading: {' '.join(unread)}"])


def is_right(item: Item, answer: str) -> bool:
    """Say whether an answer, as the record holds it, earns full marks; a flashcard's is never marked."""
    score: float | None = None
    match item:
        case SingleChoice() | TrueFalse():
            score = grade(item, {"choice": answer}).score
        case MultipleChoice():
            score = grade(item, {"choices": answer.split()}, policy="all_or_nothing").score
        case ShortAnswer():
            score = grade(item, {"text": answer}).score
        case Cloze():
            score = grade(item, {"gaps": [part.strip() for part in answer.split("|")]}).score
        case Numeric():
            score = float(answer in {f"{accepted.number:.15g}" for accepted in item.accepted if accepted.number})
        case Matching():
            lefts = [place for place, pair in enumerate(item.pairs) if pair.left is not None]
            score = float(answer.split() == [f"{place}-{place}" for place in lefts])
        case Ordering():
            score = float(answer.split() == [str(place) for place in range(len(item.order))])
    return score == 1


def full_mark_chance(item: Item) -> float:
    """Return the chance that somebody who knows nothing earns full marks on a question whose key is on the screen."""
    if isinstance(item, Matching):
        lefts = sum(pair.left is not None for pair in item.pairs)
        return 1 / math.perm(len(item.pairs), lefts)
    return guess_chance(item)


def _line(name: str, found: Figures) -> str:
    line = f"{name:16} {found.number:4} read, open {found.open_right:6.1%}, Bloom {found.bloom_agreement:6.1%}"
    return f"{line}, closed {found.closed_right:6.1%} (chance {found.chance:.1%})" if found.chance else line


def _remarks(entry: Read) -> Iterator[str]:
    reading = entry.reading
    if entry.has_fallen:
        yield f"{reading.verdict}, agrees: {reading.agrees}"
    if not entry.is_open_right:
        yield f"answered {reading.open} with the passage open"
    if entry.is_guessed:
        yield "right with the passage closed"
    if reading.bloom != entry.item.bloom:
        yield f"{entry.item.bloom}, read as {reading.bloom}"
    if reading.note:
        yield reading.note


def _mean(values: Iterable[float]) -> float:
    found = list(values)
    return sum(found) / len(found) if found else 0.0
