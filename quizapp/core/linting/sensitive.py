"""Gate G9: nothing false is said of a named person or of violence, and no actor comes in from outside the passage."""

from __future__ import annotations

import re
from collections.abc import Iterator

from quizapp.core.items import Matching
from quizapp.core.linting.actors import actors_in, persons_in
from quizapp.core.linting.findings import Finding, gate
from quizapp.core.linting.subjects import Subject
from quizapp.core.linting.wording import quoted

_VIOLENCE = re.compile(
    r"\b(?:accus|aggress|annex|assassin|atrocit|attack|betray|bomb|clash|corrupt|crimes?\b|criminal|executed|execution"
    r"|fraud|genocid|guilt|hostage|invad|invas|kidnap|kill|massacr|murder|rape[ds]?\b|retaliat|shelling|slaughter"
    r"|steal|stole|terroris|tortur|violen)\w*",
    re.IGNORECASE,
)


def false_statement(subject: Subject) -> Iterator[Finding]:
    """Find false statements about a person, or about violence or an accusation."""
    if not subject.is_false_statement:
        return
    said = " ".join((subject.stem, *(quote.quote for quote in subject.item.evidence)))
    if found := _VIOLENCE.search(said):
        message = f"A false statement must keep away from {quoted([found[0]])}. Make it true or ask something else."
        yield gate("sensitive-statement", message, "stem")
    persons = persons_in(said) | {name for name in persons_in(subject.passage or "") if _names(said, name)}
    if persons:
        message = f"A false statement must not touch a person: {quoted(sorted(persons))}. Ask something else."
        yield gate("sensitive-statement", message, "stem")


def foreign_actors(subject: Subject) -> Iterator[Finding]:
    """Find countries, peoples and persons in something untrue that the passage does not name."""
    if subject.passage is None:
        return
    countries, persons = actors_in(subject.passage), persons_in(subject.passage)
    for text, target in _untrue(subject):
        strange = (actors_in(text) - countries) | {
            name for name in persons_in(text) - persons if not _names(subject.passage, name)
        }
        if strange:
            message = f"The passage does not name {quoted(sorted(strange))}. Keep to those whom it names."
            yield gate("foreign-actor", message, target)


RULES = (false_statement, foreign_actors)


def _untrue(subject: Subject) -> Iterator[tuple[str, str]]:
    if subject.is_false_statement:
        yield subject.stem, "stem"
    for group in subject.choices:
        yield from ((option.text, group.target_of(option)) for option in group.distractors)
    if isinstance(subject.item, Matching):
        pairs = enumerate(subject.item.pairs)
        yield from ((pair.right, f"pairs.{place}") for place, pair in pairs if pair.left is None)


def _names(text: str, name: str) -> bool:
    return re.search(rf"\b{re.escape(name)}\b", text) is not None
