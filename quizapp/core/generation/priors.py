"""How many drafts of a rule reviewers accept: a first guess by reading, moved by their decisions."""

from __future__ import annotations

_GUESS = 0.6  # of a rule or model that nobody has read yet
_STRENGTH = 12  # decisions that the first guess is worth
# Share accepted when the drafts on the open paragraphs were read one by one.
_READ = {
    "agent": 0.85, "amount-gap": 0.7, "complement": 0.8, "count": 0.75, "date": 0.85, "dated-names": 0.9,
    "definition": 0.88, "free-complement": 0.62, "infinitive-object": 0.7, "list": 0.85, "manner": 0.8, "measure": 0.85,
    "miscounted": 0.6, "object": 0.7, "passive-complement": 0.75, "place": 0.75, "purpose": 0.85, "reason": 0.8,
    "result": 0.75, "said": 0.8, "share": 0.85, "stages": 0.9, "subject": 0.62, "term": 0.8, "term-choice": 0.7,
    "term-gap": 0.55, "true-statement": 0.5, "turned-statement": 0.6, "unnegated": 0.65, "who-was": 0.85,
    "word-gap": 0.4, "year-gap": 0.7,
}  # fmt: skip


def expected_rate(rule: str, judged: tuple[int, int]) -> float:
    """Return the mean of the Beta distribution that the first guess and (accepted, judged) decisions give."""
    accepted, number = judged
    return (_READ.get(rule, _GUESS) * _STRENGTH + accepted) / (_STRENGTH + number)
