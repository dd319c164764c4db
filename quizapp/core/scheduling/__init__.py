"""Schedules: when a card comes back, and in which order the cards of a session are shown."""

from quizapp.core.scheduling.cards import (
    LEECH_LAPSES,
    NEW_CARD,
    CardState,
    Outcome,
    Phase,
    Rules,
    chosen,
    describe_interval,
    is_new_leech,
    previews,
    quiz_answered,
    quiz_rated,
)
from quizapp.core.scheduling.queues import Queued, days_of_cards, order_queue, worth_most
from quizapp.core.scheduling.spreading import Calendar, Spread, on_day, possible_days, spread_out

__all__ = [
    "LEECH_LAPSES",
    "NEW_CARD",
    "Calendar",
    "CardState",
    "Outcome",
    "Phase",
    "Queued",
    "Rules",
    "Spread",
    "chosen",
    "days_of_cards",
    "describe_interval",
    "is_new_leech",
    "on_day",
    "order_queue",
    "possible_days",
    "previews",
    "quiz_answered",
    "quiz_rated",
    "spread_out",
    "worth_most",
]
