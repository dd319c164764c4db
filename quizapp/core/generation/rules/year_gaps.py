"""Gaps for years, in sentences that can be quoted whole; the one rule that needs no tags."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizapp.core.generation.building import gap
from quizapp.core.generation.drafts import Candidate
from quizapp.core.generation.texts import Passage

_YEAR = re.compile(r"(?<=\b[Ii]n )(?:1[0-9]|20)\d\d\b(?![-–]\d)(?! (?:BC|to|and|or|[a-z]+s\b))")
_LONGEST = 30  # words


def propose(passage: Passage) -> Iterator[Candidate]:
    """Give a gap for each year of a sentence that names one."""
    for sentence in passage.sentences:
        said = passage.text[sentence.start : sentence.end]
        years = list(_YEAR.finditer(said))
        if len(years) != 1 or len(said.split()) > _LONGEST or said.count(years[0][0]) > 1:
            continue
        hole = sentence.start + years[0].start(), sentence.start + years[0].end()
        yield gap(passage, "year-gap", (sentence.start, sentence.end), hole, [years[0][0]], 0.5)
