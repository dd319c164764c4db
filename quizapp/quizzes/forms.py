"""Forms of the quiz room."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import DataRequired, InputRequired, NumberRange
from wtforms.widgets import CheckboxInput, ListWidget

from quizapp.core.grading import CERTAINTIES
from quizapp.core.rules import Rules
from quizapp.quizzes.working_answers import Typed
from quizapp.web.forms import Form, SubmissionId
from quizapp.web.questions import ASKABLE_KINDS, KIND_NAMES

MOST_QUESTIONS = 50


class PracticeForm(Form):
    """What a practice quiz is built from."""

    submission_id = SubmissionId()
    topics = SelectMultipleField(
        "Topics",
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validators=[DataRequired("Choose at least one topic.")],
    )
    number = IntegerField(
        "How many questions",
        default=8,
        validators=[
            InputRequired("Say how many questions you want."),
            NumberRange(1, MOST_QUESTIONS, f"Choose a number from 1 to {MOST_QUESTIONS}."),
        ],
    )
    kinds = SelectMultipleField(
        "Kinds of question",
        choices=[SelectChoice(kind, KIND_NAMES[kind]) for kind in ASKABLE_KINDS],
        default=list(ASKABLE_KINDS),
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
        validators=[DataRequired("Choose at least one kind of question.")],
    )
    feedback = RadioField(
        "When to see the answers",
        choices=[SelectChoice("at_once", "After each question"), SelectChoice("at_end", "At the end")],
        default="at_once",
        validators=[DataRequired("Choose when to see the answers.")],
    )
    order = RadioField(
        "Which questions come",
        choices=[SelectChoice("mixed", "Any, mixed"), SelectChoice("least_known", "What I know least first")],
        default="mixed",
        validators=[DataRequired("Choose which questions come.")],
    )
    asks_certainty = BooleanField("Ask how sure I am")


def topic_choices(topics: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Return the topics, as (slug, title), that a form offers."""
    return [SelectChoice(slug, title) for slug, title in topics]


class StartForm(Form):
    """A button that starts an attempt once, however often it is pressed."""

    submission_id = SubmissionId()


class WorkingForm(Form):
    """What a question's page says beside the answer in its controls: which page it is, and what it had seen."""

    submission_id = SubmissionId()
    base_revision = IntegerField(validators=[InputRequired(), NumberRange(0, 10_000)])
    working_revision = IntegerField(validators=[InputRequired(), NumberRange(0, 1_000_000)])
    certainty = HiddenField()
    save_number = IntegerField(default=1, validators=[InputRequired(), NumberRange(1, 1_000_000)])

    def said(self, answer: dict[str, Any] | None, rules: Rules) -> dict[str, Any] | None:
        """Return the answer with the certainty said beside it, where the rules ask for one."""
        is_sure = rules.asks_certainty and self.certainty.data in CERTAINTIES
        return {**answer, "certainty": self.certainty.data} if answer is not None and is_sure else answer

    def typed(self, answer: dict[str, Any] | None) -> Typed:
        """Return the answer as a working answer of this page; only after validation."""
        return Typed(
            answer,
            client_id=self.submission_id.uuid,
            save_number=self.save_number.data or 1,
            base_revision=self.base_revision.data or 0,
            working_revision=self.working_revision.data or 0,
        )


class AnswerForm(WorkingForm):
    """What every answer carries beside the answer itself."""

    milliseconds = HiddenField()
