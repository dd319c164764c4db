"""How many drafts of a rule reviewers accept: a first guess by reading, moved by their decisions."""

from __future__ import annotations

_GUESS = 0.6  # of a rule or model that nobody has read yet
_STRENGTH = 12  # decisions that the first guess is worth
# Share accepted when the drafts on the open paragraphs were read one by one.
_READ = {
    "stages": 0.9, "dated-names": 0.9, "definition": 0.88, "term": 0.8, "who-was": 0.85, "date": 0.85, "agent": 0.85,
    "list": 0.85, "reason": 0.8, "manner": 0.8, "purpose": 0.85, "said": 0.8, "complement": 0.8, "result": 0.75,
    "count": 0.75, "place": 0.75, "passive-complement": 0.75, "object": 0.7, "year-gap": 0.7, "amount-gap": 0.7,
    "free-complement": 0.65, "infinitive-object": 0.7, "measure": 0.85, "share": 0.85,
    "subject": 0.62, "turned-statement": 0.6, "true-statement": 0.5, "word-gap": 0.45,
}  # fmt: skip


def expected_rate(rule: str, judged: tuple[int, int]) -> float:
    """Return the mean of the Beta distribution that the first guess and (accepted, judged) decisions give."""
    accepted, number = judged
    return (_READ.get(rule, _GUESS) * _STRENGTH + accepted) / (_STRENGTH + number)
