"""What is wrong with an item before anybody has answered it: gates and flaws of item writing, as data.

The flaws follow Haladyna, Downing and Rodriguez (2002), A review of multiple-choice item-writing guidelines, and the
nineteen criteria for item-writing flaws that grew from it. Word lists are English; findings are hints to the author.
"""

from quizapp.core.linting.findings import Finding
from quizapp.core.linting.judging import lint, lint_together

__all__ = ["Finding", "lint", "lint_together"]
