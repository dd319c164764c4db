"""Flaws of options: what gives the key away to those who know nothing of the matter."""

from __future__ import annotations

from collections.abc import Iterator

from quizapp.core.linting.findings import Finding, flaw
from quizapp.core.linting.subjects import Subject
from quizapp.core.linting.wording import quoted

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


RULES = (longest_key, length_spread)
