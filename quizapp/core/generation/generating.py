"""The way of a passage through rules, gates and ranking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256

from quizapp.core.generation.drafts import GENERATOR_VERSION, Candidate, Draft, Generated, Refused
from quizapp.core.generation.gates import enemies_among, judge
from quizapp.core.generation.ranking import choose
from quizapp.core.generation.rules import propose
from quizapp.core.generation.texts import read_passage
from quizapp.core.items import Item, key_text

SOURCE = "rules"


def generate(
    text: str,
    *,
    seed: str = "",
    count: int | None = None,
    existing: Sequence[Item] = (),
    priors: Mapping[str, tuple[int, int]] | None = None,
    pool: Sequence[str] = (),
) -> Generated:
    """Return drafts of questions on a passage, best first, the same for the same arguments.

    `count` is how many at most, by default about one a sentence. `existing` are the passage's items: what asks the
    same is dropped, what gives one away is told as its enemy. `priors` holds for each rule how many of its drafts
    were accepted and how many judged. `pool` are other passages of the collection, whose lists and terms may serve as
    wrong answers. Raises Unreadable when the text is no passage of 40 to 1,500 words in 3 to 80 English sentences.
    """
    passage = read_passage(text)
    dropped: Counter[str] = Counter()
    drafts: dict[str, Draft] = {}
    for candidate in propose(passage, pool):
        named = _named(candidate, text)
        outcome = judge(named, text, existing, seed=seed, judged=(priors or {}).get(candidate.rule, (0, 0)))
        if isinstance(outcome, Refused):
            dropped[outcome.reason] += 1
        elif outcome.rank > drafts.get(named.item.external_id, outcome).rank or named.item.external_id not in drafts:
            drafts[named.item.external_id] = outcome
    chosen = choose(list(drafts.values()), passage, count, f"{GENERATOR_VERSION} {seed} {text}")
    notes = () if passage.is_tagged else ("The tagger is missing, so only the simplest rules made drafts.",)
    return Generated(drafts=tuple(_as_enemies(chosen)), dropped=dict(sorted(dropped.items())), notes=notes)


def _named(candidate: Candidate, text: str) -> Candidate:
    """Give the item an id that is the same whenever the same is asked of the same text."""
    item = candidate.item
    content = "\n".join((text, item.kind, item.stem, key_text(item)))
    name = f"made-{sha256(content.encode()).hexdigest()[:16]}"
    return replace(candidate, item=replace(item, external_id=name, source=SOURCE))


def _as_enemies(drafts: Sequence[Draft]) -> list[Draft]:
    """Tell drafts that ask one fact or give each other away as enemies, each naming the other."""
    items = [draft.item for draft in drafts]
    return [
        replace(
            draft,
            item=replace(
                draft.item,
                enemies=tuple(
                    sorted({*draft.item.enemies, *enemies_among(draft.item, [*items[:place], *items[place + 1 :]])})
                ),
            ),
        )
        for place, draft in enumerate(drafts)
    ]
