"""The tagger behind one door: parts of speech in the C5 tags of the British National Corpus, and lemmas.

HanTa (Wartena, 2019) and its model are loaded at the first text, not with the application. Where it is missing or
fails there are no tags, and only rules that need none make drafts.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import import_module
from typing import Any

_KNOWN = -25.0  # log probability; a word that the model has never seen stays below
_UNLIKELY = 6.0  # below the likeliest tag; “rust” is hardly a name
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Tagged:
    """A word's tag, such as NN1 or VVD, and its lemma."""

    tag: str
    lemma: str


def tag(words: Sequence[str]) -> list[Tagged] | None:
    """Return the tag and lemma of each word of a sentence, or None where there is no tagger."""
    tagger = _tagger()
    if tagger is None:
        return None
    try:
        found = tagger.tag_sent([word.replace("’", "'") for word in words])
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        _log.warning("The tagger failed on a sentence: %s", error)
        return None
    return [Tagged(tag, str(lemma)) for _, lemma, tag in found]


@lru_cache(maxsize=4096)
def readings(word: str) -> frozenset[str]:
    """Return the tags that a word in lower case may have; empty when the tagger does not know it."""
    tagger = _tagger()
    if tagger is None:
        return frozenset()
    try:
        found = tagger.tag_word(word)
    except (ArithmeticError, LookupError, TypeError, ValueError):
        return frozenset()
    best = max((chance for _, chance in found), default=_KNOWN)
    return frozenset(tag for tag, chance in found if chance > max(_KNOWN, best - _UNLIKELY))


@cache
def _tagger() -> Any:
    try:
        return import_module("HanTa.HanoverTagger").HanoverTagger("morphmodel_en.pgz")
    except (ArithmeticError, ImportError, LookupError, OSError, TypeError, ValueError) as error:
        _log.warning("There is no tagger: %s", error)
        return None
