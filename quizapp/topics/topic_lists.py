"""The list of topics, for a person with how each stands."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from quizapp.core.fading import Outlook, Standing
from quizapp.core.mastery import Mastery
from quizapp.learning.learners import Learner
from quizapp.learning.queue import todays_cards
from quizapp.learning.recall import topics_today
from quizapp.models import Passage, Topic


@dataclass(frozen=True)
class ListedTopic:
    """One topic of the list; `heading` is the question of its first passage, empty without one."""

    slug: str
    title: str
    heading: str
    questions: int
    mastery: Mastery
    outlook: Outlook
    due: int

    @property
    def is_met(self) -> bool:
        """Whether any of its questions was answered."""
        return self.mastery.met > 0

    @property
    def is_known(self) -> bool:
        """Whether enough was answered to say how it stands."""
        return self.outlook.standing is not Standing.UNKNOWN


def listed_topics(session: Session, person: Learner | None, now: datetime) -> list[ListedTopic]:
    """Return all listed topics in their order."""
    headings: dict[int, str] = {}
    for topic_id, heading in session.execute(
        select(Passage.topic_id, Passage.heading)
        .join(Topic, Topic.id == Passage.topic_id)
        .where(Topic.is_listed)
        .order_by(Passage.id)
    ):
        headings.setdefault(topic_id, heading)
    due = Counter(card.topic_id for card in todays_cards(session, person, now)) if person else Counter[int]()
    return [
        ListedTopic(
            slug=topic.memory.slug,
            title=topic.memory.title,
            heading=headings.get(topic.memory.topic_id, ""),
            questions=topic.memory.total,
            mastery=topic.mastery,
            outlook=topic.outlook,
            due=due[topic.memory.topic_id],
        )
        for topic in topics_today(session, person, now)
    ]
