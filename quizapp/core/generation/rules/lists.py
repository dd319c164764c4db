"""Lists after a colon: asked for as a whole, or put in order where they are stages; and names with their years."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from quizapp.core.generation.asking import asked, chunks
from quizapp.core.generation.building import card, matching, ordering
from quizapp.core.generation.drafts import Candidate
from quizapp.core.generation.phrases import noun_phrase
from quizapp.core.generation.reading import Read, Reading
from quizapp.core.generation.texts import Sentence, Token
from quizapp.core.linting.wording import word_set

_STAGES = word_set("stages steps phases")
_COUNTS = word_set("two three four five six seven")
_MOST = 6


def propose(reading: Reading) -> Iterator[Candidate]:
    """Give a question for each list that the sentence counts, and a matching for three dated names or more."""
    for read in reading.reads:
        yield from _counted(reading, read)
    for sentence in reading.passage.sentences:
        yield from _dated(reading, sentence)


def _counted(reading: Reading, read: Read) -> Iterator[Candidate]:
    """Ask “Which four stages does X have?” where a colon and four things follow."""
    clause = read.clause
    tokens = clause.sentence.tokens
    after = next((i for i, token in enumerate(tokens) if token.start >= clause.end and token.is_word is False), None)
    if not clause.rest or after is None or tokens[after].text != ":" or tokens[after].start - clause.end > 1:
        return
    pieces = chunks(clause.rest)
    last = pieces[-1]
    named = clause.rest[last.start : last.end]
    if last.kind != "np" or last.is_modified or not any(token.lower in _COUNTS for token in named):
        return
    entries = _entries(tokens[after + 1 :])
    count = next(token.lower for token in named if token.lower in _COUNTS)
    if len(entries) != ["two", "three", "four", "five", "six", "seven"].index(count) + 2 or len(entries) > _MOST:
        return
    noun = reading.passage.words_of([token for token in named if token.lower not in {"only", "the"}])
    question = asked(reading, read, f"which {noun}", (last.start, last.end))
    said = [reading.passage.words_of(entry) for entry in entries]
    if question is None:
        return
    if named[-1].lower in _STAGES and len(said) > 2:
        stem = f"Put the {named[-1].lower} of {read.subject} in the order in which the passage gives them."
        yield ordering(reading.passage, "stages", stem, said, read.places, 0.9)
    else:
        whole = f"{', '.join(said[:-1])} and {said[-1]}"
        yield card(reading.passage, "list", f"According to the passage, {question}?", whole, read.places, 0.7)


def _entries(tokens: Sequence[Token]) -> list[Sequence[Token]]:
    """Cut a list at its commas and its “and”, as far as it is one of short noun phrases."""
    found: list[Sequence[Token]] = []
    place = 0
    while place < len(tokens):
        phrase = noun_phrase(tokens, place)
        end = phrase.end if phrase is not None else place + (tokens[place].tag in {"AJ0", "NP0"})
        if end == place:
            return []
        found.append(tokens[place:end])
        if end >= len(tokens) or tokens[end].text in {".", ";"}:
            return found
        if tokens[end].text == "," and end + 1 < len(tokens) and tokens[end + 1].tag == "CJC":
            end += 1
        if tokens[end].text != "," and tokens[end].tag != "CJC":
            return []
        place = end + 1
    return found


def _dated(reading: Reading, sentence: Sentence) -> Iterator[Candidate]:
    """Match names with the years in brackets behind them."""
    pairs: list[tuple[str, str]] = []
    tokens = sentence.tokens
    for place in range(1, len(tokens) - 2):
        if (
            tokens[place].text == "("
            and re.fullmatch(r"1\d{3}|20\d\d", tokens[place + 1].text)
            and tokens[place + 2].text == ")"
        ):
            start = place - 1
            while (
                start > 0 and tokens[start - 1].tag in {"NN1", "NP0", "AJ0", "AT0", "UNC"} and tokens[start - 1].is_word
            ):
                start -= 1
            pairs.append((reading.passage.words_of(tokens[start:place]), tokens[place + 1].text))
    if len(pairs) < 3 or len({year for _, year in pairs}) < len(pairs) or len({name for name, _ in pairs}) < len(pairs):
        return
    others = [
        year for year in re.findall(r"\b(?:1\d{3}|20\d\d)\b", reading.passage.text) if year not in {y for _, y in pairs}
    ]
    stem = "Match each name with the year that the passage gives for it."
    yield matching(reading.passage, "dated-names", stem, pairs, others[:1], [(sentence.start, sentence.end)], 0.8)
