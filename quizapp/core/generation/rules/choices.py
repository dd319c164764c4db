"""Single choice between terms: which of them the passage defines so, beside others that it or its like define."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256

from quizapp.core.generation.asking import content_count
from quizapp.core.generation.building import explanation, quotes
from quizapp.core.generation.drafts import Candidate
from quizapp.core.generation.phrases import noun_phrase, number_of
from quizapp.core.generation.reading import Reading
from quizapp.core.generation.rules.definitions import Definition, definitions
from quizapp.core.generation.texts import read_passage
from quizapp.core.items import Option, SingleChoice
from quizapp.core.linting.wording import roots
from quizapp.errors import Unreadable

_FEWEST, _MOST = 2, 3  # wrong answers
_RELATED = 0.2  # of the shorter text's content words
_MOST_TEXTS = 12  # of the collection that are read


def propose(reading: Reading, pool: Sequence[str]) -> Iterator[Candidate]:
    """Give a choice for each definition with two other terms or more of its make."""
    own = [found for found in definitions(reading) if not found.is_person]
    if not own:
        return
    others = [(reading, found) for found in own] + list(_of_collection(pool, reading.passage.text))
    for found in own:
        term, number = _bare(reading, found), _number(found)
        wrong: dict[str, str] = {}
        for source, other in others:
            text = _bare(source, other)
            is_alike = text[:1].isupper() == term[:1].isupper() and _number(other) == number
            if is_alike and _differs(text, term, source.say(found.meaning), wrong):
                is_here = source is reading
                wrong[text] = (
                    f"The passage calls this {source.say(other.meaning)}."
                    if is_here
                    else "The passage does not define it."
                )
        if len(wrong) >= _FEWEST and content_count(reading.say(found.meaning)) >= 2:
            yield _choice(reading, found, term, wrong)


def _choice(reading: Reading, found: Definition, term: str, wrong: dict[str, str]) -> Candidate:
    kept = sorted(wrong, key=lambda text: sha256(f"{term} {text}".encode()).hexdigest())[:_MOST]
    places = found.places or ((found.sentence.start, found.sentence.end),)
    options = tuple(
        Option(id=letter, text=text, weight=1, feedback="The passage defines it so.")
        if text == term
        else Option(id=letter, text=text, feedback=wrong[text], misconception="takes one term for another")
        for letter, text in zip("abcd", sorted([term, *kept], key=str.casefold), strict=False)
    )
    item = SingleChoice(
        stem=f"Which of these does the passage define as “{reading.say(found.meaning)}”?",
        options=options,
        bloom="remember",
        evidence=quotes(reading.passage, places),
        feedback=explanation(reading.passage, places),
    )
    return Candidate(item=item, rule="term-choice", worth=0.6)


def _of_collection(pool: Sequence[str], text: str) -> Iterator[tuple[Reading, Definition]]:
    for other in pool[:_MOST_TEXTS]:
        if other == text or not _is_related(other, text):
            continue
        try:
            reading = Reading(read_passage(other))
        except Unreadable:
            continue
        yield from ((reading, found) for found in definitions(reading) if not found.is_person)


def _is_related(other: str, text: str) -> bool:
    """Say whether two texts share so many words that a term of one tempts beside those of the other."""
    one, two = roots(other), roots(text)
    return len(one & two) >= _RELATED * min(len(one), len(two))


def _bare(reading: Reading, found: Definition) -> str:
    return re.sub(r"^(?:an?|the) ", "", found.said or reading.say(found.term))


def _number(found: Definition) -> str:
    phrase = noun_phrase(found.term, 0)
    return number_of(found.term, phrase) if phrase is not None else ""


def _differs(text: str, term: str, meaning: str, wrong: dict[str, str]) -> bool:
    """Say whether a term can't be taken for the key, is not told in the question, and is none of those chosen."""
    if roots(text) & (roots(term) | roots(meaning)) or not roots(text):
        return False
    return not any(roots(text) & roots(other) for other in wrong)
