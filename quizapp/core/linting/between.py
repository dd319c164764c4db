"""Rules between items that are asked together: twins, items that give each other away, and the share of true."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from rapidfuzz import fuzz

from quizapp.core.grading.spelling import one_spelling
from quizapp.core.items import (
    Cloze,
    Item,
    Matching,
    MultipleChoice,
    Ordering,
    SingleChoice,
    TrueFalse,
    key_text,
    plain_stem,
)
from quizapp.core.linting.findings import Finding, flaw, gate
from quizapp.core.linting.subjects import Subject
from quizapp.core.linting.wording import content_words, quoted, roots, words

Placed = tuple[int, Finding]

_TWINS = 85  # similarity in per cent
_FEW = 4  # true/false items; of fewer a share says nothing


def same_id(items: Sequence[Item]) -> Iterator[Placed]:
    """Find an external id that an item before has, too."""
    seen: set[str] = set()
    for place, item in enumerate(items):
        if item.external_id in seen:
            message = f"Another question has the id {quoted([item.external_id])}, too. Give each its own."
            yield place, gate("same-id", message, "")
        if item.external_id:
            seen.add(item.external_id)


def enemies(items: Sequence[Item]) -> Iterator[Placed]:
    """Find enemies that are not among the items, that are the item itself, or that don't name it in turn."""
    by_id = {item.external_id: item for item in items if item.external_id}
    for place, item in enumerate(items):
        for enemy in item.enemies:
            if enemy not in by_id or enemy == item.external_id:
                message = f"The enemy {quoted([enemy])} is no other question here. Correct the id or take it away."
                yield place, flaw("unknown-enemy", message, "enemies")
            elif item.external_id not in by_id[enemy].enemies:
                message = f"{quoted([enemy])} does not name this question as its enemy. Name it there, too."
                yield place, flaw("one-sided-enemy", message, "enemies")


def leaks(items: Sequence[Item]) -> Iterator[Placed]:
    """Find items whose typed key can be read in another that may be asked beside them."""
    shown = [_padded(" ".join(_shown_texts(item))) for item in items]
    for place, item in enumerate(items):
        for key in Subject(item, None).typed_keys:
            wanted = _padded(key.text)
            for other_place, other in enumerate(items):
                if wanted in shown[other_place] and other_place != place and not _are_enemies(item, other):
                    name = quoted([_name(other)])
                    message = f"The answer {quoted([key.text])} stands in {name}. Make the two enemies."
                    yield place, flaw("leak", message, "enemies")


def near_duplicates(items: Sequence[Item]) -> Iterator[Placed]:
    """Find items that ask nearly what an earlier one asks, though both may be asked in one quiz."""
    stems = [" ".join(sorted(content_words(plain_stem(item.stem)))) for item in items]
    whole = [f"{stem} {key_text(item)}" for stem, item in zip(stems, items, strict=True)]
    for first, second in combinations(range(len(items)), 2):
        if not stems[first] or not stems[second] or _are_enemies(items[first], items[second]):
            continue
        if (
            fuzz.ratio(stems[first], stems[second], score_cutoff=_TWINS)
            or fuzz.token_set_ratio(whole[first], whole[second], score_cutoff=_TWINS)
        ):  # fmt: skip
            message = f"This asks nearly the same as {quoted([items[first].stem])}. Drop one or make the two enemies."
            yield second, gate("near-duplicate", message, "stem")


def true_share(items: Sequence[Item]) -> Iterator[Placed]:
    """Find too many true or too many false statements: from four on, two to three in five should be true."""
    keys = [
        (place, any(option.id == "true" and option.weight == 1 for option in item.options))
        for place, item in enumerate(items)
        if isinstance(item, TrueFalse)
    ]
    true = sum(is_true for _, is_true in keys)
    if len(keys) >= _FEW and not 0.4 <= true / len(keys) <= 0.6:
        message = f"{true} of {len(keys)} true/false statements are true. Turn some, so that about half are."
        yield keys[-1][0], flaw("true-share", message, "")


def same_facts(items: Sequence[Item], passage: str | None) -> Iterator[Placed]:
    """Find items with the key of an earlier one in the same sentence, though both may be asked in one quiz."""
    facts: dict[tuple[frozenset[str], tuple[str, ...]], list[int]] = defaultdict(list)
    for place, item in enumerate(items):
        subject = Subject(item, passage)
        key = frozenset[str]().union(*(roots(key.text) for key in subject.keys))
        if not key or not subject.evidence_sentences:
            continue
        twins = facts[key, subject.evidence_sentences]
        for twin in twins:
            if not _are_enemies(items[twin], item):
                name = quoted([_name(items[twin])])
                message = f"{name} has the same answer from the same sentence. Make the two enemies."
                yield place, flaw("same-fact", message, "enemies")
        twins.append(place)


RULES = (same_id, enemies, leaks, near_duplicates, true_share)


def _are_enemies(one: Item, other: Item) -> bool:
    return other.external_id in one.enemies or one.external_id in other.enemies


def _shown_texts(item: Item) -> Iterator[str]:
    """Give every text that stands on the page before the answer, apart from hints."""
    yield plain_stem(item.stem)
    match item:
        case SingleChoice() | MultipleChoice():
            yield from (option.text for option in item.options)
        case Cloze():
            yield from (option.text for gap in item.gaps for option in gap.options)
        case Matching():
            yield from (text for pair in item.pairs for text in (pair.left, pair.right) if text)
        case Ordering():
            yield from item.order


def _name(item: Item) -> str:
    return item.external_id or item.title or item.stem


def _padded(text: str) -> str:
    return f" {' '.join(one_spelling(word) for word in words(text))} "
