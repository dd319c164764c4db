"""One-time codes on pages: the second step of signing in, and setting codes up on the account."""

from __future__ import annotations

import uuid

import segno
from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from quizapp.accounts import codes, sign_ins
from quizapp.accounts.forms import CodeForm, CodesOffForm, CodesOnForm
from quizapp.accounts.proofs import accept_proof, proven_hash
from quizapp.accounts.second_step import Awaited, awaited
from quizapp.accounts.views import landing, room
from quizapp.database import reading, transaction
from quizapp.errors import Invalid
from quizapp.web import throttles
from quizapp.web.access import access, me, start_sign_in
from quizapp.web.clock import now
from quizapp.web.devices import this_device
from quizapp.web.errors import with_refusal
from quizapp.web.settings import settings_in_force


@room.get("/sign-in/code")
@access("anyone")
def code() -> ResponseReturnValue:
    """Ask for the code of somebody whose password was right a moment ago."""
    if awaited() is None:
        return redirect(url_for("accounts.sign_in"), 303)
    return render_template("accounts/code.html", form=CodeForm())


@room.post("/sign-in/code")
@access("anyone")
def code_now() -> ResponseReturnValue:
    """Sign this device in when the code is right."""
    waiting = awaited()
    if waiting is None:
        flash("That took a while. Sign in again.", "due")
        return redirect(url_for("accounts.sign_in"), 303)
    form = CodeForm()
    if not form.validate():
        return render_template("accounts/code.html", form=form), 422
    sign_in_id = uuid.uuid4()
    try:
        _take_code(waiting, form.code.data or "", sign_in_id)
    except Invalid as refusal:
        form.blame(refusal)
        return with_refusal(render_template("accounts/code.html", form=form), refusal)
    start_sign_in(sign_in_id, waiting.given)
    return redirect(landing(waiting.target), 303)


@room.get("/account/codes")
@access("teacher")
def codes_page() -> ResponseReturnValue:
    """Show whether codes are on, or the secret that waits to be confirmed."""
    return _page()


@room.post("/account/codes/begin")
@access("teacher")
def begin_codes() -> ResponseReturnValue:
    """Make a secret, for whoever knows the password."""
    form, person = CodesOnForm(), me()
    if not form.validate():
        return _page(proof=form), 422
    try:
        proven_hash(person, form.current_password.data or "")
        with transaction() as session:
            accept_proof(session, person.id)
            codes.begin(session, person.id)
    except Invalid as refusal:
        form.blame(refusal)
        return with_refusal(_page(proof=form), refusal)
    return redirect(url_for("accounts.codes_page"), 303)


@room.post("/account/codes/confirm")
@access("teacher")
def confirm_codes() -> ResponseReturnValue:
    """Switch codes on, and show the recovery codes this once."""
    form, person = CodeForm(), me()
    if not form.validate():
        return _page(confirming=form), 422
    counts = throttles.of_person("code", person.id)
    try:
        with transaction() as session:
            made = codes.confirm(
                session, person.id, form.code.data or "", keep=person.sign_in_id, secret_key=_secret_key(), now=now()
            )
            (throttles.succeed if made else throttles.fail)(session, counts, now())
        _refuse_unless(bool(made))
    except Invalid as refusal:
        form.blame(refusal)
        return with_refusal(_page(confirming=form), refusal)
    return render_template("accounts/recovery_codes.html", codes=made)


@room.post("/account/codes/off")
@access("teacher")
def end_codes() -> ResponseReturnValue:
    """Switch codes off, for whoever knows the password and a code."""
    form, person = CodesOffForm(), me()
    if not form.validate():
        return _page(off=form), 422
    counts = throttles.of_person("code", person.id)
    try:
        proven_hash(person, form.current_password.data or "")
        with transaction() as session:
            accept_proof(session, person.id)
            is_right = codes.accept(session, person.id, form.code.data or "", secret_key=_secret_key(), now=now())
            (throttles.succeed if is_right else throttles.fail)(session, counts, now())
            if is_right:
                codes.remove(session, person.id, person.id, now())
        _refuse_unless(is_right)
    except Invalid as refusal:
        form.blame(refusal)
        return with_refusal(_page(off=form), refusal)
    flash("One-time codes are off.", "right")
    return redirect(url_for("accounts.codes_page"), 303)


def _take_code(waiting: Awaited, given: str, sign_in_id: uuid.UUID) -> None:
    """Store the sign-in, or count the failure and raise Invalid; either is committed."""
    counts = throttles.of_person("code", waiting.proven.person_id)
    moment = now()
    throttles.check(reading(), counts, moment)
    with transaction() as session:
        is_right = codes.accept(session, waiting.proven.person_id, given, secret_key=_secret_key(), now=moment)
        if is_right:
            throttles.succeed(session, counts, moment)
            device = this_device()
            sign_ins.start(session, waiting.proven, sign_in_id=sign_in_id, device=device, new_hash=None, now=moment)
        else:
            throttles.fail(session, counts, moment)
    _refuse_unless(is_right)


def _refuse_unless(is_right: bool) -> None:
    if not is_right:
        sign_ins.note_failure("code")
        raise Invalid("code", codes.WRONG_CODE)


def _page(
    *, proof: CodesOnForm | None = None, confirming: CodeForm | None = None, off: CodesOffForm | None = None
) -> str:
    person = me()
    state = codes.state(reading(), person.id)
    waits = state.salt is not None and not state.is_on
    uri = codes.app_uri(_secret_key(), state.salt, person.sign_in_name) if waits and state.salt else ""
    return render_template(
        "accounts/codes.html",
        is_on=state.is_on,
        recovery_left=state.recovery_left,
        uri=uri,
        secret=_in_groups(codes.secret_text(_secret_key(), state.salt)) if uri and state.salt else "",
        picture=_picture(uri) if uri else "",
        proof=proof or CodesOnForm(formdata=None),
        confirming=confirming or CodeForm(formdata=None),
        off=off or CodesOffForm(formdata=None),
        sign_in_name=person.sign_in_name,
    )


def _picture(uri: str) -> Markup:
    drawn = segno.make_qr(uri, error="m").svg_inline(
        border=4, dark="#000", light="#fff", omitsize=True, svgclass="code-picture", lineclass=None,
        title="QR code of the secret below",
    )  # fmt: skip
    return Markup(drawn)  # noqa: S704  # drawn by us, and holds no text but the title


def _in_groups(secret: str) -> str:
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))


def _secret_key() -> str:
    return settings_in_force().secret_key
