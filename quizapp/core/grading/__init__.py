"""Grading: an item and an answer give a score from 0 to 1 with its reasons."""

from quizapp.core.grading.answers import LONGEST_ESSAY, LONGEST_TEXT, check_answer, in_words, is_answered
from quizapp.core.grading.behaviours import CERTAINTIES, certainty_mark, tries_factor
from quizapp.core.grading.grades import Grade, PartReason
from quizapp.core.grading.marking import grade
from quizapp.core.grading.numbers import measure, readings
from quizapp.core.grading.rubrics import most_points, rubric_score

__all__ = [
    "CERTAINTIES",
    "LONGEST_ESSAY",
    "LONGEST_TEXT",
    "Grade",
    "PartReason",
    "certainty_mark",
    "check_answer",
    "grade",
    "in_words",
    "is_answered",
    "measure",
    "most_points",
    "readings",
    "rubric_score",
    "tries_factor",
]
