"""Drafts made by hand, for tests of what is done with them."""

from __future__ import annotations

from dataclasses import replace

from quizapp.core.generation import GENERATOR_VERSION, Draft
from quizapp.core.items import Evidence, Flashcard, Item
from quizapp.core.linting import lint

FOG = (
    "Fog is a cloud that touches the ground. It forms when moist air cools until its water condenses into droplets. "
    "Valley fog gathers on clear nights, because cold air sinks and collects in low places. "
    "Sea fog appears where warm air drifts over cold water, and it may last for days. "
    "The foghorn of Partington Ridge was installed in 1859 by Robert Foulis to warn ships."
)


def made_drafts(text: str = FOG) -> list[Draft]:
    """Return two drafts on the text about fog, the likelier first."""
    fog, valley = "Fog is a cloud that touches the ground.", "cold air sinks and collects in low places"
    return [
        as_draft(
            Flashcard(
                stem="According to the passage, what is fog?", answer="a cloud that touches the ground",
                bloom="remember", evidence=(_quote(fog, text),), feedback=f"The passage says: “{fog}”",
            ),
            text, 0.8, "a",
        ),
        as_draft(
            Flashcard(
                stem="According to the passage, why does valley fog gather on clear nights?",
                answer="because cold air sinks and collects in low places", bloom="understand",
                evidence=(_quote(valley, text),), feedback=f"The passage says: “{valley}”",
            ),
            text, 0.6, "b",
        ),
    ]  # fmt: skip


def as_draft(item: Item, text: str, rank: float, name: str) -> Draft:
    """Return an item as the generator would hand it over."""
    item = replace(item, external_id=f"made-{name}")
    return Draft(
        item=item, rule=f"rule-{name}", version=GENERATOR_VERSION, seed="", rank=rank, findings=tuple(lint(item, text))
    )


def _quote(words: str, text: str) -> Evidence:
    start = text.index(words)
    return Evidence(quote=words, start=start, end=start + len(words))
