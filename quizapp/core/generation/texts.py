"""A passage made ready for rules: bounds checked, sentences and words with their places, tags and lemmas."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from quizapp.core.linting.wording import SMALL_WORDS, is_english, word_set, words
from quizapp.core.sentences import sentence_spans
from quizapp.core.tagging import readings, tag
from quizapp.errors import Unreadable

_WORDS = (40, 1_500)
_SENTENCES = (3, 80)
_SMALL_SHARE = 0.2
_TOKEN = re.compile(
    r"(?:[A-Za-z]\.){2,}"  # U.S., p.m.
    r"|[A-Z]\.(?=\s?[A-Z])"  # L. L. Zamenhof
    r"|(?:Mr|Mrs|Ms|Dr|St|Prof|Gen|vs|etc|c|ca|cf|approx|in|ft)\.(?=\s[(\d\w])(?<!\bin\.)"
    r"|[£$€]?\d+(?:[.,:/]\d+)*(?:[-–]\d+)*(?:\s?(?:%|°[CF]?))?(?:st|nd|rd|th|s)?(?![\w])"
    r"|(?:do|does|did|is|are|was|were|has|have|had|could|would|should|must)(?=n['’]t\b)|n['’]t\b"
    r"|['’]s\b"
    r"|\w+(?:[-–.]\w+)*(?:['’](?!s\b)\w+)*"
    r"|[^\w\s]",
    re.IGNORECASE,
)
_LOST_VERBS = word_set("rises falls forms fades cools warms sinks melts freezes boils flows drops shrinks grows moves")
_TAKES_BASE = frozenset({"VM0", "VDB", "VDZ", "VDD", "TO0"})
_TITLES = word_set("pope king queen saint st president emperor captain sir lord lady prince princess")
_NAMING = word_set("called named termed dubbed known")


@dataclass(frozen=True)
class Token:
    """A word or mark and where it stands in the passage."""

    text: str
    start: int
    end: int
    tag: str = ""
    lemma: str = ""

    @property
    def is_word(self) -> bool:
        return self.text[0].isalnum() or self.text[-1].isalnum()

    @property
    def lower(self) -> str:
        return self.text.lower()


@dataclass(frozen=True)
class Sentence:
    """One sentence of a passage with its words."""

    place: int  # in the passage, from 0
    start: int
    end: int
    tokens: tuple[Token, ...]


@dataclass(frozen=True)
class Passage:
    """A passage as rules see it; without a tagger tags and lemmas are empty."""

    text: str
    sentences: tuple[Sentence, ...]
    is_tagged: bool

    @cached_property
    def lower_words(self) -> frozenset[str]:
        """Words that stand somewhere in lower case."""
        return frozenset(token.text for sentence in self.sentences for token in sentence.tokens if token.text.islower())

    @cached_property
    def inner_names(self) -> frozenset[str]:
        """Words with a capital that do not begin a sentence."""
        return frozenset(
            token.text for sentence in self.sentences for token in sentence.tokens[1:] if token.text[0].isupper()
        )

    def words_of(self, tokens: Sequence[Token]) -> str:
        """Return tokens as text with the space of the passage; where some were left out, one space."""
        parts: list[str] = []
        for before, token in zip((None, *tokens), tokens, strict=False):
            if before is not None:
                gap = self.text[before.end : token.start]
                if gap.strip():
                    gap = "" if token.text in {",", ".", ";", ":", "?", "!", ")", "”", "'s", "’s"} else " "
                parts.append(re.sub(r"\s+", " ", gap))
            parts.append(token.text)
        return "".join(parts)


def read_passage(text: str) -> Passage:
    """Return a passage of 40 to 1,500 words and 3 to 80 sentences in English.

    Raises Unreadable with a sentence for the reader when it is none.
    """
    count = len(text.split())
    if count < _WORDS[0]:
        raise Unreadable(None, f"The text has {count} words. Questions need a passage of {_WORDS[0]} or more.")
    if count > _WORDS[1]:
        raise Unreadable(None, f"The text has {count:,} words. Split it: a passage has {_WORDS[1]:,} at most.")
    found = words(text)
    if not is_english(text) or sum(word in SMALL_WORDS for word in found) < _SMALL_SHARE * len(found):
        raise Unreadable(None, "The text does not read as English prose, which is all that questions are made from.")
    spans = sentence_spans(text)
    if len(spans) < _SENTENCES[0]:
        raise Unreadable(None, f"The text has fewer than {_SENTENCES[0]} sentences, too few to ask about.")
    if len(spans) > _SENTENCES[1]:
        raise Unreadable(None, f"The text has {len(spans)} sentences. Split it: a passage has {_SENTENCES[1]} at most.")
    bare = [_tokens(text, start, end) for start, end in spans]
    lower_words = frozenset(token.text for tokens in bare for token in tokens if token.text.islower())
    tagged = [_tagged(tokens, lower_words) for tokens in bare]
    is_tagged = all(tokens is not None for tokens in tagged)
    sentences = tuple(
        Sentence(place, start, end, tuple(with_tags if is_tagged and with_tags else tokens))
        for place, ((start, end), tokens, with_tags) in enumerate(zip(spans, bare, tagged, strict=True))
    )
    return Passage(text, sentences, is_tagged)


def _tokens(text: str, start: int, end: int) -> list[Token]:
    return [Token(found[0], found.start(), found.end()) for found in _TOKEN.finditer(text, start, end)]


def _tagged(tokens: Sequence[Token], lower_words: frozenset[str]) -> list[Token] | None:
    shown = [token.text for token in tokens]
    first = next((place for place, token in enumerate(tokens) if token.is_word), None)
    if first is not None and is_common(shown[first], lower_words):
        shown[first] = shown[first].lower()
    found = tag(shown)
    if found is None or len(found) != len(tokens):
        return None
    return _repaired(
        [replace(token, tag=each.tag, lemma=each.lemma) for token, each in zip(tokens, found, strict=True)]
    )


def is_common(word: str, lower_words: Iterable[str]) -> bool:
    """Say whether a word with a capital is an everyday word that begins a sentence, and no name."""
    lower = word.lower()
    if not word[0].isupper() or not word[1:].islower():
        return word == "A"
    if lower in lower_words:
        return True
    return bool(readings(lower) - {"NP0", "UNC"}) and "NP0" not in readings(lower)


def _repaired(tokens: list[Token]) -> list[Token]:
    """Mend what the tagger mistakes again and again."""
    for place, token in enumerate(tokens):
        before = tokens[place - 1] if place else None
        after = tokens[place + 1] if place + 1 < len(tokens) else None
        fixed = _fixed(token, before, after, tokens[max(0, place - 8) : place])
        if fixed != token.tag:
            tokens[place] = replace(token, tag=fixed)
    _find_lost_verbs(tokens)
    return tokens


def _find_lost_verbs(tokens: list[Token]) -> None:
    """Find the verb of a part without one: “the air rises” taken for a plural, “goods passed” for a participle."""
    for part in _parted(tokens, lambda place: tokens[place].tag in {"PUN", "CJC"}):
        lost = [i for i in part[1:] if tokens[i].tag == "NN2" and tokens[i].lower in _LOST_VERBS]
        if lost and tokens[part[0]].tag != "PRP":
            tokens[lost[-1]] = replace(tokens[lost[-1]], tag="VVZ", lemma=tokens[lost[-1]].lower.removesuffix("s"))
    for part in _parted(tokens, lambda place: _ends_clause(tokens, place)):
        pasts = [i for i in part[1:] if tokens[i].tag == "VVN" and "VVD" in readings(tokens[i].lower)]
        after_noun = [i for i in pasts if tokens[i - 1].tag in {"NN1", "NN2", "NP0"} and i <= part[0] + 5]
        if tokens[part[0]].tag == "PRP" and (len(pasts) > 1 or any(tokens[i].lower in _NAMING for i in pasts)):
            continue
        commas = [i for i in part if tokens[i].text == ","]
        closing = [i for i in pasts if i - 1 in commas[1:]]
        for found in (after_noun or closing[-1:])[:1]:
            tokens[found] = replace(tokens[found], tag="VVD")


def _parted(tokens: list[Token], is_end: Callable[[int], bool]) -> Iterator[range]:
    """Give the parts between ends that have no finite verb, those apart that a preposition or conjunction begins."""
    begin = 0
    for place in range(len(tokens) + 1):
        if place < len(tokens) and not is_end(place):
            continue
        part = range(begin, place)
        begin = place + 1
        if (
            part
            and tokens[part[0]].tag not in {"PRP", "CJS", "AVQ"}
            and not any(_is_finite(tokens[i].tag) for i in part)
        ):
            yield part


def _ends_clause(tokens: list[Token], place: int) -> bool:
    """Say whether a clause may end here: at an inner stop, or at a comma with a conjunction."""
    if tokens[place].text in {";", ":", "–", "—", ".", "(", ")"}:
        return True
    after = tokens[place + 1] if place + 1 < len(tokens) else None
    is_joint = tokens[place].text == "," and after is not None and after.tag == "CJC"
    return is_joint or (tokens[place].tag == "CJC" and tokens[place].lower in {"but", "yet"})


def _is_finite(tag_: str) -> bool:
    return tag_[:2] in {"VM", "VB", "VH", "VD"} or tag_ in {"VVD", "VVZ", "VVB"}


def _fixed(token: Token, before: Token | None, after: Token | None, before_: list[Token]) -> str:  # noqa: PLR0911, PLR0912  # one line a mistake
    tag_, lower = token.tag, token.lower
    if not token.is_word and token.text not in {"%", "°"}:
        return "PUN"
    if token.text[0].isdigit() or token.text[0] in "£$€":
        return "ORD" if re.search(r"\d(?:st|nd|rd|th)$", token.text) else "CRD"
    if lower in _NAMING and tag_ == "VVD" and before is not None and before.tag[:2] in {"NN", "NP", "AJ"}:
        return "VVN"
    if tag_ == "VVD" and after is not None and after.tag == "PRP" and after.lower == "by":
        is_noun_before = before is not None and (before.tag[:2] in {"NN", "NP"} or before.text == ",")
        return "VVN" if is_noun_before and "VVN" in readings(lower) else tag_
    if tag_ == "VVB" and _follows_modal(before_):
        return "VVI"
    if tag_ == "VVI" and before is not None and before.tag == "CJC" and not any(t.tag in _TAKES_BASE for t in before_):
        return "VVB"
    is_inside = before is not None and before.is_word and token.text[0].isupper() and token.text[1:].islower()
    if is_inside and (tag_[0] == "V" or (tag_ == "AJ0" and before is not None and before.lower in _TITLES)):
        return "NP0"
    if tag_ == "VVI" and before is not None and before.tag in {"NN1", "NN2", "NP0", "AV0"} and "VVB" in readings(lower):
        return "VVB"
    if token.text in {"BC", "AD", "BCE", "CE"}:
        return "NN0"
    if lower == "up" and after is not None and after.lower == "to":
        return "AV0" if tag_ == "AVP" else tag_
    if lower == "to" and before is not None and before.lower == "up" and after is not None and after.text[0].isdigit():
        return "AV0"
    if lower == "such" and after is not None and after.lower == "as":
        return "PRP"
    if lower == "as" and before is not None and before.lower == "such":
        return "PRP"
    return tag_


def _follows_modal(before: list[Token]) -> bool:
    """Say whether only adverbs stand between a word and “could”, “does” or “to”."""
    for token in reversed(before):
        if token.tag not in {"AV0", "XX0"}:
            return token.tag in _TAKES_BASE
    return False
