"""Questions why, how, what for and what happens when: where the passage joins two things in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from quizapp.core.generation.asking import asked, chunks, content_count, predicate, statement, tidy
from quizapp.core.generation.building import card
from quizapp.core.generation.drafts import Candidate
from quizapp.core.generation.reading import Read, Reading
from quizapp.core.generation.texts import Token
from quizapp.core.linting.wording import word_set

_LONGEST = 20
_POINTING = word_set("this these that those such here there")
_PERSONAL = word_set("i we you us me our your my it they he she them him her its their his")
_OURS = word_set("i we you us me our your my")
_MADE_FOR = word_set("use design build develop create introduce pass invent found set construct make employ establish")


def propose(reading: Reading) -> Iterator[Candidate]:
    """Give a card for each reason, result, manner and purpose."""
    for read in reading.reads:
        if not read.clause.is_second:
            yield from _reasons(reading, read)
            yield from _result(reading, read)
        yield from _manner(reading, read)
        yield from _purpose(reading, read)
    for cause, effect in pairwise(reading.reads):
        yield from _so(reading, cause, effect)


def _reasons(reading: Reading, read: Read) -> Iterator[Candidate]:
    """Turn “Because A, B” and “B because A” into “Why B?”."""
    clause = read.clause
    if clause.condition and clause.condition[0].lower in {"because", "since"}:
        yield from _why(reading, read, reading.say(clause.condition[1:]), clause.condition[1:])
    elif clause.tails and clause.tails[0].word == "because" and not clause.condition:
        reason = clause.tails[0].tokens[1:]
        yield from _why(reading, read, reading.say(reason), reason)


def _so(reading: Reading, cause: Read, effect: Read) -> Iterator[Candidate]:
    """Turn “A, so B” into “Why B?”."""
    if cause.clause.sentence is not effect.clause.sentence or effect.clause.is_second or effect.clause.kind != "main":
        return
    tokens = effect.clause.sentence.tokens
    place = next((i for i, token in enumerate(tokens) if token.start == effect.clause.start), 0)
    if tokens[place - 1].lower != "so" or cause.clause.kind != "main":
        return
    said = statement(reading, cause)
    if said is not None:
        yield from _why(reading, effect, said, cause.clause.rest)


def _why(reading: Reading, read: Read, reason: str, tokens: Sequence[Token]) -> Iterator[Candidate]:
    if not 3 <= len(reason.split()) <= _LONGEST or not _is_whole(tokens):
        return
    bare = replace(read, clause=replace(read.clause, condition=()))
    question = asked(reading, bare, "why")
    if question is not None and content_count(question) >= 2:
        yield card(
            reading.passage, "reason", f"According to the passage, {question}?", f"because {reason}", read.places, 0.8
        )


def _result(reading: Reading, read: Read) -> Iterator[Candidate]:
    """Turn “If A, B” into “What happens if A?”."""
    clause = read.clause
    if not clause.condition or clause.condition[0].lower not in {"if", "when"} or clause.front:
        return
    condition = clause.condition
    if any(token.lower in _PERSONAL | _POINTING for token in condition) or not _is_whole(condition):
        return
    said = predicate(reading, read)
    if said is None or clause.main_verb.tag[:2] == "VB":
        return
    happens = "happened" if clause.verbs[0].tag in {"VVD", "VBD", "VHD"} else "happens"
    question = f"According to the passage, what {happens} {reading.say(condition)}?"
    yield card(reading.passage, "result", question, tidy(f"{read.subject} {said}"), read.places, 0.6)


def _manner(reading: Reading, read: Read) -> Iterator[Candidate]:
    """Turn “X works by doing Y” into “How does X work?”."""
    rest = read.clause.rest
    place = next((i for i in range(len(rest) - 1) if rest[i].lower == "by" and rest[i + 1].tag == "VVG"), None)
    if place is None or len(rest) - place < 4 or not _is_whole(rest[place:]):
        return
    question = asked(reading, read, "how", (place, len(rest)))
    if question is not None and content_count(question) >= 2:
        answer = reading.passage.words_of(rest[place:])
        yield card(reading.passage, "manner", f"According to the passage, {question}?", answer, read.places, 0.7)


def _purpose(reading: Reading, read: Read) -> Iterator[Candidate]:
    """Turn “X was developed to do Y” into “For what purpose was X developed?”."""
    clause = read.clause
    pieces = chunks(clause.rest)
    if not pieces or pieces[-1].kind != "infinitive" or clause.main_verb.lemma.lower() not in _MADE_FOR:
        return
    if not clause.is_passive:
        return
    taken = pieces[-1]
    answer = clause.rest[taken.start : taken.end]
    if len(answer) < 3 or not _is_whole(answer):
        return
    question = asked(reading, read, "for what purpose", (taken.start, taken.end))
    if question is not None and content_count(question) >= 2:
        said = reading.passage.words_of(answer)
        yield card(reading.passage, "purpose", f"According to the passage, {question}?", said, read.places, 0.8)


def _is_whole(tokens: Sequence[Token]) -> bool:
    """Say whether the words neither end in the middle nor speak of the writer or reader."""
    if not tokens or tokens[-1].tag in {"PRP", "PRF", "CJC", "CJS", "AT0", "CJT", "TO0"}:
        return False
    return not any(token.lower in _OURS or (token.lower in _POINTING and token.tag == "DT0") for token in tokens)
