"""What administrators do about other people's accounts, sent from the pages of the administration."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from quizapp.accounts import approvals, codes, links, looking_after, people
from quizapp.accounts.looking_after_forms import EXTRA_TIME, ROLES, AddPersonForm
from quizapp.accounts.views import room
from quizapp.database import reading, transaction
from quizapp.errors import Invalid, NotAllowed, NotFound
from quizapp.web.access import access, me
from quizapp.web.clock import now
from quizapp.web.hosts import absolute_url
from quizapp.web.rendering import count, moment_name


@room.get("/admin/people/new")
@access("admin")
def new_person() -> ResponseReturnValue:
    """Ask whom to add."""
    return render_template("accounts/new_person.html", form=AddPersonForm(formdata=None))


@room.post("/admin/people/new")
@access("admin")
def add_person() -> ResponseReturnValue:
    """Add a person and show the link that sets their password."""
    form = AddPersonForm()
    if not form.validate():
        return render_template("accounts/new_person.html", form=form), 422
    try:
        with transaction() as session:
            person = people.add_person(
                session, shown_name=form.shown_name.data or "", sign_in_name=form.sign_in_name.data or "",
                email=form.email.data or "", role=form.role.data, time_zone=me().time_zone, actor_id=me().id, now=now(),
            )  # fmt: skip
            handed = looking_after.hand_link(session, person.id, actor_id=me().id, now=now())
    except Invalid as refusal:
        form.blame(refusal)
        return render_template("accounts/new_person.html", form=form), 422
    return _link_page(handed)


@room.post("/admin/people/<int:person_id>/link")
@access("admin")
def hand_link(person_id: int) -> ResponseReturnValue:
    """Make a one-time link and show it, this once."""
    with transaction() as session:
        handed = looking_after.hand_link(session, person_id, actor_id=me().id, now=now())
    return _link_page(handed)


@room.post("/admin/people/<int:person_id>/role")
@access("admin")
def change_role(person_id: int) -> ResponseReturnValue:
    """Change somebody's role."""
    role = request.form.get("role", "")
    if role not in ROLES:
        raise NotFound
    with transaction() as session:
        is_new = looking_after.set_role(session, person_id, role, actor_id=me().id, now=now())
    return _back(person_id, "The role is changed. They sign in again." if is_new else "They had that role already.")


@room.post("/admin/people/<int:person_id>/disable")
@access("admin")
def disable_person(person_id: int) -> ResponseReturnValue:
    """Shut somebody out."""
    with transaction() as session:
        is_new = looking_after.disable(session, person_id, actor_id=me().id, now=now())
    return _back(person_id, "They are signed out and cannot sign in." if is_new else "They were disabled already.")


@room.post("/admin/people/<int:person_id>/enable")
@access("admin")
def enable_person(person_id: int) -> ResponseReturnValue:
    """Let somebody in again."""
    with transaction() as session:
        is_new = looking_after.enable(session, person_id, actor_id=me().id, now=now())
    return _back(person_id, "They can sign in again." if is_new else "They were not disabled.")


@room.post("/admin/people/<int:person_id>/extra-time")
@access("admin")
def set_extra_time(person_id: int) -> ResponseReturnValue:
    """Give somebody more time in timed quizzes, or take it away."""
    chosen = request.form.get("extra", "")
    if chosen not in EXTRA_TIME:
        raise NotFound
    with transaction() as session:
        moved = looking_after.set_extra_time(session, person_id, EXTRA_TIME[chosen], actor_id=me().id, now=now())
    under_way = f" {count(moved, 'quiz', 'quizzes')} under way got it too." if moved else ""
    return _back(person_id, f"Saved. It holds for every timed quiz.{under_way}")


@room.post("/admin/people/<int:person_id>/sign-out")
@access("admin")
def sign_out_everywhere(person_id: int) -> ResponseReturnValue:
    """Sign all of somebody's devices out."""
    with transaction() as session:
        ended = looking_after.end_sign_ins(session, person_id, actor_id=me().id, now=now())
    return _back(person_id, f"{count(ended, 'device')} signed out." if ended else "No device was signed in.")


@room.post("/admin/people/<int:person_id>/remove-codes")
@access("admin")
def remove_codes(person_id: int) -> ResponseReturnValue:
    """Let somebody sign in without one-time codes."""
    if person_id == me().id:
        raise NotAllowed(looking_after.YOUR_OWN)
    with transaction() as session:
        is_new = codes.remove(session, person_id, me().id, now())
    return _back(person_id, "Codes are not asked for any more." if is_new else "There were no codes to remove.")


@room.get("/admin/approvals")
@access("admin")
def approval_list() -> ResponseReturnValue:
    """List who wants to teach."""
    return render_template(
        "accounts/approvals.html",
        wishes=approvals.teachers_waiting(reading()),
        moment=lambda moment: moment_name(moment, now(), me().zone),
    )


@room.post("/admin/approvals/<int:person_id>/approve")
@access("admin")
def approve(person_id: int) -> ResponseReturnValue:
    """Make somebody who asked a teacher."""
    with transaction() as session:
        approvals.approve_teacher(session, person_id, me().id, now())
    return _settled("They are a teacher now, and sign in again.")


@room.post("/admin/approvals/<int:person_id>/refuse")
@access("admin")
def refuse(person_id: int) -> ResponseReturnValue:
    """Leave somebody who asked a student."""
    with transaction() as session:
        approvals.refuse_teacher(session, person_id, me().id, now())
    return _settled("They stay a student.")


def _settled(message: str) -> ResponseReturnValue:
    flash(message, "right")
    return redirect(url_for("accounts.approval_list"), 303)


def _back(person_id: int, message: str) -> ResponseReturnValue:
    flash(message, "right")
    return redirect(url_for("admin.person", person_id=person_id), 303)


def _link_page(handed: looking_after.HandedLink) -> str:
    # Not redirected: the secret would have to stand in an address or a cookie meanwhile.
    return render_template(
        "accounts/handed_link.html",
        handed=handed,
        address=absolute_url(url_for("accounts.reset", secret=handed.secret)),
        until=moment_name(now() + links.LIFETIME, now(), me().zone),
    )
