"""The forms of this room: one button each, with the id that makes a double click one submission."""

from __future__ import annotations

from quizapp.web.forms import Form, SubmissionId


class OneButtonForm(Form):
    """A button that does something once."""

    submission_id = SubmissionId()
