"""Questions for how many: of what is counted or measured in a clause."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from quizapp.core.generation.asking import Chunk, asked, chunks, content_count, predicate, tidy, trailing
from quizapp.core.generation.building import number
from quizapp.core.generation.drafts import Candidate
from quizapp.core.generation.phrases import noun_phrase
from quizapp.core.generation.reading import Read, Reading
from quizapp.core.generation.texts import Token
from quizapp.core.grading.numerals import numbers_as_digits
from quizapp.core.linting.wording import word_set

_ROUGHLY = word_set(
    "about roughly around some approximately nearly almost over only at least most just exactly as many up to"
)
_FAINT = {"about", "roughly", "around", "some", "approximately", "nearly", "almost"}
_UNITS = {
    "cm": "centimetres", "km": "kilometres", "m": "metres", "mm": "millimetres", "kg": "kilograms", "g": "grams",
    "hz": "hertz", "ghz": "gigahertz", "mhz": "megahertz", "ft": "feet",
}  # fmt: skip
_BIG = {"thousand": 1e3, "million": 1e6, "billion": 1e9}
_PREPOSITIONS = word_set("in for within after into over by at")
_NOT_COUNTED = word_set(
    "way ways thing things time times kind kinds place places point points side sides day part parts pair"
)


def propose(reading: Reading) -> Iterator[Candidate]:
    """Give a question for each count in an object, a subject, or after a preposition."""
    for read in reading.reads:
        clause = read.clause
        if clause.is_negated:
            continue
        yield from _subject(reading, read)
        yield from _share(reading, read)
        for chunk in chunks(clause.rest):
            if chunk.kind in {"np", "pp"}:
                yield from _chunk(reading, read, chunk)
            if chunk.kind == "pp":
                yield from _measure(reading, read, chunk)


def _measure(reading: Reading, read: Read, chunk: Chunk) -> Iterator[Candidate]:
    """Ask “at about what temperature” for a number of degrees after “at”."""
    tokens = read.clause.rest[chunk.start : chunk.end]
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s?°C", tokens[-1].text)
    if found is None or tokens[0].lower != "at" or any(token.lower not in _ROUGHLY for token in tokens[1:-1]):
        return
    wh = "at about what temperature" if len(tokens) > 2 else "at what temperature"
    question = asked(reading, read, wh, (chunk.start, chunk.end))
    if question is not None and content_count(question) >= 3:
        yield number(reading.passage, "measure", question, float(found[1]), "°C", read.places, 0.7)


def _share(reading: Reading, read: Read) -> Iterator[Candidate]:
    """Ask “what percentage of” where a subject or object begins with one."""
    clause = read.clause
    is_subject = any(token.text.endswith("%") for token in clause.subject[:3])
    tokens = clause.subject if is_subject else clause.rest
    place = next((i for i, token in enumerate(tokens[:4]) if token.text.endswith("%")), None)
    if place is None or place + 1 >= len(tokens) or tokens[place + 1].tag != "PRF" or read.is_resolved:
        return
    rough = [token.lower for token in tokens[:place]]
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s?%", tokens[place].text)
    if found is None or any(word not in _FAINT for word in rough):
        return
    wh = "about what percentage" if rough else "what percentage"
    if is_subject:
        said, tail = predicate(reading, read), trailing(reading, read)
        after = reading.passage.words_of(tokens[place + 1 :])
        question = tidy(f"{wh} {after} {said} {tail}") if said is not None and tail is not None else None
    else:
        end = next((piece.end for piece in chunks(clause.rest) if piece.start == 0), place + 1)
        wh = f"{wh} {reading.passage.words_of(clause.rest[place + 1 : end])}"
        question = asked(reading, read, wh, (0, end))
    if question is not None:
        yield number(reading.passage, "share", question, float(found[1]), "%", read.places, 0.7)


def _subject(reading: Reading, read: Read) -> Iterator[Candidate]:
    counted = _counted(read.clause.subject)
    if counted is None or read.is_resolved or read.clause.kind == "imperative":
        return
    value, how, noun, used = counted
    if used != len(read.clause.subject) and read.clause.subject[used].tag not in {"PRF", "PRP"}:
        return
    said, tail = predicate(reading, read), trailing(reading, read)
    after = reading.passage.words_of(read.clause.subject[used:])
    if said is not None and tail is not None and content_count(said) + content_count(tail) >= 2:
        question = tidy(f"{how} {noun} {after} {said} {tail}")
        yield number(reading.passage, "count", question, value, "", read.places, 0.6)


def _chunk(reading: Reading, read: Read, chunk: Chunk) -> Iterator[Candidate]:
    tokens = read.clause.rest[chunk.start : chunk.end]
    lead = ""
    if chunk.kind == "pp":
        lead, tokens = tokens[0].lower, tokens[1:]
        if lead not in _PREPOSITIONS:
            return
    elif chunk.start != 0:
        return
    counted = _counted(tokens)
    if counted is None:
        return
    value, how, noun, used = counted
    begin = chunk.start + (chunk.kind == "pp")
    if used < len(tokens) and tokens[used].tag == "PRF":
        inner = noun_phrase(tokens, used + 1)
        if inner is None:
            return
        noun = f"{noun} {reading.passage.words_of(tokens[used : inner.end])}"  # tonnes of timber
        used = inner.end
    wh = " ".join(part for part in (lead, how, noun) if part)
    question = asked(reading, read, wh, (chunk.start, begin + used))
    if question is not None and content_count(question) >= 3:
        yield number(reading.passage, "count", question, value, "", read.places, 0.7)


def _counted(tokens: Sequence[Token]) -> tuple[float, str, str, int] | None:  # noqa: PLR0911  # a guard a line
    """Return the number, “how many” with “about” where it is rough, what is counted, and how many words they take."""
    place = 0
    while place < len(tokens) and tokens[place].lower in _ROUGHLY:
        place += 1
    rough = [token.lower for token in tokens[:place]]
    start = place
    while place < len(tokens) and (tokens[place].tag == "CRD" or tokens[place].lower in _BIG):
        place += 1
    value = _value([token.text for token in tokens[start:place]])
    if value is None or place >= len(tokens):
        return None
    end = place
    while end < len(tokens) and tokens[end].tag in {"AJ0", "NN1", "NN0", "NN2", "UNC", "VVN", "NP0"}:
        end += 1
        if tokens[end - 1].tag == "NN2" and not (end < len(tokens) and tokens[end].tag in {"NN1", "NN2"}):
            break
    if end == place:
        return None
    noun = " ".join(_UNITS.get(token.lower, token.text) for token in tokens[place:end])
    head = tokens[end - 1]
    if value != int(value) and head.lower not in _UNITS and head.tag != "NN2":
        return None
    is_plural = head.tag == "NN2" or head.lower in _UNITS or head.lower in {"people", "species", "feet"}
    if not is_plural or head.lower in _NOT_COUNTED or value < 2:
        return None
    if end + 1 < len(tokens) and tokens[end].tag == "CJC":
        return None
    how = (
        "up to how many"
        if rough[:2] == ["up", "to"]
        else "about how many"
        if _FAINT.intersection(rough)
        else "at least how many"
        if rough[:2] == ["at", "least"]
        else "how many"
    )
    if rough and how == "how many" and rough[0] not in {"only", "just", "exactly"}:
        return None
    return value, how, noun, end


def _value(words: Sequence[str]) -> float | None:
    """Return the number that one to three words say."""
    if not 1 <= len(words) <= 3:
        return None
    digits = numbers_as_digits([word.lower().replace(",", "") for word in words])
    value = 1.0
    for word in digits:
        if word in _BIG:
            value *= _BIG[word]
        elif re.fullmatch(r"\d+(?:\.\d+)?", word):
            value *= float(word)
        else:
            return None
    return value
