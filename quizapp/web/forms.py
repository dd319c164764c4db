"""What every form shares: the token, an id made for one submission, trimmed text."""

from __future__ import annotations

import re
import uuid
from typing import Any

from flask_wtf import CSRFProtect, FlaskForm  # type: ignore[import-untyped]  # the package ships no types
from wtforms import HiddenField, IntegerField
from wtforms.validators import ValidationError

from quizapp.errors import Invalid

csrf = CSRFProtect()
_LARGEST = 2**53
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0c\x0e-\x1f\x7f]")  # databases and readers of JSON refuse some of them


class Form(FlaskForm):  # type: ignore[misc]  # see above
    """A form of this site; before text is judged it loses outer space, control characters and foreign line ends."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def bind_field(self, form: Any, unbound_field: Any, options: Any) -> Any:
            filters = list(unbound_field.kwargs.get("filters", []))
            if "Password" not in unbound_field.field_class.__name__ and "StringField" in _bases(
                unbound_field.field_class
            ):
                filters.append(_tidy)
            if "IntegerField" in _bases(unbound_field.field_class):
                filters.append(_within_reach)
            return unbound_field.bind(form=form, filters=filters, **options)

    def blame(self, refusal: Invalid) -> None:
        """Show a refusal beside the field it names, or above the form."""
        field = self._fields.get(refusal.field)
        if field is not None:
            field.errors = [*field.errors, refusal.message]
        else:
            self.form_errors.append(refusal.message)


class WholeNumberField(IntegerField):
    """A whole number; what is none is refused in the words of its range."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError("Write a whole number in digits.") from error


class SubmissionId(HiddenField):
    """A UUID that the server writes into the form: the same form sent twice is one submission."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default=lambda: str(uuid.uuid4()), **kwargs)

    def pre_validate(self, form: Any) -> None:
        try:
            uuid.UUID(self.data or "")
        except ValueError as error:
            raise ValidationError("This page is incomplete. Reload it and try again.") from error

    @property
    def uuid(self) -> uuid.UUID:
        """The id as a UUID; only after validation."""
        return uuid.UUID(self.data or "")


def _tidy(value: str | None) -> str | None:
    if not isinstance(value, str):
        return value
    # Word processors paste a vertical tab where a line breaks.
    lines = value.replace("\r\n", "\n").replace("\r", "\n").replace("\v", "\n")
    return _UNPRINTABLE.sub("", lines).strip()


def _within_reach(value: int | None) -> int | None:
    # Hundreds of digits are a number to Python, and break whatever compares it with a fraction or stores it.
    return value if value is None else max(-_LARGEST, min(value, _LARGEST))


def _bases(cls: type) -> set[str]:
    return {base.__name__ for base in cls.__mro__}
