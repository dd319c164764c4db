"""The doors: signing up, in and out, and setting a password by a one-time link."""

from __future__ import annotations

import uuid
from typing import cast

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from quizapp.accounts import links, passwords, people, sign_ins
from quizapp.accounts.forms import ResetForm, SignInForm, SignUpForm
from quizapp.accounts.guests import remove_guest
from quizapp.config import Settings
from quizapp.database import reading, transaction
from quizapp.errors import Conflict, Invalid
from quizapp.models import Person
from quizapp.web.access import access, end_sign_in, guest_before, local_path, start_sign_in, viewer
from quizapp.web.clock import now
from quizapp.web.devices import this_device
from quizapp.web.zones import known_zone

room = Blueprint("accounts", __name__)


@room.get("/sign-up")
@access("anyone")
def sign_up() -> ResponseReturnValue:
    """Offer the form for a new account."""
    if _has_account():
        return redirect("/", 303)
    return _sign_up_page(_sign_up_form(next=local_path(request.args.get("next"), "")))


@room.post("/sign-up")
@access("anyone")
def sign_up_now() -> ResponseReturnValue:
    """Add the account, or make a guest's row one, and sign this device in."""
    if _has_account():
        return redirect("/", 303)
    guest = viewer()
    form = _sign_up_form()
    if not form.validate():
        return _sign_up_page(form), 422
    password_hash = passwords.hash_password(form.password.data or "", _settings().password_rounds)
    try:
        with transaction() as session:
            person = people.sign_up(
                session,
                sign_in_id=form.submission.uuid,
                shown_name=form.shown_name.data or "",
                sign_in_name=form.sign_in_name.data or "",
                email=form.email.data or "",
                password_hash=password_hash,
                role=form.role.data if form.role else "student",
                time_zone=known_zone(form.time_zone.data, _settings().time_zone),
                device=this_device(),
                now=now(),
                guest_id=guest.id if guest else None,
            )
    except Invalid as refusal:
        form.blame(refusal)
        return _sign_up_page(form), 422
    if person is None:
        return _signed_up_before(form)
    return _signed_up(form, person)


@room.get("/sign-in")
@access("anyone")
def sign_in() -> ResponseReturnValue:
    """Offer the form for signing in."""
    if _has_account():
        return redirect("/", 303)
    return _sign_in_page(SignInForm(next=local_path(request.args.get("next"), "")))


@room.post("/sign-in")
@access("anyone")
def sign_in_now() -> ResponseReturnValue:
    """Sign this device in when the password is right; every refusal reads and takes the same."""
    if _has_account():
        return redirect("/", 303)
    form = SignInForm()
    if not form.validate():
        return _sign_in_page(form), 422
    given, password, rounds = form.name.data or "", form.password.data or "", _settings().password_rounds
    found = sign_ins.candidates(reading(), given)
    reading().close()  # proving is slow: nothing may wait for this connection meanwhile
    try:
        proven = sign_ins.prove(found, given, password, rounds)
        sign_in_id = _start(proven, password)
    except Invalid as refusal:
        sign_ins.note_failure("sign-in")
        form.blame(refusal)
        return _sign_in_page(form), 422
    start_sign_in(sign_in_id)
    return redirect(landing(form.next.data), 303)


@room.post("/sign-out")
@access("anyone")
def sign_out() -> ResponseReturnValue:
    """Sign this device out; doing it twice does no harm. A guest, who could not come back, is removed."""
    person = viewer()
    is_guest = person is not None and person.is_guest
    if person is not None:
        with transaction() as session:
            if not (is_guest and remove_guest(session, person.id)):
                sign_ins.end(session, person.id, person.sign_in_id, now=now(), is_elsewhere=False)
    end_sign_in()
    flash("You are signed out, and what you did as a guest is removed." if is_guest else "You are signed out.", "right")
    return redirect("/", 303)


@room.get("/reset/<secret>")
@access("anyone")
def reset(secret: str) -> ResponseReturnValue:
    """Offer to set a password, to whoever holds an open link."""
    holder = links.holder(reading(), secret, now())
    if holder is None:
        return _dead_link()
    return render_template("accounts/reset.html", form=ResetForm(holder.names), holder=holder)


@room.post("/reset/<secret>")
@access("anyone")
def reset_now(secret: str) -> ResponseReturnValue:
    """Set the password, sign all devices out and use the link up."""
    holder = links.holder(reading(), secret, now())
    if holder is None:
        return _dead_link()
    form = ResetForm(holder.names)
    if not form.validate():
        return render_template("accounts/reset.html", form=form, holder=holder), 422
    reading().close()  # hashing is slow, see above
    new_hash = passwords.hash_password(form.new_password.data or "", _settings().password_rounds)
    try:
        with transaction() as session:
            links.use_reset_link(session, secret, new_hash=new_hash, now=now())
    except Conflict:
        return _dead_link()
    end_sign_in()
    flash("Your new password is set. Sign in with it.", "right")
    return redirect(url_for("accounts.sign_in"), 303)


def landing(target: str | None) -> str:
    """Return where to go after signing in: to `target`, by way of a question where a guest was on this browser."""
    path = local_path(target, "/")
    return url_for("accounts.keep", next=path) if guest_before() else path


def _has_account() -> bool:
    person = viewer()
    return person is not None and not person.is_guest


def _start(proven: sign_ins.Candidate | None, password: str) -> uuid.UUID:
    if proven is None or proven.password_hash is None:
        raise Invalid("", sign_ins.REFUSAL)
    rounds = _settings().password_rounds
    is_old = passwords.needs_rehash(proven.password_hash, rounds)
    new_hash = passwords.hash_password(password, rounds) if is_old else None
    sign_in_id = uuid.uuid4()
    with transaction() as session:
        sign_ins.start(session, proven, sign_in_id=sign_in_id, device=this_device(), new_hash=new_hash, now=now())
    return sign_in_id


def _sign_up_form(**values: str) -> SignUpForm:
    form = SignUpForm(**values)
    if _settings().teacher_sign_up != "open":
        del form.role
    return form


def _signed_up(form: SignUpForm, person: Person) -> Response:
    start_sign_in(form.submission.uuid)
    flash(f"Welcome, {person.shown_name}. You sign in as “{person.sign_in_name}”.", "right")
    return redirect(local_path(form.next.data, "/"), 303)


def _signed_up_before(form: SignUpForm) -> Response:
    # The same form came twice. Its id alone proves nothing, the password does.
    made = sign_ins.stored_with(reading(), form.submission.uuid)
    reading().close()
    if made is not None and passwords.verify(made.password_hash, form.password.data or "", _settings().password_rounds):
        start_sign_in(form.submission.uuid)
        return redirect(local_path(form.next.data, "/"), 303)
    sign_ins.note_failure("sign-up")
    flash("This form was sent before, and its account is there. Sign in with it.", "due")
    return redirect(url_for("accounts.sign_in"), 303)


def _sign_up_page(form: SignUpForm) -> str:
    return render_template("accounts/sign_up.html", form=form)


def _sign_in_page(form: SignInForm) -> str:
    return render_template("accounts/sign_in.html", form=form)


def _dead_link() -> tuple[str, int]:
    return render_template("accounts/dead_link.html"), 410


def _settings() -> Settings:
    return cast(Settings, current_app.extensions["quizapp.settings"])
