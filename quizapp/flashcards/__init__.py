"""Cards: the review session with its ratings and undo, and the list of all of a learner's cards."""

from flask import Flask

from quizapp.flashcards import card_views, undo_views, views  # noqa: F401  # the first two add to the blueprint


def init_app(app: Flask) -> None:
    """Add the pages of this room."""
    app.register_blueprint(views.room)
