"""Gaps for years, amounts and the last noun, in sentences that can be quoted whole; what needs few tags or none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizapp.core.generation.asking import VAGUE_NOUNS
from quizapp.core.generation.building import gap
from quizapp.core.generation.drafts import Candidate
from quizapp.core.generation.phrases import NOUNS
from quizapp.core.generation.tagging import readings
from quizapp.core.generation.texts import Passage, Sentence
from quizapp.core.grading.numerals import numbers_as_digits
from quizapp.core.linting.wording import root, word_set

_YEAR = re.compile(
    r"(?<=\b[Ii]n )(?:1[0-9]|20)\d\d\b(?![-–]\d)(?! (?:BC|to|and|or|[a-z]+s\b))(?!,? (?:and |or )?\d{4})"
)
_AMOUNT = re.compile(
    r"(?<![\w.,£$€–-])(?:\d[\d,]*(?:\.\d+)?|two|three|four|five|six|seven|eight|nine|ten|twelve)(?= [a-z]+)(?![-–])"
)
_NOT_COUNTED = re.compile(r"\b(?:the|these|those|all|other|first|last|next) $", re.IGNORECASE)
_LONGEST = 26  # words
_LEAST = 7
_POINTING = word_set("""
    it he she they them him her his its their this these those such there here we us our i my you your one ones
    another other others then
    """)
_ADDRESSING = word_set("we us our ours i my you your yours here this these those he she him his her hers then")
_PLAIN_TIME = word_set("year years month day days week weeks hour hours rise fall january june july september december")
_TERM_TAGS = frozenset({"NN1", "NN2", "NN0", "NP0", "UNC", "AJ0"})
_BEFORE_TERMS = frozenset({"AT0", "PRP", "VVI", "VVB", "VVZ", "VVD", "PRF", "VVN", "VVG", "CJC", "AV0"})


def propose(passage: Passage) -> Iterator[Candidate]:
    """Give a gap for a year or an amount of a sentence that names one, or for the last noun of a short one."""
    for sentence in passage.sentences:
        said = passage.text[sentence.start : sentence.end]
        if not _LEAST <= len(said.split()) <= _LONGEST or said.endswith("?") or re.search(r"[“”\"]", said):
            continue
        words = re.findall(r"[\w’']+", said.lower())
        years, amounts = list(_YEAR.finditer(said)), list(_AMOUNT.finditer(said))
        whole = (sentence.start, sentence.end)
        if len(years) == 1 and said.count(years[0][0]) == 1 and not _POINTING.intersection(words[:3]):
            hole = sentence.start + years[0].start(), sentence.start + years[0].end()
            yield gap(passage, "year-gap", whole, hole, [years[0][0]], 0.5)
        elif not _POINTING.intersection(words[:2]) and not _ADDRESSING.intersection(words):
            if len(amounts) == 1 and not years and 2 * amounts[0].start() > len(said) * 0.6:
                if _NOT_COUNTED.search(said[: amounts[0].start()]):
                    continue
                hole = sentence.start + amounts[0].start(), sentence.start + amounts[0].end()
                digits = numbers_as_digits([amounts[0][0].replace(",", "")])[0]
                yield gap(passage, "amount-gap", whole, hole, list(dict.fromkeys([amounts[0][0], digits])), 0.5)
            elif passage.is_tagged:
                yield from _key_term(passage, sentence, words)


def _key_term(passage: Passage, sentence: Sentence, words: list[str]) -> Iterator[Candidate]:
    """Blank the noun phrase that ends the sentence, where it is a name or a term of the passage."""
    tokens = [token for token in sentence.tokens if token.text != "."]
    start = len(tokens)
    while start > 1 and tokens[start - 1].tag in _TERM_TAGS and len(tokens) - start < 3:
        start -= 1
    term = tokens[start:]
    while term and term[0].tag == "AJ0" and len(term) > 2:
        term = term[1:]
    if not term or term[-1].tag not in NOUNS or tokens[len(tokens) - len(term) - 1].tag not in _BEFORE_TERMS:
        return
    head = term[-1]
    if (
        head.lower in VAGUE_NOUNS | _PLAIN_TIME
        or len(head.text) < 4
        or any(not token.is_word or token.text[0].isdigit() for token in term)
    ):
        return
    if any(root(word) == root(token.lower) for word in words[: -len(term)] for token in term):
        return
    counts = [root(token.lower) for each in passage.sentences for token in each.tokens if token.is_word]
    is_term = head.text[0].isupper() or counts.count(root(head.lower)) > 1 or not readings(head.lower) or len(term) > 1
    worth = 0.7 if is_term else 0.3
    answer = passage.words_of(term)
    yield gap(
        passage,
        "term-gap" if is_term else "word-gap",
        (sentence.start, sentence.end),
        (term[0].start, head.end),
        [answer],
        worth,
    )
