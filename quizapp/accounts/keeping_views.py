"""“Keep what you just did?”: asked after signing in on a browser that was a guest until then."""

from __future__ import annotations

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from quizapp.accounts import keeping
from quizapp.accounts.forms import KeepForm
from quizapp.accounts.guests import doings, remove_guest
from quizapp.accounts.views import room
from quizapp.database import reading, transaction
from quizapp.web.access import access, forget_guest, guest_before, local_path, me
from quizapp.web.clock import now


@room.get("/keep")
@access("account")
def keep() -> ResponseReturnValue:
    """Ask whether what the guest did becomes part of this account."""
    guest, target = guest_before(), local_path(request.args.get("next"), "/")
    if guest is None:
        return redirect(target, 303)
    form = KeepForm(formdata=None, next=target)
    return render_template("accounts/keep.html", form=form, guest_id=guest.id, done=doings(reading(), guest.id).words)


@room.post("/keep")
@access("account")
def keep_or_discard() -> ResponseReturnValue:
    """Fold the guest into this account, or remove them; once that is done it changes nothing more."""
    form, guest, person = KeepForm(), guest_before(), me()
    target = local_path(form.next.data, "/")
    if guest is None or not form.validate():
        forget_guest()
        return redirect(target if guest is None else "/keep", 303)
    if form.do.data == "keep":
        with transaction() as session:
            kept = keeping.keep(session, guest.id, person.id, now=now())
        if kept is not None:
            flash(f"Kept: {kept.words}.", "right")
    else:
        target = "/"  # the page they were on may show what is gone now
        with transaction() as session:
            remove_guest(session, guest.id)
        flash("What you did as a guest is removed.", "right")
    forget_guest()
    return redirect(target, 303)
