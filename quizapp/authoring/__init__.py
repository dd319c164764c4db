"""Writing: passages, items and sets; what is published and what became of it."""

from flask import Flask

from quizapp.authoring import (  # noqa: F401  # they add their pages to the blueprint
    draft_views,
    flag_views,
    item_views,
    override_views,
    passage_views,
    preview_views,
    reword_views,
    section_views,
    settings_views,
    variants,
)
from quizapp.authoring.views import room


def init_app(app: Flask) -> None:
    """Add the pages of this room."""
    app.register_blueprint(room)
