"""The corpus as the tests and the judging read it: paragraphs, open or held back, and the questions on them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from quizapp.core.items import Item, read_item

Part = Literal["open", "held"]

FOLDER = Path(__file__).parent
CORPUS = FOLDER / "corpus"
OPEN_QUESTIONS = CORPUS / "open_questions.toml"
HAND_WRITTEN = FOLDER / "judging" / "hand_written.toml"
NAIVE = FOLDER / "judging" / "naive.toml"


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A paragraph of the corpus; `name` is its file's, with the number that says whether it is held back."""

    name: str
    title: str
    domain: str
    register: str
    hand: str
    source: str
    text: str

    @property
    def number(self) -> int:
        """The place in the corpus, from 1."""
        return int(self.name[:2])


def passages(part: Part) -> list[Passage]:
    """Return the paragraphs of one part, by number."""
    paths = sorted((CORPUS / part).glob("*.toml"))
    return [Passage(name=path.stem, **_load(path)) for path in paths]


def questions(path: Path) -> dict[str, list[Item]]:
    """Return the questions of a file by the name of their passage.

    Raises Unreadable when one is no neutral item.
    """
    return {name: [read_item(entry) for entry in entries] for name, entries in _load(path).items()}


def _load(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
