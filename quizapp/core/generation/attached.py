"""Clauses that hang on a noun of another: relative clauses, participles, and “X is a thing made by Y”."""

from __future__ import annotations

from collections.abc import Iterator

from quizapp.core.generation.clauses import Clause, Tokens
from quizapp.core.generation.parts import is_licensed, rest_at, verbs_of
from quizapp.core.generation.phrases import noun_phrase, number_of, verb_group
from quizapp.core.generation.texts import Token


def attached(clause: Clause) -> Iterator[Clause]:
    """Give the relative clauses and participles that hang on the subject or on the last noun as clauses."""
    subject_pieces = [clause.insertion] if clause.insertion else []
    for piece in subject_pieces:
        yield from _as_clause(clause, clause.subject, clause.head, clause.number, piece)
    yield from _described(clause)
    if clause.tails:
        antecedent = _last_noun(clause)
        if antecedent is not None:
            tokens, head, number = antecedent
            if clause.tails[0].word in {"which", "who"}:
                yield from _as_clause(clause, tokens, head, number, clause.tails[0].tokens)


def _last_noun(clause: Clause) -> tuple[Tokens, Token, str] | None:
    rest = clause.rest
    for start in range(len(rest)):
        phrase = noun_phrase(rest, start)
        if phrase is not None and phrase.end == len(rest) and (start == 0 or rest[start - 1].tag != "PRF"):
            if any(token.tag == "PRF" for token in rest[phrase.start :]):
                return None
            return tuple(rest[phrase.start :]), rest[phrase.head], number_of(rest, phrase)
    return None


def _as_clause(clause: Clause, subject: Tokens, head: Token, number: str, piece: Tokens) -> Iterator[Clause]:
    if not piece:
        return
    if piece[0].lower in {"which", "who"}:
        verbs = verb_group(piece, 1)
        if verbs is None:
            return
        wrong = {"one": {"VVB", "VDB", "VHB"}, "many": {"VVZ", "VBZ", "VHZ", "VDZ"}}.get(number, set())
        if piece[verbs.finite].tag in wrong or (piece[verbs.finite].lower in {"was", "is"} and number == "many"):
            return
        followed = rest_at(piece, verbs.end)
        if followed is not None and is_licensed(piece[verbs.main], followed[0]):
            rest, tails, _ = followed
            yield Clause(
                sentence=clause.sentence, kind="relative", subject=subject, head=head, number=number,
                verbs=verbs_of(piece, verbs), rest=rest, adverbs=tuple(piece[i] for i in verbs.adverbs),
                is_negated=verbs.is_negated, tails=tails,
            )  # fmt: skip
        return
    start = 0
    while start < len(piece) and piece[start].tag in {"AV0", "ORD"}:
        start += 1
    if start < len(piece) and piece[start].tag == "VVN" and number:
        followed = rest_at(piece, start + 1)
        if followed is not None and is_licensed(piece[start], followed[0]):
            rest, tails, _ = followed
            yield Clause(
                sentence=clause.sentence, kind="reduced", subject=subject, head=head, number=number,
                verbs=(piece[start],), rest=rest, adverbs=tuple(piece[:start]), tails=tails,
            )  # fmt: skip


def _described(clause: Clause) -> Iterator[Clause]:
    """Give “X was developed in 1994” for “X is a barcode developed in 1994”."""
    if len(clause.verbs) != 1 or clause.verbs[0].tag[:2] != "VB" or clause.is_negated or not clause.number:
        return
    phrase = noun_phrase(clause.rest, 0)
    if phrase is None or phrase.end >= len(clause.rest) or clause.rest[phrase.end].tag != "VVN":
        return
    if clause.rest[phrase.start].lower not in {"a", "an", "the"} or len(clause.rest) < phrase.end + 3:
        return
    yield Clause(
        sentence=clause.sentence, kind="reduced", subject=clause.subject, head=clause.head, number=clause.number,
        verbs=(clause.rest[phrase.end],), rest=tuple(clause.rest[phrase.end + 1 :]), tails=clause.tails,
    )  # fmt: skip
