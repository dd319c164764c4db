"""How good the predictions were, from the stored reports of fits: scores, what was tried, what a target costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, union_all
from sqlalchemy.orm import Session

from quizapp.core.memory.costs import Workload
from quizapp.models import MemoryFit
from quizapp.web.rendering import count

FEWEST_JUDGED = 50  # predictions from which scores are told
_MOST = 10
_ARMS = (
    ("average", "Always the average"),
    ("moving average", "What came just before"),
    ("SM-2", "SM-2 (1990)"),
    ("fsrs6 defaults", "FSRS-6, standard"),
    ("fsrs7 defaults", "FSRS-7, standard"),
    ("fsrs6 fitted", "FSRS-6, fitted"),
    ("fsrs7 fitted", "FSRS-7, fitted"),
    ("used", "In use for you"),
)
NAMES = {"fsrs6": "FSRS-6", "fsrs7": "FSRS-7"}


@dataclass(frozen=True)
class Arm:
    """One way to predict, with its scores for the learner and for everybody here; a dash where none is told."""

    name: str
    own: tuple[str, str, str]  # log loss, RMSE (bins), AUC
    all: tuple[str, str, str]
    is_used: bool


@dataclass(frozen=True)
class Tried:
    """One line of the log of fits."""

    made_at: datetime
    reviews: int
    judged: int
    model: str
    before: str
    after: str
    verdict: str


@dataclass(frozen=True)
class Fits:
    """A learner's fits, the newest first, and the newest of everybody together."""

    own: tuple[MemoryFit, ...]
    pooled: MemoryFit | None


def fits(session: Session, learner_id: int) -> Fits:
    """Return the newest fits of a learner, the one in use, and the newest of everybody, in one query."""
    mine = (
        select(MemoryFit.id)
        .where(MemoryFit.learner_id == learner_id)
        .order_by(MemoryFit.id.desc())
        .limit(_MOST)
        .subquery()
    )
    pooled = (
        select(MemoryFit.id).where(MemoryFit.learner_id.is_(None)).order_by(MemoryFit.id.desc()).limit(1).subquery()
    )
    used = select(func.max(MemoryFit.id)).where(MemoryFit.learner_id == learner_id, MemoryFit.is_accepted.is_(True))
    ids = union_all(select(mine.c.id), select(pooled.c.id), used)
    rows = session.scalars(select(MemoryFit).where(MemoryFit.id.in_(ids)).order_by(MemoryFit.id.desc())).all()
    return Fits(
        tuple(row for row in rows if row.learner_id is not None),
        next((row for row in rows if row.learner_id is None), None),
    )


def arms(found: Fits) -> list[Arm]:
    """Return the ways to predict, simple ones first; none before either has enough predictions."""
    own, pooled = (_scores(fit) for fit in (found.own[0] if found.own else None, found.pooled))
    if not own and not pooled:
        return []
    return [
        Arm(label, _told(own.get(name)), _told(None if name == "used" else pooled.get(name)), name == "used")
        for name, label in _ARMS
        if name != "used" or own
    ]


def tried(found: Fits) -> list[Tried]:
    """Return the log of the learner's newest fits."""
    return [_tried(fit) for fit in found.own[:_MOST]]


def in_force(found: Fits) -> str:
    """Return which model the learner's memory is read with, in a sentence."""
    fit = next((fit for fit in found.own if fit.is_accepted), None)
    if fit is None:
        return "Your memory is read with FSRS-6 and its standard numbers, until others prove better for you."
    return f"Your memory is read with {NAMES[fit.model]}, fitted to {count(fit.reviews, 'review')} of yours."


def _tried(fit: MemoryFit) -> Tried:
    scores = fit.report["scores"]
    judged = scores["used"]["n"]
    is_told = judged >= FEWEST_JUDGED
    verdict = "Taken up" if fit.is_accepted else "Not better" if is_told else "Too few to judge"
    best = scores[f"{fit.model} fitted"]
    return Tried(
        made_at=fit.made_at,
        reviews=fit.reviews,
        judged=judged,
        model=NAMES[fit.model],
        before=_number(scores["before"]["log_loss"]) if is_told else "–",
        after=_number(best["log_loss"]) if is_told else "–",
        verdict=verdict,
    )


def _scores(fit: MemoryFit | None) -> Mapping[str, Any]:
    if fit is None or fit.report["scores"]["used"]["n"] < FEWEST_JUDGED:
        return {}
    found: dict[str, Any] = fit.report["scores"]
    return found


def _told(scores: Mapping[str, Any] | None) -> tuple[str, str, str]:
    if scores is None:
        return "–", "–", "–"
    return _number(scores["log_loss"]), _number(scores["rmse_bins"]), _number(scores["auc"])


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def arms_finding(found: Fits) -> str:
    """Return whether what is in use predicts better than the simple ways, or how much is missing to tell."""
    newest = found.own[0] if found.own else None
    scores = _scores(newest)
    if not scores:
        judged = newest.report["scores"]["used"]["n"] if newest else 0
        so_far = f" So far there {'is' if judged == 1 else 'are'} {judged}." if judged else ""
        return f"For you this is told from {FEWEST_JUDGED} held-out answers on, some 250 on later days.{so_far}"
    used = scores["used"]["log_loss"]
    better = [label for name, label in _ARMS[:3] if scores[name]["log_loss"] > used]
    judged = count(scores["used"]["n"], "answer")
    if len(better) == 3:
        return f"On your newest {judged}, what is in use predicted better than each of the three simple ways."
    if not better:
        return f"On your newest {judged}, the three simple ways predicted as well as what is in use, or better."
    return f"On your newest {judged}, what is in use predicted better than {len(better)} of the three simple ways."


def workload(found: Fits) -> list[Workload]:
    """Return what targets cost by the learner's newest fit, where it was judged on enough."""
    newest = next((fit for fit in found.own[:1] if _scores(fit)), None)
    return [Workload(**each) for each in newest.report["workload"]] if newest else []
