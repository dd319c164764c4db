"""Words of a text, their roots, and the lists that rules look them up in."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from quizapp.core.grading.spelling import one_spelling


def word_set(listed: str) -> frozenset[str]:
    """Return the words of a list that is written with spaces."""
    return frozenset(listed.split())


_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$")
_STRAIGHT = str.maketrans("‘’“”", "''\"\"")
# Longest first; an ending goes when enough of the word stays to tell it from others.
_ENDINGS = sorted(
    word_set("""
    izations ization izing ized izes ize ations ation ating ated ates ate ements ement ments ment ities ity ties ty
    iveness ives ive ions ion ances ance ences ence ants ant ents ent ings ing ingly edly ed ies es s ly al als ness
    ians ian eans ean ia ability ible able
    """),
    key=lambda ending: (-len(ending), ending),
)

SMALL_WORDS = word_set("""
    a about above according after against all also although among an and any anyone are as at be because been before
    being below between both but by can could did do does doing done during each either else every few for from further
    had has have having he her here hers him his how however i if in into is it its itself just like many may me might
    more most much must my neither no nor not of off on once one only or other our out over own per rather same shall
    she should since so some such than that the their them then there these they this those through to too toward
    towards under until up upon us very was we were what when where whether which while who whom whose why will with
    within without would yet you your
    """)
# What a question says about its text or its task, and not about its matter.
ASKING_WORDS = word_set("""
    according answer answers article articles asked asks best choose complete correct describe described describes
    following fit fits gap gaps give given gives item list listed lists make makes match matches mean means
    mention mentioned mentions name named names option options order passage passages pick present presented presents
    put question questions reader refer refers report reported reports right say said says select sentence sentences
    speak speaks state stated statement statements states support supports supported tell tells text texts true word
    words
    """)
ABSOLUTE = word_set(
    "all always completely entirely every everyone exclusively impossible must never nobody none nothing only"
)
VAGUE = word_set("frequently generally normally occasionally often rarely seldom sometimes typically usually")
NEGATIVE = word_set("cannot except false incorrect least neither never no nor not untrue without wrong")
VAGUE_HEADS = word_set("""
    area areas aspect aspects element elements factor factors feature features issue issues kind kinds matter matters
    number outcome outcomes part parts reason reasons result results role roles something sort sorts thing things type
    types variety way ways
    """)
VAGUE_ADJECTIVES = word_set(
    "certain different few important key main major many several significant some special various"
)
_ENGLISH = word_set("""
    a according after an and are as at be by can did do does for from had has have how in is it may not of on or that
    the their they this to was were what when where which who why will with would
    """)
_FOREIGN = word_set("""
    al att av che con da dans das de del dem den der des di die dla durch een ein eine el en er est et gli het ist
    il jak je la las le les los med mit na não nella nicht nie och oder para per pour que qui se sich sie som sono
    sur te um una und une uno van von wie zu è é
    """)


@lru_cache(maxsize=1024)
def words(text: str) -> tuple[str, ...]:
    """Return the words in lower case, in order; an apostrophe inside a word stays, straight."""
    return tuple(word.translate(_STRAIGHT) for word in _WORD.findall(text.casefold()))


@lru_cache(maxsize=1024)
def roots(text: str) -> frozenset[str]:
    """Return the content words without their endings, so that forms of one word meet; numbers stay whole."""
    return frozenset(root(word) for word in words(text) if is_content(word))


def content_words(text: str) -> tuple[str, ...]:
    """Return the content words that a text has beyond the words of asking."""
    return tuple(word for word in words(text) if is_content(word) and word not in ASKING_WORDS)


def is_content(word: str) -> bool:
    """Say whether a word in lower case carries matter."""
    return word.isdigit() or (len(word) > 1 and _POSSESSIVE.sub("", word) not in SMALL_WORDS)


@lru_cache(maxsize=8192)
def root(word: str) -> str:
    """Return a word in lower case without its ending: deploy for deployment, stabil for stability and stabilise."""
    word = one_spelling(_POSSESSIVE.sub("", word))
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= (3 if len(ending) < 4 else 4):
            word = word.removesuffix(ending)
            break
    word = word[:-1] if len(word) > 4 and word[-1] in "eiy" else word
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] and word[-1].isalpha() else word


def straight(text: str) -> str:
    """Return a text with straight quotation marks, for comparing."""
    return text.translate(_STRAIGHT)


def is_english(text: str) -> bool:
    """Say whether the lists apply: Latin letters, and no other language's small words in the majority."""
    letters = [character for character in text if character.isalpha()]
    if sum(character < "\u0250" for character in letters) < 0.9 * len(letters):
        return False
    found = words(text)
    return sum(word in _ENGLISH for word in found) >= sum(word in _FOREIGN for word in found)


def quoted(texts: Iterable[str]) -> str:
    """Return words or phrases as they are named in a finding: “one”, “two”."""
    return ", ".join(f"“{text}”" for text in texts)
