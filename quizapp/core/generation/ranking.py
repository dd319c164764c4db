"""Which drafts to show, and in which order: the likeliest to be accepted, spread over sentences, rules and kinds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from quizapp.core.generation.drafts import Draft
from quizapp.core.generation.texts import Passage
from quizapp.core.grading.wording import plain_words
from quizapp.core.items import TrueFalse, key_text

_LEAST = 5
_PER_SENTENCE = 1.0
# What a draft is worth less beside those taken before, as a share of acceptance.
_SAME_SENTENCE = 0.12
_SAME_RULE = 0.04
_SAME_KEY = 1.0
_OVER_SHARE = 0.25  # of a kind beyond its share
_UNBALANCED = 0.15  # another true statement where there are more true than false, or the other way round
_KIND_SHARE = 0.4
_TRUE_FALSE_SHARE = 0.3
_LEAST_WORTH = 0.5  # below it a draft is shown only where there are few
_FEW = 4


@dataclass(frozen=True)
class _Entry:
    """A draft with what it is compared by."""

    draft: Draft
    sentence: int
    key: str
    is_true: bool | None  # of a statement


def choose(drafts: Sequence[Draft], passage: Passage, count: int | None, seed: str) -> list[Draft]:
    """Return up to `count` drafts, best first: greedily, less likely to be taken what resembles those taken before.

    Without a count there is about one for each sentence, five at least where there are so many.
    """
    wanted = count if count is not None else max(_LEAST, math.ceil(_PER_SENTENCE * len(passage.sentences)))
    ordered = sorted(drafts, key=lambda draft: (-draft.rank, _lot(draft, seed)))
    left = [_entry(draft, passage) for draft in ordered]
    taken: list[_Entry] = []
    while left and len(taken) < wanted:
        worths = [_worth(entry, taken, wanted) for entry in left]
        best = worths.index(max(worths))
        if count is None and worths[best] < (_LEAST_WORTH if len(taken) >= _FEW else 0):
            break
        taken.append(left.pop(best))
    return [entry.draft for entry in taken]


def sentence_of(draft: Draft, passage: Passage) -> int:
    """Return the place of the sentence that a draft asks about: that of its last evidence."""
    start = draft.item.evidence[-1].start or 0
    return max((sentence.place for sentence in passage.sentences if sentence.start <= start), default=0)


def _entry(draft: Draft, passage: Passage) -> _Entry:
    item = draft.item
    is_true = None
    if isinstance(item, TrueFalse):
        is_true = any(option.id == "true" and option.weight == 1 for option in item.options)
    key = "" if is_true is not None else " ".join(plain_words(key_text(item)))
    return _Entry(draft, sentence_of(draft, passage), key, is_true)


def _worth(entry: _Entry, taken: Sequence[_Entry], wanted: int) -> float:
    worth = entry.draft.rank
    worth -= _SAME_SENTENCE * sum(other.sentence == entry.sentence for other in taken)
    worth -= _SAME_RULE * sum(other.draft.rule == entry.draft.rule for other in taken)
    worth -= _SAME_KEY * (bool(entry.key) and any(other.key == entry.key for other in taken))
    share = _KIND_SHARE
    if entry.is_true is not None:
        share = _TRUE_FALSE_SHARE
        alike = sum(other.is_true is entry.is_true for other in taken)
        opposed = sum(other.is_true is (not entry.is_true) for other in taken)
        worth -= _UNBALANCED * (alike > opposed)
    same_kind = sum(other.draft.item.kind == entry.draft.item.kind for other in taken)
    return worth - _OVER_SHARE * (same_kind + 1 > max(2, share * wanted))


def _lot(draft: Draft, seed: str) -> str:
    return sha256(f"{seed} {draft.item.external_id}".encode()).hexdigest()
