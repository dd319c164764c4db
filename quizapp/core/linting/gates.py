"""Gates on evidence, attribution, leaks, numbers of options and bounds; what fails one is not published unread."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizapp.core.items import (
    Essay,
    Flashcard,
    Matching,
    MultipleChoice,
    Ordering,
    SingleChoice,
    TrueFalse,
    locate,
)
from quizapp.core.linting.findings import Finding, flaw, gate
from quizapp.core.linting.subjects import Subject
from quizapp.core.linting.wording import is_content, quoted, root, roots, straight, words
from quizapp.errors import Unreadable

_QUOTED = re.compile(r"“([^”]+)”|\"([^\"]+)\"")
_KIND_ASKED = re.compile(r"\b(?:which|what|whose) (?:(?:kind|type|form|sort)s? of )?(\w+)")
_QUOTE_WORDS = 3  # a quotation this long names its source by itself
_STEM_WORDS = (5, 40)
_OPTION_WORDS = 20
_EXPLANATION_WORDS = 60
_BACK_WORDS = 24


def evidence(subject: Subject) -> Iterator[Finding]:
    """Find evidence that is missing or is not verbatim in the passage (G1)."""
    if subject.passage is None or isinstance(subject.item, Essay):
        return
    if not subject.item.evidence:
        yield gate("no-evidence", "Quote the words of the passage that settle the answer.", "evidence")
    for place, quote in enumerate(subject.item.evidence):
        try:
            locate(quote.quote, subject.passage, quote.start)
        except Unreadable as error:
            yield gate("evidence-not-found", f"{error.reason} Copy it word for word.", f"evidence.{place}")


def key_in_stem(subject: Subject) -> Iterator[Finding]:
    """Find words of the stem that return in the key and in no distractor (G3); half of the key's words are a leak.

    A typed key may hold the word that says what is asked for, as “Which war …?” does.
    """
    kind_asked = frozenset(map(root, _KIND_ASKED.findall(subject.stem.casefold())))
    for key in subject.keys:
        matter = roots(key.text)
        others = frozenset[str]().union(*map(roots, key.siblings)) if key.siblings else kind_asked
        shared = (matter & subject.stem_roots) - others
        if not shared:
            continue
        named = quoted(dict.fromkeys(word for word in words(key.text) if is_content(word) and root(word) in shared))
        if 2 * len(shared) >= len(matter):
            message = f"The stem gives the answer {quoted([key.text])} away: it says {named}. Reword one of them."
            yield gate("key-in-stem", message, key.target)
        else:
            message = f"{named} of the stem is in the right answer alone. Use another word in one of them."
            yield flaw("word-repeat", message, key.target)


def option_count(subject: Subject) -> Iterator[Finding]:
    """Find choices with fewer than two or too many distractors (G7)."""
    if not isinstance(subject.item, SingleChoice | MultipleChoice):
        return
    most = 3 if isinstance(subject.item, SingleChoice) else 4
    wrong = sum(option.weight <= 0 for option in subject.item.options)
    if wrong < 2:
        message = f"There {_are(wrong, 'wrong answer')}. Add some, or ask with true/false or a short answer."
        yield gate("option-count", message, "options")
    elif wrong > most:
        message = f"There {_are(wrong, 'wrong answer')}. Keep the {most} that tempt most."
        yield gate("option-count", message, "options")


def attribution(subject: Subject) -> Iterator[Finding]:
    """Find stems that neither name the passage as their source nor quote it (G8)."""
    if subject.passage is None or not subject.is_english:
        return
    if any(word.startswith("passage") for word in subject.stem_words):
        return
    if not isinstance(subject.item, TrueFalse) and _quotes(subject.stem, subject.passage):
        return
    message = "Name the source, as in “According to the passage, …”: the question is what the text says."
    yield gate("attribution", message, "stem")


def bounds(subject: Subject) -> Iterator[Finding]:
    """Find texts that are too long, and with a passage stems too short to ask anything of it (G10)."""
    item = subject.item
    least, most = _STEM_WORDS
    count = len(subject.stem.split())
    if count > most:
        yield gate("bounds", f"The stem has {count} words. Cut it to {most} at most.", "stem")
    elif count < least and subject.passage is not None:
        yield gate("bounds", f"The stem has {_counted(count, 'word')}. Ask in {least} or more.", "stem")
    for text, target, limit in _bounded(subject):
        if (length := len(text.split())) > limit:
            yield gate("bounds", f"{quoted([text])} has {length} words. Cut it to {limit} at most.", target)
    if (length := len(item.feedback.split())) > _EXPLANATION_WORDS:
        message = f"The explanation has {length} words. Cut it to {_EXPLANATION_WORDS} at most."
        yield gate("bounds", message, "feedback")


RULES = (evidence, key_in_stem, option_count, attribution, bounds)


def _quotes(stem: str, passage: str) -> bool:
    source = straight(passage).casefold()
    quotations = ("".join(found).casefold() for found in _QUOTED.findall(stem))
    return any(
        len(part.split()) >= _QUOTE_WORDS and straight(part).strip(" .,") in source
        for quotation in quotations
        for part in re.split(r"_{2,}|…", quotation)
    )


def _bounded(subject: Subject) -> Iterator[tuple[str, str, int]]:
    for group in subject.choices:
        yield from ((option.text, group.target_of(option), _OPTION_WORDS) for option in group.options)
    match subject.item:
        case Flashcard(answer=answer):
            yield answer, "answer", _BACK_WORDS
        case Matching(pairs=pairs):
            sides = ((side, place) for place, pair in enumerate(pairs) for side in (pair.left, pair.right) if side)
            yield from ((side, f"pairs.{place}", _OPTION_WORDS) for side, place in sides)
        case Ordering(order=order):
            yield from ((entry, f"order.{place}", _OPTION_WORDS) for place, entry in enumerate(order))


def _are(number: int, noun: str) -> str:
    return f"{'is' if number == 1 else 'are'} {_counted(number, noun)}"


def _counted(number: int, noun: str) -> str:
    return f"{number or 'no'} {noun}{'' if number == 1 else 's'}"
