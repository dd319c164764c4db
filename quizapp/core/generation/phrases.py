"""Noun phrases and verb groups, read from tags at a place in a run of words.

Readers go by the C5 tags; where the tags leave a doubt they find nothing, for a question lost is cheaper than one
that is wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.core.generation.texts import Token
from quizapp.core.linting.wording import word_set

DETERMINERS = frozenset({"AT0", "DT0", "DPS", "CRD", "ORD"})
NOUNS = frozenset({"NN0", "NN1", "NN2", "NP0", "UNC", "ZZ0"})
ADJECTIVES = frozenset({"AJ0", "AJC", "AJS"})
PRONOUNS = frozenset({"PNP", "PNI", "PNX", "EX0"})
FINITE = frozenset({"VM0", "VBZ", "VBB", "VBD", "VHZ", "VHB", "VHD", "VDZ", "VDB", "VDD", "VVZ", "VVB", "VVD"})
_SINGULAR_VERBS = frozenset({"VBZ", "VHZ", "VDZ", "VVZ"})
_PLURAL_VERBS = frozenset({"VHB", "VDB", "VVB"})
_PLURAL_WORDS = word_set("these those many several few both all most some they we we")
_BEFORE_ARTICLES = word_set("all both half such quite twice what many")


@dataclass(frozen=True)
class Phrase:
    """A noun phrase in a run of words: [start, end), with the place of its head; joined ones have several."""

    start: int
    end: int
    head: int
    is_joined: bool = False


@dataclass(frozen=True)
class VerbGroup:
    """Auxiliaries, adverbs, negation and the main verb: [start, end) with the places of those that matter."""

    start: int
    end: int
    finite: int
    main: int
    adverbs: tuple[int, ...] = ()
    is_negated: bool = False

    @property
    def has_auxiliary(self) -> bool:
        return self.finite != self.main


def noun_phrase(run: Sequence[Token], start: int) -> Phrase | None:
    """Read a noun phrase without its relative clauses and prepositions other than “of”."""
    phrase = _core(run, start)
    while phrase is not None and phrase.end < len(run) and run[phrase.end].tag == "PRF":
        inner = _core(run, phrase.end + 1)
        if inner is None:
            return phrase
        phrase = Phrase(start, inner.end, phrase.head, phrase.is_joined)
    return phrase


def joined_phrase(run: Sequence[Token], start: int) -> Phrase | None:
    """Read a noun phrase that may be a list: A and B, or A, B and C."""
    phrase = noun_phrase(run, start)
    if phrase is None:
        return None
    end, count = phrase.end, 1
    while end < len(run):
        if run[end].tag == "CJC" and run[end].lower in {"and", "or"}:
            following = noun_phrase(run, end + 1)
            return phrase if following is None else Phrase(start, following.end, phrase.head, is_joined=True)
        if run[end].text != ",":
            break
        place = end + 1
        if place < len(run) and run[place].tag == "CJC" and run[place].lower in {"and", "or"}:
            following = noun_phrase(run, place + 1) if count > 1 else None
            return phrase if following is None else Phrase(start, following.end, phrase.head, is_joined=True)
        following = noun_phrase(run, place)
        if following is None:
            break
        end, count = following.end, count + 1
    return phrase


def verb_group(run: Sequence[Token], start: int) -> VerbGroup | None:  # a part of speech a branch
    """Read a finite verb group, with adverbs before and inside it."""
    place, adverbs = start, []
    while place < len(run) and run[place].tag == "AV0":
        adverbs.append(place)
        place += 1
    if place >= len(run) or run[place].tag not in FINITE:
        return None
    finite = main = place
    is_negated = False
    place += 1
    if run[finite].tag[:2] == "VV":
        return VerbGroup(start, place, finite, main, tuple(adverbs), is_negated)
    while place < len(run):
        tag = run[place].tag
        if tag == "XX0":
            is_negated = True
        elif tag == "AV0" and _verb_follows(run, place):
            adverbs.append(place)
        elif tag in {"VBI", "VBN", "VBG", "VHI", "VHN", "VHG", "VDI", "VDN"} or tag in {"VVI", "VVN", "VVG"}:
            if tag == "VVG" and run[main].tag[:2] == "VH":
                break
            main = place
            if tag[:2] == "VV":
                place += 1
                break
        elif (tag == "VVB" and main == finite and run[finite].tag[:2] in {"VM", "VD"}) or (
            tag == "VVD" and main == finite and run[finite].tag[:2] in {"VB", "VH"}
        ):
            main = place
            place += 1
            break
        else:
            break
        place += 1
    end = max(main, finite, *(adverbs or [0])) + 1
    if is_negated:
        end = max(end, next(i for i in range(finite, len(run)) if run[i].tag == "XX0") + 1)
    return VerbGroup(start, end, finite, main, tuple(adverbs), is_negated)


def agrees(run: Sequence[Token], subject: Phrase, verbs: VerbGroup) -> bool:
    """Say whether subject and verb agree in number, which most mistakes of tagging break."""
    number = number_of(run, subject)
    tag, word = run[verbs.finite].tag, run[verbs.finite].lower
    if tag in _SINGULAR_VERBS or word == "was":
        return number in {"one", ""}
    if tag in _PLURAL_VERBS or word in {"are", "were"}:
        return number in {"many", ""}
    return True


def number_of(run: Sequence[Token], phrase: Phrase) -> str:  # noqa: PLR0911  # a guard a line
    """Return one or many for a phrase, or nothing where it can't be told."""
    if phrase.is_joined:
        joiners = [token.lower for token in run[phrase.start : phrase.end] if token.tag == "CJC"]
        return "many" if "or" not in joiners else ""
    head = run[phrase.head]
    first = run[phrase.start]
    if head.tag == "PNP":
        return "many" if head.lower in {"they", "we", "you"} else "one"
    if head.tag == "NN2" or (head.tag != "NN1" and first.lower in _PLURAL_WORDS):
        return "many"
    if head.tag == "NN0" and first.tag == "CRD" and first.lower not in {"one", "1"}:
        return "many"
    if head.tag in {"NN0", "UNC"} or (head.tag == "NP0" and head.lower.endswith("s")) or head.lower.endswith("ia"):
        return ""
    if head.tag in {"CRD", "DT0", "AJ0"}:
        return "one" if head.lower in {"one", "each", "this", "that"} else "" if head.tag == "AJ0" else "many"
    return "one"


def _core(run: Sequence[Token], start: int) -> Phrase | None:  # noqa: PLR0912  # one line a part of speech
    if start < len(run) and run[start].tag in PRONOUNS:
        return Phrase(start, start + 1, start)
    place, head = start, None
    while place < len(run):
        token = run[place]
        after = run[place + 1] if place + 1 < len(run) else None
        before = run[place - 1] if place > start else None
        if token.tag in NOUNS:
            if head is not None and place - head > 1 and before is not None and before.tag in {"CRD", "AT0"}:
                break
            head = place
        elif token.tag in DETERMINERS:
            if token.tag in {"AT0", "DT0", "DPS"} and before is not None and before.lower not in _BEFORE_ARTICLES:
                break
            if head is not None and not _names_number(run, head, place):
                break
            if head is not None:
                head = place
        elif token.tag in ADJECTIVES:
            if head is not None and not (after is not None and after.tag in NOUNS | ADJECTIVES):
                break
        elif token.tag == "AV0":
            if after is None or after.tag not in ADJECTIVES | {"CRD", "ORD", "DT0", "AV0", "VVN"} or head is not None:
                break
        elif token.tag in {"VVN", "VVG"}:
            if head is not None or after is None or after.tag not in NOUNS | ADJECTIVES:
                break
            if token.tag == "VVG" and (before is None or before.tag not in DETERMINERS | ADJECTIVES):
                break
        elif token.tag == "POS":
            if head is None or after is None:
                break
        elif token.tag == "CJC" or token.text == ",":
            is_between = before is not None and before.tag in ADJECTIVES and after is not None
            if not is_between or after.tag not in ADJECTIVES or head is not None:  # type: ignore[union-attr]
                break
        elif token.tag in {"PUQ"} or token.text in {"“", "”", '"'}:
            if token.text == "”" or head is not None:
                break
        else:
            break
        place += 1
    if head is None:
        first = run[start] if start < len(run) else None
        if first is not None and first.tag in {"DT0", "CRD"} and place == start + 1:
            return Phrase(start, place, start)
        return None
    return Phrase(start, head + 1, head)


def _names_number(run: Sequence[Token], head: int, place: int) -> bool:
    """Say whether a number after a noun is part of it: Apollo 11, Henry III, but not “in London 1,000 people”."""
    return place == head + 1 and run[place].tag in {"CRD", "ORD"} and run[head].tag == "NP0"


def _verb_follows(run: Sequence[Token], place: int) -> bool:
    while place < len(run) and run[place].tag in {"AV0", "XX0"}:
        place += 1
    return place < len(run) and run[place].tag in {"VVN", "VVI", "VVG", "VBN", "VBI", "VHN", "VHI", "VVD", "VBG"}
