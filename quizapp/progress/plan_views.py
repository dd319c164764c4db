"""Plans to a date: all of a learner's, one with what it comes to, and making, changing and removing one."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from quizapp.database import reading, transaction
from quizapp.errors import NotFound
from quizapp.learning.learners import learner_of
from quizapp.learning.plans import FollowedPlan, change_plan, followed_plans, make_plan, own_plan, remove_plan
from quizapp.models import Topic
from quizapp.progress.plan_forms import PlanForm
from quizapp.progress.plans import card_items, plan_report
from quizapp.progress.views import room
from quizapp.web.access import access, me
from quizapp.web.clock import now
from quizapp.web.rendering import exam_words

_KEPT_DAYS = 30  # after its exam a plan is still listed


@room.get("/progress/plans")
@access("person")
def plans() -> str:
    """List the plans, with the form for another."""
    return _list_page(_form(data={"exam_on": _today() + timedelta(days=21)}))


@room.post("/progress/plans")
@access("person")
def add_plan() -> ResponseReturnValue:
    """Make a plan."""
    form = _form()
    if not form.validate():
        return _list_page(form), 422
    plan_id, values = form.submission_id.uuid, _values(form)
    with transaction() as session:
        make_plan(session, me().id, plan_id, **values)
    flash("The plan is made. Its cards come up with the others.", "right")
    return redirect(url_for(".plan", plan_id=plan_id), 303)


@room.get("/progress/plans/<uuid:plan_id>")
@access("person")
def plan(plan_id: uuid.UUID) -> str:
    """Show what a plan asks and comes to."""
    return render_template(
        "progress/plan.html", report=plan_report(reading(), learner_of(me()), _followed(plan_id), now()), today=_today()
    )


@room.get("/progress/plans/<uuid:plan_id>/change")
@access("person")
def edit_plan(plan_id: uuid.UUID) -> str:
    """Show a plan's form."""
    return _change_page(plan_id, None)


@room.post("/progress/plans/<uuid:plan_id>/change")
@access("person")
def save_plan(plan_id: uuid.UUID) -> ResponseReturnValue:
    """Change a plan."""
    own_plan(reading(), me().id, plan_id)
    form = _form()
    if not form.validate():
        return _change_page(plan_id, form), 422
    values = _values(form)
    with transaction() as session:
        change_plan(session, me().id, plan_id, **values)
    flash("The plan is changed.", "right")
    return redirect(url_for(".plan", plan_id=plan_id), 303)


@room.post("/progress/plans/<uuid:plan_id>/remove")
@access("person")
def remove_plan_now(plan_id: uuid.UUID) -> ResponseReturnValue:
    """Remove a plan; its page asks first."""
    with transaction() as session:
        name = remove_plan(session, me().id, plan_id)
    flash(f"Removed: {name}. Your cards keep their dates.", "right")
    return redirect(url_for(".plans"), 303)


def _list_page(form: PlanForm) -> str:
    today = _today()
    found = followed_plans(reading(), learner_of(me()), today - timedelta(days=_KEPT_DAYS))
    return render_template(
        "progress/plans.html", form=form, plans=[(plan, exam_words(plan.exam_on, today)) for plan in found]
    )


def _change_page(plan_id: uuid.UUID, form: PlanForm | None) -> str:
    own_plan(reading(), me().id, plan_id)
    plan = _followed(plan_id)
    return render_template(
        "progress/plan_form.html", form=form or _form(obj=plan, data={"topics": list(plan.topic_ids)}), plan=plan
    )


def _followed(plan_id: uuid.UUID) -> FollowedPlan:
    found = followed_plans(reading(), learner_of(me()), _today() - timedelta(days=_KEPT_DAYS))
    for plan in found:
        if plan.id == plan_id:
            return plan
    raise NotFound


def _form(**stored: Any) -> PlanForm:
    topics = reading().execute(
        select(Topic.id, Topic.title).where(Topic.is_listed).order_by(Topic.position, Topic.title)
    )
    return PlanForm(
        [(row.id, row.title) for row in topics], _today(), **({"formdata": None} if stored else {}), **stored
    )


def _values(form: PlanForm) -> dict[str, Any]:
    topics = form.topics.data or []
    return {
        "name": form.name.data, "exam_on": form.exam_on.data, "minutes_per_day": form.minutes_per_day.data,
        "topic_ids": topics, "item_ids": card_items(reading(), topics), "now": now(),
    }  # fmt: skip


def _today() -> Any:
    return me().study_day(now())
