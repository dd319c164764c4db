"""Clauses of a sentence: what stands before the subject, subject, verbs, what follows, and what hangs on at the end.

A sentence is cut at semicolons, colons and dashes; brackets and pairs of dashes are left out. Relative clauses and
participles after a noun become clauses of their own with that noun as their subject.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from quizapp.core.generation.phrases import (
    FINITE,
    NOUNS,
    Phrase,
    VerbGroup,
    agrees,
    joined_phrase,
    noun_phrase,
    number_of,
    verb_group,
)
from quizapp.core.generation.texts import Sentence, Token
from quizapp.core.linting.wording import word_set

Run = Sequence[Token]
Tokens = tuple[Token, ...]

_BREAKS = frozenset({";", ":", "–", "—", "?", "!", "…"})
_OPENERS = frozenset({"(", "["})
_CLOSERS = frozenset({")", "]"})
_SUBORDINATORS = word_set(
    "because since when while although though if unless until before after whereas so once wherever whenever as"
)
_NO_ORDERS = word_set(
    "let look remember note imagine think see suppose consider say go come start stand walk step travel"
)
_LICENCES = frozenset({"CJT", "DTQ", "PNQ", "AVQ", "CJS"})
_SAYING = word_set(
    "say think believe hold know find show suggest mean report claim argue announce hope hear notice explain estimate"
)


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


def clauses_of(sentence: Sentence) -> list[Clause]:
    """Return the clauses of a sentence in order; a question has none."""
    if not sentence.tokens or sentence.tokens[-1].text == "?":
        return []
    found: list[Clause] = []
    for run in _units(sentence.tokens):
        found += _clauses(sentence, run)
    return found


def _units(tokens: Run) -> Iterator[Tokens]:
    """Cut a sentence at its inner stops, without what brackets and pairs of dashes hold."""
    kept: list[Token] = []
    depth = 0
    dashes = [place for place, token in enumerate(tokens) if token.text in {"–", "—"}]
    hidden = set(range(dashes[0], dashes[1] + 1)) if len(dashes) == 2 else set()
    for place, token in enumerate(tokens):
        if token.text in _OPENERS:
            depth += 1
        elif token.text in _CLOSERS:
            depth = max(0, depth - 1)
        elif depth == 0 and place not in hidden:
            if token.text in _BREAKS or (token.text == "." and place == len(tokens) - 1):
                if kept:
                    yield tuple(kept)
                kept = []
            elif token.text not in {"”", "“", '"', "‘", "."}:
                kept.append(token)
    if kept:
        yield tuple(kept)


def _clauses(sentence: Sentence, run: Run) -> list[Clause]:
    found: list[Clause] = []
    place = 0
    before: Clause | None = None
    while place < len(run):
        while place < len(run) and (run[place].tag == "CJC" or run[place].text == ","):
            place += 1
        read = (
            _joined_verb(sentence, run, place, before)
            or _clause(sentence, run, place)
            or _imperative(sentence, run, place)
        )
        if read is None:
            break
        before, place = read
        found.append(before)
        found += _attached(before)
    return found


def _clause(sentence: Sentence, run: Run, start: int) -> tuple[Clause, int] | None:
    opened = _fronted(run, start)
    if opened is None:
        return None
    front, condition, participle, place = opened
    read = _subject(run, place)
    if read is None:
        return None
    subject, end, insertion, verbs = read
    followed = _rest(run, verbs.end)
    if followed is None or not _is_licensed(run[verbs.main], followed[0]):
        return None
    rest, tails, following = followed
    phrase = Phrase(subject.start, end, subject.head, subject.is_joined)
    return (
        Clause(
            sentence=sentence,
            kind="main",
            subject=tuple(run[phrase.start : phrase.end]),
            head=run[subject.head],
            number=number_of(run, subject),
            verbs=_verbs(run, verbs),
            rest=rest,
            front=tuple(front),
            condition=tuple(condition),
            adverbs=tuple(run[place] for place in verbs.adverbs),
            is_negated=verbs.is_negated,
            insertion=insertion or participle,
            tails=tails,
        ),
        following,
    )


def _joined_verb(sentence: Sentence, run: Run, start: int, before: Clause | None) -> tuple[Clause, int] | None:
    """Read a second verb with the subject of the clause before: “… and covers most of the country”."""
    if before is None or start == 0 or run[start - 1].tag != "CJC":
        return None
    verbs = verb_group(run, start)
    if verbs is None:
        return None
    finite = run[verbs.finite].tag
    wrong = {"one": {"VVB", "VDB", "VHB"}, "many": {"VVZ", "VBZ", "VHZ", "VDZ"}}.get(before.number, set())
    if finite in wrong:
        return None
    followed = _rest(run, verbs.end)
    if followed is None or not _is_licensed(run[verbs.main], followed[0]):
        return None
    rest, tails, following = followed
    return (
        Clause(
            sentence=sentence, kind="main", subject=before.subject, head=before.head, number=before.number,
            verbs=_verbs(run, verbs), rest=rest, condition=before.condition,
            adverbs=tuple(run[place] for place in verbs.adverbs),
            is_negated=verbs.is_negated, is_second=True, tails=tails,
        ),
        following,
    )  # fmt: skip


def _verbs(run: Run, verbs: VerbGroup) -> Tokens:
    return tuple(
        run[place]
        for place in range(verbs.finite, verbs.main + 1)
        if place not in verbs.adverbs and run[place].tag not in {"XX0", "AV0"}
    )


def _fronted(run: Run, start: int) -> tuple[Run, Run, Tokens, int] | None:
    """Return what stands before the subject, its subordinate clause, its participle, and where the subject begins."""
    place = start
    front: list[Token] = []
    condition: Run = ()
    participle: Tokens = ()
    while place < len(run):
        token = run[place]
        if token.tag == "CJS" or (token.tag in {"AVQ", "AV0"} and token.lower in _SUBORDINATORS | {"where"}):
            comma = next((i for i in _commas(run, place) if _subject(run, i + 1) is not None), None)
            if comma is None or condition or not any(each.tag in FINITE for each in run[place:comma]):
                return None
            condition, place = run[place:comma], comma + 1
        elif token.tag in {"PRP", "PRF"}:
            end = _prepositional_end(run, place)
            if end is None:
                return None
            front += run[place:end]
            place = end + (end < len(run) and run[end].text == ",")
        elif token.tag == "AV0":
            front.append(token)
            place += 1 + (place + 1 < len(run) and run[place + 1].text == ",")
        elif token.tag in {"VVG", "VVN", "TO0"}:
            comma = next((i for i in _commas(run, place) if _subject(run, i + 1) is not None), None)
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


def _commas(run: Run, start: int) -> list[int]:
    return [place for place in range(start, len(run)) if run[place].text == ","]


def _prepositional_end(run: Run, start: int) -> int | None:
    """Return where a preposition with its noun phrase ends, and those that follow it without a comma."""
    place = start
    while place < len(run) and run[place].tag in {"PRP", "PRF"}:
        after = place + 1
        while after < len(run) and run[after].tag in {"AV0", "PRP"}:
            after += 1
        phrase = joined_phrase(run, after)
        if phrase is None:
            return None
        place = phrase.end
        if place < len(run) and run[place].lower == "ago":
            place += 1
    return place


def _subject(run: Run, start: int) -> tuple[Phrase, int, Tokens, VerbGroup] | None:  # noqa: PLR0911, PLR0912  # a guard a line
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
        if token.tag in {"PRP", "PRF"}:
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


def _rest(run: Run, start: int) -> tuple[Tokens, tuple[Tail, ...], int] | None:
    """Read what follows the verbs: the core, the tails, and where the next clause begins.

    None when the core ends inside a coordination that no phrase could be read from.
    """
    place = start
    while place < len(run):
        token = run[place]
        if token.text == "," or token.tag == "CJC" or _subordinates(run, place):
            break
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
    if core_end < len(run) and run[core_end].tag == "CJC" and following != core_end:
        return None
    return tuple(run[start:core_end]), tails, following


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
        return follows and _subject(run, place + 1 + (run[min(place + 1, len(run) - 1)].tag == "CJT")) is not None
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
    opened = _fronted(run, place)
    return opened is not None and _subject(run, opened[3]) is not None


def _is_licensed(main: Token, rest: Tokens) -> bool:
    """Say whether every finite verb after the main one has a word that brings it in; else the tags are wrong."""
    licensed = main.lemma in _SAYING
    for token in rest:
        if token.tag in _LICENCES:
            licensed = True
        if token.tag in FINITE and not licensed:
            return False
    return True


def _attached(clause: Clause) -> Iterator[Clause]:
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
        followed = _rest(piece, verbs.end)
        if followed is not None and _is_licensed(piece[verbs.main], followed[0]):
            rest, tails, _ = followed
            yield Clause(
                sentence=clause.sentence, kind="relative", subject=subject, head=head, number=number,
                verbs=_verbs(piece, verbs), rest=rest, adverbs=tuple(piece[i] for i in verbs.adverbs),
                is_negated=verbs.is_negated, tails=tails,
            )  # fmt: skip
        return
    start = 0
    while start < len(piece) and piece[start].tag in {"AV0", "ORD"}:
        start += 1
    if start < len(piece) and piece[start].tag == "VVN" and number:
        followed = _rest(piece, start + 1)
        if followed is not None and _is_licensed(piece[start], followed[0]):
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


def _imperative(sentence: Sentence, run: Run, start: int) -> tuple[Clause, int] | None:
    """Read “Cool the burn under running water”, which has no subject."""
    place = start
    while place < len(run) and (run[place].tag in {"AV0", "ORD"} or run[place].text == ","):
        place += 1
    if place + 1 >= len(run) or run[place].tag not in {"VVB", "VVI"} or run[place].lemma.lower() in _NO_ORDERS:
        return None
    followed = _rest(run, place + 1)
    if followed is None or not followed[0] or not _is_licensed(run[place], followed[0]):
        return None
    rest, tails, following = followed
    return (
        Clause(
            sentence=sentence, kind="imperative", subject=(run[place],), head=run[place], number="one",
            verbs=(run[place],), rest=rest, tails=tails,
        ),
        following,
    )  # fmt: skip
