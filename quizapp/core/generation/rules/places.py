"""Questions where, for places with a name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from quizapp.core.generation.asking import asked, chunks, content_count
from quizapp.core.generation.building import short_or_card
from quizapp.core.generation.drafts import Candidate
from quizapp.core.generation.persons import is_person
from quizapp.core.generation.reading import Reading
from quizapp.core.generation.texts import Token
from quizapp.core.linting.wording import word_set

_PREPOSITIONS = frozenset({"in", "at", "near", "on"})
_MONTHS = word_set("""
    january february march april may june july august september october november december monday tuesday wednesday
    thursday friday saturday sunday
    """)


def propose(reading: Reading) -> Iterator[Candidate]:
    """Give a question for each clause with one named place at its end."""
    for read in reading.reads:
        clause = read.clause
        pieces = [piece for piece in chunks(clause.rest) if piece.kind == "pp"]
        named = [piece for piece in pieces if _is_place(reading, clause.rest[piece.start : piece.end])]
        if (
            len(named) != 1
            or named[0].is_modified
            or (
                clause.front
                and clause.front[0].lower in _PREPOSITIONS
                and any(t.text[0].isupper() for t in clause.front[1:])
            )
        ):
            continue
        place = named[0]
        before = next((piece for piece in chunks(clause.rest) if piece.end == place.start), None)
        if before is not None and before.kind == "np" and not clause.is_passive:
            continue
        if clause.verbs[-1].tag[:2] == "VB" or (
            place.start == 0 and not (clause.is_passive or clause.main_verb.tag[:2] == "VV")
        ):
            continue
        question = asked(reading, read, "where", (place.start, place.end))
        if question is not None and content_count(question) >= 3:
            tokens = clause.rest[place.start : place.end]
            bare, whole = reading.passage.words_of(tokens[1:]), reading.passage.words_of(tokens)
            yield short_or_card(reading.passage, "place", question, [bare, whole], read.places, 0.7)


def _is_place(reading: Reading, tokens: Sequence[Token]) -> bool:
    if len(tokens) < 2 or tokens[0].lower not in _PREPOSITIONS or len(tokens) > 6:
        return False
    inner = [token for token in tokens[1:] if token.tag not in {"AT0", "PRF"}]
    if not inner or not all(token.text[0].isupper() for token in inner) or inner[0].lower in _MONTHS:
        return False
    return not is_person(reading.passage, inner)
