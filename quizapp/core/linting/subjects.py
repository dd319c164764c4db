"""An item made ready for the rules: its plain stem, its groups of options, its keys and its evidence in the passage."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from quizapp.core.items import (
    Accepted,
    Cloze,
    Flashcard,
    Item,
    MultipleChoice,
    Numeric,
    Option,
    ShortAnswer,
    SingleChoice,
    TrueFalse,
    key_text,
    locate,
    plain_stem,
)
from quizapp.core.linting.wording import is_english, roots, words
from quizapp.core.sentences import sentences_around
from quizapp.errors import Unreadable

_TAG = re.compile(r"<[^<>]+>")
_CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)


@dataclass(frozen=True)
class Choices:
    """Options that are offered together: those of a choice item, or of one gap."""

    target: str  # "options" or "gaps.1"
    options: tuple[Option, ...]

    @cached_property
    def keys(self) -> tuple[Option, ...]:
        return tuple(option for option in self.options if option.weight > 0)

    @cached_property
    def distractors(self) -> tuple[Option, ...]:
        return tuple(option for option in self.options if option.weight <= 0)

    def target_of(self, option: Option) -> str:
        return f"options.{option.id}" if self.target == "options" else self.target


@dataclass(frozen=True)
class Key:
    """A right answer in words; `siblings` are the distractors offered with it."""

    text: str
    target: str
    siblings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Subject:
    """An item under the rules."""

    item: Item
    passage: str | None

    @cached_property
    def stem(self) -> str:
        """The stem as plain text, each gap a line to write on."""
        stem = plain_stem(self.item.stem)
        if self.item.stem_format == "html":
            return _TAG.sub(" ", stem)
        return _CODE.sub(" ", stem) if self.item.stem_format == "markdown" else stem

    @cached_property
    def stem_words(self) -> tuple[str, ...]:
        return words(self.stem)

    @cached_property
    def stem_roots(self) -> frozenset[str]:
        return roots(self.stem)

    @cached_property
    def choices(self) -> tuple[Choices, ...]:
        """Groups of options that the author wrote; true and false are nobody's words."""
        match self.item:
            case SingleChoice() | MultipleChoice():
                return (Choices("options", self.item.options),)
            case Cloze():
                gaps = enumerate(self.item.gaps, 1)
                return tuple(Choices(f"gaps.{number}", gap.options) for number, gap in gaps if gap.options)
        return ()

    @cached_property
    def keys(self) -> tuple[Key, ...]:
        """What is right, in words; nothing for true/false, matching, ordering and what is not marked by key."""
        offered = tuple(
            Key(key.text, group.target_of(key), tuple(option.text for option in group.distractors))
            for group in self.choices
            for key in group.keys
        )
        return offered + self.typed_keys + self._card_key

    @cached_property
    def typed_keys(self) -> tuple[Key, ...]:
        match self.item:
            case ShortAnswer():
                return _typed(self.item.accepted, "accepted.{}")
            case Numeric():
                return (Key(key_text(self.item), "accepted.0"),)
            case Cloze():
                gaps = enumerate(self.item.gaps, 1)
                return tuple(key for number, gap in gaps for key in _typed(gap.accepted, f"gaps.{number}"))
        return ()

    @property
    def _card_key(self) -> tuple[Key, ...]:
        return (Key(self.item.answer, "answer"),) if isinstance(self.item, Flashcard) else ()

    @cached_property
    def is_false_statement(self) -> bool:
        return isinstance(self.item, TrueFalse) and any(
            option.id == "false" and option.weight == 1 for option in self.item.options
        )

    @cached_property
    def is_english(self) -> bool:
        return is_english(" ".join((self.stem, *(key.text for key in self.keys), *self.distractor_texts)))

    @cached_property
    def distractor_texts(self) -> tuple[str, ...]:
        return tuple(option.text for group in self.choices for option in group.distractors)

    @cached_property
    def evidence_sentences(self) -> tuple[str, ...]:
        """The sentences of the passage that the evidence touches; nothing while a quote is not found."""
        if self.passage is None:
            return ()
        spans = []
        for evidence in self.item.evidence:
            try:
                found = locate(evidence.quote, self.passage, evidence.start)
            except Unreadable:
                return ()
            spans.append((found.start or 0, found.end or 0))
        if not spans:
            return ()
        return tuple(self.passage[start:end] for start, end in sentences_around(self.passage, spans))


@lru_cache(maxsize=64)
def sentence_roots(sentence: str) -> frozenset[str]:
    """Return the content roots of a sentence of a passage; kept, because its items share it."""
    return roots(sentence)


def _typed(accepted: Sequence[Accepted], target: str) -> tuple[Key, ...]:
    """Return the answer shown as the key: the first of full credit, one without an asterisk if there is one."""
    full = [(answer.text, place) for place, answer in enumerate(accepted) if answer.text and answer.weight == 1]
    if not full:
        return ()
    text, place = min(full, key=lambda answer: "*" in answer[0])
    return (Key(text, target.format(place)),)
