"""Gate G4: a stem stands on its own, without words that point outside it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizapp.core.items import Cloze, Flashcard, Numeric, ShortAnswer, TrueFalse
from quizapp.core.linting.findings import Finding, gate
from quizapp.core.linting.subjects import Subject
from quizapp.core.linting.wording import content_words, quoted

# “According to the passage,” and “The passage says that” come before what is asked or stated.
_ATTRIBUTION = re.compile(
    r"^\W*(?:(?:according to|in|from|from what is said in) (?:the|this) (?:passage|text|article|extract)\b,?"
    r"|(?:the|this) (?:passage|text|article|extract) (?:says|states|reports|claims|argues|suggests|notes|adds"
    r"|describes how|presents)(?: that)?\b,?:?)\W*",
    re.IGNORECASE,
)
_OPENER = re.compile(
    r"(?:he|she|they|these|those|this|it|its|their|his|her|hers|theirs|such|here)\b"
    r"|(?:however|therefore|thus|hence|moreover|furthermore|meanwhile|nevertheless|nonetheless|otherwise"
    r"|instead(?! of)|also|besides,|similarly,|likewise|consequently|accordingly,|finally,|then|but|and|so|or|yet"
    r"|in addition|in contrast|by contrast|as a result|for example|for instance|on the other hand"
    r"|in other words)(?!\w)",
    re.IGNORECASE,
)
_HARMLESS = re.compile(
    r"(?:it (?:is|was|would be|will be|may be|might be|can be|has been|takes|took)\b.*\b(?:that|to|for|who|when)\b"
    r"|th(?:is|ese|ose) (?:passage|text|article|extract|sentence|question|case|set|quiz|statement)s?\b"
    r"|such (?:as|an?)\b|and/or\b|here (?:is|are)\b)",
    re.IGNORECASE,
)
_SUBJECT_PRONOUN = re.compile(r"\b(?:he|she|they|them|him|it|this)\b", re.IGNORECASE)
_BESIDE = re.compile(r"\b(?:these|those|each|following|both)\b", re.IGNORECASE)  # what is listed under the stem
_SECOND_PERSON = re.compile(r"\b(?:you|your|yours|yourself|yourselves|you['’]\w+)\b", re.IGNORECASE)
_NUMBER = r"(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|some|many|most|several|few|both|all|each|none|half)"
_OF_THEM = re.compile(rf"\b{_NUMBER} of them\b", re.IGNORECASE)
_OF_THESE = re.compile(rf"\b{_NUMBER} of (?:these|those)\b(?! (?:passage|text|sentence)s?\b)", re.IGNORECASE)


def pointing_word(subject: Subject) -> Iterator[Finding]:
    """Find a pronoun, demonstrative or discourse opener that points at something the stem does not hold."""
    if not subject.is_english:
        return
    asked = _ATTRIBUTION.sub("", subject.stem)
    word = _leading(asked) or _unbound(asked)
    if word:
        message = f"{quoted([word])} points at something outside the question. Say what is meant."
        yield gate("unbound-word", message, "stem")


def second_person(subject: Subject) -> Iterator[Finding]:
    """Find a stem that speaks to its reader, whose opinion is not asked."""
    if subject.is_english and (found := _SECOND_PERSON.search(subject.stem)):
        message = f"{quoted([found[0]])} asks for the reader’s view. Ask what the text says."
        yield gate("second-person", message, "stem")


def partitive(subject: Subject) -> Iterator[Finding]:
    """Find “five of them” where the stem does not say of what."""
    if not subject.is_english:
        return
    has_nothing_beside = isinstance(subject.item, ShortAnswer | Numeric | Cloze | TrueFalse | Flashcard)
    found = _OF_THEM.search(subject.stem) or (has_nothing_beside and _OF_THESE.search(subject.stem))
    if found:
        yield gate("unbound-word", f"{quoted([found[0]])} does not say of what. Name them.", "stem")


RULES = (pointing_word, second_person, partitive)


def _leading(asked: str) -> str:
    found = _OPENER.match(asked)
    return found[0].rstrip(",") if found and not _HARMLESS.match(asked) else ""


def _unbound(asked: str) -> str:
    """Return a pronoun that comes before any word of matter, as in “Why did they leave?”."""
    for found in _SUBJECT_PRONOUN.finditer(asked):
        before = asked[: found.start()]
        if content_words(before) or _BESIDE.search(before) or (found[0] == "it" and "passage" in before):
            break
        if not _HARMLESS.match(asked, found.start()):
            return found[0]
    return ""
