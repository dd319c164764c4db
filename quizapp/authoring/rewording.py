"""A passage in another wording: its questions' sentences found again, and what is done about those that are gone."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select, update
from sqlalchemy.orm import Session

from quizapp.authoring.passages import source_at
from quizapp.authoring.quotes import check_quote, nearest_words
from quizapp.authoring.removing import remove_from_set
from quizapp.core.items import plain_stem, read_item
from quizapp.core.relocating import relocate
from quizapp.errors import Conflict, Invalid, NotFound
from quizapp.models import Draft, Evidence, Item, ItemSetItem, ItemVersion, Passage, PassageVersion

Spans = list[tuple[int, int, str]]


@dataclass(frozen=True)
class Rewording:
    """What another wording of a passage would do: where each item version's evidence stands in it, None where gone."""

    passage_id: int
    version_number: int  # that it replaces
    text: str
    placed: dict[tuple[int, int], Spans | None]  # by (item, item version)
    key_facts: list[dict[str, object]]

    @property
    def lost(self) -> int:
        """How many questions lose their sentence."""
        return sum(spans is None for spans in self.placed.values())


@dataclass(frozen=True)
class Stale:
    """A question whose sentence is not in the passage any more."""

    item_id: int
    status: str
    stem: str
    quotes: tuple[str, ...]
    nearest: str  # of the new text; empty when nothing is near


def plan_rewording(session: Session, passage_id: int, owner_id: int, text: str) -> Rewording:
    """Find the evidence of the passage's questions in another text. Raises NotFound."""
    shown = session.execute(
        select(Passage.version_number, Passage.key_facts, PassageVersion.text)
        .join(
            PassageVersion,
            and_(PassageVersion.passage_id == Passage.id, PassageVersion.number == Passage.version_number),
        )
        .where(Passage.id == passage_id, Passage.owner_id == owner_id)
    ).one_or_none()
    if shown is None:
        raise NotFound
    spans: dict[tuple[int, int], list[tuple[int, str, str]]] = defaultdict(list)
    newest: dict[int, int] = {}
    for item_id, version_id, number, start, quote, old in session.execute(
        _EVIDENCE.where(Item.passage_id == passage_id)
    ):
        if newest.setdefault(version_id, number) == number:  # those of the newest wording come first
            spans[item_id, version_id].append((start, quote, old))
    placed = {key: _all_placed(found, text) for key, found in spans.items()}
    facts = []
    for fact in shown.key_facts:
        found = relocate(shown.text[fact["start"] : fact["end"]], fact["start"], shown.text, text)
        if found is not None:
            facts.append({**fact, "start": found[0], "end": found[1]})
    return Rewording(passage_id, shown.version_number, text, placed, facts)


def reword(
    session: Session, plan: Rewording, owner_id: int, *, heading: str, note: str, seen_version: int, now: datetime
) -> None:
    """Store the passage's new wording as its next version; questions keep the old one where theirs was not found.

    Attempts keep what they pinned. Raises Conflict when the passage was changed meanwhile.
    """
    passage = session.scalar(
        select(Passage).where(Passage.id == plan.passage_id, Passage.owner_id == owner_id).with_for_update()
    )
    if passage is None:
        raise NotFound
    if not passage.version_number == plan.version_number == seen_version:
        raise Conflict(
            "This passage was changed in another window meanwhile. What you wrote is still here; "
            "save again to put it in place of that change."
        )
    passage.heading, passage.note = heading, note
    if source_at(session, owner_id, passage_id=passage.id).text == plan.text:
        return
    passage.version_number += 1
    passage.key_facts = plan.key_facts
    version = PassageVersion(
        passage_id=passage.id, number=passage.version_number, text=plan.text,
        sha256=hashlib.sha256(plan.text.encode()).hexdigest(), created_at=now,
    )  # fmt: skip
    session.add(version)
    session.flush()
    for (_, version_id), spans in plan.placed.items():
        if spans is not None:
            _place(session, version_id, version.id, spans)
    for is_stale in (True, False):
        ids = [item_id for (item_id, _), spans in plan.placed.items() if (spans is None) is is_stale]
        session.execute(update(Item).where(Item.id.in_(ids)).values(is_stale=is_stale))
        if is_stale:
            session.execute(update(Draft).where(Draft.item_id.in_(ids)).values(is_clean=False))


def stale_questions(session: Session, passage_id: int, owner_id: int, text: str) -> list[Stale]:
    """List the person's questions on the passage whose sentence is gone, with the words of the text nearest to it."""
    rows = session.execute(
        select(Item.id, Item.status, ItemVersion.content)
        .join(ItemVersion, and_(ItemVersion.item_id == Item.id, ItemVersion.number == Item.version_number))
        .where(
            Item.passage_id == passage_id, Item.owner_id == owner_id, Item.is_stale,
            Item.status.in_(("draft", "published")),
        )
        .order_by(Item.id)
    )  # fmt: skip
    stale = []
    for item_id, status, content in rows:
        item = read_item(content)
        quotes = tuple(evidence.quote for evidence in item.evidence)
        nearest = [words for words in (nearest_words(quote, text) for quote in quotes) if words]
        stale.append(Stale(item_id, status, plain_stem(item.stem), quotes, "\n".join(dict.fromkeys(nearest))))
    return stale


def place_evidence(session: Session, passage_id: int, item_id: int, owner_id: int, quotes: str) -> None:
    """Let a question rest on other words of its passage, a stretch a line. Raises Invalid for "quote"."""
    _own_stale(session, passage_id, item_id, owner_id)
    source = source_at(session, owner_id, passage_id=passage_id)
    lines = [line.strip() for line in quotes.splitlines() if line.strip()]
    if not lines or source.passage_version_id is None:
        raise Invalid("quote", "Copy the words that settle the answer from the passage.")
    spans = [(start, start + len(line), line) for line in lines for start in (check_quote(line, source.text),)]
    version_id = session.scalar(
        select(ItemVersion.id)
        .join(Item, Item.id == ItemVersion.item_id)
        .where(Item.id == item_id, ItemVersion.number == Item.version_number)
    )
    _place(session, version_id or 0, source.passage_version_id, sorted(set(spans)))
    session.execute(update(Item).where(Item.id == item_id).values(is_stale=False))


def retire_stale(session: Session, passage_id: int, item_id: int, owner_id: int) -> None:
    """Retire a question whose sentence is gone: out of its sets, attempts keep it. Raises Conflict as removing does."""
    _own_stale(session, passage_id, item_id, owner_id)
    for set_id in session.scalars(select(ItemSetItem.item_set_id).where(ItemSetItem.item_id == item_id)).all():
        remove_from_set(session, set_id, item_id, owner_id)
    session.execute(update(Item).where(Item.id == item_id).values(status="retired", is_listed=False, is_stale=False))


_EVIDENCE = (
    select(
        Item.id, ItemVersion.id, PassageVersion.number, Evidence.start, Evidence.quote, PassageVersion.text
    )
    .join(ItemVersion, and_(ItemVersion.item_id == Item.id, ItemVersion.number == Item.version_number))
    .join(Evidence, Evidence.item_version_id == ItemVersion.id)
    .join(PassageVersion, PassageVersion.id == Evidence.passage_version_id)
    .where(Item.status.in_(("draft", "published")))
    .order_by(Item.id, PassageVersion.number.desc(), Evidence.start)
)  # fmt: skip


def _all_placed(found: list[tuple[int, str, str]], text: str) -> Spans | None:
    spans = []
    for start, quote, old in found:
        place = relocate(quote, start, old, text)
        if place is None:
            return None
        spans.append((*place, text[place[0] : place[1]]))
    return sorted(set(spans))


def _place(session: Session, item_version_id: int, passage_version_id: int, spans: Spans) -> None:
    session.add_all(
        Evidence(
            item_version_id=item_version_id, passage_version_id=passage_version_id, start=start, end=end, quote=quote
        )
        for start, end, quote in spans
    )
    session.flush()


def _own_stale(session: Session, passage_id: int, item_id: int, owner_id: int) -> None:
    known = session.scalar(
        select(func.count()).where(
            Item.id == item_id, Item.passage_id == passage_id, Item.owner_id == owner_id, Item.is_stale
        )
    )
    if not known:
        raise NotFound
