"""What the card pages send: which card, how it was seen, and the rating."""

from __future__ import annotations

from wtforms import HiddenField, IntegerField
from wtforms.validators import InputRequired, NumberRange
from wtforms.widgets import HiddenInput

from quizapp.errors import Invalid, NotFound
from quizapp.learning.cards import Key
from quizapp.web.forms import Form, SubmissionId

_LONGEST_MILLISECONDS = 86_400_000  # a page left open for days
_MOST = 2_000_000_000
INCOMPLETE = Invalid("", "This page is incomplete. Reload it and try again.")


def _number() -> IntegerField:
    return IntegerField(widget=HiddenInput(), validators=[InputRequired(), NumberRange(0, _MOST)])


class _Lenient(IntegerField):
    """A number that only decorates: what can't be read, or no browser would send, is 0."""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0] if valuelist else ""
        self.data = min(int(text), _LONGEST_MILLISECONDS) if text.isascii() and text.isdecimal() else 0


class AnswerForm(Form):
    """Asks for the answer side of a card; what was typed or chosen beside it is read by the kind of question."""

    card = HiddenField()
    seen_reviews = _number()
    milliseconds = _Lenient(widget=HiddenInput(), render_kw={"data-milliseconds": True})
    done = _Lenient(widget=HiddenInput())
    left = _Lenient(widget=HiddenInput())


class RateForm(Form):
    """A rating of the card that was shown."""

    id = SubmissionId()
    card = HiddenField()
    seen_reviews = _number()
    rating = IntegerField(validators=[InputRequired(), NumberRange(1, 4)])  # not hidden: the four buttons send it
    is_whole = HiddenField()  # whether the whole passage was open
    question_milliseconds = _Lenient(widget=HiddenInput())
    milliseconds = _Lenient(widget=HiddenInput(), render_kw={"data-milliseconds": True})

    @property
    def whole_milliseconds(self) -> int | None:
        """The time from the question shown to the rating given, in milliseconds; None where no script measured it."""
        whole = (self.question_milliseconds.data or 0) + (self.milliseconds.data or 0)
        return min(whole, _LONGEST_MILLISECONDS) or None


def card_name(key: Key) -> str:
    """Return how a page names a card: “12.0” is part 0 of item 12."""
    return f"{key[0]}.{key[1]}"


def read_card_name(text: str | None) -> Key:
    """Return the card that a page names. Raises NotFound."""
    item, dot, part = (text or "").partition(".")
    if not (dot and all(number.isascii() and number.isdecimal() and len(number) < 10 for number in (item, part))):
        raise NotFound
    return int(item), int(part)
