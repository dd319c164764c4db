"""The corpus as the tests and the judging read it: paragraphs, open or held back."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Part = Literal["open", "held"]

FOLDER = Path(__file__).parent
CORPUS = FOLDER / "corpus"


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


def _load(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
