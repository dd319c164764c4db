"""Where the answer to a question stands: the sentence, and its passage with the evidence marked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.core.sentences import sentences_around
from quizapp.models import Evidence, Passage, PassageVersion, Topic
from quizapp.web.rendering import Text, marked


@dataclass(frozen=True)
class EvidenceView:
    """Where the answer stands: the sentence, and the whole passage with it marked."""

    topic_slug: str
    topic_title: str
    heading: str
    note: str
    brief: tuple[Text, ...]
    whole: tuple[Text, ...]
    quotes: tuple[str, ...] = field(default=())


def evidence_views(session: Session, item_version_ids: Iterable[int]) -> dict[int, EvidenceView]:
    """Return the evidence of item versions, in one query; versions without evidence are left out."""
    ids = sorted(set(item_version_ids))
    if not ids:
        return {}
    rows = session.execute(
        select(
            Evidence.item_version_id, Evidence.passage_version_id, Evidence.start, Evidence.end, Evidence.quote,
            PassageVersion.text, Passage.heading, Passage.note, Topic.slug, Topic.title,
        )
        .join(PassageVersion, PassageVersion.id == Evidence.passage_version_id)
        .join(Passage, Passage.id == PassageVersion.passage_id)
        .join(Topic, Topic.id == Passage.topic_id)
        .where(Evidence.item_version_id.in_(ids))
        .order_by(Evidence.item_version_id, Evidence.passage_version_id.desc(), Evidence.start)
    )  # fmt: skip
    grouped: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        group = grouped[row.item_version_id]
        if not group or group[0].passage_version_id == row.passage_version_id:  # the newest wording only
            group.append(row)
    return {version_id: _evidence_view(group) for version_id, group in grouped.items()}


def marked_sentences(text: str, spans: Sequence[tuple[int, int]]) -> tuple[Text, ...]:
    """Return the sentences around the spans with these marked, what lies between them left out."""
    brief: list[Text] = []
    for number, margin in enumerate(sentences_around(text, spans) if spans else ()):
        if number:
            brief.append(Text(" … ", False))
        brief += marked(text, spans, margin)
    return tuple(brief)


def _evidence_view(rows: list[Any]) -> EvidenceView:
    first = rows[0]
    spans = [(row.start, row.end) for row in rows]
    return EvidenceView(
        topic_slug=first.slug,
        topic_title=first.title,
        heading=first.heading,
        note=first.note,
        brief=marked_sentences(first.text, spans),
        whole=tuple(marked(first.text, spans)),
        quotes=tuple(row.quote for row in rows),
    )
