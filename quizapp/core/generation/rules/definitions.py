"""Definitions, asked both ways: “What is X?” as a card, and “What is … called?” for the term."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quizapp.core.generation.asking import VAGUE_NOUNS, content_count, tidy
from quizapp.core.generation.building import card, short_or_card
from quizapp.core.generation.drafts import Candidate
from quizapp.core.generation.persons import is_person
from quizapp.core.generation.phrases import ADJECTIVES, FINITE, noun_phrase, number_of
from quizapp.core.generation.reading import Read, Reading
from quizapp.core.generation.texts import Sentence, Token
from quizapp.core.linting.wording import word_set

_NAMING = word_set("called termed dubbed")
_POINTING = word_set(
    "this these that those such it its their they them his her he she we our you your here there other another"
)
_EVENTS = word_set("""
    detour journey distance trip voyage walk ride feat step move fact sum total increase decrease drop rise loss gain
    figure change reversal course event result practice sign task job day year time date speed pattern habit amount
    number trend reminder way shift success failure victory defeat
    """)
_LONGEST = 22  # words


@dataclass(frozen=True)
class Definition:
    """A term and what it is, in words of one sentence."""

    term: Sequence[Token]
    meaning: Sequence[Token]
    sentence: Sentence
    is_person: bool = False
    is_naming: bool = False  # the sentence says what something is called
    said: str = ""  # the term in words where it comes from another sentence
    verb: str = ""  # is, are, was or were where the sentence has it
    places: tuple[tuple[int, int], ...] = ()


def propose(reading: Reading) -> Iterator[Candidate]:
    """Give a card for each definition, and a question for its term where the sentence names it."""
    for found in definitions(reading):
        yield from _ask(reading, found)


def definitions(reading: Reading) -> list[Definition]:
    """Return what the passage defines, in its order."""
    found: list[Definition] = []
    for sentence in reading.passage.sentences:
        found += [*_named(reading, sentence), *_apposed(reading, sentence)]
    for read in reading.reads:
        if read.clause.kind == "main":
            found += _copula(reading, read)
    return [each for each in found if _is_whole(each)]


def _ask(reading: Reading, found: Definition) -> Iterator[Candidate]:
    passage = reading.passage
    term, meaning = found.said or reading.say(found.term), reading.say(found.meaning)
    place = found.places or ((found.sentence.start, found.sentence.end),)
    if found.is_person:
        was = "was" if any(t.tag in {"VVD", "VBD", "VHD"} for t in found.sentence.tokens) else "is"
        yield card(passage, "who-was", f"According to the passage, who {was} {term}?", meaning, place, 0.6)
        return
    phrase = noun_phrase(found.term, 0)
    if phrase is None:
        return
    are = found.verb or ("are" if number_of(found.term, phrase) == "many" else "is")
    yield card(passage, "definition", f"In the passage, what {are} {term}?", meaning, place, 0.9)
    if found.is_naming and content_count(meaning) >= 3:
        of = noun_phrase(found.meaning, 0)
        be = "are" if of is not None and number_of(found.meaning, of) == "many" else "is"
        bare = re.sub(r"^(?:an?|the) ", "", term)
        yield short_or_card(passage, "term", f"what {be} {meaning} called", [bare], place, 0.8)


def _named(reading: Reading, sentence: Sentence) -> Iterator[Definition]:
    """Find “small rings of DNA called plasmids”, and “the gap … is called a shortage”."""
    tokens = sentence.tokens
    for place, token in enumerate(tokens):
        is_known_as = token.lower == "known" and place + 1 < len(tokens) and tokens[place + 1].lower == "as"
        if token.lower not in _NAMING and not is_known_as:
            continue
        after = place + 1 + is_known_as
        term = noun_phrase(tokens, after)
        if term is None or place == 0:
            continue
        following = tokens[term.end] if term.end < len(tokens) else None
        if following is not None and (following.is_word and following.tag not in FINITE | {"CJC", "PRP", "CJS", "AV0"}):
            continue
        meaning = _before(tokens, place)
        if meaning is not None:
            yield Definition(tokens[term.start : term.end], meaning, sentence, is_naming=True)
    for read in reading.reads:
        clause = read.clause
        if clause.sentence is not sentence or clause.is_negated or read.is_resolved or clause.kind != "main":
            continue
        if clause.is_passive and clause.main_verb.lower in _NAMING and clause.rest and not clause.insertion:
            term = noun_phrase(clause.rest, 0)
            if term is not None and term.end == len(clause.rest):
                yield Definition(clause.rest, clause.subject, sentence, is_naming=True)


def _before(tokens: Sequence[Token], place: int) -> Sequence[Token] | None:
    """Return the noun phrase with “of” that ends before a participle, when an article or adjective begins it."""
    for start in range(max(0, place - 8), place):
        phrase = noun_phrase(tokens, start)
        is_begun = start == 0 or tokens[start - 1].tag not in {
            "AT0",
            "AJ0",
            "DT0",
            "CRD",
            "NN1",
            "NP0",
            "PRF",
            "AV0",
            "DPS",
            "AJS",
            "AJC",
            "NN2",
        }
        if phrase is not None and phrase.end == place and is_begun and tokens[phrase.head].tag in {"NN1", "NN2", "NN0"}:
            return tokens[start:place]
    return None


def _apposed(reading: Reading, sentence: Sentence) -> Iterator[Definition]:
    """Find “ATP, the molecule that carries energy around the cell,”."""
    tokens = sentence.tokens
    for place in range(1, len(tokens) - 2):
        if tokens[place].text != "," or tokens[place + 1].tag != "AT0":
            continue
        term = _name_before(tokens, place)
        meaning = noun_phrase(tokens, place + 1)
        if term is None or meaning is None:
            continue
        end = meaning.end
        while end < len(tokens) and tokens[end].text not in {",", ".", ";", ":", "–", "—", "(", ")", "?"}:
            end += 1
        closing = tokens[end].text if end < len(tokens) else "."
        inner = tokens[meaning.end : end]
        if any(t.tag in FINITE for t in inner) and not (inner and inner[0].tag in {"CJT", "PNQ", "DTQ", "PRP", "AVQ"}):
            continue
        if inner and inner[0].tag in {"CJT", "PNQ", "DTQ", "AVQ"} and not any(t.tag in FINITE for t in inner):
            continue
        if any(t.tag == "CJC" for t in inner[:1]) or closing in {"(", "?"}:
            continue
        if tokens[meaning.head].lower in _EVENTS:
            continue  # it is said of the whole clause: “sailed round Cape Horn, a detour of …”
        if closing == "," and _is_list(tokens, end):
            continue
        whole = tokens[place + 1 : end]
        who = is_person(reading.passage, tokens[term[0] : term[1]]) or is_person(
            reading.passage, tokens[meaning.start : meaning.end]
        )
        yield Definition(tokens[term[0] : term[1]], whole, sentence, is_person=who)


def _name_before(tokens: Sequence[Token], comma: int) -> tuple[int, int] | None:
    """Return the term before a comma: a noun without article, or with “a”, that a preposition or nothing precedes."""
    for start in range(max(0, comma - 6), comma):
        phrase = noun_phrase(tokens, start)
        if phrase is None or phrase.end != comma or any(t.tag in {"PRF", "DPS", "POS"} for t in tokens[start:comma]):
            continue
        before = tokens[start - 1] if start else None
        if before is not None and (
            before.tag in {"AJ0", "AT0", "DT0", "NN1", "NN2", "NP0", "CJC", "CRD", "AJS", "POS", "DPS", "PRF"}
            or before.text in {",", "“"}
        ):
            continue
        first = tokens[start]
        if first.tag in {"DT0", "CRD", "PNP"} or (
            first.lower in {"the", "no"} and not tokens[comma - 1].text[0].isupper()
        ):
            continue
        return start, comma
    return None


def _is_list(tokens: Sequence[Token], comma: int) -> bool:
    """Say whether a list goes on after the comma: “a beach, a reef, or …”."""
    after = tokens[comma + 1 : comma + 3]
    if after and after[0].tag == "CJC":
        phrase = noun_phrase(tokens, comma + 2)
        if phrase is None:
            return tokens[comma + 2].tag not in FINITE
        return not (phrase.end < len(tokens) and tokens[phrase.end].tag in FINITE)
    phrase = noun_phrase(tokens, comma + 1)
    return (
        phrase is not None
        and phrase.end < len(tokens)
        and (tokens[phrase.end].text == "," or tokens[phrase.end].tag == "CJC")
    )


def _copula(reading: Reading, read: Read) -> Iterator[Definition]:
    """Find “a price ceiling is a legal maximum price”, where the subject is a name or a kind of thing."""
    clause = read.clause
    if len(clause.verbs) != 1 or clause.verbs[0].tag not in {"VBZ", "VBB", "VBD"} or clause.is_negated or clause.front:
        return
    if clause.condition and clause.condition[0].lower not in {"although", "though", "while"}:
        return
    if clause.insertion and clause.insertion[0].lower not in {"by", "for", "or"}:
        return
    first, head = clause.subject[0], read.head
    is_name = head.text[0].isupper() and read.subject[:1] not in {"i", "a"}
    is_kind = first.lower in {"a", "an"} or (
        first.tag not in {"AT0", "DT0", "DPS", "CRD", "ORD"} and len(clause.subject) <= 3
    )
    rest = list(clause.rest)
    if clause.tails and rest and not reading.passage.text[rest[-1].end : clause.tails[0].tokens[0].start].strip():
        rest += clause.tails[0].tokens  # “a rock that forms when lava cools”
    while rest and rest[0].tag == "AV0":
        rest = rest[1:]
    if not (is_kind or is_name) or not _describes(rest):
        return
    if any(t.tag in {"PRF", "PRP", "CJC"} for t in clause.subject) or (
        read.is_resolved and not (is_name or read.subject.startswith(("a ", "an ")))
    ):
        return
    verb = clause.verbs[0].lower
    if verb in {"was", "were"} and not is_name:
        return
    yield Definition(
        clause.subject,
        rest,
        clause.sentence,
        is_person=read.is_person,
        said=read.subject,
        verb=verb,
        places=read.places,
    )


def _describes(rest: Sequence[Token]) -> bool:
    """Say whether what follows “is” can define: a phrase with an article, or bare nouns as in “iron oxide”."""
    if len(rest) >= 3 and rest[0].lower in {"a", "an", "the"}:
        return True
    return len(rest) == 2 and all(token.tag in {"NN1", "AJ0"} for token in rest) and rest[1].tag == "NN1"


def _is_whole(found: Definition) -> bool:  # noqa: PLR0911  # a guard a line
    """Say whether both sides say something by themselves."""
    if any(t.tag == "PNP" for t in found.term) and not found.said:
        return False
    if not 1 <= len(found.term) <= 5 or not 2 <= len(found.meaning) <= _LONGEST + 6:
        return False
    if len([t for t in found.meaning if t.is_word]) > _LONGEST:
        return False
    if any(t.lower in _POINTING and t.tag not in {"CJT", "PNQ"} for t in (*found.meaning, *found.term)):
        return False
    phrase = noun_phrase(found.meaning, 0)
    if phrase is None:
        return False
    pairs = zip(found.meaning, found.meaning[1:], strict=False)
    if any(one.lower == "the" and other.tag == "CRD" for one, other in pairs):
        return False
    head = found.meaning[phrase.head].lower
    rest = content_count(" ".join(t.text for t in found.meaning))
    if head in VAGUE_NOUNS and rest < 3:
        return False
    if found.meaning[-1].tag in ADJECTIVES | {"PRP", "PRF", "CJC", "AT0", "CJT", "CJS"}:
        return False
    said = tidy(" ".join(t.lower for t in found.term))
    return rest >= 2 and said not in " ".join(t.lower for t in found.meaning) and not re.search(r"\d", said)
