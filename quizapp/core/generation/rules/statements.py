"""Statements to be judged: what the passage says, or what it says with one word turned into its opposite."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from quizapp.core.generation.asking import content_count, statement
from quizapp.core.generation.building import true_false
from quizapp.core.generation.drafts import Candidate
from quizapp.core.generation.reading import Read, Reading
from quizapp.core.generation.verbs import third_person

_WORDS = (6, 20)
# Opposites by part of speech; in a pair each stands for the other where the tag fits.
_OPPOSITES = {
    "AJ": """
    higher/lower larger/smaller bigger/smaller greater/smaller longer/shorter faster/slower warmer/cooler hotter/colder
    wider/narrower heavier/lighter thicker/thinner stronger/weaker poorer/richer upper/lower inner/outer
    maximum/minimum largest/smallest highest/lowest longest/shortest fastest/slowest strongest/weakest
    oldest/youngest narrow/wide warm/cool hot/cold wet/dry hard/soft deep/shallow northern/southern eastern/western
    dark/light
    """,
    "AV": """
    faster/slower fastest/slowest upwards/downwards quickly/slowly rapidly/slowly gradually/suddenly
    strongly/weakly east/west eastward/westward inward/outward softly/loudly
    """,
    "NN": "north/south east/west outside/inside top/bottom maximum/minimum surplus/shortage",
    "VV": """
    rise/fall rises/falls rose/fell increase/decrease increases/decreases increased/decreased expand/contract
    expands/contracts raises/lowers raised/lowered gain/lose gains/loses strengthens/weakens warms/cools
    """,
    "PR": "before/after above/below inside/outside beneath/above",
}

_COUNTS = ("two", "three", "four", "five", "six", "seven", "eight")
_TELLING = 5  # content words of a statement that is worth judging as it stands
_NEAR = 60  # years; a date further off is no temptation


def propose(reading: Reading) -> Iterator[Candidate]:
    """Give false statements where a word has an opposite, and the true ones beside them."""
    for read in reading.reads:
        if read.clause.kind == "reduced" or read.is_person:
            continue
        yield from _unnegated(reading, read)
        said = statement(reading, read)
        if said is None or not _WORDS[0] <= len(said.split()) <= _WORDS[1] or content_count(said) < 3:
            continue
        if re.search(r"\b(?:different|various|easily|thing|things|ways|way|idea)\b", said):
            continue
        if content_count(said) >= _TELLING and not re.search(r"\b(?:never|no|not|cannot|nothing|none)\b", said):
            yield true_false(reading.passage, "true-statement", said, read.places, 0.4)
        yield from _turned(reading, read, said)
        yield from _miscounted(reading, read, said)


def _unnegated(reading: Reading, read: Read) -> Iterator[Candidate]:
    """Give the statement without its “not”."""
    clause = read.clause
    if not clause.is_negated:
        return
    first, *others = clause.verbs
    verbs = clause.verbs
    if first.tag[:2] == "VD" and len(others) == 1:
        form = {"VDB": others[0].lemma.lower(), "VDZ": third_person(others[0])}.get(first.tag)
        if form is None:
            return
        verbs = (replace(others[0], text=form, tag="VVB" if first.tag == "VDB" else "VVZ"),)
    bare = replace(read, clause=replace(clause, verbs=verbs, is_negated=False))
    said = statement(reading, bare)
    if said is not None and _WORDS[0] <= len(said.split()) <= _WORDS[1] and content_count(said) >= 3:
        yield true_false(reading.passage, "unnegated", said, read.places, 0.6, ("not", ""))


def _turned(reading: Reading, read: Read, said: str) -> Iterator[Candidate]:
    tokens = (*read.clause.adverbs, *read.clause.verbs, *read.clause.rest)
    for token, after in zip(tokens, (*tokens[1:], None), strict=True):
        if token.tag[:2] == "VV" and after is not None and after.tag in {"AVP", "AV0"}:
            continue
        opposite = _PAIRS.get((_part(token.tag), token.lower))
        if opposite is None or len(re.findall(rf"\b{re.escape(token.lower)}\b", said)) != 1:
            continue
        false = _with_articles(re.sub(rf"\b{re.escape(token.lower)}\b", opposite, said))
        if re.search(rf"\b{re.escape(opposite)}\b", reading.passage.text) and token.tag[:2] in {"NN", "PR"}:
            continue
        yield true_false(reading.passage, "turned-statement", false, read.places, 0.6, (token.lower, opposite))
        return


def _miscounted(reading: Reading, read: Read, said: str) -> Iterator[Candidate]:
    """Give the statement with another year of the passage, or a count one too high."""
    years = re.findall(r"\b(?:in|since|by|until|on) (?:[A-Z]\w+ |\d\d? [A-Z]\w+ )?(1\d{3}|20\d\d)\b", said)
    counts = [word for word in said.split() if word in _COUNTS[:-1]]
    if len(years) == 1 and not counts:
        others = sorted({*re.findall(r"\b(?:1\d{3}|20\d\d)\b", reading.passage.text)} - {years[0]})
        near = [year for year in others if abs(int(year) - int(years[0])) <= _NEAR]
        word, other = years[0], near[0] if near else str(int(years[0]) - 12)
    elif len(counts) == 1 and not years and not re.search(r"\d", said):
        word, other = counts[0], _COUNTS[_COUNTS.index(counts[0]) + 1]
    else:
        return
    if (
        said.count(word) == 1
        and not re.search(rf"\b(?:the|these|those|all|both|other) {word}\b", said)
        and not (other in _COUNTS and re.search(rf"\b{other}\b", reading.passage.text))
    ):
        false = re.sub(rf"\b{word}\b", other, said)
        yield true_false(reading.passage, "miscounted", false, read.places, 0.5, (word, other))


def _with_articles(text: str) -> str:
    """Return a text with “a” or “an” as the words after them want."""
    return re.sub(r"\ban?(?= (\w))", lambda found: "an" if found[1] in "aeio" else "a", text)


def _part(tag: str) -> str:
    return "AJ" if tag in {"AJ0", "AJC", "AJS"} else tag[:2]


def _pairs() -> dict[tuple[str, str], str]:
    pairs: dict[tuple[str, str], str] = {}
    for part, listed in _OPPOSITES.items():
        for pair in listed.split():
            one, other = pair.split("/")
            pairs.setdefault((part, one), other)
            pairs.setdefault((part, other), one)
    return pairs


_PAIRS = _pairs()
