"""Forms of this room: a mark by points or by the levels of a rubric, and what is told with it."""

from __future__ import annotations

from typing import Any

from wtforms import DecimalField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, Length, NumberRange

from quizapp.core.grading import rubric_score
from quizapp.core.items import Essay, Item
from quizapp.marking.answers import MarkedAnswer
from quizapp.marking.regrades import POLICIES
from quizapp.web.forms import Form, SubmissionId


class MarkForm(Form):
    """A mark; its id is made by the form, and `seen_marks` is how many the page had seen."""

    mark_id = SubmissionId()
    seen_marks = IntegerField(validators=[InputRequired(), NumberRange(0, 10_000)])
    comment = TextAreaField("Say something to it", validators=[Length(max=2000)])

    @property
    def levels(self) -> list[RadioField]:
        """The fields of the rubric, in its order; empty where points are given."""
        return [field for field in self if field.name.startswith("level_")]


class ReplyForm(Form):
    """A word to a learner who says they were right."""

    reply = StringField("A word to the learner", validators=[Length(max=500)])


class RegradeForm(Form):
    """How a question is marked again, by which wording, and why."""

    submission_id = SubmissionId()
    policy = RadioField("What to do", choices=[SelectChoice(*each) for each in POLICIES.items()], default="never_lower")
    version = SelectField("By the key of", coerce=int)
    reason = TextAreaField("Why", validators=[InputRequired("Say why: the learners read it."), Length(max=500)])


def mark_form(answer: MarkedAnswer, *, is_sent: bool) -> MarkForm:
    """Return the form for an answer, as it was sent or with the mark that counts."""
    criteria = _criteria(answer.item)
    fields: dict[str, Any] = {}
    for number, criterion in enumerate(criteria):
        choices = [
            SelectChoice(str(place), f"{level.points:g}: {level.text}") for place, level in enumerate(criterion.levels)
        ]
        fields[f"level_{number}"] = RadioField(
            criterion.text, choices=choices, validators=[InputRequired("Choose one of the levels.")]
        )
    if not criteria:
        wrong = f"Give a number from 0 to {answer.max_mark:g}."
        fields["points"] = DecimalField(
            f"Marks, 0 to {answer.max_mark:g}",
            places=None,
            validators=[InputRequired(wrong), NumberRange(0, answer.max_mark, wrong)],
        )
    kind = type("MarkForm", (MarkForm,), fields)
    if is_sent:
        return kind()  # type: ignore[no-any-return]
    points = round(answer.score * answer.max_mark, 4) if answer.score is not None and not criteria else None
    comment = answer.mark.comment if answer.mark else ""
    return kind(formdata=None, seen_marks=answer.seen_marks, points=points, comment=comment)  # type: ignore[no-any-return]


def score_of(form: MarkForm, answer: MarkedAnswer) -> float:
    """Return the credit 0..1 of a form that was found valid."""
    if levels := form.levels:
        return rubric_score(_criteria(answer.item), [int(field.data) for field in levels])
    return float(form["points"].data) / answer.max_mark


def _criteria(item: Item) -> tuple[Any, ...]:
    return item.criteria if isinstance(item, Essay) else ()
