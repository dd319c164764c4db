"""Whether words can be an answer, and in which forms it is accepted."""

from __future__ import annotations

from collections.abc import Sequence

from quizapp.core.generation.asking import VAGUE_NOUNS
from quizapp.core.generation.phrases import joined_phrase
from quizapp.core.generation.reading import Reading
from quizapp.core.generation.texts import Token
from quizapp.core.linting.wording import is_content, word_set

_POINTING = word_set("""
    this these that those such other another it its they them their his her he she we us our you your i me my here
    there same one ones each both latter former itself themselves himself herself
    """)
_LONGEST = 14


def is_good_key(tokens: Sequence[Token]) -> bool:  # noqa: PLR0911  # a guard a line
    """Say whether a noun phrase can be an answer: it names something, by itself, and no longer than a line."""
    if not tokens or len(tokens) > _LONGEST:
        return False
    if any(token.lower in _POINTING and token.tag not in {"CJT", "PNQ"} for token in tokens):
        return False
    phrase = joined_phrase(tokens, 0)
    if phrase is None:
        return False
    head = tokens[phrase.head]
    if head.tag in {"CRD", "ORD", "DT0", "PNI", "EX0", "PNP"} or tokens[-1].tag in {
        "PRP",
        "PRF",
        "CJC",
        "CJS",
        "AT0",
        "CJT",
        "AV0",
    }:
        return False
    if tokens[0].tag in {"CRD", "ORD"} or any(
        token.lower in {"year", "years", "days", "hours", "minutes"} for token in tokens
    ):
        return False
    if tokens[0].lower in {
        "no",
        "any",
        "some",
        "many",
        "most",
        "few",
        "several",
        "all",
        "every",
        "much",
        "more",
        "less",
        "quite",
        "far",
    }:
        return False
    if head.lower in VAGUE_NOUNS and sum(is_content(t.lower) for t in tokens) < 3:
        return False
    if any(token.tag == "CRD" for token in tokens[:3]) and tokens[0].tag in {"AV0", "PRP"}:
        return False
    nouns = [token.lower for token in tokens if token.tag in {"NN1", "NN2"}]
    if len(set(nouns)) < len(nouns):
        return False
    if any(token.lower in {"different", "same", "similar"} for token in tokens[: phrase.head]):
        return False
    return any(is_content(token.lower) for token in tokens)


def is_specific(tokens: Sequence[Token]) -> bool:
    """Say whether a phrase names what it means: a name, a kind of thing, or a thing told by two words or more."""
    if tokens[0].lower != "the":
        return True
    names = [token for token in tokens[1:] if token.text[0].isupper()]
    return bool(names) or sum(is_content(token.lower) for token in tokens) >= 3


def answers_for(reading: Reading, tokens: Sequence[Token], *, is_name: bool = False) -> list[str]:
    """Return the answer as the passage has it, then shorter forms that mean the same."""
    said = reading.say(tokens)
    answers = [said]
    names = _trailing_name(tokens)
    if names and names[0].tag not in {"NP0", "UNC"}:
        names = []
    if 0 < len(names) < len(tokens) and not any(token.tag in {"CJC", "PRP", "PRF"} for token in tokens):
        answers.append(reading.passage.words_of(names))
    if is_name and len(names) > 1:
        answers.append(names[-1].text)
    phrase = joined_phrase(tokens, 0)
    if phrase is not None and not phrase.is_joined and not is_name:
        core = [token for token in tokens[: phrase.head + 1] if token.tag not in {"AT0", "DPS"}]
        if core and core[-1].tag in {"NN1", "NN2", "NN0"} and len(core) >= 2 and len(tokens) > phrase.head + 1:
            answers.append(reading.passage.words_of(core))
    return list(dict.fromkeys(answers))


def _trailing_name(tokens: Sequence[Token]) -> Sequence[Token]:
    start = len(tokens)
    while start > 0 and (tokens[start - 1].text[0].isupper() or tokens[start - 1].tag == "UNC"):
        start -= 1
    return tokens[start:]
