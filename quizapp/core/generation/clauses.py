"""A clause of a sentence, as rules see it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from quizapp.core.generation.texts import Sentence, Token

Run = Sequence[Token]
Tokens = tuple[Token, ...]


@dataclass(frozen=True)
class Tail:
    """What follows the core of a clause: a conjunction's or relative's clause, a participle, an apposition."""

    word: str  # its first word in lower case
    tokens: Tokens


@dataclass(frozen=True, kw_only=True)
class Clause:
    """A subject with its finite verbs; `verbs` are in order and without adverbs, `number` is one, many or nothing."""

    sentence: Sentence
    kind: Literal["main", "relative", "reduced", "imperative"]
    subject: Tokens
    head: Token
    number: str
    verbs: Tokens
    rest: Tokens
    front: Tokens = ()
    condition: Tokens = ()
    adverbs: Tokens = ()
    is_negated: bool = False
    is_second: bool = False  # joined to a clause before by “and” with the same subject
    insertion: Tokens = ()
    tails: tuple[Tail, ...] = field(default=())

    @property
    def start(self) -> int:
        """Where it begins in the passage; of a joined one, its verb."""
        own = [*self.condition, *self.front, *([] if self.is_second else self.subject), *self.verbs]
        return min(token.start for token in own)

    @property
    def end(self) -> int:
        return (self.rest or self.verbs)[-1].end

    @property
    def main_verb(self) -> Token:
        return self.verbs[-1]

    @property
    def is_passive(self) -> bool:
        has_be = any(token.tag[:2] == "VB" for token in self.verbs[:-1])
        return self.kind == "reduced" or (has_be and self.main_verb.tag in {"VVN", "VVD"})
