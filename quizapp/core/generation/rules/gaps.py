"""Gaps for years, amounts and the last noun, in sentences that can be quoted whole; what needs few tags or none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizapp.core.generation.building import gap
from quizapp.core.generation.drafts import Candidate
from quizapp.core.generation.texts import Passage, Sentence
from quizapp.core.grading.numerals import numbers_as_digits
from quizapp.core.linting.wording import is_content, root, word_set

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
_PLAIN_NOUNS = {"NN1", "NN2"}


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
        elif not _POINTING.intersection(words):
            if len(amounts) == 1 and not years and 2 * amounts[0].start() > len(said) * 0.6:
                if _NOT_COUNTED.search(said[: amounts[0].start()]):
                    continue
                hole = sentence.start + amounts[0].start(), sentence.start + amounts[0].end()
                digits = numbers_as_digits([amounts[0][0].replace(",", "")])[0]
                yield gap(passage, "amount-gap", whole, hole, list(dict.fromkeys([amounts[0][0], digits])), 0.5)
            elif passage.is_tagged:
                yield from _last_noun(passage, sentence, words)


def _last_noun(passage: Passage, sentence: Sentence, words: list[str]) -> Iterator[Candidate]:
    tokens = [token for token in sentence.tokens if token.text != "."]
    last, before = tokens[-1], tokens[-2]
    if last.tag not in _PLAIN_NOUNS or not last.text.islower() or not is_content(last.lower):
        return
    if before.tag not in {"AT0", "PRP", "VVI", "VVB", "VVZ", "VVD", "PRF"}:
        return
    if any(root(word) == root(last.lower) for word in words[:-1]) or len(words) > 18:
        return
    yield gap(passage, "word-gap", (sentence.start, sentence.end), (last.start, last.end), [last.text], 0.4)
