"""Regrading through pages: what would change, doing it, and taking it back whole."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs

from quizapp.core.items import plain_stem
from quizapp.database import reading, transaction
from quizapp.errors import NotFound
from quizapp.marking.forms import RegradeForm
from quizapp.marking.regrades import BY_KEY, JOB, POLICIES, changes, keys, start_regrade, take_back_regrade
from quizapp.marking.taken import Taken, taken
from quizapp.marking.views import room
from quizapp.models import ItemVersion, Job, Regrade
from quizapp.web.access import access, me
from quizapp.web.clock import now
from quizapp.web.rendering import moment_name

_MOST_JOBS = 50


@dataclass(frozen=True)
class PastRegrade:
    """A regrade of the question as the page lists it."""

    id: int
    words: str
    reason: str
    progress: str  # empty: done
    is_taken_back: bool


@room.get("/teach/sets/<int:set_id>/regrade/<int:item_id>")
@access("teacher")
def regrade(set_id: int, item_id: int) -> ResponseReturnValue:
    """Show what a regrade would change, before anything does."""
    return _page(taken(reading(), set_id, me().id), item_id, RegradeForm(request.args, meta={"csrf": False}))


@room.post("/teach/sets/<int:set_id>/regrade/<int:item_id>")
@access("teacher")
def regrade_now(set_id: int, item_id: int) -> ResponseReturnValue:
    """Carry a regrade out."""
    of = taken(reading(), set_id, me().id)
    form = RegradeForm()
    _offer(form, item_id)
    if not form.validate():
        return _page(of, item_id, form), 422
    with transaction() as session:
        is_done = start_regrade(
            session, of, item_id, form.policy.data, form.version.data, form.reason.data or "",
            submission_id=form.submission_id.uuid, teacher_id=me().id, now=now(),
        )  # fmt: skip
    flash("Regraded." if is_done else "The regrade has begun. This page shows how far it is.", "right")
    return redirect(url_for("marking.regrade", set_id=set_id, item_id=item_id), 303)


@room.post("/teach/sets/<int:set_id>/regrades/<int:regrade_id>/take-back")
@access("teacher")
def take_back_regrade_now(set_id: int, regrade_id: int) -> ResponseReturnValue:
    """Take a regrade back whole."""
    of = taken(reading(), set_id, me().id)
    found = reading().get(Regrade, regrade_id)
    if found is None or found.item_set_id != set_id:
        raise NotFound
    item_id = found.item_id
    with transaction() as session:
        is_done = take_back_regrade(session, of, regrade_id, teacher_id=me().id, now=now())
    flash("The regrade is taken back." if is_done else "The regrade is being taken back.", "right")
    return redirect(url_for("marking.regrade", set_id=set_id, item_id=item_id), 303)


def _page(of: Taken, item_id: int, form: RegradeForm) -> str:
    session = reading()
    versions = _offer(form, item_id)
    policy = form.policy.data if form.policy.data in POLICIES else "never_lower"
    if not versions:
        raise NotFound
    version_id = form.version.data if form.version.data in versions else versions[0]
    form.policy.data, form.version.data = policy, version_id
    found = changes(session, of, item_id, policy, version_id)
    if not found:
        raise NotFound
    content = session.scalars(select(ItemVersion.content).where(ItemVersion.id == version_id)).one()
    return render_template(
        "marking/regrade.html",
        of=of,
        item_id=item_id,
        stem=plain_stem(content["stem"]),
        form=form,
        is_by_key=policy in BY_KEY,
        changes=found,
        changed=sum(change.is_change for change in found),
        past=_past(session, of, item_id),
    )


def _offer(form: RegradeForm, item_id: int) -> list[int]:
    found = keys(reading(), item_id)
    form.version.choices = [SelectChoice(key.version_id, key.words) for key in found]
    return [key.version_id for key in found]


def _past(session: Session, of: Taken, item_id: int) -> list[PastRegrade]:
    rows = session.scalars(
        select(Regrade).where(Regrade.item_set_id == of.set_id, Regrade.item_id == item_id).order_by(Regrade.id.desc())
    ).all()
    jobs = {}
    if any(row.done_at is None or (row.taken_back_at and row.undone_at is None) for row in rows):
        own = select(Job).where(Job.kind == JOB, Job.owner_id == me().id).order_by(Job.id.desc()).limit(_MOST_JOBS)
        jobs = {job.payload["regrade"]: job for job in reversed(session.scalars(own).all())}
    return [
        PastRegrade(
            row.id,
            f"{POLICIES[row.policy]}, {moment_name(row.created_at, now(), me().zone)}",
            row.reason,
            "" if (row.undone_at if row.taken_back_at else row.done_at) else _progress(jobs.get(row.id)),
            row.taken_back_at is not None,
        )
        for row in rows
    ]


def _progress(job: Job | None) -> str:
    if job is None or job.status == "waiting":
        return "Waits for its turn"
    if job.status == "failed":
        return "Stopped; take it back, or regrade again"
    return f"{job.done_count} of {job.total_count} answers"
