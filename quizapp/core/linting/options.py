"""Flaws of options: what gives the key away to those who know nothing of the matter."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from quizapp.core.items import Cloze, MultipleChoice, SingleChoice, split_stem
from quizapp.core.linting.findings import Finding, flaw
from quizapp.core.linting.sequences import in_sequence
from quizapp.core.linting.subjects import Choices, Subject
from quizapp.core.linting.wording import ABSOLUTE, VAGUE, quoted, roots, words

_ALL_OR_NONE = re.compile(
    r"(?:(?:all|none|both|any|either|neither|some|most|two|three) of (?:the |these |those )?"
    r"(?:above|these|them|those|others?|options?|answers?)|(?:all|none|both) (?:the )?above|all are (?:correct|true)"
    r"|both are (?:correct|true)|no correct answer)\b",
    re.IGNORECASE,
)
_LABEL = r"(?:[A-Ha-h]|[1-8]|I{1,3}|IV|VI{0,3}|i{1,3}|iv|vi{0,3})"
_K_TYPE = re.compile(
    rf"(?:[Bb]oth |[Oo]nly )?\(?{_LABEL}\)?(?:, ?\(?{_LABEL}\)?)*,? (?:and|or|&) \(?{_LABEL}\)?(?: only)?\.?$"
)
_K_TYPE_ALONE = re.compile(r"^(?:[Bb]oth|[Oo]nly) | only\.?$")
_ARTICLE_END = re.compile(r"\b(?:a|an)$", re.IGNORECASE)
_VERB_END = re.compile(r"\b(is|are|was|were|has been|have been)$", re.IGNORECASE)
_ONE = re.compile(r"an? ", re.IGNORECASE)
_MANY = re.compile(
    r"(?:(?:two|three|four|five|six|several|many|some|few|these|those) )?(?:[\w-]+ ){0,2}[\w-]*[^\Wsui]s$",
    re.IGNORECASE,
)
_SHORT = 15  # characters; among options this short, lengths tell nothing


def longest_key(subject: Subject) -> Iterator[Finding]:
    """Find a key that stands out by its length: more than a quarter longer than every distractor."""
    for group in subject.choices:
        if not group.keys or not group.distractors:
            continue
        key = max(group.keys, key=lambda option: len(option.text))
        longest = max(len(option.text) for option in group.distractors)
        if len(key.text) > max(1.25 * longest, _SHORT):
            message = f"The right answer {quoted([key.text])} is much longer than the others. Shorten it or fill them."
            yield flaw("longest-key", message, group.target_of(key))


def length_spread(subject: Subject) -> Iterator[Finding]:
    """Find options of which the longest has more than 1.8 times the length of the shortest."""
    for group in subject.choices:
        longest = max(group.options, key=lambda option: len(option.text)).text
        shortest = min(group.options, key=lambda option: len(option.text)).text
        if len(longest) > max(1.8 * len(shortest), _SHORT):
            message = f"{quoted([longest])} is much longer than {quoted([shortest])}. Make the options alike in length."
            yield flaw("length-spread", message, group.target)


def convergence(subject: Subject) -> Iterator[Finding]:
    """Find a key that can be pieced together: each of its words is in another option, and no distractor is so common.

    Words that all options share say nothing.
    """
    for group in subject.choices:
        if len(group.keys) != 1 or len(group.distractors) < 2:
            continue
        matter = [roots(option.text) for option in group.options]
        shared = frozenset.intersection(*matter)
        count = Counter(root for words_ in matter for root in words_ - shared)
        common = [
            option
            for option, words_ in zip(group.options, matter, strict=True)
            if len(words_ - shared) > 1 and all(count[root] > 1 for root in words_ - shared)
        ]
        if common == list(group.keys):
            message = (
                f"Each part of {quoted([common[0].text])} returns in another answer, and of no other answer as much. "
                "Let a wrong answer share as many words."
            )
            yield flaw("convergence", message, group.target_of(common[0]))


def sweeping_words(subject: Subject) -> Iterator[Finding]:
    """Find absolute and vague words that not all options have, unless the evidence has them."""
    if not subject.is_english:
        return
    known = {word for evidence in subject.item.evidence for word in words(evidence.quote)}
    for group in subject.choices:
        common = set.intersection(*(set(words(option.text)) for option in group.options))
        for option in group.options:
            for code, listed in (("absolute-word", ABSOLUTE), ("vague-word", VAGUE)):
                found = [word for word in words(option.text) if word in listed - common and word not in known]
                if found:
                    message = f"{quoted(found[:1])} hints whether {quoted([option.text])} is right. Say it without."
                    yield flaw(code, message, group.target_of(option))


def all_or_none(subject: Subject) -> Iterator[Finding]:
    """Find “all of the above”, “none of these” and their like."""
    for group in subject.choices:
        for option in group.options:
            if _ALL_OR_NONE.match(option.text.strip()):
                message = f"{quoted([option.text])} rewards knowing a part. Offer an answer of its own."
                yield flaw("all-of-the-above", message, group.target_of(option))


def combinations_of_options(subject: Subject) -> Iterator[Finding]:
    """Find K-type options, such as “A and B only”."""
    for group in subject.choices:
        found = [option for option in group.options if _K_TYPE.match(option.text.strip())]
        certain = [option for option in found if _K_TYPE_ALONE.search(option.text)]
        if len(found) > 1 or certain:
            message = f"{quoted([found[0].text])} combines other answers. Ask with several right answers instead."
            yield flaw("k-type", message, group.target_of(found[0]))


def lost_sequence(subject: Subject) -> Iterator[Finding]:
    """Find numbers or dates that are shuffled or unsorted; the choices of a gap are always shuffled."""
    if not isinstance(subject.item, SingleChoice | MultipleChoice):
        return
    is_sorted = in_sequence([option.text for option in subject.item.options])
    if is_sorted is False:
        message = "Numbers and dates are easier to read in order. Sort the answers and don’t shuffle them."
        yield flaw("lost-sequence", message, "options")
    elif is_sorted and subject.item.shuffle_options:
        message = "The answers are numbers or dates in order. Switch their shuffling off, or the order is lost."
        yield flaw("lost-sequence", message, "options")


def grammar_cue(subject: Subject) -> Iterator[Finding]:
    """Find a stem whose last words fit some options only: “a” or “an”, a singular or a plural verb."""
    if not subject.is_english:
        return
    for group, before in _with_lead_in(subject):
        texts = [option.text for option in group.options]
        if _ARTICLE_END.search(before) and len({text[:1].lower() in "aeiou" for text in texts}) > 1:
            message = "The stem ends in “a” or “an”, which fits some answers only. Move the article to the answers."
            yield flaw("grammar-cue", message, "stem")
        elif verb := _VERB_END.search(before):
            numbers = {_number(text) for text in texts}
            if {"one", "many"} <= numbers:
                message = f"The stem ends in {quoted([verb[1]])}, which fits some answers only. Make all fit."
                yield flaw("grammar-cue", message, "stem")


RULES = (
    longest_key,
    length_spread,
    convergence,
    sweeping_words,
    all_or_none,
    combinations_of_options,
    lost_sequence,
    grammar_cue,
)


def _with_lead_in(subject: Subject) -> Iterator[tuple[Choices, str]]:
    """Give each group of options with the text that leads into it."""
    if not isinstance(subject.item, Cloze):
        yield from ((group, subject.stem.rstrip(" _:…")) for group in subject.choices)
        return
    lead_in = ""
    groups = {group.target: group for group in subject.choices}
    for text, number in split_stem(subject.item.stem):
        lead_in = text or lead_in
        if group := groups.get(f"gaps.{number}"):
            yield group, lead_in.rstrip()


def _number(text: str) -> str:
    """Return one or many for a text that is surely singular or plural, else nothing."""
    if _ONE.match(text):
        return "one"
    return "many" if _MANY.match(text) else ""
