"""The forms by which administrators look after accounts."""

from __future__ import annotations

from typing import Any

from wtforms import EmailField, RadioField, StringField
from wtforms.validators import Optional

from quizapp.accounts.forms import read_by
from quizapp.accounts.names import (
    EMAIL_LENGTH,
    SHOWN_NAME_LENGTH,
    SIGN_IN_NAME_LENGTH,
    read_email,
    read_shown_name,
    read_sign_in_name,
)
from quizapp.web.forms import Form

EXTRA_TIME: dict[str, float | None] = {"1": 1.0, "1.25": 1.25, "1.5": 1.5, "2": 2.0, "3": 3.0, "none": None}
ROLES: Any = {
    "student": "Student: learns, takes quizzes, reviews cards",
    "teacher": "Teacher: also writes question sets",
    "admin": "Administrator: also looks after people",
}


class AddPersonForm(Form):
    """Add somebody, who sets a password of their own by a link."""

    shown_name = StringField(
        "Name", [read_by(read_shown_name)], render_kw={"maxlength": SHOWN_NAME_LENGTH, "required": True}
    )
    sign_in_name = StringField(
        "Name for signing in", [Optional(), read_by(read_sign_in_name)], render_kw={"maxlength": SIGN_IN_NAME_LENGTH}
    )
    email = EmailField("Email", [Optional(), read_by(read_email)], render_kw={"maxlength": EMAIL_LENGTH})
    role = RadioField("Role", choices=ROLES, default="student")
