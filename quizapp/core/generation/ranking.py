"""Which drafts to show, and in which order: the likeliest to be accepted, spread over sentences, rules and kinds."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256

from quizapp.core.generation.drafts import Draft
from quizapp.core.generation.texts import Passage
from quizapp.core.items import TrueFalse, key_text

_LEAST = 5
_PER_SENTENCE = 1.0
_SAME_SENTENCE = 0.5
_SAME_RULE = 0.06
_SAME_KEY = 1.0
_KIND_SHARE = 0.4
_TRUE_FALSE_SHARE = 0.3
_OVER_SHARE = 0.25
_MOST_IN_SENTENCE = 3


def choose(drafts: Sequence[Draft], passage: Passage, count: int | None, seed: str) -> list[Draft]:
    """Return up to `count` drafts, best first: greedily, less likely to be taken what resembles those taken before.

    Without a count there is about one for each sentence, five at least where there are so many.
    """
    wanted = count if count is not None else max(_LEAST, math.ceil(_PER_SENTENCE * len(passage.sentences)))
    left = sorted(drafts, key=lambda draft: (-draft.rank, _lot(draft, seed)))
    taken: list[Draft] = []
    while left and len(taken) < wanted:
        best = max(left, key=lambda draft: _worth(draft, taken, passage, wanted))
        left.remove(best)
        if _worth(best, taken, passage, wanted) > 0 or count is not None:
            taken.append(best)
    return taken


def _worth(draft: Draft, taken: Sequence[Draft], passage: Passage, wanted: int) -> float:
    sentence = sentence_of(draft, passage)
    beside = sum(sentence_of(other, passage) == sentence for other in taken)
    rules = Counter(other.rule for other in taken)
    kinds = Counter(other.item.kind for other in taken)
    key = _key(draft)
    worth = draft.rank - _SAME_RULE * rules[draft.rule] - _SAME_SENTENCE * beside / _MOST_IN_SENTENCE
    worth -= _SAME_KEY * (bool(key) and any(_key(other) == key for other in taken))
    share = _TRUE_FALSE_SHARE if isinstance(draft.item, TrueFalse) else _KIND_SHARE
    worth -= _OVER_SHARE * (kinds[draft.item.kind] + 1 > max(2, share * wanted))
    return worth


def sentence_of(draft: Draft, passage: Passage) -> int:
    """Return the place of the sentence in which the draft's first evidence begins."""
    start = draft.item.evidence[0].start or 0
    return max((sentence.place for sentence in passage.sentences if sentence.start <= start), default=0)


def _key(draft: Draft) -> str:
    return "" if isinstance(draft.item, TrueFalse) else key_text(draft.item).casefold().removeprefix("the ")


def _lot(draft: Draft, seed: str) -> str:
    return sha256(f"{seed} {draft.item.external_id}".encode()).hexdigest()
