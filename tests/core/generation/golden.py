"""The drafts on five passages as they are expected, written anew by `python -m tests.core.generation.golden`."""

from __future__ import annotations

from pathlib import Path

from quizapp.core.generation import generate
from quizapp.core.items import key_text, plain_stem
from tests.generation.passages import passages

FOLDER = Path(__file__).with_name("golden")
GOLDEN = ("04-metamorphosis", "14-black-death", "31-smallpox", "61-esperanto", "62-braille")


def shown(text: str) -> str:
    """Return the drafts on a text, a line each: rule, stem and key."""
    drafts = generate(text).drafts
    return "".join(f"{draft.rule}: {plain_stem(draft.item.stem)} => {key_text(draft.item)}\n" for draft in drafts)


if __name__ == "__main__":
    for passage in passages("open"):
        if passage.name in GOLDEN:
            (FOLDER / f"{passage.name}.txt").write_text(shown(passage.text), encoding="utf-8")
