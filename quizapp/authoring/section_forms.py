"""The form for a section: what it is called, what to do in it, and what is drawn by lot."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import IntegerField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import DataRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from quizapp.core.sections import Pool, tag_key
from quizapp.errors import Invalid
from quizapp.web.forms import Form
from quizapp.web.questions import ASKABLE_KINDS, KIND_NAMES
from quizapp.web.sections import Asked

MOST_DRAWN = 100


class NewSectionForm(Form):
    """A new section."""

    section_title = StringField(
        "Title of the section",
        [DataRequired("Give the section a title."), Length(max=120, message="Use at most 120 characters.")],
    )


class SectionForm(Form):
    """A section of a set."""

    title = StringField(
        "Title", [DataRequired("Give the section a title."), Length(max=120, message="Use at most 120 characters.")]
    )
    instruction = TextAreaField(
        "What to do in it", [Optional(), Length(max=4000, message="Use at most 4000 characters.")]
    )
    drawn = IntegerField(
        "Of its own questions, drawn by lot",
        [Optional(), NumberRange(1, MOST_DRAWN, f"Give a number from 1 to {MOST_DRAWN}, or none.")],
    )
    number = IntegerField(
        "Questions drawn from the pool",
        [Optional(), NumberRange(1, MOST_DRAWN, f"Give a number from 1 to {MOST_DRAWN}, or none.")],
    )
    topics = SelectMultipleField(
        "Topics", coerce=int, option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )
    tags = StringField("Tags", [Optional(), Length(max=400, message="Use at most 400 characters.")])
    kinds = SelectMultipleField(
        "Kinds",
        choices=[SelectChoice(kind, KIND_NAMES[kind]) for kind in ASKABLE_KINDS],
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def offer_topics(self, topics: Iterable[tuple[int, str]]) -> None:
        """Let these topics, as (number, title), be chosen."""
        self.topics.choices = [SelectChoice(topic_id, title) for topic_id, title in topics]

    def validate(self, extra_validators: Any = None) -> bool:
        """Judge the form; of a pool it must say how many are drawn, a number that its own field lets be empty."""
        is_valid = bool(super().validate(extra_validators))
        is_described = self.topics.data or self.tags.data or self.kinds.data
        if is_described and self.number.data is None and not self.number.errors:
            self.blame(Invalid("number", "Say how many of what fits are drawn, or choose no topic, tag or kind."))
            return False
        return is_valid

    def pool(self) -> Pool | None:
        """Return the pool as the form says it; only after validation."""
        if self.number.data is None:
            return None
        return Pool(
            number=self.number.data,
            topics=tuple(self.topics.data or ()),
            tags=read_tags(self.tags.data or ""),
            kinds=tuple(self.kinds.data or ()),
        )


def section_values(section: Asked) -> dict[str, Any]:
    """Return what the form shows for a section."""
    pool = section.pool
    return {
        "title": section.title,
        "instruction": section.instruction,
        "drawn": section.drawn,
        "number": pool.number if pool else None,
        "topics": list(pool.topics) if pool else [],
        "tags": ", ".join(pool.tags) if pool else "",
        "kinds": list(pool.kinds) if pool else [],
    }


def read_tags(text: str) -> tuple[str, ...]:
    """Return the tags in a line, as they are found: without case, each once, in order."""
    return tuple(dict.fromkeys(key for part in text.split(",") if (key := tag_key(part))))
