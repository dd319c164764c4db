"""A passage read once for all rules: its clauses with subjects that stand by themselves, or none where they can't.

A pronoun takes the subject of the clause before when number and kind agree and nothing else could be meant.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from quizapp.core.generation.clauses import Clause
from quizapp.core.generation.parsing import clauses_of
from quizapp.core.generation.persons import is_person, may_be_person
from quizapp.core.generation.phrases import noun_phrase
from quizapp.core.generation.texts import Passage, Token, is_common
from quizapp.core.linting.actors import actors_in
from quizapp.core.linting.wording import word_set
from quizapp.core.tagging import readings

_POINTING = word_set("this these that those such other another here there")
_FIRST_AND_SECOND = word_set("i we you us me our your my ours yours ourselves yourself")
_PRONOUN_NUMBER = {"it": "one", "he": "one", "she": "one", "they": "many"}
_POSSESSIVE_NUMBER = {"its": "one", "his": "one", "her": "one", "their": "many"}
_EMPTY_HEADS = frozenset({"PNI", "DT0", "CRD", "EX0", "ORD", "PNX", "DTQ", "PNQ"})
_SMALL_TAGS = frozenset({"AT0", "PRP", "PRF", "CJS", "CJC", "AV0", "DPS", "DT0", "PNP", "CRD", "ORD", "TO0", "AVQ"})
_VAGUE_SUBJECTS = word_set("""
    step reason cause name word case result remedy culprit question answer problem fix way thing idea point fact example
    one part side effect consequence difference gap rest outcome story step key number aim goal trick
    """)
_NAMELIKE = word_set("""
    roman greek latin islamic christian jewish buddhist european african asian american arctic antarctic victorian
    gothic catholic protestant muslim hindu arab arabic persian ottoman byzantine viking aztec mayan inca soviet
    """)
_LONGEST_SUBJECT = 12


@dataclass(frozen=True, kw_only=True)
class Read:
    """A clause with a subject in words: as it begins a sentence's middle, and where in the passage it was found."""

    clause: Clause
    subject: str
    head: Token
    number: str
    is_person: bool
    places: tuple[tuple[int, int], ...]  # evidence: the sentence, and the one that a pronoun was found in
    is_resolved: bool = False  # the subject's words come from an earlier clause


class Reading:
    """The clauses of a passage, in order, those whose subject can be said."""

    def __init__(self, passage: Passage) -> None:
        self.passage = passage

    @cached_property
    def reads(self) -> tuple[Read, ...]:
        found: list[Read] = []
        for sentence in self.passage.sentences:
            for clause in clauses_of(sentence):
                read = self._read(clause, found)
                if read is not None:
                    found.append(read)
        return tuple(found)

    @cached_property
    def _openings(self) -> frozenset[int]:
        """Where words begin a sentence, a quotation or what follows a colon."""
        return frozenset(
            token.start
            for sentence in self.passage.sentences
            for before, token in zip((None, *sentence.tokens), sentence.tokens, strict=False)
            if before is None
            or before.text in {"“", ":", "."}
            or (before.tag == "CRD" and before.start == sentence.start)
        )

    def say(self, tokens: Sequence[Token]) -> str:
        """Return tokens as they stand inside a sentence: without a capital that only begins one."""
        text = self.passage.words_of(tokens)
        if tokens and self._is_lowered(tokens[0]) and not self._is_inner_name(tokens):
            text = text[0].lower() + text[1:]
        return text

    def _is_lowered(self, token: Token) -> bool:
        if token.start not in self._openings:
            return False
        if token.text == "A" or (token.text[1:].islower() and token.tag in _SMALL_TAGS):
            return True
        if token.tag == "NP0" or token.text in self.passage.inner_names or not token.text[1:].islower():
            return is_common(token.text, self.passage.lower_words)
        is_name = token.lower in _NAMELIKE or actors_in(token.text) or token.tag == "UNC"
        return not is_name and (token.tag == "NN2" or bool(readings(token.lower)))

    def _is_inner_name(self, tokens: Sequence[Token]) -> bool:
        """Say whether the first word is part of a name: “Old St Paul’s”, “The Hague” where it stands so elsewhere."""
        first = tokens[0]
        if first.lower == "earth":
            return True
        if first.lower in {"the", "a", "an"} or len(tokens) < 2:
            return False
        if first.tag == "AJ0" and tokens[1].tag == "NP0":
            return True
        return first.text in self.passage.inner_names and tokens[1].text[0].isupper()

    def _read(self, clause: Clause, before: Sequence[Read]) -> Read | None:  # noqa: PLR0911, PLR0912  # a guard a line
        place = (clause.sentence.start, clause.sentence.end)
        first = clause.subject[0]
        if clause.kind == "imperative":
            return Read(clause=clause, subject="one", head=first, number="one", is_person=False, places=(place,))
        if any(token.lower in _FIRST_AND_SECOND for token in clause.subject):
            return None
        if clause.is_second or clause.kind != "main":
            owner = next((read for read in reversed(before) if read.clause.sentence is clause.sentence), None)
            if owner is not None and owner.clause.subject == clause.subject:
                return replace(owner, clause=clause)
            if clause.is_second:
                return None
        if len(clause.subject) == 1 and first.tag == "PNP":
            found = self._antecedent(clause, first, _PRONOUN_NUMBER.get(first.lower, ""), before)
            if found is None:
                return None
            return replace(
                found, clause=clause, places=tuple(dict.fromkeys((*found.places[-1:], place))), is_resolved=True
            )
        if clause.head.tag in _EMPTY_HEADS or clause.head.tag == "PNP" or len(clause.subject) > _LONGEST_SUBJECT:
            return None
        if any(token.lower in _POINTING for token in clause.subject[1:]):
            return None
        if any(token.tag in {"PNP"} for token in clause.subject):
            return None
        if clause.head.lower in _VAGUE_SUBJECTS and not any(
            token.tag in {"PRF", "PRP", "NP0"} for token in clause.subject
        ):
            return None
        words = self.say(clause.subject)
        places: tuple[tuple[int, int], ...] = (place,)
        resolved = False
        if first.tag == "DPS":
            owner = self._antecedent(clause, first, _POSSESSIVE_NUMBER.get(first.lower, ""), before)
            if owner is None or len(owner.subject.split()) > 3:
                return None
            words = f"{_possessive(owner.subject)} {words.split(' ', 1)[1]}"
            places = tuple(dict.fromkeys((*owner.places[-1:], place)))
            resolved = True
        elif first.lower in _POINTING:
            if first.lower not in {"this", "these"} or len(clause.subject) < 3:
                return None
            words = f"the {words.split(' ', 1)[1]}"
        elif any(token.tag == "DPS" for token in clause.subject[1:]) and len(clause.subject) < 5:
            return None
        return Read(
            clause=clause, subject=words, head=clause.head, number=clause.number,
            is_person=is_person(self.passage, clause.subject), places=places, is_resolved=resolved,
        )  # fmt: skip

    def _antecedent(self, clause: Clause, pronoun: Token, number: str, before: Sequence[Read]) -> Read | None:
        if not number or _is_dummy(clause, pronoun):
            return None
        wants_person = {"he": True, "she": True, "his": True, "her": True, "it": False, "its": False}.get(pronoun.lower)
        within = self._from_condition(clause, number)
        if within is not None:
            return within
        opening = next((token.start for token in clause.sentence.tokens if token.is_word and token.tag != "CJC"), 0)
        is_first = opening in {pronoun.start, clause.start}
        for read in reversed(before):
            if read.clause.sentence.place < clause.sentence.place - (1 if is_first else 0):
                return None  # what stands between could not be read
            if read.clause.kind in {"relative", "imperative"} or read.clause.start > pronoun.start:
                continue
            is_one = read.is_person or (bool(wants_person) and may_be_person(read.clause.subject))
            fits = read.number in {number, ""} and (wants_person is None or is_one == wants_person)
            if fits:
                return replace(read, is_person=is_one) if len(read.subject.split()) <= 7 else None
            if _has_noun_of(read.clause, number):
                return None
        return None

    def _from_condition(self, clause: Clause, number: str) -> Read | None:
        """Return the subject of the “because …” or “if …” before the pronoun, where it is one that fits."""
        if not clause.condition:
            return None
        phrase = noun_phrase(clause.condition, 1)
        if phrase is None or clause.condition[phrase.head].tag in _EMPTY_HEADS | {"PNP"}:
            return None
        tokens = clause.condition[phrase.start : phrase.end]
        head = clause.condition[phrase.head]
        is_many = head.tag == "NN2"
        if is_many != (number == "many") or tokens[0].tag == "DPS" or tokens[0].lower in _POINTING:
            return None
        place = (clause.sentence.start, clause.sentence.end)
        return Read(
            clause=clause, subject=self.say(tokens), head=head, number=number,
            is_person=is_person(self.passage, tokens), places=(place,),
        )  # fmt: skip


def _is_dummy(clause: Clause, pronoun: Token) -> bool:
    """Say whether “it” stands for nothing: it is clear that, it takes an hour to."""
    if pronoun.lower != "it" or clause.subject[0] is not pronoun:
        return False
    is_copula = clause.verbs[0].tag[:2] == "VB" or clause.verbs[-1].tag == "VBI"
    return is_copula and any(token.tag in {"CJT", "TO0", "DTQ", "PNQ"} for token in clause.rest)


def _has_noun_of(clause: Clause, number: str) -> bool:
    wanted = {"NN2"} if number == "many" else {"NN1", "NP0"}
    return any(token.tag in wanted for token in clause.rest)


def _possessive(owner: str) -> str:
    return f"{owner}’" if owner.endswith("s") and not re.search(r"[A-Z]\w*s$", owner) else f"{owner}’s"
