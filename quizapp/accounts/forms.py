"""The forms of accounts; what a value must be is said once, by the functions that read it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from wtforms import (
    BooleanField,
    EmailField,
    Field,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import AnyOf, InputRequired, NumberRange, Optional, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from quizapp.accounts import passwords
from quizapp.accounts.names import (
    EMAIL_LENGTH,
    SHOWN_NAME_LENGTH,
    SIGN_IN_NAME_LENGTH,
    read_email,
    read_shown_name,
    read_sign_in_name,
)
from quizapp.errors import Invalid
from quizapp.learning.learners import read_days_off
from quizapp.web.forms import Form, SubmissionId, WholeNumberField
from quizapp.web.zones import zone_choices

ROLES: Any = {"student": "Student: learn, take quizzes, review cards", "teacher": "Teacher: also write question sets"}
THEMES: Any = {"system": "As the device is set", "light": "Light", "dark": "Dark"}
SESSION_LENGTHS: Any = {
    "all": "All that is due", "5m": "5 minutes", "10m": "10 minutes", "20m": "20 minutes", "10": "10 cards",
    "20": "20 cards", "50": "50 cards",
}  # fmt: skip
WEEKDAYS: Any = {
    "mon": "Monday", "tue": "Tuesday", "wed": "Wednesday", "thu": "Thursday", "fri": "Friday", "sat": "Saturday",
    "sun": "Sunday",
}  # fmt: skip
MOST_HOLIDAYS = 20
_ROWS = ListWidget(prefix_label=False)
HOURS: Any = {str(hour): f"{hour:02}:00" for hour in range(13)}


def read_by(read: Callable[[str], object]) -> Callable[[Form, Field], None]:
    """Return a validator that accepts what `read` does."""

    def validate(_form: Form, field: Field) -> None:
        try:
            read(field.data or "")
        except Invalid as refusal:
            raise ValidationError(refusal.message) from refusal

    return validate


class SignUpForm(Form):
    """Sign up; the id of the form becomes the id of the sign-in."""

    submission = SubmissionId()
    next = HiddenField()
    time_zone = HiddenField(render_kw={"data-zone": True})
    shown_name = StringField(
        "Your name", [read_by(read_shown_name)], render_kw={"maxlength": SHOWN_NAME_LENGTH, "required": True}
    )
    sign_in_name = StringField(
        "Name for signing in", [Optional(), read_by(read_sign_in_name)], render_kw={"maxlength": SIGN_IN_NAME_LENGTH}
    )
    email = EmailField("Email", [Optional(), read_by(read_email)], render_kw={"maxlength": EMAIL_LENGTH})
    password = PasswordField("Password", render_kw={"required": True})
    role = RadioField("You are a", choices=ROLES, default="student")

    def validate_password(self, field: PasswordField) -> None:
        """Judge the password beside the names on the same form."""
        names = (self.shown_name.data or "", self.sign_in_name.data or "", self.email.data or "")
        read_by(lambda text: passwords.refuse_weak("password", text, names))(self, field)


class SignInForm(Form):
    """Sign in."""

    next = HiddenField()
    name = StringField("Name or email", [InputRequired("Give the name that you sign in with, or your email.")])
    password = PasswordField("Password", [InputRequired("Give your password.")])


class ForgotForm(Form):
    """Ask for a link that sets a new password."""

    name = StringField("Name or email", [InputRequired("Give the name that you sign in with, or your email.")])


class ProfileForm(Form):
    """Change what others see, and the address."""

    shown_name = StringField(
        "Your name", [read_by(read_shown_name)], render_kw={"maxlength": SHOWN_NAME_LENGTH, "required": True}
    )
    email = EmailField("Email", [Optional(), read_by(read_email)], render_kw={"maxlength": EMAIL_LENGTH})
    current_password = PasswordField("Current password", [Optional()], id="profile_password")


class StudyForm(Form):
    """Change how one studies."""

    time_zone = SelectField("Time zone")
    day_start_hour = SelectField("A new day begins at", choices=HOURS, coerce=int)
    new_cards_per_day = WholeNumberField(
        "New cards a day", [InputRequired("Give a number, 0 for none."), NumberRange(0, 999, "Choose from 0 to 999.")]
    )
    minutes_per_day = WholeNumberField(
        "Minutes a day", [Optional(), NumberRange(5, 600, "Choose from 5 to 600, or leave it empty for no limit.")]
    )
    half_days = SelectMultipleField("Lighter days", choices=WEEKDAYS, option_widget=CheckboxInput(), widget=_ROWS)
    free_days = SelectMultipleField("Free days", choices=WEEKDAYS, option_widget=CheckboxInput(), widget=_ROWS)
    holidays = TextAreaField("Holidays", [Optional()], render_kw={"rows": 2, "maxlength": 600})
    is_fuzz_on = BooleanField("Spread cards over neighbouring days")
    session_length = SelectField("Length of a card session", choices=SESSION_LENGTHS)
    is_typing_on = BooleanField("Type the answers of flashcards")
    target_percent = WholeNumberField(
        "Recall to aim for, in %",
        [InputRequired("Give a percentage, usually 90."), NumberRange(80, 97, "Choose from 80 to 97.")],
    )
    theme = RadioField("Colours", choices=THEMES)
    is_keys_on = BooleanField("Single-key shortcuts")

    def __init__(self, current_zone: str, **kwargs: Any) -> None:
        """Offer all zones and the one in force."""
        super().__init__(**kwargs)
        choices: Any = zone_choices(current_zone)
        self.time_zone.choices = choices

    def validate_free_days(self, field: Field) -> None:
        """Leave a day to study on."""
        if len(set(field.data or ())) == len(WEEKDAYS):
            raise ValidationError("Leave at least one day to study on.")

    def validate_holidays(self, field: Field) -> None:
        """Read the holidays."""
        try:
            periods = read_days_off(self.stored_days_off)
        except ValueError as error:
            raise ValidationError("Write each on a line of its own, such as 2026-12-24 to 2027-01-02.") from error
        if len(periods) > MOST_HOLIDAYS:
            raise ValidationError(f"Keep to {MOST_HOLIDAYS} holidays; those that are over can go.")

    @property
    def week(self) -> str:
        """The week as it is stored: a digit for each day."""
        half, free = set(self.half_days.data or ()), set(self.free_days.data or ())
        return "".join("0" if day in free else "1" if day in half else "2" for day in WEEKDAYS)

    @property
    def stored_days_off(self) -> str:
        """The holidays as they are stored; a single day is its own last one."""
        lines = [re.split(r"\s*(?:\bto\b|[–—/]|\s-\s)\s*", line.strip(), maxsplit=1) for line in self._lines]
        return " ".join(f"{days[0]}/{days[-1]}" for days in lines)

    @property
    def _lines(self) -> list[str]:
        return [line for line in (self.holidays.data or "").splitlines() if line.strip()]


def calendar_fields(week: str, days_off: str) -> dict[str, Any]:
    """Return the values of the fields that a stored week and stored holidays fill."""
    half, free = ([day for day, kind in zip(WEEKDAYS, week, strict=True) if kind == digit] for digit in "10")
    periods = (f"{first}" if first == last else f"{first} to {last}" for first, last in read_days_off(days_off))
    return {"half_days": half, "free_days": free, "holidays": "\n".join(periods)}


class NamedForm(Form):
    """A form for a new password of somebody whose names are known."""

    def __init__(self, names: tuple[str, ...], **kwargs: Any) -> None:
        """Keep the names, which the password must not be."""
        super().__init__(**kwargs)
        self.names = names


def is_strong(form: NamedForm, field: Field) -> None:
    """Validate a new password."""
    read_by(lambda text: passwords.refuse_weak("", text, form.names))(form, field)


class PasswordForm(NamedForm):
    """Change the password."""

    current_password = PasswordField("Current password", [InputRequired("Give the password you have now.")])
    new_password = PasswordField("New password", [is_strong], render_kw={"required": True})


class CodeForm(Form):
    """Give a one-time code."""

    code = StringField("Code", [InputRequired("Give the code.")])


class CodesOnForm(Form):
    """Begin to set one-time codes up."""

    current_password = PasswordField("Current password", [InputRequired("Give the password you have now.")])


class CodesOffForm(CodesOnForm):
    """Switch one-time codes off."""

    code = StringField("Code", [InputRequired("Give the code.")])


class ResetForm(NamedForm):
    """Set a password by a one-time link."""

    new_password = PasswordField("New password", [is_strong], render_kw={"required": True})


class KeepForm(Form):
    """Say what becomes of what one did as a guest."""

    next = HiddenField()
    do = HiddenField(validators=[AnyOf(("keep", "discard"))])
