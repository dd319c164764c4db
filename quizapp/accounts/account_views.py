"""The account page: profile, study, password and devices, each with a form of its own."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from quizapp.accounts import passwords, people, sign_ins
from quizapp.accounts.forms import PasswordForm, ProfileForm, StudyForm, calendar_fields
from quizapp.accounts.guests import doings
from quizapp.accounts.names import read_email
from quizapp.accounts.privacy_views import removal_day
from quizapp.accounts.proofs import accept_proof, proven_hash
from quizapp.accounts.views import room
from quizapp.database import reading, transaction
from quizapp.errors import Invalid
from quizapp.web.access import Viewer, access, end_sign_in, idle_limit, me
from quizapp.web.clock import now
from quizapp.web.errors import with_refusal
from quizapp.web.rendering import count
from quizapp.web.settings import settings_in_force

HIGH_TARGET_PERCENT = 95
HIGH_TARGET = "Above 95 % cards come back several times as often as at 90 %, and little more is remembered."
_ROLES = {"student": "Student", "teacher": "Teacher", "admin": "Administrator"}


@room.get("/account")
@access("person")
def account() -> ResponseReturnValue:
    """Show the account."""
    return _page()


@room.post("/account/profile")
@access("account")
def save_profile() -> ResponseReturnValue:
    """Change the shown name and the address."""
    form, person = ProfileForm(), me()
    if not form.validate():
        return _page(profile=form), 422
    is_same = read_email(form.email.data or "") == person.email
    try:
        if not is_same:  # whoever has the address can have a new password mailed to it
            proven_hash(person, form.current_password.data or "")
        with transaction() as session:
            if not is_same:
                accept_proof(session, person.id)
            people.set_profile(
                session, person.id, shown_name=form.shown_name.data or "", email=form.email.data or "", now=now()
            )
    except Invalid as refusal:
        form.blame(refusal)
        return with_refusal(_page(profile=form), refusal)
    return _done("Profile saved.")


@room.post("/account/study")
@access("person")
def save_study() -> ResponseReturnValue:
    """Change zone, day start, limits, target, colours and shortcuts."""
    form = StudyForm(me().time_zone)
    if not form.validate():
        return _page(study=form), 422
    percent = form.target_percent.data or 0
    with transaction() as session:
        people.set_study(
            session,
            me().id,
            time_zone=form.time_zone.data,
            day_start_hour=form.day_start_hour.data,
            theme=form.theme.data,
            is_keys_on=form.is_keys_on.data,
            new_cards_per_day=form.new_cards_per_day.data or 0,
            minutes_per_day=form.minutes_per_day.data,
            week=form.week,
            days_off=form.stored_days_off,
            is_fuzz_on=form.is_fuzz_on.data,
            is_typing_on=form.is_typing_on.data,
            session_length=form.session_length.data,
            target_retention=percent / 100,
        )
    return _done("Study settings saved.")


@room.post("/account/password")
@access("account")
def change_password() -> ResponseReturnValue:
    """Change the password and sign the other devices out."""
    person, rounds = me(), settings_in_force().password_rounds
    form = PasswordForm(_names(person))
    if not form.validate():
        return _page(password=form), 422
    try:
        proven = proven_hash(person, form.current_password.data or "")
        new_hash = passwords.hash_password(form.new_password.data or "", rounds)
        ended = _store_password(person, proven, new_hash)
    except Invalid as refusal:
        form.blame(refusal)
        return with_refusal(_page(password=form), refusal)
    return _done("Password changed." + (f" {count(ended, 'other device')} signed out." if ended else ""))


@room.post("/account/devices/<uuid:sign_in_id>/end")
@access("account")
def end_device(sign_in_id: uuid.UUID) -> ResponseReturnValue:
    """Sign one device out."""
    person = me()
    is_this = sign_in_id == person.sign_in_id
    with transaction() as session:
        sign_ins.end(session, person.id, sign_in_id, now=now(), is_elsewhere=not is_this)
    if is_this:
        end_sign_in()
        return redirect("/", 303)
    return _done("The device is signed out.")


@room.post("/account/devices/end-others")
@access("account")
def end_other_devices() -> ResponseReturnValue:
    """Sign all other devices out."""
    with transaction() as session:
        ended = sign_ins.end_others(session, me().id, me().sign_in_id, now=now())
    return _done(f"{count(ended, 'other device')} signed out." if ended else "No other device was signed in.")


def _page(
    *, profile: ProfileForm | None = None, study: StudyForm | None = None, password: PasswordForm | None = None
) -> str:
    """Render the page; a section whose form was refused shows that form, the others what is stored."""
    person = me()
    if person.is_guest:
        return _guest_page(person, study)
    return render_template(
        "accounts/account.html",
        profile=profile or ProfileForm(formdata=None, obj=person),
        study=study or _stored_study(person),
        password=password or PasswordForm(_names(person), formdata=None),
        devices=sign_ins.devices(
            reading(), person.id, person.sign_in_id, idle_limit=idle_limit(person.role), now=now(), zone=person.zone
        ),
        staff_hours=settings_in_force().staff_idle_hours,
        removal_day=removal_day(person),
        sign_in_name=person.sign_in_name,
        role=_ROLES[person.role],
        target_warning=HIGH_TARGET,
        is_target_high=round(person.target_retention * 100) > HIGH_TARGET_PERCENT,
    )


def _store_password(person: Viewer, proven: str, new_hash: str) -> int:
    with transaction() as session:
        accept_proof(session, person.id)
        return people.change_password(
            session, person.id, proven_hash=proven, new_hash=new_hash, keep=person.sign_in_id, now=now()
        )


def _guest_page(person: Viewer, study: StudyForm | None) -> str:
    """Render what a guest has in place of an account: what there is to keep, and how to study."""
    return render_template(
        "accounts/guest.html",
        done=doings(reading(), person.id).words,
        study=study or _stored_study(person),
        target_warning=HIGH_TARGET,
        is_target_high=round(person.target_retention * 100) > HIGH_TARGET_PERCENT,
    )


def _stored_study(person: Viewer) -> StudyForm:
    return StudyForm(
        person.time_zone,
        formdata=None,
        obj=person,
        data={"target_percent": round(person.target_retention * 100), **calendar_fields(person.week, person.days_off)},
    )


def _names(person: Viewer) -> tuple[str, ...]:
    return (person.sign_in_name, person.shown_name, person.email or "")


def _done(message: str) -> ResponseReturnValue:
    flash(message, "right")
    # The anchor takes the place of the form's own, which shows a refused section to whoever has no scripts.
    return redirect(url_for("accounts.account", _anchor="main"), 303)
