"""Quizapp: passages become quizzes and spaced flashcards that share one memory."""

__version__ = "0.1.0"
