"""Flaws of stems: what is asked is unclear, negative, overlong, copied, or not worth asking."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from quizapp.core.items import Cloze, Item, MultipleChoice, SingleChoice, TrueFalse
from quizapp.core.linting.findings import Finding, flaw
from quizapp.core.linting.subjects import Subject
from quizapp.core.linting.wording import ABSOLUTE, NEGATIVE, VAGUE, content_words, quoted, words
from quizapp.core.sentences import sentence_spans

_QUOTATION = re.compile(r"“[^”]*”|\"[^\"]*\"")
_NOT_NEGATIVE = re.compile(
    r"\b(?:at least|not only|no longer than|least of all|no matter|whether or not)\b", re.IGNORECASE
)
_NEGATED = re.compile(r"\w+n['’]t\b", re.IGNORECASE)
_SERIES = re.compile(
    r"\bwhich (?:one )?(?:of (?:these|the following|the) )?(?:statements?|sentences?|options?|claims?|answers?)?"
    r"[^?]{0,60}\b(?:is|are) (?:true|false|correct|incorrect|right|wrong|accurate)\b",
    re.IGNORECASE,
)
_TRUTH = frozenset(("true", "false", "correct", "incorrect", "right", "wrong", "accurate", "statement", "statements"))
_BLANK = re.compile(r"_{2,}")
_FORM = re.compile(
    r"\bhow many (?:words|sentences|paragraphs|lines|times|letters)\b"
    r"|\b(?:in )?(?:which|what) (?:sentence|paragraph|line)\b|\b(?:first|last|second|third) (?:word|letter|sentence)\b",
    re.IGNORECASE,
)
_GRATUITOUS = 35
_LONGEST = 40  # from here on the bounds speak
_COPIED = 10


def negative(subject: Subject) -> Iterator[Finding]:
    """Find a question or statement turned by a negation that is not in capitals; quotations may hold any."""
    if not subject.is_english:
        return
    asked = _NOT_NEGATIVE.sub(" ", _QUOTATION.sub(" ", _last_sentence(subject.stem)))
    found = [word for word in re.findall(r"\w+", asked) if word.lower() in NEGATIVE and not word.isupper()]
    found += _NEGATED.findall(asked)
    if found:
        message = f"{quoted(found[:1])} turns the question round. Ask for what is so, or write it in capitals."
        yield flaw("negative-stem", message, "stem")


def unfocused(subject: Subject) -> Iterator[Finding]:
    """Find a choice whose stem asks nothing by itself, or asks which of several statements is true."""
    if not isinstance(subject.item, SingleChoice | MultipleChoice) or not subject.is_english:
        return
    matter = [word for word in content_words(subject.stem) if word not in _TRUTH]
    if _SERIES.search(subject.stem) or (not matter and _TRUTH & set(subject.stem_words)):
        message = "Which statement is true makes each option a question of its own. Ask about one thing."
        yield flaw("true-false-series", message, "stem")
    elif not matter or (len(matter) < 2 and "?" not in subject.stem):
        message = "The stem says too little to be answered with the options covered. Ask a whole question."
        yield flaw("unfocused-stem", message, "stem")


def gap_in_the_middle(subject: Subject) -> Iterator[Finding]:
    """Find a sentence whose gaps all come in its first half, or a choice with a blank before its end."""
    if isinstance(subject.item, Cloze):
        for sentence in _sentences(subject.stem):
            gaps = [gap.start() for gap in _BLANK.finditer(sentence)]
            if gaps and 2 * gaps[-1] < len(sentence) - 4:
                yield flaw("fill-in-middle", "The gap comes early. Turn the sentence so that it comes late.", "stem")
                return
    elif subject.choices:
        found = _BLANK.search(subject.stem)
        if found and len(words(subject.stem[found.end() :])) > 2:
            yield flaw("fill-in-middle", "The blank stands in the middle. Put it last, or ask a question.", "stem")


def gratuitous(subject: Subject) -> Iterator[Finding]:
    """Find a stem of 36 to 40 words; longer ones don't pass the bounds."""
    count = len(subject.stem.split())
    if _GRATUITOUS < count <= _LONGEST:
        yield flaw("gratuitous-stem", f"The stem has {count} words. Cut what is not needed to answer.", "stem")


def verbatim_copy(subject: Subject) -> Iterator[Finding]:
    """Find more than ten words in a row taken from the passage; a cloze quotes by nature."""
    if subject.passage is None or isinstance(subject.item, Cloze):
        return
    if run := _copied(subject.stem_words, subject.passage):
        message = f"{quoted([' '.join(run)])} is copied from the passage. Say it in other words."
        yield flaw("verbatim-copy", message, "stem")


def sweeping_statement(subject: Subject) -> Iterator[Finding]:
    """Find absolute and vague words in a statement to be judged, unless the evidence has them."""
    if not isinstance(subject.item, TrueFalse) or not subject.is_english:
        return
    known = _evidence_words(subject.item)
    for code, listed in (("absolute-word", ABSOLUTE), ("vague-word", VAGUE)):
        if found := [word for word in subject.stem_words if word in listed and word not in known]:
            message = f"{quoted(found[:1])} hints at the answer: such statements are seldom true. Say how far it goes."
            yield flaw(code, message, "stem")


def low_value(subject: Subject) -> Iterator[Finding]:
    """Find a question about the form of the text, such as its first word or number of sentences."""
    if subject.passage is not None and (found := _FORM.search(subject.stem)):
        message = f"{quoted([found[0]])} asks about the form of the text. Ask about what it says."
        yield flaw("low-value", message, "stem")


RULES = (negative, unfocused, gap_in_the_middle, gratuitous, verbatim_copy, sweeping_statement, low_value)


def _sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


def _last_sentence(text: str) -> str:
    sentences = _sentences(text)
    return sentences[-1] if sentences else ""


@lru_cache(maxsize=64)
def _runs(passage: str) -> frozenset[tuple[str, ...]]:
    """Return every run of one word more than may be copied."""
    source = words(passage)
    return frozenset(source[place : place + _COPIED + 1] for place in range(len(source) - _COPIED))


def _copied(stem: tuple[str, ...], passage: str) -> tuple[str, ...]:
    """Return the first words of the stem that are such a run, as far as it goes on."""
    runs, length = _runs(passage), _COPIED + 1
    for begin in range(len(stem) - _COPIED):
        end = begin + length
        if stem[begin:end] in runs:
            while end < len(stem) and stem[end + 1 - length : end + 1] in runs:
                end += 1
            return stem[begin:end]
    return ()


def _evidence_words(item: Item) -> set[str]:
    return {word for evidence in item.evidence for word in words(evidence.quote)}
