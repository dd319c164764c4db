"""The form of a plan to a date."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from wtforms import DateField, Field, SelectMultipleField, StringField
from wtforms.validators import DataRequired, InputRequired, NumberRange, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from quizapp.web.forms import Form, SubmissionId, WholeNumberField

FARTHEST_DAYS = 730


class PlanForm(Form):
    """What is to be known, by when, and in how many minutes a day."""

    submission_id = SubmissionId()
    name = StringField(
        "What it is", [DataRequired("Give it a name, such as History exam.")], render_kw={"maxlength": 80}
    )
    exam_on = DateField("Date", [InputRequired("Choose the day of the exam.")])
    topics = SelectMultipleField(
        "Topics", coerce=int, option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False),
        validators=[DataRequired("Choose at least one topic.")],
    )  # fmt: skip
    minutes_per_day = WholeNumberField(
        "Minutes a day",
        [InputRequired("Say how many minutes a day you have."), NumberRange(5, 600, "Choose from 5 to 600.")],
        default=20,
    )

    def __init__(self, topics: list[tuple[int, str]], today: date, **kwargs: Any) -> None:
        """Offer topics, as (id, title)."""
        super().__init__(**kwargs)
        choices: Any = topics
        self.topics.choices = choices
        self.today = today

    def validate_name(self, field: Field) -> None:
        """Keep to what a heading holds."""
        if len(field.data or "") > 80:
            raise ValidationError("Use at most 80 characters.")

    def validate_exam_on(self, field: Field) -> None:
        """Leave a day to study on."""
        if field.data is None:
            return  # told already
        if not self.today < field.data <= self.today + timedelta(days=FARTHEST_DAYS):
            raise ValidationError("Choose a day after today, within two years.")
