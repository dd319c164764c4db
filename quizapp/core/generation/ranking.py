"""Which drafts to show, and in which order: the likeliest to be accepted, spread over sentences, rules and kinds."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from hashlib import sha256

from quizapp.core.generation.drafts import Draft
from quizapp.core.generation.texts import Passage
from quizapp.core.grading.wording import plain_words
from quizapp.core.items import TrueFalse, key_text

_LEAST = 5
_PER_SENTENCE = 1.0
_SAME_SENTENCE = 0.2  # less for each draft on the sentence
_SAME_RULE = 0.04
_SAME_KEY = 1.0
_KIND_SHARE = 0.4
_TRUE_FALSE_SHARE = 0.3
_OVER_SHARE = 0.25
_UNBALANCED = 0.15  # another true statement where there are more true than false, or the other way round
_LEAST_WORTH = 0.35  # below it a draft is shown only where there are few
_FEW = 4


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
        worth = _worth(best, taken, passage, wanted)
        if count is not None or worth >= _LEAST_WORTH or (len(taken) < _FEW and worth > 0):
            taken.append(best)
    return taken


def _worth(draft: Draft, taken: Sequence[Draft], passage: Passage, wanted: int) -> float:
    sentence = sentence_of(draft, passage)
    beside = sum(sentence_of(other, passage) == sentence for other in taken)
    rules = Counter(other.rule for other in taken)
    kinds = Counter(other.item.kind for other in taken)
    key = _key(draft)
    worth = draft.rank - _SAME_RULE * rules[draft.rule] - _SAME_SENTENCE * beside
    worth -= _SAME_KEY * (bool(key) and any(_key(other) == key for other in taken))
    if isinstance(draft.item, TrueFalse):
        true = [_is_true(other.item) for other in taken if isinstance(other.item, TrueFalse)]
        worth -= _UNBALANCED * (true.count(_is_true(draft.item)) > true.count(not _is_true(draft.item)))
    share = _TRUE_FALSE_SHARE if isinstance(draft.item, TrueFalse) else _KIND_SHARE
    worth -= _OVER_SHARE * (kinds[draft.item.kind] + 1 > max(2, share * wanted))
    return worth


def sentence_of(draft: Draft, passage: Passage) -> int:
    """Return the place of the sentence in which the draft's first evidence begins."""
    start = draft.item.evidence[0].start or 0
    return max((sentence.place for sentence in passage.sentences if sentence.start <= start), default=0)


def _key(draft: Draft) -> str:
    return "" if isinstance(draft.item, TrueFalse) else " ".join(plain_words(key_text(draft.item)))


def _is_true(item: TrueFalse) -> bool:
    return any(option.id == "true" and option.weight == 1 for option in item.options)


def _lot(draft: Draft, seed: str) -> str:
    return sha256(f"{seed} {draft.item.external_id}".encode()).hexdigest()
