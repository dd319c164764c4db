"""Schedules: when a card comes back, and in which order the cards of a session are shown."""

from quizapp.core.scheduling.cards import (
    NEW_CARD,
    CardState,
    Outcome,
    Phase,
    Rules,
    chosen,
    describe_interval,
    previews,
    quiz_answered,
    quiz_rated,
)
from quizapp.core.scheduling.queues import Queued, days_of_cards, order_queue

__all__ = [
    "NEW_CARD",
    "CardState",
    "Outcome",
    "Phase",
    "Queued",
    "Rules",
    "chosen",
    "days_of_cards",
    "describe_interval",
    "order_queue",
    "previews",
    "quiz_answered",
    "quiz_rated",
]
