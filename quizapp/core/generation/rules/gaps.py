"""Gaps for years, amounts and the last noun, in sentences that can be quoted whole; what needs few tags or none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizapp.core.generation.asking import VAGUE_NOUNS
from quizapp.core.generation.building import gap
from quizapp.core.generation.drafts import Candidate
from quizapp.core.generation.parsing import clauses_of
from quizapp.core.generation.phrases import NOUNS
from quizapp.core.generation.texts import Passage, Sentence, Token
from quizapp.core.grading.numerals import numbers_as_digits
from quizapp.core.linting.wording import root, word_set
from quizapp.core.tagging import readings

_YEAR = re.compile(
    r"(?<=\b[Ii]n )(?:1[0-9]|20)\d\d\b(?![-–]\d)(?! (?:BC|to|and|or|[a-z]+s\b))(?!,? (?:and |or )?\d{4})"
)
_AMOUNT = re.compile(
    r"(?<![\w.,£$€–-])(?!(?:1\d|20)\d\d\b)"
    r"(?:\d+(?:,\d{3})*(?:\.\d+)?|two|three|four|five|six|seven|eight|nine|ten|twelve)(?= [a-z]+)(?![-–])"
)
_NOT_COUNTED = re.compile(r"\b(?:AD|the|these|those|all|other|first|last|next) $", re.IGNORECASE)
_LONGEST = 26  # words
_LEAST = 7
_POINTING = word_set("""
    it he she they them him her his its their this these those such there here we us our i my you your
    another other others then
    """)
_ADDRESSING = word_set("i my you your yours here this these those he she him his her hers then")
_PLAIN_TIME = word_set("year years month day days week weeks hour hours rise fall january june july september december")
_TERM_TAGS = frozenset({"NN1", "NN2", "NN0", "NP0", "UNC", "AJ0"})
_BEFORE_TERMS = frozenset({"AT0", "PRP", "VVI", "VVB", "VVZ", "VVD", "PRF", "VVN", "VVG", "CJC", "AV0"})


def propose(passage: Passage) -> Iterator[Candidate]:
    """Give a gap for a year or an amount of what can be quoted, or for the term that ends it."""
    for sentence in passage.sentences:
        for tokens in _quotable(passage, sentence):
            start, end = tokens[0].start, _with_stop(passage, tokens[-1].end)
            said = passage.text[start:end]
            words = re.findall(r"[\w’']+", said.lower())
            if not _LEAST <= len(said.split()) <= _LONGEST or said.endswith("?") or re.search(r"[“”\"]", said):
                continue
            if _POINTING.intersection(words[:4]) or _ADDRESSING.intersection(words):
                continue
            years, amounts = list(_YEAR.finditer(said)), list(_AMOUNT.finditer(said))
            if len(years) == 1 and said.count(years[0][0]) == 1:
                hole = start + years[0].start(), start + years[0].end()
                yield gap(passage, "year-gap", (start, end), hole, [years[0][0]], 0.5)
            elif len(amounts) == 1 and not years and 2 * amounts[0].start() > len(said) * 0.6:
                if not _NOT_COUNTED.search(said[: amounts[0].start()]):
                    hole = start + amounts[0].start(), start + amounts[0].end()
                    digits = numbers_as_digits([amounts[0][0].replace(",", "")])[0]
                    answers = list(dict.fromkeys([amounts[0][0], digits]))
                    yield gap(passage, "amount-gap", (start, end), hole, answers, 0.5)
            elif passage.is_tagged:
                yield from _key_term(passage, tokens, (start, end), words)


def _quotable(passage: Passage, sentence: Sentence) -> list[list[Token]]:
    """Return the words of a sentence, or of its clauses where it is too long to be quoted whole."""
    whole = [token for token in sentence.tokens if token.text not in {".", "”", "“"}]
    if len([token for token in whole if token.is_word]) <= _LONGEST:
        return [whole] if whole else []
    if not passage.is_tagged:
        return []
    clauses = [clause for clause in clauses_of(sentence) if clause.kind == "main" and not clause.is_second]
    spans = [(clause.start, clause.end) for clause in clauses if clause.rest]
    return [[token for token in sentence.tokens if start <= token.start < end] for start, end in spans]


def _with_stop(passage: Passage, end: int) -> int:
    """Take a full stop into the quotation that follows it at once."""
    return end + (passage.text[end : end + 1] == ".")


def _key_term(passage: Passage, tokens: list[Token], span: tuple[int, int], words: list[str]) -> Iterator[Candidate]:
    """Blank the noun phrase at the end, where it is a name or a term of the passage."""
    start = len(tokens)
    while start > 1 and tokens[start - 1].tag in _TERM_TAGS and len(tokens) - start < 3:
        start -= 1
    term = tokens[start:]
    while term and term[0].tag == "AJ0" and len(term) > 2:
        term = term[1:]
    if not term or term[-1].tag not in NOUNS or tokens[len(tokens) - len(term) - 1].tag not in _BEFORE_TERMS:
        return
    head = term[-1]
    if head.lower in VAGUE_NOUNS | _PLAIN_TIME or len(head.text) < 4 or head.lower.endswith("ing"):
        return
    if any(not token.is_word or token.text[0].isdigit() for token in term):
        return
    if any(root(word) == root(token.lower) for word in words[: -len(term)] for token in term):
        return
    counts = [root(token.lower) for each in passage.sentences for token in each.tokens if token.is_word]
    is_term = head.text[0].isupper() or counts.count(root(head.lower)) > 1 or not readings(head.lower) or len(term) > 1
    rule, worth = ("term-gap", 0.7) if is_term else ("word-gap", 0.3)
    yield gap(passage, rule, span, (term[0].start, head.end), [passage.words_of(term)], worth)
