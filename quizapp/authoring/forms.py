"""Forms of this room; the editor's form is made for the kind of question and its number of options."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FileField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from quizapp.authoring.attachments import file_fields
from quizapp.authoring.passages import FEWEST_WORDS, MOST_WORDS, Place
from quizapp.core.sentences import sentence_spans
from quizapp.models.flags import LONGEST_COMMENT
from quizapp.web.flags import REASON_NAMES
from quizapp.web.forms import Form, SubmissionId

FEWEST_OPTIONS = 2
MOST_OPTIONS = 10  # that the editor adds; an item from elsewhere may have more
NEW_TOPIC = "new"
# What the rows of a kind consist of: the name of its fields before the row's number, and after it.
ROWS = {
    "single_choice": ("option", ("id", "text", "reason", "is_right", "share")),
    "multiple_choice": ("option", ("id", "text", "reason", "is_right", "share")),
    "matching": ("pair", ("left", "right")),
    "ordering": ("entry", ("text",)),
    "essay": ("criterion", ("text", "levels")),
}
MOST_ROWS = 50
_SHORT_LINE = 60


class DescribedForm(Form):
    """What a set is called and what it is."""

    title = StringField(
        "Title", [DataRequired("Give the set a title."), Length(max=120, message="Use at most 120 characters.")]
    )
    description = TextAreaField("Description", [Optional(), Length(max=2000, message="Use at most 2000 characters.")])


class SetForm(DescribedForm):
    """A new set."""

    submission = SubmissionId()


class PublishForm(Form):
    """How a set is to be found."""

    visibility = RadioField(
        "Who can find it",
        [DataRequired("Choose who can find the set.")],
        choices=[
            SelectChoice("here", "Everyone: it is listed among the question sets"),
            SelectChoice("link", "Only who has the link"),
        ],
    )


class RewordForm(Form):
    """A text of the teacher's own: its wording, its heading and a note."""

    heading = StringField(
        "The question that the passage answers",
        [Optional(), Length(max=200, message="Use at most 200 characters.")],
    )
    text = TextAreaField("Passage", [DataRequired("Paste the passage, or choose a file.")])
    note = TextAreaField("Note for readers", [Optional(), Length(max=1000, message="Use at most 1000 characters.")])
    seen_version = HiddenField(default="0")

    @property
    def title(self) -> str:
        """What the passage is called: its heading, or its first words."""
        return (self.heading.data or first_words(self.text.data or ""))[:200]

    def validate_text(self, field: TextAreaField) -> None:
        """Refuse a text that is too short to ask about or too long for one passage."""
        words = len((field.data or "").split())
        if words < FEWEST_WORDS:
            raise ValidationError(f"This has {words} words. A passage needs at least {FEWEST_WORDS}.")
        if words > MOST_WORDS:
            raise ValidationError(f"This has {words} words. Use at most {MOST_WORDS}; cut it into several passages.")


class PassageForm(RewordForm):
    """A new one, with its topic; its text may come as a file."""

    topic = SelectField("Topic", validate_choice=True)
    new_topic = StringField("Title of the new topic", [Length(max=120, message="Use at most 120 characters.")])
    file = FileField("Or a file")
    submission = SubmissionId()

    def validate_new_topic(self, field: StringField) -> None:
        """Call a new topic without a title as its passage is called."""
        if self.topic.data == NEW_TOPIC and not field.data:
            field.data = self.title[:120]


class FlagForm(Form):
    """What a learner says is wrong with a question."""

    reason = RadioField(
        "What is wrong",
        [DataRequired("Choose what is wrong.")],
        choices=[SelectChoice(reason, name) for reason, name in REASON_NAMES.items()],
    )
    comment = TextAreaField(
        "In your words",
        [Length(max=LONGEST_COMMENT, message=f"Use at most {LONGEST_COMMENT} characters.")],
    )

    def validate_comment(self, field: TextAreaField) -> None:
        """Refuse “something else” that says nothing."""
        if self.reason.data == "other" and not field.data:
            raise ValidationError("Say in a few words what is wrong.")


class ItemForm(Form):
    """What every kind of question has; `item_form` adds what its kind asks for."""

    stem = TextAreaField(
        "Question", [DataRequired("Write the question."), Length(max=4000, message="Use at most 4000 characters.")]
    )
    explanation = TextAreaField("Explanation", [Optional(), Length(max=4000, message="Use at most 4000 characters.")])
    is_formatted = BooleanField("Formatting and formulas")
    tags = StringField("Tags", [Optional(), Length(max=400, message="Use at most 400 characters.")])
    place = SelectField("Topic and passage", validate_choice=False)
    new_topic = StringField("Title of the new topic", [Length(max=120, message="Use at most 120 characters.")])
    quote = TextAreaField("Evidence", [Optional(), Length(max=4000, message="Use at most 4000 characters.")])
    rows = HiddenField()
    seen_version = HiddenField(default="0")
    submission = SubmissionId()
    row_numbers = range(0)  # of the rows that the form was made with
    file_numbers = range(0)  # of the pictures and sounds

    def validate_place(self, field: SelectField) -> None:
        """Refuse a place that is not on the list."""
        offered: Any = field.choices  # the stubs don't know SelectChoice
        if not field.data or field.data not in {choice.value for choice in offered}:
            raise ValidationError("Choose a topic from the list.")

    def validate_new_topic(self, field: StringField) -> None:
        """Refuse a new topic without a title."""
        if self.place.data == NEW_TOPIC and not field.data:
            raise ValidationError("Give the new topic a title.")


def first_words(text: str) -> str:
    """Return a text's first line or sentence when it is short, else its first words."""
    start, end = next(iter(sentence_spans(text)), (0, 0))
    line = text[start:end].partition("\n")[0].strip()
    if len(line) <= _SHORT_LINE:
        return line.rstrip(".")
    return f"{line[:_SHORT_LINE].rpartition(' ')[0] or line[:_SHORT_LINE]} …"


def item_form(
    kind: str, data: MultiDict[str, str], places: Sequence[Place], *, is_published: bool, is_saving: bool = True
) -> Any:
    """Make the editor's form for a kind, filled from `data`.

    For a published question it also asks what the change is, and wants an answer when it is saved.
    """
    rows = row_count(data)
    fields: dict[str, Any] = {**_OWN.get(kind, {}), **file_fields(data), "row_numbers": range(rows)}
    if kind in ROWS:
        fields |= _row_fields(kind, rows)
    if kind in _STEMS:
        label, refusal = _STEMS[kind]
        fields["stem"] = TextAreaField(
            label, [DataRequired(refusal), Length(max=4000, message="Use at most 4000 characters.")]
        )
    if is_published:
        fields["change"] = RadioField(
            "Is it the same question?",
            [DataRequired("Say whether it is still the same question.") if is_saving else Optional()],
            choices=[
                SelectChoice("correction", "Yes. I only word it better"),
                SelectChoice("replacement", "No. It asks something else, or another answer is right"),
            ],
        )
    form = type("KindForm", (ItemForm,), fields)(formdata=data)
    form.place.choices = place_choices(places)
    return form


def place_choices(places: Sequence[Place]) -> list[SelectChoice]:
    """Return where a question can be at home as choices: a topic's title, with its heading where it has several."""
    titles = [place.topic for place in places]
    named = [
        SelectChoice(place.key, place.topic if titles.count(place.topic) == 1 else f"{place.topic}: {place.heading}")
        for place in places
    ]
    return [SelectChoice("", "Choose"), *named, SelectChoice(NEW_TOPIC, "A new topic, without a passage")]


def topic_choices(topics: Iterable[tuple[int, str]]) -> list[SelectChoice]:
    """Return the topics that a passage can be put under as choices, and a new one."""
    named = [SelectChoice(str(topic_id), title) for topic_id, title in topics]
    return [*named, SelectChoice(NEW_TOPIC, "A new topic")]


def row_count(data: Mapping[str, str]) -> int:
    """Return how many option rows the form has."""
    text = data.get("rows", "").strip()[:9]  # as a form reads it; Python makes no number of thousands of digits
    return min(max(int(text) if text.isascii() and text.isdecimal() else 4, FEWEST_OPTIONS), MOST_ROWS)


def _row_fields(kind: str, rows: int) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    long = Length(max=1000, message="Use at most 1000 characters.")
    for row in range(rows):
        if kind == "matching":
            fields[f"pair_{row}_left"] = StringField(f"Left side {row + 1}", [Optional(), long])
            fields[f"pair_{row}_right"] = StringField("Belongs to it", [long])
        elif kind == "ordering":
            fields[f"entry_{row}_text"] = StringField(f"Entry {row + 1}", [long])
        elif kind == "essay":
            fields[f"criterion_{row}_text"] = StringField(f"Criterion {row + 1}", [Optional(), long])
            fields[f"criterion_{row}_levels"] = TextAreaField("Its levels", [Optional(), long])
    return fields or _option_fields(kind, rows, long)


def _option_fields(kind: str, rows: int, long: Length) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for row in range(rows):
        fields[f"option_{row}_id"] = HiddenField()
        fields[f"option_{row}_text"] = TextAreaField(f"Option {row + 1}", [long])
        fields[f"option_{row}_reason"] = TextAreaField("Reason", [Optional(), long])
        fields[f"option_{row}_share"] = StringField(f"Share {row + 1}", [Length(max=20)])
        if kind == "multiple_choice":
            fields[f"option_{row}_is_right"] = BooleanField("Right answer")
    if kind == "single_choice":
        fields["right"] = RadioField(
            "Right answer",
            [DataRequired("Mark the option that is right.")],
            choices=[SelectChoice(str(row), "Right answer") for row in range(rows)],
        )
    return fields


_STEMS = {
    "true_false": ("Statement", "Write the statement."),
    "cloze": ("Text with gaps", "Write the text with its gaps."),
    "flashcard": ("Front", "Write the front of the card."),
    "description": ("Text", "Write the text."),
}
_LONG = Length(max=2000, message="Use at most 2000 characters.")
_OWN: dict[str, dict[str, Any]] = {
    "multiple_choice": {
        "choice_policy": SelectField(
            "A wrong choice",
            choices=[
                SelectChoice("partial", "takes its share away"),
                SelectChoice("right_minus_wrong", "takes away as much as a right one earns"),
                SelectChoice("all_or_nothing", "loses the whole mark, as a missing one does"),
            ],
            default="partial",
        )
    },
    "true_false": {
        "right": RadioField(
            "The statement is",
            [DataRequired("Say whether the statement is true.")],
            choices=[SelectChoice("true", "True"), SelectChoice("false", "False")],
        ),
        "reason_true": TextAreaField("Reason shown with “True”", [Optional(), _LONG]),
        "reason_false": TextAreaField("Reason shown with “False”", [Optional(), _LONG]),
    },
    "short_answer": {
        "accepted": TextAreaField("Accepted answers", [DataRequired("Write at least one accepted answer."), _LONG])
    },
    "numeric": {
        "accepted": TextAreaField("Accepted numbers", [DataRequired("Write at least one accepted number."), _LONG]),
        "unit": StringField("Unit", [Optional(), Length(max=60, message="Use at most 60 characters.")]),
        "units": TextAreaField("Other units", [Optional(), _LONG]),
        "is_unit_asked": BooleanField("The unit is part of the answer"),
    },
    "flashcard": {
        "answer": TextAreaField("Back", [DataRequired("Write the back of the card."), _LONG]),
        "is_reversible": BooleanField("Ask it in both directions"),
    },
    "essay": {
        "answer": TextAreaField(
            "Model answer", [Optional(), Length(max=10_000, message="Use at most 10,000 characters.")]
        ),
        "rubric": TextAreaField("What to look for", [Optional(), _LONG]),
    },
}
