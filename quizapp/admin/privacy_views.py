"""Privacy requests: people who want to be erased, before their day comes."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField

from quizapp.admin.people import ROLES
from quizapp.admin.views import room
from quizapp.database import reading, transaction
from quizapp.errors import Invalid
from quizapp.privacy import requests
from quizapp.web.access import access, me
from quizapp.web.clock import now
from quizapp.web.forms import Form
from quizapp.web.rendering import day_name, moment_name


class RefusalForm(Form):
    """Say why a wish is not carried out."""

    reason = TextAreaField("Reason")


@room.get("/admin/privacy")
@access("admin")
def privacy() -> ResponseReturnValue:
    """List the wishes that wait."""
    return _page(None, RefusalForm(formdata=None))


@room.post("/admin/privacy/<int:request_id>/carry-out")
@access("admin")
def carry_out(request_id: int) -> ResponseReturnValue:
    """Erase who asked, now."""
    with transaction() as session:
        rows = requests.carry_out(session, request_id, me().id, now())
    flash(f"Done: {rows} rows were removed. Nothing can bring them back but a backup.", "right")
    return redirect(url_for("admin.privacy"), 303)


@room.post("/admin/privacy/<int:request_id>/refuse")
@access("admin")
def refuse(request_id: int) -> ResponseReturnValue:
    """Settle a wish without erasing; the person reads the reason."""
    form = RefusalForm()
    try:
        with transaction() as session:
            requests.refuse(session, request_id, me().id, form.reason.data or "", now())
    except Invalid as refusal:
        form.blame(refusal)
        return _page(request_id, form), 422
    flash("Refused. The reason stands on their page about their data.", "right")
    return redirect(url_for("admin.privacy"), 303)


def _page(refused_id: int | None, form: RefusalForm) -> str:
    zone, today = me().zone, now().astimezone(me().zone).date()
    return render_template(
        "admin/privacy.html",
        waiting=requests.open_requests(reading()),
        roles=ROLES,
        refused_id=refused_id,
        form=form,
        moment=lambda moment: moment_name(moment, now(), zone),
        day=lambda moment: day_name(moment.astimezone(zone).date(), today),
        own_id=me().id,
    )
