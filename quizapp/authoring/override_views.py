"""Exceptions for people who take a set: who has one, and what one person gets."""

from __future__ import annotations

from datetime import UTC

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import DateTimeLocalField, IntegerField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import DataRequired, NumberRange, Optional

from quizapp.authoring.overrides import Given, SetPerson, give, set_people, set_person
from quizapp.authoring.overviews import SetPage, set_page
from quizapp.authoring.settings_forms import MOST_ATTEMPTS
from quizapp.authoring.views import room
from quizapp.database import reading, transaction
from quizapp.web.access import access, me
from quizapp.web.clock import now
from quizapp.web.experience import closes_in_words
from quizapp.web.forms import Form
from quizapp.web.rendering import count

TIMES = {
    "same": ("As everybody", None),
    "1.25": ("A quarter more", 1.25),
    "1.5": ("Half as much again", 1.5),
    "2": ("Twice the time", 2.0),
    "3": ("Three times the time", 3.0),
    "none": ("No limit", None),
}


class ExceptionForm(Form):
    """What one person gets otherwise than the rest."""

    time = RadioField(
        "Time",
        choices=[SelectChoice(value, name) for value, (name, _) in TIMES.items()],
        validators=[DataRequired("Choose how much time.")],
    )
    closes_at = DateTimeLocalField("It closes for them", [Optional()], format="%Y-%m-%dT%H:%M")
    attempts_allowed = IntegerField(
        "Attempts",
        [Optional(), NumberRange(1, MOST_ATTEMPTS, f"Give a number from 1 to {MOST_ATTEMPTS}, or none.")],
    )

    def given(self) -> Given:
        """Return what the form gives; only after validation."""
        time = self.time.data
        closes_at = self.closes_at.data
        return Given(
            time_factor=TIMES.get(time, ("", None))[1],
            is_untimed=time == "none",
            closes_at=closes_at.replace(tzinfo=me().zone).astimezone(UTC) if closes_at else None,
            attempts_allowed=self.attempts_allowed.data,
        )


@room.get("/teach/sets/<int:set_id>/people")
@access("teacher")
def people(set_id: int) -> ResponseReturnValue:
    """List who began the set, with the exceptions they have."""
    session = reading()
    found = set_people(session, set_id, me().id)
    told = {person.id: in_words(person.given) for person in found}
    return render_template("authoring/people.html", page=set_page(session, set_id, me().id), people=found, told=told)


@room.get("/teach/sets/<int:set_id>/people/<int:person_id>")
@access("teacher")
def person(set_id: int, person_id: int) -> ResponseReturnValue:
    """Show what one person gets in the set."""
    page, shown = _open(set_id, person_id)
    given = shown.given
    time = "none" if given.is_untimed else f"{given.time_factor:g}" if given.time_factor else "same"
    closes_at = given.closes_at.astimezone(me().zone).replace(tzinfo=None) if given.closes_at else None
    data = {"time": time, "closes_at": closes_at, "attempts_allowed": given.attempts_allowed}
    return _person_page(page, shown, ExceptionForm(formdata=None, data=data))


@room.post("/teach/sets/<int:set_id>/people/<int:person_id>")
@access("teacher")
def give_exception(set_id: int, person_id: int) -> ResponseReturnValue:
    """Give one person what the form says, in attempts under way, too."""
    page, shown = _open(set_id, person_id)
    form = ExceptionForm()
    if not form.validate():
        return _person_page(page, shown, form), 422
    with transaction() as session:
        moved = give(session, set_id, me().id, person_id, form.given(), now())
    under_way = f" {count(moved, 'attempt')} under way ends at another time now." if moved else ""
    flash(f"Saved for {shown.name}.{under_way}", "right")
    return redirect(url_for("authoring.people", set_id=set_id), 303)


def in_words(given: Given) -> str:
    """Say what somebody was given; empty for nothing."""
    parts = []
    if given.is_untimed:
        parts.append("no limit")
    elif given.time_factor:
        parts.append(f"{given.time_factor:g} times the limit")
    if given.closes_at:
        parts.append(f"closes {closes_in_words(given.closes_at)}")
    if given.attempts_allowed:
        parts.append(count(given.attempts_allowed, "attempt"))
    return ", ".join(parts)


def _open(set_id: int, person_id: int) -> tuple[SetPage, SetPerson]:
    session = reading()
    return set_page(session, set_id, me().id), set_person(session, set_id, me().id, person_id)


def _person_page(page: SetPage, shown: SetPerson, form: ExceptionForm) -> str:
    rules = page.rules
    return render_template(
        "authoring/exception.html",
        page=page,
        person=shown,
        form=form,
        zone=me().zone.key.replace("_", " "),
        limit="" if rules.limit_seconds is None else count(max(1, round(rules.limit_seconds / 60)), "minute"),
        closes=closes_in_words(page.closes_at),
        allowed=rules.attempts_allowed,
    )
