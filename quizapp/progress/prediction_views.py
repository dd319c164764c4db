"""How good the predictions are, and fitting the memory model anew."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from quizapp.core.proportions import Tally, grouped
from quizapp.database import reading, transaction
from quizapp.progress.fit_requests import ask_for_fit, is_fit_asked
from quizapp.progress.predictions import FEWEST_JUDGED, arms, arms_finding, fits, in_force, tried, workload
from quizapp.progress.recalls import recalls
from quizapp.progress.rows import expected_rows
from quizapp.progress.views import room
from quizapp.web.access import access, me
from quizapp.web.clock import now
from quizapp.web.drawing import reliability_field, target_bars
from quizapp.web.findings import FEWEST_SHARED, expected_finding, short_day


@room.get("/predictions")
@access("person")
def predictions() -> str:
    """Show what was expected beside what was recalled, against other ways to predict, and the log of fits."""
    session, viewer = reading(), me()
    _, likely = recalls(session, viewer.id, viewer.study_day(now()))
    found, groups = fits(session, viewer.id), grouped(likely, FEWEST_SHARED)
    costs = workload(found)
    return render_template(
        "progress/predictions.html",
        heading=expected_finding(sum(likely, Tally())),
        field=reliability_field(groups) if groups else None,
        field_rows=expected_rows(groups),
        fewest=FEWEST_SHARED,
        fewest_judged=FEWEST_JUDGED,
        arms=arms(found),
        arms_finding=arms_finding(found),
        in_force=in_force(found),
        tried=[(short_day(viewer.study_day(each.made_at)), each) for each in tried(found)],
        is_asked=is_fit_asked(session, viewer.id),
        costs=target_bars(costs, viewer.target_retention) if costs else None,
    )


@room.post("/predictions")
@access("account")
def fit_now() -> ResponseReturnValue:
    """Ask for a fit to one's own log."""
    with transaction() as session:
        ask_for_fit(session, me().id, now())
    flash("The numbers are being fitted to your reviews. That can take a minute.", "right")
    return redirect(url_for(".predictions"), 303)
