"""Your data: a copy of it, and the end of the account with the week in which it can be taken back."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from quizapp.accounts import people
from quizapp.accounts.privacy_forms import ProofForm
from quizapp.accounts.proofs import accept_proof, proven_hash
from quizapp.accounts.views import room
from quizapp.database import database, reading, transaction
from quizapp.errors import Invalid
from quizapp.privacy import requests
from quizapp.privacy.exporting import write_export
from quizapp.web import auditing
from quizapp.web.access import Viewer, access, me
from quizapp.web.clock import now
from quizapp.web.errors import with_refusal

_PART = 64 * 1024


@room.get("/account/privacy")
@access("person")
def your_data() -> ResponseReturnValue:
    """Show what one may ask about one's own data."""
    return _page("accounts/privacy.html", ProofForm(has_password=_has_password(), formdata=None))


@room.post("/account/privacy/export")
@access("person")
def export_data() -> ResponseReturnValue:
    """Send a copy of one's own data."""
    person = me()
    form = ProofForm(has_password=_has_password())
    if not form.validate():
        return _page("accounts/privacy.html", form), 422
    try:
        _prove(form, person)
        file = _export(person)
    except Invalid as refusal:
        form.blame(refusal)
        return with_refusal(_page("accounts/privacy.html", form), refusal)
    return _download(file, f"quizapp-{now().astimezone(person.zone):%Y-%m-%d}.zip")


@room.get("/account/privacy/delete")
@access("person")
def leave() -> ResponseReturnValue:
    """Say what goes with the account and what stays, and ask."""
    return _page("accounts/leave.html", ProofForm(has_password=_has_password(), formdata=None))


@room.post("/account/privacy/delete")
@access("person")
def leave_now() -> ResponseReturnValue:
    """Ask for the end of the account, a week from now."""
    person = me()
    form = ProofForm(has_password=_has_password())
    if not form.validate():
        return _page("accounts/leave.html", form), 422
    try:
        _prove(form, person)
        with transaction() as session:
            accept_proof(session, person.id)
            due_at = requests.ask(session, person.id, now())
    except Invalid as refusal:
        form.blame(refusal)
        return with_refusal(_page("accounts/leave.html", form), refusal)
    flash(f"Your account will be removed on {_day(due_at, person)}.", "due")
    return redirect(url_for("accounts.your_data"), 303)


@room.post("/account/privacy/stay")
@access("person")
def stay() -> ResponseReturnValue:
    """Take the wish back."""
    with transaction() as session:
        is_taken_back = requests.take_back(session, me().id, now())
    flash("Your account stays." if is_taken_back else "There was nothing to undo.", "right")
    return redirect(url_for("accounts.your_data"), 303)


def removal_day(person: Viewer) -> str:
    """Return the day on which the account is to be removed, in words; empty where nobody asked."""
    due_at = requests.due_at(reading(), person.id)
    return _day(due_at, person) if due_at else ""


def _prove(form: ProofForm, person: Viewer) -> None:
    """Have the form's password proven, where the person has one. Raises Invalid, TooManyTries."""
    if form.current_password is not None:
        proven_hash(person, form.current_password.data or "")


def _export(person: Viewer) -> IO[bytes]:
    """Write the copy into a file that goes when it is closed; its position is its length."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  # closed when it is sent
    with database().snapshot() as connection:
        write_export(connection, person.id, file, now())
    with transaction() as session:
        accept_proof(session, person.id)
        auditing.record(session, person.id, "data.exported", "person", person.id, now=now(), octets=file.tell())
    return file


def _has_password() -> bool:
    return people.password_hash_of(reading(), me().id) is not None


def _page(template: str, form: ProofForm) -> str:
    person = me()
    refusal = requests.last_refusal(reading(), person.id)
    return render_template(
        template,
        form=form,
        removal_day=removal_day(person),
        days=requests.GRACE.days,
        refused_on=_day(refusal.refused_at, person) if refusal else "",
        refusal=refusal.reason if refusal else "",
        sign_in_name=person.sign_in_name,
    )


def _day(moment: datetime, person: Viewer) -> str:
    """Return “29 November”; a weekday alone would leave open which one."""
    local = moment.astimezone(person.zone)
    return f"{local.day} {local:%B}" + (f" {local.year}" if local.year != now().year else "")


def _download(file: IO[bytes], name: str) -> Response:
    length = file.tell()
    response = Response(_parts(file), mimetype="application/zip")
    response.headers["Content-Disposition"] = f"attachment; filename={name}"
    response.content_length = length
    return response


def _parts(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        file.seek(0)
        while part := file.read(_PART):
            yield part
