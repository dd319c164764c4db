"""Grading: an item and an answer give a score from 0 to 1 with its reasons."""

from quizapp.core.grading.answers import LONGEST_TEXT, check_answer, is_answered
from quizapp.core.grading.marking import Grade, PartReason, grade

__all__ = ["LONGEST_TEXT", "Grade", "PartReason", "check_answer", "grade", "is_answered"]
