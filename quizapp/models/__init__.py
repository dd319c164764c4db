"""What we store: the tables, their truths as constraints, and named selects that two rooms need."""

from quizapp.models.attempts import (
    TAKEN,
    Attempt,
    AttemptItem,
    Regrade,
    Response,
    WorkingAnswer,
    is_claimed,
    is_key_told,
    is_unmarked,
    is_withheld,
    waits,
)
from quizapp.models.audit import AuditEntry
from quizapp.models.drafts import REJECTIONS, Draft, RuleTotal
from quizapp.models.flags import Flag
from quizapp.models.items import Evidence, Item, ItemEnemy, ItemSet, ItemSetItem, ItemVersion
from quizapp.models.jobs import Job, Lease
from quizapp.models.learning import Card, DailyTotal, MemoryFit, RecallTotal, Review, is_in_force
from quizapp.models.media import ItemMedia, Media
from quizapp.models.outbox import OutboxMessage
from quizapp.models.overrides import Override
from quizapp.models.passages import Passage, PassageVersion, Topic
from quizapp.models.people import SESSION_LENGTHS, OneTimeLink, Person, RecoveryCode, SignIn, Throttle
from quizapp.models.plans import Plan, PlanLearner, PlanTopic, has_plans
from quizapp.models.privacy import PrivacyRequest
from quizapp.models.sections import ItemTag, SetSection, planned_from_pools, pool_items

__all__ = [
    "REJECTIONS",
    "SESSION_LENGTHS",
    "TAKEN",
    "Attempt",
    "AttemptItem",
    "AuditEntry",
    "Card",
    "DailyTotal",
    "Draft",
    "Evidence",
    "Flag",
    "Item",
    "ItemEnemy",
    "ItemMedia",
    "ItemSet",
    "ItemSetItem",
    "ItemTag",
    "ItemVersion",
    "Job",
    "Lease",
    "Media",
    "MemoryFit",
    "OneTimeLink",
    "OutboxMessage",
    "Override",
    "Passage",
    "PassageVersion",
    "Person",
    "Plan",
    "PlanLearner",
    "PlanTopic",
    "PrivacyRequest",
    "RecallTotal",
    "RecoveryCode",
    "Regrade",
    "Response",
    "Review",
    "RuleTotal",
    "SetSection",
    "SignIn",
    "Throttle",
    "Topic",
    "WorkingAnswer",
    "has_plans",
    "is_claimed",
    "is_in_force",
    "is_key_told",
    "is_unmarked",
    "is_withheld",
    "planned_from_pools",
    "pool_items",
    "waits",
]
