"""The doors: signing up, in and out, and setting a password by a one-time link."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from quizapp.accounts import links, passwords, people, resets, sign_ins
from quizapp.accounts.forms import ForgotForm, ResetForm, SignInForm, SignUpForm
from quizapp.accounts.guests import doings, remove_guest
from quizapp.accounts.names import fold
from quizapp.accounts.second_step import await_code
from quizapp.database import reading, transaction
from quizapp.errors import Conflict, Invalid, NotFound
from quizapp.models import Person
from quizapp.web import throttles
from quizapp.web.access import access, end_sign_in, guest_before, local_path, start_sign_in, viewer
from quizapp.web.clock import now
from quizapp.web.devices import this_device
from quizapp.web.errors import with_refusal
from quizapp.web.settings import settings_in_force
from quizapp.web.zones import known_zone

room = Blueprint("accounts", __name__)


@room.get("/sign-up")
@access("anyone")
def sign_up() -> ResponseReturnValue:
    """Offer the form for a new account."""
    if _has_account():
        return redirect("/", 303)
    role = "teacher" if request.args.get("role") == "teacher" else "student"
    return _sign_up_page(_sign_up_form(next=local_path(request.args.get("next"), ""), role=role))


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
    if form.role is None and request.form.get("role", "student") != "student":
        form.blame(Invalid("", "Only an administrator makes teachers’ accounts here."))
        return _sign_up_page(form), 422
    asking = throttles.of_address("sign-up")
    wants_to_teach = form.role is not None and form.role.data == "teacher"
    is_open = settings_in_force().teacher_sign_up == "open"
    try:
        throttles.check(reading(), (*asking, *throttles.of_address("taken-name")), now())
        reading().close()  # hashing is slow: nothing may wait for this connection meanwhile
        password_hash = passwords.hash_password(form.password.data or "", settings_in_force().password_rounds)
        with transaction() as session:
            throttles.fail(session, asking, now())
            person = people.sign_up(
                session,
                sign_in_id=form.submission.uuid,
                shown_name=form.shown_name.data or "",
                sign_in_name=form.sign_in_name.data or "",
                email=form.email.data or "",
                password_hash=password_hash,
                role="teacher" if wants_to_teach and is_open else "student",
                teacher_wanted_at=now() if wants_to_teach and not is_open else None,
                time_zone=known_zone(form.time_zone.data, settings_in_force().time_zone),
                device=this_device(),
                now=now(),
                guest_id=guest.id if guest else None,
            )
    except Invalid as refusal:
        _note_taken_name(refusal)
        form.blame(refusal)
        return with_refusal(_sign_up_page(form), refusal)
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
    given, password, rounds = fold(form.name.data or ""), form.password.data or "", settings_in_force().password_rounds
    counts = throttles.of_name("sign-in", given)
    try:
        throttles.check(reading(), counts, now())
        found = sign_ins.candidates(reading(), given)
        reading().close()  # proving is slow: nothing may wait for this connection meanwhile
        proven = sign_ins.prove(found, given, password, rounds)
        if proven is not None and proven.asks_for_code:
            await_code(_renewed(proven, password, counts), given, form.next.data or "")
            return redirect(url_for("accounts.code"), 303)
        sign_in_id = _start(proven, password, counts)
    except Invalid as refusal:
        form.blame(refusal)
        return with_refusal(_sign_in_page(form), refusal)
    start_sign_in(sign_in_id, given)
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


@room.get("/forgot")
@access("anyone")
def forgot() -> ResponseReturnValue:
    """Say how to come by a new password."""
    return _forgot_page(ForgotForm())


@room.post("/forgot")
@access("anyone")
def forgot_now() -> ResponseReturnValue:
    """Note who wants a new password; the answer is the same whoever that is."""
    form = ForgotForm()
    if not resets.is_by_mail(settings_in_force()):
        raise NotFound
    if not form.validate():
        return _forgot_page(form), 422
    given = fold(form.name.data or "")
    try:
        with transaction() as session:
            throttles.fail(session, throttles.of_mail(given), now())
            resets.ask_for_mail(session, given, now())
    except Invalid as refusal:
        form.blame(refusal)
        return with_refusal(_forgot_page(form), refusal)
    flash("If somebody here is called that and gave an email, a link is on its way to it. Look in your mail.", "due")
    return redirect(url_for("accounts.sign_in"), 303)


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
    counts = throttles.of_address("one-time-link")
    throttles.check(reading(), counts, now())
    holder = links.holder(reading(), secret, now())
    if holder is None:
        with transaction() as session:
            throttles.fail(session, counts, now())
        return _dead_link()
    form = ResetForm(holder.names)
    if not form.validate():
        return render_template("accounts/reset.html", form=form, holder=holder), 422
    reading().close()  # hashing is slow, see above
    new_hash = passwords.hash_password(form.new_password.data or "", settings_in_force().password_rounds)
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


def _start(proven: sign_ins.Candidate | None, password: str, counts: tuple[throttles.Count, ...]) -> uuid.UUID:
    if proven is None or proven.password_hash is None:
        sign_ins.note_failure("sign-in")
        with transaction() as session:
            throttles.fail(session, counts, now())
        raise Invalid("", sign_ins.REFUSAL)
    new_hash, sign_in_id = _newer_hash(proven, password), uuid.uuid4()
    with transaction() as session:
        throttles.succeed(session, counts, now())
        sign_ins.start(session, proven, sign_in_id=sign_in_id, device=this_device(), new_hash=new_hash, now=now())
    return sign_in_id


def _renewed(proven: sign_ins.Candidate, password: str, counts: tuple[throttles.Count, ...]) -> sign_ins.Candidate:
    new_hash = _newer_hash(proven, password)
    with transaction() as session:
        throttles.succeed(session, counts, now())
        return sign_ins.renew_hash(session, proven, new_hash) if new_hash else proven


def _newer_hash(proven: sign_ins.Candidate, password: str) -> str | None:
    rounds = settings_in_force().password_rounds
    is_old = proven.password_hash is not None and passwords.needs_rehash(proven.password_hash, rounds)
    return passwords.hash_password(password, rounds) if is_old else None


def _sign_up_form(**values: str) -> SignUpForm:
    form = SignUpForm(**values)
    if settings_in_force().teacher_sign_up == "closed":
        del form.role
    return form


def _note_taken_name(refusal: Invalid) -> None:
    # All else about the name was judged before, so this is the answer to “is there somebody called …?”.
    if refusal.field == "sign_in_name":
        with transaction() as session:
            throttles.fail(session, throttles.of_address("taken-name"), now())


def _signed_up(form: SignUpForm, person: Person) -> Response:
    start_sign_in(form.submission.uuid, person.sign_in_name or "")
    flash(f"Welcome, {person.shown_name}. You sign in as “{person.sign_in_name}”.", "right")
    return redirect(local_path(form.next.data, "/"), 303)


def _signed_up_before(form: SignUpForm) -> Response:
    # The same form came twice. Its id alone proves nothing, the password does.
    throttles.check(reading(), throttles.of_name("sign-up-again", str(form.submission.uuid)), now())
    made = sign_ins.stored_with(reading(), form.submission.uuid)
    reading().close()
    rounds = settings_in_force().password_rounds
    if made is not None and passwords.verify(made.password_hash, form.password.data or "", rounds):
        start_sign_in(form.submission.uuid)
        return redirect(local_path(form.next.data, "/"), 303)
    sign_ins.note_failure("sign-up")
    with transaction() as session:
        throttles.fail(session, throttles.of_name("sign-up-again", str(form.submission.uuid)), now())
    flash("This form was sent before, and its account is there. Sign in with it.", "due")
    return redirect(url_for("accounts.sign_in"), 303)


def _sign_up_page(form: SignUpForm) -> str:
    guest = viewer()
    return render_template(
        "accounts/sign_up.html",
        form=form,
        teachers=settings_in_force().teacher_sign_up,
        kept=doings(reading(), guest.id).belongings if guest else "",
    )


def _sign_in_page(form: SignInForm) -> str:
    return render_template("accounts/sign_in.html", form=form)


def _forgot_page(form: ForgotForm) -> str:
    return render_template("accounts/forgot.html", form=form, is_by_mail=resets.is_by_mail(settings_in_force()))


def _dead_link() -> tuple[str, int]:
    return render_template("accounts/dead_link.html"), 410
