"""Whether a noun phrase names a person, as far as the passage shows it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from quizapp.core.generation.texts import Passage, Token
from quizapp.core.linting.actors import persons_in
from quizapp.core.linting.wording import word_set

PEOPLE = word_set("""
    actor architect artist astronomer author baker barber baron biologist boy builder captain chemist chef clerk
    composer conductor dancer designer dentist director doctor emperor engineer explorer farmer founder frenchman
    gardener geographer geologist girl governor historian inventor judge king lawyer librarian man mathematician mayor
    merchant minister monk musician nun nurse officer painter philosopher photographer physician physicist pianist
    pilot player poet politician pope potter president priest prince princess printer professor programmer queen
    sailor scholar scientist sculptor shoemaker singer soldier student sultan surgeon surveyor swimmer teacher
    translator traveller traveler tutor weaver woman worker writer zoologist botanist economist psychologist
    mechanic miller missionary naturalist navigator optician organist postmaster publisher runner
    son daughter father mother brother sister husband wife
    """)
_THINGS = word_set("""
    company firm university college museum church cathedral river lake mountain city town village island ocean sea
    war treaty act bridge tower street road house palace castle library museum army navy party union league society
    organization organisation family dynasty institute office ministry council court bank press club association
    """)
_PEOPLE_PATTERN = "|".join(sorted(PEOPLE))
_NAME = re.compile(r"[A-Z][\w’'-]*\.?")


def is_person(passage: Passage, tokens: Sequence[Token]) -> bool:
    """Say whether the words name a person or a kind of person: by a noun, a title or an apposition."""
    words = [token.lower for token in tokens]
    if any(word in _THINGS or word.rstrip("s") in _THINGS for word in words):
        return False
    if any(word in PEOPLE or word.removesuffix("s") in PEOPLE for word in words):
        return True
    if any(re.fullmatch(r"[A-Z]\.", token.text) for token in tokens) and may_be_person(
        [t for t in tokens if t.tag != "CJC"]
    ):
        return True
    names = [
        token.text
        for token in tokens
        if _NAME.fullmatch(token.text) and token.tag in {"NP0", "UNC", "AJ0", "NN1", "ZZ0", "VVD"}
    ]
    if not names or len(names) < len(tokens):
        return False
    last = names[-1]
    text = passage.words_of(tokens)
    known = persons_in(passage.text)
    if last in known or any(name in known for name in names[1:]):
        return True
    name = re.escape(text)
    apposed = rf"(?:an?|the|his|her|then|[a-z]+ of) (?:[\w’-]+ ){{0,4}}?(?:{_PEOPLE_PATTERN})\b"
    return (
        re.search(rf"\b{name},? \(?(?:who\b|{apposed}|(?:{_PEOPLE_PATTERN})\b)", passage.text) is not None
        or re.search(rf"\b(?:{_PEOPLE_PATTERN}|Frenchman|Englishman) {name}\b", passage.text) is not None
    )


def may_be_person(tokens: Sequence[Token]) -> bool:
    """Say whether the words are a name that no noun of things and places speaks against."""
    return all(token.text[0].isupper() for token in tokens) and not is_organisation(tokens)


def is_organisation(tokens: Sequence[Token]) -> bool:
    """Say whether a noun of the phrase is one of institutions and places."""
    return any(token.lower in _THINGS for token in tokens)
