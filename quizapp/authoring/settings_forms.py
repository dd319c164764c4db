"""The form for how a set is taken: its rules with plain labels, and what they are as one value."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import BooleanField, DateTimeLocalField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from quizapp.core.rules import LONGEST_SECONDS, MOST_TRIES, Rules
from quizapp.web.experience import share_words
from quizapp.web.forms import Form

MOST_ATTEMPTS = 100
_LONGEST_MINUTES = LONGEST_SECONDS // 60
_PENALTIES = {"0": 0.0, "10": 0.1, "25": 0.25, "33": 1 / 3, "50": 0.5, "100": 1.0}


class SettingsForm(Form):
    """What a set is called and how it is taken."""

    title = StringField(
        "Title", [DataRequired("Give the set a title."), Length(max=120, message="Use at most 120 characters.")]
    )
    description = TextAreaField("Description", [Optional(), Length(max=2000, message="Use at most 2000 characters.")])
    feedback = RadioField(
        "Answers are explained",
        [DataRequired("Choose when answers are explained.")],
        choices=[
            SelectChoice("at_end", "At the end, all together"),
            SelectChoice("at_once", "At once, after each question"),
        ],
    )
    is_shuffled = BooleanField("Each person gets the questions in another order")
    tries = IntegerField(
        "Tries at each question",
        [
            InputRequired(f"Give a number from 1 to {MOST_TRIES}."),
            NumberRange(1, MOST_TRIES, f"Give a number from 1 to {MOST_TRIES}."),
        ],
        default=1,
    )
    penalty = SelectField(
        "A wrong try costs",
        choices=[SelectChoice(name, f"{share_words(share)} of the mark") for name, share in _PENALTIES.items()],
        default="33",
    )
    limit_minutes = IntegerField(
        "Minutes to take it",
        [Optional(), NumberRange(1, _LONGEST_MINUTES, f"Give a number from 1 to {_LONGEST_MINUTES}, or none.")],
    )
    attempts_allowed = IntegerField(
        "Attempts for each person",
        [Optional(), NumberRange(1, MOST_ATTEMPTS, f"Give a number from 1 to {MOST_ATTEMPTS}, or none.")],
    )
    closes_at = DateTimeLocalField("Closes by itself", [Optional()], format="%Y-%m-%dT%H:%M")

    def validate_tries(self, field: IntegerField) -> None:
        """Refuse a second try where nothing is told before the end."""
        if field.data is not None and field.data > 1 and self.feedback.data == "at_end":
            raise ValidationError(
                "Explain answers at once, or give one try: without feedback nobody knows to try again."
            )

    def rules(self, before: Rules) -> Rules:
        """Return the rules as the form says them; only after validation."""
        seconds = None if self.limit_minutes.data is None else self.limit_minutes.data * 60
        is_same_limit = before.limit_seconds is not None and seconds == _minutes(before.limit_seconds) * 60
        return replace(
            before,
            feedback=self.feedback.data,
            is_shuffled=self.is_shuffled.data,
            tries=self.tries.data or 1,
            penalty=before.penalty if self.penalty.data == _named(before.penalty) else _PENALTIES[self.penalty.data],
            limit_seconds=before.limit_seconds if is_same_limit else seconds,
            attempts_allowed=self.attempts_allowed.data,
        )

    def closing(self, zone: ZoneInfo) -> datetime | None:
        """Return when the set closes, as said in a zone; only after validation."""
        local: datetime | None = self.closes_at.data
        return None if local is None else local.replace(tzinfo=zone).astimezone(UTC)


def settings_of(rules: Rules, closes_at: datetime | None, zone: ZoneInfo) -> dict[str, Any]:
    """Return what the form shows for rules and a closing time."""
    return {
        "feedback": rules.feedback,
        "is_shuffled": rules.is_shuffled,
        "tries": rules.tries,
        "penalty": _named(rules.penalty),
        "limit_minutes": None if rules.limit_seconds is None else _minutes(rules.limit_seconds),
        "attempts_allowed": rules.attempts_allowed,
        "closes_at": None if closes_at is None else closes_at.astimezone(zone).replace(tzinfo=None),
    }


def _minutes(seconds: int) -> int:
    return max(1, round(seconds / 60))


def _named(penalty: float) -> str:
    """Return the choice that comes nearest to a penalty."""
    return min(_PENALTIES, key=lambda name: abs(_PENALTIES[name] - penalty))
