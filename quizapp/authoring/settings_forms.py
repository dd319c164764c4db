"""The form for how a set is taken: its rules with plain labels, and what they are as one value."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import BooleanField, DateTimeLocalField, IntegerField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, ValidationError

from quizapp.authoring.forms import DescribedForm
from quizapp.core.rules import LONGEST_SECONDS, MOST_TRIES, TOLD, Band, Rules, Told
from quizapp.errors import Unreadable
from quizapp.web.experience import share_words

MOST_ATTEMPTS = 100
MOST_DRAWN = 500
_LEVELS: dict[str, tuple[Told, ...]] = {
    "all": TOLD, "right": ("score", "correctness"), "score": ("score",), "nothing": (),
}  # fmt: skip
_LEVEL_NAMES = {
    "all": "Everything, with the right answers",
    "right": "The score, and which answers were right",
    "score": "Only the score",
    "nothing": "Nothing",
}
_LONGEST_MINUTES = LONGEST_SECONDS // 60
_PENALTIES = {"0": 0.0, "10": 0.1, "25": 0.25, "33": 1 / 3, "50": 0.5, "100": 1.0}


class SettingsForm(DescribedForm):
    """What a set is called and how it is taken."""

    feedback = RadioField(
        "Answers are explained",
        [DataRequired("Choose when answers are explained.")],
        choices=[
            SelectChoice("at_end", "At the end, all together"),
            SelectChoice("at_once", "At once, after each question"),
        ],
    )
    is_shuffled = BooleanField("Each person gets the questions in another order")
    drawn = IntegerField(
        "Questions drawn by lot",
        [Optional(), NumberRange(1, MOST_DRAWN, f"Give a number from 1 to {MOST_DRAWN}, or none.")],
    )
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
    told_after = SelectField(
        "When they have finished, they see",
        choices=[SelectChoice(level, name) for level, name in _LEVEL_NAMES.items()],
        default="all",
    )
    told_closed = SelectField(
        "When the set is closed, they see",
        choices=[SelectChoice(level, name) for level, name in _LEVEL_NAMES.items()],
        default="all",
    )
    navigation = RadioField(
        "Moving between questions",
        [DataRequired("Choose how one moves between questions.")],
        choices=[
            SelectChoice("free", "Freely, forward and back"),
            SelectChoice("by_section", "Freely in a section, but no section can be opened again"),
            SelectChoice("sequential", "Only forward: what is passed can’t be opened again"),
        ],
        default="free",
    )
    bands = TextAreaField("Words at the end", [Optional(), Length(max=4000, message="Use at most 4000 characters.")])
    asks_certainty = BooleanField("Ask how sure they are, and let marks follow it")
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

    def validate_bands(self, field: TextAreaField) -> None:
        """Refuse a line that does not begin with a share of the marks."""
        try:
            read_bands(field.data or "")
        except Unreadable as refusal:
            raise ValidationError(f"Line {refusal.line}: {refusal.reason}") from refusal

    def validate_told_after(self, field: SelectField) -> None:
        """Refuse to hide at the end what was told after each answer."""
        if self.feedback.data == "at_once" and field.data != "all":
            raise ValidationError("Explain answers at the end to keep them back; after each question all is told.")

    def validate_told_closed(self, field: SelectField) -> None:
        """Refuse to take back when the set closes what was shown before."""
        levels = list(_LEVELS)
        if {field.data, self.told_after.data} <= set(levels) and (
            levels.index(field.data) > levels.index(self.told_after.data)
        ):
            raise ValidationError("Show at least as much as before it closes.")

    def rules(self, before: Rules) -> Rules:
        """Return the rules as the form says them; only after validation."""
        seconds = None if self.limit_minutes.data is None else self.limit_minutes.data * 60
        is_same_limit = before.limit_seconds is not None and seconds == _minutes(before.limit_seconds) * 60
        return replace(
            before,
            feedback=self.feedback.data,
            is_shuffled=self.is_shuffled.data,
            drawn=self.drawn.data,
            tries=self.tries.data or 1,
            asks_certainty=self.asks_certainty.data,
            navigation=self.navigation.data,
            bands=read_bands(self.bands.data or ""),
            told_after=_told(self.told_after.data, before.told_after),
            told_closed=_told(self.told_closed.data, before.told_closed),
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
        "drawn": rules.drawn,
        "tries": rules.tries,
        "asks_certainty": rules.asks_certainty,
        "navigation": rules.navigation,
        "bands": "\n".join(f"{band.least * 100:.4g} {band.text}" for band in rules.bands),
        "told_after": _level(rules.told_after),
        "told_closed": _level(rules.told_closed),
        "penalty": _named(rules.penalty),
        "limit_minutes": None if rules.limit_seconds is None else _minutes(rules.limit_seconds),
        "attempts_allowed": rules.attempts_allowed,
        "closes_at": None if closes_at is None else closes_at.astimezone(zone).replace(tzinfo=None),
    }


def read_bands(text: str) -> tuple[Band, ...]:
    """Read what is said to whom at the end, the best first: a line each, “80 Very good”. Raises Unreadable."""
    bands: dict[float, Band] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        share, _, words = line.strip().partition(" ")
        share = share.removesuffix("%").removesuffix(":")
        if not line.strip():
            continue
        if not (share.isascii() and share.isdecimal() and len(share) <= 3 and int(share) <= 100 and words.strip()):
            raise Unreadable(number, "Begin with a number from 0 to 100, then write the words.")
        if int(share) / 100 in bands:
            raise Unreadable(number, f"There are words for {share} already.")
        bands[int(share) / 100] = Band(least=int(share) / 100, text=words.strip())
    return tuple(bands[least] for least in sorted(bands, reverse=True))


def _level(told: tuple[Told, ...]) -> str:
    """Return the highest level of which all is told."""
    return next(level for level, words in _LEVELS.items() if set(words) <= set(told))


def _told(level: str, before: tuple[Told, ...]) -> tuple[Told, ...]:
    return before if level == _level(before) else _LEVELS[level]


def _minutes(seconds: int) -> int:
    return max(1, round(seconds / 60))


def _named(penalty: float) -> str:
    """Return the choice that comes nearest to a penalty."""
    return min(_PENALTIES, key=lambda name: abs(_PENALTIES[name] - penalty))
