"""The forms about one's own data: each asks for the password again, where there is one."""

from __future__ import annotations

from typing import Any

from wtforms import PasswordField
from wtforms.validators import InputRequired

from quizapp.web.forms import Form


class ProofForm(Form):
    """Prove that it is you; who has no password, a guest, proves nothing."""

    current_password: PasswordField | None = PasswordField("Your password", [InputRequired("Give your password.")])

    def __init__(self, *, has_password: bool, **kwargs: Any) -> None:
        """Ask for a password or, where there is none, for nothing."""
        super().__init__(**kwargs)
        if not has_password:
            del self.current_password
