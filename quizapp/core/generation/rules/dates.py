"""Questions for a year, a decade or a century in which something happened."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from quizapp.core.generation.asking import Chunk, asked, chunks, content_count
from quizapp.core.generation.building import number, short_or_card
from quizapp.core.generation.drafts import Candidate
from quizapp.core.generation.reading import Read, Reading
from quizapp.core.generation.texts import Token
from quizapp.core.linting.wording import word_set

_YEAR = re.compile(r"1\d{3}|20\d\d")
_DECADE = re.compile(r"(?:1\d|20)\d0s")
_PREPOSITIONS = {
    "in": "in",
    "on": "in",
    "since": "since",
    "by": "by",
    "until": "until",
    "before": "before",
    "after": "after",
    "around": "around",
}
_DATE_WORDS = word_set("""
    january february march april may june july august september october november december spring summer autumn winter
    monday tuesday wednesday thursday friday saturday sunday early late mid the year
    """)
_LEAST_SAID = 2  # content words that a question holds besides its date


def propose(reading: Reading) -> Iterator[Candidate]:
    """Give a question for each date that a clause hangs on a preposition."""
    for read in reading.reads:
        clause = read.clause
        found = [(chunk, clause.rest[chunk.start : chunk.end]) for chunk in chunks(clause.rest) if chunk.kind == "pp"]
        dated = [(chunk, tokens) for chunk, tokens in found if _is_date(tokens)]
        if len(dated) == 1 and not _is_date(clause.front):
            chunk, tokens = dated[0]
            yield from _ask(reading, read, tokens, chunk)
        elif not dated and _is_date(clause.front):
            bare = replace(read, clause=replace(clause, front=()))
            yield from _ask(reading, bare, clause.front, None)
        for tail in clause.tails[:1]:
            if not dated and not _is_date(clause.front) and _is_date(tail.tokens):
                yield from _ask(reading, read, tail.tokens, None)


def _ask(reading: Reading, read: Read, tokens: Sequence[Token], chunk: Chunk | None) -> Iterator[Candidate]:
    preposition = _PREPOSITIONS.get(tokens[0].lower)
    last = tokens[-1].text
    if preposition is None:
        return
    taken = (chunk.start, chunk.end) if chunk is not None else None
    unit = "year" if _YEAR.fullmatch(last) else "decade" if _DECADE.fullmatch(last) else "century"
    question = asked(reading, read, f"{preposition} which {unit}", taken)
    if question is None or content_count(question.split(unit, 1)[1]) < _LEAST_SAID:
        return
    if unit == "year":
        yield number(reading.passage, "date", question, float(last), "", read.places, 0.8)
    elif unit == "decade":
        answers = [f"the {last}", last, f"{last[:-1]}s"]
        yield short_or_card(reading.passage, "date", question, list(dict.fromkeys(answers)), read.places, 0.6)
    else:
        said = reading.passage.words_of(tokens[1:])
        yield short_or_card(reading.passage, "date", question, [said, said.removeprefix("the ")], read.places, 0.6)


def _is_date(tokens: Sequence[Token]) -> bool:
    """Say whether the words are a preposition with a year, decade or century, and nothing else."""
    if len(tokens) < 2 or tokens[0].tag != "PRP" or tokens[0].lower not in _PREPOSITIONS:
        return False
    *inner, last = tokens[1:]
    if any(token.lower in {"and", "or", "to", "between"} for token in inner):
        return False
    if last.lower == "century":
        return any(token.tag == "ORD" for token in inner) and len(inner) <= 4
    if not _YEAR.fullmatch(last.text) and not _DECADE.fullmatch(last.text):
        return False
    return all(token.lower in _DATE_WORDS or token.tag in {"CRD", "ORD"} for token in inner)
