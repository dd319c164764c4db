"""What takes parts of speech to see: an answer that is made otherwise than all others, and verbs of the wrong number.

Silent where there is no tagger; it is loaded at the first item that has English options or a question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from quizapp.core.linting.findings import Finding, flaw, gate
from quizapp.core.linting.subjects import Subject
from quizapp.core.linting.wording import quoted
from quizapp.core.tagging import tag

_WORD = re.compile(r"\w+(?:[-’']\w+)*")
_NOUN_STARTS = frozenset({"PNP", "AT0", "DT0", "DPS", "CRD", "ORD", "AJ0", "AJC", "AJS", "NN0", "NN1", "NN2", "NP0"})
_FINITE = frozenset({"VM0", "VBZ", "VBB", "VBD", "VHZ", "VHB", "VHD", "VDZ", "VDB", "VDD", "VVZ"})
_AFTER_HEADS = frozenset({"PRF", "PRP", "CJT", "PNQ", "DTQ", "VVN"})
_FORMS = {"VVG": "an -ing form", "VVI": "a verb", "VVB": "a verb", "PRP": "a preposition"}
_ASKED = re.compile(
    r"\b(?:what|where|when|why|how|whom|year) (?P<verb>is|was|does|has|are|were|do|have) "
    r"(?P<noun>the (?:[a-z-]+ ){0,2}?[a-z-]+)(?= (?:[a-z]+(?:ed|en)|called|made|of|in|mean|do|have|cause|need)\b)"
)
_ONE = frozenset({"is", "was", "does", "has"})


def odd_form(subject: Subject) -> Iterator[Finding]:
    """Find a key that alone is a noun, a verb, an -ing form or a sentence, where all others are of one make (G6)."""
    if not subject.is_english:
        return
    for group in subject.choices:
        if len(group.keys) != 1 or len(group.distractors) < 2:
            continue
        key = group.keys[0]
        own, others = _form(key.text), {_form(option.text) for option in group.distractors}
        if own and len(others) == 1 and "" not in others and own not in others:
            message = f"{quoted([key.text])} is {own}, every other answer {others.pop()}. Make all alike."
            yield flaw("odd-form", message, group.target_of(key))


def agreement(subject: Subject) -> Iterator[Finding]:
    """Find a question whose verb and subject differ in number, such as “does the rivers carry” (G11)."""
    if not subject.is_english:
        return
    for found in _ASKED.finditer(subject.stem):
        number = _number(found["noun"])
        if not number or " and " in found["noun"]:
            continue
        if (number == "singular") != (found["verb"] in _ONE):
            message = f"{quoted([found[0]])} does not agree in number. Change the verb or the noun."
            yield gate("agreement", message, "stem")


RULES = (odd_form, agreement)


def _form(text: str) -> str:
    """Return what kind of words a text is, or nothing where the tags leave a doubt."""
    tags = _tags(text)
    if not tags:
        return ""
    if text.split(maxsplit=1)[0].endswith("ing"):
        return _FORMS["VVG"]
    if tags[0] in _NOUN_STARTS:
        is_sentence = (tags[0] == "PNP" and len(tags) > 1) or any(each in _FINITE for each in tags)
        return "a sentence" if is_sentence else "a noun"
    return _FORMS.get(tags[0], "")


def _number(text: str) -> str:
    """Return singular or plural for a noun phrase whose head is told by an article or a tag."""
    tags = _tags(text)
    if not tags or tags[0] not in _NOUN_STARTS or any(each in _FINITE for each in tags) or "CJC" in tags:
        return ""
    end = next(
        (place for place, each in enumerate(tags) if each in {"PRF", "PRP", "CJT", "PNQ", "DTQ", "VVN"}), len(tags)
    )
    heads = [each for each in tags[:end] if each[:2] in {"NN", "NP"}]
    return {"NN1": "singular", "NN2": "plural"}.get(heads[-1], "") if heads else ""


def _tags(text: str) -> Sequence[str]:
    words = _WORD.findall(text)
    if not words:
        return ()
    # A capital at the start of an answer is no name.
    shown = [words[0].lower() if words[0][1:].islower() else words[0], *words[1:]]
    return [tagged.tag for tagged in tag(shown) or ()]
