"""From a sentence to its clauses.

A sentence is cut at semicolons, colons and dashes; brackets and pairs of dashes are left out. Relative clauses and
participles after a noun become clauses of their own with that noun as their subject.
"""

from __future__ import annotations

from collections.abc import Iterator

from quizapp.core.generation.attached import attached
from quizapp.core.generation.clauses import Clause, Run, Tokens
from quizapp.core.generation.parts import fronted, is_licensed, rest_at, subject_at, verbs_of
from quizapp.core.generation.phrases import Phrase, number_of, verb_group
from quizapp.core.generation.texts import Sentence, Token
from quizapp.core.linting.wording import word_set
from quizapp.core.tagging import readings

_BREAKS = frozenset({";", ":", "–", "—", "?", "!", "…"})
_OPENERS = frozenset({"(", "["})
_CLOSERS = frozenset({")", "]"})
_ASIDES = frozenset(
    {
        "for example",
        "for instance",
        "of course",
        "by contrast",
        "in contrast",
        "in fact",
        "in turn",
        "in particular",
        "by chance",
        "after all",
        "however",
        "therefore",
        "too",
        "finally",
        "then",
        "alas",
        "moreover",
        "thus",
        "also",
        "as a result",
        "in general",
    }
)
_STATING = frozenset({"because", "since", "although", "though", "whereas", "while"})
_NO_ORDERS = word_set(
    "let look remember note imagine think see suppose consider say go come start stand walk step travel"
)


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
    tokens = _without_asides(tokens)
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
            elif token.text not in {"”", "“", '"', "‘", ".", "'", "’"}:
                kept.append(token)
    if kept:
        yield tuple(kept)


def _is_so(run: Run, place: int) -> bool:
    """Say whether this is the “so” of “…, so the search is fast”."""
    after = run[place + 1] if place + 1 < len(run) else None
    return (
        place > 0 and run[place].lower == "so" and after is not None and after.tag not in {"CJT", "AJ0", "AV0", "DT0"}
    )


def _without_asides(tokens: Run) -> Run:
    """Leave out “, for example,” and “, however,” with their commas."""
    kept: list[Token] = []
    place = 0
    while place < len(tokens):
        if tokens[place].text == ",":
            closing = next((i for i in range(place + 1, min(place + 4, len(tokens))) if not tokens[i].is_word), None)
            if closing is not None and " ".join(token.lower for token in tokens[place + 1 : closing]) in _ASIDES:
                place = closing + (tokens[closing].text == ",")
                continue
        kept.append(tokens[place])
        place += 1
    return kept


def _clauses(sentence: Sentence, run: Run) -> list[Clause]:
    found: list[Clause] = []
    place = 0
    before: Clause | None = None
    while place < len(run):
        while place < len(run) and (run[place].tag == "CJC" or run[place].text == "," or _is_so(run, place)):
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
        found += attached(before)
        found += _subordinate(sentence, before)
    return found


def _subordinate(sentence: Sentence, clause: Clause) -> Iterator[Clause]:
    """Give what is stated after “because”, “although” and the like as clauses of their own."""
    pieces = [] if clause.is_second else [clause.condition]
    for piece in (*pieces, *(tail.tokens for tail in clause.tails)):
        if len(piece) > 3 and piece[0].lower in _STATING:
            read = _clause(sentence, piece[1:], 0)
            if read is not None:
                yield read[0]


def _clause(sentence: Sentence, run: Run, start: int) -> tuple[Clause, int] | None:
    opened = fronted(run, start)
    if opened is None:
        return None
    front, condition, participle, place = opened
    read = subject_at(run, place)
    if read is None:
        return None
    subject, end, insertion, verbs = read
    followed = rest_at(run, verbs.end)
    if followed is None or not is_licensed(run[verbs.main], followed[0]):
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
            verbs=verbs_of(run, verbs),
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
    if finite in wrong or (before.is_passive and finite == "VVD" and "VVN" in readings(run[verbs.finite].lower)):
        return None
    followed = rest_at(run, verbs.end)
    if followed is None or not is_licensed(run[verbs.main], followed[0]):
        return None
    rest, tails, following = followed
    return (
        Clause(
            sentence=sentence, kind="main", subject=before.subject, head=before.head, number=before.number,
            verbs=verbs_of(run, verbs), rest=rest, condition=before.condition,
            adverbs=tuple(run[place] for place in verbs.adverbs),
            is_negated=verbs.is_negated, is_second=True, tails=tails,
        ),
        following,
    )  # fmt: skip


def _imperative(sentence: Sentence, run: Run, start: int) -> tuple[Clause, int] | None:
    """Read “Cool the burn under running water”, which has no subject."""
    place = start
    while place < len(run) and (run[place].tag in {"AV0", "ORD"} or run[place].text == ","):
        place += 1
    if any(token.lower in {"never", "rarely", "only", "not"} for token in run[start:place]):
        return None
    if place + 1 >= len(run) or run[place].tag not in {"VVB", "VVI"} or run[place].lemma.lower() in _NO_ORDERS:
        return None
    followed = rest_at(run, place + 1)
    if followed is None or not followed[0] or not is_licensed(run[place], followed[0]):
        return None
    rest, tails, following = followed
    return (
        Clause(
            sentence=sentence, kind="imperative", subject=(run[place],), head=run[place], number="one",
            verbs=(run[place],), rest=rest, tails=tails,
        ),
        following,
    )  # fmt: skip
