"""Statements to be judged: what the passage says, or what it says with one word turned into its opposite."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizapp.core.generation.asking import content_count, statement
from quizapp.core.generation.building import true_false
from quizapp.core.generation.drafts import Candidate
from quizapp.core.generation.reading import Read, Reading

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
    strongly/weakly more/less east/west eastward/westward inward/outward softly/loudly apart/together
    """,
    "NN": "north/south east/west outside/inside top/bottom maximum/minimum surplus/shortage",
    "VV": """
    rise/fall rises/falls rose/fell increase/decrease increases/decreases increased/decreased expand/contract
    expands/contracts raises/lowers raised/lowered gain/lose gains/loses strengthens/weakens warms/cools
    """,
    "PR": "before/after above/below inside/outside beneath/above",
}


def propose(reading: Reading) -> Iterator[Candidate]:
    """Give false statements where a word has an opposite, and the true ones beside them."""
    for read in reading.reads:
        if read.clause.kind == "reduced" or read.is_person:
            continue
        said = statement(reading, read)
        if said is None or not _WORDS[0] <= len(said.split()) <= _WORDS[1] or content_count(said) < 3:
            continue
        if re.search(r"\b(?:different|various|easily|thing|things|ways|way|idea)\b", said):
            continue
        if not re.search(r"\b(?:never|no|not|cannot|nothing|none)\b", said):
            yield true_false(reading.passage, "true-statement", said, read.places, 0.4)
        yield from _turned(reading, read, said)


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
