"""People: finding somebody, and what is known about their account."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from quizapp.admin import people
from quizapp.admin.views import asked, place, room
from quizapp.database import reading, transaction
from quizapp.privacy import requests
from quizapp.web import auditing
from quizapp.web.access import access, me
from quizapp.web.clock import now
from quizapp.web.rendering import day_name, moment_name

SHOWN = {"": "Everyone with an account", "student": "Students", "teacher": "Teachers", "admin": "Administrators",
         "guest": "Guests"}  # fmt: skip


@room.get("/admin/people")
@access("admin")
def people_list() -> ResponseReturnValue:
    """List people."""
    words, role = asked("q"), asked("role")
    role = role if role in SHOWN else ""
    found = people.people_page(reading(), words=words, role=role, after=place("after"))
    return render_template(
        "admin/people.html",
        found=found,
        words=words,
        role=role,
        shown=SHOWN,
        later=found.after and url_for("admin.people_list", q=words or None, role=role or None, after=found.after),
        is_first=place("after") is None,
        moment=lambda moment: moment_name(moment, now(), me().zone),
        day=lambda moment: day_name(moment.astimezone(me().zone).date(), now().astimezone(me().zone).date()),
    )


@room.get("/admin/people/<int:person_id>")
@access("admin")
def person(person_id: int) -> ResponseReturnValue:
    """Show one person's account; what they did is not on this page."""
    return _page(person_id, None)


@room.post("/admin/people/<int:person_id>/record")
@access("admin")
def record(person_id: int) -> ResponseReturnValue:
    """Show how much somebody did, and note in the audit log who looked."""
    people.account(reading(), person_id, now())
    with transaction() as session:
        auditing.record(session, me().id, "record.seen", "person", person_id, now=now())
    return _page(person_id, people.record_of(reading(), person_id))


def _page(person_id: int, found: people.Record | None) -> str:
    moment, zone = now(), me().zone
    account = people.account(reading(), person_id, moment)
    due_at = requests.due_at(reading(), person_id)
    return render_template(
        "admin/person.html",
        person=account,
        is_me=person_id == me().id,
        roles={role: name for role, name in people.ROLES.items() if role != "guest"},
        extra_time=people.EXTRA_TIME,
        record=found,
        moment=lambda when: moment_name(when, moment, zone),
        day=lambda when: day_name(when.astimezone(zone).date(), moment.astimezone(zone).date()),
        days=[day_name(day, moment.astimezone(zone).date()) for day in (found.first_day, found.last_day) if day]
        if found
        else [],
        erased_on=day_name(due_at.astimezone(zone).date(), moment.astimezone(zone).date()) if due_at else "",
    )
