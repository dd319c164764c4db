"""Sheets for blind readers: drafts mixed with hand-written and naive questions, unlabelled, passage by passage.

Both readers mark the same questions, in orders of their own. What each is stands in key.json, which they do not open.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from random import Random

from quizapp.core.generation import GENERATOR_VERSION, generate
from quizapp.core.items import Item, ShortAnswer, key_text, locate, write_item
from quizapp.core.sentences import sentences_around
from tests.generation.naive import naive_items
from tests.generation.passages import HAND_WRITTEN, NAIVE, OPEN_QUESTIONS, Part, Passage, passages, questions
from tests.seed.reading import as_asked

READERS = (1, 2)
MARKS = ("accept", "edit", "reject")
REASONS = (
    "wrong key", "several keys", "ambiguous", "trivial", "bad distractor", "grammar", "not neutral", "duplicate",
    "other",
)  # fmt: skip
_TASK = f"""You review questions on short passages for a careful teacher. Judge each by itself, as if you had to put it
before a class today: is it right, settled by the passage, worth asking, clear, and written as a good teacher writes?
Write reader-N.csv with the columns number,mark,reason, one row for each question.
mark: accept (as it stands), edit (an edit of at most five words makes it acceptable), reject.
reason: empty for accept; else the main one of: {", ".join(REASONS)}; a few words of your own may follow after “: ”.
A short answer is marked by a computer: case, articles, spelling variants and small slips do not matter. A flashcard's
back is not marked but compared by the learner. The key and the sentence that settles it stand under each question."""


@dataclass(frozen=True)
class Entry:
    """A question on a sheet and where it comes from: rules, hand or naive."""

    number: int
    passage: str
    origin: str
    rule: str
    version: str
    fingerprint: str


def write_sheets(folder: Path, part: Part, seed: str) -> int:
    """Write a sheet for each reader and the key, and return how many questions there are."""
    mixed: list[tuple[Passage, str, str, Item]] = []
    controls = _controls(part)
    for passage in passages(part):
        drafts = generate(passage.text, seed=seed).drafts
        mixed += [(passage, "rules", draft.rule, draft.item) for draft in drafts]
        mixed += [(passage, origin, "", item) for origin, item in controls(passage)]
    rng = Random(seed)
    rng.shuffle(mixed)
    entries = [
        Entry(number, passage.name, origin, rule, GENERATOR_VERSION if rule else "", fingerprint(item, passage))
        for number, (passage, origin, rule, item) in enumerate(mixed, 1)
    ]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "key.json").write_text(json.dumps([asdict(entry) for entry in entries], indent=1), encoding="utf-8")
    for reader in READERS:
        lines = [_TASK.replace("reader-N", f"reader-{reader}")]
        order = list(enumerate(mixed, 1))
        Random(f"{seed} reader {reader}").shuffle(order)
        for passage in passages(part):
            lines += ["", f"# {passage.title}", "", passage.text]
            for number, (other, _, _, item) in order:
                if other.name == passage.name:
                    lines += ["", f"## {number}", *as_asked(item), *_with_key(item, passage)]
        (folder / f"reader-{reader}.md").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return len(mixed)


def entries_of(folder: Path) -> list[Entry]:
    """Return the key of a folder of sheets."""
    return [Entry(**row) for row in json.loads((folder / "key.json").read_text(encoding="utf-8"))]


def fingerprint(item: Item, passage: Passage) -> str:
    """Return what marks are of: the passage and what is asked of it."""
    content = {
        name: value for name, value in write_item(item).items() if name not in {"external_id", "enemies", "source"}
    }
    return sha256(json.dumps([content, passage.text], sort_keys=True).encode()).hexdigest()[:12]


def _controls(part: Part) -> Callable[[Passage], Iterator[tuple[str, Item]]]:
    if part == "held":
        written, naive = questions(HAND_WRITTEN), questions(NAIVE)
    else:
        written, naive = questions(OPEN_QUESTIONS), {passage.name: naive_items(passage) for passage in passages(part)}

    def on(passage: Passage) -> Iterator[tuple[str, Item]]:
        yield from (("hand", item) for item in written.get(passage.name, ()))
        yield from (("naive", item) for item in naive.get(passage.name, ()))

    return on


def _with_key(item: Item, passage: Passage) -> Sequence[str]:
    key = " / ".join(answer.text or "" for answer in item.accepted) if isinstance(item, ShortAnswer) else key_text(item)
    found = [locate(quote.quote, passage.text, quote.start) for quote in item.evidence]
    spans = sentences_around(passage.text, [(quote.start or 0, quote.end or 0) for quote in found])
    return (f"Key: {key}", f"Evidence: {' … '.join(passage.text[start:end] for start, end in spans)}")
