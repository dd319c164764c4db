"""The parts of a clause, read from tags in a run of words: what stands in front, subject and verbs, what follows."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from quizapp.core.generation.clauses import Run, Tail, Tokens
from quizapp.core.generation.phrases import (
    ADJECTIVES,
    FINITE,
    NOUNS,
    Phrase,
    VerbGroup,
    agrees,
    joined_phrase,
    noun_phrase,
    verb_group,
)
from quizapp.core.generation.texts import Token
from quizapp.core.linting.wording import word_set

_SUBORDINATORS = word_set(
    "because since when while although though if unless until before after whereas so once wherever whenever as"
)
_TIMES = frozenset({"after", "before", "until", "since"})
_LICENCES = frozenset({"CJT", "DTQ", "PNQ", "AVQ", "CJS"})
_SAYING = word_set(
    "say think believe hold know find show suggest mean report claim argue announce hope hear notice explain estimate"
)


def verbs_of(run: Run, verbs: VerbGroup) -> Tokens:
    return tuple(
        run[place]
        for place in range(verbs.finite, verbs.main + 1)
        if place not in verbs.adverbs and run[place].tag not in {"XX0", "AV0"}
    )


def fronted(run: Run, start: int) -> tuple[Run, Run, Tokens, int] | None:  # noqa: PLR0912  # a kind of opening a branch
    """Return what stands before the subject, its subordinate clause, its participle, and where the subject begins."""
    place = start
    front: list[Token] = []
    condition: Run = ()
    participle: Tokens = ()
    while place < len(run):
        token = run[place]
        if token.tag == "CJS" and token.lower in _TIMES and _clause_end(run, place) is None:
            token = replace(token, tag="PRP")
        if token.tag == "CJS" or (token.tag in {"AVQ", "AV0"} and token.lower in _SUBORDINATORS | {"where"}):
            comma = next((i for i in _commas(run, place) if subject_at(run, i + 1) is not None), None)
            if comma is None or condition or not any(each.tag in FINITE for each in run[place:comma]):
                return None
            condition, place = run[place:comma], comma + 1
        elif token.tag in {"PRP", "PRF"}:
            end = _prepositional_end(run, place)
            comma = _clause_end(run, place)
            if comma is not None:
                if condition or subject_at(run, comma + 1) is None:
                    return None
                condition, place = run[place:comma], comma + 1
                continue
            if end is None:
                return None
            front += run[place:end]
            place = end + (end < len(run) and run[end].text == ",")
        elif token.tag == "AV0" and token.lower not in {"most", "more", "so", "as", "even", "almost", "nearly"}:
            front.append(token)
            place += 1 + (place + 1 < len(run) and run[place + 1].text == ",")
        elif token.tag in {"VVG", "VVN", "TO0"}:
            comma = next((i for i in _commas(run, place) if subject_at(run, i + 1) is not None), None)
            if comma is None:
                return None
            if token.tag == "VVN":
                participle = tuple(run[place:comma])
            elif token.tag == "TO0":
                front += run[place:comma]
            place = comma + 1
        else:
            return front, condition, participle, place
    return None


def _clause_end(run: Run, place: int) -> int | None:
    """Return the comma that ends “after the pods have been cut open”, where the word begins a clause and no phrase."""
    comma = next(iter(_commas(run, place)), None)
    if comma is None or run[place].lower not in {"after", "before", "until", "since", "as"}:
        return None
    return comma if any(each.tag in FINITE for each in run[place:comma]) else None


def _commas(run: Run, start: int) -> list[int]:
    return [place for place in range(start, len(run)) if run[place].text == ","]


def _prepositional_end(run: Run, start: int) -> int | None:
    """Return where a preposition with its noun phrase ends, and those that follow it without a comma."""
    place = start
    while place < len(run) and (run[place].tag in {"PRP", "PRF"} or (place == start and run[place].lower in _TIMES)):
        after = place + 1
        while after < len(run) and run[after].tag in {"AV0", "PRP"}:
            after += 1
        if after < len(run) and re.fullmatch(r"1\d{3}|20\d\d", run[after].text):
            place = after + 1
            continue
        phrase = joined_phrase(run, after)
        if phrase is None:
            return None
        place = phrase.end
        if place < len(run) and run[place].lower == "ago":
            place += 1
    return place


def subject_at(run: Run, start: int) -> tuple[Phrase, int, Tokens, VerbGroup] | None:  # noqa: PLR0911, PLR0912  # a guard a line
    """Read a subject as far as its verbs: the phrase, its end with all that belongs to it, what is inserted, verbs."""
    phrase = noun_phrase(run, start)
    if phrase is None:
        return None
    end = phrase.end
    for _ in range(6):
        verbs = verb_group(run, end)
        if verbs is not None:
            return (phrase, end, (), verbs) if agrees(run, phrase, verbs) else None
        if end >= len(run):
            return None
        token = run[end]
        if token.tag in {"PRP", "PRF"} or token.lower == "as":
            inner = joined_phrase(run, end + 1)
            if inner is None:
                return None
            end = inner.end
        elif token.tag == "CJC" or token.text == ",":
            joined = joined_phrase(run, start)
            if joined is not None and joined.is_joined and joined.end > end and phrase.end == end:
                phrase, end = joined, joined.end
            elif token.text == ",":
                return _inserted(run, phrase, end)
            else:
                return None
        elif token.tag in {"CJT", "PNQ", "DTQ", "VVN", "VVG", "TO0", "AVQ"}:
            after = _after_modifier(run, end)
            if after is None:
                return None
            end = after
        elif token.tag == "PNX":
            end += 1
        else:
            return None
    return None


def _inserted(run: Run, phrase: Phrase, comma: int) -> tuple[Phrase, int, Tokens, VerbGroup] | None:
    for closing in _commas(run, comma + 1):
        verbs = verb_group(run, closing + 1)
        if verbs is not None and agrees(run, phrase, verbs):
            return phrase, comma, tuple(run[comma + 1 : closing]), verbs
    return None


def _after_modifier(run: Run, start: int) -> int | None:
    """Return where a relative clause or participle without commas ends: before the next finite verb."""
    place = start + 1
    if run[start].tag in {"CJT", "PNQ", "DTQ", "AVQ"}:
        inner = verb_group(run, place)
        if inner is None:
            phrase = noun_phrase(run, place)
            inner = verb_group(run, phrase.end) if phrase is not None else None
        if inner is None:
            return None
        place = inner.end
    while place < len(run):
        if run[place].text == "," or run[place].tag in {"CJC", "CJS"}:
            return None
        if run[place].tag in FINITE or (run[place].tag == "AV0" and verb_group(run, place) is not None):
            return place
        place += 1
    return None


def rest_at(run: Run, start: int) -> tuple[Tokens, tuple[Tail, ...], int] | None:
    """Read what follows the verbs: the core, the tails, and where the next clause begins.

    None when the core ends inside a coordination that no phrase could be read from.
    """
    place = start
    while place < len(run):
        token = run[place]
        if token.text == "," or token.tag == "CJC" or _subordinates(run, place):
            break
        if _joined_adjectives(run, place):
            place += 3
            continue
        phrase = joined_phrase(run, place)
        if phrase is not None and phrase.is_joined and _subject_follows(run, place, phrase):
            phrase = noun_phrase(run, place)
        place = phrase.end if phrase is not None else place + 1
    core_end = place
    following = len(run)
    cuts = [core_end]
    while place < len(run):
        if _clause_begins(run, place):
            following = place
            break
        place += 1
        if place < len(run) and (run[place].text == "," or _subordinates(run, place)):
            cuts.append(place)
    cuts.append(following)
    pieces = [_stripped(run[begin:end]) for begin, end in pairwise(cuts)]
    tails = tuple(Tail(piece[0].lower, piece) for piece in pieces if piece)
    is_cut = core_end < len(run) and run[core_end].tag == "CJC" and following != core_end
    if is_cut and not (core_end + 1 < len(run) and run[core_end + 1].tag == "VVN"):
        return None
    return tuple(run[start:core_end]), tails, following


def _joined_adjectives(run: Run, place: int) -> bool:
    """Say whether “steady and penetrating” stands here, with no noun behind."""
    tags = [token.tag for token in run[place : place + 3]]
    if len(tags) < 3 or tags[0] not in ADJECTIVES or tags[1] != "CJC" or tags[2] not in ADJECTIVES | {"VVN", "VVG"}:
        return False
    return noun_phrase(run, place) is None


def _subject_follows(run: Run, place: int, phrase: Phrase) -> bool:
    """Say whether a list runs into the next clause's subject: “a van and we chose …”, “X, and Y does …”."""
    return verb_group(run, phrase.end) is not None and run[place].tag not in {"CJT"}


def _stripped(piece: Run) -> Tokens:
    while piece and (piece[0].text == "," or piece[0].tag == "CJC"):
        piece = piece[1:]
    while piece and piece[-1].text == ",":
        piece = piece[:-1]
    return tuple(piece)


def _subordinates(run: Run, place: int) -> bool:
    token = run[place]
    if token.lower not in _SUBORDINATORS or token.tag not in {"CJS", "AVQ", "AV0", "PRP"}:
        return False
    if token.lower in {"as", "so", "since", "after", "before", "until", "once"}:
        if token.lower == "as" and place and run[place - 1].lower in {"as", "such", "so", "same", "known", "well"}:
            return False
        upto = next((i for i in range(place + 1, len(run)) if run[i].text == ","), len(run))
        follows = any(each.tag in FINITE for each in run[place + 1 : upto])
        return follows and subject_at(run, place + 1 + (run[min(place + 1, len(run) - 1)].tag == "CJT")) is not None
    return True


def _clause_begins(run: Run, place: int) -> bool:
    """Say whether a new clause begins here: a conjunction with a subject and verb, or with a verb alone."""
    if run[place].tag != "CJC" and not (run[place].lower in {"so", "yet"} and place and run[place - 1].text == ","):
        if run[place].text != "," or place + 1 >= len(run):
            return False
        # Three clauses in a row: “the air rises, pressure falls, and …”.
        return run[place + 1].tag in NOUNS | {"AT0"} and _plain_clause(run, place + 1)
    following = place + 1
    if following >= len(run) or run[place].lower == "or":
        return False
    return verb_group(run, following) is not None or _clause_after(run, following)


def _plain_clause(run: Run, place: int) -> bool:
    phrase = noun_phrase(run, place)
    verbs = verb_group(run, phrase.end) if phrase is not None else None
    return phrase is not None and verbs is not None and agrees(run, phrase, verbs)


def _clause_after(run: Run, place: int) -> bool:
    opened = fronted(run, place)
    return opened is not None and subject_at(run, opened[3]) is not None


def is_licensed(main: Token, rest: Tokens) -> bool:
    """Say whether every finite verb after the main one has a word that brings it in; else the tags are wrong."""
    licensed = main.lemma in _SAYING
    for token in rest:
        if token.tag in _LICENCES:
            licensed = True
        if token.tag in FINITE and not licensed:
            return False
    return True
